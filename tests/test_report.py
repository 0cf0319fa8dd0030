"""The report, read as a file: whole in itself, well formed, within its budgets, every figure on page 1 accounted for."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
from browser import HOSTILE, REPORTS, report_of
from bs4 import BeautifulSoup, Tag

from toolkit.page import MOST_WORDS_IN_TITLE
from toolkit.press.report import READING_ORDER
from toolkit.words import LOCALES, Words

MOST_WORDS, MOST_FIGURES, MOST_BYTES_A_CHAPTER, MOST_PICTURES = 120, 7, 300_000, 3


@cache
def parsed(name: str, locale: str) -> BeautifulSoup:
    """A report as a tree."""
    return BeautifulSoup((report_of(name, locale) / "report.html").read_bytes(), "html.parser")


@pytest.fixture
def html(request) -> BeautifulSoup:
    return parsed(*request.param)


every_report = pytest.mark.parametrize("html", REPORTS, indirect=True, ids="-".join)
all_reports = pytest.mark.parametrize(("name", "locale"), REPORTS)


def test_there_is_a_report_in_every_locale():
    assert {locale for _, locale in REPORTS} == set(LOCALES)
    for locale in LOCALES:
        page = parsed("widening", locale)
        assert page.html["lang"] == locale.replace("_", "-")
        assert page.title.text == Words(locale).text("front.document_title", None, client="Houtbouw Vermeulen (fictief)")


# whole in itself ------------------------------------------------------------------


@every_report
def test_nothing_is_fetched_and_nothing_runs(html):
    assert not html.find_all(["script", "iframe", "object", "embed", "link", "base", "form", "video", "audio", "img"])
    for node in html.find_all(True):
        for name, value in node.attrs.items():
            value = " ".join(value) if isinstance(value, list) else value
            if name.startswith("xmlns"):
                continue
            assert not name.lower().startswith("on"), node
            assert "://" not in value and not value.lower().startswith(("javascript:", "data:")), node
            if name in ("href", "xlink:href", "src"):
                assert value.startswith("#"), node
    styles = " ".join(style.text for style in html.find_all("style"))
    assert "@import" not in styles and not re.search(r"url\((?!#)", styles)


@every_report
def test_a_policy_forbids_everything_but_its_own_styles(html):
    policy = html.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert "default-src 'none'" in policy and "script" not in policy and "http" not in policy


@every_report
def test_the_page_says_its_character_set_first_and_fits_a_phone(html):
    assert html.head.find(True).attrs == {"charset": "utf-8"}
    assert "width=device-width" in html.find("meta", attrs={"name": "viewport"})["content"]


@all_reports
def test_a_chapter_weighs_less_than_three_hundred_kilobytes(name, locale):
    chapters = [part for part in parsed(name, locale).find_all("section") if part.find("h2")]
    size = (report_of(name, locale) / "report.html").stat().st_size
    assert size < MOST_BYTES_A_CHAPTER and size / max(1, len(chapters)) < MOST_BYTES_A_CHAPTER


# well formed ----------------------------------------------------------------------


@every_report
def test_there_is_one_main_heading_and_no_level_is_skipped(html):
    levels = [int(heading.name[1]) for heading in html.find_all(re.compile(r"^h[1-6]$"))]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in zip(levels, levels[1:], strict=False)), levels
    assert all(heading.text.strip() for heading in html.find_all(re.compile(r"^h[1-6]$")))


@every_report
def test_every_id_stands_once_and_every_link_leads_somewhere(html):
    ids = [node["id"] for node in html.find_all(id=True)]
    assert sorted(ids) == sorted(set(ids))
    wanted = {link["href"].removeprefix("#") for link in html.find_all("a")}
    for node in html.find_all(True):
        for name, value in node.attrs.items():
            if name == "xlink:href":
                wanted.add(value.removeprefix("#"))
            elif isinstance(value, str):
                wanted |= set(re.findall(r"url\(#([^)]+)\)", value))
    assert wanted <= set(ids)


@every_report
def test_every_link_says_where_it_leads(html):
    for link in html.find_all("a"):
        target = html.find(id=link["href"].removeprefix("#"))
        heading = target if target.name in ("h1", "h2", "h3") else target.find(["h2", "h3"])
        assert link.text.strip() and (link.get("aria-label") or link.text).strip() in heading.text


@every_report
def test_every_table_has_a_caption_heads_with_scope_and_rows_of_one_width(html):
    assert html.find_all("table")
    for table in html.find_all("table"):
        assert table.caption.text.strip()
        heads = table.find_all("th")
        assert all(head.get("scope") in ("col", "row") for head in heads)
        assert all(head.text.strip() for head in heads)
        assert len({len(row.find_all(["th", "td"])) for row in table.find_all("tr")}) == 1
        assert all(row.find("th", scope="row") for row in table.tbody.find_all("tr"))


@every_report
def test_every_picture_has_a_title_a_description_and_a_source_with_what_is_measured(html):
    assert html.find_all("figure")
    for figure in html.find_all("figure"):
        title = figure.figcaption.text.strip()
        assert title and len(title.split()) <= MOST_WORDS_IN_TITLE
        drawing = figure.find(attrs={"role": "img"})
        assert len(drawing["aria-label"].split()) >= 6 and drawing.find("svg")
        assert re.search(r"n = \d", figure.find(class_="source").text)
        assert not drawing.svg.find(["image", "title", "metadata"])


@every_report
def test_no_two_pictures_have_the_same_title_in_one_chapter(html):
    for section in html.find_all("section"):
        titles = [figure.figcaption.text for figure in section.find_all("figure")]
        assert len(titles) == len(set(titles))
        assert len(titles) <= MOST_PICTURES or "annex" in section["class"]


@every_report
def test_nothing_stands_open_and_nothing_is_said_in_pythons_words(html):
    text = html.main.get_text(" ")
    assert not re.search(r"[{}]|\b(None|nan|inf|NaT)\b|\b\d+e[+-]\d+\b|\b\d{4,}\.0\b|<\w+>", text.replace(HOSTILE, ""))
    for cell in html.find_all(["td", "dd", "li", "caption", "figcaption"]):
        assert cell.text.strip() not in ("True", "False", "inf", "nan")


@every_report
def test_no_sentence_says_the_same_twice_in_one_chapter(html):
    for section in html.find_all("section"):
        said = [item.text for item in section.find_all(["li", "p"]) if len(item.text.split()) > 6 and "source" not in item.get("class", [])]
        assert len(said) == len(set(said))


@all_reports
def test_chapters_stand_in_reading_order_with_their_annexes_last(name, locale):
    words = Words(locale)
    heads = [section.find(["h1", "h2"]).text for section in parsed(name, locale).find_all("section")]
    recorded_in = json.loads((report_of(name, locale) / "results.json").read_text("utf-8"))["chapters"]
    chapters = [words.text(f"{chapter}.title") for chapter in READING_ORDER if chapter in recorded_in]
    assert heads[1:] == [*chapters, words.text("data.title"), words.text("front.annex_title")]


def test_confidential_stands_on_every_page_only_where_the_client_file_says_so():
    word = Words("nl_BE").text("common.confidential")
    for name, confidential in (("widening", True), ("retention-250", False)):
        page = parsed(name, "nl_BE")
        assert (word in page.footer.text) is confidential
        assert (word in page.find("style").text) is confidential
    assert "15 februari 2025" in parsed("widening", "nl_BE").footer.text
    assert "15 February 2025" in parsed("widening", "en_GB").footer.text


def test_a_hostile_name_is_text_everywhere():
    page = parsed("hostile", "nl_BE")
    assert page.h1.text == HOSTILE.replace("\n", " ")
    assert not page.find_all(["script", "img"]) and len(page.find_all("style")) == 1
    assert "alert(1)" in page.title.text and "🥖" in page.footer.text
    assert HOSTILE in page.find(class_="source").text


# page 1 ---------------------------------------------------------------------------

NUMBER = (
    r"(?:US\$|[€£$])?\s?[+\u2212-]?(?:US\$|[€£$])?\s?\d(?:[\d.,]*\d)?"
    r"(?:%|\s?(?:miljoen|million|miljard|biljoen|billion|trillion|mln|bn|m)\b)?"
)
SPOKEN = r"(\d+) (?:op de|out of|in) (\d+)"
RANGES = (
    rf"{SPOKEN}, (?:tussen|between) {NUMBER} (?:en|and) {NUMBER}",
    rf"(?:tussen|between) {NUMBER} (?:en|and) {NUMBER}",
    SPOKEN,
    rf"{NUMBER} (?:to|tot) {NUMBER}",
)


def page_one(name: str, locale: str) -> tuple[Tag, str]:
    """Page 1 and what it says outside its picture and that picture's caption, in plain spaces."""
    section = parsed(name, locale).find("section")
    parts = [part for part in section.find_all(["p", "dt", "dd", "li", "h2"]) if not part.find_parent("figure")]
    # the subtitle holds the dates, the banner what kind of figures these are
    said = [part.get_text(" ") for part in parts if not {"client", "banner"} & set(part.get("class", []))]
    return section, re.sub(r"\s+", " ", " | ".join(said))


