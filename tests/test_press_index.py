"""The page about all clients: whole in itself, escaped, light, sorted, readable on a desk, a phone and paper."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import DESK, HOSTILE, PHONE, calm_browser, opened
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as some

from toolkit.press.index import STATUSES, index_page
from toolkit.words import LOCALES, Words

FAILED = STATUSES[2:]


def record(name: str, status: str = "done", **more: Any) -> dict[str, Any]:
    """A client's record as the manifest has it: a report in two locales, or a cause."""
    client = more.pop("client", name.lower().replace(" ", "-"))
    made = {"name": name, "client": client, "status": status, "cause": "", "file": f"../klanten/{client}/client.toml"}
    if status in STATUSES[:2]:
        files = ("report.html", "results.json", "report.ipynb")
        made["outputs"] = {f"{client}/{locale}/{file}": "0" * 64 for locale in ("nl_BE", "en_GB") for file in files}
        made["figures"] = {
            "nl_BE": [["Behouden klanten", "80% (75% tot 85%)"], ["Lek per jaar", "€ 50.000"]],
            "en_GB": [["Customers kept", "80% (75% to 85%)"], ["Leak a year", "€50,000"]],
        }
        made["verdict"] = {"nl_BE": "U verliest 1 op de 5 klanten per jaar.", "en_GB": "You lose 1 in 5 customers a year."}
    else:
        made |= {"cause": "Er ging iets mis: ZeroDivisionError.", "log": f"{client}/error.log"}
    return made | more


