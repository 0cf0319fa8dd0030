"""From the command to the first moving slider, as a consultant with a full room goes: two clicks."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import ROOT, browser_or_skip, calm_browser
from test_lab_browser import PATIENCE, Lab, free_port

from toolkit.lab import lab_command
from toolkit.lab.copies import START
from toolkit.lab.start import guests, make_session
from toolkit.words import Words

ROOM = {"width": 1280, "height": 720}
WORDS = Words("nl_BE")


class Room(Lab):
    """A running lab as `lab` opens it: on a start page, for two clients of which one is refused."""

    def __init__(self, home: Path):
        self.folder = home / "een sessie"
        self.folder.mkdir()
        (home / "mis").mkdir()
        (home / "mis" / "client.toml").write_text('[client]\nlocales = ["nl_BE"]\n', "utf-8")
        shutil.copytree(ROOT / "templates" / "clients" / "cdnow", home / "cdnow")  # guesses are kept beside it
        found = guests([str(home / "cdnow"), str(home / "mis")], "nl_BE")
        make_session(found, self.folder, home)
        self.port, self.runtime = free_port(), home / "runtime"
        environ = {**os.environ, "JUPYTER_RUNTIME_DIR": str(self.runtime), "JUPYTER_DATA_DIR": str(home / "data"), "HOME": str(home)}
        self.command, environment = lab_command(
            self.folder, home / "settings", browser=False, port=self.port, environ=environ, first=START, code=False
        )
        self.log = (home / "lab.log").open("wb")
        self.process = subprocess.Popen(
            self.command, env=environment, cwd=home, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True
        )
        self.url, self.token = self._wait(home / "lab.log")


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Iterator[Room]:
    browser_or_skip()
    started = Room(tmp_path_factory.mktemp("room"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def page(room) -> Iterator[Any]:
    """The page that the lab opens by itself, with every address that was asked for in `page.asked`."""
    with calm_browser() as chromium:
        made = chromium.new_context(viewport=ROOM).new_page()
        made.set_default_timeout(PATIENCE)
        made.asked = []
        made.on("request", lambda request: made.asked.append(request.url))
        made.faults = []
        made.on("pageerror", lambda error: made.faults.append(str(error)))
        made.on("console", lambda said: said.type == "error" and made.faults.append(said.text))
        made.goto(f"{room.url}?token={room.token}")
        made.wait_for_selector(".jp-MarkdownViewer table")
        yield made


def test_the_lab_opens_on_the_start_page_with_the_clients_and_their_state(page):
    text = page.locator(".jp-MarkdownViewer").inner_text()
    assert WORDS.text("lab.title") in text and "CDNOW" in text and WORDS.text("lab.in_order") in text
    assert "geweigerd" in text


def test_a_click_on_a_chapter_and_one_on_the_button_show_it_without_code_side_bars_or_pop_ups(page, room):
    page.get_by_role("link", name=WORDS.text("doors.title")).first.click()
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
    room.wait_for_kernel()
    page.get_by_text(WORDS.text("lab.show")).click()
    page.wait_for_selector(".jp-OutputArea-output h2")
    page.wait_for_selector(".stage svg", state="attached")  # scrolled out of sight, it is not "visible"
    for hidden in (".jp-CodeCell .cm-editor", ".jp-InputPlaceholder", ".jp-InputPrompt", ".jp-SideBar", ".jp-FileBrowser", "#jp-main-statusbar"):
        assert page.locator(hidden).locator("visible=true").count() == 0, hidden
    assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0
    assert page.locator(".jp-NotebookPanel").bounding_box()["width"] >= ROOM["width"] - 4


def test_the_figures_stay_out_of_sight_until_the_guesses_are_shown_and_then_the_stage_moves_up(page):
    page.wait_for_selector(".guess .seat")
    assert page.locator(".stage").first.evaluate("node => node.getBoundingClientRect().top >= innerHeight")
    boxes = page.locator(".guess .seat input")
    boxes.nth(0).fill("An")
    boxes.nth(1).fill("70%")
    page.get_by_role("button", name=WORDS.text("live.guess.show"), exact=True).click()
    page.wait_for_selector(".guess .shown svg")
    page.wait_for_function("document.querySelector('.stage').getBoundingClientRect().top < innerHeight")


def test_the_console_of_the_browser_has_nothing_to_complain_of(page):
    assert page.faults == []


def test_the_stage_has_the_room_it_needs(page):
    stage = page.locator(".stage").first
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert box["width"] >= 1200 and box["height"] <= 620
    assert page.locator(".jp-WindowedPanel-outer, .jp-Notebook").first.bounding_box()["height"] >= 620


def test_nothing_of_the_notebook_lies_over_the_buttons_at_the_left(page):
    stage = page.locator(".stage").first
    for name in ("save", "goal"):
        stage.get_by_role("button", name=WORDS.text(f"live.actions.{name}"), exact=True).click(trial=True)
    page.locator(".guess").get_by_role("button", name=WORDS.text("live.guess.show"), exact=True).click(trial=True)


def test_what_stands_around_the_stage_can_be_read_from_the_back_row(page):
    small = page.evaluate(
        "() => [...document.querySelectorAll('.lm-MenuBar-itemLabel, .jp-Toolbar *, .jp-OutputArea-output :not(svg *), .jp-MarkdownCell *')]"
        ".filter(node => node.children.length === 0 && node.textContent.trim() && node.getClientRects().length && !node.closest('svg'))"
        ".filter(node => !node.closest('.stage') && parseFloat(getComputedStyle(node).fontSize) < 16).map(node => node.textContent)"
    )
    assert small == []


def test_two_amounts_in_dollars_are_no_formula(page):
    assert page.locator("mjx-container, .MathJax").count() == 0


def test_the_way_back_leads_to_the_start_page(page):
    page.get_by_role("link", name=WORDS.text("lab.back")).first.click()
    page.wait_for_selector(".jp-MarkdownViewer table")
    assert page.locator(".jp-Dialog").count() == 0


def test_nothing_was_asked_beyond_this_machine(page, room):
    outside = [url for url in page.asked if not url.startswith((room.url, "data:", "blob:", "ws://127.0.0.1", "ws://localhost"))]
    assert outside == []
