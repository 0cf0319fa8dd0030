"""Findings, not refusals: odd figures and hostile names get a report like any other, and names are shown as text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from conftest import FROM_LOG, LOG, ODD, client_text, write_client, write_log

from toolkit.__main__ import main
from toolkit.client import load

ODD_COUNTS = {
    "nobody-lost": "start = 250\nnew = 60\nlost = 0",
    "nobody-left": "start = 250\nnew = 0\nlost = 250\nturnover_per_customer = 100",
    "one-customer": "start = 1\nnew = 0\nlost = 0",
    "nobody-yet": "start = 0\nnew = 5\nlost = 0",
}


@pytest.fixture(scope="module")
def odd_reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the reports of clients that are odd, but not wrong."""
    folder = tmp_path_factory.mktemp("odd")
    for name, counts in ODD_COUNTS.items():
        write_client(folder / name, client_text(counts))
    (folder / "names.toml").write_bytes((ODD / "names.toml").read_bytes())
    write_client(
        folder / "hostile-log",
        client_text(FROM_LOG, more=LOG.replace("log.csv", "log & $x^2$ {0}.csv"), locales='["en_GB"]'),
    )
    write_log(folder / "hostile-log", "an;2023-01-01;5,00\nbo;2023-11-01;5,00\nan;2024-09-01;5,00\nan;2024-12-01;5,00")
    (folder / "hostile-log" / "log.csv").rename(folder / "hostile-log" / "log & $x^2$ {0}.csv")
    clients = [folder / name for name in (*ODD_COUNTS, "names.toml", "hostile-log")]
    result = CliRunner().invoke(main, ["report", *map(str, clients), "--out", str(folder / "out")])
    assert result.exit_code == 0, result.output
    return folder / "out"


def page(odd_reports: Path, name: str, locale: str = "nl_BE") -> BeautifulSoup:
    """One report, read as a browser reads it."""
    return BeautifulSoup((odd_reports / name / locale / "report.html").read_text(encoding="utf-8"), "html.parser")


@pytest.mark.parametrize("name", ODD_COUNTS)
def test_a_client_that_is_merely_odd_gets_a_report_with_a_verdict(odd_reports: Path, name: str):
    html = page(odd_reports, name)
    text = html.get_text(" ")
    assert html.select_one(".verdict").get_text().strip()
    assert not re.search(r"\b(nan|inf|None|NaN|Infinity)\b", text)


def test_where_nobody_could_leave_yet_retention_is_not_yet_known(odd_reports: Path):
    numbers = json.loads((odd_reports / "nobody-yet" / "nl_BE" / "results.json").read_text(encoding="utf-8"))
    (retention,) = (one for one in numbers["chapters"]["doors"]["numbers"] if one["name"] == "retention")
    assert retention["value"] is None
    assert (
        "nog niet" in page(odd_reports, "nobody-yet").get_text()
        or "nog niets" in page(odd_reports, "nobody-yet").get_text()
    )


@pytest.mark.parametrize("locale", ["nl_BE", "en_GB"])
def test_a_name_is_text_wherever_it_is_shown(odd_reports: Path, locale: str):
    client, html = load(ODD / "names.toml"), page(odd_reports, "names", locale)
    name, source = client.client.name, client.doors.source
    assert html.h1.get_text() == name
    assert name in html.title.get_text()
    assert name in html.footer.get_text()
    assert [line for line in html.select(".source") if source in line.get_text()]
    assert {tag.name for tag in html.find_all(True)}.isdisjoint(
        {"script", "img", "iframe", "object", "link", "base", "form"}
    )
    assert not [attribute for tag in html.find_all(True) for attribute in tag.attrs if attribute.startswith("on")]
    assert "49" not in html.h1.get_text()


def test_the_footer_in_print_says_the_name_and_its_style_sheet_cannot_be_left(odd_reports: Path):
    html = page(odd_reports, "names")
    (style,) = html.head.find_all("style")
    (content,) = re.findall(r'@bottom-left \{ content: "((?:[^"\\\n]|\\.)*)"', style.string)
    spoken = re.sub(r"\\([0-9a-f]{1,6}) ?", lambda found: chr(int(found[1], 16)), content)
    assert spoken.startswith(load(ODD / "names.toml").client.name)
    assert "<" not in content


def test_names_are_text_in_drawings_and_in_their_descriptions(odd_reports: Path):
    html = page(odd_reports, "names")
    drawings = html.select(".drawing")
    assert drawings
    for drawing in drawings:
        assert drawing["aria-label"].strip()
        assert {tag.name for tag in drawing.find_all(True)}.isdisjoint({"script", "img", "foreignobject", "a"})


def test_the_name_of_a_log_is_text_under_its_pictures(odd_reports: Path):
    html = page(odd_reports, "hostile-log", "en_GB")
    assert [line for line in html.select(".source") if "log & $x^2$ {0}.csv" in line.get_text()]


def test_names_are_the_same_text_in_the_numbers_and_in_the_notebook(odd_reports: Path):
    name = load(ODD / "names.toml").client.name
    folder = odd_reports / "names" / "nl_BE"
    assert json.loads((folder / "results.json").read_text(encoding="utf-8"))["client"]["name"] == name
    assert json.loads((folder / "report.ipynb").read_text(encoding="utf-8"))["nbformat"] == 4
