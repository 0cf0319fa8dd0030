"""Response curves, and how much to spend on winning and on keeping: GOLD §4."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from toolkit.finding import Refused
from toolkit.worth.budgets import best_budgets, budgets_at, winning_against_keeping
from toolkit.worth.response import ResponseCurve, through, through_two

WIN, KEEP = (5, 0.04, 0.10), (20, 0.70, 0.85)


def best(margin=100, discount=0.1, win=WIN, keep=KEEP):
    return best_budgets(margin, discount, acquisition_response=win, retention_response=keep)


def name_of(call):
    with pytest.raises(Refused) as refused:
        call()
    return [refusal.name for refusal in refused.value.refusals]


def test_what_the_present_spends_make_of_a_prospect():
    """Blattberg & Deighton (1996); GOLD §4: V 225.00, equity 4.00."""
    now = budgets_at(100, 0.1, 5, 20, acquisition=WIN, retention=KEEP)
    assert now.value == pytest.approx(225.00, abs=5e-3)
    assert now.equity_per_prospect == pytest.approx(4.00, abs=5e-3)


def test_the_best_spends_for_the_same_prospect():
    """Blattberg & Deighton (1996); GOLD §4 to the last digit printed."""
    found = best()
    assert found.retention_spend == pytest.approx(33.9628, abs=5e-5)
    assert found.retention_rate == pytest.approx(0.805315, abs=5e-7)
    assert found.value == pytest.approx(258.0286, abs=5e-5)
    assert found.acquisition_spend == pytest.approx(9.48778, abs=5e-6)
    assert found.acquisition_rate == pytest.approx(0.062066, abs=5e-7)
    assert found.equity_per_prospect == pytest.approx(6.52700, abs=5e-6)
    assert found.average_cost_to_win == pytest.approx(152.87, abs=5e-3)
    assert found.average_cost_to_keep == pytest.approx(42.17, abs=5e-3)


def test_a_ratio_of_nearly_four_with_nothing_left_to_gain():
    """GOLD §4: ratio 3.62; both marginal costs equal the customer's value."""
    found = best()
    assert found.ratio == pytest.approx(3.62, abs=5e-3)
    assert found.marginal_cost_to_win == pytest.approx(found.value, rel=1e-9)
    assert found.marginal_cost_to_keep == pytest.approx(found.value, rel=1e-9)


@pytest.mark.parametrize("margin", [10, 30, 50, 52, 53, 54, 55, 56, 60, 100])
def test_winning_is_paid_for_only_where_the_first_euro_brings_more_than_a_euro(margin):
    """GOLD §4: nothing when ca·ka·V ≤ 1, with ka = −ln(1 − .04/.10)/5."""
    found = best(margin)
    assert (found.acquisition_spend > 0) == (0.10 * -np.log(1 - 0.04 / 0.10) / 5 * found.value > 1)


def test_at_the_corner_nothing_is_spent_and_nobody_is_won():
    """ca·ka = .0102165, so V must pass 97.88; a margin of 20 is far below it."""
    corner = best(20)
    assert (corner.acquisition_spend, corner.acquisition_rate, corner.equity_per_prospect) == (0.0, 0.0, 0.0)
    assert corner.average_cost_to_win is None and corner.ratio is None


def test_a_margin_that_is_nothing_or_less_spends_nothing():
    for margin in (0, -50):
        nothing = best(margin)
        assert (nothing.retention_spend, nothing.acquisition_spend) == (0.0, 0.0)
        assert nothing.value == pytest.approx(margin)


@settings(max_examples=40, deadline=None)
@given(
    st.floats(1, 2000),
    st.floats(0.01, 0.3),
    st.floats(0.5, 50),
    st.floats(0.01, 0.5),
    st.floats(1.05, 3),
    st.floats(0.5, 100),
    st.floats(0.05, 0.9),
    st.floats(1.02, 2),
    st.integers(0, 1000),
)
def test_no_other_spends_do_better(
    margin, discount, win_spend, win_rate, win_room, keep_spend, keep_rate, keep_room, seed
):
    win = (win_spend, win_rate, min(win_rate * win_room, 1.0))
    keep = (keep_spend, keep_rate, min(keep_rate * keep_room, 1.0))
    assume(win[2] > win[1] * 1.01 and keep[2] > keep[1] * 1.01)
    found = best(margin, discount, win, keep)
    random = np.random.default_rng(seed)
    spends = random.exponential(
        [max(found.acquisition_spend, win_spend), max(found.retention_spend, keep_spend)], (10_000, 2)
    )
    kept = through(keep[:2], keep[2]).rate(spends[:, 1])
    value = (margin * (1 + discount) - spends[:, 1]) / (1 + discount - kept)
    others = through(win[:2], win[2]).rate(spends[:, 0]) * value - spends[:, 0]
    assert others.max() <= found.equity_per_prospect + 1e-9 * max(1, abs(found.equity_per_prospect))


