"""What the drivers chapter refuses of answers that can be read: no outcome, copies, weights of one person."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from test_drivers_chapter import survey

from toolkit import drivers
from toolkit.drivers.importance import importances
from toolkit.drivers.merging import log_multiplier
from toolkit.drivers.reading import read
from toolkit.drivers.section import Drivers
from toolkit.drivers.tree import grow_tree
from toolkit.finding import Refusal, Refused
from toolkit.words import LOCALES, Words

RNG = np.random.default_rng(3)
SPEED, RANGE = (RNG.integers(1, 6, 200).astype(float) for _ in range(2))
ATTACHED = np.clip(np.round((SPEED + RANGE) / 2 + RNG.normal(0, 0.7, 200)), 1, 5)


def refusals(items: dict, outcomes: dict) -> list[Refusal]:
    """What is refused of these answers."""
    with pytest.raises(Refused) as refused:
        read(Drivers(), survey(pd.DataFrame(items), pd.DataFrame(outcomes, index=range(200))), {})
    return list(refused.value.refusals)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_survey_without_outcome_is_refused_with_one_to_name(locale):
    (refusal,) = refusals({"speed": SPEED}, {})
    assert (refusal.name, refusal.field) == ("no_outcome", "survey.outcomes")
    assert "recommendation" in Words(locale).refusal(refusal)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_question_that_repeats_another_is_refused_with_both_names(locale):
    (refusal,) = refusals({"speed": SPEED, "range": RANGE, "again": SPEED}, {"attachment": ATTACHED})
    assert (refusal.name, refusal.values) == ("driver_copied", {"one": "speed", "other": "again"})
    assert all(name in Words(locale).refusal(refusal) for name in ("speed", "again"))


def test_a_copy_with_the_same_gaps_is_a_copy_and_one_answer_apart_is_none():
    gaps = np.where(np.arange(200) < 20, np.nan, SPEED)
    assert [one.name for one in refusals({"a": gaps, "b": gaps.copy()}, {"attachment": ATTACHED})] == ["driver_copied"]
    other = SPEED.copy()
    other[0] = 6 - other[0] if other[0] != 3 else 4
    assert read(Drivers(), survey(pd.DataFrame({"a": SPEED, "b": other}), pd.DataFrame({"attachment": ATTACHED})), {}).n == 200


def test_questions_that_everyone_answered_alike_are_no_copies():
    items = pd.DataFrame({"a": np.full(200, 4.0), "b": np.full(200, 4.0), "c": SPEED})
    assert read(Drivers(), survey(items, pd.DataFrame({"attachment": ATTACHED})), {}).n == 200


def test_an_outcome_with_one_answer_is_refused_by_its_name_and_as_it_was_written():
    (refusal,) = refusals({"speed": SPEED}, {"attachment": np.full(200, 4.0)})
    assert (refusal.name, refusal.field, refusal.given) == ("outcome_constant", "survey.outcomes.attachment", "4")


def test_one_answer_is_refused_with_the_fewest_that_weighing_takes():
    with pytest.raises(Refused) as refused:
        importances([[3, 3, 3]], [3])
    assert [one.values["minimum"] for one in refused.value.refusals] == [50]


def test_weights_that_leave_too_few_answers_are_refused():
    """One weight of a million among ones: two hundred answers count as one."""
    weights = np.ones(200)
    weights[7] = 1e6
    items = np.column_stack([SPEED, RANGE])
    with pytest.raises(Refused) as refused:
        importances(items, ATTACHED, weights=weights)
    (refusal,) = refused.value.refusals
    assert (refusal.name, refusal.given, refusal.values["n"]) == ("weights_too_uneven", 1, 200)
    assert importances(items, ATTACHED, weights=np.where(np.arange(200) < 20, 2.0, 1.0)).n == 200


def test_one_category_left_beside_a_missing_answer_can_be_merged_in_one_way():
    assert log_multiplier(1, ordered=True, floating=True) == 0


def test_a_tree_grows_where_some_only_said_that_they_did_not_know():
    """In a node all that is left of a question may be its missing answers."""
    missing = np.where(np.arange(200) % 4 == 0, np.nan, RANGE)
    missing[SPEED >= 4] = np.nan
    tree = grow_tree(np.column_stack([SPEED, missing]), ATTACHED >= 4, alpha=0.05)
    assert sum(leaf.n for leaf in tree.leaves) == 200


def test_the_answers_of_a_tiny_survey_are_not_called_copies():
    items = pd.DataFrame({"a": SPEED[:20], "b": SPEED[:20]})
    found = read(Drivers(), survey(items, pd.DataFrame({"attachment": ATTACHED[:20]})), {})
    assert found.n == 20


def test_what_the_engine_refuses_of_weights_is_said_of_the_client_file():
    assert drivers.FIELDS["weights"] == "survey.weights"