@all_reports
def test_page_one_has_at_most_a_hundred_and_twenty_words_and_one_picture(name, locale):
    section, said = page_one(name, locale)
    words = [word for word in said.replace("|", " ").split() if re.search(r"\w", word)]
    assert len(words) <= MOST_WORDS, len(words)
    assert len(section.find_all("figure")) == 1


def figures_in(said: str) -> list[str]:
    """The figures that a text gives; a range counts as one."""
    for pattern in RANGES:
        said = re.sub(pattern, "§", said)
    return re.findall(rf"§|{NUMBER}", said)


@all_reports
def test_page_one_has_at_most_seven_figures_and_a_range_counts_as_one(name, locale):
    _, said = page_one(name, locale)
    assert 1 <= len(figures_in(said)) <= MOST_FIGURES, figures_in(said)


def test_a_range_counts_as_one_figure():
    assert len(figures_in("tussen € 310.000 en € 390.000 per jaar, en 28 klanten")) == 2
    assert len(figures_in("8 op de 10, tussen 79% en 84%")) == len(figures_in("8 in 10, between 79% and 84%")) == 1
    assert len(figures_in("73 more customers, at most €240,000.")) == 2
    assert len(figures_in("between £41,000 and £60,000 | \u221224")) == 2


@all_reports
def test_page_one_opens_with_one_sentence_and_has_at_most_three_figures_and_three_actions(name, locale):
    section, _ = page_one(name, locale)
    verdict = section.find(class_="verdict").text.strip()
    assert verdict.endswith(".") and len(re.findall(r"[.!?](?:\s|$)", verdict)) == 1
    assert 1 <= len(section.find_all("dt")) == len(section.find_all("dd")) <= 3
    assert len(section.find_all("ol")) <= 1 and all(item.a for item in section.select("ol li"))
    assert len(section.select("ol li")) <= 3
    assert section.find(class_="mind")


