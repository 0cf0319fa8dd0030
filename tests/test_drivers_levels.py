"""Outcomes that are levels, not quantities: logits, McFadden dominance, and the two ends compared."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from survey_data import swiss
from toolkit.drivers.ends import both_ends
from toolkit.drivers.logit import fit_logits
from toolkit.drivers.methods.dominance import agreement, dominance
from toolkit.finding import Refused

THREE = ["Education", "Catholic", "Infant.Mortality"]


def survey(n: int = 600, k: int = 3, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Answers with a halo, and a five-level outcome by a cumulative logit."""
    rng = np.random.default_rng([seed, 78])
    answers = rng.standard_normal((n, k)) + 0.7 * rng.standard_normal((n, 1))
    latent = answers @ np.linspace(1, 0.2, k) + rng.logistic(size=n)
    return answers, np.searchsorted([-3, -1.5, 0, 2], latent)


def refusals(call, *args, **kwargs) -> set[str]:
    """The names of what a call refuses."""
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return {refusal.name for refusal in caught.value.refusals}


def test_a_binary_dominance_is_that_of_statsmodels_fits():
    """statsmodels 0.15 Logit on every subset, Shapley's rule by hand: swiss, fertility above 72."""
    answers, fertility = swiss()
    result = dominance(answers[THREE], fertility > 72)
    assert result.values == pytest.approx([0.08147918227887, 0.17120936084969, 0.08895551129989], abs=1e-8)
    assert result.r2 == pytest.approx(0.34164405442845, abs=1e-8)
    assert (result.levels, result.n, result.monte_carlo_error, result.separated) == (2, 47, None, False)
    assert result.leader == "Catholic"


def test_an_ordinal_dominance_is_that_of_statsmodels_fits():
    """statsmodels 0.15 OrderedModel (logit) on every subset: swiss, fertility cut at 65 and 72."""
    answers, fertility = swiss()
    result = dominance(answers[THREE], np.searchsorted([65, 72], fertility))
    assert result.values == pytest.approx([0.1477038326, 0.0861281400, 0.1020250883], abs=1e-7)
    assert result.r2 == pytest.approx(0.3358570610, abs=1e-7)


def test_one_yes_or_no_driver_has_the_log_odds_ratio_as_its_coefficient():
    """30 of 40 against 10 of 40: log odds ratio ln 9, by the definition of the logit."""
    answers = np.repeat([[1.0], [0.0]], 40, axis=0)
    outcome = np.r_[np.ones(30), np.zeros(10), np.ones(10), np.zeros(30)]
    fits = fit_logits(answers, outcome)
    assert fits.coefficients[0, 0] == pytest.approx(np.log(9), abs=1e-7)
    expected = 60 * np.log(0.75) + 20 * np.log(0.25)
    assert fits.log_likelihood[0] == pytest.approx(expected, abs=1e-9)


@given(some.integers(0, 1000), some.integers(2, 5))
@settings(deadline=None, max_examples=20)
def test_fits_side_by_side_are_the_fits_one_by_one(seed, levels):
    answers, outcome = survey(n=200, seed=seed)
    outcome = np.minimum(outcome, levels - 1)
    include = np.array([[i >> j & 1 for j in range(3)] for i in range(8)], dtype=bool)
    together = fit_logits(answers, outcome, include=include)
    for i in range(8):
        alone = fit_logits(answers, outcome, include=include[i : i + 1])
        assert together.coefficients[i] == pytest.approx(alone.coefficients[0], abs=1e-5)
        assert together.log_likelihood[i] == pytest.approx(alone.log_likelihood[0], abs=1e-6)
        assert (together.coefficients[i][~include[i]] == 0).all()


@given(some.integers(0, 1000))
@settings(deadline=None, max_examples=20)
def test_the_likelihood_is_at_its_top(seed):
    """Any small step away from the estimate lowers the log-likelihood of a cumulative logit."""
    answers, outcome = survey(n=150, seed=seed)
    outcome = (outcome > 2).astype(int)
    slopes = fit_logits(answers, outcome).coefficients[0]
    best = fit_logits(answers, outcome).log_likelihood[0]
    for step in np.vstack([np.eye(3), -np.eye(3)]) * 0.05:
        linear = answers @ (slopes + step)
        lower = max(
            -np.logaddexp(0, np.where(outcome == 1, -(linear + shift), linear + shift)).sum()
            for shift in np.linspace(-4, 4, 401)
        )
        assert lower < best + 1e-9


def test_weights_of_a_fit_are_repeated_respondents():
    answers, outcome = survey(n=200)
    counts = np.random.default_rng(2).integers(1, 4, 200)
    repeated = fit_logits(answers.repeat(counts, axis=0), outcome.repeat(counts))
    assert fit_logits(answers, outcome, weights=counts.astype(float)).coefficients == pytest.approx(
        repeated.coefficients, abs=1e-6
    )


