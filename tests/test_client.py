"""A client file becomes one typed, frozen client; odd figures and odd names are findings, not refusals."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from conftest import COUNTS, EXAMPLES, ODD, client_text, make_client, write_client
from hypothesis import given
from hypothesis import strategies as some
from pydantic import ValidationError

from toolkit import doors
from toolkit.client import CHAPTERS, Client, language_hint, load
from toolkit.finding import Refused
from toolkit.ids import is_safe, safe_id
from toolkit.opening import Stopped, open_client, refusal_lines

# a client ------------------------------------------------------------------------------------


def test_a_client_file_becomes_a_client_with_fractions_inside(tmp_path: Path):
    client = make_client(tmp_path / "peeters", client_text(f'{COUNTS}\ntarget_retention = "85%"'))
    assert (client.client.name, client.client.locales, client.client.currency) == (
        "Bakkerij Peeters",
        ("nl_BE",),
        "EUR",
    )
    assert (client.client.period.from_, client.client.period.to) == (date(2024, 1, 1), date(2024, 12, 31))
    assert (client.doors.start, client.doors.target_retention) == (250, 0.85)
    assert (client.chapters, client.id, client.folder) == (("doors",), "peeters", tmp_path / "peeters")


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_every_shipped_example_is_a_client_under_the_name_of_its_folder(folder: Path):
    client = load(folder)
    assert client.id == folder.name
    assert {"nl_BE", "en_GB"} <= set(client.client.locales)


def test_a_file_and_its_folder_name_the_same_client(tmp_path: Path):
    file = write_client(tmp_path)
    assert load(file) == load(file.parent) == load(str(file))


def test_a_client_cannot_be_changed_in_place(tmp_path: Path):
    client = make_client(tmp_path)
    for part, name in (
        (client, "doors"),
        (client.doors, "start"),
        (client.client, "name"),
        (client.economics, "gross_margin"),
    ):
        with pytest.raises(ValidationError):
            setattr(part, name, None)


@pytest.mark.parametrize("text", ["\ufeff" + client_text(), client_text().replace("\n", "\r\n")])
def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path, text: str):
    assert make_client(tmp_path, text).doors.start == 250


def test_a_name_is_one_line_of_what_can_be_printed(tmp_path: Path):
    assert (
        make_client(tmp_path, client_text(name='"  Bakkerij\\n\\u0007 Peeters\\t🥖 "')).client.name
        == "Bakkerij Peeters 🥖"
    )


@pytest.mark.parametrize(
    ("file", "ident"),
    [
        ("peeters/client.toml", "peeters"),
        ("peeters/acme.toml", "acme"),
        ("Peeters & Zn/client.toml", "peeters-zn"),
        ("CON/client.toml", "client-con"),
        ("🥖/client.toml", "client"),
        ("a/été 2024.toml", "ete-2024"),
    ],
)
def test_without_an_id_the_name_of_the_file_or_its_folder_is_the_id(tmp_path: Path, file: str, ident: str):
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(client_text(), encoding="utf-8")
    assert load(path).id == ident


@given(some.text(max_size=80))
def test_any_name_has_an_id_near_it_that_every_system_can_have_as_a_folder(name: str):
    found = safe_id(name)
    assert is_safe(found)
    assert safe_id(found) == found


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "a\\b",
        "CON",
        "con",
        "Nul",
        "lpt1",
        "com9.txt",
        "-rf",
        "_x",
        "a b",
        "é",
        "x" * 65,
        "a\n",
    ],
)
def test_what_some_system_cannot_have_as_a_folder_is_not_safe(name: str):
    assert not is_safe(name)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_presence_of_a_section_is_presence_of_a_chapter(chapter: str):
    assert chapter in Client.model_fields


# the language of a refusal -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locales", "hint"), [('["en_GB"]', "en_GB"), ("['nl_NL', 'en_GB']", "nl_NL"), ('["fr_FR"]', None), ("3", None)]
)
def test_a_broken_file_is_refused_in_the_first_language_that_it_names(tmp_path: Path, locales: str, hint: str | None):
    assert language_hint(write_client(tmp_path, client_text(locales=locales) + "\nbroken")) == hint


def test_without_a_file_there_is_no_hint(tmp_path: Path):
    assert language_hint(tmp_path / "nobody.toml") is None
    assert language_hint(tmp_path / ("a" * 5000)) is None


def test_a_notebook_shows_the_refusals_as_text_in_the_clients_language(tmp_path: Path):
    path = write_client(tmp_path, client_text(currency='"euro"', locales='["en_GB"]'))
    with pytest.raises(Stopped) as caught:
        open_client(path)
    (line,) = caught.value._render_traceback_()
    assert "client.currency" in line and "euro" in line
    with pytest.raises(Refused) as refused:
        load(path)
    assert line == refusal_lines(refused.value, "en_GB")[0]


# findings, not refusals ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "counts",
    [
        "start = 250\nnew = 0\nlost = 0",
        "start = 250\nnew = 0\nlost = 250",
        "start = 1\nnew = 0\nlost = 0",
        "start = 0\nnew = 5\nlost = 0",
        "start = 250\nnew = 0\nend = 0",
        "start = 250\nnew = 60\nlost = 50\nturnover_per_customer = 0",
    ],
)
def test_figures_that_are_merely_odd_are_a_result(tmp_path: Path, counts: str):
    assert doors.results(make_client(tmp_path, client_text(counts))).flows


def test_names_that_try_to_be_more_than_text_are_names():
    client = load(ODD / "names.toml")
    assert client.client.name.startswith("<script>alert(1)</script>")
    assert client.doors.source.endswith("🧾")


@pytest.mark.parametrize(
    "span",
    [
        "{ from = 0001-01-01, to = 0001-12-31 }",
        "{ from = 0001-01-01, to = 9999-12-31 }",
        "{ from = 2024-02-29, to = 2024-02-29 }",
    ],
)
def test_the_ends_of_the_calendar_are_read_or_refused(tmp_path: Path, span: str):
    try:
        result = doors.results(make_client(tmp_path, client_text(period=span, report_date="2200-01-01")))
    except Refused as refused:
        assert refused.refusals
    else:
        assert result.retention
