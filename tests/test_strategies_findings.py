"""What is worth saying about a plan: which sentence is chosen for which figures, and what page 1 takes."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from test_strategies_numbers import ALL, BASE, KEEP, WIN, WIN_BACK, plan

from toolkit import picture
from toolkit.picture import Moving
from toolkit.quantities import on_one_step, significant
from toolkit.strategies import findings, offers, onstage, pictures
from toolkit.strategies.result import BudgetPlan
from toolkit.units import MONEY, SHARE
from toolkit.words import LOCALES, Words

WIDE = {"low": "80.5%", "likely": "84%", "high": "87%"}
GOOD = BASE | {"margin": 400, "keep": KEEP | {"rate": {"low": "83%", "likely": "84%", "high": "85%"}}}
CALL = {"measure": "Call", "cost": 10, "chance": "30%", "gain": 200}
VISIT = {"measure": "Visit", "cost": 60, "chance": "50%", "gain": 200}
GIFT = {"measure": "Gift", "cost": 90, "chance": "10%", "gain": 200}
BARE = {"keep": {key: KEEP[key] for key in ("spend", "rate", "ceiling")}}


def said(section: dict[str, Any], **more: Any) -> list[str]:
    """The names of what is worth saying about a section, in order."""
    return [finding.name for finding in findings.worth_saying(plan(section, **more))]


# what the plan comes to ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "first"),
    [
        (GOOD, "plan_gains"),
        (BASE | {"keep": KEEP}, "plan_loses"),
        (BASE | {"margin": 200, "keep": KEEP | {"rate": WIDE}}, "plan_in_doubt"),
        (BASE | BARE | {"margin": 400, "budget": 900}, "split_gains"),
        (BASE | BARE | {"budget": 900}, "nothing_pays"),
        (BASE | BARE | {"budget": 0}, "no_budget"),
        (BASE | {"keep": BARE["keep"] | {"fixed_cost": 5000}, "budget": 900}, "budget_below_fixed_costs"),
        ({"cascade": [CALL, VISIT]}, "cascade_pays"),
        ({"cascade": [GIFT]}, "cascade_loses"),
    ],
)
def test_the_first_thing_said_is_what_the_plan_comes_to(section, first):
    assert said(section)[0] == first
    assert offers.verdict(plan(section)).name == first


@pytest.mark.parametrize(
    ("section", "name"),
    [
        (GOOD | {"budget": 3000}, "over_budget"),
        (GOOD | {"budget": 9000}, "budget_left"),
        (ALL, "better_elsewhere"),
        (BASE | {"keep": KEEP}, "better_kept"),
        (GOOD | {"budget": 90_000}, "not_all_used"),
        (GOOD, "next_euro"),
        (BASE | {"keep": KEEP}, "next_euro_nowhere"),
        (GOOD, "sales_ceiling"),
        (ALL, "sales_curve"),
        (ALL | {"margin": 20}, "sales_enough"),
        (ALL | {"margin": 0}, "winning_never"),
        (ALL | {"retention": "100%", "win_back": WIN_BACK, "keep": None}, "idle"),
        (ALL, "course_loses"),
        (GOOD | {"keep": KEEP | {"rate": WIDE}, "win": WIN, "prospects": 1500, "margin": 200}, "course_may_lose"),
        (GOOD | {"keep": KEEP | {"reward": 5}}, "rewarded_anyway"),
        (ALL | {"grow": ALL["grow"] | {"lowers_churn": "10%"}}, "grow_caveat"),
        (BASE | {"keep": KEEP | {"second_spend": 0, "second_rate": "83%"}}, "points_disagree"),
        (ALL, "no_ranges"),
        ({"cascade": [VISIT, CALL]}, "better_order"),
        ({"cascade": [GIFT]}, "start_nothing"),
    ],
)
def test_what_only_some_plans_have_to_be_told(section, name):
    assert name in said({key: value for key, value in section.items() if value is not None})


def test_a_split_that_brings_next_to_nothing_more_moves_no_money():
    best = plan(ALL)
    same = {course.kind: ALL[course.kind] | {"budget": course.best_budget} for course in best.courses}
    assert "well_divided" in said(ALL | same)
    assert "better_elsewhere" not in said(ALL | same)


def test_overlap_is_told_by_its_sign_and_only_where_it_shows():
    found = plan(ALL)
    shared = replace(found, overlap=abs(found.plan.value))
    names = {sign: [f.name for f in findings.worth_saying(replace(shared, overlap=sign * shared.overlap))] for sign in (1, -1, 0)}
    assert "overlap_shared" in names[1] and "overlap_twice" in names[-1]
    assert not {"overlap_shared", "overlap_twice"} & set(names[0])


@pytest.mark.parametrize(("ratio", "name"), [(3.62, "ratio_says_little"), (0.4, "ratio_says_little_below"), (1.1, None), (None, None)])
def test_a_ratio_is_said_to_say_little_where_it_could_mislead(ratio, name):
    names = [f.name for f in findings.worth_saying(replace(plan(ALL), best_ratio=ratio))]
    assert [found for found in names if found.startswith("ratio")] == ([name] if name else [])


def test_one_single_course_is_neither_best_nor_worst_of_several():
    assert not {"course_loses", "course_may_lose"} & set(said(BASE | {"keep": KEEP}))


# page 1 --------------------------------------------------------------------------------------


def test_page_1_is_offered_a_plan_that_gains_a_trial_of_one_in_doubt_and_nothing_of_one_that_loses():
    def actions(section: dict[str, Any]) -> list[str]:
        return [action.name for action in offers.actions(plan(section))]

    assert actions(GOOD) == ["do_plan", "spend_on_winning_sure"]
    assert actions(BASE | {"margin": 200, "keep": KEEP | {"rate": WIDE}})[0] == "do_trial"
    assert actions(BASE | {"keep": KEEP}) == ["spend_on_winning_sure", "stop_course"]
    assert "spend_elsewhere" in actions(ALL | {"margin": 150})
    assert actions({"cascade": [CALL]}) == ["do_cascade"]
    assert actions({"cascade": [GIFT]}) == []


def test_every_action_is_something_to_do_to_spend_or_to_stop():
    for section in (GOOD, ALL, BASE | {"keep": KEEP}, {"cascade": [CALL]}):
        assert {action.name.split("_")[0] for action in offers.actions(plan(section))} <= {"do", "spend", "stop"}


def test_what_a_cascade_alone_offers_is_about_the_cascade_and_needs_no_plan():
    alone = plan({"cascade": [CALL]})
    assert [figure.name for figure in offers.key_figures(alone)] == ["cascade"]
    assert offers.best_picture(alone)[:2] == (pictures.cascade_steps, findings.steps_title(alone))
    assert offers.change_of_mind(alone).name == "cascade"
    assert onstage.pictures(alone) == [pictures.cascade_steps]
    assert onstage.headline(alone)[0] == "pictures.cascade_steps.titles.pays"


def test_beside_courses_a_cascade_is_a_table_in_print_and_a_picture_in_the_room():
    both = plan(GOOD | {"cascade": [CALL]})
    assert findings.steps_title(both) is None
    assert pictures.cascade_steps in onstage.pictures(both)


# pictures ------------------------------------------------------------------------------------

DRAWN = {"year_flow": findings.flow_title, "net_bars": findings.net_title, "budgets": findings.split_title, "cascade_steps": findings.steps_title}


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("section", [{"cascade": [VISIT, CALL, GIFT]}, ALL, GOOD, ALL | {"prospects": 0}, ALL | {"margin": 0}, ALL | {"keep": KEEP | {"rate": WIDE}}])
def test_a_picture_with_a_title_can_be_drawn_in_every_locale(name, section):
    result = plan(section)
    if DRAWN[name](result) is not None:
        for locale in LOCALES:
            drawing = picture.svg(getattr(pictures, name), Words(locale), result)
            assert drawing.startswith("<svg") and "nan" not in drawing.lower()


@pytest.mark.parametrize(
    ("section", "name"),
    [
        (BASE | {"keep": KEEP}, "one_loses"),
        (BASE | {"margin": 200, "keep": KEEP | {"rate": WIDE}}, "one_may_lose"),
        (GOOD, "one_gains"),
        (GOOD | {"win_back": WIN_BACK | {"reward": 2000}}, "some_lose"),
        (GOOD | {"win_back": WIN_BACK | {"rate": {"low": "6%", "likely": "10%", "high": "14%"}, "reward": 1000}}, "some_may_lose"),
    ],
)
def test_a_certain_loss_is_not_called_a_possible_one(section, name):
    result = plan(section)
    assert findings.net_title(result).name == name
    sure = [course for course in result.courses if course.loses]
    assert bool(sure) == (name in ("one_loses", "some_lose"))


def test_outcomes_are_only_spoken_of_where_ranges_were_given():
    for section, ranged in ((BASE | {"keep": KEEP}, False), (GOOD, True)):
        result = plan(section)
        assert result.ranged is ranged
        for locale in LOCALES:
            words, kind = Words(locale), "source" if ranged else "source_sure"
            line = words.text(f"strategies.pictures.net_bars.{kind}", result, origin="")
            assert (words.quantity(0.8, SHARE) in line) is ranged


def test_the_costs_beside_the_bars_add_up_to_the_cost_of_the_plan_below_them():
    result = plan(ALL)
    costs = on_one_step([course.cost for course in result.courses if course.begun])
    drawing = Moving(pictures.net_bars, Words("en_GB"), result).svg(result)
    assert sum(costs) == significant(result.plan_cost, 3)
    for money in (*costs, sum(costs)):
        assert Words("en_GB").quantity(money, MONEY, "exact") in drawing
    assert Words("en_GB").quantity(sum(costs), MONEY, "exact") in Words("en_GB").finding("strategies", findings.worth_saying(result)[0])


@given(some.lists(some.floats(0, 1e7), min_size=1, max_size=6))
def test_parts_rounded_on_one_step_add_up_to_their_total_in_three_digits(parts):
    rounded, total = on_one_step(parts), sum(parts)
    assert sum(rounded) == pytest.approx(significant(total, 3) if total >= 100 else round(total))
    step = 10 ** max(len(str(int(total))) - 3, 0)
    assert all(abs(part - one) <= step for part, one in zip(parts, rounded, strict=True))


def test_only_what_may_lose_is_red():
    drawing = picture.svg(pictures.net_bars, Words("en_GB"), plan(GOOD))
    assert picture.RED not in drawing
    assert picture.RED in picture.svg(pictures.net_bars, Words("en_GB"), plan(BASE | {"keep": KEEP}))


def test_while_a_budget_moves_what_stands_still_stays():
    base, more = plan(ALL), plan(ALL | {"keep": KEEP | {"budget": 9000}}, divide=False)
    for name in ("year_flow", "net_bars", "budgets"):
        moving = Moving(getattr(pictures, name), Words("nl_BE"), base, more)
        before = moving.svg(base)
        assert moving.svg(more) != before == moving.svg(base)


# whatever the figures ------------------------------------------------------------------------


@cache
def reader(locale: str, address: str) -> Words:
    return Words(locale, address=address)


def texts(result: BudgetPlan, words: Words) -> list[str]:
    """Everything that a reader is told of a plan."""
    found = [words.finding("strategies", finding) for finding in findings.worth_saying(result)]
    groups = {"verdicts": [offers.verdict(result)], "minds": [offers.change_of_mind(result)], "actions": offers.actions(result)}
    for group, named in groups.items():
        found += [words.text(f"strategies.{group}.{one.name}", result) for one in named]
    for figure in offers.key_figures(result):
        found += [words.text(f"strategies.figures.{figure.name}.{part}", result) for part in ("label", "text")]
    for name, title in DRAWN.items():
        if (heading := title(result)) is not None:
            found.append(words.text(f"strategies.pictures.{name}.titles.{heading.name}", result))
            assert len(found[-1].split()) <= 14
            found.append(words.text(f"strategies.pictures.{name}.alt", result))
    return found


@given(
    margin=some.sampled_from([0, 2, 100, 5000]),
    retention=some.sampled_from([0.0, 0.5, 0.8]),
    budget=some.sampled_from([None, 0, 800, 60_000]),
    moneys=some.lists(some.sampled_from([None, 0, 700, 20_000]), min_size=4, max_size=4),
    ranged=some.booleans(),
    cascade=some.sampled_from([None, [CALL, GIFT], [GIFT]]),
    locale=some.sampled_from(LOCALES),
    address=some.sampled_from(["u", "je"]),
)
def test_whatever_the_figures_every_sentence_chosen_exists_and_can_be_filled(margin, retention, budget, moneys, ranged, cascade, locale, address):
    section: dict[str, Any] = {"customers": 250, "retention": retention, "margin": margin, "prospects": 900}
    for kind, money in zip(("keep", "win_back", "grow", "win"), moneys, strict=True):
        floor = retention if kind == "keep" else 0.0
        rate = floor + (1 - floor) / 4
        between = {"low": floor + (rate - floor) / 2, "likely": rate, "high": rate + (1 - rate) / 4}
        section[kind] = {"spend": 20, "rate": between if ranged else rate, "ceiling": rate + (1 - rate) / 2}
        section[kind] |= {} if money is None else {"budget": money}
    if budget is None and set(moneys) == {None}:
        budget = 0
    section = {key: value for key, value in (section | {"budget": budget, "cascade": cascade}).items() if value is not None}
    result, words = plan(section, draws=200), reader(locale, address)
    names = [finding.name for finding in findings.worth_saying(result)]
    assert len(names) == len(set(names))
    broken = re.compile(rf"{words.text('common.unknown')}|[{{}}]|\b(None|nan|inf)\b")
    assert not [text for text in texts(result, words) if broken.search(text) or not text.strip()]
