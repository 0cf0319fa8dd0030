"""The page to take home: every state of it is what the stage shows, and nothing else is needed to see it."""

import base64
import json
import os
import re
import subprocess
import sys
import zlib
from functools import cache
from typing import Any

import pytest
from browser import ROOT, calm_browser, make_folder, opened

from toolkit.client import load
from toolkit.finding import Refused
from toolkit.live import Stage
from toolkit.live.states import plan_of, pooled, values_of
from toolkit.live.takehome import takehome
from toolkit.words import Words

CLIENTS = ROOT / "templates" / "clients"
PAGES = {
    "doors": ("leak-50", "nl_BE", {"doors.target_retention": 0.9}),
    "worth": ("ameritrade", "en_GB", {"economics.cost_to_win": 250.0}),
    "drivers": ("living", "nl_BE", {"drivers.moved_up": 0.4}),
}
MOST_BYTES = 500_000
NAME = 'Meer "blijvers" </script> & co'


def stage_of(chapter: str) -> Stage:
    """The stage of a page, with its scenario in it."""
    client, locale, what_if = PAGES[chapter]
    stage = Stage(load(CLIENTS / client), chapter, locale)
    for field, value in what_if.items():
        stage.do({"do": "set", "field": field, "value": value})
    return stage


@cache
def made(chapter: str) -> str:
    """The page of a chapter, made once."""
    client, locale, what_if = PAGES[chapter]
    return takehome(load(CLIENTS / client), chapter, locale, what_if, NAME)


def packed(page: str) -> dict[str, Any]:
    """What a page carries, unpacked as its script does."""
    inside = re.search(r'<script id="packed" type="text/plain">([^<]+)</script>', page)[1]
    return json.loads(zlib.decompress(base64.b64decode(inside)))


def look(data: dict[str, Any], key: str) -> dict[str, Any]:
    """One state of a page, put together from its pool."""
    parts, *lines = data["states"][key]
    return {name: data["pool"][at] for name, at in parts.items()} | {"moving": "\n".join(data["pool"][at] for at in lines)}


# what is in it --------------------------------------------------------------------


@pytest.mark.parametrize("chapter", PAGES)
def test_a_page_is_small_whole_and_asks_for_nothing(chapter):
    page = made(chapter)
    assert len(page.encode()) < MOST_BYTES
    assert not re.search(r"""(src|href)=["'](?!#)|url\((?!["']?#)|@import|fetch\(|https?://(?!www\.w3\.org)""", page)
    assert str(ROOT) not in page and str(ROOT) not in json.dumps(packed(page))


