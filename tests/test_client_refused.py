"""What bad input gets: a refusal with file, field or row and column, what was given and what to try, all at once.

Every line of the list in issue 2, section 7, is here; what the command line makes of
it (exit code 2, nothing written, the client's language) is in `test_commands`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from conftest import COUNTS, FROM_LOG, LOG, ODD, client_text, make_client, write_client, write_log

from toolkit import doors, worth
from toolkit.client import load
from toolkit.finding import Refusal, Refused
from toolkit.opening import refusal_lines
from toolkit.words import LOCALES


def refusals(path: Path) -> tuple[Refusal, ...]:
    """What is wrong with a client file, and else with its data; every refusal is sayable in every locale."""
    with pytest.raises(Refused) as caught:
        doors.results(load(path))
    found = caught.value
    for locale in LOCALES:
        lines = refusal_lines(found, locale)
        assert lines and not [line for line in lines if not line.strip() or re.search(r"\{\w+(:\w+)?\}", line)]
    return found.refusals


def named(path: Path) -> list[tuple[str, str]]:
    """Name and field of all that is wrong."""
    return [(refusal.name, refusal.field) for refusal in refusals(path)]


def period(first: str, last: str, **counts: int) -> str:
    """One `[[doors.periods]]`."""
    lines = [f"from = {first}", f"to = {last}", *(f"{name} = {count}" for name, count in counts.items())]
    return "[[doors.periods]]\n" + "\n".join(lines) + "\n"


# what bad input gets: the client file --------------------------------------------------------


def test_a_file_that_is_not_there(tmp_path: Path):
    (found,) = refusals(tmp_path / "nobody.toml")
    assert (found.name, found.file) == ("no_such_file", str(tmp_path / "nobody.toml")[:80])


def test_a_folder_without_a_client_file(tmp_path: Path):
    (found,) = refusals(tmp_path)
    assert (found.name, found.file) == ("folder_without_client", tmp_path.name)


def test_a_name_too_long_for_any_file(tmp_path: Path):
    assert [name for name, _ in named(tmp_path / ("a" * 5000))] == ["no_such_file"]


@pytest.mark.parametrize(
    ("text", "name", "row"),
    [
        (client_text() + "what is this", "not_toml", 14),
        (client_text() + "start = 1", "not_toml", 14),
        (client_text(currency="EUR"), "not_toml", 4),
        (client_text(report_date="2025-02-30"), "not_toml", 6),
        (client_text() + "a = " + "[" * 5000, "not_toml", 14),
        (client_text(name='"Café"').encode("cp1252"), "not_utf8", 2),
        (client_text().encode("utf-16"), "not_utf8", 1),
        (b"\x00\x01\x02", "not_toml", 1),
        (b"PK\x03\x04\xff\xfe", "not_utf8", 1),
    ],
    ids=["garbage", "twice", "unquoted", "30-february", "nested", "cp1252", "utf-16", "control", "zip"],
)
def test_what_is_not_toml_in_utf_8_is_refused_with_its_row(tmp_path: Path, text: Any, name: str, row: int):
    (found,) = refusals(write_client(tmp_path, text))
    assert (found.name, found.file, found.row) == (name, "client.toml", row)


def plus(line: str) -> str:
    """A client file with one more line under `[doors]`."""
    return client_text(f"{COUNTS}\n{line}")


def from_log(*, doors: str = FROM_LOG, more: str = "", instead: tuple[str, str] = ("", "")) -> str:
    """A client file that counts from a log, with more under `[log]`, or one thing in it replaced."""
    return client_text(doors, more=f"{LOG}\n{more}".replace(*instead))


BACKWARDS = "from = 2024-12-31, to = 2024-01-01"
TWO_YEARS = "{ from = 2023-01-01, to = 2024-12-31 }"
Y2023 = period("2023-01-01", "2023-12-31", start=100, new=20, lost=10)
Y2024 = period("2024-01-01", "2024-12-31", start=110, new=20, lost=10)
OVERLAPPING = period("2023-12-31", "2024-12-31", start=110, new=20, lost=10)
TORN = period("2024-01-01", "2024-12-31", start=111, new=20, lost=10)
TURNED = period("2024-12-31", "2024-01-01", start=100, new=20, lost=10)
NOT_ADDING_UP = period("2024-01-01", "2024-12-31", start=100, new=20, lost=10, end=111)
OF_2010 = period("2010-01-01", "2010-12-31", start=100, new=20, lost=10)
HUGE = "0x" + "f" * 5000
MARGIN_40 = "[economics]\ngross_margin = 40"

WRONG = [
    # what is wrong, the file, the refusal, where
    ("an empty file", "", "missing", "client"),
    ("an unknown key", plus("zebra = 3"), "unknown_key", "doors.zebra"),
    ("a misspelt key", plus("reactivatd = 3"), "misspelt_key", "doors.reactivatd"),
    ("an unknown section", client_text(more="[zebra]\nstripes = 3"), "unknown_key", "zebra"),
    ("a key without a name", plus('"" = 3'), "unknown_key", "doors."),
    ("no chapter", client_text().partition("[doors]")[0], "no_chapter", ""),
    ("a number for a section", "doors = 3\n" + client_text().partition("[doors]")[0], "not_a_section", "doors"),
    ("a field left out", client_text(currency=None), "missing", "client.currency"),
    ("a name that is empty", client_text(name='""'), "empty_text", "client.name"),
    ("a name that is a number", client_text(name="3"), "not_text", "client.name"),
    ("a name without end", client_text(name=f'"{"x" * 121}"'), "long_text", "client.name"),
    ("no locale", client_text(locales="[]"), "empty_list", "client.locales"),
    ("a locale of nobody", client_text(locales='["fr_BE"]'), "not_one_of", "client.locales.1"),
    ("a locale that is no list", client_text(locales='"nl_BE"'), "not_a_list", "client.locales"),
    ("a currency of nobody", client_text(currency='"euro"'), "not_a_currency", "client.currency"),
    ("an address of nobody", client_text(address='"gij"'), "not_one_of", "client.address"),
    ("perhaps confidential", client_text(confidential='"perhaps"'), "not_yes_or_no", "client.confidential"),
    ("a date in words", client_text(report_date='"31 januari 2025"'), "not_a_date", "client.report_date"),
    ("a moment for a date", client_text(report_date="2025-01-31T12:00:00"), "not_a_date", "client.report_date"),
    ("a date of another age", client_text(report_date="2525-01-31"), "year_out_of_reach", "client.report_date"),
    ("a period turned round", client_text(period=f"{{ {BACKWARDS} }}"), "ends_before_it_starts", "client.period"),
    ("a period without an end", client_text(period="{ from = 2024-01-01 }"), "missing", "client.period.to"),
    ("a report before the end", client_text(report_date="2024-12-30"), "reported_before_end", "client.report_date"),
    ("an id that climbs", client_text(id='"../peeters"'), "unsafe_id", "client.id"),
    ("an id with a slash", client_text(id='"a/b"'), "unsafe_id", "client.id"),
    ("an id with a backslash", client_text(id="'a\\b'"), "unsafe_id", "client.id"),
    ("an id that Windows keeps", client_text(id='"CON"'), "unsafe_id", "client.id"),
    ("an id that Windows keeps in any case", client_text(id='"lpt1"'), "unsafe_id", "client.id"),
    ("an id that is empty", client_text(id='""'), "unsafe_id", "client.id"),
    ("an id that is a dot", client_text(id='"."'), "unsafe_id", "client.id"),
    ("an id beginning with a hyphen", client_text(id='"-rf"'), "unsafe_id", "client.id"),
    ("85 for a share", plus("target_retention = 85"), "share_as_percentage", "doors.target_retention"),
    ("40 for a share", client_text(more=MARGIN_40), "share_as_percentage", "economics.gross_margin"),
    ("more than everything", plus('target_retention = "101%"'), "out_of_bounds", "doors.target_retention"),
    ("a share in words", plus('target_retention = "high"'), "not_a_share", "doors.target_retention"),
    ("negative money", plus("turnover_per_customer = -1"), "out_of_bounds", "doors.turnover_per_customer"),
    ("money as text", plus('turnover_per_customer = "five"'), "not_a_number", "doors.turnover_per_customer"),
    ("money in euros", plus('turnover_per_customer = "€ 5"'), "amount_with_currency", "doors.turnover_per_customer"),
    ("money in dollars", plus('turnover_per_customer = "5 USD"'), "amount_with_currency", "doors.turnover_per_customer"),
    ("a margin at a loss", client_text(more='[economics]\ngross_margin = "-5%"'), "margin_below_nothing", "economics.gross_margin"),
    ("a negative count", client_text("start = -250\nnew = 60\nlost = 50"), "out_of_bounds", "doors.start"),
    ("a fractional count", client_text("start = 250.5\nnew = 60\nlost = 50"), "not_a_count", "doors.start"),
    ("a count as text", client_text('start = "250"\nnew = 60\nlost = 50'), "not_a_count", "doors.start"),
    ("a count that is no number", client_text("start = nan\nnew = 60\nlost = 50"), "not_a_count", "doors.start"),
    ("a count of 5000 digits", client_text(f"start = {HUGE}\nnew = 60\nlost = 50"), "not_a_count", "doors.start"),
    ("no counts", client_text('source = "boekhouding"'), "no_counts", "doors"),
    ("no start", client_text("new = 60\nlost = 50"), "count_missing", "doors.start"),
    ("no new", client_text("start = 250\nlost = 50"), "count_missing", "doors.new"),
    ("neither lost nor end", client_text("start = 250\nnew = 60"), "lost_or_end_missing", "doors"),
    ("the end below the new", client_text("start = 250\nnew = 60\nend = 59"), "end_below_new", "doors"),
    ("the end below who came", client_text("start = 9\nnew = 6\nreactivated = 5\nend = 10"), "end_below_new", "doors"),
    ("an end above what can be", client_text("start = 250\nnew = 60\nend = 311"), "end_above_possible", "doors"),
    ("more lost than there were", client_text("start = 250\nnew = 60\nlost = 251"), "lost_above_start", "doors"),
    ("counts that do not add up", plus("end = 261"), "does_not_add_up", "doors"),
    ("more recommended than won", plus("won_by_recommendation = 61"), "recommended_above_won", "doors"),
    ("counts and a series", client_text(f"{COUNTS}\n{Y2024}"), "counts_given_twice", "doors"),
    ("counts and a log", from_log(doors=f"{COUNTS}\n{FROM_LOG}"), "counts_given_twice", "doors"),
    ("an empty series", client_text("periods = []"), "no_counts", "doors"),
    ("a series that is no list", client_text("periods = 2024"), "not_a_list", "doors.periods"),
    ("periods that overlap", client_text(Y2023 + OVERLAPPING, period=TWO_YEARS), "periods_overlap", "doors"),
    ("periods in disorder", client_text(Y2024 + Y2023, period=TWO_YEARS), "periods_overlap", "doors"),
    ("a start not the last end", client_text(Y2023 + TORN, period=TWO_YEARS), "start_is_not_last_end", "doors"),
    ("a turned period in a series", client_text(TURNED), "ends_before_it_starts", "doors.periods.1"),
    ("a period not adding up", client_text(NOT_ADDING_UP), "does_not_add_up", "doors.periods.1"),
    ("a series beside the period", client_text(OF_2010), "period_outside", "doors.periods"),
    ("more turnover lost", plus("turnover = {start = 1, churned = 2}"), "turnover_lost_above_start", "doors.turnover"),
    ("a log not described", client_text(FROM_LOG), "log_missing", "log"),
    ("a log without a window", from_log(doors='every = "quarter"'), "every_and_window", "doors.window"),
    ("a log without every", from_log(doors="window = 90"), "every_and_window", "doors.every"),
    ("a log by the week", from_log(doors='every = "week"\nwindow = 90'), "not_one_of", "doors.every"),
    ("a window of no days", from_log(doors='every = "year"\nwindow = 0'), "out_of_bounds", "doors.window"),
    ("a log without a file", from_log(instead=('file = "log.csv"', "")), "missing", "log.file"),
    ("a column left out", from_log(instead=(', amount = "bedrag"', "")), "missing", "log.columns.amount"),
    ("column number nought", from_log(instead=('"klant"', "0")), "not_a_column", "log.columns.customer"),
    ("a column that is a truth", from_log(instead=('"klant"', "true")), "not_a_column", "log.columns.customer"),
    ("duplicates perhaps", from_log(more='duplicates = "perhaps"'), "not_one_of", "log.duplicates"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "field"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_client_file_with(tmp_path: Path, text: str, name: str, field: str):
    write_log(tmp_path, "an;2023-01-01;5,00")
    found = named(write_client(tmp_path, text))
    assert (name, field) in found
    assert len(found) == 1 or name == "missing"


def test_a_misspelt_key_is_answered_with_the_right_one_and_an_unknown_one_with_all_that_there_are(tmp_path: Path):
    (misspelt,) = refusals(write_client(tmp_path, client_text(f"{COUNTS}\ntaget_retention = 0.8")))
    assert misspelt.values["suggestion"] == "target_retention"
    (unknown,) = refusals(write_client(tmp_path, client_text(f"{COUNTS}\nzebra = 3")))
    assert unknown.given == "zebra"
    assert {"start", "new", "lost", "end"} <= set(unknown.values["allowed_keys"].split(", "))


@pytest.mark.parametrize(
    ("text", "given_", "suggestion"),
    [
        (plus("target_retention = 85"), 85, '"85%"'),
        (client_text(id='"../Peeters & Zn"'), "../Peeters & Zn", "peeters-zn"),
    ],
)  # fmt: skip
def test_what_was_given_and_what_to_write_instead_are_in_the_refusal(tmp_path: Path, text, given_, suggestion):
    (found,) = refusals(write_client(tmp_path, text))
    assert (found.given, found.values["suggestion"]) == (given_, suggestion)
    for locale in LOCALES:
        (line,) = refusal_lines(Refused([found]), locale)
        assert str(given_) in line and suggestion in line and found.field in line and "client.toml" in line


WORTH = "[economics]\ndiscount = {discount}\n[worth]\nmargin = {margin}\nretention = {retention}\n"
CURVE = "[worth.responses]\nkeep = {{ spend = 1200.5, rate = {rate}, ceiling = 0.1 }}\n"


def worth_text(margin: str = "100", retention: str = "0.8", discount: str = "0.1", more: str = "") -> str:
    """A client file with nothing but what a customer is worth."""
    return client_text(more=WORTH.format(margin=margin, retention=retention, discount=discount) + more)


@pytest.mark.parametrize(
    ("text", "dutch", "english"),
    [
        (worth_text("{ low = 1250.5, high = 62 }"), "laag is 1.250,5 en hoog is 62.", "low is 1,250.5 and high is 62."),
        (worth_text(retention="{ low = 0.9, high = 0.855 }"), "laag is 90% en hoog is 85,5%.", "low is 90% and high is 85.5%."),
        (worth_text(retention="{ low = 0.7, likely = 0.95, high = 0.9 }"), "95% ligt buiten 70% tot 90%", "95% lies outside 70% to 90%"),
        (worth_text("{ low = 0, high = 62 }"), "een bandbreedte vanaf 0 komt", "a range from 0 reaches"),
        (worth_text("-100"), "de marge is -100:", "the margin is -100:"),
        (worth_text("{ low = -1250.5, high = 5 }"), "de marge is -1.250,5:", "the margin is -1,250.5:"),
        (worth_text(more=CURVE.format(rate=0.125)), "het plafond is 10%, terwijl 12,5%", "the ceiling is 10%, while 12.5%"),
        (worth_text('"USD 75"'), "munt van client.currency", "the one under client.currency"),
        (worth_text('"$75"'), "$75 is een bedrag met een munt", "$75 is an amount with a currency"),
        (worth_text('"75 EUR"'), "75 EUR is een bedrag met een munt", "75 EUR is an amount with a currency"),
        (worth_text(retention="1", discount="0"), "met 100% hier", "with 100% here"),
    ],
)  # fmt: skip
def test_what_was_given_reads_in_the_unit_of_its_field_and_in_the_locale_of_the_reader(tmp_path, text, dutch, english):
    with pytest.raises(Refused) as caught:
        worth.results(load(write_client(tmp_path, text)))
    for locale, said in (("nl_BE", dutch), ("nl_NL", dutch), ("en_GB", english)):
        assert said in " ".join(refusal_lines(caught.value, locale))


def test_a_dutch_range_is_widened_as_a_bandwidth_and_not_as_a_margin(tmp_path):
    found = refusals(write_client(tmp_path, worth_text("{ low = 5, likely = 9, high = 7 }")))
    assert "Maak de bandbreedte ruimer" in refusal_lines(Refused(found), "nl_BE")[0]


def test_an_id_suggested_instead_is_one_that_would_do(tmp_path: Path):
    for unsafe in ("CON", "../con", "🥖", "a/b", "aux.txt", "x" * 65, "-"):
        (found,) = refusals(write_client(tmp_path, client_text(id=f'"{unsafe}"')))
        assert make_client(tmp_path, client_text(id=f'"{found.values["suggestion"]}"')).id


def test_everything_that_is_wrong_is_said_at_once():
    found = {field: name for name, field in named(ODD / "everything_wrong.toml")}
    assert found == {
        "client.id": "unsafe_id",
        "client.name": "empty_text",
        "client.locales.2": "not_one_of",
        "client.currency": "not_a_currency",
        "client.period": "ends_before_it_starts",
        "client.report_date": "not_a_date",
        "client.adress": "misspelt_key",
        "client.confidential": "not_yes_or_no",
        "economics.gross_margin": "share_as_percentage",
        "economics.cost_to_win": "out_of_bounds",
        "doors.start": "not_a_count",
        "doors.new": "not_a_count",
        "doors.every": "not_one_of",
        "doors.window": "out_of_bounds",
        "doors.target_retention": "not_a_share",
        "doors.turnover": "turnover_lost_above_start",
        "doors.periods": "not_a_list",
        "doors.source": "not_text",
        "zebra": "unknown_key",
        "log": "log_missing",
    }


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (client_text(currency='"euro"').partition("[doors]")[0], {"not_a_currency", "no_chapter"}),
        (client_text(FROM_LOG, currency='"euro"'), {"not_a_currency", "log_missing"}),
        ("", {"missing", "no_chapter"}),
        (client_text(f"{COUNTS}\nend = 261", currency='"euro"'), {"not_a_currency", "does_not_add_up"}),
        (client_text(TURNED + NOT_ADDING_UP), {"ends_before_it_starts", "does_not_add_up"}),
    ],
)
def test_what_is_wrong_between_sections_is_said_together_with_what_is_wrong_inside_one(tmp_path: Path, text, names):
    assert {name for name, _ in named(write_client(tmp_path, text))} == names


def test_nothing_is_said_twice(tmp_path: Path):
    path = write_client(tmp_path, client_text(locales='["fr_BE", "fr_BE"]'))
    with pytest.raises(Refused) as caught:
        load(path)
    lines = refusal_lines(caught.value, "nl_BE")
    assert len(lines) == len(set(lines))


# what bad input gets: the log ----------------------------------------------------------------

HEAD, ROW = "klant;datum;bedrag\n", "an;2023-01-01;5,00\n"
LOGS = [
    # what is wrong, the file, more under [log], the refusal, where
    ("no such column", "klant;datum;prijs\n" + ROW, "", "column_missing", "log.columns.amount"),
    ("a misspelt column", "klant;datum;bedragen\n" + ROW, "", "column_misspelt", "log.columns.amount"),
    ("the same column twice", "klant;datum;bedrag;bedrag\nan;2023-01-01;5;6", "", "column_twice", "log.columns.amount"),
    ("unreadable dates", HEAD + ROW + "an;gisteren;5,00", "", "unreadable_dates", "log.columns.date"),
    ("a date after the period", HEAD + ROW + "an;2025-01-01;5,00", "", "dates_after_until", "log.columns.date"),
    ("amounts as text", HEAD + ROW + "an;2023-01-01;vijf", "", "unreadable_amounts", "log.columns.amount"),
    ("a row without a customer", HEAD + ROW + ";2023-01-01;5,00", "", "missing_customers", "log.columns.customer"),
    ("nothing in it", "", "", "empty_log", "log.file"),
    ("nothing but its header", HEAD, "", "empty_log", "log.file"),
    ("undecided duplicates", HEAD + ROW + ROW, "", "undecided_duplicates", "log.duplicates"),
    ("a date that reads two ways", HEAD + "an;03/04/2023;5,00", "", "ambiguous_dates", "log.date_format"),
    ("an amount that reads two ways", HEAD + "an;2023-01-01;1.234", "", "ambiguous_decimal", "log.decimal"),
    ("a date format of nobody", HEAD + ROW, 'date_format = "jjjj-mm-dd"', "date_format_unknown", "log.date_format"),
    ("a row that is too short", HEAD + ROW + "an;2023-01-01", "", "uneven_rows", "log.file"),
    ("no whole period in it", HEAD + "an;2024-12-01;5,00", "", "log_too_short", "doors.every"),
    ("a window it does not reach", HEAD + "an;2024-08-30;5,00", "", "window_beyond_log", "doors.window"),
]  # fmt: skip


@pytest.mark.parametrize(("log", "more", "name", "field"), [row[1:] for row in LOGS], ids=[row[0] for row in LOGS])
def test_a_log_with(tmp_path: Path, log: str, more: str, name: str, field: str):
    (tmp_path / "log.csv").write_text(log, encoding="utf-8")
    assert named(write_client(tmp_path, from_log(more=more))) == [(name, field)]


@pytest.mark.parametrize(
    "file", ["nothing.csv", "../nothing.csv", "package:lifetimes/nothing.csv", "package:../../etc/passwd", "a\\u0000b"]
)
def test_a_log_that_is_not_there(tmp_path: Path, file: str):
    (found,) = refusals(write_client(tmp_path, from_log(instead=("log.csv", file))))
    assert found.name in ("missing_file", "missing_example_data")
    assert found.field == "log.file"


def test_a_folder_is_not_a_log(tmp_path: Path):
    (tmp_path / "log.csv").mkdir()
    assert named(write_client(tmp_path, from_log())) == [("folder_instead_of_file", "log.file")]


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"PK\x03\x04 a spreadsheet", "spreadsheet_file"), (b"\x1f\x8b\x08 packed", "binary_file"),
     (b"PAR1 not really", "damaged_file"),
     (b"klant;datum;bedrag\nan\x81;2023-01-01;5,00", "wrong_encoding")],
)  # fmt: skip
def test_a_log_that_is_no_text(tmp_path: Path, content: bytes, name: str):
    (tmp_path / "log.csv").write_bytes(content)
    assert [found for found, _ in named(write_client(tmp_path, from_log()))] == [name]


def test_unreadable_dates_come_with_the_first_three_of_their_rows_and_their_number(tmp_path: Path):
    write_log(tmp_path, "an;2023-01-01;5,00\nan;gisteren;5,00\nan;31/31/2023;5,00\nan;ooit;5,00\nan;nooit;5,00")
    (found,) = refusals(write_client(tmp_path, from_log()))
    assert (found.name, found.file, found.column, found.row, found.given) == (
        "unreadable_dates",
        "log.csv",
        "datum",
        3,
        "gisteren",
    )
    assert (found.values["count"], found.values["first"]) == (4, "3: gisteren · 4: 31/31/2023 · 5: ooit")
    for locale in LOCALES:
        (line,) = refusal_lines(Refused([found]), locale)
        assert "3: gisteren · 4: 31/31/2023 · 5: ooit" in line


def test_undecided_duplicates_come_with_their_number_and_the_two_lines_to_choose_from(tmp_path: Path):
    write_log(tmp_path, "an;2023-01-01;5,00\n" * 3 + "bo;2023-01-01;5,00")
    (found,) = refusals(write_client(tmp_path, from_log()))
    assert found.values["count"] == 2
    for locale in LOCALES:
        (line,) = refusal_lines(Refused([found]), locale)
        assert 'duplicates = "keep"' in line and 'duplicates = "drop"' in line


def test_all_that_is_wrong_with_a_log_is_said_at_once(tmp_path: Path):
    write_log(
        tmp_path, "an;2023-01-01;5,00\n;2023-01-02;5,00\nbo;gisteren;5,00\nko;2023-01-03;vijf\nli;2025-03-01;5,00"
    )
    names = {name for name, _ in named(write_client(tmp_path, from_log()))}
    assert names == {"missing_customers", "unreadable_dates", "unreadable_amounts", "dates_after_until"}
