"""How long a room waits after a slider moves, in JupyterLab in a real browser, as a ratio to the floor of the same run.

    python benchmarks/room.py [steps]

The floor is one line of text with Python in the loop. A wait ends when what changed was painted: an observer of the
page sees the change, two animation frames later it is on the screen. Then a drag of one second over nineteen values
tells how many were drawn, whether a frame was blank and whether anything shifted. The ratios, not the milliseconds,
are what carries over to another machine; run it on one that does nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Page, sync_playwright

from toolkit.lab import lab_command
from toolkit.lab.copies import ROOT
from toolkit.press.paper import find_browser, flags

PASSED, SECOND = 19, 1.0  # values that a drag passes, and how long it takes
STEPS, PATIENCE, REST = 15, 120_000, 600  # single moves; milliseconds to wait at most; milliseconds of rest between moves
SIZE = {"width": 1280, "height": 900}
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}

TEXT = """import ipywidgets as w
from IPython.display import display
slider, text = w.FloatSlider(min=0, max=1, step=0.001), w.HTML("0")
slider.observe(lambda change: setattr(text, "value", f"<p>{change.new:.3f}</p>"), "value")
display(slider, text)"""
STAGE = """from toolkit import open_client
from toolkit.live import stage
stage(open_client({client!r}), {chapter!r}, "nl_BE")"""
NAIVE = """import seaborn, matplotlib.pyplot as plt
from ipywidgets import interact, FloatSlider
def draw(kept):
    plt.figure(figsize=(9, 4))
    seaborn.barplot(x=["nu", "doel"], y=[300_000, 1_000_000 * (1 - kept)], hue=["nu", "doel"])
    plt.show()
interact(draw, kept=FloatSlider(min=0.5, max=1, step=0.001, value=0.8))"""
REDRAW = """import ipywidgets as w
from IPython.display import display
from toolkit import open_client
from toolkit.live import Stage
from toolkit.picture import svg
stage = Stage(open_client({client!r}), "doors", "nl_BE")
slider, picture = w.FloatSlider(min=0.55, max=1, step=0.001), w.HTML("<p>0</p>")
def draw(change):
    picture.value = svg(stage.drawn, stage.words, stage.run({{"doors.target_retention": change.new}}), size=(9, 4))
slider.observe(draw, "value")
display(slider, picture)"""


@dataclass(frozen=True)
class Way:
    """One way of answering a slider: its notebook, what is dragged, and where its answer appears."""

    name: str
    code: str
    slider: str
    answer: str


def ways() -> list[Way]:
    """The floor first, then our stages, then what most people do."""
    widget, stage = ".widget-slider .noUi-target", ".stage .control:first-child input[type=range]"
    clients = {"doors": "leak-50", "worth": "widening", "strategies": "widening", "drivers": "living"}
    folders = {chapter: str(ROOT / "templates" / "clients" / name) for chapter, name in clients.items()}
    stages = [Way(f"stage: {chapter}", STAGE.format(client=folder, chapter=chapter), stage, ".stage .moving") for chapter, folder in folders.items()]
    redraw = REDRAW.format(client=folders["doors"])
    return [
        Way("floor: a line of text", TEXT, widget, ".widget-html-content"),
        *stages,
        Way("whole picture drawn anew", redraw, widget, ".widget-html-content"),
        Way("interact and seaborn", NAIVE, widget, ".widget-interact .widget-output"),
    ]


WATCH = """selector => {
  const painted = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))));
  const room = window.room = {moved: null, wait: null, drawn: 0, shifts: 0, blank: 0, frames: 0, watching: false};
  addEventListener('pointermove', () => { if (room.moved === null) room.moved = performance.now(); }, true);
  const target = () => document.querySelector(selector);
  const full = () => target()?.querySelector('svg, img, p') !== null;
  let fresh = false;
  new MutationObserver(() => {
    if (!full()) return;
    fresh = true;
    if (room.wait && room.moved !== null) { const done = room.wait; room.wait = null; painted().then(at => done(at - room.moved)); }
  }).observe(target(), {childList: true, subtree: true, characterData: true, attributes: true});
  const frame = () => {
    if (room.watching) { room.frames++; if (fresh) room.drawn++; if (!full()) room.blank++; }
    fresh = false;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver(list => { if (room.watching) for (const one of list.getEntries()) room.shifts += one.value; })
    .observe({type: 'layout-shift'});
  room.arm = () => { room.moved = null; room.answer = new Promise(done => (room.wait = done)); };
  room.watch = on => { if (on) Object.assign(room, {drawn: 0, shifts: 0, blank: 0, frames: 0}); room.watching = on; };
}"""


@contextlib.contextmanager
def lab(folder: Path) -> Iterator[str]:
    """JupyterLab as the toolkit starts it, on a folder of notebooks; its address with the token, stopped at the end."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    own = {name: str(folder / name) for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")}
    command, environment = lab_command(folder / "notebooks", folder / "settings", browser=False, port=port, environ={**os.environ, **own})
    process = subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield _address(folder / "JUPYTER_RUNTIME_DIR")
    finally:
        process.terminate()
        process.wait(30)


