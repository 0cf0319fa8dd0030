// The stage as a page sees it. Everything shown comes in `scene` (what stands still) and in frames (what moves);
// nothing is computed here but where a hand puts a slider. `send(message)` is answered by one `show(frame)`.

const REST = 200; // milliseconds without a touch, after which everything is computed in full
const PATIENCE = 4000; // after which the notice says that an answer is still to come

function make(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  if (["button", "input", "select"].includes(tag)) node.dataset.lmSuppressShortcuts = "true";
  if (tag === "button") node.type = "button";
  return node;
}

// One message in flight; of several values for one slider the newest wins.
function postbox(send, waiting) {
  const queue = [];
  let busy = false;
  let late = 0;
  const next = () => {
    busy = queue.length > 0;
    clearTimeout(late);
    if (!busy) return;
    late = setTimeout(waiting, PATIENCE);
    send(queue.shift());
  };
  const post = (message) => {
    const last = queue[queue.length - 1];
    if (last?.do === "set" && message.do === "set" && last.field === message.field) queue.pop();
    queue.push(message);
    if (!busy) next();
  };
  return { post, next, holds: (field) => queue.some((one) => one.do === "set" && one.field === field) };
}

function control(about, number, post, touched) {
  const root = make("div", "control");
  const [label, box, slider, mark, help] = [make("label"), make("input", "box"), make("input"), make("span", "mark"), make("span", "unseen", about.help)];
  const id = `${about.field}-${Math.random().toString(36).slice(2)}`;
  label.textContent = about.label;
  label.htmlFor = slider.id = id;
  help.id = `${id}-help`;
  root.title = about.help;
  slider.type = "range";
  slider.step = "any";
  slider.setAttribute("aria-describedby", help.id);
  box.type = "text";
  box.setAttribute("aria-label", about.exactly || about.label);
  box.readOnly = !about.exactly;
  box.autocomplete = "off";
  let [now, typing] = [null, false];

  const nearest = (values, value) => values.reduce((best, one) => (Math.abs(one - value) < Math.abs(best - value) ? one : best));
  const put = (value) => {
    const grid = now.min + Math.round((value - now.min) / now.step) * now.step;
    const near = Math.abs(value - now.base) < now.step / 2 ? now.base : grid;
    const at = now.values ? nearest(now.values, value) : Math.min(now.max, Math.max(now.min, near));
    slider.value = at;
    touched();
    post({ do: "set", field: about.field, value: at });
  };
  // Where only some values exist a step leads to the next of them.
  const further = (steps) => {
    if (!now.values) return Number(slider.value) + steps * now.step;
    const at = now.values.indexOf(nearest(now.values, Number(slider.value))) + steps;
    return now.values[Math.min(now.values.length - 1, Math.max(0, at))];
  };
  slider.addEventListener("input", () => put(Number(slider.value)));
  slider.addEventListener("keydown", (event) => {
    const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    const end = { Home: now?.min, End: now?.max }[event.key];
    if (!now || (steps === undefined && end === undefined)) return;
    event.preventDefault();
    put(end ?? further(steps * (event.shiftKey ? 10 : 1)));
  });
  const enter = () => {
    if (typing) post({ do: "type", field: about.field, text: box.value });
    typing = false;
  };
  box.addEventListener("input", () => (typing = true));
  box.addEventListener("focus", () => box.select());
  box.addEventListener("blur", enter);
  box.addEventListener("keydown", (event) => event.key === "Enter" && enter());

  const [head, track] = [make("div", "head"), make("div", "track")];
  head.append(label, box);
  track.append(mark, slider);
  root.append(head, track, help);
  const show = (frame, held) => {
    now = frame;
    [slider.min, slider.max] = [frame.min, frame.max];
    if (!held) slider.value = frame.value;
    slider.setAttribute("aria-valuetext", frame.spoken);
    mark.style.setProperty("--at", frame.mark);
    root.classList.toggle("moved", frame.moved);
    if (!typing) box.value = frame.text;
    box.classList.toggle("long", frame.text.length > 9);
  };
  return { root, show, slider };
}

function figures(send, seek) {
  const root = make("div", "figures");
  const rows = ["now", "scenario", "difference"].map((name) => {
    const [row, label, between] = [make("div", name), make("label", "label"), make("div", "between")];
    const value = make(name === "scenario" ? "input" : "div", "value");
    row.append(label, value, between);
    root.append(row);
    return { label, value, between };
  });
  const wanted = rows[1].value;
  let typing = false;
  wanted.type = "text";
  wanted.autocomplete = "off";
  wanted.readOnly = !seek;
  const enter = () => {
    if (typing) send({ do: "goal", text: wanted.value });
    typing = false;
  };
  wanted.addEventListener("input", () => (typing = true));
  wanted.addEventListener("focus", () => wanted.select());
  wanted.addEventListener("blur", enter);
  wanted.addEventListener("keydown", (event) => event.key === "Enter" && enter());
  const show = (numbers) =>
    numbers.forEach((number, at) => {
      rows[at].label.textContent = number.label;
      rows[at].between.textContent = number.between;
      rows[at].value.classList.toggle("long", number.value.length > 12);
      if (at !== 1) rows[at].value.textContent = number.value;
      else if (!typing) wanted.value = number.value;
      if (at === 1) wanted.setAttribute("aria-label", number.label);
    });
  return { root, show };
}

