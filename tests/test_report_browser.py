"""The report as a browser shows and prints it: reachable, quiet, inside its margins, every label readable."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from browser import DESK, EXAMPLES, ODD, PHONE, ROOT, browser_or_skip, calm_browser, opened, report_of, write_client

from toolkit import doors
from toolkit.client import load
from toolkit.doors.pictures import in_and_out, squares, two_leaks
from toolkit.live.stage import SIZE as STAGE
from toolkit.picture import SIZE, Moving, svg
from toolkit.press.paper import print_pdf
from toolkit.press.report import READING_ORDER
from toolkit.words import Words

SEEN = (*((name, "nl_BE") for name in EXAMPLES), ("widening", "en_GB"), ("hostile", "nl_BE"))

# Labels are read from where the browser put them. A line is a stroke without a fill, at most three pixels thick.
LABELS = """
() => [...document.querySelectorAll("svg")].map(svg => {
  const box = node => { const r = node.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
  const shown = node => node.textContent.trim();
  const thin = node => {
    const r = node.getBoundingClientRect(), style = getComputedStyle(node);
    return style.stroke !== "none" && (r.width <= 3 || r.height <= 3);
  };
  return {
    name: svg.closest("[id]")?.id ?? "", frame: box(svg),
    texts: [...svg.querySelectorAll("text")].filter(shown).map(node => [shown(node), ...box(node)]),
    lines: [...svg.querySelectorAll("path")].filter(node => !node.closest("defs, clipPath")).filter(thin).map(box),
  };
})
"""
# An element that is wider than its box, unless the box itself scrolls sideways.
TOO_WIDE = """
() => [...document.querySelectorAll("main *")].filter(node => !node.closest("svg, .scroll"))
  .filter(node => node.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map(node => node.tagName + " " + node.textContent.slice(0, 40))
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with calm_browser() as started:
        yield started


def address(name: str, locale: str) -> str:
    return (report_of(name, locale) / "report.html").as_uri()


def overlap(one: list[float], other: list[float]) -> float:
    """How deep two boxes lie in each other, in pixels; a hair is nothing."""
    return min(min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1]))


def faults_in(drawings: list[dict]) -> list[str]:
    """Labels that stick out of their drawing, lie over one another, or are crossed by a line."""
    found = []
    for drawing in drawings:
        left, top, right, bottom = drawing["frame"]
        texts = drawing["texts"]
        for place, (text, *box) in enumerate(texts):
            if box[0] < left - 1 or box[1] < top - 1 or box[2] > right + 1 or box[3] > bottom + 1:
                found.append(f"{drawing['name']}: {text!r} sticks out")
            found += [
                f"{drawing['name']}: {text!r} lies over {other!r}"
                for other, *there in texts[place + 1 :]
                if overlap(box, there) > 1.5
            ]
            middle = [box[0] + 1, box[1] + (box[3] - box[1]) * 0.3, box[2] - 1, box[3] - (box[3] - box[1]) * 0.3]
            found += [
                f"{drawing['name']}: a line runs through {text!r}"
                for line in drawing["lines"]
                if overlap(middle, [line[0] - 0.5, line[1] - 0.5, line[2] + 0.5, line[3] + 0.5]) > 0.5
            ]
    return found


# seen -----------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "locale"), SEEN)
def test_axe_finds_nothing_and_nothing_is_asked_of_a_network_or_runs_over_the_edge(chromium, name, locale):
    from axe_playwright_python.sync_playwright import Axe

    with opened(chromium, address(name, locale), DESK) as page:
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
            assert page.evaluate(TOO_WIDE) == []
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
        assert page.asked == [address(name, locale)]


@pytest.mark.parametrize(("name", "locale"), [*((name, locale) for name in EXAMPLES for locale in ("nl_BE", "en_GB")), ("forty-quarters", "nl_BE")])
def test_no_label_of_a_report_is_cut_covered_or_crossed(chromium, name, locale):
    with opened(chromium, address(name, locale), DESK) as page:
        drawings = page.evaluate(LABELS)
    assert drawings and faults_in(drawings) == []


def test_what_a_client_is_called_never_runs(chromium):
    context = chromium.new_context(viewport=DESK)
    page, said = context.new_page(), []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address("hostile", "nl_BE"))
    assert said == []
    assert page.evaluate("document.scripts.length") == 0 and page.locator("img").count() == 0
    assert "<script>alert(1)</script>" in page.locator("h1").inner_text()
    context.close()


def test_the_page_reads_without_script_and_in_forced_order(chromium):
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(address("widening", "nl_BE"))
    assert page.locator("h1").is_visible() and page.locator("figure svg").first.is_visible()
    context.close()


def test_links_on_page_one_lead_to_their_chapter(chromium):
    with opened(chromium, address("widening", "nl_BE"), DESK) as page:
        link = page.locator(".actions a").first
        name = link.get_attribute("aria-label") or link.inner_text()
        link.click()
        heading = page.locator(":target")
        assert name in heading.inner_text()
        assert abs(heading.bounding_box()["y"]) < DESK["height"] / 2


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_phone_shows_labels_of_at_least_nine_pixels(chromium, name):
    with opened(chromium, address(name, "nl_BE"), PHONE) as page:
        heights = page.evaluate(
            "() => [...document.querySelectorAll('svg text')].map(node => {"
            "  const scale = node.ownerSVGElement.getScreenCTM().a;"
            "  return parseFloat(getComputedStyle(node).fontSize) * scale; })"
        )
    assert min(heights) >= 9


# odd figures ----------------------------------------------------------------------


