"""The two doors in numbers: what a client's counts, or a log, say about who came, went and stayed."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import LOG, client_text, make_client, write_log
from hypothesis import given, settings
from hypothesis import strategies as some

from toolkit import doors
from toolkit.client import load
from toolkit.doors.flows import years_between
from toolkit.doors.leak import leaked
from toolkit.doors.numbers import analyse
from toolkit.doors.result import TwoDoors
from toolkit.doors.section import Doors, as_periods
from toolkit.intake.log import data_file

YEAR = (date(2024, 1, 1), date(2024, 12, 31))
A3 = {"start": 250, "new": 60, "lost": 50}
QUARTERS = [(date(2024, month, 1), date(2024, month + 2, day)) for month, day in ((1, 31), (4, 30), (7, 30), (10, 31))]


def of_counts(counts: dict[str, Any], *, given: dict[str, Any] | None = None, span=YEAR, **economics: Any) -> TwoDoors:
    """The two doors of one period's counts."""
    section = Doors(**counts, **(given or {}))
    return analyse(section, as_periods(section, *span), **economics)


def of_series(series: list[dict[str, Any]], **given: Any) -> TwoDoors:
    """The two doors of a series; each period has its days under `from` and `to`."""
    section = Doors(periods=series, **given)
    return analyse(section, as_periods(section, *YEAR))


def quarters(*counts: dict[str, int]) -> list[dict[str, Any]]:
    """Counts of the quarters of 2024, the start of each being the end of the one before."""
    series, start = [], counts[0]["start"]
    for (first, last), one in zip(QUARTERS, counts, strict=False):
        series.append({**one, "from": first, "to": last, "start": start})
        start += one["new"] - one["lost"]
    return series


@some.composite
def counts(draw, least: int = 0, most: int = 100_000) -> dict[str, int]:
    """The four flows of a period that add up, with those won and gone beside them."""
    start = draw(some.integers(least, most))
    number = some.integers(0, 1000)
    found = {"start": start, "new": draw(number), "lost": draw(some.integers(0, start))}
    return found | {"won_and_gone": draw(number), "reactivated": draw(number)}


# the four flows ------------------------------------------------------------------------------


def test_start_250_new_60_lost_50_keeps_80_per_cent_and_ends_ten_up():
    """A3's first worked example, GOLD §1: (260 − 60)/250 = 80 %, interval 74.6–84.5 %."""
    found = of_counts(A3)
    assert (found.retention.value, found.kept, found.lost, found.end, found.balance) == (0.8, 200, 50, 260, 10)
    assert (round(found.retention.low, 3), round(found.retention.high, 3)) == (0.746, 0.845)
    assert (found.came_in, found.gap, found.churn.value) == (60, 10, pytest.approx(0.2))


def test_five_who_were_won_and_left_again_do_not_lower_retention_and_the_naive_formula_says_78():
    """GOLD §1: 60 won of whom 5 left again, end 255, new still present 55."""
    found = of_counts({"start": 250, "new": 55, "won_and_gone": 5, "end": 255})
    assert (found.retention.value, found.lost) == (0.8, 50)
    assert found.naive_retention == pytest.approx(0.78)


@given(counts())
def test_customers_are_conserved(found):
    result = of_counts(found)
    assert result.start + result.new + result.reactivated - result.lost == result.end
    assert result.kept + result.lost == result.start
    assert result.kept + result.came_in == result.end
    assert result.balance == result.end - result.start
    assert result.gap == abs(result.balance)


@given(counts())
def test_stating_the_lost_or_the_end_or_both_is_the_same_statement(found):
    end = found["start"] + found["new"] + found["reactivated"] - found["lost"]
    without_lost = {name: value for name, value in found.items() if name != "lost"} | {"end": end}
    assert of_counts(found) == of_counts(without_lost) == of_counts(found | {"end": end})


@given(counts())
def test_those_won_and_gone_again_touch_neither_retention_nor_balance(found):
    some_, none = of_counts(found), of_counts(found | {"won_and_gone": 0})
    assert (some_.retention, some_.balance, some_.end) == (none.retention, none.balance, none.end)


@given(counts())
def test_one_period_and_a_series_of_that_one_period_agree(found):
    alone, series = of_counts(found), of_series([found | {"from": YEAR[0], "to": YEAR[1]}])
    assert alone == series


