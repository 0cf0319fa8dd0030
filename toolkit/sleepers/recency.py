"""Customers who drift away: their value by how long ago they bought, and when to stop contacting them.

Source: Pfeifer & Carraway (2000), Modeling customer relationships as Markov chains.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.finding import Refusal
from toolkit.worth.checks import numbers, one_number, plain, refuse, whole, within


def value_by_recency(
    buying_probabilities: Any, contribution: float, contact_cost: float, discount: float, periods: int | None = None
) -> np.ndarray:
    """The value of a customer by the number of periods since the last purchase, and 0 when lost.

    `buying_probabilities[i]` is the chance that a contacted customer of recency i+1 buys in the next
    period; who does not buy at the last recency listed is lost. A purchase brings `contribution`;
    everyone not lost costs `contact_cost` a period, in money; `discount` per period. `periods` counts
    the moments of cash, now included (None: no end). Shape (recencies + 1,). Raises `Refused` for
    chances outside 0–1, a negative discount, and values that have no finite sum.

    >>> value_by_recency([0.30, 0.20, 0.15, 0.05], 40, 4, 0.2).round(3).tolist()
    [52.32, 5.554, 1.251, -1.82, 0.0]

    Source: V = Σ (P/(1+d))^t R; without end (I − P/(1+d))⁻¹ R.
    """
    (buying,) = numbers(buying_probabilities=buying_probabilities)
    refuse(Refusal("not_a_list", field="buying_probabilities", given=buying.tolist()) if buying.ndim > 1 else None)
    buying, contribution = np.atleast_1d(buying), one_number("contribution", contribution)
    cost, discount = one_number("contact_cost", contact_cost), one_number("discount", discount)
    refuse(
        within("buying_probabilities", buying, 0, 1),
        within("contact_cost", cost, 0),
        within("discount", discount, 0),
        None if periods is None else whole("periods", periods),
        None if buying.size else Refusal("profile_empty", field="buying_probabilities"),
    )
    if periods is None and discount == 0 and (buying == 1).any():
        refuse(Refusal("value_unbounded", field="buying_probabilities", given=1.0))
    moves, rewards = _chain(buying, contribution, cost)
    moves /= 1 + discount
    if periods is None:
        return plain(np.append(np.linalg.solve(np.eye(len(buying)) - moves, rewards), 0.0))
    value = rewards
    for _ in range(int(periods) - 1):
        value = rewards + moves @ value
    return plain(np.append(value, 0.0))


def _chain(buying: np.ndarray, contribution: float, contact_cost: float) -> tuple[np.ndarray, np.ndarray]:
    """Moves between the recencies (lost left out) and the cash of being in each."""
    count = len(buying)
    moves = np.zeros((count, count))
    moves[:, 0] = buying
    moves[np.arange(count - 1), np.arange(1, count)] += 1 - buying[:-1]
    rewards = np.full(count, -contact_cost)
    rewards[0] += contribution
    return moves, rewards


def stop_contacting_at(values: Any) -> int | None:
    """The first recency at which a customer is worth less than nothing; None where there is none.

    >>> stop_contacting_at([50.115, 4.220, 0.592, -1.980, 0])
    4
    """
    below = np.flatnonzero(np.asarray(values) < 0)
    return int(below[0]) + 1 if below.size else None


@dataclass(frozen=True)
class ContactRule:
    """Contact customers up to and including `last_recency` (0: nobody); what everyone is then worth."""

    last_recency: int
    values: np.ndarray
    gain: float


def best_contact_rule(
    buying_probabilities: Any, contribution: float, contact_cost: float, discount: float
) -> ContactRule:
    """Up to which recency contacting pays, when whoever is not contacted is lost.

    Every possible last recency is valued and the best kept; `gain` is what it adds to a customer who
    just bought, against contacting everyone. Values by recency contacted; without end.

    >>> best_contact_rule([0.30, 0.20, 0.15, 0.05], 40, 4, 0.2).last_recency
    3
    """
    buying = np.atleast_1d(np.asarray(buying_probabilities, float))
    money = (contribution, contact_cost, discount)
    contacted = [value_by_recency(buying[:last], *money) for last in range(1, len(buying) + 1)]
    options = [np.array([float(contribution), 0.0]), *contacted]
    best = max(range(len(options)), key=lambda last: options[last][0])
    return ContactRule(best, options[best], float(options[best][0] - contacted[-1][0]))
