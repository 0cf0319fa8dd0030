// A stage without a kernel: every state was computed beforehand; here it is looked up and shown.

async function unpacked(id) {
  const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

function look({ pool, states }, key) {
  const [parts, ...lines] = states[key];
  const shown = Object.fromEntries(Object.entries(parts).map(([name, at]) => [name, pool[at]]));
  return lines.length ? { ...shown, moving: lines.map((at) => pool[at]).join("\n") } : shown;
}

function play(element, data) {
  let [place, key, notice] = [data.home, data.home.join(" "), ""];
  const to = (next, found) => ([place, key] = [next, found]);
  const frame = () => {
    const shown = look(data, key);
    return {
      ...shown,
      controls: data.controls.map(({ at, ...still }, number) => ({ ...still, ...at[place[number]] })),
      chips: data.chips.map((chip) => ({ ...chip, pressed: chip.state === key })),
      dim: "notice" in shown,
      picture: 0,
      panel: null,
      notice: shown.notice ?? notice,
    };
  };
  // A slider to one of its values; where no state has the others as they are, these return to their place.
  const put = (slider, value) => {
    const asIs = place.map((number, at) => (at === slider ? value : number));
    const alone = data.home.map((number, at) => (at === slider ? value : slider < 2 && at < 2 ? place[at] : number));
    const next = asIs.join(" ") in data.states ? asIs : alone;
    notice = next === asIs ? "" : data.returned;
    to(next, next.join(" "));
  };
  const acts = {
    set: ({ field, value }) => {
      const slider = data.scene.controls.findIndex((one) => one.field === field);
      put(slider, data.controls[slider].values.indexOf(value));
    },
    preset: ({ number }) => put(...data.presets[number]),
    recall: ({ name }) => {
      const chip = data.chips.find((one) => one.name === name);
      notice = "";
      to(chip.place, chip.state);
    },
  };
  const show = view(element, data.scene, (message) => {
    acts[message.do]?.(message);
    show(frame());
  });
  show({ ...frame(), still: data.still });
}

unpacked("packed").then((data) => {
  const room = document.getElementById("room");
  room.replaceChildren();
  document.getElementById("how").hidden = false;
  play(room, data);
});
