"""The chapter as a whole: the rebuilt study, real answers, and what may not be said of too few."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from toolkit import drivers
from toolkit.drivers.findings import critics, first
from toolkit.drivers.rows import Label
from toolkit.drivers.section import Drivers
from toolkit.examples import DRIVERS, PRINTED, pxl_study
from toolkit.finding import Refused
from toolkit.intake.survey_rows import RowCounts
from toolkit.units import Estimate

FIVE, TEN = SimpleNamespace(low=1.0, high=5.0), SimpleNamespace(low=0.0, high=10.0)


def survey(items: pd.DataFrame, outcomes: pd.DataFrame, **more) -> SimpleNamespace:
    """Answers as the intake gives them."""
    n, scales = len(items), dict.fromkeys([*items, *outcomes], FIVE)
    if "recommendation" in outcomes:
        scales["recommendation"] = TEN
    counts = RowCounts(n + 1, 1, 0, 0, 0, 0, n, n, 0)
    found = {"weights": None, "clusters": None, "segments": None, "waves": None, "stated": None}
    return SimpleNamespace(items=items, outcomes=outcomes, scales=scales, rows=counts, **(found | more))


def study(company: str | None = None, *, pooled: bool = False, seed: int = 5) -> SimpleNamespace:
    """The rebuilt study of article A5, of one firm or of all."""
    answers = pxl_study(seed, company_effects=True)
    if company:
        answers = answers[answers["company"] == company].reset_index(drop=True)
    outcomes = answers[["attachment"]].assign(
        recommendation_verbal=answers["recommendation"], recommendation=answers["score"]
    )
    return survey(answers[list(DRIVERS)], outcomes, clusters=answers["company"] if pooled else None)


@pytest.fixture(scope="module")
def pooled() -> drivers.WhatDrives:
    return drivers.analyse(Drivers(), study(pooled=True))


@pytest.fixture(scope="module")
def smallest() -> drivers.WhatDrives:
    return drivers.analyse(Drivers(invited=500), study("L"))


def test_the_pooled_study_names_keeping_agreements_first(pooled):
    assert pooled.leader == "keeps_agreements" and first(pooled) == "leader"
    assert pooled.companies == 12 and pooled.first_probability >= 0.9


def test_its_ladder_has_the_printed_rates_within_their_intervals_and_ends_with_the_booster(pooled):
    """A5: 26, 57, 86 and 94 % strongly attached; firms differ here, so the intervals are those of companies."""
    printed = PRINTED["attachment"]
    assert [step.rung for step in pooled.steps] == ["rest", "next", "best", "boosted"]
    assert [step.published for step in pooled.steps] == [printed[n] for n in ("less", "rather", "very", "exceeded")]
    for step in pooled.steps:
        assert step.share.value == pytest.approx(step.published, abs=0.06)
    assert [step.published for step in pooled.ends_steps] == [0.19, 0.39, 0.73, 0.87]


def test_critics_go_with_something_else_than_ambassadors(pooled):
    """A5: not warning ahead and not offering a solution; the two are a tie."""
    by_end = {(side.outcome, side.end): side for side in pooled.sides}
    at_bottom = by_end["recommendation_verbal", "bottom"]
    assert {at_bottom.first, "warns_ahead"} <= {"offers_solution", "warns_ahead"}
    assert critics(pooled) == "critics_tied"
    assert by_end["attachment", "bottom"].first == "speed"
    differ = {row.driver for row in pooled.ends_compared if row.p < 0.05}
    assert {"warns_ahead", "offers_solution", "keeps_agreements"} <= differ


def test_its_tree_is_that_of_the_article_and_returns(pooled):
    assert [(split.driver, split.groups) for split in pooled.branches] == [
        ("keeps_agreements", "1–3 | 4 | 5"),
        ("exceeds_expectations", "1–3 | 4–5"),
    ]
    assert pooled.least_return >= 0.9 and len(pooled.twigs) == 4


def test_score_and_verbal_recommendation_stay_apart(pooled):
    assert pooled.ends == "recommendation_verbal"
    assert (pooled.promoters_from, pooled.detractors_to) == (9, 6)
    assert (pooled.ends_top_from, pooled.ends_bottom_to) == (5, 2)
    assert pooled.ambassadors.value != pytest.approx(pooled.score.value)


def test_more_answers_are_not_planned_where_more_companies_are_what_it_takes(pooled):
    assert pooled.plan_answers is None


def test_the_self_test_finds_the_published_figures(pooled):
    assert len(pooled.proofs) == 2 and max(proof.largest_error for proof in pooled.proofs) < 1e-10


def walk(part):
    """Every number of a result with the name of its field."""
    for field in fields(part):
        value = getattr(part, field.name)
        if isinstance(value, tuple) and value and hasattr(value[0], "__dataclass_fields__"):
            for item in value:
                yield from walk(item)
        else:
            yield field.name, value


def test_three_critics_are_shown_nowhere(smallest):
    """Of 125 customers 3 would advise against: neither they nor what is left of the others may be shown."""
    verbal = next(row for row in smallest.feelings if row.outcome == "recommendation_verbal")
    assert verbal.bottom is None and verbal.middle is None and verbal.top is not None
    assert smallest.critics is None and smallest.secret_cells
    assert not [row for row in smallest.sides if row.outcome == "recommendation_verbal" and row.end == "bottom"]
    counts = [value for name, value in walk(smallest) if name in ("n", "customers") and value is not None]
    assert min(counts) >= 5


def test_no_share_of_outcomes_ladder_or_leaves_stands_for_one_to_four_respondents(pooled, smallest):
    for result in (pooled, smallest):
        shares = [(row.n, part) for row in result.feelings for part in (row.top, row.bottom) if part is not None]
        shares += [(step.n, step.share) for step in (*result.steps, *result.ends_steps)]
        shares += [(leaf.n, leaf.share) for leaf in result.twigs if leaf.share is not None]
        for n, share in shares:
            count = n * getattr(share, "value", share)
            assert not 0.5 < count < 4.5 and not 0.5 < n - count < 4.5


def test_the_response_is_counted(smallest):
    assert smallest.response == pytest.approx(125 / 500)
    assert smallest.plan_invitations == pytest.approx(smallest.plan_answers * 4, abs=1)


def test_pure_chance_has_no_leader():
    rng = np.random.default_rng(1)
    items = pd.DataFrame(rng.integers(1, 6, (300, 5)), columns=list("abcde"))
    outcomes = pd.DataFrame({"satisfaction": rng.integers(1, 6, 300)})
    found = drivers.analyse(Drivers(), survey(items, outcomes))
    assert found.leader is None and first(found) in ("tie", "nothing_stands_out")
    assert found.score is None and drivers.verdict(found).name != "leader"


def test_five_companies_give_no_interval_and_no_leader():
    answers = study(pooled=True)
    rows = answers.clusters.isin(list("GHIJK")).to_numpy()
    few = survey(
        answers.items[rows].reset_index(drop=True),
        answers.outcomes[rows].reset_index(drop=True),
        clusters=answers.clusters[rows].reset_index(drop=True),
    )
    found = drivers.analyse(Drivers(), few)
    assert found.too_few_companies and found.leader is None and first(found) == "too_few_companies"
    assert {group.name for group in found.groups} == set("GHIJK")
    assert not isinstance(found.first_share, Estimate) and not isinstance(found.score, Estimate)


def test_a_question_from_one_to_ten_gives_no_score():
    answers = study("C")
    answers.outcomes["recommendation"] = answers.outcomes["recommendation"].clip(lower=1)
    answers.scales["recommendation"] = SimpleNamespace(low=1.0, high=10.0)
    assert drivers.analyse(Drivers(), answers).score is None


@pytest.mark.parametrize(
    ("section", "name"), [({"outcome": "x"}, "unknown_outcome"), ({"booster": "x"}, "unknown_outcome")]
)
def test_a_question_that_was_not_asked_is_refused(section, name):
    with pytest.raises(Refused) as refused:
        drivers.analyse(Drivers(**section), study("L"))
    assert [problem.name for problem in refused.value.refusals] == [name]


def test_too_few_answers_are_refused_unless_a_lower_minimum_is_given():
    answers = study("L")
    few = survey(answers.items.head(90), answers.outcomes.head(90))
    with pytest.raises(Refused, match="too_few_answers"):
        drivers.analyse(Drivers(), few)
    found = drivers.analyse(Drivers(), few, minimum=60)
    assert found.below_floor and "below_floor" in [finding.name for finding in drivers.worth_saying(found)]


def test_missing_answers_are_treated_four_ways_and_counted():
    answers = study("F")
    answers.items["speed"] = answers.items["speed"].astype(float)
    answers.items.loc[:99, "speed"] = np.nan
    found = drivers.analyse(Drivers(), answers)
    assert [way.way for way in found.missing_ways] == ["listwise", "pairwise", "em", "imputation"]
    assert found.incomplete == 100 and found.complete == found.answered - 100
    assert found.accounting[-1].rows == found.complete


def test_long_names_of_questions_take_the_plain_titles(smallest):
    long: Label = {"en": "what people here call a very long question indeed"}
    stretched = replace(smallest, first_label=long, outcome_top=long, ends_top=long, to_do_label=long)
    assert drivers.to_do_title(stretched).name.endswith("_plain")


def test_the_same_answers_give_the_same_result(smallest):
    again = drivers.analyse(Drivers(invited=500), study("L"))
    assert json.dumps(repr(again)) == json.dumps(repr(smallest))
