// The round of guesses as a page sees it: rows to type in, one button, and what comes back in its place below.
function view(element, scene, send) {
  const make = (tag, className = "", text = "") => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    if (["button", "input", "select"].includes(tag)) node.dataset.lmSuppressShortcuts = "true";
    return node;
  };
  const [room, stage, seats, notice, shown] = [make("div", "stage-room"), make("section", "guess"), make("div", "seats"), make("p", "notice"), make("div", "shown")];
  stage.lang = scene.lang;
  notice.setAttribute("role", "status");
  const rows = Array.from({ length: scene.seats }, () => {
    const [row, who, given] = [make("div", "seat"), make("input"), make(scene.choices.length ? "select" : "input")];
    for (const [box, label] of [[who, scene.texts.who], [given, scene.texts.guess]]) {
      box.setAttribute("aria-label", label);
      if (box.tagName === "INPUT") [box.type, box.placeholder, box.autocomplete] = ["text", label, "off"];
    }
    if (scene.choices.length) given.append(new Option("", ""), ...scene.choices.map((name) => new Option(name, name)));
    row.append(who, given);
    seats.append(row);
    return [who, given];
  });
  const ask = () => send({ do: "show", rows: rows.map((row) => row.map((box) => box.value)) });
  const button = make("button", "", scene.texts.show);
  button.type = "button";
  button.addEventListener("click", ask);
  room.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key !== "Enter" || event.target.tagName === "BUTTON") return;
    event.preventDefault(); // on to the next box: only the button shows the figure
    const boxes = [...rows.flat(), button];
    boxes[boxes.indexOf(event.target) + 1]?.focus();
  });
  stage.append(make("h3", "", scene.question), seats, button, notice, shown);
  room.append(stage);
  element.append(room);

  return function show(frame) {
    notice.textContent = frame.notice;
    if (frame.svg) shown.innerHTML = frame.svg;
    if (frame.svg || frame.rows) stage.classList.add("told"); // until then what follows is out of sight
    if (!frame.rows) return;
    shown.replaceChildren(
      ...frame.rows.map((row) => {
        const [line, bar] = [make("div", "vote"), make("i")];
        bar.style.width = `${40 * row.share}%`;
        line.append(make("span", "", row.label), bar, make("b", "", row.count));
        return line;
      }),
      make("p", "leads", frame.truth),
    );
  };
}