@pytest.mark.parametrize("chapter", PAGES)
def test_every_state_tried_is_what_the_stage_shows(chapter):
    data, stage = packed(made(chapter)), stage_of(chapter)
    plan = plan_of(stage)
    assert data["home"] == list(plan.home) and data["still"] == stage.still
    places = plan.places()
    for place in {*places[:: len(places) // 8], plan.home, places[-1]}:
        fresh = stage.look(stage.run(plan.what_if(place)))
        assert look(data, plan.key(place)) == json.loads(json.dumps(fresh))


def test_the_first_two_sliders_move_together_and_every_other_one_alone():
    data = packed(made("worth"))
    first, second, third = (len(control["values"]) for control in data["controls"])
    home = data["home"]
    together = {f"{one} {two} {home[2]}" for one in range(first) for two in range(second)}
    alone = {f"{home[0]} {home[1]} {three}" for three in range(third)}
    assert set(data["states"]) == together | alone


def test_base_scenario_and_presets_are_among_the_states():
    data = packed(made("doors"))
    assert {chip["state"] for chip in data["chips"]} <= set(data["states"])
    for slider, value in data["presets"]:
        place = [value if at == slider else number for at, number in enumerate(data["home"])]
        assert " ".join(map(str, place)) in data["states"]
    assert len(data["presets"]) == len(data["scene"]["presets"]) >= 2


def test_what_only_works_with_a_kernel_is_not_shown():
    scene = packed(made("doors"))["scene"]
    assert [action["name"] for action in scene["actions"]] == ["full_screen"]
    assert not any(control["exactly"] for control in scene["controls"]) and "wanted" not in scene["texts"]


def test_what_has_no_slider_here_is_told_and_stays_in_every_state_but_the_base():
    stage = Stage(load(CLIENTS / "widening"), "worth", "nl_BE")
    last = list(stage.knobs.values())[-1]
    stage.do({"do": "set", "field": last.field, "value": last.high})
    plan = plan_of(stage)
    if last in plan.knobs:
        assert not plan.besides
    else:
        assert plan.what_if(plan.home) == {last.field: last.high} and plan.base_key == "base"


def test_a_scenario_that_the_client_does_not_allow_is_refused():
    with pytest.raises(Refused):
        takehome(load(CLIENTS / "leak-50"), "doors", "nl_BE", {"doors.target_retention": 1.5})


def test_a_page_of_the_base_case_has_one_button_for_it():
    data = packed(takehome(load(CLIENTS / "retention-250"), "doors", "en_GB"))
    assert [chip["name"] for chip in data["chips"]] == ["base"] and data["chips"][0]["state"] in data["states"]


def test_the_pool_keeps_every_part_once():
    found = pooled({"0": {"title": "a", "moving": "x\nx\ny"}, "1": {"title": "a", "moving": "y"}})
    assert found == {"pool": ["a", "x", "y"], "states": {"0": [{"title": 0}, 1, 1, 2], "1": [{"title": 0}, 2]}}


def test_the_values_of_a_slider_hold_its_ends_its_base_and_what_is_named():
    for chapter in PAGES:
        for knob in stage_of(chapter).knobs.values():
            named = knob.low + (knob.high - knob.low) * 0.37
            found = values_of(knob, 15, {knob.base, named})
            assert {knob.low, knob.high, knob.base, named} <= set(found)
            assert list(found) == sorted(set(found)) and 5 <= len(found) <= 19


def test_two_processes_make_the_same_bytes():
    code = (
        "import sys; from toolkit.client import load; from toolkit.live.takehome import takehome;"
        f"sys.stdout.buffer.write(takehome(load({str(CLIENTS / 'retention-250')!r}), 'doors', 'nl_BE', {{}}).encode())"
    )
    seeds = ({"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)} for seed in ("1", "2"))
    runs = [subprocess.run([sys.executable, "-c", code], env={**os.environ, **seed}, capture_output=True, check=True) for seed in seeds]
    assert runs[0].stdout == runs[1].stdout != b""


# in a browser, from the disk ------------------------------------------------------


@pytest.fixture(scope="module")
def chromium():
    with calm_browser() as started:
        yield started


@pytest.fixture(scope="module")
def folder():
    return make_folder("takehome")


def address(folder, chapter: str) -> str:
    """The page of a chapter on the disk, as a browser opens it."""
    path = folder / f"{chapter}.html"
    path.write_text(made(chapter), encoding="utf-8")
    return path.as_uri()


SHOWN = """() => ({
  title: document.querySelector('.stage h3').textContent,
  numbers: [...document.querySelectorAll('.figures .value')].map(one => one.value ?? one.textContent),
  between: [...document.querySelectorAll('.figures .between')].map(one => one.textContent),
  texts: [...document.querySelectorAll('.moving text')].map(one => one.textContent),
  boxes: [...document.querySelectorAll('.stage input.box')].map(one => one.value),
  paths: [...document.querySelectorAll('.moving path')].map(one => one.getAttribute('d')),
})"""


def drawn(page: Any, fresh: dict[str, Any]) -> dict[str, Any]:
    """A fresh frame of Python as the browser reads its moving SVG."""
    moving = page.evaluate(
        "svg => { const box = document.createElement('div'); box.innerHTML = svg;"
        " return {texts: [...box.querySelectorAll('text')].map(one => one.textContent),"
        " paths: [...box.querySelectorAll('path')].map(one => one.getAttribute('d'))}; }",
        fresh["moving"],
    )
    numbers = fresh["numbers"]
    said = {name: [number[key] for number in numbers] for name, key in (("numbers", "value"), ("between", "between"))}
    return {"title": fresh["title"], **said, **moving}


@pytest.mark.parametrize("chapter", PAGES)
def test_the_page_and_python_agree_wherever_the_sliders_go_and_nothing_is_asked(chapter, chromium, folder):
    stage = stage_of(chapter)
    plan = plan_of(stage)
    with opened(chromium, address(folder, chapter), {"width": 1280, "height": 720}) as page:
        page.wait_for_selector(".stage .moving svg")
        sliders = page.locator(".stage input[type=range]")
        for at, key, times in ((0, "ArrowRight", 2), (1, "ArrowLeft", 3), (0, "End", 1), (len(plan.knobs) - 1, "Home", 1), (0, "ArrowLeft", 1)):
            sliders.nth(at).focus()
            for _ in range(times):
                page.keyboard.press(key)
            values = [float(value) for value in sliders.evaluate_all("all => all.map(one => one.value)")]
            place = tuple(min(range(len(each)), key=lambda n: abs(each[n] - value)) for each, value in zip(plan.values, values, strict=True))
            assert plan.key(place) in {plan.key(one) for one in plan.places()}
            fresh = stage.look(stage.run(plan.what_if(place)))
            shown = page.evaluate(SHOWN)
            boxes = [stage.words.quantity(plan.values[n][k], knob.unit, "exact") for n, (knob, k) in enumerate(zip(plan.knobs, place, strict=True))]
            assert shown == {**drawn(page, fresh), "boxes": boxes}
        assert [url for url in page.asked if not url.startswith(("file:", "blob:", "data:"))] == []


def test_a_slider_that_moves_alone_sends_the_others_back_and_the_page_says_so_before_and_after(chromium, folder):
    words = Words("en_GB")
    with opened(chromium, address(folder, "worth"), {"width": 1280, "height": 720}) as page:
        page.wait_for_selector(".stage .moving svg")
        assert page.locator("#how").is_visible()
        sliders, boxes = page.locator(".stage input[type=range]"), page.locator(".stage input.box")
        before = boxes.nth(0).input_value()
        sliders.nth(2).focus()
        page.keyboard.press("ArrowLeft")
        assert page.locator(".notice").text_content() == ""
        sliders.nth(0).focus()
        page.keyboard.press("ArrowRight")
        assert page.locator(".notice").text_content() == words.text("takehome.returned")
        assert boxes.nth(0).input_value() != before
        page.get_by_role("button", name=NAME).click()
        assert boxes.nth(0).input_value() == before and page.locator(".notice").text_content() == ""


@pytest.mark.parametrize("chapter", PAGES)
def test_without_scripts_the_scenario_stands_there_and_its_sliders_are_off(chapter, chromium, folder):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address(folder, chapter))
    stage = stage_of(chapter)
    look = stage.look(stage.run(stage.what_if))
    assert page.locator(".stage h3").inner_text() == look["title"]
    assert page.locator(".figures .value").all_inner_texts() == [number["value"] for number in look["numbers"]]
    assert page.locator("input[type=range]:enabled").count() == 0 < page.locator("input[type=range]").count()
    assert page.locator(".picture svg text").count() >= 2 and "n = " in page.locator(".source").inner_text().replace("\xa0", " ")
    context.close()


@pytest.mark.parametrize("chapter", PAGES)
def test_the_page_has_no_fault_for_those_who_cannot_see_it(chapter, chromium, folder):
    from axe_playwright_python.sync_playwright import Axe

    with opened(chromium, address(folder, chapter), {"width": 1280, "height": 720}) as page:
        page.wait_for_selector(".stage .moving svg")
        assert [(one["id"], one["impact"]) for one in Axe().run(page).response["violations"]] == []
        assert page.locator("html").get_attribute("lang") == Words(PAGES[chapter][1]).tag
