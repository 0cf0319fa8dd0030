"""Ladder and priorities: the outcome step by step, what comes on top, and where drivers lie on the map."""

from __future__ import annotations

import numpy as np
import pytest

from toolkit.drivers import METHODS
from toolkit.drivers.intervals import newcombe, wilson
from toolkit.drivers.ladder import ladder, largest_part, share_of_the_rest
from toolkit.drivers.priorities import priorities
from toolkit.examples import DRIVERS, pxl_study
from toolkit.finding import Refused

DRIVER = np.repeat([5, 4, 2], 100)
OUTCOME = np.r_[np.arange(100) < 86, np.arange(100) < 57, np.arange(100) < 26]


def refusals(call, *args, **kwargs) -> set[str]:
    """The names of what a call refuses."""
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return {refusal.name for refusal in caught.value.refusals}


def test_the_rungs_go_from_the_lowest_answers_to_the_highest_with_wilson_intervals():
    """A5's rates on a hundred respondents each."""
    rungs = ladder(DRIVER, OUTCOME).rungs
    assert [(rung.answers, rung.share) for rung in rungs] == [((2.0,), 0.26), ((4.0,), 0.57), ((5.0,), 0.86)]
    assert [rung.n for rung in rungs] == [100, 100, 100]
    assert (rungs[0].low, rungs[0].high) == pytest.approx(wilson(26, 100))


def test_answers_may_be_gathered_in_rungs_but_none_may_fall_between():
    gathered = ladder(DRIVER, OUTCOME, rungs=[(1, 2, 3, 4), (5,)]).rungs
    assert [(rung.n, rung.share) for rung in gathered] == [(200, 0.415), (100, 0.86)]
    assert refusals(ladder, DRIVER, OUTCOME, rungs=[(1, 2), (5,)]) == {"answer_in_no_rung"}


def test_a_booster_is_the_difference_within_the_highest_rung():
    """50 of 53 with the condition, 36 of 47 without: Newcombe's interval by hand from the two Wilson intervals."""
    booster = np.r_[np.arange(100) < 50, np.zeros(200)].astype(bool)
    booster[97:100] = True
    found = ladder(DRIVER, OUTCOME, booster=booster).booster
    assert (found.condition.n, found.without.n) == (53, 47)
    assert found.uplift == pytest.approx(50 / 53 - 36 / 47)
    expected = newcombe((50 / 53, *wilson(50, 53)), (36 / 47, *wilson(36, 47)))
    assert (found.low, found.high) == pytest.approx(expected)
    assert refusals(ladder, DRIVER, OUTCOME, booster=np.ones(300)) == {"booster_without_contrast"}


def test_companies_that_differ_widen_the_rungs():
    companies = np.tile(np.repeat(np.arange(10), 10), 3)
    plain, clustered = ladder(DRIVER, OUTCOME).rungs[1], ladder(DRIVER, OUTCOME, clusters=companies).rungs[1]
    assert clustered.design_effect > 5
    assert clustered.low < plain.low and clustered.high > plain.high
    assert clustered.share == plain.share


def test_the_rebuilt_study_climbs_as_the_article_says():
    study = pxl_study(5)
    found = ladder(
        study["keeps_agreements"],
        study["attachment"] == 5,
        rungs=[(1, 2, 3), (4,), (5,)],
        booster=study["exceeds_expectations"] >= 4,
    )
    assert [rung.share for rung in found.rungs] == pytest.approx([0.26, 0.57, 0.86], abs=0.03)
    assert found.booster.condition.share == pytest.approx(0.94, abs=0.02)
    assert found.booster.low > 0


def test_the_published_ladder_is_audited():
    """(86 - 94q)/(1 - q) and (73 - 87q)/(1 - q): at q = .839 nobody of the rest would recommend."""
    assert share_of_the_rest(0.86, 0.94, 0.5) == pytest.approx(0.78)
    assert share_of_the_rest(0.73, 0.87, 0.5) == pytest.approx(0.59)
    assert largest_part(0.73, 0.87) == pytest.approx(0.839, abs=5e-4)
    assert share_of_the_rest(0.73, 0.87, largest_part(0.73, 0.87)) == pytest.approx(0)


def test_the_map_places_each_driver_against_the_crosshair_of_its_rule():
    study = pxl_study(5)
    answers = study[list(DRIVERS)]
    found = priorities(answers, study["recommendation"])
    shares = METHODS["shapley"](answers, study["recommendation"])
    means = answers.mean().to_numpy()
    assert [place.importance for place in found.places] == pytest.approx((shares / shares.sum()).tolist())
    assert [place.satisfaction for place in found.places] == pytest.approx(means.tolist())
    assert found.crosshair == pytest.approx((1 / 12, means.mean()))
    first = found.places[0]
    assert (first.quadrant, first.certain) == ("keep", True)
    assert found.places[-1].quadrant == "improve"
    assert priorities(answers, study["recommendation"], rule="median").crosshair[1] == pytest.approx(np.median(means))


def test_a_driver_on_a_line_of_the_map_is_uncertain():
    rng = np.random.default_rng(4)
    answers = np.clip(np.round(rng.standard_normal((300, 3)) + [4.0, 3.5, 3.0]), 1, 5)
    outcome = answers @ [1.0, 0.7, 0.4] + rng.standard_normal(300)
    middle = priorities(answers, outcome).places[1]
    assert 0.3 < middle.probability < 0.8 and middle.certain is False


def test_few_companies_leave_the_map_without_probabilities():
    study = pxl_study(5)
    found = priorities(study[list(DRIVERS)], study["recommendation"], clusters=study.index % 4)
    assert all(place.probability is None and place.certain is None for place in found.places)
    assert refusals(priorities, study[list(DRIVERS)], study["recommendation"], rule="gut") == {"unknown_rule"}
