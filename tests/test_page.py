"""The verbs of a page: each shows one thing, returns None, and takes its text from the words."""

from __future__ import annotations

import inspect
import re

import pytest
from browser import COUNTS, HOSTILE, ROOT, client_text, write_client
from bs4 import BeautifulSoup

from toolkit import doors, page
from toolkit.client import load
from toolkit.finding import Finding
from toolkit.page import Page, words_for
from toolkit.picture import BLUE
from toolkit.units import MONEY, SHARE

CLIENTS = ROOT / "templates" / "clients"


@pytest.fixture
def shown(monkeypatch) -> list[dict]:
    """What a page displays during a test."""
    found: list[dict] = []
    monkeypatch.setattr(page, "display", lambda data, raw: found.append(data))
    return found


@pytest.fixture(scope="module")
def widening():
    client = load(CLIENTS / "widening")
    return client, doors.results(client)


def html_of(data: dict) -> BeautifulSoup:
    return BeautifulSoup(data["text/html"], "html.parser")


def test_every_verb_shows_one_thing_and_returns_none(shown, widening):
    client, result = widening
    ours = Page(client, "doors", "nl_BE")
    verbs = {
        "title": lambda: ours.title(),
        "heading": lambda: ours.heading("annex"),
        "say": lambda: ours.say(doors.worth_saying(result)),
        "note": lambda: ours.note("definitions", result),
        "table": lambda: ours.table("flows", result.flows, doors.tables.FLOWS),
        "draw": lambda: ours.draw(doors.in_and_out, result, title=doors.balance_title(result)),
        "compare": lambda: ours.compare(doors.own_figures(result)),
        "numbers": lambda: ours.numbers(result),
        "record": lambda: ours.record(result),
    }
    for count, (name, verb) in enumerate(verbs.items(), 1):
        assert verb() is None, name
        assert len(shown) == count, name
        assert inspect.getdoc(getattr(Page, name)), name


def test_the_first_sentence_stands_alone_and_the_others_follow_as_a_list(shown, widening):
    client, result = widening
    found = doors.worth_saying(result)
    Page(client, "doors", "nl_BE").say(found)
    html = html_of(shown[0])
    assert html.find("p").text == words_for(client, "nl_BE").finding("doors", found[0])
    assert len(html.find_all("li")) == len(found) - 1


def test_nothing_to_say_shows_nothing(shown, widening):
    client, result = widening
    ours = Page(client, "doors")
    ours.say([])
    ours.table("flows", (), doors.tables.FLOWS)
    ours.draw(doors.two_leaks, result, title=None)
    assert shown == []


def test_one_finding_may_stand_without_a_list(shown, widening):
    client, result = widening
    Page(client, "doors").say(Finding("widening", result))
    html = html_of(shown[0])
    assert "91%" in html.text and "82%" in html.text and not html.find("li")


def test_a_table_has_a_caption_and_says_of_every_head_what_it_heads(shown, widening):
    client, result = widening
    Page(client, "doors", "en_GB").table("flows", result.flows, doors.tables.FLOWS)
    table = html_of(shown[0]).table
    heads = [cell for cell in table.find_all("th")]
    assert table.caption.text.strip() and {cell["scope"] for cell in heads} == {"col", "row"}
    rows = table.tbody.find_all("tr")
    assert len(rows) == len(result.flows) == 5
    assert [cell.text for cell in rows[-1].find_all(["th", "td"])][:2] == ["2024", "1,174"]
    assert {len(row.find_all(["th", "td"])) for row in table.find_all("tr")} == {len(doors.tables.FLOWS)}


def test_a_table_can_be_reached_with_the_keyboard_where_it_scrolls(shown, widening):
    client, result = widening
    Page(client, "doors").table("flows", result.flows, doors.tables.FLOWS)
    box = html_of(shown[0]).find(attrs={"role": "region"})
    assert box["tabindex"] == "0" and box["aria-label"] == box.caption.text


def test_what_the_figures_cannot_say_is_a_word_and_never_an_empty_cell(shown, tmp_path):
    client = load(write_client(tmp_path, "nieuw", client_text("Nieuw", "start = 0\nnew = 3\nlost = 0")))
    ours = Page(client, "doors", "nl_BE")
    ours.table("flows", doors.results(client).flows, doors.tables.FLOWS)
    ours.numbers(doors.results(client))
    for data in shown:
        cells = [cell.text.strip() for row in html_of(data).tbody.find_all("tr") for cell in row.find_all(["th", "td"])]
        assert not {"None", "nan", "inf"} & set(cells)
    assert html_of(shown[0]).tbody.find_all("td")[-1].text == words_for(client).text("common.unknown")


def test_a_drawing_has_a_title_a_description_and_a_source(shown, widening):
    client, result = widening
    Page(client, "doors", "nl_BE").draw(doors.in_and_out, result, title=doors.balance_title(result), place="front")
    figure = html_of(shown[0]).figure
    assert figure["id"] == "front-in_and_out"
    assert re.findall(r"\d+", figure.figcaption.text) == ["24"]
    drawing = figure.find(attrs={"role": "img"})
    assert "217" in drawing["aria-label"] and drawing.find("svg")
    source = figure.find(class_="source").text.replace("\xa0", " ")
    assert "Klantenadministratie (fictief)" in source and "n = 1.174 klanten" in source and "gemeten" in source