@given(counts(least=1))
def test_churn_is_what_retention_leaves_and_its_interval_is_turned_round(found):
    result = of_counts(found)
    assert result.churn.value == pytest.approx(1 - result.retention.value)
    assert (result.churn.low, result.churn.high) == pytest.approx((1 - result.retention.high, 1 - result.retention.low))
    assert result.churn.low <= result.churn.value <= result.churn.high


def test_recommended_customers_are_a_share_of_all_that_were_won():
    found = of_counts(A3 | {"won_and_gone": 20, "won_by_recommendation": 16})
    assert found.recommended_share == pytest.approx(0.2)


# balance -------------------------------------------------------------------------------------


def test_with_20_in_and_50_out_of_250_twelve_points_of_retention_close_the_balance():
    found = of_counts({"start": 250, "new": 20, "lost": 50})
    assert found.points_to_balance == pytest.approx(0.12)
    assert found.retention_in_balance == pytest.approx(0.92)


@given(counts(least=1))
def test_retention_plus_the_points_to_balance_is_the_retention_in_balance_unless_more_came_than_there_were(found):
    result = of_counts(found)
    assert result.retention_in_balance == pytest.approx(max(0, result.retention.value + result.points_to_balance))
    assert (result.points_to_balance > 0) == (result.balance < 0)


# from periods to a year ----------------------------------------------------------------------


def test_four_quarters_that_keep_95_per_cent_keep_81_45_in_a_year():
    """0.95⁴."""
    found = of_series(quarters(*[{"start": 200, "new": 10, "lost": 10}] * 4))
    assert found.retention.value == 0.95
    assert found.retention_per_year.value == pytest.approx(0.81450625)
    assert found.retention_per_year.low < 0.8145 < found.retention_per_year.high


def test_a_single_month_is_brought_to_a_year_exactly():
    """GOLD §1: churn of 2 % a month is 21.53 % a year."""
    found = of_counts({"start": 100, "new": 2, "lost": 2}, span=(date(2024, 2, 1), date(2024, 2, 29)))
    assert found.churn_per_year.value == pytest.approx(1 - 0.98**12)
    assert round(found.churn_per_year.value, 4) == 0.2153


def test_two_years_that_keep_64_per_cent_keep_80_a_year():
    found = of_counts({"start": 100, "new": 0, "lost": 36}, span=(date(2023, 1, 1), date(2024, 12, 31)))
    assert found.retention_per_year.value == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        ((2024, 1, 1), (2024, 12, 31), 1),
        ((2024, 1, 1), (2024, 3, 31), 0.25),
        ((2023, 2, 15), (2024, 2, 14), 1),
        ((2023, 2, 1), (2023, 2, 28), 1 / 12),
        ((2024, 1, 1), (2024, 1, 10), 10 / 365.25),
    ],
)
def test_whole_months_count_as_twelfths_whatever_their_days(first, last, years):
    assert years_between(date(*first), date(*last)) == pytest.approx(years)


def test_only_the_last_year_counts_for_retention_per_year():
    lost = (100, 10, 10, 10)
    series = quarters(*({"start": 400, "new": 20, "lost": number} for number in lost))
    before = {"from": date(2023, 10, 1), "to": date(2023, 12, 31), "start": 1000, "new": 0, "lost": 600}
    assert of_series([before, *series]).retention_per_year == of_series(series).retention_per_year


def test_a_gap_between_periods_is_never_counted_as_if_it_were_not_there():
    old = {"from": date(2020, 1, 1), "to": date(2020, 6, 30), "start": 100, "new": 0, "lost": 50}
    new = {"from": date(2024, 1, 1), "to": date(2024, 6, 30), "start": 100, "new": 0, "lost": 10}
    assert of_series([old, new]).retention_per_year.value == pytest.approx(0.9**2)


def test_the_trend_is_the_change_from_the_first_to_the_last_period_with_newcombes_interval():
    """Newcombe (1998), 56/70 − 48/80: .2, interval .0524–.3339."""
    series = [
        {"from": date(2022, 1, 1), "to": date(2022, 12, 31), "start": 80, "new": 22, "lost": 32},
        {"from": date(2023, 1, 1), "to": date(2023, 12, 31), "start": 70, "new": 0, "lost": 14},
    ]
    found = of_series(series)
    assert (found.trend.value, found.first_retention.value) == (pytest.approx(0.2), 0.6)
    assert (round(found.trend.low, 4), round(found.trend.high, 4)) == (0.0524, 0.3339)


