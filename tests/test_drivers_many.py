"""Very many respondents are resampled in portions: as sure as one by one, in a fraction of the time."""

from __future__ import annotations

import numpy as np
import pytest

from toolkit.drivers import ends, replicates
from toolkit.drivers.ends import both_ends
from toolkit.drivers.replicates import covariances, portions_of
from toolkit.drivers.sample import read_sample

N = 6000
RNG = np.random.default_rng(8)
ANSWERS = RNG.integers(1, 6, (N, 2)).astype(float)
OUTCOME = np.clip(np.round(ANSWERS @ [0.6, 0.2] + 0.6 + RNG.normal(0, 0.8, N)), 1, 5)
WEIGHTS = RNG.uniform(0.5, 2, N)


def test_portions_differ_by_one_respondent_at_most():
    sizes = np.bincount(portions_of(10_007, 100, np.random.default_rng(1)))
    assert sorted(set(sizes.tolist())) == [100, 101]


@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_covariances_spread_as_much_in_portions_as_one_by_one(monkeypatch, weights):
    sample = read_sample(ANSWERS, OUTCOME, weights=weights)
    one_by_one = covariances(sample, 1000, 0)
    monkeypatch.setattr(replicates, "MANY", N - 1)
    portioned = covariances(sample, 1000, 0)
    assert portioned.mean(axis=0) == pytest.approx(one_by_one.mean(axis=0), abs=0.003)
    assert portioned.std(axis=0) == pytest.approx(one_by_one.std(axis=0), rel=0.15)


def test_both_ends_of_very_many_answers_leave_a_hundred_portions_out_in_turn(monkeypatch):
    """The intervals are as wide as those of the bootstrap, give or take what a hundred of them can say."""
    resampled = both_ends(ANSWERS, OUTCOME == 5, OUTCOME <= 2, resamples=300)
    monkeypatch.setattr(ends, "MANY", N - 1)
    portioned = both_ends(ANSWERS, OUTCOME == 5, OUTCOME <= 2)
    assert portioned.resamples == 100
    for one, other in zip(portioned.rows, resampled.rows, strict=True):
        assert (one.top, one.bottom, one.difference) == (other.top, other.bottom, other.difference)
        assert one.high - one.low == pytest.approx(other.high - other.low, rel=0.3)