def many(clients: int) -> list[dict[str, Any]]:
    """Records of many clients, one in fifty of them failed, in every way there is."""
    states = {n: FAILED[(n // 50) % len(FAILED)] for n in range(0, clients, 50)}
    return [record(f"Schrijnwerkerij De Klaver {n:04d}", states.get(n, "done")) for n in range(clients)]


def parsed(records: list[dict[str, Any]], locale: str = "nl_BE") -> BeautifulSoup:
    """The page about these records as a tree."""
    return BeautifulSoup(index_page(records, Words(locale)), "html.parser")


def names_in(table: Any) -> list[str]:
    """The clients of a table, from top to bottom."""
    return [head.find(string=True) for head in table.select("tbody th")]


MIXED = [record("Zeilmakerij Ost"), record("bakkerij Peeters"), record("Aannemer Wouters", "error"), record("Drukkerij", "current")]


def test_clients_are_sorted_by_name_and_those_that_failed_come_first_with_cause_file_and_log():
    page = parsed(MIXED)
    failed, made = page.find_all("table")
    assert names_in(made) == ["bakkerij Peeters", "Drukkerij", "Zeilmakerij Ost"]
    assert names_in(failed) == ["Aannemer Wouters"]
    assert "ZeroDivisionError" in failed.text and "klanten/aannemer-wouters/client.toml" in failed.text
    assert failed.a["href"] == "./aannemer-wouters/error.log"


def test_the_order_of_the_records_makes_no_difference():
    assert index_page(MIXED, Words("nl_BE")) == index_page(MIXED[::-1], Words("nl_BE"))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_status_is_counted_in_words(locale):
    words = Words(locale)
    records = [record(f"{status} {n}", status) for n, status in enumerate(STATUSES, 1) for _ in range(n)]
    page = parsed(records, locale)
    counted = [(entry.dt.text, entry.dd.text) for entry in page.select(".counts div")]
    assert counted == [(words.text(f"press.status.{name}"), str(n)) for n, name in enumerate(STATUSES, 1)]
    assert page.html["lang"] == locale.replace("_", "-") and page.h1.text == page.title.text == words.text("index.title")


def test_figures_are_in_the_language_of_the_page_and_in_another_where_it_has_none():
    dutch, english = (parsed([record("Een")], locale).table.text for locale in ("nl_BE", "en_GB"))
    assert "1 op de 5" in dutch and "Lek per jaar" in dutch and "1 in 5" in english and "Leak a year" in english
    assert "1 op de 5" in parsed([record("Een")], "nl_NL").table.text


def test_each_locale_has_its_links_and_a_pdf_only_where_there_is_one():
    one = record("Een")
    assert [link["href"] for link in parsed([one]).table.find_all("a")] == [
        "./een/en_GB/report.html", "./een/en_GB/results.json", "./een/nl_BE/report.html", "./een/nl_BE/results.json"
    ]  # fmt: skip
    one["outputs"]["een/nl_BE/report.pdf"] = "0" * 64
    assert "./een/nl_BE/report.pdf" in [link["href"] for link in parsed([one]).table.find_all("a")]


def test_a_client_that_failed_but_has_an_earlier_report_stands_in_both_tables():
    failed, made = parsed([record("Een", "killed", outputs={"een/nl_BE/report.html": ""})]).find_all("table")
    assert names_in(failed) == names_in(made) == ["Een"]


def test_a_client_whose_file_could_not_be_read_goes_by_its_file():
    page = parsed([{"client": "", "status": "refused", "cause": "geen TOML", "file": "map/stuk.toml"}])
    assert names_in(page.table) == ["map/stuk.toml"] and not page.find_all("a")


def test_an_empty_folder_says_so():
    page = parsed([])
    assert not page.find_all("table") and Words("nl_BE").text("index.nobody") in page.text


def test_every_column_and_row_has_its_head_and_every_table_its_caption():
    for table in parsed(MIXED).find_all("table"):
        assert table.caption.text.strip() and {head["scope"] for head in table.select("thead th")} == {"col"}
        assert {row.th["scope"] for row in table.select("tbody tr")} == {"row"}
        assert {len(row.find_all(["th", "td"])) for row in table.find_all("tr")} == {len(table.select("thead th"))}


nasty = some.text(max_size=60) | some.sampled_from([HOSTILE, "javascript:alert(1)", "//elders/x", "../../etc", '" onclick="x'])


@given(name=nasty, cause=nasty, file=nasty, figure=nasty, path=nasty)
def test_nothing_in_a_record_becomes_markup_or_leads_out_of_the_folder(name, cause, file, figure, path):
    path = path.replace("/", "-")
    outputs = {f"{path}/nl_BE/report.html": ""}
    shown = {"name": name, "cause": cause, "file": file, "log": f"{path}/error.log", "outputs": outputs, "figures": {"nl_BE": [[figure, figure]]}}
    page = parsed([{"client": path, "status": "error", **shown}])
    assert not page.find_all(["script", "img", "iframe", "link", "object", "form", "base"])
    for node in page.find_all(True):
        assert not [key for key in node.attrs if key.lower().startswith("on")]
        assert node.get("href", "./").startswith("./") and ":" not in node.get("href", "")
    if cause.strip() and cause.isprintable():
        assert unescape(cause) in page.text or cause in page.text


def test_nothing_is_fetched_and_nothing_runs():
    html = index_page(MIXED, Words("nl_BE"))
    assert not re.search(r"<script|<link|<img|@import|url\(|https?:|\bon\w+=", html)
    assert "default-src 'none'" in html


def test_a_thousand_clients_stay_light():
    html = index_page(many(1000), Words("nl_BE"))
    assert len(html.encode()) < 1_000_000
    assert len(BeautifulSoup(html, "html.parser").select("tbody tr")) == 1000


def test_a_status_without_words_is_an_error():
    with pytest.raises(KeyError, match=r"press\.status\.verdwenen"):
        index_page([record("Een", "verdwenen")], Words("nl_BE"))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_page_is_accessible_and_fits_its_window(tmp_path, size):
    records = [*many(60), record("Hostel " + HOSTILE, client="hostel"), record("O" * 120, "error", client="lang", cause="x" * 300)]
    (tmp_path / "index.html").write_text(index_page(records, Words("nl_BE")), encoding="utf-8")
    with calm_browser() as chromium, opened(chromium, (tmp_path / "index.html").as_uri(), size) as page:
        found = Axe().run(page).response
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert len(page.asked) == 1
