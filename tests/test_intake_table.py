"""Files of the world: what is read, however it was written, and what is refused, with its row."""

from __future__ import annotations

import csv
import doctest
import importlib
import io
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from toolkit.finding import Refusal, Refused
from toolkit.intake import table
from toolkit.intake.encoding import recognise_bytes
from toolkit.intake.log import Log, LogColumns, LogFrames, read_log
from toolkit.intake.sniff import recognise_date_format, recognise_decimal, recognise_delimiter

NAMED = LogColumns(customer="customer", date="date", amount="amount")
HEADER = "customer;date;amount\n"
YEAR = "".join(f"c{n % 7};{date(2024, 1, 1) + timedelta(days=n * 3)};{n},50\n" for n in range(100))


def read(folder: Path, content: str | bytes, *, name="log.csv", columns=NAMED, **more) -> LogFrames:
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    options = {"every": "month", "window": 30, "until": date(2024, 12, 31)}
    options |= {key: more.pop(key) for key in ("window", "until", "since") if key in more}
    return read_log(Log(file=name, columns=columns, **more), folder, **options)


def refused(folder: Path, content: str | bytes, **more) -> dict[str, Refusal]:
    with pytest.raises(Refused) as caught:
        read(folder, content, **more)
    refusals = {refusal.name: refusal for refusal in caught.value.refusals}
    assert len(refusals) == len(caught.value.refusals)
    return refusals


# what is read -------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [";", ",", "\t", " "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_delimiter_line_ends_and_encoding_are_recognised(tmp_path, delimiter, end, encoding):
    text = (HEADER + YEAR + "zoë;2024-12-30;1,00\n").replace(",", ".").replace(";", delimiter).replace("\n", end)
    frames = read(tmp_path, text.encode(encoding))
    assert (frames.rows, frames.customers, frames.amount) == (101, 8, 5001.0)
    assert frames.read_as == {
        "delimiter": {"\t": "tab", " ": "space"}.get(delimiter, delimiter),
        "decimal": ".",
        "encoding": encoding.removesuffix("-sig"),
        "date_format": "%Y-%m-%d",
    }


@pytest.mark.parametrize(
    ("written", "pattern"),
    [
        ("2024-01-31", "%Y-%m-%d"),
        ("31-1-2024", "%d-%m-%Y"),
        ("31/01/2024", "%d/%m/%Y"),
        ("31.01.2024", "%d.%m.%Y"),
        ("20240131", "%Y%m%d"),
        ("2024/01/31", "%Y/%m/%d"),
        ("01/31/2024", "%m/%d/%Y"),
        ("2024-01-31T23:59:59Z", "%Y-%m-%d"),
        ("2024-01-31 23:59:59.999+01:00", "%Y-%m-%d"),
        ("31/01/2024 0:00", "%d/%m/%Y"),
        ("1/31/2024 11:59:59 PM", "%m/%d/%Y"),
        ("20240131 2359", None),
        ("31/01/24", None),
        ("45322", None),
        ("2024-02-30", None),
        ("0024-01-31", None),
    ],
)
def test_the_usual_dates_are_read_as_they_are_written(tmp_path, written, pattern):
    content = f"{HEADER}a;{written};1\n"
    if pattern is None:
        assert refused(tmp_path, content)["unreadable_dates"].given == written
    else:
        frames = read(tmp_path, content, window=1)
        assert (frames.first, frames.read_as["date_format"]) == (date(2024, 1, 31), pattern)


@pytest.mark.parametrize(
    ("written", "decimal", "amount"),
    [
        ("12", None, 12),
        ("1 234", None, 1234),
        ("12.5", ".", 12.5),
        ("12,50", ",", 12.5),
        ("-0,05", ",", -0.05),
        ("+3,1", ",", 3.1),
        (",5", ",", 0.5),
        ("1.234,56", ",", 1234.56),
        ("1,234.56", ".", 1234.56),
        ("1.234.567", ",", 1234567),
        ("1\u00a0234,5", ",", 1234.5),
        ("1\u202f234\u202f567", None, 1234567),
        ("0.12345", ".", 0.1235),
    ],
)
def test_amounts_are_read_under_the_sign_that_they_show(tmp_path, written, decimal, amount):
    frames = read(tmp_path, f"{HEADER}a;2024-01-31;{written}\n", window=1)
    assert (frames.amount, frames.read_as["decimal"]) == (amount, decimal)