def test_one_period_has_no_trend_and_neither_have_periods_of_unlike_length():
    assert of_counts(A3).trend is None
    unlike = [
        {"from": date(2022, 1, 1), "to": date(2022, 12, 31), "start": 80, "new": 22, "lost": 32},
        {"from": date(2023, 1, 1), "to": date(2023, 3, 31), "start": 70, "new": 0, "lost": 14},
    ]
    assert of_series(unlike).trend is None


@pytest.mark.parametrize(("lost", "years"), [(25, 4.0), (0, None)])
def test_at_75_per_cent_a_customer_lasts_four_years_and_where_nobody_leaves_nobody_can_say(lost, years):
    """GOLD §1."""
    assert of_counts({"start": 100, "new": 0, "lost": lost}).lifetime == years


# the target ----------------------------------------------------------------------------------


def test_without_a_target_it_is_five_points_more_and_never_above_everything():
    """A1's five percentage points."""
    assumed = of_counts(A3)
    assert (assumed.target_retention, assumed.target_given) == (pytest.approx(0.85), False)
    assert of_counts({"start": 100, "new": 0, "lost": 2}).target_retention == 1.0
    assert of_counts(A3, given={"target_retention": "90%"}).target_given


def test_it_takes_906_customers_to_see_the_target_of_85_per_cent_and_fewer_against_a_fixed_rate():
    """GOLD §1."""
    found = of_counts(A3, given={"target_retention": "85%"})
    assert found.customers_to_tell == 906
    assert (found.customers_to_tell_from_present, found.customers_to_tell_from_target) == (471, 430)


def test_five_points_and_five_per_cent_are_kept_apart():
    """ARTICLES.md: A1 says five points, A3 five per cent: 80 % becomes 85 % or 84 %."""
    found = of_counts(A3)
    assert (found.with_step_points, found.with_step_per_cent) == (pytest.approx(0.85), pytest.approx(0.84))


# money ---------------------------------------------------------------------------------------

FIFTY = {"start": 50, "new": 0, "lost": 15}


def test_15_of_50_customers_of_20_000_take_300_000_and_at_the_target_of_80_per_cent_200_000():
    """A3's second worked example, GOLD §1: "a gain of a ton", and € 748,110 over five years without replacement."""
    found = of_counts(FIFTY, given={"turnover_per_customer": 20_000, "target_retention": "80%"})
    assert found.basis == "turnover"
    assert (found.leak.value, found.leak_at_target) == (pytest.approx(300_000), pytest.approx(200_000))
    assert found.saved.value == pytest.approx(100_000)
    assert found.saved_in_five_years.value == pytest.approx(748_110)
    assert found.turnover_at_stake == 1_000_000


def test_a_known_margin_turns_every_amount_into_margin():
    given = {"turnover_per_customer": 20_000, "target_retention": "80%"}
    found = of_counts(FIFTY, given=given, gross_margin=0.4)
    assert (found.basis, found.margin_per_customer) == ("margin", pytest.approx(8_000))
    assert (found.leak.value, found.saved.value) == (pytest.approx(120_000), pytest.approx(40_000))
    assert {row.basis for row in found.leaks} == {"margin", "turnover"}


def test_without_turnover_per_customer_there_is_no_amount_at_all():
    found = of_counts(FIFTY, gross_margin=0.4)
    assert (found.leak, found.saved, found.basis, found.leaks, found.swings) == (None, None, None, (), ())


@given(counts(least=1), some.floats(0.01, 1e6), some.floats(0.01, 1), some.floats(0, 1))
def test_twice_the_turnover_is_twice_the_money_and_changes_nothing_else(found, turnover, margin, target):
    given = {"target_retention": target}
    once = of_counts(found, given=given | {"turnover_per_customer": turnover}, gross_margin=margin)
    twice = of_counts(found, given=given | {"turnover_per_customer": 2 * turnover}, gross_margin=margin)
    for name in ("leak", "saved", "saved_in_five_years", "spend_per_customer"):
        one, two = getattr(once, name), getattr(twice, name)
        assert (two.value, two.low, two.high) == pytest.approx((2 * one.value, 2 * one.low, 2 * one.high))
    assert twice.worth_a_point == pytest.approx(2 * once.worth_a_point)
    assert (twice.retention, twice.target_retention, twice.lifetime) == (
        once.retention,
        once.target_retention,
        once.lifetime,
    )


