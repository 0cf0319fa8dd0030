"""Who sleeps in a log: the definitions, held against a plain-pandas reference that follows them to the letter."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_intake_log import CDNOW, COLUMNS, needs_cdnow, write

from toolkit.finding import Refused
from toolkit.intake.log import Log, LogColumns, read_log
from toolkit.intake.sleeping import Asked, SleepingFrames, read_sleeping

END = date(2024, 12, 31)
DAY = timedelta(days=1)


def asked(**changed) -> Asked:
    given_ = {"every": "quarter", "asleep_after": 60, "tried": (30, 45, 60, 90), "window": 120, "step": 30, "end": END}
    return Asked(**given_ | changed)


def read(folder: Path, rows: list, what: Asked) -> SleepingFrames:
    return read_sleeping(write(folder, rows), folder, what, until=date(2025, 6, 30))


def at(day: str, who: str = "a", amount: str = "10") -> tuple[str, date, Decimal]:
    return who, date.fromisoformat(day), Decimal(amount)


# the reference ----------------------------------------------------------------


def people(log: pd.DataFrame, what: Asked) -> pd.DataFrame:
    """Per customer won: first day, idle days, turnover, cohort."""
    rows = []
    for customer, mine in log[log["day"] <= what.end].groupby("customer"):
        bought = mine[mine["amount"] >= 0]["day"]
        if len(bought) and (what.since is None or bought.min() >= what.since):
            first = bought.min()
            months = {"month": 1, "quarter": 3, "year": 12}[what.every]
            cohort = date(first.year, (first.month - 1) // months * months + 1, 1)
            turnover = float(sum(mine["amount"]))
            rows.append((customer, first, (what.end - bought.max()).days, turnover, cohort))
    return pd.DataFrame(rows, columns=["customer", "first", "idle", "turnover", "cohort"])


def full_months(first: date, day: date) -> int:
    return (day.year - first.year) * 12 + day.month - first.month - (day.day < first.day)


def reference_groups(who: pd.DataFrame, what: Asked) -> dict:
    """Customers and turnover by cohort and by the highest bound that their idle days reach."""
    found: dict = {}
    for row in who.itertuples():
        key = row.cohort, max(bound for bound in what.bounds if bound <= row.idle)
        customers, turnover = found.get(key, (0, 0.0))
        found[key] = customers + 1, turnover + row.turnover
    return found


def reference_ages(log: pd.DataFrame, who: pd.DataFrame, what: Asked) -> dict:
    """Customers with so many full months, and what these brought in that month, by cohort and age."""
    found: dict = {}
    for row in who.itertuples():
        mine = log[(log["customer"] == row.customer) & (log["day"] <= what.end)]
        for age in range(1, full_months(row.first, what.end + DAY) + 1):
            months = [max(full_months(row.first, day), 0) + 1 for day in mine["day"]]
            brought = sum(float(a) for a, month in zip(mine["amount"], months, strict=True) if month == age)
            won, turnover = found.get((row.cohort, age), (0, 0.0))
            found[row.cohort, age] = won + 1, turnover + brought
    return found


def reference_states(log: pd.DataFrame, who: pd.DataFrame, what: Asked) -> dict:
    """Customers, and buyers with what they spent, by moment (now or before), recency, larger and asleep."""
    found: dict = {}
    for moment in [*what.snapshots(min(log["day"])), what.end]:
        seen = []
        for customer in who["customer"]:
            mine = log[log["customer"] == customer]
            before, after = mine[mine["day"] <= moment], mine[mine["day"] > moment]
            after = after[after["day"] <= min(moment + what.step * DAY, what.end)]
            bought = before[before["amount"] >= 0]["day"]
            if len(bought):
                came = bool((after["amount"] >= 0).any())
                idle = (moment - bought.max()).days
                seen.append((idle, float(sum(before["amount"])), customer, came, float(sum(after["amount"]))))
        inside = sorted((s for s in seen if s[0] < what.window), key=lambda s: (-s[1], s[2]))
        larger = {s[2] for s in inside[: (len(inside) + 1) // 2]}
        for idle, turnover, customer, came, spent in seen:
            here = idle < what.window
            recency = idle // what.step + 1 if here else what.states + 1
            key = moment == what.end, recency, customer in larger, here and idle >= what.asleep_after
            old = found.get(key, (0, 0.0, 0, 0.0))
            found[key] = old[0] + 1, old[1] + turnover, old[2] + came, old[3] + (spent if came else 0.0)
    return found


def hold_against_the_reference(frames: SleepingFrames, log: pd.DataFrame, what: Asked) -> None:
    who = people(log, what)
    groups = {}
    for row in frames.groups.itertuples():
        customers, turnover = groups.get((row.cohort, row.idle), (0, 0.0))
        groups[row.cohort, row.idle] = customers + row.customers, turnover + row.customers * row.turnover
    same(groups, reference_groups(who, what))
    same({(r.cohort, r.age): (r.won, r.turnover) for r in frames.ages.itertuples()}, reference_ages(log, who, what))
    keyed = frames.states.set_index(["now", "recency", "larger", "asleep"])
    same({key: tuple(row) for key, row in keyed.iterrows()}, reference_states(log, who, what))


def same(found: dict, expected: dict) -> None:
    assert set(found) == set(expected)
    for key, values in expected.items():
        assert found[key] == pytest.approx(values, abs=1e-6), key


days = st.dates(date(2024, 1, 1), date(2025, 2, 28))
amounts = st.decimals(-50, 200, places=2)
logs = st.lists(st.tuples(st.sampled_from("abcdef"), days, amounts), min_size=1, max_size=40)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(logs, st.sampled_from(["month", "quarter", "year"]), st.integers(10, 119), st.none() | st.just(date(2024, 5, 1)))
def test_any_log_is_counted_as_the_definitions_say(tmp_path, rows, every, asleep_after, since):
    what = asked(every=every, asleep_after=asleep_after, tried=(asleep_after // 2 + 1, asleep_after), since=since)
    rows = [at("2024-01-01", "z"), *rows]
    log = pd.DataFrame(rows, columns=["customer", "day", "amount"])
    hold_against_the_reference(read(tmp_path, rows, what), log, what)


# the definitions, one at a time -------------------------------------------------


@pytest.mark.parametrize(
    ("last", "idle"),
    [("2024-12-31", 0), ("2024-11-02", 45), ("2024-11-01", 60), ("2024-09-03", 90), ("2024-09-02", 120)],
)
def test_asleep_begins_on_the_day_that_w_is_full_and_lost_on_the_day_that_the_window_is(tmp_path, last, idle):
    groups = read(tmp_path, [at("2024-01-01"), at(last)], asked()).groups
    assert groups["idle"].tolist() == [idle]


def test_a_return_lowers_turnover_and_makes_nobody_a_customer_or_awake(tmp_path):
    rows = [at("2024-01-01"), at("2024-12-30", amount="-4"), at("2024-12-30", "b", "-4")]
    groups = read(tmp_path, rows, asked()).groups
    assert groups[["idle", "turnover", "customers"]].values.tolist() == [[120, 6, 1]]


def test_who_bought_before_the_first_day_asked_for_was_not_won(tmp_path):
    rows = [at("2024-01-01"), at("2024-12-30"), at("2024-06-01", "b")]
    assert read(tmp_path, rows, asked(since=date(2024, 2, 1))).groups["customers"].tolist() == [1]


def test_nobody_won_is_an_empty_frame_and_no_error(tmp_path):
    frames = read(tmp_path, [at("2024-01-01")], asked(since=date(2024, 2, 1)))
    assert frames.last_won is None and frames.groups.empty and frames.ages.empty and frames.states.empty


def test_a_month_is_over_when_the_same_day_comes_or_the_first_day_after_a_short_month(tmp_path):
    rows = [at("2024-01-31", amount="10"), at("2024-02-29", amount="20"), at("2024-03-01", amount="40")]
    ages = read(tmp_path, rows, asked(end=date(2024, 3, 30))).ages
    assert ages[["age", "won", "turnover"]].values.tolist() == [[1, 1, 30], [2, 1, 40]]


def test_the_channel_is_that_of_the_first_purchase_and_empty_where_unknown(tmp_path):
    lines = ["customer;date;amount;channel", "a;2024-01-05;10;fair", "a;2024-06-05;10;web", "b;2024-03-05;10;"]
    (tmp_path / "log.csv").write_text("\n".join(lines), encoding="utf-8")
    log = Log(file="log.csv", columns=COLUMNS.model_copy(update={"channel": "channel"}), duplicates="keep")
    frames = read_sleeping(log, tmp_path, asked(), until=END)
    assert dict(zip(frames.groups["channel"], frames.groups["customers"], strict=True)) == {"fair": 1, "": 1}
    assert set(frames.ages["channel"]) == {"fair", ""}


def test_in_a_large_log_amounts_are_put_together_at_three_digits_and_sums_stay_exact(tmp_path, monkeypatch):
    from toolkit.intake import sleeping

    rows = [at("2024-01-01", f"c{number}", amount) for number, amount in enumerate(("100.1", "100.2", "104", "0"))]
    rows += [at("2024-01-01", "c4", "1"), at("2024-02-01", "c4", "-4.333")]
    monkeypatch.setattr(sleeping, "MOST_APART", 2)
    groups = read(tmp_path, rows, asked()).groups
    assert groups["customers"].tolist() == [1, 1, 2, 1]
    assert groups["turnover"].tolist() == pytest.approx([-3.333, 0, 100.15, 104])


def test_what_the_two_doors_refuse_in_a_log_is_refused_here_too(tmp_path):
    (tmp_path / "log.csv").write_text("customer;date;amount\na;2024-01-05;10\na;2024-01-05;10\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_sleeping(Log(file="log.csv", columns=COLUMNS), tmp_path, asked(), until=END)
    assert [problem.name for problem in refused.value.refusals] == ["undecided_duplicates"]


@needs_cdnow
def test_cdnow_adds_up_with_the_two_doors_and_with_the_reference():
    """GOLD §6: 23,570 customers, 2,500,315.63 dollars, nobody new after 1997-03-25, 5,381 at the end."""
    columns = LogColumns(customer="customer_id", date="date", amount="dollar_value")
    log = Log(file=CDNOW, columns=columns, duplicates="keep")
    what = asked(asleep_after=93, tried=(93,), window=182, step=31, end=date(1998, 6, 30))
    frames = read_sleeping(log, Path(), what, until=what.end)
    doors = read_log(log, Path(), every="quarter", window=182, until=what.end)
    groups = frames.groups
    assert frames.last_won == date(1997, 3, 25)
    assert groups["customers"].sum() == 23_570
    assert (groups["customers"] * groups["turnover"]).sum() == pytest.approx(2_500_315.63)
    assert groups.groupby("idle")["customers"].sum().to_dict() == {0: 3369, 93: 2012, 182: 18_189}
    assert 3369 + 2012 == doors.flows["end"].iloc[-1] == 5381
    assert frames.ages["turnover"].head(15).sum() == pytest.approx(plain_cdnow_turnover_of_fifteen_months(), abs=0.01)


def plain_cdnow_turnover_of_fifteen_months() -> float:
    """What everyone brought in the first fifteen full months, which all had, row by row."""
    from toolkit.intake.log import data_file

    rows = pd.read_csv(data_file(CDNOW, Path()), sep=r"\s+", dtype=str)
    day = pd.to_datetime(rows["date"], format="%Y%m%d")
    first = day.groupby(rows["customer_id"]).transform("min")
    months = (day.dt.year - first.dt.year) * 12 + day.dt.month - first.dt.month - (day.dt.day < first.dt.day)
    return float(rows["dollar_value"].astype(float)[months < 15].sum())