@pytest.mark.parametrize("written", ["", "twee", "€ 12", "12 EUR", "1.2.3", "12.34,5", "1e999", "nan", "1,23,456.0"])
def test_an_amount_that_is_text_is_refused(tmp_path, written):
    content = f"{HEADER}a;2024-01-30;2,5\nb;2024-01-31;{written}\n"
    problem = refused(tmp_path, content, decimal=",")["unreadable_amounts"]
    assert (problem.row, problem.column, problem.given, problem.values["count"]) == (3, "amount", written, 1)


def test_what_is_stated_is_not_recognised_but_followed(tmp_path):
    content = "a;01/02/2024;1.234\n"
    columns = LogColumns(customer=1, date=2, amount=3)
    stated = {"delimiter": ";", "decimal": ",", "date_format": "%m/%d/%Y"}
    frames = read(tmp_path, content, columns=columns, window=1, **stated)
    assert (frames.first, frames.amount) == (date(2024, 1, 2), 1234)
    assert frames.read_as == stated | {"encoding": "utf-8"}


def test_columns_by_position_mean_that_there_is_no_header(tmp_path):
    columns = LogColumns(customer=3, date=1, amount=2)
    frames = read(tmp_path, "2024-01-30;1;a\n2024-01-31;2;b\n", columns=columns, window=1)
    assert (frames.rows, frames.amount) == (2, 3.0)


def test_quotes_blank_lines_empty_rows_and_a_last_delimiter_are_read(tmp_path):
    content = 'customer;date;"am;ount";\r\n"d\'A; ""x""";2024-01-30;1,5;\r\n\r\n;;;\r\n "b" ;2024-01-31;2;\r\n'
    columns = LogColumns(customer="customer", date="date", amount="am;ount")
    frames = read(tmp_path, content, columns=columns, window=1)
    assert (frames.rows, frames.customers, frames.amount) == (2, 2, 3.5)


@pytest.mark.parametrize("name", ["log [1].csv", "l*g.csv", "l'og; drop table log.csv", "log.csv.gz", "a=1.csv"])
def test_a_file_name_is_a_name_and_nothing_else(tmp_path, name):
    (tmp_path / "log 1.csv").write_text("another log")
    assert read(tmp_path, HEADER + YEAR, name=name).rows == 100


def test_column_names_are_names_and_nothing_else(tmp_path):
    odd = ['"; drop table log; --', "customer_text", "day"]
    con = duckdb.connect()
    cells = zip(["'a'", "1", "date '2024-01-31'"], odd, strict=True)
    quoted = ", ".join(f"{cell} as {table.name(column)}" for cell, column in cells)
    con.execute(f"copy (select {quoted}, 7 as row, 8 as content) to '{tmp_path / 'made.parquet'}'")
    columns = LogColumns(customer=odd[0], amount=odd[1], date=odd[2])
    assert read(tmp_path, (tmp_path / "made.parquet").read_bytes(), columns=columns, window=1).amount == 1.0
    buffer = io.StringIO()
    csv.writer(buffer).writerows([odd, ["a", "1", "2024-01-31"]])
    assert read(tmp_path, buffer.getvalue(), columns=columns, window=1).amount == 1.0


def test_a_large_file_is_recognised_by_blocks_all_over_it(tmp_path):
    rows = "".join(f"customer number {n % 999};{1 + n % 12:02d}/03/2024;{n}\n" for n in range(90_000))
    late = "".join(f"customer number {n};{13 + n % 19}/03/2024;0,25\n" for n in range(4000))
    frames = read(tmp_path, HEADER + rows + late, window=1, duplicates="keep")
    assert (tmp_path / "log.csv").stat().st_size > 1 << 21
    assert (frames.rows, frames.read_as["date_format"], frames.read_as["decimal"]) == (94_000, "%d/%m/%Y", ",")
    problem = refused(tmp_path, HEADER + rows + late + "x;morgen;1\n", duplicates="keep")["unreadable_dates"]
    assert (problem.row, problem.given, problem.values["count"]) == (94_002, "morgen", 1)


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        ("date '2024-01-01' + n", "n::decimal(20, 10)"),
        ("timestamp '2024-01-01 23:59:59' + to_days(n)", "n::double"),
        ("timestamptz '2024-01-01 23:30:00Z' + to_days(n)", "n::float"),
        ("strftime(date '2024-01-01' + n, '%Y%m%d')::integer", "n::utinyint"),
        ("strftime(date '2024-01-01' + n, '%d/%m/%Y')", "n || ',0'"),
    ],
)
def test_parquet_says_the_same_in_every_type(tmp_path, day, amount):
    made = tmp_path / "made.parquet"
    numbers = "(select range::integer as n from range(200))"
    rows = f"select 'c' || n % 7 as customer, {day} as date, {amount} as amount from {numbers}"
    duckdb.sql(rows).write_parquet(str(made))
    frames = read(tmp_path, made.read_bytes(), name="log.parquet")
    assert (frames.rows, frames.customers, frames.amount) == (200, 7, 19900.0)
    assert (frames.first, frames.last) == (date(2024, 1, 1), date(2024, 7, 18))