function tornado(root, found) {
  root.replaceChildren();
  if (!found) return;
  const ends = make("div", "ends");
  ends.append(...found.ends.map((end) => make("span", "", end)));
  root.append(make("h4", "", found.label), ends);
  for (const row of found.rows) {
    const [line, bar, area] = [make("div", "swing"), make("i"), make("div", "area")];
    bar.style.left = `${100 * row.start}%`;
    bar.style.width = `${100 * (row.end - row.start)}%`;
    area.style.setProperty("--middle", found.middle);
    area.append(bar);
    line.title = row.spoken;
    line.append(make("div", "name", row.label), area, make("span", "unseen", row.spoken));
    root.append(line);
  }
}

function table(about) {
  const [root, head, body] = [make("table"), make("thead"), make("tbody")];
  const line = (cells, tag, into) => {
    const row = make("tr");
    cells.forEach((cell, at) => {
      const node = make(tag === "td" && at === 0 ? "th" : tag, "", cell);
      if (node.tagName === "TH") node.scope = tag === "th" ? "col" : "row";
      row.append(node);
    });
    into.append(row);
  };
  line(about.heads, "th", head);
  about.rows.forEach((row) => line(row, "td", body));
  root.append(head, body);
  return root;
}

// A panel over the picture: a form, a table or small pictures, as the frame describes it.
function panel(root, about, close, send) {
  root.hidden = !about;
  root.classList.toggle("wide", Boolean(about?.pictures));
  root.replaceChildren();
  if (!about) return;
  const boxes = (about.fields ?? []).map((field) => {
    const [label, box] = [make("label", "", field.label), make("input")];
    [box.type, box.name, box.value, box.autocomplete] = ["text", field.name, field.value ?? "", "off"];
    label.append(box);
    return box;
  });
  const filled = () => Object.fromEntries(boxes.map((box) => [box.name, box.value]));
  const buttons = (about.buttons ?? []).map((button) => {
    const node = make("button", "", button.label);
    node.addEventListener("click", () => send({ ...filled(), ...button.message }));
    return node;
  });
  const away = make("button", "", close);
  away.addEventListener("click", () => send({ do: "close" }));
  const small = make("div", "small");
  for (const one of about.pictures ?? []) {
    const figure = make("figure");
    figure.innerHTML = one.svg;
    figure.prepend(make("figcaption", "", one.title));
    small.append(figure);
  }
  const acts = make("div", "row");
  acts.append(...buttons, away);
  root.setAttribute("aria-label", about.title);
  root.append(make("h4", "", about.title), ...boxes.map((box) => box.parentNode), small, ...(about.table ? [table(about.table)] : []), acts);
  root.onkeydown = (event) => {
    if (event.key === "Enter" && event.target.tagName === "INPUT") buttons[0]?.click();
  };
  (boxes[0] ?? away).focus({ preventScroll: true });
  boxes[0]?.select();
}

function chip(about, send) {
  const node = make("button", "chip", about.label);
  node.setAttribute("aria-pressed", about.pressed);
  if (about.key) node.setAttribute("aria-keyshortcuts", about.key);
  if (about.marked) node.classList.add("marked");
  node.addEventListener("click", () => send(about.pressed && about.name ? { do: "scenario", name: about.name } : { do: "recall", name: about.name }));
  return node;
}