def test_a_separated_outcome_is_said_to_be_and_gives_no_nonsense():
    answers, _ = survey(n=200)
    result = dominance(answers, answers[:, 0] > 0)
    assert result.separated
    assert result.r2 == pytest.approx(1, abs=0.01)
    assert np.isfinite(result.values).all()


def test_an_answer_that_never_meets_the_outcome_is_separated_even_if_the_rest_is_not():
    """Quasi-complete separation: none of the 40 who answered 1 has the outcome, half of the others have."""
    answers = np.repeat([[1.0, 0.0], [0.0, 1.0], [0.0, -1.0]], 40, axis=0)
    outcome = np.r_[np.zeros(40), np.tile([0, 1], 40)]
    assert fit_logits(answers, outcome, include=np.array([[True, False], [False, True]])).separated.tolist() == [
        True,
        False,
    ]


def test_dominance_with_groups_and_always_in_adds_up():
    answers, outcome = survey(k=5)
    whole = dominance(answers, outcome)
    assert whole.values.sum() == pytest.approx(whole.r2, abs=1e-8)
    grouped = dominance(answers, outcome, groups={"pair": [0, 3]})
    assert grouped.drivers == ("pair", 1, 2, 4)
    assert grouped.values.sum() == pytest.approx(whole.r2, abs=1e-8)
    forced = dominance(answers, outcome, always=[0])
    alone = dominance(answers[:, :1], outcome).r2
    assert forced.values.sum() == pytest.approx(whole.r2 - alone, abs=1e-8)


def test_permuting_columns_permutes_a_dominance():
    answers, outcome = survey(k=4)
    plain = dominance(answers, outcome).values
    assert dominance(answers[:, [2, 0, 3, 1]], outcome).values == pytest.approx(plain[[2, 0, 3, 1]], abs=1e-8)


def test_beyond_twelve_drivers_orders_are_sampled_within_their_printed_error():
    answers, outcome = survey(n=300, k=13)
    sampled = dominance(answers, outcome > 2)
    assert 0 < sampled.monte_carlo_error < 0.005
    assert sampled.values.sum() == pytest.approx(sampled.r2, abs=1e-8)
    exact = dominance(answers, outcome > 2, groups={"last two": [11, 12]})
    assert sampled.values[:11] == pytest.approx(exact.values[1:], abs=0.02)


def test_an_outcome_of_many_values_is_no_scale():
    answers, _ = survey()
    assert refusals(dominance, answers, answers.sum(axis=1)) == {"outcome_not_levels"}


def test_rankings_are_compared_by_kendall():
    assert agreement(np.array([3, 2, 1]), np.array([1, 2, 3])).tau == -1
    assert agreement(np.array([3, 2, 1]), np.array([3, 2, 1])).same_first


def test_one_ordered_scale_has_equal_slopes_at_both_ends():
    """Proportional odds: the difference is zero in the population, so its interval holds 0."""
    answers, outcome = survey(n=2000)
    result = both_ends(answers, outcome == 4, outcome <= 1, resamples=200)
    assert (result.n, result.resamples) == (2000, 200)
    for row in result.rows:
        assert row.top > 0 and row.bottom > 0
        assert row.low <= 0 <= row.high
        assert row.difference == pytest.approx(row.top - row.bottom)


def ambassadors_and_critics(seed: int = 5, n: int = 3000):
    """The first driver makes ambassadors only, the second keeps people from being critics only."""
    rng = np.random.default_rng([seed, 79])
    answers = rng.standard_normal((n, 2))
    top = rng.random(n) < 1 / (1 + np.exp(0.5 - 1.2 * answers[:, 0]))
    bottom = ~top & (rng.random(n) < 1 / (1 + np.exp(0.8 + 1.2 * answers[:, 1])))
    return answers, top, bottom


def test_a_driver_that_works_at_one_end_only_is_found_out():
    rows = both_ends(*ambassadors_and_critics(), resamples=200).rows
    assert rows[0].difference > 0 and rows[0].low > 0 and rows[0].p < 0.01
    assert rows[1].difference < 0 and rows[1].high < 0 and rows[1].p < 0.01


def test_both_ends_of_clustered_answers_use_the_jackknife():
    answers, top, bottom = ambassadors_and_critics()
    result = both_ends(answers, top, bottom, clusters=np.arange(3000) % 12)
    assert result.resamples == 12
    assert result.rows[0].low > 0
    few = both_ends(answers, top, bottom, clusters=np.arange(3000) % 5)
    assert few.rows[0].low is None and few.rows[0].p is None


def test_ends_that_cannot_carry_slopes_are_refused():
    answers, top, bottom = ambassadors_and_critics()
    assert refusals(both_ends, answers, top, top) == {"ends_overlap"}
    assert refusals(both_ends, answers, top, bottom & (np.arange(3000) < 20)) == {"end_too_thin"}
    assert refusals(both_ends, answers, answers[:, 0] > 1, answers[:, 0] < -1) == {"end_separated"}
    assert refusals(both_ends, answers, top, bottom[1:]) == {"lengths_differ"}