# random dialects ------------------------------------------------------------------

PATTERNS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d", "%Y/%m/%d", "%m/%d/%Y"]
CELL = st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), min_size=1, max_size=12)
ROW = st.tuples(
    CELL.filter(lambda text: text.strip() == text),
    st.dates(date(2024, 1, 1), date(2024, 11, 30)),
    st.integers(-(10**7), 10**8).map(lambda cents: Decimal(cents) / 100),
)


@settings(max_examples=60)
@given(
    rows=st.lists(ROW, min_size=1, max_size=30),
    pattern=st.sampled_from(PATTERNS),
    decimal=st.sampled_from(".,"),
    delimiter=st.sampled_from(";,\t"),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_one_log_is_the_same_however_it_is_written(tmp_path, rows, pattern, decimal, delimiter, end, encoding, quoting):
    written = [(who, day.strftime(pattern), f"{amount:.2f}".replace(".", decimal)) for who, day, amount in rows]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([("customer", "date", "amount"), *written])
    try:
        frames = read(tmp_path, buffer.getvalue().encode(encoding), window=1, duplicates="keep")
    except Refused as error:
        assert [refusal.name for refusal in error.refusals] == ["ambiguous_dates"]
        assert pattern in ("%d/%m/%Y", "%m/%d/%Y") and max(day.day for _, day, _ in rows) <= 12
    else:
        assert frames.rows == len(rows)
        assert frames.customers == len({who for who, _, _ in rows})
        assert frames.amount == float(sum(amount for _, _, amount in rows))
        assert (frames.first, frames.last) == (min(day for _, day, _ in rows), max(day for _, day, _ in rows))


# what is refused --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty_log"),
        (b"\xef\xbb\xbf \r\n\r\n", "empty_log"),
        (HEADER.encode(), "empty_log"),
        (b"PK\x03\x04 an Excel workbook", "spreadsheet_file"),
        (b"\x1f\x8b a gzip file", "binary_file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary_file"),
        (b"PAR1 but no Parquet", "damaged_file"),
        ("\ufeffcustomer;date".encode("utf-16-le") + b"\x00", "wrong_encoding"),
    ],
)
def test_a_file_that_is_no_log_is_refused(tmp_path, content, name):
    assert list(refused(tmp_path, content)) == [name]


def test_a_header_with_a_quotation_mark_too_many_is_refused_with_its_row(tmp_path):
    assert refused(tmp_path, '\n"customer;date;amount\n' + YEAR, delimiter=";")["broken_header"].row == 2


def test_a_byte_of_no_encoding_is_refused_with_its_row(tmp_path):
    assert refused(tmp_path, HEADER.encode() + b"a;2024-01-31;1\nb\x81;2024-01-31;1\n")["wrong_encoding"].row == 3


def test_a_missing_column_is_refused_with_the_columns_that_exist_and_the_likely_one(tmp_path):
    columns = LogColumns(customer="Customer", date="amount", amount="bedrag", channel=9)
    problems = refused(tmp_path, HEADER + YEAR, columns=columns)
    assert problems["column_misspelt"].values["suggestion"] == "customer"
    assert problems["column_missing"].given == "bedrag"
    assert problems["column_missing"].values["columns"] == "customer, date, amount"
    assert problems["column_beyond"].field == "log.columns.channel"
    assert problems["unreadable_dates"].values["count"] == 100
    twice = refused(tmp_path, "customer;date;date;amount\na;2024-01-31;2024-01-31;1\n")
    assert twice["column_twice"].column == "date"


