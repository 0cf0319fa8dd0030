"""What a programme to keep customers must bring to pay for itself. Pure functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from toolkit.finding import Refusal, Refused
from toolkit.worth.both import Both
from toolkit.worth.inputs import Situation
from toolkit.worth.state import State
from toolkit.worth.tenures import due_values, everyone
from toolkit.worth.value import geometric_sum

HALVINGS = 40


def programme(cost: float | None, known: Situation, both: Both) -> dict[str, Any]:
    """What a programme of so much must bring: points of retention, new customers, or margin; each alone.

    Counted on the curve, growth and horizon of everything else, and after the cost of keeping
    where that is known. None where nobody leaving any more, or any number of customers, is not enough.
    """
    if not cost:
        return {}
    if not known.customers:
        raise Refused([Refusal("customers_missing", field="worth.customers")])
    counts = np.asarray(known.by_tenure if known.curve else (1.0,))
    counts = tuple((counts * (known.customers / counts.sum())).tolist())
    ways = {
        "programme_points_once": lambda state: _once(cost, state, counts),
        "programme_points_lasting": lambda state: _lasting(cost, state, counts),
        "programme_customers": lambda state: _customers(cost, state),
        "programme_margin": lambda state: cost * state.margin / _none(everyone(state, counts)),
    }
    return {"programme": cost} | {name: both.where_possible(figure) for name, figure in ways.items()}


def _none(value: Any) -> Any:
    """The same where there is something; otherwise not a number, so that nothing follows from it."""
    value = np.asarray(value, float)
    return np.where(value > 0, value, np.nan)


def _left(state: State, worth: Callable[[State], Any]) -> Any:
    """A worth after the cost of keeping, where that is known."""
    if state.cost_to_keep is None:
        return worth(state)
    if state.growth_per_year == 0:
        return worth(replace(state, margin=state.margin - state.cost_to_keep))
    return worth(state) - worth(state.keeping)


def _once(cost: float, state: State, counts: tuple[float, ...]) -> Any:
    """Points more at the next renewal only: each who then renews brings a payment and what comes after it."""

    def renewed(state: State) -> Any:
        if state.pair is None:
            terms = np.inf if state.periods is None else state.periods
            each = sum(counts) * geometric_sum(state.kept * state.sooner, terms)
        else:
            due, rates = due_values(state, len(counts)), state.rates(len(counts))
            each = sum(n * one / rates[..., at] for at, (n, one) in enumerate(zip(counts, due, strict=True)))
        return state.margin * (1 + state.growth) * each

    points = cost / _none(_left(state, renewed))
    return np.where(points <= 1 - _average(state, counts), points, np.inf)


def _average(state: State, counts: tuple[float, ...]) -> Any:
    """The share of everyone present that makes the next renewal."""
    return state.kept if state.pair is None else state.rates(len(counts)) @ np.asarray(counts) / sum(counts)


def _lasting(cost: float, state: State, counts: tuple[float, ...]) -> Any:
    """Points more a year, for ever: halved in on, from none to nobody leaving."""
    low = np.zeros(np.shape(_left(state, lambda one: everyone(one, counts))))
    high, now = np.ones(low.shape), _left(state, lambda one: everyone(one, counts))

    def enough(points: Any) -> Any:
        with np.errstate(invalid="ignore"):
            return _left(state.moved(points=points), lambda one: everyone(one, counts)) - now >= cost

    possible = enough(high)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        reached = enough(middle)
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return np.where(possible, high, np.inf)


def _customers(cost: float, state: State) -> Any:
    """New customers, net of what winning one costs."""
    return np.ceil(cost / _none(state.ceiling if state.cost_to_win is None else state.surplus) - 1e-9)
