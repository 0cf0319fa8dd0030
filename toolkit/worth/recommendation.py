"""What a recommendation is worth, and what it costs when a leaver starts others leaving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from toolkit.finding import Refusal
from toolkit.worth.checks import numbers, plain, refuse, within


def value_of_recommended(value: Any, cost_to_win: Any, came_anyway: Any, *, reward: Any = 0.0) -> Any:
    """What one customer won by recommendation is worth to the firm.

    Who would not have come otherwise brings the whole `value` of a customer not yet won; who
    would have come anyway only saves what winning normally costs. `came_anyway` is the share of
    the second kind; `reward` what a recommendation costs. Money; arrays are broadcast.

    >>> value_of_recommended(366.67, 120, 0.0), value_of_recommended(366.67, 120, 1.0)
    (366.67, 120.0)

    Source: Kumar, Petersen & Leone (2007), How valuable is word of mouth? The two types there.
    """
    value, cost, anyway, reward = numbers(value=value, cost_to_win=cost_to_win, came_anyway=came_anyway, reward=reward)
    refuse(within("came_anyway", anyway, 0, 1), within("cost_to_win", cost, 0), within("reward", reward, 0))
    return plain((1 - anyway) * value + anyway * cost - reward)


@dataclass(frozen=True)
class Recommender:
    """A customer's value without and with the customers he brings; `from_recommending` is the difference."""

    alone: float
    with_recommending: float

    @property
    def from_recommending(self) -> float:
        """What recommending adds."""
        return self.with_recommending - self.alone


def value_with_recommending(
    margin_per_period: float,
    multiple: float,
    brought_per_period: float,
    cost_to_win: float,
    came_anyway: float,
    *,
    reward: float = 0.0,
) -> Recommender:
    """The value of a customer who brings others, who bring others in their turn.

    `multiple` is the value per euro of margin per period (`customer_value(1, …)`);
    `brought_per_period` how many customers one customer brings in a period. What those bring is
    valued in the same way, so the chain is summed to its end; a chain in which every customer
    brings at least one more has none and is refused (`chain_without_end`).

    >>> round(value_with_recommending(100, 11 / 3, 0.1, 120, 0.5).with_recommending, 2)
    475.92

    Source: V = M(m + n·W) with W = (1−p)V + p·cost − reward, solved for V.
    """
    numbers(margin_per_period=margin_per_period, multiple=multiple, brought_per_period=brought_per_period)
    refuse(within("multiple", multiple, 0), within("brought_per_period", brought_per_period, 0))
    saved = value_of_recommended(0.0, cost_to_win, came_anyway, reward=reward)
    chain = multiple * brought_per_period * (1 - came_anyway)
    if chain >= 1:
        refuse(Refusal("chain_without_end", field="brought_per_period", given=brought_per_period))
    value = multiple * (margin_per_period + brought_per_period * saved) / (1 - chain)
    return Recommender(multiple * margin_per_period, value)


def loss_with_followers(value: Any, followers: Any, *, recommending: Any = 0.0) -> Any:
    """What a leaver costs when every leaver takes `followers` others along, who do the same.

    `value` is what was still to come from one customer (the residual value); `recommending` what
    was still to come from his recommendations. One follower or more each has no end and is refused.

    >>> round(loss_with_followers(266.67, 0.2), 2)
    333.34

    Source: 1 + n + n² + … = 1/(1−n).
    """
    value, followers, recommending = numbers(value=value, followers=followers, recommending=recommending)
    refuse(within("followers", followers, 0))
    if (followers >= 1).any():
        refuse(Refusal("chain_without_end", field="followers", given=float(followers.max())))
    return plain((value + recommending) / (1 - followers))