def test_all_problems_are_refused_at_once_with_their_rows(tmp_path):
    rows = "a;2024-01-30;1\n" * 2 + "b;30 jan;1\n;2024-01-31;x\nc;2025-01-01;2\nd;2024-01-31;1;9\ne;2024-01-31\n"
    more = "f;2024-02-30;y\ng;;z\nh;soon;1\n\"i\"x;2024-01-31;1\nj;2024-12-31;1\n"
    problems = refused(tmp_path, HEADER + rows + more)
    counted = {name: problem for name, problem in problems.items() if problem.row}
    assert {name: (one.row, one.values["count"], one.values["first"]) for name, one in counted.items()} == {
        "broken_quotes": (12, 1, "12: "),
        "uneven_rows": (7, 2, "7: 4 · 8: 2"),
        "missing_customers": (5, 1, "5: "),
        "unreadable_dates": (4, 4, "4: 30 jan · 9: 2024-02-30 · 10: "),
        "dates_after_until": (6, 1, "6: 2025-01-01"),
        "unreadable_amounts": (5, 3, "5: x · 9: y · 10: z"),
    }
    assert problems["undecided_duplicates"].values == {"count": 1}
    assert all(problem.file == "log.csv" for problem in problems.values())


def test_row_numbers_count_the_lines_of_the_file(tmp_path):
    content = '\n\n"customer";date;amount\n\n"two\nlines";2024-01-30;1\n\na;never;1\n'
    assert refused(tmp_path, content)["unreadable_dates"].row == 8


def test_rows_of_a_parquet_file_are_counted_from_one_and_empty_ones_are_none(tmp_path):
    made = tmp_path / "made.parquet"
    rows = "('a', date '2024-01-31', 1), (null, null, null), (null, null, 2)"
    duckdb.sql(f"select * from (values {rows}) as t(customer, date, amount)").write_parquet(str(made))
    problems = refused(tmp_path, made.read_bytes())
    found = {name: (problem.row, problem.values["count"]) for name, problem in problems.items()}
    assert found == {"missing_customers": (3, 1), "unreadable_dates": (3, 1)}


def test_duplicates_are_decided_by_the_client_and_every_cell_counts(tmp_path):
    header = "customer;date;amount;receipt\n"
    rows = "".join(f"a;2024-01-30;1;{receipt}\n" for receipt in (17, 18, 17, 19, 17, 18)) + "b;2024-01-31;2;18\n"
    problem = refused(tmp_path, header + rows, window=1)["undecided_duplicates"]
    assert (problem.field, problem.values["count"]) == ("log.duplicates", 3)
    keep, drop = (read(tmp_path, header + rows, window=1, duplicates=choice) for choice in ("keep", "drop"))
    assert (keep.rows, keep.rows_used, keep.duplicate_rows, keep.amount) == (7, 7, 3, 8.0)
    assert (drop.rows, drop.rows_used, drop.duplicate_rows, drop.amount) == (7, 4, 3, 5.0)


def test_a_date_or_amount_that_reads_in_two_ways_is_refused_with_the_lines_to_choose_from(tmp_path):
    problems = refused(tmp_path, HEADER + "a;03/04/2024;1.234\nb;05/06/2024;2.000\n")
    assert problems["ambiguous_dates"].values == {
        "line_one": 'date_format = "%d/%m/%Y"',
        "line_other": 'date_format = "%m/%d/%Y"',
    }
    assert problems["ambiguous_decimal"].values == {"line_one": 'decimal = "."', "line_other": 'decimal = ","'}
    assert (problems["ambiguous_dates"].given, problems["ambiguous_decimal"].given) == ("03/04/2024", "1.234")


@pytest.mark.parametrize("pattern", ["dd/mm/yyyy", "%d/%m", "%Q%Y", "%Y-%m-%d %z", "%Y%"])
def test_a_date_format_that_is_no_pattern_is_refused(tmp_path, pattern):
    assert list(refused(tmp_path, HEADER + YEAR, date_format=pattern)) == ["date_format_unknown"]


def test_a_log_without_a_period_to_show_is_refused_with_the_reason(tmp_path):
    log = HEADER + YEAR  # 2024-01-01 to 2024-10-24
    assert refused(tmp_path, log, window=336)["window_beyond_log"].values["longest"] == 335
    assert read(tmp_path, log, window=335).flows["from"].tolist() == [date(2024, 12, 1)]
    assert list(refused(tmp_path, log, until=date(2023, 12, 31))) == ["until_before_log"]
    assert list(refused(tmp_path, HEADER + "a;2024-01-15;1\n", until=date(2024, 2, 28))) == ["log_too_short"]
    assert list(refused(tmp_path, HEADER + "a;2024-01-01;1\n", until=date(2024, 1, 31))) == ["log_too_short"]
    assert list(refused(tmp_path, log, since=date(2024, 12, 2))) == ["since_beyond_log"]


