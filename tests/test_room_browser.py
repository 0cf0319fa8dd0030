"""The room in a browser: a drag, panels, keys and guesses, with Python behind them. Figures of time are a benchmark's."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from browser import ROOT, calm_browser, make_folder
from test_takehome import PAGES, stage_of

from toolkit import scenarios
from toolkit.client import Client, load
from toolkit.live import Guesses, Stage, widget
from toolkit.live.controls import Knob
from toolkit.units import SHARE
from toolkit.words import Words
from toolkit.worth import onstage

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
  if (document.querySelector(".stage .picture")) requestAnimationFrame(look);
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
    with on_a_page(chromium, stage) as page:
        yield page, stage


@contextmanager
def on_a_page(chromium: Any, played: widget.Played, view: str = "view") -> Iterator[Any]:
    """A bare page with a view on it, answered by Python; `page.faults` holds what its console complains of."""
    path = make_folder("room") / "room.html"
    script, style = ((widget.FOLDER / name).read_text("utf-8") for name in (f"{view}.js", "stage.css"))
    path.write_text(PAGE.format(script=script, style=style), encoding="utf-8")
    context = chromium.new_context(viewport=ROOM)
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda said: said.type == "error" and page.faults.append(said.text))
    page.set_default_timeout(PATIENCE)
    page.expose_function("answer", played.do)
    page.goto(path.as_uri())
    page.evaluate("scene => begin(scene)", played.scene)
    page.wait_for_selector(".stage .moving svg" if view == "view" else ".guess .seat")
    yield page
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


# panels, keys and what goes wrong ---------------------------------------------------

WORDS = Words("nl_BE")
NAMES = ("Meer nazorg", "Prijs omhoog en trouw beloond", "Beide samen")
PANELS = ("save", "compare", "goal", "help")


def own_client(name: str) -> Client:
    """A copy of an example, so that what is kept beside it is this test's alone."""
    folder = make_folder("client") / name
    shutil.copytree(ROOT / "templates" / "clients" / name, folder)
    scenarios.session_file(folder / "client.toml").unlink(missing_ok=True)
    return load(folder)


@pytest.fixture
def doors(chromium):
    """The stage of the two doors with three scenarios kept, standing at its start."""
    stage = Stage(own_client("leak-50"), "doors", "nl_BE")
    for value, name in zip((0.85, 0.9, 0.95), NAMES, strict=True):
        stage.do({"do": "type", "field": "doors.target_retention", "text": WORDS.quantity(value, SHARE)})
        stage.do({"do": "save", "name": name, "who": "An", "why": "Omdat het kan"})
    stage.do({"do": "reset"})
    with on_a_page(chromium, stage) as page:
        yield page, stage
        assert page.faults == []


def button(page: Any, name: str) -> Any:
    return page.get_by_role("button", name=WORDS.text(f"live.{name}"), exact=True)


def in_focus(page: Any) -> str:
    return page.evaluate("document.activeElement.innerText || document.activeElement.type")