def test_no_label_of_any_picture_is_cut_covered_or_crossed_whatever_the_figures(chromium, tmp_path):
    drawn = {}
    for name in ("widening", "leak-50", *ODD):
        path = ROOT / "templates" / "clients" / name if name in EXAMPLES else write_client(tmp_path, name, ODD[name])
        result = doors.results(load(path))
        chosen = [(in_and_out, SIZE)]
        chosen += [(two_leaks, SIZE)] if result.leak is not None else []
        chosen += [(squares, STAGE)] if result.retention_per_year is not None else []
        for locale in ("nl_BE", "en_GB"):
            drawn |= {
                f"{locale}-{name}-{one.__name__}": svg(one, Words(locale), result, size=size) for one, size in chosen
            }
    body = "".join(f'<div id="{name}" style="width:736px">{drawing}</div>' for name, drawing in drawn.items())
    context = chromium.new_context(viewport=DESK)
    page = context.new_page()
    page.set_content(f"<!DOCTYPE html><body>{body}")
    drawings = page.evaluate(LABELS)
    context.close()
    assert len(drawings) == len(drawn) and faults_in(drawings) == []


def test_a_moved_picture_looks_like_a_fresh_one_to_the_pixel(chromium):
    base = doors.results(load(ROOT / "templates" / "clients" / "leak-50"))
    moved = doors.results(load(ROOT / "templates" / "clients" / "leak-50", {"doors.lost": 30}))
    context = chromium.new_context(viewport={"width": 760, "height": 400})
    page, words = context.new_page(), Words("nl_BE")
    for picture in (in_and_out, two_leaks):
        moving = Moving(picture, words, base, base, moved)
        moving.svg(base)
        shots = []

        def beside_the_base(figure, words, result, *reach, picture=picture):
            return picture(figure, words, base, *reach)

        for drawing in (moving.svg(moved), svg(beside_the_base, words, moved, base, moved, name=picture.__name__)):
            page.set_content(f'<!DOCTYPE html><body style="margin:0"><div style="width:{SIZE[0] * 100}px">{drawing}</div>')
            shots.append(page.screenshot())
        assert shots[0] == shots[1], picture.__name__
    context.close()


# printed --------------------------------------------------------------------------


# Every chapter in both languages: what of the client's name stands on each sheet, and whether it is confidential.
PRINTED = {
    ("widening", "nl_BE"): ("Houtbouw Vermeulen", True),
    ("widening", "en_GB"): ("Houtbouw Vermeulen", True),
    ("hostile", "nl_BE"): ("alert(1)", True),
    ("cdnow", "en_GB"): ("CDNOW", False),
    ("living", "nl_BE"): ("Webwinkel Lente", True),
    ("verwarming-claes", "en_GB"): ("Verwarming Claes", True),
    ("pxl-pooled", "nl_BE"): ("Twaalf kmo’s samen", True),
    ("pxl-c", "en_GB"): ("Kmo C", True),
}
MOST_SHEETS, MOST_FOR_ANOTHER = 20, 5  # of a report with one chapter, and for each chapter more


@pytest.fixture(scope="module", params=PRINTED, ids="-".join)
def printed(request, tmp_path_factory) -> tuple[tuple[str, str], Path]:
    """A report printed to PDF, with its client and locale."""
    browser_or_skip()
    page = tmp_path_factory.mktemp("paper") / "report.html"
    shutil.copy(report_of(*request.param) / "report.html", page)
    return request.param, print_pdf(page)


def sheets_of(path: Path) -> list[str]:
    """The text of each printed sheet; without poppler's reader the test is skipped."""
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext of poppler is not installed: the printed sheets are not read")
    text = subprocess.run([reader, "-layout", path, "-"], capture_output=True, encoding="utf-8", check=True).stdout
    return text.rstrip("\f\n").split("\f")


def chapters_in(name: str, locale: str) -> list[str]:
    """The chapters of a report in reading order, by its results."""
    found = json.loads((report_of(name, locale) / "results.json").read_text("utf-8"))["chapters"]
    return [chapter for chapter in READING_ORDER if chapter in found]


def test_paper_is_tagged_a4_with_a_title_a_language_and_an_outline(printed):
    _, path = printed
    content = path.read_bytes()
    assert content.startswith(b"%PDF-") and path.name == "report.pdf"
    for mark in (b"/StructTreeRoot", b"/MarkInfo", b"/Marked true", b"/Lang", b"/Outlines", b"/Figure", b"/Alt"):
        assert mark in content, mark
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", content)
    assert boxes
    for width, height in boxes:
        assert abs(float(width) - 595.28) < 1 and abs(float(height) - 841.89) < 1


def test_every_sheet_has_its_number_the_client_and_whether_it_is_confidential(printed):
    (name, locale), path = printed
    client, confidential = PRINTED[name, locale]
    page, word = {"nl_BE": ("pagina", "vertrouwelijk"), "en_GB": ("page", "confidential")}[locale]
    sheets = sheets_of(path)
    for number, sheet in enumerate(sheets, 1):
        foot = " ".join(sheet.strip().splitlines()[-4:])
        assert f"{page} {number} / {len(sheets)}" in foot, foot
        assert client in foot
        assert (word in foot) is confidential
    assert len(sheets) <= MOST_SHEETS + MOST_FOR_ANOTHER * (len(chapters_in(name, locale)) - 1)


def test_page_one_is_one_sheet_and_every_chapter_at_most_two(printed):
    (name, locale), path = printed
    sheets, words = sheets_of(path), Words(locale)
    titles = [words.text(f"{chapter}.title") for chapter in (*chapters_in(name, locale), "data")]
    begins = [next(n for n, sheet in enumerate(sheets, 1) if sheet.strip().startswith(title)) for title in titles]
    assert len(begins) >= 2 and begins[0] == 2
    assert all(1 <= after - before <= 2 for before, after in pairwise(begins)), begins
