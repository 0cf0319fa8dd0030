"""A1's cascade of measures."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.finding import Refused
from toolkit.strategies.cascade import Measure, best_order, cascade, worth_starting

measures = st.lists(
    st.builds(Measure, st.just("m"), st.floats(0, 100), st.floats(0, 1), st.floats(-50, 500)), min_size=1, max_size=6
)


def test_each_measure_starts_only_if_the_last_failed():
    """A call of 10 works in 3 of 10; else a visit of 60 works in half: 10 + .7 × 60, and .3 + .7 × .5 of 200."""
    found = cascade([Measure("call", 10, 0.3, 200), Measure("visit", 60, 0.5, 200)])
    assert (found.cost, found.gain, found.still_unsolved) == (
        pytest.approx(52),
        pytest.approx(130),
        pytest.approx(0.35),
    )
    assert found.order == ("call", "visit")


@given(measures)
def test_no_other_order_brings_more(given_measures):
    """Every order of up to six measures."""
    best = cascade(best_order(given_measures)).net
    assert max(cascade(order).net for order in permutations(given_measures)) <= best + 1e-9


@given(measures)
def test_no_other_choice_and_order_brings_more_than_those_worth_starting(given_measures):
    chosen = worth_starting(given_measures)
    best = cascade(chosen).net if chosen else 0.0
    for size in range(1, min(len(given_measures), 4) + 1):
        for order in permutations(given_measures, size):
            assert cascade(order).net <= best + 1e-9


def test_with_equal_gains_the_cheapest_success_comes_first():
    listed = [Measure("dear", 60, 0.5, 200), Measure("cheap", 10, 0.3, 200), Measure("hopeless", 5, 0.0, 200)]
    assert [m.name for m in best_order(listed)] == ["cheap", "dear", "hopeless"]
    assert [m.name for m in worth_starting(listed)] == ["cheap", "dear"]


def test_a_cascade_of_nothing_and_chances_beyond_one_are_refused():
    for make, name in ((lambda: cascade([]), "cascade_empty"), (lambda: Measure("x", 1, 1.2, 5), "out_of_bounds")):
        with pytest.raises(Refused) as refused:
            make()
        assert refused.value.refusals[0].name == name