@given(counts(least=1), some.floats(0.01, 1e6), some.floats(0, 1))
def test_what_is_saved_is_the_leak_minus_the_leak_at_the_target_and_a_customers_part_of_it(found, turnover, target):
    result = of_counts(found, given={"turnover_per_customer": turnover, "target_retention": target})
    tolerance = {"rel": 1e-9, "abs": 1e-6}
    assert result.saved.value == pytest.approx(result.leak.value - result.leak_at_target, **tolerance)
    assert result.spend_per_customer.value * result.start == pytest.approx(result.saved.value, **tolerance)
    assert result.saved.value == pytest.approx(100 * result.points_to_target * result.worth_a_point, **tolerance)


def test_one_assumption_varied_at_a_time_moves_the_leak_as_the_leak_says_it_should():
    found = of_counts(FIFTY, given={"turnover_per_customer": 20_000}, gross_margin=0.4)
    swings = {swing.name: swing for swing in found.swings}
    assert set(swings) == {"retention_per_year", "turnover_per_customer", "customers", "gross_margin"}
    reach = {name: (swing.low_input, swing.base_input, swing.high_input) for name, swing in swings.items()}
    assert reach["retention_per_year"] == pytest.approx((0.65, 0.70, 0.75))
    assert reach["turnover_per_customer"] == pytest.approx((18_000, 20_000, 22_000))
    assert reach["customers"] == (45, 50, 55)
    assert reach["gross_margin"] == pytest.approx((0.35, 0.40, 0.45))
    assert swings["retention_per_year"].low == pytest.approx(leaked(50, 8_000, 0.65, years=1, replaced=False))
    assert swings["gross_margin"].high == pytest.approx(leaked(50, 9_000, 0.70, years=1, replaced=False))
    sizes = [swing.size for swing in found.swings]
    assert sizes == sorted(sizes, reverse=True)


def test_the_revolving_door_has_a_price_where_the_cost_to_win_is_known():
    gone = A3 | {"won_and_gone": 7}
    assert of_counts(gone, cost_to_win=900).cost_of_won_and_gone == 6_300
    assert of_counts(gone).cost_of_won_and_gone is None
    assert of_counts(A3, cost_to_win=900).cost_of_won_and_gone is None


def test_recurring_turnover_of_10_million_is_retained_for_85_per_cent_gross_and_103_net():
    """GOLD §1."""
    turnover = {"start": 10_000_000, "contraction": 600_000, "churned": 900_000, "expansion": 1_800_000}
    found = of_counts(A3, given={"turnover": turnover})
    assert (found.gross_revenue_retention, found.net_revenue_retention) == pytest.approx((0.85, 1.03))


# what cannot be said -------------------------------------------------------------------------


@pytest.mark.parametrize("new", [0, 5])
def test_with_nobody_at_the_start_retention_is_not_yet_known_and_nothing_else_that_needs_it(new):
    found = of_counts(
        {"start": 0, "new": new, "lost": 0}, given={"turnover_per_customer": 100, "target_retention": 0.9}
    )
    unknown = (
        "retention",
        "churn",
        "retention_per_year",
        "lifetime",
        "leak",
        "saved",
        "points_to_balance",
        "customers_to_tell",
    )
    assert [getattr(found, name) for name in unknown] == [None] * len(unknown)
    assert found.end == new


@given(counts(), some.none() | some.floats(0, 1), some.none() | some.floats(0, 1e9), some.none() | some.floats(0, 1))
def test_whatever_a_client_may_state_there_is_a_result_and_the_same_one_twice(found, target, turnover, margin):
    given = {"target_retention": target, "turnover_per_customer": turnover}
    one, two = (of_counts(found, given=given, gross_margin=margin, cost_to_win=margin) for _ in range(2))
    assert one == two


def test_a_result_cannot_be_changed():
    found = of_counts(A3)
    with pytest.raises(AttributeError):
        found.lost = 0


# from a log ----------------------------------------------------------------------------------

HAND = """\
an;2023-12-10;100,00
an;2024-03-10;100,00
bo;2023-12-20;50,00
ko;2024-02-01;80,00
li;2023-11-30;10,00
zo;2024-01-02;20,00
mo;2023-09-03;30,00
mo;2024-03-01;30,00
po;2023-09-03;10,00"""
# window 60 days, first quarter of 2024. Active on 31 December (bought after 1 November): an, bo, li.
# Active on 31 March (bought after 31 January): an, ko, mo. New: ko (zo was won and gone again); back: mo; lost: bo, li.


