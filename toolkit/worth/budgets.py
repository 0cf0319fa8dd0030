"""How much to spend on winning one prospect and on keeping one customer.

Source: Blattberg & Deighton (1996), Manage marketing by the customer equity test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq

from toolkit.finding import Refusal
from toolkit.worth.checks import numbers, one_number, refuse, within
from toolkit.worth.response import ResponseCurve, as_curve


@dataclass(frozen=True)
class Budgets:
    """Spend, rates and what they make of a prospect.

    `value` of a customer, net of what keeping costs; `equity_per_prospect` = rate × value − spend.
    Average costs are per customer won and per customer kept; marginal costs are what the next one
    costs at this spend. A cost is None where nobody is won or kept, or no spend would do it.
    """

    retention_spend: float
    retention_rate: float
    value: float
    acquisition_spend: float
    acquisition_rate: float
    equity_per_prospect: float
    average_cost_to_win: float | None
    average_cost_to_keep: float | None
    marginal_cost_to_win: float | None
    marginal_cost_to_keep: float | None

    @property
    def ratio(self) -> float | None:
        """How many times dearer winning is than keeping, on average; no guide to where money should go."""
        if not self.average_cost_to_keep or self.average_cost_to_win is None:
            return None
        return self.average_cost_to_win / self.average_cost_to_keep


def budgets_at(
    margin: float,
    discount: float,
    acquisition_spend: float,
    retention_spend: float,
    *,
    acquisition: Any,
    retention: Any,
) -> Budgets:
    """What given spends make of a prospect; responses as in `best_budgets`.

    >>> now = budgets_at(100, 0.1, 5, 20, acquisition=(5, 0.04, 0.10), retention=(20, 0.70, 0.85))
    >>> round(now.value, 2), round(now.equity_per_prospect, 2)
    (225.0, 4.0)

    Source: V = (m(1+d) − R)/(1+d−r): the margin comes at the start of a period, keeping is paid at its end.
    """
    margin, discount = _checked(margin, discount)
    acquisition_spend = one_number("acquisition_spend", acquisition_spend)
    retention_spend = one_number("retention_spend", retention_spend)
    refuse(within("acquisition_spend", acquisition_spend, 0), within("retention_spend", retention_spend, 0))
    win, keep = _curve("acquisition", acquisition), _curve("retention", retention)
    won, kept = float(win.rate(acquisition_spend)), float(keep.rate(retention_spend))
    value = _value(margin, discount, retention_spend, kept)
    return Budgets(
        retention_spend=float(retention_spend),
        retention_rate=kept,
        value=value,
        acquisition_spend=float(acquisition_spend),
        acquisition_rate=won,
        equity_per_prospect=won * value - acquisition_spend + 0.0,  # a zero has no sign
        average_cost_to_win=acquisition_spend / won if won > 0 else None,
        average_cost_to_keep=retention_spend / kept if kept > 0 else None,
        marginal_cost_to_win=win.marginal_cost(acquisition_spend),
        marginal_cost_to_keep=keep.marginal_cost(retention_spend),
    )


def best_budgets(margin: float, discount: float, *, acquisition_response: Any, retention_response: Any) -> Budgets:
    """The spends per prospect and per customer that make a prospect worth most.

    Each response is `(spend, rate, ceiling)` or a `ResponseCurve`: at this spend this rate is
    seen or judged, and no spend passes the ceiling. Where spending pays, the next customer won
    and the next one kept both cost what a customer is worth; where the first euro already brings
    less, nothing is spent. Raises `Refused` for a ceiling not above the rate, a spend of zero, a
    response of another form, and a margin or discount that is not one number.

    >>> best = best_budgets(100, 0.1, acquisition_response=(5, 0.04, 0.10), retention_response=(20, 0.70, 0.85))
    >>> round(best.value, 4), round(best.equity_per_prospect, 4), round(best.ratio, 2)
    (258.0286, 6.527, 3.62)
    """
    margin, discount = _checked(margin, discount)
    win, keep = _curve("acquisition_response", acquisition_response), _curve("retention_response", retention_response)
    retention_spend = _best_keeping(margin, discount, keep)
    value = _value(margin, discount, retention_spend, float(keep.rate(retention_spend)))
    first_euro = float(win.slope(0.0)) * value
    spend = float(np.log(first_euro) / win.steepness) if first_euro > 1 else 0.0
    return budgets_at(margin, discount, spend, retention_spend, acquisition=win, retention=keep)


def _value(margin: float, discount: float, spend: float, rate: float) -> float:
    """What a customer is worth, net of what keeping costs."""
    if rate >= 1 + discount:
        refuse(Refusal("value_unbounded", field="retention", given=rate))
    return float((margin * (1 + discount) - spend) / (1 + discount - rate))


def _best_keeping(margin: float, discount: float, keep: ResponseCurve) -> float:
    """The spend at which the next customer kept costs what a customer is worth; 0 where the first costs more."""

    def gain(spend: float) -> float:
        return float(keep.slope(spend)) * (margin * (1 + discount) - spend) - (1 + discount - float(keep.rate(spend)))

    return float(brentq(gain, 0.0, margin * (1 + discount), xtol=1e-12, rtol=1e-14)) if gain(0.0) > 0 else 0.0


@dataclass(frozen=True)
class WinningAgainstKeeping:
    """The client's own ratio with the counts and costs it is made of; averages, never a guide by themselves."""

    spent_on_winning: float
    won: float
    spent_on_keeping: float
    kept: float

    @property
    def cost_to_win(self) -> float:
        """Average cost per customer won."""
        return self.spent_on_winning / self.won

    @property
    def cost_to_keep(self) -> float:
        """Average cost per customer kept."""
        return self.spent_on_keeping / self.kept

    @property
    def ratio(self) -> float | None:
        """Winning against keeping; None where keeping costs nothing."""
        return self.cost_to_win / self.cost_to_keep if self.cost_to_keep > 0 else None


def winning_against_keeping(
    spent_on_winning: float, won: float, spent_on_keeping: float, kept: float
) -> WinningAgainstKeeping:
    """The average cost of a customer won beside that of a customer kept.

    Raises `Refused` where nobody was won or kept: an average of none says nothing.

    >>> round(winning_against_keeping(15_000, 60, 10_000, 200).ratio, 2)
    5.0
    """
    given = {"spent_on_winning": spent_on_winning, "won": won, "spent_on_keeping": spent_on_keeping, "kept": kept}
    numbers(**given)
    refuse(*(within(name, value, 0) for name, value in given.items()))
    refuse(*(Refusal("nobody_to_divide_by", field=name, given=0.0) for name in ("won", "kept") if given[name] == 0))
    return WinningAgainstKeeping(*(float(value) for value in given.values()))


def _checked(margin: Any, discount: Any) -> tuple[float, float]:
    """Margin and discount as one number each; what no budget can be computed from is refused."""
    margin, discount = one_number("margin", margin), one_number("discount", discount)
    refuse(within("discount", discount, 0))
    return margin, discount


def _curve(name: str, response: Any) -> ResponseCurve:
    """A response as a curve; refused where it is neither a curve nor a spend, a rate and a ceiling."""
    three = isinstance(response, tuple | list | np.ndarray) and len(response) == 3 and not any(map(np.ndim, response))
    given = response if isinstance(response, str | int | float) else str(response)
    refuse(None if three or isinstance(response, ResponseCurve) else Refusal("not_a_response", field=name, given=given))
    return as_curve(response)
