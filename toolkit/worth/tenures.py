"""Retention that rises with tenure: by renewal, with what each customer and the whole base is worth. Pure functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from toolkit.worth.both import CONFIDENCE, Both
from toolkit.worth.inputs import Situation
from toolkit.worth.retention import residual_value, retention_rate, survival
from toolkit.worth.rows import TenureYear
from toolkit.worth.state import State
from toolkit.worth.value import customer_value, geometric_sum

FEWEST_ROWS, MOST_ROWS, AHEAD = 5, 10, 2


def due_value(state: State, renewal: int) -> Any:
    """What a customer due for renewal number `renewal` is worth, standing just before it; the margin has grown once."""
    a, b = state.pair
    margin = state.margin * (1 + state.growth)
    if state.shifted:
        return margin * due_values(state, renewal)[renewal - 1]
    if state.periods is None:
        return residual_value(a, b, renewal, 1 / state.sooner - 1, margin)
    there = survival(a, b, renewal + state.periods - 1)
    staying = there[..., renewal:] / there[..., renewal - 1 : renewal]
    return margin * np.sum(staying * np.asarray(state.sooner)[..., None] ** np.arange(state.periods), axis=-1)


def due_values(state: State, renewals: int) -> list[Any]:
    """What one euro a period is worth to whoever is due for renewal 1, 2, …, `renewals`; from the last payment back.

    What a customer is worth before a renewal is the share that renews, times this payment and,
    one period later, the worth before the next renewal.
    """
    if state.periods is None:
        rates = state.rates(renewals + state.last)
        return _backwards(rates, state.sooner)[:renewals]
    rates = state.rates(renewals + state.periods)
    return [_backwards(rates[..., n : n + state.periods], state.sooner)[0] for n in range(renewals)]


def _backwards(rates: np.ndarray, sooner: Any) -> list[Any]:
    """Worth before each renewal, where none follows the last."""
    found: list[Any] = [np.zeros(rates.shape[:-1])]
    for rate in np.ascontiguousarray(np.moveaxis(rates, -1, 0))[::-1]:
        found.append(rate * (1 + sooner * found[-1]))
    return found[:0:-1]


def everyone(state: State, counts: tuple[float, ...]) -> Any:
    """What all customers are worth just before their next renewal.

    `counts` are those due for renewal 1, 2, …; at one constant retention, where it makes no
    difference who is due for which, their sum counts. Infinite where payments without end add up to no finite sum.
    """
    if state.pair is not None:
        worth = due_values(state, len(counts))
        return state.margin * (1 + state.growth) * sum(n * each for n, each in zip(counts, worth, strict=True))
    terms = np.inf if state.periods is None else state.periods
    return sum(counts) * state.margin * (1 + state.growth) * state.kept * geometric_sum(state.kept * state.sooner, terms)


def average(state: State, by_tenure: tuple[float, ...]) -> Any:
    """The single rate that a base with these tenures shows in its next renewal."""
    a, b = (np.asarray(part, float)[..., None] for part in state.pair)
    rates = retention_rate(a, b, np.arange(1, len(by_tenure) + 1))
    return rates @ np.asarray(by_tenure) / np.sum(by_tenure)


def tenures(known: Situation, both: Both, *, draws: int, seed: int) -> dict[str, Any]:
    """Retention and worth by renewal, beside one constant rate; nothing without a curve."""
    if known.curve is None:
        return {}
    mid, counts = both.mid, _counts(known)
    constant, flat = _flat(known, mid)
    last_seen = len(counts) - 1
    rows = min(MOST_ROWS, max(FEWEST_ROWS, last_seen + AHEAD))
    kept = known.curve.retention_by_period(rows, confidence=CONFIDENCE, n=draws, seed=seed)
    there = [*counts, *[0.0] * rows]
    by_tenure = tuple(
        TenureYear(n, n <= last_seen, kept[n - 1], constant, float(due_value(mid, n)), flat, round(there[n - 1]))
        for n in range(1, rows + 1)
    )
    first, last = kept[0], kept[max(last_seen, 1) - 1]
    return {
        "by_tenure": by_tenure,
        "first_retention": first,
        "last_retention": last,
        "rises": not known.curve.constant and first.high < last.low,
    }


def _counts(known: Situation) -> np.ndarray:
    """The customers there now, by the renewal that they are due for."""
    counts = np.asarray(known.by_tenure)
    return counts * ((known.customers or 0) / counts.sum())


def _flat(known: Situation, mid: State) -> tuple[float, float]:
    """One constant rate for everyone, and what each would be worth at it just before a renewal."""
    constant = float(average(mid, known.by_tenure))
    how = {"timing": "renewal_due", "growth": mid.growth, "periods": mid.periods}
    return constant, float(customer_value(float(mid.margin), constant, float(mid.discount), **how))


def present(known: Situation, both: Both) -> dict[str, Any]:
    """The worth of everyone present on the curve, and what one constant rate would have said."""
    if not known.customers:
        return {}
    mid, counts = both.mid, _counts(known)
    flat = _flat(known, mid)[1] * float(counts.sum())
    worth = both.estimate(
        lambda state: sum(count * due_value(state, n) for n, count in enumerate(counts, 1)), few=True
    )
    found = {"base_value": worth, "base_value_constant": flat, "constant_misses": worth.value - flat}
    if mid.cost_to_keep is not None:
        found["base_after_keeping"] = both.estimate(
            lambda state: everyone(state, tuple(counts)) - everyone(state.keeping, tuple(counts)), few=True
        )
    return found