def test_a_log_counted_by_hand(tmp_path: Path):
    write_log(tmp_path, HAND)
    client = make_client(
        tmp_path,
        client_text('every = "quarter"\nwindow = 60', more=LOG, period="{ from = 2024-01-01, to = 2024-03-31 }"),
    )
    found = doors.results(client)
    assert (found.start, found.new, found.won_and_gone, found.reactivated, found.lost, found.end) == (3, 1, 1, 1, 2, 3)
    assert found.retention.value == pytest.approx(1 / 3)
    assert found.turnover_retention == pytest.approx(100 / 160)
    assert sum(tenth.customers for tenth in found.deciles) == found.start
    assert sum(tenth.lost for tenth in found.deciles) == found.lost
    assert sum(tenth.turnover for tenth in found.deciles) == pytest.approx(160)
    assert found.top_share == pytest.approx(100 / 160)


def test_another_window_stands_beside_the_chosen_one_as_far_as_the_log_reaches_back(tmp_path: Path):
    write_log(tmp_path, HAND)
    client = make_client(
        tmp_path,
        client_text('every = "quarter"\nwindow = 60', more=LOG, period="{ from = 2024-01-01, to = 2024-03-31 }"),
    )
    found = {row.window: row for row in doors.results(client).by_window}
    assert list(found) == [30, 45, 60, 90, 120]
    assert (found[60].start, found[60].lost, found[60].end) == (3, 2, 3)
    assert (found[30].start, found[30].lost, found[30].end) == (2, 1, 1)
    assert (found[120].start, found[120].lost, found[120].end) == (5, 2, 5)


@some.composite
def purchases(draw) -> str:
    """Rows of a log: up to a dozen customers over two years, amounts with a credit note among them."""
    days = some.integers(0, 730).map(lambda day: date(2023, 1, 1) + timedelta(days=day))
    amounts = some.integers(-2_000, 20_000).map(lambda cents: f"{cents / 100:.2f}".replace(".", ","))
    rows = draw(some.lists(some.tuples(some.integers(1, 12), days, amounts), min_size=1, max_size=60))
    return "k0;2023-01-01;1,00\n" + "\n".join(f"k{who};{day};{amount}" for who, day, amount in rows)


@settings(max_examples=settings().max_examples // 5)
@given(rows=purchases(), window=some.integers(1, 300), every=some.sampled_from(["month", "quarter", "year"]))
def test_customers_are_conserved_in_every_period_of_every_log(tmp_path: Path, rows: str, window: int, every: str):
    write_log(tmp_path, rows)
    more = LOG + '\nduplicates = "keep"'
    doors_ = f'every = "{every}"\nwindow = {window}'
    client = make_client(tmp_path, client_text(doors_, more=more, period="{ from = 2024-01-01, to = 2024-12-31 }"))
    found = doors.results(client)
    for flow in found.flows:
        assert flow.start + flow.new + flow.reactivated - flow.lost == flow.end
        assert 0 <= flow.kept <= flow.start
    for before, after in zip(found.flows, found.flows[1:], strict=False):
        assert before.end == after.start
    assert sum(tenth.customers for tenth in found.deciles) == found.start
    (chosen,) = (row for row in found.by_window if row.factor == 1)
    assert (chosen.start, chosen.lost, chosen.end) == (found.start, found.lost, found.end)


def test_a_closed_front_door_is_seen_in_cdnow(examples_installed):
    """GOLD §6: CDNOW by quarter with a window of 182 days."""
    found = doors.results(load(Path(__file__).parent.parent / "templates" / "clients" / "cdnow"))
    shown = [(f.start, f.new, f.reactivated, f.lost, f.end) for f in found.flows]
    assert shown == [(7317, 0, 1353, 2303, 6367), (6367, 0, 1249, 1532, 6084), (6084, 0, 974, 1677, 5381)]


@pytest.fixture
def examples_installed() -> None:
    """Skips, aloud, where the packages of locks/examples.txt were not installed."""
    from toolkit.finding import Refused

    try:
        data_file("package:lifetimes/datasets/CDNOW_master.txt", Path())
    except Refused:
        pytest.skip(f"example data are not installed under {sys.prefix}: python3 run.py test brings them")