# fuzz ---------------------------------------------------------------------------------

TOKENS = st.sampled_from(
    [";", ",", "\t", " ", "\n", "\r\n", "\r", '"', '""', "a", "0", "-3", "1,5", "1.234", "2024-01-31", "01/02/2024"]
    + ["20240105", "é", "\ufeff", "\u2028", "\x1a", "\\", "'", "NULL", "nan", "9" * 40, "x" * 3000, HEADER, YEAR]
)


def is_read_or_refused(folder: Path, content: bytes, **more) -> None:
    try:
        frames = read(folder, content, **more)
    except Refused as error:
        assert error.refusals
    else:
        assert frames.rows > 0 and len(frames.flows) > 0


@settings(max_examples=50)
@given(st.binary(max_size=300))
@example(b"PAR1")
@example(b"\xff\xfe")
@example(b"PAR1" + b"\x00" * 20 + b"PAR1")
def test_any_bytes_are_read_or_refused(tmp_path, content):
    is_read_or_refused(tmp_path, content)


@settings(max_examples=50)
@given(st.lists(TOKENS, max_size=40), st.booleans(), st.sampled_from(["utf-8", "cp1252", "utf-16"]))
def test_any_text_is_read_or_refused(tmp_path, tokens, headed, encoding):
    columns = NAMED if headed else LogColumns(customer=2, date=1, amount=3)
    text = (HEADER if headed else "") + "".join(tokens)
    is_read_or_refused(tmp_path, text.encode(encoding, errors="replace"), columns=columns, duplicates="drop")


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0), st.integers(0, 255)), min_size=1, max_size=5))
def test_any_damaged_parquet_is_read_or_refused(tmp_path, damage):
    made = tmp_path / "made.parquet"
    if not made.exists():
        cells = "'c' || n % 7 as customer, date '2024-01-01' + n::integer as date, n as amount"
        duckdb.sql(f"select {cells} from range(300) as t(n)").write_parquet(str(made))
    content = bytearray(made.read_bytes())
    for at, byte in damage:
        content[at % len(content)] = byte
    is_read_or_refused(tmp_path, bytes(content))


# recognising, by itself -------------------------------------------------------------------


def test_the_delimiter_is_the_one_that_shows_the_columns():
    assert recognise_delimiter(["a b;c,d;e\n"], ["a b", "e"]) == ";"
    assert recognise_delimiter(["klant;datum;bedrag\n", "1;31-1-2024;1,5\n"], ["customer"]) == ";"
    assert recognise_delimiter(["1;31/1/2024 10:00;1,5\n"], [1, 2, 3]) == ";"


def test_only_what_the_texts_show_is_recognised():
    assert recognise_date_format(["niets", ""]) == ()
    assert recognise_date_format(["01/02/2024", "13/02/2024", "onzin"]) == ("%d/%m/%Y",)
    assert recognise_date_format(["03-04-2024"]) == ("%d-%m-%Y",)
    assert recognise_decimal(["12", "1 000", "onzin"]) == ()
    assert recognise_decimal(["1.234", "1.5"]) == (".",)
    assert recognise_decimal(["1,5", "1.5"]) == (".", ",")


def test_mixed_line_ends_are_not_read_as_they_stand(tmp_path):
    path = tmp_path / "log.csv"
    for content, plain in [(b"a\nb\n", True), (b"a\r\nb\r\n", True), (b"a\r\nb\n", False), (b"a\rb", False)]:
        path.write_bytes(content)
        assert recognise_bytes(path).plain is plain


def test_the_database_fetches_nothing(tmp_path):
    with table.connect(str(tmp_path)) as con:
        for option in ("autoinstall_known_extensions", "autoload_known_extensions"):
            assert con.execute("select current_setting(?)", [option]).fetchone() == (False,)


@pytest.mark.parametrize("name", ["cells", "columns", "encoding", "flows", "log", "sniff", "table"])
def test_the_examples_in_the_docstrings_hold(name):
    assert doctest.testmod(importlib.import_module(f"toolkit.intake.{name}")).failed == 0
