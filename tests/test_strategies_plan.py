"""One year of customers, what a plan makes of it, and how to divide its budget."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.finding import Refused
from toolkit.strategies.flow import KINDS, Situation, Strategy, flow
from toolkit.strategies.plan import added, plan_ranges, plan_value
from toolkit.strategies.split import best_split, next_euro
from toolkit.worth.uncertainty import Range
from toolkit.worth.value import customer_value

TODAY = Situation(
    customers=1000,
    margin=500,
    retention=0.75,
    discount=0.1,
    prospects=5000,
    win_back_rate=0.02,
    win_rate=0.01,
    recommended=0.05,
    came_anyway=0.3,
    cost_to_win=200,
)
KEEP = Strategy("keep", spend=20, rate=0.80, ceiling=0.90)
WIN_BACK = Strategy("win_back", spend=30, rate=0.10, ceiling=0.30)
GROW = Strategy("grow", spend=15, rate=0.05, ceiling=0.15, lasts=True)
WIN = Strategy("win", spend=8, rate=0.03, ceiling=0.08)
ALL = (KEEP, WIN_BACK, GROW, WIN)


@st.composite
def plans(draw):
    """A firm and four strategies with budgets."""
    share = st.floats(0.05, 0.9)
    situation = Situation(
        customers=draw(st.integers(1, 100_000)),
        margin=draw(st.floats(1, 1000)),
        retention=draw(share),
        discount=draw(st.floats(0.02, 0.3)),
        prospects=draw(st.integers(0, 100_000)),
        recommended=draw(st.floats(0, 0.3)),
        came_anyway=draw(st.floats(0, 1)),
        cost_to_win=draw(st.floats(0, 500)),
    )
    strategies = []
    for kind in KINDS:
        floor = situation.floor(kind)
        room = draw(st.floats(0.1, 0.9))
        ceiling = floor + (1 - floor) * draw(st.floats(0.1, 1.0))
        rate = floor + room * (ceiling - floor)
        money = situation.customers * draw(st.floats(0, 50))
        strategies.append(Strategy(kind, draw(st.floats(1, 50)), rate, ceiling, budget=money))
    return situation, tuple(strategies)


@given(plans())
def test_the_year_conserves_customers(plan):
    year = flow(*plan)
    assert year.kept + year.lost == pytest.approx(year.start)
    assert year.won_back + year.gone == pytest.approx(year.lost)
    assert year.kept + year.won_back + year.recommended + year.won == pytest.approx(year.end)


def test_doing_nothing_is_the_value_of_the_base_just_before_its_renewal():
    year = flow(Situation(250, 100, 0.8, 0.1))
    assert float(year.value) == pytest.approx(250 * customer_value(100, 0.8, 0.1, timing="renewal_due"))


def test_keeping_one_more_customer_brings_what_a_customer_is_worth():
    """From 80 to 84 per cent of 250 is ten customers of 366.667, for 5,000: a loss of 1,333.33."""
    plan = plan_value(Situation(250, 100, 0.8, 0.1), (Strategy("keep", 20, 0.84, 0.9, budget=5000),))
    assert float(plan.total) == pytest.approx(10 * 366.6667 - 5000, abs=1e-2)


def test_winning_back_also_rewards_those_who_would_have_come_back():
    """A2 says trying never hurts: 50 lost, 10 % return anyway, 12 % when called, 40 each: 1 × 366.67 − 6 × 40 − 100."""
    situation = Situation(250, 100, 0.8, 0.1, win_back_rate=0.10)
    plan = plan_value(situation, (Strategy("win_back", 2, 0.12, 0.30, budget=100, reward=40),))
    assert float(plan.total) == pytest.approx(366.667 - 240 - 100, abs=1e-2)
    dear = plan_value(situation, (Strategy("win_back", 2, 0.12, 0.30, budget=100, reward=90),))
    assert dear.total < 0


def test_growth_that_lasts_is_worth_more_and_growth_may_save_renewals():
    once = Strategy("grow", 10, 0.10, 0.20, budget=2000)
    situation = Situation(250, 100, 0.8, 0.1)
    assert float(plan_value(situation, (once,)).total) == pytest.approx(200 * 0.10 * 100 - 2000)
    lasting = plan_value(situation, (replace(once, lasts=True),)).total
    assert float(lasting) == pytest.approx(200 * 0.10 * 366.6667 - 2000, abs=1e-2)
    saving = plan_value(situation, (replace(once, lowers_churn=0.5),)).total
    assert float(saving) == pytest.approx(200 * 0.10 * (100 + 0.2 * 0.5 * 366.6667 / 1.1) - 2000, abs=1e-2)


@given(plans())
def test_own_figures_and_overlap_make_the_plan(plan):
    found = plan_value(*plan)
    assert sum(found.own.values()) + found.overlap == pytest.approx(found.total, rel=1e-9, abs=1e-6)


@given(plans(), st.floats(0.1, 10))
def test_a_plan_scales_with_money(plan, factor):
    situation, strategies = plan
    richer = replace(situation, margin=factor * situation.margin, cost_to_win=factor * situation.cost_to_win)
    dearer = tuple(replace(s, spend=factor * s.spend, budget=factor * s.budget) for s in strategies)
    scale = abs(factor * float(flow(situation).value)) + 1
    assert plan_value(richer, dearer).total == pytest.approx(
        factor * plan_value(situation, strategies).total, abs=1e-9 * scale
    )


def test_keeping_and_winning_back_overlap_because_who_stays_need_not_return():
    budgets = {"keep": 20_000.0, "win_back": 7_500.0}
    found = plan_value(TODAY, (KEEP, WIN_BACK), budgets)
    apart = sum(added(TODAY, (s,), budgets) for s in (KEEP, WIN_BACK))
    assert found.total < apart
    assert found.overlap > 0


def test_a_strategy_without_budget_is_not_begun():
    fixed = replace(WIN_BACK, fixed_cost=9_999.0)
    alone, both = (
        plan_value(TODAY, (replace(KEEP, budget=5000),)),
        plan_value(TODAY, (replace(KEEP, budget=5000), fixed)),
    )
    assert both.total == alone.total
    assert both.own["win_back"] == 0


@settings(max_examples=20, deadline=None)
@given(plans(), st.floats(0.1, 60), st.integers(0, 1000))
def test_no_random_split_does_better(plan, per_customer, seed):
    situation, strategies = plan
    budget = per_customer * situation.customers
    found = best_split(situation, strategies, budget)
    shares = np.random.default_rng(seed).dirichlet(np.full(5, 0.5), 10_000)[:, :4]
    others = added(situation, strategies, {s.kind: budget * shares[:, i] for i, s in enumerate(strategies)})
    assert others.max() <= found.gain + 1e-7 * budget + 1e-9 * float(flow(situation).value)
    assert sum(found.budgets.values()) + found.unspent == pytest.approx(budget)


@pytest.mark.parametrize("budget", [1_000, 10_000, 60_000, 300_000])
def test_at_the_best_split_the_next_euro_brings_the_same_wherever_money_goes(budget):
    found = best_split(TODAY, ALL, budget)
    slope = next_euro(TODAY, ALL, found.budgets, step=1e-2)
    used = [slope[kind] for kind, money in found.budgets.items() if money > 0]
    unused = [slope[kind] for kind, money in found.budgets.items() if money == 0]
    assert used and max(used) - min(used) < 1e-3
    assert all(gain <= max(used) + 1e-3 for gain in unused)
    assert found.unspent == pytest.approx(0, abs=1e-6) or max(used) == pytest.approx(0, abs=1e-3)


def test_a_budget_beyond_what_pays_is_partly_kept():
    found = best_split(TODAY, ALL, 3_000_000)
    assert found.unspent > 1_000_000
    assert found.gain == pytest.approx(best_split(TODAY, ALL, 2_000_000).gain, rel=1e-6)


def test_with_fixed_costs_the_best_choice_is_the_best_of_all_choices():
    """Against a lattice of 40 steps over every split of every choice of three strategies."""
    some = (
        replace(KEEP, fixed_cost=5_000.0),
        replace(WIN_BACK, fixed_cost=500.0, reward=20.0),
        replace(WIN, fixed_cost=2_000.0),
    )
    budget, steps, best = 20_000.0, 40, 0.0
    for on in product([False, True], repeat=3):
        chosen = tuple(s for s, begun in zip(some, on, strict=True) if begun)
        free = budget - sum(s.fixed_cost for s in chosen)
        if not chosen or free < 0:
            continue
        lattice = np.array([p for p in product(range(steps + 1), repeat=len(chosen)) if sum(p) <= steps]) / steps
        best = max(best, added(TODAY, chosen, {s.kind: free * lattice[:, i] for i, s in enumerate(chosen)}).max())
    found = best_split(TODAY, some, budget)
    assert found.gain >= best - 1e-6
    assert found.gain == pytest.approx(best, rel=5e-3)
    assert found.fixed_costs + found.unspent + sum(found.budgets.values()) == pytest.approx(budget)


def test_a_budget_below_the_fixed_costs_is_kept_and_says_why():
    found = best_split(TODAY, (replace(KEEP, fixed_cost=5_000.0),), 1_000)
    assert (found.reason, found.unspent, found.gain) == ("budget_below_fixed_costs", 1_000, 0.0)


def test_when_every_strategy_loses_nothing_is_spent_and_it_says_so():
    poor = replace(TODAY, margin=1.0, cost_to_win=0.0)
    found = best_split(poor, ALL, 10_000)
    assert (found.reason, found.gain, sum(found.budgets.values())) == ("nothing_pays", 0.0, 0.0)
    assert all(gain < 0 for gain in found.next_euro.values())
    assert best_split(TODAY, ALL, 0).reason == "no_budget"


def test_the_next_euro_goes_where_it_brings_most():
    gains = next_euro(TODAY, ALL, dict.fromkeys(KINDS, 0.0))
    assert list(gains.values()) == sorted(gains.values(), reverse=True)
    assert max(gains, key=gains.get) == next(iter(gains))


def test_the_range_of_a_plan_holds_its_estimate_and_the_chance_of_a_loss():
    plan = tuple(replace(s, budget=b) for s, b in zip(ALL, (20_000, 7_500, 10_000, 20_000), strict=True))
    rates = {"keep": Range(0.78, 0.83, scale="share"), "win": Range(0.02, 0.04, scale="share")}
    ranges, losses = plan_ranges(TODAY, plan, rates)
    assert set(ranges) == {"plan", *KINDS}
    assert all(r.low <= r.value <= r.high for r in (ranges["plan"], ranges["keep"], ranges["win"]))
    assert all(0 <= chance <= 1 for chance in losses.values())
    low = replace(TODAY, margin=5.0)
    assert plan_ranges(low, plan, rates)[1]["plan"] == 1.0


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: Strategy("charm", 1, 0.1, 0.2), "not_one_of"),
        (lambda: Strategy("keep", 1, 0.8, 0.9, lowers_churn=0.5), "out_of_bounds"),
        (lambda: Strategy("grow", 1, 0.1, 0.2, reward=5), "out_of_bounds"),
        (lambda: flow(TODAY, (KEEP, KEEP)), "strategy_twice"),
        (lambda: flow(TODAY, (replace(KEEP, rate=0.7),)), "rate_below_floor"),
        (lambda: flow(TODAY, (replace(KEEP, ceiling=0.78),)), "ceiling_below_rate"),
        (lambda: flow(TODAY, (replace(KEEP, spend=0),)), "response_without_spend"),
        (lambda: Situation(100, 50, 1.2, 0.1), "out_of_bounds"),
        (lambda: flow(Situation(100, 50, 1.0, 0.0)), "value_unbounded"),
        (lambda: best_split(TODAY, ALL, -1), "out_of_bounds"),
        (lambda: Situation(100, None, 0.8, 0.1), "not_a_number"),
    ],
)
def test_plans_that_cannot_be_are_refused(make, name):
    with pytest.raises(Refused) as refused:
        make()
    assert refused.value.refusals[0].name == name


@pytest.mark.parametrize(
    "situation", [replace(TODAY, customers=0), replace(TODAY, prospects=0), replace(TODAY, retention=0.0, win_rate=0.0)]
)
def test_nobody_to_act_on_gives_numbers_and_no_gain_from_nobody(situation):
    plan = tuple(replace(s, budget=100.0) for s in ALL)
    assert all(np.isfinite(figure) for figure in vars(flow(situation, plan)).values())
    if not situation.prospects:
        assert plan_value(situation, plan).own["win"] == pytest.approx(-100)
