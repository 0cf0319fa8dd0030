"""Contracts: term, tacit renewal, notice, and what they make of churn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.worth.contracts import (
    Contract,
    contract_survival,
    contract_value,
    for_consumers,
    hazards,
    renewal_against_churn,
)


def by_hand(contract, margin, discount, months_left, months=6000):
    """The value month by month: what is paid at the start of every month, from where the customer stands."""
    shifted = contract_survival(contract, months + contract.term)
    start = contract.term - months_left
    alive = shifted[start : start + months] / (1 - contract.base_churn) ** start
    return (margin * alive * (1 + discount) ** -np.arange(months, dtype=float)).sum()


def test_a_churn_of_ten_per_cent_hides_that_one_contract_in_three_is_not_renewed():
    """900 customers on three-year contracts, 300 due, 210 renewed."""
    found = renewal_against_churn(900, 300, 210)
    assert (found.base_churn, found.renewal_rate) == (pytest.approx(0.10), pytest.approx(0.70))


def test_between_firms_every_term_ends_with_the_same_question():
    assert hazards(Contract(term=12, renewal_rate=0.7), 36)[[11, 23, 35]] == pytest.approx([0.3, 0.3, 0.3])
    assert hazards(Contract(term=12, renewal_rate=0.7), 36).sum() == pytest.approx(0.9)


def test_a_dutch_consumer_is_free_a_month_after_the_first_tacit_renewal():
    contract = for_consumers(Contract(term=12, renewal_rate=0.7, notice=3, later_churn=0.04), "NL")
    month = hazards(contract, 16)
    assert month[:11].sum() == 0
    assert month[11] == pytest.approx(0.3)
    assert month[12:] == pytest.approx([0.04] * 4)


def test_a_belgian_consumer_may_have_two_months_notice():
    contract = for_consumers(Contract(term=12, renewal_rate=0.7, notice=3, later_churn=0.04), "BE")
    assert hazards(contract, 16)[11:] == pytest.approx([0.3, 0.0, 0.04, 0.04, 0.04])
    assert for_consumers(Contract(term=12, renewal_rate=0.7, notice=1), "BE").notice == 1


@settings(max_examples=80, deadline=None)
@given(
    st.integers(1, 36),
    st.floats(0, 0.95),
    st.integers(0, 4),
    st.floats(0.001, 0.05),
    st.booleans(),
    st.floats(0.005, 0.2),
    st.floats(0.001, 0.02),
    st.floats(0, 1),
    st.sampled_from([None, 1, 12]),
)
def test_the_closed_form_is_the_sum_over_the_months(term, rate, notice, base, free, later, discount, part, following):
    contract = Contract(term, rate, notice, base, free, later, following)
    left = max(1, round(part * term))
    assert contract_value(contract, 100, discount, months_left=left).total == pytest.approx(
        by_hand(contract, 100, discount, left), rel=1e-6
    )


def test_what_is_signed_and_what_renewals_bring_are_shown_apart():
    value = contract_value(Contract(term=24, renewal_rate=0.0), 100, 0.0)
    assert (value.remaining, value.renewals) == (2400, 0.0)


@given(st.floats(0.1, 100))
def test_contract_values_scale_with_money(factor):
    contract = Contract(12, 0.8, base_churn=0.01)
    assert contract_value(contract, factor * 50, 0.01).total == pytest.approx(
        factor * contract_value(contract, 50, 0.01).total
    )
