"""Annex B beyond weighing: penalties and rewards, groups and waves, competitors, importance, answers, quotations."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from test_drivers_chapter import FIVE, survey

from toolkit import drivers
from toolkit.drivers import comparing, contrasts, positioning, responses
from toolkit.drivers.linear import Found, difference, fit
from toolkit.drivers.reading import read
from toolkit.drivers.rows import P_VALUE
from toolkit.drivers.section import Drivers
from toolkit.picture import svg
from toolkit.units import Estimate
from toolkit.words import Words

CONFIDENCE = 0.95
NONE: frozenset = frozenset()


def reading_of(items: dict, outcome, **more):
    """Answers on scales from 1 to 5 as the chapter reads them, and those answers."""
    answers = survey(pd.DataFrame(items), pd.DataFrame({"attachment": outcome}), **more)
    return read(Drivers(), answers, {}), answers


def drawn(rule, n: int = 4000, seed: int = 3) -> tuple[pd.DataFrame, np.ndarray]:
    """Three independent items, and an outcome from a rule of the first plus a little noise."""
    rng = np.random.default_rng(seed)
    items = pd.DataFrame(rng.choice([1, 2, 3, 4, 5], (n, 3), p=[0.1, 0.2, 0.4, 0.2, 0.1]), columns=list("abc"))
    return items, np.clip(np.round(3 + rule(items["a"].to_numpy()) + rng.normal(0, 0.5, n)), 1, 5)


# penalties and rewards ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        (lambda a: np.where(a < 3, -1, 0), "must_have"),
        (lambda a: np.where(a > 3, 1, 0), "attractive"),
        (lambda a: np.sign(a - 3), "performance"),
        (lambda a: 0 * a, "indifferent"),
    ],
)
def test_a_driver_is_called_what_its_rule_makes_it(rule, kind):
    reading, _ = reading_of(*drawn(rule))
    rows = {row.driver: row for row in contrasts.contrasts(reading, contrasts.sides_of(reading), CONFIDENCE)}
    assert rows["a"].kind == kind and rows["a"].reference == 3
    assert rows["b"].kind == rows["c"].kind == "indifferent"


def test_too_few_answers_leave_the_kind_open_and_look_at_each_driver_alone():
    items, outcome = drawn(lambda a: np.where(a < 3, -0.3, 0), n=60)
    reading, _ = reading_of(items, outcome)
    sides = contrasts.sides_of(reading)
    assert not sides.together
    assert drivers.contrasted(SimpleNamespace(contrasts_together=False)) == "contrasts_alone"
    assert {row.kind for row in contrasts.contrasts(reading, sides, CONFIDENCE)} == {"open"}


def test_alone_a_penalty_is_the_difference_of_two_means():
    reading, _ = reading_of({"a": [2] * 10 + [3] * 20 + [4] * 10, "b": [3, 4] * 20}, [2] * 10 + [3] * 20 + [5] * 10)
    row = contrasts.contrasts(reading, contrasts.sides_of(reading), CONFIDENCE)[0]
    assert (row.below, row.at, row.above) == (2, 3, 5)
    assert row.penalty.value == pytest.approx(-1) and row.reward.value == pytest.approx(2)


def test_nine_below_the_reference_get_no_penalty_and_the_highest_answer_as_reference_has_no_reward():
    reading, _ = reading_of({"a": [3] * 9 + [5] * 31}, [1, 2] * 20)
    row = contrasts.contrasts(reading, contrasts.sides_of(reading), CONFIDENCE)[0]
    assert row.penalty is None and row.reward is None and row.kind == "open" and row.reference == 5


def test_the_top_answer_on_expectations_is_held_against_the_one_before():
    """Exceed, but not too much (article A1): 4 and 5 go with the same outcome here, 3 with less."""
    items, outcome = drawn(lambda a: np.where(a > 3, 1, 0))
    reading, _ = reading_of(items.rename(columns={"a": "exceeds_expectations"}), outcome)
    found = contrasts.excess(reading, CONFIDENCE)
    assert (found["excess_top"], found["excess_before"]) == (5, 4)
    assert found["excess"].low < 0 < found["excess"].high
    assert contrasts.excess(reading_of(items, outcome)[0], CONFIDENCE)["excess"] is None


# differences -------------------------------------------------------------------------------------


def test_clustered_spread_is_that_of_leaving_out_companies():
    """Equal companies: the jackknife of a mean is the standard error of the company means."""
    rng = np.random.default_rng(1)
    means = rng.normal(3, 1, 8)
    values, clusters = np.repeat(means, 10), np.repeat(np.arange(8), 10)
    found = fit(np.ones((80, 1)), values, np.ones(80), clusters).of(np.ones(1))
    assert found.value == pytest.approx(means.mean()) and found.degrees == 7
    assert found.error == pytest.approx(means.std(ddof=1) / np.sqrt(8))


def test_five_companies_give_a_difference_without_interval_or_p():
    clusters = np.repeat(np.arange(5), 8)
    found = difference(np.arange(40.0), np.arange(40) % 2 == 0, np.arange(40) % 2 == 1, None, clusters)
    assert found.error is None and found.p() is None and not isinstance(found.estimate(0.95), Estimate)


def test_two_groups_that_are_all_or_none_at_the_top_still_have_an_interval():
    """Agresti & Caffo: 10 of 10 against 0 of 10 is 11/12 - 1/12 with √(2·(11/12)(1/12)/12)."""
    who = np.arange(20) < 10
    found = difference(who * 1.0, who, ~who, None, None)
    assert found.value == 1 and found.middle == pytest.approx(10 / 12)
    assert found.error == pytest.approx(np.sqrt(2 * 11 / 144 / 12))


def test_a_difference_without_spread_has_no_p():
    assert Found(1.0, 0.0, 10, 5).p() is None


# groups and waves --------------------------------------------------------------------------------


def waves(top_before: int, top_after: int, n: int = 100, **more):
    """Two waves of n answers, so many of each at the top."""
    outcome = [5] * top_before + [3] * (n - top_before) + [5] * top_after + [3] * (n - top_after)
    column = pd.Series(pd.Categorical(["2023"] * n + ["2024"] * n))
    return reading_of({"a": np.tile([2, 3, 4, 5], n // 2)}, outcome, waves=column, **more)


def test_a_change_between_waves_is_named_only_when_it_may_be():
    for tops, name in (((30, 70), "wave_top_up"), ((70, 30), "wave_top_down"), ((48, 52), "wave_top_uncertain")):
        reading, answers = waves(*tops)
        found = SimpleNamespace(
            only_wave=None, confidence=CONFIDENCE, changes=comparing.changes(reading, answers, CONFIDENCE, NONE)
        )
        assert [finding.name for finding in drivers.waves_say(found)] == [name]
        assert found.changes[0].top.value == pytest.approx((tops[1] - tops[0]) / 100)


def test_one_wave_is_said_to_be_one():
    reading, answers = waves(30, 70)
    answers.waves = pd.Series(["2024"] * 200)
    assert comparing.waves_of(answers) == ["2024"] and comparing.changes(reading, answers, CONFIDENCE, NONE) == ()
    assert [f.name for f in drivers.waves_say(SimpleNamespace(only_wave="2024"))] == ["one_wave"]


def test_of_two_groups_one_is_compared_and_p_values_are_corrected_together():
    outcome = [5] * 80 + [3] * 20 + [5] * 20 + [3] * 80
    segments = pd.DataFrame({"kind": ["x"] * 100 + ["y"] * 100, "way": list("abcd") * 50})
    reading, answers = reading_of({"a": np.tile([2, 3, 4, 5], 50)}, outcome, segments=segments)
    rows = comparing.gaps(reading, answers, CONFIDENCE, NONE)
    assert [(row.kind, row.name) for row in rows] == [("kind", "x"), ("way", "a"), ("way", "b"), ("way", "c"), ("way", "d")]
    assert rows[0].top.value == pytest.approx(0.6) and rows[0].top_p < 0.001
    assert min(row.top_p for row in rows[1:]) > 0.9


def test_an_item_that_a_segment_answers_otherwise_is_found():
    rng = np.random.default_rng(2)
    segments = pd.DataFrame({"kind": ["x"] * 150 + ["y"] * 150})
    items = {"a": np.r_[rng.integers(1, 4, 150), rng.integers(3, 6, 150)], "b": np.tile([2, 3, 4], 100)}
    reading, answers = reading_of(items, rng.integers(1, 6, 300), segments=segments)
    rows, tried = comparing.item_gaps(reading, answers, CONFIDENCE, NONE)
    assert tried == 2 and [row.label for row in rows] == [{"": "a"}]
    assert rows[0].difference.high < 0


# competitors and stated importance ---------------------------------------------------------------


def rated(own, theirs, **more):
    """One item rated here and at one competitor."""
    n = len(own)
    tables = {"Firm B": pd.DataFrame({"a": theirs}), "Firm C": pd.DataFrame({"a": [np.nan] * n})}
    return reading_of({"a": own}, np.tile([3, 5], n // 2), competitors=tables, **more)


def weighed(name: str, share: float, **more):
    base = {"driver": name, "label": {"": name}, "share": share, "stated": None, "rank_low": 1, "rank_high": 1}
    return SimpleNamespace(**base | more)


def rivals_of(reading, answers):
    pairs = positioning.ratings(reading, answers)
    return pairs, positioning.rivals(reading, pairs, [weighed("a", 1.0)], CONFIDENCE)


def test_own_and_competitor_are_compared_among_those_who_rated_both():
    reading, answers = rated([4.0] * 30 + [5.0] * 10 + [1.0] * 20, [3.0] * 20 + [2.0] * 20 + [np.nan] * 20)
    pairs, rows = rivals_of(reading, answers)
    (row,) = rows
    assert (row.competitor, row.n, row.own, row.theirs) == ("Firm B", 40, 4.25, 2.5)
    assert row.difference.value == pytest.approx(1.75) and row.certain
    assert positioning.unrated(pairs, rows, answers) == "Firm C"


def test_a_competitor_on_another_scale_is_moved_to_the_item_s_own():
    reading, answers = rated([3.0, 4.0] * 10, [10.0, 5.5] * 10)
    answers.scales["competitors.Firm B.a"] = SimpleNamespace(low=1.0, high=10.0)
    _, (row,) = rivals_of(reading, answers)
    assert row.theirs == pytest.approx(4.0)  # 10 of 10 is 5 of 5, and 5.5 the middle


def test_four_ratings_are_too_few_to_show():
    reading, answers = rated([3.0, 4.0] * 10, [4.0] * 4 + [np.nan] * 16)
    pairs, rows = rivals_of(reading, answers)
    assert rows == () and positioning.unrated(pairs, rows, answers) == "Firm B, Firm C"


def test_the_largest_difference_between_stated_and_derived_place_comes_first():
    asked = [weighed("a", 0.6, stated=2.0), weighed("b", 0.3, stated=4.0, rank_high=3), weighed("c", 0.1, stated=5.0, rank_low=2, rank_high=3)]
    rows = positioning.stated_ranks(asked)
    assert [(row.driver, row.stated_place, row.derived_place, row.beyond) for row in rows] == [
        ("a", 3, 1, True), ("c", 1, 3, True), ("b", 2, 2, False)
    ]  # fmt: skip
    assert positioning.stated_ranks(asked[:1]) == ()


def test_importance_that_four_customers_stated_is_not_shown():
    stated = pd.DataFrame({"a": [5.0] * 4 + [np.nan] * 6, "b": [4.0] * 5 + [np.nan] * 5})
    assert positioning.stated_means(SimpleNamespace(stated=stated)) == {"b": 4.0}


# answers in detail -------------------------------------------------------------------------------


def test_answers_are_counted_and_rare_ones_joined_until_their_mean_does_not_give_them_away():
    """From the mean of all, and how many gave 1 or 2 together, it follows how many gave 1: the joined ones reach further."""
    reading, answers = reading_of({"a": [1.0] * 2 + [2.0] * 8 + [4.0] * 20 + [5.0] * 10}, [3, 5] * 20)
    row = responses.asked(reading, answers)[0]
    assert [(part.answer, part.end, part.n, part.share) for part in row.answers] == [
        ("1–4", "between", 30, 0.75), ("5", "top", 10, 0.25)
    ]  # fmt: skip


def test_the_rare_answers_of_the_leading_outcome_are_joined_likewise_and_it_has_no_mean():
    reading, answers = reading_of({"a": [1.0, 5.0] * 20}, [1] + [3] * 12 + [4] * 17 + [5] * 10)
    row = responses.asked(reading, answers)[1]
    assert [(part.answer, part.n) for part in row.answers] == [("1–4", 30), ("5", 10)]
    assert row.mean is None
    assert responses.asked(reading, answers)[0].mean == 3


def test_reasons_are_counted_apart_and_all_hidden_where_one_has_few():
    values = [np.nan] * 12 + [4.0] * 28
    many = pd.DataFrame({"a": ["dont_know"] * 6 + ["dropped_out"] * 6 + [None] * 28})
    few = pd.DataFrame({"a": ["dont_know"] * 9 + ["dropped_out"] * 3 + [None] * 28})
    reading, answers = reading_of({"a": values}, [3, 5] * 20, reasons=many)
    row = responses.asked(reading, answers)[0]
    assert (row.dont_know, row.dropped_out, row.not_asked) == (6, 6, 0)
    answers.reasons = few
    row = responses.asked(reading, answers)[0]
    assert (row.dont_know, row.dropped_out, row.not_asked) == (None, None, 0)


def test_quotations_are_few_masked_and_never_of_an_end_where_fewer_than_ten_wrote():
    texts = [f"they keep every promise {'x' * i}" for i in range(20)] + ["call me on 0470 12 34 56 please"] * 9
    outcome = [5] * 20 + [1] * 9 + [3] * 11
    table = pd.DataFrame({"remarks": texts + [None] * 11})
    reading, answers = reading_of({"a": [3, 4] * 20}, outcome, quotations=table)
    found = responses.quotes(reading, answers)
    assert {quote.end for quote in found} == {"top"} and len(found) == 2
    answers.quotations = pd.DataFrame({"remarks": ["write to a@b.be or not at all"] * 40})
    assert responses.quotes(reading, answers) == ()


# on the page -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "shown"), [(0.2169, "0,217"), (0.00004, "<0,001"), (0.9998, ">0,999"), (1.0, "1,000")])
def test_a_p_value_reads_as_a_statistician_writes_it(value, shown):
    assert Words("nl_BE").quantity(value, P_VALUE, "exact") == shown


@pytest.fixture(scope="module")
def rich() -> drivers.WhatDrives:
    """A small survey with everything: two waves, a segment of three, a competitor, stated importance, remarks."""
    rng = np.random.default_rng(5)
    n = 160
    items = pd.DataFrame(rng.integers(1, 6, (n, 3)), columns=list("abc"))
    outcome = np.clip(items["a"] + rng.integers(-1, 2, n), 1, 5)
    segments = pd.DataFrame({"way": ["shop"] * 90 + ["site"] * 67 + ["fair"] * 3})
    more = {
        "segments": segments,
        "waves": pd.Series(pd.Categorical(np.where(np.arange(n) % 2, "2024", "2023"))),
        "stated": pd.DataFrame(rng.integers(1, 6, (n, 3)).astype(float), columns=list("abc")),
        "competitors": {"Firm B": pd.DataFrame({"a": rng.integers(1, 6, n).astype(float)})},
        "quotations": pd.DataFrame({"remarks": ["they do what they say"] * n}),
    }
    answers = survey(items, pd.DataFrame({"attachment": outcome}), **more)
    answers.scales["competitors.Firm B.a"] = FIVE
    return drivers.analyse(Drivers(), answers)


def test_a_segment_of_three_and_what_would_give_it_away_are_hidden(rich):
    hidden = {group.name for group in rich.groups if group.n is None}
    assert "fair" in hidden and len(hidden) == 2
    assert not {gap.name for gap in rich.gaps} & hidden
    assert rich.secret_cells


@pytest.mark.parametrize("locale", ["nl_BE", "en_GB"])
def test_the_pictures_of_the_annex_are_drawn_for_a_survey_with_everything(rich, locale):
    for picture in (drivers.penalties_and_rewards, drivers.against_rivals, drivers.all_answers):
        assert svg(picture, Words(locale), rich, size=(5.4, 3.6), name=picture.__name__).startswith("<svg")


def test_without_competitors_there_is_no_picture_and_nothing_is_said(rich):
    none = replace(rich, rivals=(), rated_most=None, stated_ranks=(), changes=(), quotes=())
    assert drivers.rivals_title(none) is None
    assert not [*drivers.rivals_say(none), *drivers.stated_says(none), *drivers.waves_say(none), *drivers.quotes_say(none)]


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ("Jan Peeters van de balie hielp ons slecht", False),
        ("Ik sprak Els en die hielp ons niet", False),
        ("Mijn adres is jan punt peeters", False),
        ("Het duurde 3 weken. Ik bel niet meer!", True),
        ("I waited and I'm not coming back", True),
        ("Mail […] of bel […]", False),
        ("Bel mij gerust eens op […] om dit te bespreken", True),
    ],
)
def test_a_text_is_quoted_only_without_a_capital_inside_a_sentence_and_with_words_enough_left(text, fit):
    assert responses.quotable(text) is fit