@given(st.floats(0.01, 100))
def test_budgets_scale_with_money(factor):
    scaled = best(100 * factor, win=(5 * factor, 0.04, 0.10), keep=(20 * factor, 0.70, 0.85))
    assert scaled.equity_per_prospect == pytest.approx(6.52700 * factor, rel=1e-6)
    assert scaled.ratio == pytest.approx(best().ratio, rel=1e-6)


def test_a_curve_passes_its_point_and_stays_under_its_ceiling():
    curve = through((20, 0.70), 0.85, floor=0.6)
    assert curve.rate([0, 20, np.inf]) == pytest.approx([0.6, 0.70, 0.85])
    assert curve.slope(20) == pytest.approx((curve.rate(20 + 1e-6) - curve.rate(20 - 1e-6)) / 2e-6, rel=1e-6)


def test_two_points_fix_where_the_curve_starts():
    curve = through_two((10, 0.65), (20, 0.70), 0.85)
    assert curve.rate([10, 20]) == pytest.approx([0.65, 0.70])
    assert through_two((20, 0.70), (0, 0.6), 0.85).floor == pytest.approx(0.6)


def test_a_rate_of_nothing_at_any_spend_never_pays():
    flat = through((5, 0.0), 0.1)
    assert flat.marginal_cost(0) is None
    assert best(win=(5, 0.0, 0.1)).acquisition_spend == 0


def test_a_curve_may_be_a_thousand_draws():
    curve = through((20, np.linspace(0.66, 0.74, 1000)), 0.85, floor=0.6)
    assert isinstance(curve, ResponseCurve) and curve.rate(20) == pytest.approx(np.linspace(0.66, 0.74, 1000))


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: through((20, 0.9), 0.85), "ceiling_below_rate"),
        (lambda: through((20, 0.85), 0.85), "ceiling_below_rate"),
        (lambda: through((0, 0.7), 0.85), "response_without_spend"),
        (lambda: through((20, 0.7), 0.85, floor=0.75), "rate_below_floor"),
        (lambda: through((20, 0.7), 1.2), "out_of_bounds"),
        (lambda: through_two((10, 0.7), (20, 0.6), 0.85), "response_points_disagree"),
        (lambda: through_two((10, 0.7), (10, 0.7), 0.85), "response_points_disagree"),
        (lambda: through_two((5, 0.04), (20, 0.095), 0.10), "response_points_too_steep"),
        (lambda: best(discount=-0.1), "out_of_bounds"),
        (lambda: best(margin=54, discount=0, keep=(1, 0.5, 1.0)), "value_unbounded"),
        (lambda: best(margin=float("nan")), "not_a_number"),
        (lambda: best(margin=[100, 200]), "not_a_number"),
        (lambda: best(discount=[0.1, 0.2]), "not_a_number"),
        (lambda: best(keep=(20, 0.7)), "not_a_response"),
        (lambda: best(keep=None), "not_a_response"),
        (lambda: winning_against_keeping(1000, 0, 500, 10), "nobody_to_divide_by"),
    ],
)
def test_responses_that_cannot_be_are_refused(make, name):
    assert name in name_of(make)


def test_at_a_loss_nothing_is_spent_and_no_zero_has_a_sign():
    found = best(margin=-100)
    zeros = (found.retention_spend, found.acquisition_spend, found.acquisition_rate, found.equity_per_prospect)
    assert [str(zero) for zero in zeros] == ["0.0"] * 4


def test_the_clients_own_ratio_with_its_inputs():
    found = winning_against_keeping(15_000, 60, 10_000, 200)
    assert (found.cost_to_win, found.cost_to_keep, found.ratio) == (250, 50, 5)
    assert winning_against_keeping(15_000, 60, 0, 200).ratio is None
