"""The sleepers in numbers: from the frames of a log to one result."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass, replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.finding import Refused
from toolkit.intake.sleeping import SleepingFrames
from toolkit.sleepers.numbers import Given, analyse
from toolkit.sleepers.recency import value_by_recency
from toolkit.sleepers.result import Asleep
from toolkit.sleepers.section import Sleepers

START, END = date(2024, 1, 1), date(2024, 12, 31)
GIVEN = Given(gross_margin=0.5, cost_to_win=100.0, discount=0.0, every="quarter", window=120)
SECTION = {"asleep_after": 60, "contact_every": 30}
Q1, Q2 = date(2024, 1, 1), date(2024, 4, 1)

# cohort, channel, idle, turnover each, customers: cost 100, margin one half
GROUPS = [
    (Q1, "fair", 0, 400.0, 6),
    (Q1, "fair", 60, 80.0, 2),  # asleep: 40 of 100 earned back each
    (Q1, "fair", 120, 300.0, 1),  # lost, but paid for itself
    (Q2, "web", 90, 0.0, 1),  # asleep: nothing earned back
    (Q2, "web", 120, 100.0, 10),  # lost: 50 of 100 earned back each
]
AGES = [(Q1, "fair", 1, 9, 1800.0), (Q1, "fair", 2, 9, 900.0), (Q2, "web", 1, 11, 1100.0)]

# now, recency, larger, asleep, customers, turnover, bought, spent; four recencies of 30 days, 5 is lost
STATES = [
    (False, 1, True, False, 100, 9000.0, 40, 4000.0),
    (False, 1, False, False, 100, 1000.0, 20, 800.0),
    (False, 2, True, False, 50, 4000.0, 15, 1500.0),
    (False, 2, False, False, 50, 500.0, 5, 200.0),
    (False, 3, True, True, 40, 3000.0, 8, 800.0),
    (False, 3, False, True, 60, 600.0, 6, 240.0),
    (False, 4, True, True, 20, 1500.0, 2, 200.0),
    (False, 4, False, True, 80, 800.0, 4, 160.0),
    (False, 5, False, False, 300, 900.0, 3, 60.0),
    (True, 1, True, False, 6, 2400.0, 0, 0.0),
    (True, 3, True, True, 1, 120.0, 0, 0.0),
    (True, 3, False, True, 1, 40.0, 0, 0.0),
    (True, 4, False, True, 1, 0.0, 0, 0.0),
    (True, 5, False, False, 11, 1300.0, 0, 0.0),
]


def frames(groups=GROUPS, ages=AGES, states=STATES, last_won=date(2024, 12, 1)) -> SleepingFrames:
    return SleepingFrames(
        begins=START,
        end=END,
        last_won=last_won,
        snapshots=8,
        groups=pd.DataFrame(groups, columns=["cohort", "channel", "idle", "turnover", "customers"]),
        ages=pd.DataFrame(ages, columns=["cohort", "channel", "age", "won", "turnover"]),
        states=pd.DataFrame(
            states, columns=["now", "recency", "larger", "asleep", "customers", "turnover", "bought", "spent"]
        ).astype({"now": bool, "larger": bool, "asleep": bool}),
    )


def analysed(section=None, given_=None, **parts) -> Asleep:
    return analyse(Sleepers(**SECTION | (section or {})), frames(**parts), replace(GIVEN, **given_ or {}))


def numbers_in(part) -> list[float]:
    """Every number of a result, however deep."""
    if is_dataclass(part):
        return [n for field in fields(part) for n in numbers_in(getattr(part, field.name))]
    if isinstance(part, tuple):
        return [n for inner in part for n in numbers_in(inner)]
    return [part] if isinstance(part, float) else []


# the write-off -----------------------------------------------------------------


def test_the_write_off_keeps_asleep_and_lost_apart_and_adds_up():
    """Asleep: 2 × 60 and 100 of 3 × 100. Lost: 10 × 50 of 11 × 100, one having paid for itself."""
    found = analysed()
    assert (found.won, found.awake, found.asleep, found.lost) == (20, 6, 3, 11)
    assert (found.spent_on_all, found.spent) == (2000, 1400)
    assert (found.earned_back_asleep, found.earned_back_lost) == (80, 600)
    assert (found.written_off_asleep, found.written_off_lost, found.written_off) == (220, 500, 720)
    assert found.written_off_share == pytest.approx(0.36)
    assert (found.not_earned_back, found.not_earned_back_share) == (13, 0.65)


def test_cohorts_and_channels_add_up_to_the_whole():
    found = analysed()
    for parts in (found.cohorts, found.channels):
        assert sum(part.won for part in parts) == found.won
        assert sum(part.written_off for part in parts) == pytest.approx(found.written_off)
        assert sum(part.spent for part in parts) == found.spent
    assert [(part.first, part.last) for part in found.cohorts] == [(Q1, date(2024, 3, 31)), (Q2, date(2024, 6, 30))]
    assert found.worst_channel == "web"


def test_a_channel_may_have_a_cost_of_its_own_and_the_others_take_the_cost_for_all():
    found = analysed({"cost_by_channel": {"fair": 40}})
    assert found.spent_on_all == 9 * 40 + 11 * 100
    assert found.written_off == 100 + 500
    assert found.cost_per_customer == pytest.approx(1460 / 20)


def test_a_channel_that_nobody_priced_is_refused():
    with pytest.raises(Refused) as refused:
        analysed({"cost_by_channel": {"fair": 40}}, {"cost_to_win": None})
    (problem,) = refused.value.refusals
    assert (problem.name, problem.field, problem.given) == ("channel_without_cost", "sleepers.cost_by_channel", "web")


def test_nobody_won_is_refused():
    with pytest.raises(Refused) as refused:
        analysed(groups=[], ages=[], states=[], last_won=None)
    assert refused.value.refusals[0].name == "nobody_won"


def test_a_shorter_w_wakes_nobody_and_the_lost_stay_lost():
    rows = analysed({"asleep_after": 80}).by_asleep_after
    assert [row.asleep_after for row in rows] == [40, 60, 80]
    assert [row.asleep for row in rows] == [3, 3, 1]
    assert {row.lost for row in rows} == {11}


@settings(max_examples=15, deadline=None)
@given(st.floats(0, 1), st.floats(0, 500))
def test_no_number_is_ever_infinite_or_no_number(margin, cost):
    found = analysed({"contact_cost": 3, "chance_when_called": 0.3}, {"gross_margin": margin, "cost_to_win": cost})
    assert all(math.isfinite(number) for number in numbers_in(found))
    assert found.spent - found.earned_back == pytest.approx(found.written_off, abs=1e-6)


# payback -------------------------------------------------------------------------


def test_payback_is_about_everyone_won_who_was_seen_so_long():
    """Month 1: 2900 × ½ over 20 customers; month 2: 900 × ½ over 9: 72.5 and 50 against 100."""
    found = analysed()
    assert [point.cumulative for point in found.points] == pytest.approx([72.5, 122.5])
    assert found.payback == pytest.approx(1.55)
    assert [line.channel for line in found.lines] == ["fair", "web"]


def test_a_cost_that_does_not_come_back_has_no_payback_and_says_why():
    found = analysed(given_={"cost_to_win": 500.0})
    assert (found.payback, found.payback_reason) == (None, "not_within_horizon")
    assert analysed(given_={"gross_margin": 0.0}).payback_reason == "margin_not_positive"
    assert analysed(ages=[]).payback_reason == "nobody_old_enough"


# states and calling -----------------------------------------------------------------


def test_chances_are_those_counted_and_values_those_of_pfeifer_and_carraway():
    found = analysed({"contact_cost": 2, "horizon": 1})
    assert [state.chance.value for state in found.states] == [0.3, 0.2, 0.14, 0.06]
    assert [state.customers for state in found.states] == [6, 0, 2, 1]
    assert found.contribution == pytest.approx(7900 / 100 * 0.5)
    expected = value_by_recency([0.3, 0.2, 0.14, 0.06], 39.5, 2, 0.0, periods=13)
    assert [state.value for state in found.states] == pytest.approx(expected[:4])


def test_what_woke_by_itself_is_measured_among_those_asleep_only():
    found = analysed()
    assert (found.woken.value, found.woken.n) == (20 / 200, 200)
    assert found.lost_back.value == 0.01


def test_contacts_stop_where_they_cost_more_than_a_customer_is_worth():
    found = analysed({"contact_cost": 6})
    first = next(state for state in found.states if state.value < 0)
    assert found.stop_after == first.days_from > 0
    assert found.saved_by_stopping == 6 * sum(s.customers for s in found.states if s.number >= first.number)
    assert analysed({"contact_cost": 0.1}).stop_after is None


def test_a_call_multiplies_every_groups_own_chance_by_the_same_factor():
    found = analysed({"contact_cost": 1, "chance_when_called": 0.25})
    lift = 0.25 / found.chance_anyway
    for group in found.groups:
        assert group.gain_each == pytest.approx(group.chance * (lift - 1) * group.worth - 1)
        assert group.call == (group.gain > 0)
    called = [group for group in found.groups if group.call]
    assert found.gain.value == pytest.approx(sum(group.gain for group in called))
    assert found.to_call == sum(group.customers for group in called)
    assert found.gain.low <= found.gain.value <= found.gain.high


def test_at_the_chance_that_breaks_even_calling_everyone_brings_nothing():
    base = analysed({"contact_cost": 1, "chance_when_called": 0.2})
    there = analysed({"contact_cost": 1, "chance_when_called": base.break_even_chance})
    assert sum(group.gain for group in there.groups) == pytest.approx(0, abs=1e-9)


def test_a_chance_below_what_happens_anyway_calls_nobody_and_gains_nothing():
    found = analysed({"contact_cost": 1, "chance_when_called": 0.01})
    assert (found.to_call, found.gain.value, found.most_per_contact) == (0, 0, 0)


def test_without_a_chance_or_a_cost_the_groups_are_ranked_and_nothing_is_promised():
    found = analysed()
    assert len(found.groups) == 3 and {group.gain for group in found.groups} == {None}
    assert (found.gain, found.break_even_chance, found.stop_after) == (None, None, None)
    ranks = [group.chance * group.worth for group in found.groups]
    assert ranks == sorted(ranks, reverse=True)


def test_a_range_given_widens_the_range_of_the_gain():
    narrow = analysed({"contact_cost": 1, "chance_when_called": 0.25}).gain
    wide = analysed({"contact_cost": 1, "chance_when_called": {"low": 0.15, "likely": 0.25, "high": 0.4}}).gain
    assert wide.value == narrow.value
    assert wide.high - wide.low > narrow.high - narrow.low


def test_a_recency_that_no_snapshot_saw_leaves_values_open_instead_of_zero():
    found = analysed({"contact_cost": 2}, states=[row for row in STATES if row[1] != 2])
    assert {state.value for state in found.states} == {None}
    assert (found.states[1].chance, found.worth_of_waking, found.groups) == (None, None, ())


def test_sleepers_who_never_woke_have_a_chance_of_nothing_and_a_finite_gain():
    never = [(*row[:6], 0, 0.0) if row[3] else row for row in STATES]
    found = analysed({"contact_cost": 1, "chance_when_called": 0.1}, states=never)
    assert found.chance_anyway == 0
    assert found.gain.value == pytest.approx(sum(group.gain for group in found.groups if group.call))


def test_everything_the_margin_touches_scales_with_money():
    one = analysed({"contact_cost": 2, "chance_when_called": 0.25})
    groups = [(*row[:3], row[3] * 10, row[4]) for row in GROUPS]
    ages = [(*row[:4], row[4] * 10) for row in AGES]
    states = [(*row[:5], row[5] * 10, row[6], row[7] * 10) for row in STATES]
    more = {"groups": groups, "ages": ages, "states": states}
    ten = analysed({"contact_cost": 20, "chance_when_called": 0.25}, {"cost_to_win": 1000.0}, **more)
    assert ten.written_off == pytest.approx(10 * one.written_off)
    assert ten.gain.value == pytest.approx(10 * one.gain.value)
    assert ten.payback == pytest.approx(one.payback)