def _address(runtime: Path) -> str:
    until = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < until:
        for path in runtime.glob("jpserver-*.json"):
            with contextlib.suppress(OSError, ValueError):
                found = json.loads(path.read_text("utf-8"))
                urllib.request.urlopen(f"{found['url']}api?token={found['token']}", timeout=5).close()
                return f"{found['url']}lab/tree/{{}}.ipynb?token={found['token']}&reset"
        time.sleep(0.2)
    raise TimeoutError("JupyterLab did not start")


def opened(page: Page, address: str, way: Way) -> Any:
    """The slider of a way, after its notebook ran."""
    page.goto(address)
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=PATIENCE)
    page.wait_for_function("document.querySelector('#jp-main-statusbar')?.innerText.includes('Idle')", timeout=PATIENCE)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_selector(f"{way.answer} svg, {way.answer} img, {way.answer}", timeout=PATIENCE)
    page.locator(way.slider).first.scroll_into_view_if_needed()
    page.wait_for_timeout(1500)
    page.evaluate(WATCH, way.answer)
    return page.locator(way.slider).first.bounding_box()


def measured(page: Page, track: dict[str, float], steps: int) -> dict[str, Any]:
    """Waits after single moves in milliseconds, and what a drag of one second shows."""
    height = track["y"] + track["height"] / 2
    places = [track["x"] + track["width"] * (0.2 + 0.6 * step / (PASSED - 1)) for step in range(PASSED)]
    page.mouse.click(places[0], height)  # the handle comes here; some sliders can be dragged by it only
    page.wait_for_timeout(REST)
    page.mouse.move(places[0], height)
    page.mouse.down()
    page.mouse.move(places[1], height)
    page.wait_for_timeout(REST)
    waits = []
    for step in range(steps + 1):
        page.evaluate("room.arm()")
        page.mouse.move(places[(7 * step) % PASSED], height)
        waits.append(page.evaluate("Promise.race([room.answer, new Promise(done => setTimeout(done, 5000, null))])"))
        page.wait_for_timeout(REST)
    page.mouse.move(places[0], height)
    page.wait_for_timeout(REST)
    page.evaluate("room.watch(true)")
    began = time.perf_counter()
    for number, place in enumerate(places):
        page.mouse.move(place, height)
        time.sleep(max(0.0, began + (number + 1) * SECOND / PASSED - time.perf_counter()))
    page.wait_for_timeout(150)  # the last value, without what follows at rest
    page.evaluate("room.watch(false)")
    page.mouse.up()
    seen = page.evaluate("({drawn: room.drawn, shifts: room.shifts, blank: room.blank, frames: room.frames})")
    return {"waits": sorted(wait for wait in waits[1:] if wait is not None), **seen}


def run(steps: int) -> list[tuple[str, dict[str, Any]]]:
    """Every way, measured in one lab and one browser."""
    found = []
    with tempfile.TemporaryDirectory(prefix="room-") as name, sync_playwright() as playwright:
        folder = Path(name)
        (folder / "notebooks").mkdir()
        for number, way in enumerate(ways()):
            cells = [nbformat.v4.new_code_cell(way.code)]
            nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), folder / "notebooks" / f"way{number}.ipynb")
        browser = playwright.chromium.launch(executable_path=find_browser(), args=flags())
        with lab(folder) as address:
            for number, way in enumerate(ways()):
                page = browser.new_context(viewport=SIZE).new_page()
                page.set_default_timeout(PATIENCE)
                found.append((way.name, measured(page, opened(page, address.format(f"way{number}"), way), steps)))
                page.context.close()
                print(f"{way.name}: {found[-1][1]}", file=sys.stderr, flush=True)
        browser.close()
    return found


def table(found: list[tuple[str, dict[str, Any]]]) -> str:
    """The figures as a table for a page of documentation; the first row is the floor."""
    floor = statistics.median(found[0][1]["waits"])
    lines = ["| way | median | × floor | p95 × floor | drawn of 19 | blank frames | layout shift |", "|---|---|---|---|---|---|---|"]
    for name, seen in found:
        middle, late = statistics.median(seen["waits"]), seen["waits"][max(0, round(0.95 * len(seen["waits"])) - 1)]
        drawn = f"{min(seen['drawn'], PASSED)} | {seen['blank']} of {seen['frames']} | {seen['shifts']:.3f}"
        lines.append(f"| {name} | {middle:.0f} ms | {middle / floor:.1f} | {late / floor:.1f} | {drawn} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(run(int(sys.argv[1]) if len(sys.argv) > 1 else STEPS)))
