"""The lab as a person meets it: JupyterLab opens on the notebooks, runs them, and the stage answers to a slider."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import ROOT, browser_or_skip, calm_browser

from toolkit.client import load
from toolkit.lab import copy_notebooks, lab_command
from toolkit.words import Words

LAB = {"width": 1280, "height": 900}
PATIENCE = 120_000  # milliseconds; a kernel on a busy machine


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Lab:
    """A running JupyterLab: its address with the token, its folder and its process."""

    def __init__(self, home: Path):
        self.folder = home / "notebooks met spatie"
        shutil.copytree(ROOT / "templates" / "clients" / "leak-50", home / "client")  # scenarios are kept beside it
        client = load(home / "client")
        copy_notebooks(client, "nl_BE", self.folder)
        self.port, self.runtime = free_port(), home / "runtime"
        environ = {**os.environ, "JUPYTER_RUNTIME_DIR": str(self.runtime), "JUPYTER_DATA_DIR": str(home / "data")}
        environ |= {"JUPYTERLAB_SETTINGS_DIR": str(home / "user"), "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces")}
        environ["HOME"] = str(home)
        self.command, environment = lab_command(
            self.folder, home / "settings", browser=False, port=self.port, environ=environ
        )
        self.log = (home / "lab.log").open("wb")
        self.process = subprocess.Popen(
            self.command, env=environment, cwd=home, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True
        )
        self.url, self.token = self._wait(home / "lab.log")

    def _wait(self, log: Path) -> tuple[str, str]:
        until = time.monotonic() + PATIENCE / 1000
        while time.monotonic() < until and self.process.poll() is None:
            for path in self.runtime.glob("jpserver-*.json"):
                try:
                    found = json.loads(path.read_text("utf-8"))
                    urllib.request.urlopen(found["url"] + "api?token=" + found["token"], timeout=5).close()
                except (OSError, ValueError):
                    continue
                return found["url"], found["token"]
            time.sleep(0.2)
        raise AssertionError(log.read_text("utf-8"))

    def wait_for_kernel(self) -> None:
        """Wait until the one kernel of this lab has started and is idle."""
        until, state = time.monotonic() + PATIENCE / 1000, ""
        while time.monotonic() < until and state != "idle":
            with contextlib.suppress(urllib.error.HTTPError):  # a kernel that is still being started has no state to tell
                with urllib.request.urlopen(f"{self.url}api/kernels?token={self.token}", timeout=10) as answer:
                    state = next((kernel["execution_state"] for kernel in json.load(answer)), "")
            time.sleep(0.2)
        assert state == "idle"

    def stop(self) -> int:
        """Ask the server to stop, and wait for it; the exit code."""
        self.process.terminate()
        try:
            return self.process.wait(30)
        finally:
            self.log.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory) -> Iterator[Lab]:
    browser_or_skip()
    started = Lab(tmp_path_factory.mktemp("lab"))
    yield started
    if started.process.poll() is None:
        started.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with calm_browser() as started:
        yield started


def open_notebook(page: Any, lab: Lab, name: str) -> None:
    """Open a notebook, wait for its kernel and run all its cells; a second try where the first shows nothing."""
    for attempt in (1, 2):
        page.goto(f"{lab.url}lab/tree/{name}.ipynb?token={lab.token}&reset")
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=PATIENCE)
        lab.wait_for_kernel()
        page.wait_for_function("document.querySelector('#jp-main-statusbar')?.innerText.includes('Idle')", timeout=PATIENCE)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        try:
            page.wait_for_selector(".jp-OutputArea-output h2, .jp-Dialog", timeout=PATIENCE / 2)
            if page.locator(".jp-Dialog").count():  # clicked before the page knew its kernel: it asks which one
                page.locator(".jp-Dialog .jp-mod-accept").click()
            page.wait_for_selector(".jp-OutputArea-output h2", timeout=PATIENCE / 2)
            return
        except Exception:
            if attempt == 2:
                raise


@pytest.fixture(scope="module")
def page(chromium, lab) -> Iterator[Any]:
    """The notebook of the two doors, run, with every address that was asked for in `page.asked`."""
    context = chromium.new_context(viewport=LAB)
    made = context.new_page()
    made.set_default_timeout(PATIENCE)
    made.asked = []
    made.on("request", lambda request: made.asked.append(request.url))
    made.faults = []
    made.on("pageerror", lambda error: made.faults.append(str(error)))
    made.on("console", lambda said: said.type == "error" and made.faults.append(said.text))
    open_notebook(made, lab, "doors")
    yield made
    context.close()


# the command ----------------------------------------------------------------------


def test_what_the_consultant_has_set_is_kept_beside_ours(tmp_path):
    given = {"PYTHONPATH": "/eigen", "JUPYTER_CONFIG_PATH": "/ook/eigen", "TAAL": "nl"}
    _, environment = lab_command(tmp_path, tmp_path / "s", browser=False, port=8899, environ=given)
    assert environment["PYTHONPATH"].split(os.pathsep) == [str(ROOT), "/eigen"]
    assert environment["JUPYTER_CONFIG_PATH"].split(os.pathsep) == [str(tmp_path / "s"), "/ook/eigen"]
    assert environment["TAAL"] == "nl" and given["PYTHONPATH"] == "/eigen"


# the room -------------------------------------------------------------------------


def test_without_its_token_the_lab_shows_nothing(lab):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{lab.url}api/contents", timeout=10)
    assert refused.value.code == 403
    assert lab.url.startswith(("http://127.0.0.1", "http://localhost")) and len(lab.token) >= 32


def test_the_notebook_shows_title_findings_and_pictures(page):
    words = Words("nl_BE")
    outputs = page.locator(".jp-OutputArea-output")
    # the lab hides cells that are scrolled out of sight: their text is there, but not "inner"
    assert page.locator(".jp-OutputArea-output h2").first.text_content() == words.text("doors.title")
    page.wait_for_selector(".jp-OutputArea-output figure svg")
    assert page.locator(".jp-OutputArea-output .findings li").count() >= 3
    assert "Traceback" not in " ".join(outputs.all_text_contents())
    assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert page.locator(".jp-OutputArea-output figure").first.locator("text").count() >= 4


def test_the_console_of_the_browser_has_nothing_to_complain_of(page):
    page.wait_for_selector(".stage .moving svg", state="attached")
    assert page.faults == []


def test_no_news_pops_up_and_nothing_is_asked_beyond_this_machine(page, lab):
    assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0
    outside = [url for url in page.asked if not url.startswith((lab.url, "data:", "blob:", "ws://127.0.0.1", "ws://localhost"))]
    assert outside == []


WORDS = Words("nl_BE")


def the_stage(page: Any) -> Any:
    """The stage, scrolled into sight, back at its start."""
    page.wait_for_selector(".stage .moving svg", state="attached", timeout=PATIENCE)
    stage = page.locator(".stage").first
    stage.evaluate("node => node.closest('.jp-Cell').scrollIntoView()")  # under the guesses it is out of sight
    stage.scroll_into_view_if_needed()
    back = stage.get_by_role("button", name=WORDS.text("live.actions.reset"), exact=True)
    if back.is_enabled():
        back.click()
        page.wait_for_function("() => !document.querySelector('.stage .control.moved')", timeout=PATIENCE)
    return stage


def moved_from(page: Any, before: str) -> None:
    """Wait until the moving part of the picture is another one."""
    page.wait_for_function("before => document.querySelector('.stage .moving').innerHTML !== before", arg=before, timeout=PATIENCE)


def press(page: Any, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


def test_a_slider_that_is_dragged_moves_the_picture_the_figures_and_the_title_and_stands_where_it_was_let_go(page):
    stage = the_stage(page)
    picture, figures = stage.locator(".moving").inner_html(), stage.locator(".figures").inner_text()
    title, track = stage.locator("h3").inner_text(), stage.locator("input[type=range]").first.bounding_box()
    height = track["y"] + track["height"] / 2
    page.mouse.move(track["x"] + track["width"] * 0.4, height)
    page.mouse.down()
    for step in range(1, 20):
        page.mouse.move(track["x"] + track["width"] * (0.4 + step * 0.02), height)
    page.mouse.up()
    moved_from(page, picture)
    page.wait_for_timeout(800)  # at rest: everything is computed in full
    assert stage.locator("h3").inner_text() != title and stage.locator(".figures").inner_text() != figures
    slider = stage.locator("input[type=range]").first
    shown = stage.locator(".box").first.input_value()
    assert shown in slider.get_attribute("aria-valuetext")
    stage.get_by_role("button", name=WORDS.text("live.actions.undo"), exact=True).click()
    page.wait_for_function("title => document.querySelector('.stage h3').innerText === title", arg=title, timeout=PATIENCE)


def test_a_typed_figure_with_a_decimal_comma_moves_the_stage_and_nonsense_is_said_in_words(page):
    stage = the_stage(page)
    box, before = stage.locator(".box").first, stage.locator(".moving").inner_html()
    box.fill("82.5")
    box.press("Enter")
    page.wait_for_function("() => document.querySelector('.stage .notice').innerText.includes('82.5')", timeout=PATIENCE)
    assert stage.locator(".moving").inner_html() == before
    box.fill("92,5%")
    box.press("Enter")
    moved_from(page, before)
    assert box.input_value() == "92,5%"


def test_keys_work_while_the_stage_has_the_focus_and_do_not_reach_the_notebook(page):
    stage = the_stage(page)
    cells = page.locator(".jp-Cell").count()
    slider, before = stage.locator("input[type=range]").first, stage.locator(".moving").inner_html()
    slider.focus()
    at = float(slider.input_value())
    press(page, "ArrowRight", 2)
    press(page, "Shift+ArrowLeft")
    moved_from(page, before)
    page.wait_for_function("at => Number(document.querySelector('.stage input[type=range]').value) < at", arg=at, timeout=PATIENCE)
    press(page, "a")  # adds a cell, and x cuts one, where they reach the notebook
    press(page, "x")
    press(page, WORDS.text("live.keys.undo"))
    page.wait_for_function("() => !document.querySelector('.stage .control.moved')", timeout=PATIENCE)
    press(page, "?")
    page.wait_for_selector(".stage .panel table")
    press(page, "Escape")
    page.wait_for_selector(".stage .panel", state="hidden")
    assert page.locator(".jp-Cell").count() == cells


def test_the_wanted_result_is_typed_and_the_slider_goes_there(page):
    stage = the_stage(page)
    wanted = stage.locator(".scenario input")
    wanted.fill("150.000")
    wanted.press("Enter")
    page.wait_for_function("() => document.querySelector('.stage .box').value === '85,0%'", timeout=PATIENCE)
    assert "85,0%" in stage.locator(".notice").inner_text()


SMALL = """
root => [...root.querySelectorAll('button, input, select, label, div, h3, h4, p, svg text')]
  .map(node => [node, node.value ?? (node.children.length ? '' : node.textContent.trim())])
  .filter(([node, text]) => text && node.getClientRects().length)
  .map(([node, text]) => [parseFloat(getComputedStyle(node).fontSize) * (node.ownerSVGElement ? node.getScreenCTM().a : 1), text])
  .filter(([size]) => size < 15.9)
