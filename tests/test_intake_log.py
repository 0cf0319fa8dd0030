"""Transaction logs: the definitions, held against a plain-pandas reference that follows them to the letter."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from toolkit.finding import Refused
from toolkit.intake.log import Log, LogColumns, LogFrames, data_file, read_log

COLUMNS = LogColumns(customer="customer", date="date", amount="amount")
COUNTS = ["start", "new", "won_and_gone", "reactivated", "lost", "end"]
SUMS = ["turnover", "base_turnover", "lost_turnover"]
CDNOW = "package:lifetimes/datasets/CDNOW_master.txt"
needs_cdnow = pytest.mark.skipif(
    not (Path(sys.prefix) / "share/toolkit-examples/lifetimes/datasets/CDNOW_master.txt").is_file(),
    reason="the example data of locks/examples.txt are not installed",
)

Row = tuple[str, date, Decimal]


def write(folder: Path, rows: list[Row], name: str = "log.csv") -> Log:
    lines = "".join(f"{customer};{day};{amount}\n" for customer, day, amount in rows)
    (folder / name).write_text("customer;date;amount\n" + lines, encoding="utf-8")
    return Log(file=name, columns=COLUMNS, duplicates="keep", delimiter=";", decimal=".")


def read(folder: Path, rows: list[Row], *, every="month", window=30, until=date(2024, 12, 31), **more) -> LogFrames:
    return read_log(write(folder, rows), folder, every=every, window=window, until=until, **more)


def bought(text: str) -> list[Row]:
    """Purchases as `customer day amount`, one a line; the amount may be left out."""
    rows = [line.split() for line in text.strip().splitlines()]
    return [(row[0], date.fromisoformat(row[1]), Decimal(row[2] if len(row) > 2 else "1.00")) for row in rows]


# the reference ----------------------------------------------------------------


def reference_periods(log: pd.DataFrame, every: str, window: int, until: date) -> list[tuple[date, date]]:
    """Calendar periods that end by `until` and before whose first day the log covers a full window."""
    first, frequency = log["day"].min(), {"month": "M", "quarter": "Q", "year": "Y"}[every]
    spans = [(p.start_time.date(), p.end_time.date()) for p in pd.period_range(first, until, freq=frequency)]
    one = timedelta(days=1)
    return [(begin, end) for begin, end in spans if end <= until and first <= (begin - one) - window * one + one]


def reference_flows(log: pd.DataFrame, begin: date, end: date, window: int) -> dict:
    """One period by the definitions in `toolkit.intake.log`, with sets of customers."""
    purchases = log[log["amount"] >= 0]
    first = purchases.groupby("customer")["day"].min()

    def within(rows: pd.DataFrame, t: date) -> pd.DataFrame:
        return rows[(rows["day"] > t - timedelta(days=window)) & (rows["day"] <= t)]

    evening = begin - timedelta(days=1)
    start, stop = set(within(purchases, evening)["customer"]), set(within(purchases, end)["customer"])
    won = set(first[(first >= begin) & (first <= end)].index)
    before = within(log, evening)
    lost = start - stop
    return {
        "start": len(start),
        "new": len(won & stop),
        "won_and_gone": len(won - stop),
        "reactivated": len(stop - start - won),
        "lost": len(lost),
        "end": len(stop),
        "turnover": sum(log[(log["day"] >= begin) & (log["day"] <= end)]["amount"], Decimal(0)),
        "base_turnover": sum(before[before["customer"].isin(start)]["amount"], Decimal(0)),
        "lost_turnover": sum(before[before["customer"].isin(lost)]["amount"], Decimal(0)),
    }


def reference_deciles(log: pd.DataFrame, begin: date, end: date, window: int) -> list[tuple]:
    """Tenths of those active at the start, in order of turnover; the first tenths take what is left over."""
    evening, purchases = begin - timedelta(days=1), log[log["amount"] >= 0]
    before = log[(log["day"] > evening - timedelta(days=window)) & (log["day"] <= evening)]
    after = purchases[(purchases["day"] > end - timedelta(days=window)) & (purchases["day"] <= end)]
    active = set(purchases.loc[purchases.index.intersection(before.index), "customer"])
    spent = {c: sum(before[before["customer"] == c]["amount"], Decimal(0)) for c in active}
    ranked = sorted(spent, key=lambda c: (-spent[c], c.encode()))
    small, larger = divmod(len(ranked), 10)
    rows, at = [], 0
    for number in range(min(10, len(ranked))):
        tenth = ranked[at : at + small + (number < larger)]
        at += len(tenth)
        lost = [c for c in tenth if c not in set(after["customer"])]
        turnover, gone = (float(sum((spent[c] for c in some), Decimal(0))) for some in (tenth, lost))
        rows.append((number + 1, len(tenth), turnover, len(lost), gone))
    return rows


def agrees_with_reference(frames: LogFrames, rows: list[Row], every: str, window: int, until: date) -> None:
    log = pd.DataFrame(rows, columns=["customer", "day", "amount"])
    spans = reference_periods(log, every, window, until)
    assert list(zip(frames.flows["from"], frames.flows["to"], strict=True)) == spans
    for span, counted in zip(spans, frames.flows.to_dict("records"), strict=True):
        expected = reference_flows(log, *span, window)
        assert {name: counted[name] for name in COUNTS} == {name: expected[name] for name in COUNTS}
        assert [counted[name] for name in SUMS] == [float(expected[name]) for name in SUMS]
    for tried in frames.by_window.to_dict("records"):
        needed = spans[-1][0] - timedelta(days=tried["window"])
        assert tried["reached"] == (log["day"].min() <= needed)
        if tried["reached"]:
            expected = reference_flows(log, *spans[-1], tried["window"])
            assert [tried[name] for name in COUNTS] == [expected[name] for name in COUNTS]
            assert [tried[name] for name in SUMS] == [float(expected[name]) for name in SUMS]
    tenths = [tuple(row) for row in frames.deciles.itertuples(index=False, name=None)]
    assert tenths == reference_deciles(log, *spans[-1], window)


# real data ----------------------------------------------------------------------


@needs_cdnow
def test_cdnow_is_counted_as_published(tmp_path):
    """GOLD.md §6: `CDNOW_master.txt` in lifetimes 0.11.3; window of 182 days, by quarter."""
    columns = LogColumns(customer="customer_id", date="date", amount="dollar_value")
    log = Log(file=CDNOW, columns=columns, duplicates="keep")
    frames = read_log(log, tmp_path, every="quarter", window=182, until=date(1998, 6, 30))
    assert (frames.rows, frames.rows_used, frames.customers) == (69659, 69659, 23570)
    assert (frames.amount, frames.duplicate_rows, frames.zero_rows, frames.negative_rows) == (2500315.63, 255, 80, 0)
    assert frames.flows["from"].tolist() == [date(1997, 10, 1), date(1998, 1, 1), date(1998, 4, 1)]
    assert frames.flows[["start", "new", "reactivated", "lost", "end"]].values.tolist() == [
        [7317, 0, 1353, 2303, 6367],
        [6367, 0, 1249, 1532, 6084],
        [6084, 0, 974, 1677, 5381],
    ]
    assert frames.read_as == {"delimiter": "space", "decimal": ".", "encoding": "utf-8", "date_format": "%Y%m%d"}


@needs_cdnow
def test_cdnow_by_month_agrees_with_the_reference(tmp_path):
    rows = []
    for line in data_file(CDNOW, tmp_path).read_text().splitlines()[1:]:
        customer, day, _, amount = line.split()
        rows.append((customer, date.fromisoformat(day), Decimal(amount)))
    rows = [row for row in rows if row[0] < "02000"]
    frames = read(tmp_path, rows, every="month", window=91, until=date(1998, 6, 30))
    agrees_with_reference(frames, rows, "month", 91, date(1998, 6, 30))


# random logs ----------------------------------------------------------------------

DAYS = st.integers(0, 500).map(lambda n: date(2023, 6, 1) + timedelta(days=n))
CENTS = st.one_of(st.integers(-300, 2000), st.sampled_from([0, -100, 100])).map(lambda n: Decimal(n) / 100)
ROWS = st.lists(st.tuples(st.sampled_from(["7", "007", "ann", "Ann", "zoë", "b c"]), DAYS, CENTS), max_size=60)
ANCHOR = [("ann", date(2023, 6, 1), Decimal("5.00"))]


@settings(max_examples=60)
@given(ROWS, st.sampled_from(["month", "quarter", "year"]), st.integers(1, 120))
def test_random_logs_agree_with_the_reference(tmp_path, rows, every, window):
    until = date(2024, 12, 31)
    frames = read(tmp_path, ANCHOR + rows, every=every, window=window, until=until)
    agrees_with_reference(frames, ANCHOR + rows, every, window, until)


def test_more_periods_than_bits_agree_with_the_reference(tmp_path):
    days = [date(2015, 1, 1) + timedelta(days=n * 37 % 3600) for n in range(400)]
    rows = [(f"c{n * n % 17}", day, Decimal(n % 90)) for n, day in enumerate(days)]
    frames = read(tmp_path, rows, window=45)
    assert len(frames.flows) == 118
    agrees_with_reference(frames, rows, "month", 45, date(2024, 12, 31))


@settings(max_examples=30)
@given(ROWS, st.randoms(use_true_random=False))
def test_row_order_changes_nothing(tmp_path, rows, random):
    shuffled = random.sample(ANCHOR + rows, len(ANCHOR + rows))
    same_frames(read(tmp_path, ANCHOR + rows), read(tmp_path, shuffled))


@settings(max_examples=30)
@given(ROWS)
def test_customers_are_conserved(tmp_path, rows):
    flows = read(tmp_path, ANCHOR + rows).flows
    assert (flows["start"] + flows["new"] + flows["reactivated"] - flows["lost"] == flows["end"]).all()
    assert flows["start"].tolist()[1:] == flows["end"].tolist()[:-1]


@settings(max_examples=30)
@given(ROWS)
def test_the_window_itself_is_one_of_the_windows_tried_and_the_deciles_add_up(tmp_path, rows):
    frames = read(tmp_path, ANCHOR + rows)
    last = frames.flows.iloc[-1]
    same = frames.by_window.loc[frames.by_window["factor"] == 1].iloc[0]
    assert same[COUNTS + SUMS].tolist() == last[COUNTS + SUMS].tolist()
    assert (frames.deciles["customers"].sum(), frames.deciles["lost"].sum()) == (last["start"], last["lost"])
    assert frames.deciles["turnover"].sum() == pytest.approx(last["base_turnover"], abs=1e-9)
    assert frames.deciles["lost_turnover"].sum() == pytest.approx(last["lost_turnover"], abs=1e-9)


def same_frames(one: LogFrames, other: LogFrames) -> None:
    for field in fields(LogFrames):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right, check_exact=True)
        else:
            assert left == right


# the definitions, one by one --------------------------------------------------------


def one_month(folder: Path, text: str, window: int = 30, **more) -> dict:
    """The flows of June 2024 in a log that begins on 2024-01-01 with a customer who never comes back."""
    rows = bought("old 2024-01-01\n" + text)
    flows = read(folder, rows, window=window, until=date(2024, 6, 30), **more).flows
    return flows[flows["from"] == date(2024, 6, 1)].to_dict("records")[0]


def counts(row: dict) -> dict:
    return {name: row[name] for name in COUNTS if row[name]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a 2024-05-31\na 2024-06-01", {"start": 1, "end": 1}),
        ("a 2024-05-02", {"start": 1, "lost": 1}),  # the first day of a window of 30 days before 31 May
        ("a 2024-05-01", {}),  # one day earlier is outside it
        ("a 2024-06-30", {"new": 1, "end": 1}),
        ("a 2024-06-01", {"new": 1, "end": 1}),  # 30 days up to 30 June begin on 1 June
        ("a 2024-02-01\na 2024-06-15", {"reactivated": 1, "end": 1}),
        ("a 2024-05-20\na 2024-06-15", {"start": 1, "end": 1}),
    ],
)
def test_a_customer_is_counted_where_the_definition_says(tmp_path, text, expected):
    assert counts(one_month(tmp_path, text)) == expected


def test_won_and_gone_within_the_period_stands_beside_the_balance(tmp_path):
    assert counts(one_month(tmp_path, "a 2024-06-03", window=10)) == {"won_and_gone": 1}


def test_a_credit_note_lowers_turnover_but_makes_nobody_a_customer(tmp_path):
    row = one_month(tmp_path, "a 2024-05-20 10\na 2024-05-25 -4\nb 2024-05-25 -3\na 2024-06-05 -1\nb 2024-06-05 -2")
    assert counts(row) == {"start": 1, "lost": 1}
    assert (row["turnover"], row["base_turnover"], row["lost_turnover"]) == (-3.0, 6.0, 6.0)


def test_a_purchase_of_zero_is_a_purchase(tmp_path):
    assert counts(one_month(tmp_path, "a 2024-06-20 0.00")) == {"new": 1, "end": 1}


def test_leading_zeros_and_capitals_make_another_customer_and_blanks_around_do_not(tmp_path):
    frames = read(tmp_path, bought("007 2024-01-01\n7 2024-01-01\nAnn 2024-02-01\nann 2024-02-01"))
    assert frames.customers == 4
    (tmp_path / "blanks.csv").write_text('customer;date;amount\n"ann ";2024-01-01;1\n ann;2024-02-01;1\n')
    log = Log(file="blanks.csv", columns=COLUMNS)
    assert read_log(log, tmp_path, every="month", window=5, until=date(2024, 3, 31)).customers == 1


def test_a_period_is_shown_from_the_day_that_the_log_reaches_back_a_full_window(tmp_path):
    rows = bought("a 2024-01-01\na 2024-06-20")
    assert read(tmp_path, rows, window=31).flows["from"].min() == date(2024, 2, 1)
    assert read(tmp_path, rows, window=32).flows["from"].min() == date(2024, 3, 1)


def test_the_last_period_is_the_last_that_ends_by_the_day_given(tmp_path):
    rows = bought("a 2024-01-01\na 2024-06-20")
    assert read(tmp_path, rows, until=date(2024, 6, 29)).flows["to"].max() == date(2024, 5, 31)
    assert read(tmp_path, rows, until=date(2024, 6, 30)).flows["to"].max() == date(2024, 6, 30)


def test_periods_before_since_are_not_shown_but_their_purchases_count(tmp_path):
    rows = bought("a 2024-01-01\na 2024-06-20")
    flows = read(tmp_path, rows, since=date(2024, 5, 15), until=date(2024, 6, 30)).flows
    assert flows["from"].tolist() == [date(2024, 6, 1)]
    assert flows["reactivated"].tolist() == [1]


def test_windows_that_the_log_does_not_reach_are_said_and_left_open(tmp_path):
    frames = read(tmp_path, bought("a 2024-01-01\na 2024-02-20"), window=31, until=date(2024, 2, 29))
    assert frames.by_window["window"].tolist() == [16, 23, 31, 47, 62]
    assert frames.by_window["reached"].tolist() == [True, True, True, False, False]
    assert frames.by_window["start"].isna().tolist() == [False, False, False, True, True]


def test_customers_of_equal_turnover_fall_into_deciles_by_their_name(tmp_path):
    names = [f"c{n * 7 % 20:02d}" for n in range(20)]
    came = [("old", date(2024, 1, 1), Decimal(1))] + [(name, date(2024, 5, 20), Decimal(1)) for name in names]
    came_back = [(name, date(2024, 6, 10), Decimal(1)) for name in names if name < "c10"]
    deciles = read(tmp_path, came + came_back, until=date(2024, 6, 30)).deciles
    assert deciles["customers"].tolist() == [2] * 10
    assert deciles["lost"].tolist() == [0, 0, 0, 0, 0, 2, 2, 2, 2, 2]


def test_amounts_add_up_to_the_cent(tmp_path):
    rows = [("a", date(2024, 1, 1) + timedelta(days=n % 90), Decimal("0.10")) for n in range(1000)]
    assert read(tmp_path, rows, until=date(2024, 3, 31)).amount == 100.0


# files and the client file -------------------------------------------------------------


def refusals(name: str, folder: Path) -> list[str]:
    with pytest.raises(Refused) as refused:
        data_file(name, folder)
    return [refusal.name for refusal in refused.value.refusals]


def test_a_file_is_named_from_the_folder_of_the_client(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "log.csv").touch()
    assert data_file("data/log.csv", tmp_path) == tmp_path / "data" / "log.csv"


@pytest.mark.parametrize("name", ["log.csv", "x" * 5000, "a\0b", "sub/log.csv"])
def test_a_file_that_is_not_there_is_refused(tmp_path, name):
    assert refusals(name, tmp_path) == ["missing_file"]


def test_a_folder_is_not_a_file(tmp_path):
    assert refusals(".", tmp_path) == ["folder_instead_of_file"]


def test_example_data_come_from_the_environment_and_nowhere_else(tmp_path, monkeypatch):
    home = tmp_path / "share" / "toolkit-examples" / "lifetimes"
    home.mkdir(parents=True)
    (home / "sales.csv").touch()
    (tmp_path / "share" / "secret.csv").touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert data_file("package:lifetimes/sales.csv", tmp_path) == home / "sales.csv"
    for name in ("package:lifetimes/other.csv", "package:../secret.csv", f"package:{tmp_path}/share/secret.csv"):
        assert refusals(name, tmp_path) == ["missing_example_data"]


def test_nothing_is_left_behind_whether_read_or_refused(tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    read(tmp_path, bought("a 2024-01-01\na 2024-06-20"))
    (tmp_path / "log.csv").write_bytes("customer;date;amount\nzoë;2024-01-01;twee\n".encode("cp1252"))
    with pytest.raises(Refused):
        read_log(Log(file="log.csv", columns=COLUMNS), tmp_path, every="month", window=5, until=date(2024, 6, 30))
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("column", ["", 0, -1, True, 1.5, None])
def test_a_column_is_a_name_or_a_position_from_one(column):
    with pytest.raises(ValidationError) as error:
        LogColumns(customer=column, date=2, amount=3)
    assert [problem["type"] for problem in error.value.errors()] == ["not_a_column"]


@pytest.mark.parametrize("more", [{"duplicate": "keep"}, {"duplicates": "yes"}, {"delimiter": "|"}, {"decimal": "'"}])
def test_an_unknown_key_or_choice_is_refused(more):
    with pytest.raises(ValidationError):
        Log.model_validate({"file": "log.csv", "columns": COLUMNS.model_dump()} | more)