function view(element, scene, send) {
  const { texts } = scene;
  const [room, stage] = [make("div", "stage-room"), make("section", "stage")];
  const notice = make("p", "notice");
  notice.setAttribute("role", "status");
  notice.setAttribute("aria-live", "polite");
  const box = postbox(send, () => (notice.textContent = texts.waiting));
  const post = box.post;
  let resting = 0;
  const touched = () => {
    clearTimeout(resting);
    resting = setTimeout(() => post({ do: "rest" }), REST);
  };
  stage.lang = scene.lang;
  stage.setAttribute("aria-label", texts.stage);
  stage.style.setProperty("--accent", scene.accent);

  const part = (name, label, tag = "div") => {
    const node = make(tag, name);
    if (label) [node.ariaLabel, node.role] = [label, "group"];
    return node;
  };
  const left = part("left", texts.controls);
  const controls = scene.controls.map((about, at) => control(about, at, post, touched));
  left.append(...controls.map((one) => one.root));
  let page = 0;
  const turn = () => controls.forEach((one, at) => (one.root.hidden = Math.floor(at / scene.in_sight) !== page));
  turn();
  if (controls.length > scene.in_sight) {
    const more = make("button", "more", texts.more);
    more.setAttribute("aria-expanded", "false");
    more.addEventListener("click", () => {
      page = (page + 1) % Math.ceil(controls.length / scene.in_sight);
      more.textContent = page ? texts.fewer : texts.more;
      more.setAttribute("aria-expanded", String(page > 0));
      turn();
    });
    left.append(more);
  }
  if (scene.presets.length) {
    const presets = part("row", texts.presets);
    presets.append(
      ...scene.presets.map((label, number) => {
        const node = make("button", "preset", label);
        node.addEventListener("click", () => post({ do: "preset", number }));
        return node;
      }),
    );
    left.append(presets);
  }

  const [title, picture, over] = [make("h3"), make("div", "picture"), part("panel", "", "div")];
  const [still, moving] = [make("div", "still"), make("div", "moving")];
  over.role = "dialog";
  over.hidden = true;
  picture.append(still, moving);
  const middle = part("middle", "");
  middle.append(title, picture, over);

  const right = part("right", texts.outcome);
  const [three, matters] = [figures(post, texts.wanted), make("div", "tornado")];
  right.append(three.root, matters);

  const [chips, acts] = [part("row chips", texts.scenarios), part("row acts", texts.acting)];
  const choose = make("select");
  choose.ariaLabel = scene.actions.find((action) => action.name === "picture")?.label;
  choose.append(...scene.pictures.map((name, at) => new Option(name, at)));
  choose.hidden = scene.pictures.length < 2;
  choose.addEventListener("change", () => post({ do: "picture", number: Number(choose.value) }));
  const full = () => (document.fullscreenElement ? document.exitFullscreen() : room.requestFullscreen());
  const does = (action) => (action.name === "full_screen" ? full() : post({ do: action.name }));
  const buttons = {};
  for (const action of scene.actions.filter((one) => one.name !== "picture")) {
    const node = (buttons[action.name] = make("button", "", action.label));
    if (action.key) [node.ariaKeyShortcuts, node.title] = [action.key, action.key];
    node.addEventListener("click", () => does(action));
    acts.append(node);
  }

  // Keys work while the stage has the focus and go no further; letters typed in a box stay letters.
  room.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape" && !over.hidden) post({ do: "close" });
    const writing = event.target.matches("input[type=text], select");
    if (writing || event.ctrlKey || event.metaKey || event.altKey) return;
    const named = scene.actions.find((action) => action.key === event.key.toLowerCase());
    const recalled = [...chips.children].find((node) => node.getAttribute("aria-keyshortcuts") === event.key);
    if (!named && !recalled) return;
    event.preventDefault();
    if (named) does(named);
    else recalled.click();
  });

  const [main, foot, first] = [make("div", "main"), make("div", "foot"), make("div", "row first")];
  first.append(chips, choose);
  main.append(left, middle, right);
  foot.append(first, acts);
  stage.append(main, foot, notice);
  room.append(stage);
  element.append(room);

  let [asked, listed, opener] = ["null", "", null];
  return function show(frame) {
    controls.forEach((one, at) => one.show(frame.controls[at], box.holds(scene.controls[at].field)));
    if (frame.title !== undefined) title.textContent = frame.title;
    if (frame.still) still.innerHTML = frame.still;
    if (frame.moving !== undefined) moving.innerHTML = frame.moving;
    if (frame.numbers) three.show(frame.numbers);
    if (frame.tornado !== undefined) tornado(matters, frame.tornado);
    picture.classList.toggle("dim", frame.dim);
    choose.value = frame.picture;
    const can = { undo: frame.undo, redo: frame.redo, reset: frame.controls.some((one) => one.moved) };
    for (const name of Object.keys(can)) if (buttons[name]) buttons[name].disabled = !can[name];
    if (JSON.stringify(frame.chips) !== listed) {
      const held = [...chips.children].indexOf(document.activeElement);
      chips.replaceChildren(...frame.chips.map((about) => chip(about, post)));
      chips.children[held]?.focus();
    }
    listed = JSON.stringify(frame.chips);
    notice.textContent = frame.notice;
    const wanted = JSON.stringify(frame.panel);
    if (wanted !== asked) {
      if (over.hidden) opener = document.activeElement;
      panel(over, frame.panel, texts.close, post);
      left.inert = right.inert = over.classList.contains("wide");
      if (!frame.panel) (room.contains(opener) ? opener : controls[0]?.slider)?.focus();
    }
    asked = wanted;
    box.next();
  };
}