def parse(token: str, locale: str) -> tuple[float, float, str]:
    """A figure as printed: its value, how far its rounding may lie from the truth, and its unit."""
    kind = "money" if re.search(r"[€£$]", token) else "share" if "%" in token else "count"
    digits = re.search(r"\d[\d.,]*", token)[0]
    thousands, decimal = (".", ",") if locale.startswith("nl") else (",", ".")
    whole, _, fraction = digits.replace(thousands, "").partition(decimal)
    value = float(f"{whole}.{fraction or 0}")
    rough = 0.5 * 10 ** -len(fraction)
    if kind == "money" and not fraction and value >= 100:
        rough = 0.5 * 10 ** (len(whole) - 2)  # as people speak: two digits that count
    if kind == "share" and 99 < value < 100:  # nearly all is never printed as all
        rough *= 2
    scale = {"miljoen": 1e6, "million": 1e6, "m": 1e6, "mln": 1e6, "miljard": 1e9, "billion": 1e9, "bn": 1e9, "biljoen": 1e12, "trillion": 1e12}
    times = next((size for word, size in scale.items() if re.search(rf"\d\s?{word}\b", token)), 1)
    times = 0.01 if kind == "share" else times
    sign = -1 if re.search("[\u2212-]", token) else 1
    return sign * value * times, rough * times * (1 + 1e-9), kind


HUNDREDTHS = ("points", "score")  # fractions that are printed as a bare number of hundredths


def fits(unit: str, kind: str) -> bool:
    """Whether a recorded unit may be what a printed figure shows; years and the like print as bare numbers."""
    return unit == kind or kind == "count" and unit not in ("money", "share")


def recorded(folder: Path) -> tuple[list[tuple[float, str]], set[str]]:
    """Every value and bound in results.json as it is printed, with its unit; and every text that stands there."""
    found = json.loads((folder / "results.json").read_text("utf-8"))
    entries = [number for chapter in found["chapters"].values() for number in chapter["numbers"]]
    numbers = [
        (number[part] * (100 if number["unit"] in HUNDREDTHS else 1), number["unit"])
        for number in entries
        for part in ("value", "low", "high")
        if "unit" in number and isinstance(number.get(part), int | float)
    ]
    planned = [n for n in entries if n["name"].startswith("plan_") and n.get("unit") == "count" and n["value"]]
    numbers += [(float(f"{number['value']:.2g}"), "count") for number in planned]  # a plan is said to two digits
    return numbers, {number["value"] for number in entries if isinstance(number.get("value"), str)}


@all_reports
def test_every_figure_on_page_one_stands_in_the_results_to_its_rounding(name, locale):
    section, said = page_one(name, locale)
    numbers, texts = recorded(report_of(name, locale))
    shown = [node.get_text(" ") for node in section.select("figure text, figcaption")]
    said += " | " + " | ".join(text for text in shown if text.strip() not in texts)  # such as the answers of a rung
    said = re.sub(r"\b[KQ][1-4]\b|\b(?:19|20)\d\d\b", "", said)  # periods under the bars
    said = re.sub(r"\s+", " ", said)
    for some, every in re.findall(SPOKEN, said):
        share = int(some) / int(every)
        assert any(unit == "share" and abs(value - share) <= 0.5 / int(every) + 1e-9 for value, unit in numbers)
    tokens = re.findall(NUMBER, re.sub(SPOKEN, "", said))
    assert tokens
    for token in tokens:
        value, rough, kind = parse(token, locale)
        close = [number for number, unit in numbers if fits(unit, kind) and abs(abs(number) - abs(value)) <= rough]
        assert close, f"{token} is not in results.json"


def test_reading_a_printed_figure_knows_its_locale():
    assert parse("€ 350.000", "nl_BE") == (350_000, pytest.approx(5_000), "money")
    assert parse("€2.5 million", "en_GB") == (2_500_000, pytest.approx(50_000), "money")
    assert parse("25,4%", "nl_NL") == (pytest.approx(0.254), pytest.approx(0.0005), "share")
    assert parse("\u221224", "nl_BE") == (-24, pytest.approx(0.5), "count")
    assert parse("1,174", "en_GB") == (1174, pytest.approx(0.5), "count")
