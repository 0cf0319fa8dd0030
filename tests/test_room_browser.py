"""A drag in the room: no blank picture, nothing shifts, and the last value wins. Figures of time are a benchmark's."""

from typing import Any

import pytest
from browser import calm_browser, make_folder
from test_takehome import PAGES, stage_of

from toolkit.live import widget

ROOM = {"width": 1280, "height": 720}
PASSED = 19
PATIENCE = 60_000

# The stage's own view on a bare page; its messages go to Python and its frames come back, as in the notebook.
PAGE = """<!DOCTYPE html><html lang="nl-BE"><head><meta charset="utf-8"><title>De zaal</title><style>body {{ margin: 0 }} {style}</style></head>
<body><main><h1 hidden>De zaal</h1><h2 hidden>De zaal</h2><div id="room"></div></main><script>{script}
const seen = window.seen = {{ shifts: 0, empty: 0, frames: 0, answers: 0 }};
new PerformanceObserver((list) => {{ for (const one of list.getEntries()) seen.shifts += one.value; }}).observe({{ type: "layout-shift" }});
const look = () => {{
  const box = document.querySelector(".stage .picture").getBoundingClientRect();
  seen.frames += 1;
  if (!document.querySelector(".moving svg path") || !document.querySelector(".still svg") || box.height < 100) seen.empty += 1;
  requestAnimationFrame(look);
}};
async function begin(scene) {{
  const show = view(document.getElementById("room"), scene, async (message) => {{ const frame = await answer(message); seen.answers += 1; show(frame); }});
  show(await answer({{ do: "hello" }}));
  requestAnimationFrame(look);
}}
</script></body></html>"""


@pytest.fixture(scope="module")
def chromium():
    with calm_browser() as started:
        yield started


@pytest.fixture(scope="module", params=list(PAGES))
def room(request, chromium):
    """A page with the stage of a chapter on it, answered by Python."""
    stage = stage_of(request.param)
    path = make_folder("room") / "room.html"
    view, style = ((widget.FOLDER / name).read_text("utf-8") for name in ("view.js", "stage.css"))
    path.write_text(PAGE.format(script=view, style=style), encoding="utf-8")
    context = chromium.new_context(viewport=ROOM)
    page = context.new_page()
    page.expose_function("answer", stage.do)
    page.goto(path.as_uri())
    page.evaluate("scene => begin(scene)", stage.scene)
    page.wait_for_selector(".stage .moving svg", timeout=PATIENCE)
    yield page, stage
    context.close()


def drag(page: Any) -> None:
    """The first slider, from a fifth to four fifths of its track, in nineteen places, and let go."""
    track = page.locator(".stage input[type=range]").first.bounding_box()
    height = track["y"] + track["height"] / 2
    for number in range(PASSED):
        page.mouse.move(track["x"] + track["width"] * (0.2 + 0.6 * number / (PASSED - 1)), height)
        if number == 0:
            page.mouse.down()
    page.mouse.up()


def test_while_a_slider_is_dragged_the_picture_is_never_empty_and_nothing_shifts(room):
    page, _ = room
    page.evaluate("Object.assign(seen, { shifts: 0, empty: 0, frames: 0, answers: 0 })")
    drag(page)
    page.wait_for_timeout(1500)
    seen = page.evaluate("seen")
    assert seen["frames"] > 5 and seen["answers"] >= 2
    assert (seen["empty"], seen["shifts"]) == (0, 0)


def test_the_last_value_wins_and_what_is_shown_is_what_python_has_there(room):
    page, stage = room
    drag(page)
    field = next(iter(stage.knobs))
    page.wait_for_function(
        "() => new Promise(done => { const before = seen.answers; setTimeout(() => done(seen.answers === before), 1200); })",
        timeout=PATIENCE,
    )
    slider = page.locator(".stage input[type=range]").first
    assert float(slider.input_value()) == pytest.approx(stage.value(field), rel=1e-9)
    look = stage.look(stage.run(stage.what_if, full=True))
    assert page.locator(".stage h3").inner_text() == look["title"]
    assert page.locator(".figures .scenario input").input_value() == look["numbers"][1]["value"]
    assert page.locator(".stage .box").first.input_value() == stage.words.quantity(stage.value(field), stage.knobs[field].unit, "exact")