def test_a_title_of_more_than_fourteen_words_is_an_error_that_names_it(monkeypatch, shown, widening):
    client, result = widening
    ours = Page(client, "doors", "nl_BE")
    monkeypatch.setattr(ours, "text", lambda key, *rest, **more: "een " * 15)
    with pytest.raises(ValueError, match="doors.pictures.in_and_out.titles.more_out"):
        ours.draw(doors.in_and_out, result, title=doors.balance_title(result))
    assert shown == []


def test_a_picture_without_words_for_its_source_or_description_is_not_shown(shown, widening):
    client, result = widening

    def wordless(figure, words, about, *reach):
        figure.add_axes((0, 0, 1, 1)).bar(0, 1, color=BLUE)
        return lambda now: None

    with pytest.raises(KeyError, match="doors.pictures.wordless"):
        Page(client, "doors", "nl_BE").draw(wordless, result, title=Finding("any", result))
    assert shown == []


def test_a_claim_stands_beside_the_clients_own_figure_or_beside_not_measured(shown, widening):
    client, _ = widening
    own = {"retention_ratio": (0.8, SHARE), "ton": (123_456.0, MONEY)}
    ours = Page(client, "doors", "nl_BE")
    ours.compare(own)
    rows = [[cell.text for cell in row.find_all(["th", "td"])] for row in html_of(shown[0]).tbody.find_all("tr")]
    figures = [row[2].replace("\xa0", " ") for row in rows]
    assert figures[:2] == ["80%", "€ 120.000"] and set(figures[2:]) == {ours.words.text("common.not_measured")}
    assert all(row[3] for row in rows), "a claim without its trail"


def test_the_record_is_typed_output_with_a_unit_and_a_definition_for_every_number(shown, widening):
    client, result = widening
    Page(client, "doors", "en_GB").record(result)
    (data,) = shown
    numbers = data[page.RESULTS]["numbers"]
    assert data[page.RESULTS]["chapter"] == "doors" and data["text/plain"] == ""
    kept = next(number for number in numbers if number["name"] == "retention")
    assert (kept["value"], kept["n"], kept["unit"], kept["confidence"]) == (957 / 1174, 1174, "share", 0.95)
    assert kept["low"] < kept["value"] < kept["high"] and kept["definition"] and kept["source"]


def test_whatever_a_client_is_called_is_shown_as_text(shown, tmp_path):
    text = client_text(HOSTILE, COUNTS + f"\nsource = '''{HOSTILE}'''")
    client = load(write_client(tmp_path, "vijand", text))
    result = doors.results(client)
    ours = Page(client, "doors", "nl_BE")
    ours.draw(doors.in_and_out, result, title=doors.balance_title(result))
    ours._show("page_one", client.client.name, HOSTILE, HOSTILE, [(HOSTILE, HOSTILE)], HOSTILE)
    ours._show("actions", HOSTILE, [(HOSTILE, HOSTILE, "doors", HOSTILE)], HOSTILE)
    ours._show("table", HOSTILE, [HOSTILE], [[HOSTILE]])
    ours._show("listing", [HOSTILE])
    for data in shown:
        html = html_of(data)
        assert not html.find(["script", "img", "style"]), data["text/html"][:200]
        assert HOSTILE in html.get_text() or HOSTILE.split(" $")[0] in html.get_text()


def test_the_reader_is_addressed_as_the_client_file_says(shown, tmp_path):
    for address in ("u", "je"):
        text = client_text("Klein").replace('currency = "EUR"', f'currency = "EUR"\naddress = "{address}"')
        client = load(write_client(tmp_path, address, text))
        assert words_for(client).text("doors.verdicts.in_balance").startswith(address.capitalize() + " wint")


@pytest.mark.parametrize("origin", ["own", "published", "fictional", "generated"])
def test_the_origin_of_figures_is_what_the_client_file_says(tmp_path, origin):
    text = client_text("Klein").replace("report_date", f'origin = "{origin}"\nreport_date')
    ours = Page(load(write_client(tmp_path, "klein", text)), "doors", "nl_BE")
    assert ours.origin() == ours.words.text(f"common.origins.{origin}")


def test_a_source_that_the_client_names_stands_before_the_origin(tmp_path):
    text = client_text("Klein", COUNTS + '\nsource = "Jaarverslag 2024"')
    assert Page(load(write_client(tmp_path, "klein", text)), "doors", "nl_BE").origin() == "Jaarverslag 2024"


def test_figures_counted_from_a_log_name_the_file_and_no_folder():
    assert Page(load(CLIENTS / "living"), "doors", "nl_BE").origin() == "transacties in transacties.csv"
    assert Page(load(CLIENTS / "cdnow"), "doors", "en_GB").origin().endswith(" CDNOW_master.txt")
