"""What the chapter on worth says beside its sums: programmes on its own curve, the cost of keeping, what is not known."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import ROOT
from test_worth_analyse import AMERITRADE, CASE, found

from toolkit import doors, worth
from toolkit.claims import claims_for
from toolkit.client import load
from toolkit.ranges import MoneyBetween, ShareBetween
from toolkit.units import Estimate
from toolkit.worth import contract_value, findings, offers
from toolkit.worth.contracts import Contract, for_consumers
from toolkit.worth.leverage import place
from toolkit.worth.numbers import analyse
from toolkit.worth.result import CustomerWorth


def client_of(name: str, *, keeping: bool = False, **more: Any) -> CustomerWorth:
    """A client of the templates, without its cost of keeping unless asked for."""
    client = load(ROOT / "templates" / "clients" / name)
    economics = {key: value for key, value in dict(client.economics).items() if keeping or key != "cost_to_keep"}
    counted = None if client.doors is None else doors.results(client)
    return analyse(client.worth.model_copy(update=more), economics, doors=counted, claims=claims_for("worth"), draws=400)


def says(result: CustomerWorth) -> list[str]:
    return [finding.name for finding in (*findings.worth_saying(result), *findings.besides(result))]


# a programme ---------------------------------------------------------------------------------------


def test_a_programme_is_counted_on_the_fitted_curve():
    """Recomputed apart from the code: 0.36 points lasting, 2.8 once, 46 customers, 2.44 a customer a period."""
    result = client_of("verwarming-claes")
    assert result.programme_points_lasting.value == pytest.approx(0.0036, abs=5e-5)
    assert result.programme_points_once.value == pytest.approx(0.028, abs=5e-4)
    assert result.programme_customers.value == 46
    assert result.programme_margin.value == pytest.approx(2.44, abs=5e-3)
    assert result.programme_points_lasting.low < result.programme_points_lasting.value < result.programme_points_lasting.high


def test_a_programme_follows_horizon_and_growth():
    """A nearer horizon makes a customer worth less, so it takes more of them; growth the reverse."""
    plain, near, growing = (
        client_of("widening", programme=350_000, **more) for more in ({}, {"horizon": 3}, {"margin_growth": 0.05})
    )
    assert growing.programme_customers.value < plain.programme_customers.value < near.programme_customers.value
    assert growing.programme_points_lasting.value < plain.programme_points_lasting.value < near.programme_points_lasting.value
    for result in (plain, near, growing):
        assert result.programme_customers.value == pytest.approx(350_000 / result.net_value.value, abs=1)


def test_lasting_points_bring_in_what_the_programme_costs():
    result = found(CASE | {"customers": 250, "programme": 10_000})
    after = found(CASE | {"customers": 250, "retention": 0.8 + result.programme_points_lasting.value})
    assert after.base_value.value - result.base_value.value == pytest.approx(10_000)


def test_a_programme_that_costs_nothing_is_not_spoken_of():
    assert not [name for name in says(found(CASE | {"customers": 250, "programme": 0})) if name.startswith("programme")]


# the cost of keeping -------------------------------------------------------------------------------


def test_the_cost_of_keeping_comes_off_at_the_moments_of_the_margin():
    """GOLD §2 by homogeneity: 70 of 100 left, so 70 % of 366.667 and of 293.333 a customer."""
    result = found(CASE | {"customers": 10}, cost_to_keep=30)
    assert result.not_yet_won.value == pytest.approx(366.667, abs=5e-4)
    assert result.ceiling.value == result.after_keeping.value == pytest.approx(256.667, abs=5e-4)
    assert result.base_after_keeping.value == pytest.approx(10 * 205.333, abs=5e-3)


def test_the_cost_of_keeping_does_not_grow_with_the_margin():
    """GOLD §2: growth 5 %, 423.0769; keeping 30 without growth 110.0000."""
    result = found(CASE | {"margin_growth": 0.05}, cost_to_keep=30)
    assert result.after_keeping.value == pytest.approx(423.0769 - 110, abs=5e-4)


def test_where_keeping_costs_more_than_a_customer_brings_winning_does_not_pay():
    result = found({"margin": 75, "retention": 0.8, "customers": 100, "programme": 500}, cost_to_win=100, cost_to_keep=200)
    assert offers.verdict(result).name == says(result)[0] == "keeping_costs_more"
    assert [action.name for action in offers.actions(result)] == ["stop_keeping"]
    assert not {"ceiling", "back_after"} & {figure.name for figure in offers.key_figures(result)}
    assert not [name for name in says(result) if name.startswith(("back", "programme"))]


def test_keeping_can_turn_a_customer_who_pays_into_one_who_does_not():
    assert offers.verdict(found(CASE, cost_to_win=300)).name == "winning_pays"
    assert offers.verdict(found(CASE, cost_to_win=300, cost_to_keep=30)).name == "winning_loses"


# what cannot be said -------------------------------------------------------------------------------


@pytest.mark.parametrize("period", ["year", "quarter", "month"])
def test_a_cost_within_the_first_payment_has_no_write_off_instead_of_none_lost(period):
    result = found(CASE | {"period": period}, cost_to_win=100)
    assert result.write_off_unknown == "within_first_payment"
    assert (result.write_off, result.never_pays_back, result.needed_retention, result.stayed) == (None, None, None, ())
    assert f"within_first_payment_{period}" in says(result)


def test_write_off_early_leavers_and_payback_have_ranges_where_the_inputs_have():
    unsure = found(CASE | {"margin": {"low": 80, "likely": 100, "high": 125}}, cost_to_win=MoneyBetween(low=200, high=300))
    for figure in (unsure.write_off, unsure.never_pays_back, unsure.payback_simple, unsure.payback_surviving):
        assert figure.low < figure.value < figure.high


@pytest.mark.parametrize(
    ("low", "high", "where"),
    [(0.25, 0.5, "inside"), (0.1, 0.15, "below"), (0.9, 1.0, "above"), (0.15, 0.3, "edge"), (0.8, 0.9, "edge")],
)
def test_a_figure_is_inside_a_band_only_with_its_whole_interval(low, high, where):
    assert place(Estimate((low + high) / 2, low, high, 0), 0.2, 0.85) == where


def test_what_lies_on_the_edge_is_said_to():
    result = found({"margin": 100, "retention": ShareBetween(low=0.6, high=0.85).model_dump()})
    assert "lever_edge" in says(result)
    assert findings.lever_title(result).name == "edge"


def test_a_step_that_keeps_everyone_is_called_that():
    result = found(AMERITRADE, discount=0.12, cost_to_win=203.44)
    assert "lever_nobody_leaves_net" in says(result)
    assert findings.lever_title(result).name == "nobody_leaves"


@pytest.mark.parametrize(("kept", "name"), [(1.0, "nobody_leaves"), (0.985, "stays_beyond")])
def test_who_stays_beyond_any_horizon_needs_one(kept, name):
    assert name in says(found({"margin": 100, "retention": kept}))
    assert name not in says(found({"margin": 100, "retention": kept, "horizon": 10}))


# contracts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("left", [0, 5, 12])
@pytest.mark.parametrize("country", ["BE", None])
def test_a_far_horizon_of_a_contract_is_as_good_as_none(left, country):
    contract = Contract(term=12, renewal_rate=0.8, notice=3, base_churn=0.01, later_churn=0.02)
    contract = for_consumers(contract, country) if country else contract
    endless = contract_value(contract, 100, 0.008, months_left=left, growth_per_month=0.002)
    far = contract_value(contract, 100, 0.008, months_left=left, growth_per_month=0.002, months=3000)
    assert (far.remaining, far.renewals) == (pytest.approx(endless.remaining), pytest.approx(endless.renewals))


def test_a_contract_follows_horizon_and_growth():
    terms = CASE | {"contract": {"term": 12, "renewal_rate": 0.8}}
    plain, near, growing = (found(terms | more) for more in ({}, {"horizon": 1}, {"margin_growth": 0.05}))
    assert near.contract_renewals == 0 and near.contract_remaining == pytest.approx(plain.contract_remaining)
    assert growing.contract_total > plain.contract_total


# small ---------------------------------------------------------------------------------------------


def test_a_cost_of_nothing_makes_no_ratio():
    assert found(CASE, cost_to_win=0, cost_to_keep=30).ratio is None
    assert "keeping_free" in says(found(CASE, cost_to_win=50, cost_to_keep=0))


def test_margins_of_nothing_are_spoken_of():
    assert "profile_nothing" in says(found(CASE | {"margins_by_tenure": [0, 0]}))


def test_buying_again_within_a_window_is_not_called_staying():
    assert "bought_again" in [finding.name for finding in findings.worth_saying(worth.results(load(ROOT / "templates" / "clients" / "living")))]
    assert "bought_again" not in says(client_of("widening"))
