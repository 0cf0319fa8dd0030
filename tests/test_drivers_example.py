"""The rebuilt study: A5's rates, twelve correlated drivers, and the same seed the same bytes."""

from __future__ import annotations

import numpy as np
import pytest

from toolkit.examples import DRIVERS, PRINTED, SIZES, pxl_study, share_exceeded


def test_seven_thousand_customers_of_twelve_unequal_firms_shown_as_letters():
    study = pxl_study()
    assert study.shape == (7000, 1 + 12 + 3)
    assert study["company"].value_counts(sort=False).tolist() == list(SIZES)
    assert study["company"].unique().tolist() == list("ABCDEFGHIJKL")


@pytest.mark.parametrize("outcome", PRINTED)
def test_the_top_box_has_the_printed_rates(outcome):
    """A5's table, in the mean of twenty draws (standard error under half a point)."""
    printed = PRINTED[outcome]
    found = []
    for seed in range(20):
        study = pxl_study(seed)
        top, agreements = study[outcome] == 5, study["keeps_agreements"]
        exceeded = (agreements == 5) & (study["exceeds_expectations"] >= 4)
        found.append([top[rows].mean() for rows in (agreements == 5, agreements == 4, agreements <= 3, exceeded)])
    expected = [printed["very"], printed["rather"], printed["less"], printed["exceeded"]]
    assert np.mean(found, axis=0) == pytest.approx(expected, abs=0.01)


def test_so_many_may_have_exceeded_expectations_that_the_rest_is_a_rate():
    """The audit of the published ladder: q at most .839, or 73 - 87q would be negative."""
    assert 0.3 < share_exceeded() < 0.839


def test_all_twelve_drivers_are_correlated():
    correlations = pxl_study()[list(DRIVERS)].corr().to_numpy()
    assert correlations.min() > 0.2
    assert 0.3 < correlations[np.triu_indices(12, 1)].mean() < 0.6


def test_given_the_cell_the_top_box_depends_on_nothing_else():
    """Within each of A5's four cells, correlations with the ten other drivers are those of chance."""
    studies = [pxl_study(seed) for seed in range(20)]
    others = [name for name in DRIVERS if name not in ("keeps_agreements", "exceeds_expectations")]
    for cell in (lambda s: s["keeps_agreements"] == 4, lambda s: s["keeps_agreements"] <= 3):
        inside = [study[cell(study)] for study in studies]
        found = [[np.corrcoef(part[name], part["attachment"] == 5)[0, 1] for name in others] for part in inside]
        assert np.abs(np.mean(found, axis=0)).max() < 0.025


def test_the_bottom_boxes_have_other_drivers():
    """Among those not in the top box: speed for the unattached, warning and solution for the critics."""
    study = pxl_study()
    below = study[study["attachment"] < 5]
    slow = (below["attachment"] <= 2).groupby(below["speed"]).mean()
    assert slow[1] > 2 * slow[3] > 2 * slow[5]
    below = study[study["recommendation"] < 5]
    warned = (below["recommendation"] <= 2).groupby(below["warns_ahead"]).mean()
    assert warned[1] > 2 * warned[3] > 2 * warned[5]


def test_companies_differ_only_in_the_variant_that_says_so():
    def spread(study) -> float:
        return study.groupby("company")["speed"].mean().std()

    assert np.mean([spread(pxl_study(seed, company_effects=True)) for seed in range(5)]) > 0.2
    assert np.mean([spread(pxl_study(seed)) for seed in range(5)]) < 0.08


def test_the_same_seed_is_the_same_study():
    assert pxl_study(4).equals(pxl_study(4))
    assert not pxl_study(4).equals(pxl_study(5))


def test_every_answer_is_on_its_scale():
    study = pxl_study(company_effects=True)
    five_points = study[[*DRIVERS, "attachment", "recommendation"]]
    assert sorted(np.unique(five_points)) == [1, 2, 3, 4, 5]
    assert sorted(study["score"].unique()) == list(range(11))