def serious(page: Any, where: str) -> list[tuple[str, str]]:
    """What stands in the way of those who cannot see the page or cannot use a mouse."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=where).response["violations"]
    return [(one["id"], one["help"]) for one in found if one["impact"] in ("serious", "critical")]


def test_a_calculation_that_fails_dims_the_picture_and_says_so_and_the_next_good_move_brings_it_back(doors, monkeypatch):
    page, stage = doors
    slider, moving = page.locator(".stage input[type=range]").first, page.locator(".stage .moving")
    before, title = moving.inner_html(), page.locator(".stage h3").inner_text()

    def fail(*_, **__):
        raise ZeroDivisionError("no such figure")

    monkeypatch.setattr(stage, "_rerun", fail)
    slider.press("ArrowRight")
    page.wait_for_selector(".stage .picture.dim")
    page.wait_for_function("said => document.querySelector('.stage .notice').innerText === said", arg=WORDS.text("live.went_wrong"))
    assert page.evaluate("getComputedStyle(document.querySelector('.stage .picture')).opacity") < "0.5"
    assert moving.inner_html() == before and "ZeroDivisionError" not in page.content()
    monkeypatch.undo()
    slider.press("ArrowRight")
    page.wait_for_selector(".stage .picture:not(.dim)")
    assert page.locator(".stage .notice").inner_text() == ""
    assert moving.inner_html() != before and page.locator(".stage h3").inner_text() != title


def test_three_scenarios_stand_side_by_side_with_small_pictures_and_escape_returns_to_where_one_was(doors):
    page, _ = doors
    button(page, "actions.compare").focus()
    page.keyboard.press("Enter")
    panel = page.locator(".stage .panel")
    page.wait_for_selector(".stage .panel table")
    assert panel.locator("figcaption").all_inner_texts() == list(NAMES)
    assert panel.locator("thead th").all_inner_texts()[2:] == list(NAMES)
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(node => node.id)")
    assert any(one.startswith("beside-") for one in ids) and len(ids) == len(set(ids))
    wanted = re.findall(r'(?:href="|url\()#([^")]+)', panel.inner_html())
    assert wanted and set(wanted) <= set(ids)
    drawn = panel.locator("figure svg").all()
    assert len({svg.inner_html() for svg in drawn}) == len(NAMES)
    assert all(svg.bounding_box()["width"] >= 200 and svg.bounding_box()["height"] >= 100 for svg in drawn)
    assert panel.locator("svg text:visible").count() == 0  # too small to read: the table has the figures
    assert panel.evaluate("node => node.scrollHeight <= node.clientHeight && node.scrollWidth <= node.clientWidth")
    page.keyboard.press("Escape")
    page.wait_for_selector(".stage .panel", state="hidden")
    assert in_focus(page) == WORDS.text("live.actions.compare")


def test_a_panel_opened_by_a_key_gives_the_focus_back_to_the_slider(doors):
    page, _ = doors
    page.locator(".stage input[type=range]").nth(1).focus()
    at = page.evaluate("document.activeElement.id")
    page.keyboard.press(WORDS.text("live.keys.save"))
    page.wait_for_selector(".stage .panel input[name=name]")
    page.keyboard.press("Escape")
    page.wait_for_selector(".stage .panel", state="hidden")
    assert page.evaluate("document.activeElement.id") == at


def test_one_key_fills_the_screen_and_the_same_key_leaves_it(doors):
    page, _ = doors
    page.locator(".stage input[type=range]").first.focus()
    page.keyboard.press(WORDS.text("live.keys.full_screen"))
    page.wait_for_function("document.fullscreenElement?.classList.contains('stage-room')")
    page.wait_for_function("document.querySelector('.stage').getBoundingClientRect().width >= innerWidth - 1")
    box = page.locator(".stage").bounding_box()
    assert box["height"] <= ROOM["height"] + 1
    page.keyboard.press(WORDS.text("live.keys.full_screen"))
    page.wait_for_function("document.fullscreenElement === null")


def test_no_panel_has_a_serious_fault_for_those_who_cannot_see_it(doors):
    page, _ = doors
    found = {}
    for name in PANELS:
        button(page, f"actions.{name}").click()
        page.wait_for_selector(".stage .panel:not([hidden])")
        found[name] = serious(page, ".stage")
        page.keyboard.press("Escape")
        page.wait_for_selector(".stage .panel", state="hidden")
    chip = page.get_by_role("button", name=NAMES[0])
    chip.click()
    page.wait_for_selector(".stage .chip[aria-pressed=true]:nth-child(2)")
    found["pressed, under the pointer"] = serious(page, ".stage")
    chip.click()
    page.wait_for_selector(".stage .panel input[name=decision]")
    found["scenario"] = serious(page, ".stage")
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_what_does_not_fit_among_five_controls_is_reached_by_keyboard(chromium, monkeypatch):
    shown = onstage.knobs
    more = [Knob("doors.target_retention", SHARE, 0.9, 0.5, 1.0, 0.01), Knob("economics.gross_margin", SHARE, 0.4, 0.2, 0.6, 0.01)]
    monkeypatch.setattr(onstage, "knobs", lambda *given: [*shown(*given)[:5], *more])
    stage = Stage(own_client("widening"), "worth", "nl_BE")
    with on_a_page(chromium, stage) as page:
        page.locator(".stage input[type=range]:visible").last.focus()
        page.keyboard.press("Tab")
        assert in_focus(page) == WORDS.text("live.texts.more")
        page.keyboard.press("Enter")
        seen = page.locator(".stage .control label:visible").all_inner_texts()
        assert [text.casefold() for text in seen] == [knob.label(stage.words).casefold() for knob in more]
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("ArrowRight")
        page.wait_for_function("document.activeElement.closest('.control').classList.contains('moved')")
        assert stage.value("economics.gross_margin") == pytest.approx(0.41)
        assert serious(page, ".stage") == [] and page.faults == []


def test_three_guesses_are_shown_beside_the_figure_and_kept_once_each_of_them_is_one(chromium):
    client = own_client("retention-250")
    round_ = Guesses(client, "doors", "nl_BE")
    kept = scenarios.session_file(client.file)
    with on_a_page(chromium, round_, "guess") as page:
        boxes = page.locator(".guess .seat input")
        for at, text in enumerate(("An", "85%", "Bo", "zoiets", "Cas", "70,5")):
            boxes.nth(at).fill(text)
        assert serious(page, ".guess") == []
        button(page, "guess.show").click()
        page.wait_for_function("() => document.querySelector('.guess .notice').innerText.includes('zoiets')")
        assert page.locator(".guess .shown svg").count() == 0 and not kept.exists()
        boxes.nth(3).fill("95%")
        boxes.nth(3).press("Enter")
        assert boxes.nth(4).evaluate("box => box === document.activeElement"), "Enter goes on, and shows nothing yet"
        button(page, "guess.show").click()
        page.wait_for_selector(".guess .shown svg")
        assert page.locator(".guess .notice").inner_text() == WORDS.text("live.guess.kept")
        assert serious(page, ".guess") == [] and page.faults == []
        wide = "node => [...node.querySelectorAll('input')].every(box => box.getBoundingClientRect().right <= innerWidth)"
        assert page.locator(".guess").evaluate(wide)
        edges = [box.bounding_box() for box in boxes.all()[:6]]
        assert all(left["x"] + left["width"] < right["x"] for left, right in zip(edges, edges[1:], strict=False))
    guesses = scenarios.read(kept).guesses
    assert [(one.about, one.who, one.value) for one in guesses] == [
        ("doors.retention_per_year", "An", 0.85),
        ("doors.retention_per_year", "Bo", 0.95),
        ("doors.retention_per_year", "Cas", 0.705),
    ]
