"""The lab as a person meets it: JupyterLab opens on the notebooks, runs them, and the stage answers to a slider."""

from __future__ import annotations

import json
import os
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
        client = load(ROOT / "templates" / "clients" / "leak-50")
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


def test_no_news_pops_up_and_nothing_is_asked_beyond_this_machine(page, lab):
    assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0
    outside = [url for url in page.asked if not url.startswith((lab.url, "data:", "blob:", "ws://127.0.0.1", "ws://localhost"))]
    assert outside == []


def test_a_slider_moves_the_picture_the_figures_and_the_title(page):
    page.wait_for_selector(".stage svg", timeout=PATIENCE)
    stage = page.locator(".stage").first
    stage.scroll_into_view_if_needed()
    before = stage.locator("svg").first.evaluate("node => node.outerHTML")
    figures, title = stage.inner_text(), stage.locator("h3").first.inner_text()
    slider = stage.locator(".noUi-handle").first
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowUp")
    page.wait_for_function(
        "before => document.querySelector('.stage svg')?.outerHTML !== before", arg=before, timeout=PATIENCE
    )
    page.wait_for_timeout(300)
    assert stage.inner_text() != figures
    assert stage.locator("h3").first.inner_text() != title or stage.locator("svg text").count() > 0
    back = stage.get_by_role("button", name=Words("nl_BE").text("live.reset"))
    back.click()
    page.wait_for_function("title => document.querySelector('.stage h3')?.innerText === title", arg=title, timeout=PATIENCE)


def test_a_typed_figure_with_a_decimal_comma_moves_the_stage_and_nonsense_is_said_in_words(page):
    page.wait_for_selector(".stage svg", timeout=PATIENCE)
    stage = page.locator(".stage").first
    box = stage.locator("input[type=text]").first
    before, given = stage.locator("svg").first.evaluate("node => node.outerHTML"), box.input_value()
    box.fill("geen getal")
    box.press("Enter")
    words = Words("nl_BE").text("live.not_a_number", None, given="geen getal")
    page.wait_for_function("words => document.querySelector('.stage').innerText.includes(words)", arg=words, timeout=PATIENCE)
    assert stage.locator("svg").first.evaluate("node => node.outerHTML") == before
    box.fill("92,5%" if "%" in given else "12,5")
    box.press("Enter")
    page.wait_for_function(
        "before => document.querySelector('.stage svg')?.outerHTML !== before", arg=before, timeout=PATIENCE
    )


def test_the_stage_fits_its_room_and_its_text_can_be_read(page):
    page.wait_for_selector(".stage svg", timeout=PATIENCE)
    box = page.locator(".stage").first.bounding_box()
    assert box["height"] <= 620 and box["width"] <= 1280
    small = page.evaluate(
        "() => [...document.querySelectorAll('.stage b, .stage button, .stage input, .stage div, .stage h3')]"
        ".map(node => [node, node.value ?? (node.children.length ? '' : node.textContent.trim())])"
        ".filter(([node, text]) => text && node.getClientRects().length)"
        ".filter(([node]) => parseFloat(getComputedStyle(node).fontSize) < 16).map(([_, text]) => text)"
    )
    assert small == []


def test_the_lab_stops_when_told_and_leaves_no_process(lab):
    assert lab.process.poll() is None
    lab.stop()
    assert lab.process.poll() is not None
    if os.name == "posix":
        with pytest.raises(ProcessLookupError):  # its kernels are gone too
            os.killpg(lab.process.pid, 0)
    with pytest.raises(OSError):
        urllib.request.urlopen(lab.url, timeout=2)