"""
SPILT = """
root => [...root.querySelectorAll('h3, .left, .right, .picture, .foot')]
  .filter(node => node.scrollHeight > node.clientHeight + 1 || node.scrollWidth > node.clientWidth + 1).map(node => node.className || node.tagName)
"""


@pytest.mark.parametrize("width", [1280, 1920])
def test_the_stage_fits_its_room_nothing_spills_and_its_text_can_be_read(page, width):
    page.set_viewport_size({"width": width, "height": width * 9 // 16})
    if page.locator("#jp-left-stack").is_visible():
        page.keyboard.press("Control+b")  # the list of files makes room
        page.wait_for_timeout(500)
    stage = the_stage(page)
    box = stage.bounding_box()
    assert box["height"] <= max(621, box["width"] * 620 / 1280) and box["width"] <= width
    assert stage.evaluate(SMALL) == [] and stage.evaluate(SPILT) == []
    page.set_viewport_size(LAB)


def test_the_stage_has_no_serious_fault_for_those_who_cannot_see_it(page):
    from axe_playwright_python.sync_playwright import Axe

    the_stage(page)
    found = Axe().run(page, context=".stage").response["violations"]
    assert [(one["id"], one["impact"]) for one in found if one["impact"] in ("serious", "critical")] == []


def test_a_scenario_is_saved_in_the_stage_and_there_again_after_the_kernel_was_restarted(page, lab):
    stage, name = the_stage(page), "Meer blijvers"
    stage.locator(".box").first.fill("91%")
    stage.locator(".box").first.press("Enter")
    page.wait_for_selector(".stage .control.moved")
    stage.get_by_role("button", name=WORDS.text("live.actions.save"), exact=True).click()
    page.locator(".stage .panel input[name=name]").fill(name)
    page.locator(".stage .panel input[name=who]").fill("An")
    page.keyboard.press("Enter")
    page.wait_for_selector(".stage .chip:nth-child(2)")
    open_notebook(page, lab, "doors")
    stage = the_stage(page)
    chip = stage.get_by_role("button", name=name)
    chip.click()
    page.wait_for_function("() => document.querySelector('.stage .box').value === '91,0%'", timeout=PATIENCE)
    assert chip.get_attribute("aria-pressed") == "true"


def test_the_lab_stops_when_told_and_leaves_no_process(lab):
    assert lab.process.poll() is None
    lab.stop()
    assert lab.process.poll() is not None
    if os.name == "posix":
        with pytest.raises(ProcessLookupError):  # its kernels are gone too
            os.killpg(lab.process.pid, 0)
    with pytest.raises(OSError):
        urllib.request.urlopen(lab.url, timeout=2)
