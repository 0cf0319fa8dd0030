"""Where the budget should go, from a section and its base to one result."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from toolkit import doors, worth
from toolkit.doors.section import Doors, as_periods
from toolkit.finding import Refused
from toolkit.record import numbers_of
from toolkit.strategies.base import base
from toolkit.strategies.courses import drawing
from toolkit.strategies.numbers import analyse
from toolkit.strategies.plan import added
from toolkit.strategies.result import BudgetPlan
from toolkit.strategies.section import Strategies
from toolkit.units import Estimate
from toolkit.words import Words
from toolkit.worth.section import Worth

BASE = {"customers": 250, "retention": "80%", "margin": 100}
KEEP = {"spend": 20, "rate": "84%", "ceiling": "90%", "budget": 5000}
WIN_BACK = {"spend": 30, "rate": "10%", "ceiling": "30%", "budget": 600}
GROW = {"spend": 15, "rate": "5%", "ceiling": "15%", "budget": 1500, "lasts": True}
WIN = {"spend": 8, "rate": "3%", "ceiling": "8%", "budget": 6000}
ALL = BASE | {"prospects": 1500, "keep": KEEP, "win_back": WIN_BACK, "grow": GROW, "win": WIN}
TENTH = {"discount": 0.1}
A3 = {"start": 250, "new": 60, "lost": 50, "turnover_per_customer": 250}
FEW = {"draws": 400}


def plan(section: dict[str, Any], **more: Any) -> BudgetPlan:
    """The plan of a section with a discount rate of a tenth."""
    return analyse(Strategies.model_validate(section), more.pop("economics", TENTH), **more)


def two_doors(**counts: Any) -> doors.TwoDoors:
    """The two doors of article A3, with something changed, at a gross margin of 40 per cent."""
    section = Doors.model_validate(A3 | counts)
    return doors.analyse(section, as_periods(section, date(2024, 1, 1), date(2024, 12, 31)), gross_margin=0.4)


# the plan ------------------------------------------------------------------------------------


def test_the_plan_is_the_year_with_all_less_the_year_with_none():
    """From 80 to 84 per cent of 250 is ten customers of 366.667 (GOLD §2), for 5,000."""
    found = plan(BASE | {"keep": KEEP})
    assert found.plan.value == pytest.approx(10 * 366.6667 - 5000, abs=1e-2)
    assert found.kept_more == pytest.approx(10)
    assert (found.plan_cost, found.overlap) == (5000, pytest.approx(0, abs=1e-9))
    assert found.flows[1].value - found.flows[0].value == pytest.approx(found.plan.value)


def test_what_each_course_adds_last_and_what_they_share_make_the_plan():
    found = plan(ALL)
    assert sum(course.own.value for course in found.courses) + found.overlap == pytest.approx(found.plan.value)
    assert [c.own.value for c in found.courses] == sorted((c.own.value for c in found.courses), reverse=True)
    assert (found.best_own, found.best_kind) == (found.courses[0].own, found.courses[0].kind)
    assert found.plan_cost == pytest.approx(sum(course.cost for course in found.courses))


def test_a_course_without_a_budget_is_not_begun_but_is_in_the_best_split():
    found = plan(ALL | {"grow": {key: GROW[key] for key in ("spend", "rate", "ceiling")} | {"lasts": True}})
    grow = found.course("grow")
    assert (grow.begun, grow.own.value, grow.cost) == (False, 0.0, 0.0)
    assert grow.best_budget is not None


def test_without_budgets_of_its_own_the_plan_is_the_best_split():
    bare = {name: {key: part[key] for key in part if key != "budget"} for name, part in (("keep", KEEP), ("win", WIN))}
    found = plan(BASE | bare | {"prospects": 1500, "budget": 9000})
    assert not found.plan_given
    assert found.plan.value == pytest.approx(found.best_gain)
    assert all(course.budget == course.best_budget for course in found.courses)
    used = [course.next_euro for course in found.courses if course.begun]
    assert max(used) - min(used) < 1e-2


def test_conservation_and_the_start_of_the_year():
    for year in plan(ALL).flows:
        assert year.kept + year.lost == pytest.approx(year.start) == 250
        assert year.won_back + year.gone == pytest.approx(year.lost)
        assert year.kept + year.won_back + year.recommended + year.won == pytest.approx(year.end)


# what it starts from -------------------------------------------------------------------------


def test_the_year_ahead_starts_with_the_customers_of_today_and_goes_as_it_went():
    """A3: 260 at the end, 80 per cent kept; 60 came in, and half of ten leavers came back."""
    found = plan({"keep": KEEP}, economics=TENTH | {"gross_margin": 0.4}, doors=two_doors(reactivated=25))
    year = found.without
    assert (year.start, year.kept, year.won) == (285, pytest.approx(228), pytest.approx(60))
    assert year.won_back == pytest.approx(57 / 2)


def test_quarters_are_brought_to_a_year():
    quarters = [("01-01", "03-31", 200), ("04-01", "06-30", 190), ("07-01", "09-30", 180), ("10-01", "12-31", 170)]
    periods = [{"from": f"2024-{a}", "to": f"2024-{b}", "start": start, "new": 10, "lost": 20} for a, b, start in quarters]
    section = Doors.model_validate({"periods": periods, "turnover_per_customer": 250})
    found = doors.analyse(section, as_periods(section, date(2024, 1, 1), date(2024, 12, 31)), gross_margin=0.4)
    year = plan({"keep": KEEP}, economics=TENTH | {"gross_margin": 0.4}, doors=found).without
    assert year.won == pytest.approx(40)
    assert year.kept == pytest.approx(160 * (180 / 200) * (170 / 190) * (160 / 180) * (150 / 170))


def test_prospects_who_are_won_anyway_follow_from_the_two_doors():
    known = {"economics": TENTH | {"gross_margin": 0.4}, "doors": two_doors()}
    found = plan({"win": WIN | {"rate": "6%"}, "prospects": 1500}, **known)
    assert found.course("win").present_rate == pytest.approx(60 / 1500)
    with pytest.raises(Refused) as refused:
        plan({"win": WIN, "prospects": 50}, **known)
    assert (refused.value.refusals[0].name, refused.value.refusals[0].field) == ("prospects_below_won", "strategies.prospects")


def test_recommended_customers_are_taken_from_those_who_came_in_not_added():
    said = Worth.model_validate({"recommendation": {"came_anyway": "25%"}})
    counted = two_doors(won_by_recommendation=20)
    found = plan({"keep": KEEP}, economics=TENTH | {"gross_margin": 0.4, "cost_to_win": 90.0}, doors=counted, worth=said)
    assert found.without.recommended == pytest.approx(15)
    assert found.without.recommended + found.without.won == pytest.approx(60)
    assert found.came_anyway == 0.25


def test_what_winning_one_may_cost_is_what_the_chapter_on_worth_says():
    economics = TENTH | {"gross_margin": 0.4}
    said = Worth.model_validate({"margin": {"low": 80, "likely": 100, "high": 130}})
    there = worth.analyse(said, economics, doors=two_doors())
    here = plan({"keep": KEEP}, economics=economics, doors=two_doors(), worth=said)
    assert here.ceiling_to_win == there.not_yet_won == here.worth
    rewarded = plan(ALL | {"win": WIN | {"reward": 25}})
    assert rewarded.ceiling_to_win.value == pytest.approx(366.6667 - 25, abs=1e-3)


def test_a_base_of_its_own_goes_before_the_two_doors():
    economics = TENTH | {"gross_margin": 0.4}
    found = plan({"keep": KEEP, "customers": 40, "retention": "82%"}, economics=economics, doors=two_doors())
    assert (found.customers, found.retention.value, found.without.won) == (40, 0.82, 0.0)


# what is unsure ------------------------------------------------------------------------------


def test_a_judged_range_becomes_a_range_of_money_that_holds_its_figure():
    ranged = {"rate": {"low": "82%", "likely": "84%", "high": "86%"}}
    found = plan(BASE | {"keep": KEEP | ranged})
    own = found.course("keep").own
    assert own.low < own.value < own.high
    assert own.confidence == found.range_confidence == 0.8
    assert plan(BASE | {"keep": KEEP | ranged}) == found


def test_the_ends_of_a_judged_range_are_about_the_10th_and_90th_percentile_of_its_money():
    """250 × 1 per cent × 366.667 a point, less 5,000: the spend is the judged one, so money is linear in the rate."""
    ranged = {"rate": {"low": "82%", "likely": "84%", "high": "86%"}}
    own = plan(BASE | {"keep": KEEP | ranged}).course("keep").own
    assert own.low == pytest.approx(5 * 366.667 - 5000, rel=0.01)
    assert own.high == pytest.approx(15 * 366.667 - 5000, rel=0.05)


def test_what_is_unsure_of_today_neither_makes_nor_breaks_a_course():
    """A course takes a part of the room above today's rate, wherever today's rate lies."""
    known = {"economics": TENTH | {"gross_margin": 0.4}, "doors": two_doors()}
    section = Strategies.model_validate({"keep": KEEP})
    start = base(section, None, known["economics"], known["doors"])
    drawn = drawing(section, start, draws=500, seed=0)
    situation, (keep,) = drawn.drawn
    assert np.all(keep.rate > situation.retention)
    assert np.all(added(situation, (keep,), {"keep": 1e-9}) > -1e-6)


def test_where_nothing_is_unsure_there_is_no_range_and_no_chance():
    found = plan(ALL)
    assert found.plan.low == found.plan.value == found.plan.high
    assert found.chance_of_loss in (0.0, 1.0)


def test_live_and_printed_figures_are_the_same_but_for_their_ranges():
    ranged = ALL | {"keep": KEEP | {"rate": {"low": "82%", "likely": "84%", "high": "86%"}}}
    live, printed = plan(ranged, draws=500, divide=False), plan(ranged)
    assert live.plan.value == printed.plan.value
    assert live.plan.low == pytest.approx(printed.plan.low, rel=0.05)
    assert live.best_gain is None


# dividing ------------------------------------------------------------------------------------


def test_the_best_split_of_the_same_money_is_never_worse_than_the_plan():
    found = plan(ALL)
    assert found.better_by >= -1e-6
    assert sum(course.best_budget for course in found.courses) + found.unspent == pytest.approx(found.budget)
    assert found.budget == sum(course.budget for course in found.courses)


def test_no_random_split_of_the_budget_does_better():
    section = Strategies.model_validate(ALL)
    situation, courses = drawing(section, base(section, None, TENTH), draws=1, seed=0).mid
    found = analyse(section, TENTH)
    shares = np.random.default_rng(1).dirichlet(np.full(5, 0.6), 10_000)[:, :4]
    others = added(situation, courses, {one.kind: found.budget * shares[:, i] for i, one in enumerate(courses)})
    assert others.max() <= found.best_gain + 1e-6 * found.budget


def test_the_next_euro_is_measured_on_top_of_the_plan():
    found = plan(ALL)
    first = found.course(found.next_kind)
    assert first.next_euro == found.next_euro == max(course.next_euro for course in found.courses)
    richer = ALL | {found.next_kind: ALL[found.next_kind] | {"budget": first.budget + 1}}
    assert plan(richer).plan.value - found.plan.value == pytest.approx(found.next_euro, abs=1e-6)


def test_a_course_with_a_fixed_cost_that_is_not_begun_has_no_next_euro():
    found = plan(ALL | {"win_back": WIN_BACK | {"budget": 0, "fixed_cost": 700}})
    assert found.course("win_back").next_euro is None
    assert found.next_kind != "win_back"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"budget": 500, "keep": KEEP | {"budget": 0, "fixed_cost": 900}}, "budget_below_fixed_costs"),
        ({"budget": 500, "margin": 1, "keep": KEEP | {"budget": 0}}, "nothing_pays"),
        ({"budget": 0, "keep": KEEP | {"budget": 0}}, "no_budget"),
    ],
)
def test_money_that_is_better_kept_is_kept_and_the_reason_is_said(change, reason):
    found = plan(BASE | change)
    assert (found.split_reason, found.unspent, found.best_gain) == (reason, found.budget, 0.0)
    assert (found.plan.value, found.plan_cost) == (0.0, 0.0)


def test_winning_pays_until_the_next_customer_costs_what_a_customer_is_worth():
    """GOLD §4: at a value of 225, 5 for 4 per cent under a ceiling of 10: spend ln(.1 × k × 225)/k."""
    found = plan(BASE | {"retention": "70%", "margin": 225 * 0.4 / 1.1, "prospects": 1000, "win": {"spend": 5, "rate": "4%", "ceiling": "10%", "budget": 1}})
    k = -math.log(0.6) / 5
    assert found.worth.value == pytest.approx(225)
    assert found.best_win_spend == pytest.approx(math.log(0.1 * k * 225) / k)
    assert found.best_win_budget == pytest.approx(1000 * found.best_win_spend)
    rate = 0.1 * (1 - math.exp(-k * found.best_win_spend))
    assert found.cost_at_best == pytest.approx(found.best_win_spend / rate)


def test_a_ratio_of_three_and_a_half_with_nothing_left_to_gain():
    """GOLD §4, Blattberg & Deighton: ratio 3.62 at the optimum, where both next customers cost 258.0286."""
    responses = {"win": {"spend": 5, "rate": "4%", "ceiling": "10%"}, "keep": {"spend": 20, "rate": "70%", "ceiling": "85%"}}
    said = Worth.model_validate({"margin": 100, "retention": "70%", "responses": responses})
    found = plan({"keep": KEEP, "customers": 250}, worth=said)
    best = found.spends[1]
    assert found.best_ratio == pytest.approx(3.62, abs=5e-3)
    assert found.best_value == pytest.approx(258.0286, abs=5e-5)
    assert best.marginal_cost_to_win == pytest.approx(best.value) == best.marginal_cost_to_keep
    assert (best.win_spend, best.keep_spend) == (pytest.approx(9.48778, abs=5e-6), pytest.approx(33.9628, abs=5e-5))


def test_from_the_courses_themselves_only_extra_customers_count_as_success():
    found = plan(ALL).spends[0]
    assert found.average_cost_to_keep == pytest.approx(20 / 0.04)
    assert found.average_cost_to_win == pytest.approx(4 / found.win_rate)


# what must be true ---------------------------------------------------------------------------


def test_at_its_break_even_rate_a_course_just_earns_itself_back():
    for course in plan(ALL).courses:
        if course.break_even_rate is not None:
            there = plan(ALL | {course.kind: ALL[course.kind] | {"rate": course.break_even_rate}})
            assert there.course(course.kind).own.value == pytest.approx(0, abs=1e-3)
    dear = plan(BASE | {"keep": KEEP | {"budget": 500_000}})
    assert dear.course("keep").break_even_rate is None


def test_a_point_of_retention_is_worth_a_hundredth_of_the_customers():
    """2.5 customers of 366.667."""
    keep = plan(ALL).course("keep")
    assert keep.worth_a_point == pytest.approx(2.5 * 366.6667, abs=1e-3)
    assert keep.same_as_winning == pytest.approx(2.5)
    win = plan(ALL).course("win")
    assert win.same_as_winning == pytest.approx(15)


def test_the_assumption_that_moves_the_plan_most_stands_first():
    found = plan(ALL).swings
    assert [swing.size for swing in found] == sorted((swing.size for swing in found), reverse=True)
    assert {swing.name for swing in found} == {"margin", "retention", "discount", "customers", "keep_rate", "win_back_rate", "grow_rate", "win_rate"}


def test_two_points_that_do_not_meet_today_are_told():
    found = plan(BASE | {"keep": KEEP | {"second_spend": 0, "second_rate": "82.5%"}})
    assert (found.points_kind, found.points_implied, found.points_present) == ("keep", pytest.approx(0.825), 0.8)
    assert plan(BASE | {"keep": KEEP | {"second_spend": 0, "second_rate": "80.5%"}}).points_kind is None


def test_rewards_for_those_who_would_have_stayed_are_added_up():
    """200 of 250 stay anyway; a reward of 10."""
    assert plan(BASE | {"keep": KEEP | {"reward": 10}}).rewarded_anyway == pytest.approx(2000)


# the cascade ---------------------------------------------------------------------------------


def test_a_cascade_in_the_order_given_and_in_the_best():
    """A visit first: 60, then a call for the half it fails: 10 × .5; the call first costs 10 + .7 × 60."""
    measures = [
        {"measure": "Visit", "cost": 60, "chance": "50%", "gain": 200},
        {"measure": "Call", "cost": 10, "chance": "30%", "gain": 200},
        {"measure": "Gift", "cost": 90, "chance": "10%", "gain": 200},
    ]
    found = plan({"cascade": measures}, economics={})
    assert found.cascade_cost == pytest.approx(60 + 0.5 * 10 + 0.35 * 90)
    assert found.cascade_gain == pytest.approx((0.5 + 0.5 * 0.3 + 0.35 * 0.1) * 200)
    assert found.cascade_unsolved == pytest.approx(0.5 * 0.7 * 0.9)
    assert found.best_order == "Call → Visit"
    assert (found.best_cascade_cost, found.best_cascade_gain) == (pytest.approx(52), pytest.approx(130))
    assert [step.best_place for step in found.cascade] == [2, 1, None]
    assert [step.pays for step in found.cascade] == [True, True, False]
    assert found.courses == () and found.plan is None


@pytest.mark.parametrize("cost", ["fixed_cost", "reward"])
def test_a_cost_given_as_a_range_leaves_the_plan_in_its_middle_and_widens_what_it_returns(cost):
    sure, unsure = ({"keep": KEEP | {cost: given_}} for given_ in (4.0, {"low": 2, "likely": 4, "high": 8}))
    exact, found = plan(BASE | sure), plan(BASE | unsure)
    assert (found.plan.value, found.plan_cost) == (exact.plan.value, exact.plan_cost)
    assert exact.plan.low == exact.plan.high and found.plan.low < found.plan.value < found.plan.high
    assert found.courses[0].own.low == pytest.approx(found.plan.low)
    assert (exact.ranges_given, found.ranges_given) == (False, True)


def test_a_cost_range_is_carried_as_its_percentiles():
    """Fixed costs come off as they are: the plan at its low is the plan without them less their 90th percentile."""
    free = plan(BASE | {"keep": KEEP}).plan.value
    found = plan(BASE | {"keep": KEEP | {"fixed_cost": {"low": 800, "high": 1250}}}).plan
    assert (found.low, found.value, found.high) == pytest.approx((free - 1250, free - 1000, free - 800), abs=15)


def test_a_cascade_of_which_nothing_pays_is_best_not_started():
    found = plan({"cascade": [{"measure": "Gift", "cost": 90, "chance": "10%", "gain": 200}]}, economics={})
    assert (found.best_order, found.best_cascade_net, found.cascade_better_by) == (None, 0.0, pytest.approx(70))


# bad input -----------------------------------------------------------------------------------


def test_every_rate_below_today_is_refused_at_once():
    section = ALL | {"win_back_rate": "12%", "win_rate": "4%", "keep": KEEP | {"rate": "75%"}}
    with pytest.raises(Refused) as refused:
        plan(section)
    assert [(one.name, one.field, one.given) for one in refused.value.refusals] == [
        ("rate_below_floor", "strategies.keep.rate", 0.75),
        ("rate_below_floor", "strategies.win_back.rate", 0.10),
        ("rate_below_floor", "strategies.win.rate", 0.03),
    ]


def test_before_anyone_could_leave_there_is_no_plan():
    with pytest.raises(Refused) as refused:
        plan({"keep": KEEP}, economics=TENTH | {"gross_margin": 0.4}, doors=two_doors(start=0, lost=0))
    assert refused.value.refusals[0].name == "plan_without_retention"
    without = replace(two_doors(), turnover_per_customer=None)
    with pytest.raises(Refused) as refused:
        plan({"keep": KEEP}, economics=TENTH | {"gross_margin": 0.4}, doors=without)
    assert refused.value.refusals[0].name == "plan_without_margin"


def test_payments_without_end_are_refused():
    with pytest.raises(Refused) as refused:
        plan(BASE | {"retention": "100%", "win_back": WIN_BACK}, economics={"discount": 0.0})
    assert refused.value.refusals[0].name == "value_unbounded"


def finite(found: BudgetPlan) -> bool:
    """Whether every number recorded of a plan is one."""
    parts = (entry.get(part) for entry in numbers_of(found, "strategies", Words("en_GB"), "") for part in ("value", "low", "high"))
    return all(math.isfinite(part) for part in parts if isinstance(part, float))


@pytest.mark.parametrize(
    "change",
    [{"customers": 0}, {"prospects": 0}, {"margin": 0}, {"retention": "0%"}, {"win": WIN | {"budget": 0}}, {"keep": KEEP | {"budget": 1e9}}],
)
def test_nobody_nothing_and_too_much_give_numbers(change):
    found = plan(ALL | change)
    assert finite(found)
    assert sum(course.own.value for course in found.courses) + found.overlap == pytest.approx(found.plan.value)


@given(
    kept=some.floats(0, 0.98),
    room=some.lists(some.floats(0.02, 0.98), min_size=4, max_size=4),
    money=some.lists(some.sampled_from([0, 1, 900, 80_000]), min_size=4, max_size=4),
    customers=some.sampled_from([0, 1, 40, 90_000]),
    margin=some.sampled_from([0, 3, 1200]),
)
def test_whatever_is_judged_every_figure_is_a_number_and_the_parts_make_the_whole(kept, room, money, customers, margin):
    section: dict[str, Any] = {"customers": customers, "retention": kept, "margin": margin, "prospects": 500}
    for kind, part, budget in zip(("keep", "win_back", "grow", "win"), room, money, strict=True):
        floor = kept if kind == "keep" else 0.0
        rate = floor + part * 0.7 * (1 - floor)
        section[kind] = {"spend": 12, "rate": rate, "ceiling": rate + (1 - rate) / 2, "budget": budget}
    found = plan(section, divide=False)
    assert finite(found)
    scale = abs(found.flows[0].value) + found.plan_cost + 1
    assert sum(course.own.value for course in found.courses) + found.overlap == pytest.approx(found.plan.value, abs=1e-9 * scale)
    assert isinstance(found.plan, Estimate) and found.plan.low <= found.plan.value <= found.plan.high
