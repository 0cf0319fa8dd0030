"""A cascade of measures: each is started only when the one before it failed (A1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.finding import Refusal
from toolkit.worth.checks import numbers, refuse, within


@dataclass(frozen=True)
class Measure:
    """One measure: what trying it costs, the chance that it works, and what it brings when it does."""

    name: str
    cost: float
    chance: float
    gain: float

    def __post_init__(self):
        numbers(cost=self.cost, chance=self.chance, gain=self.gain)
        refuse(within("chance", self.chance, 0, 1), within("cost", self.cost, 0))

    @property
    def net(self) -> float:
        """What starting it brings on average."""
        return self.chance * self.gain - self.cost


@dataclass(frozen=True)
class Cascade:
    """Measures in an order, with what they cost and bring on average per customer."""

    order: tuple[str, ...]
    cost: float
    gain: float
    still_unsolved: float

    @property
    def net(self) -> float:
        """Expected gain less expected cost."""
        return self.gain - self.cost


def cascade(measures: Sequence[Measure]) -> Cascade:
    """The expected cost and gain of starting the measures in this order, the next only if the last failed.

    >>> call, visit = Measure("call", 10, 0.3, 200), Measure("visit", 60, 0.5, 200)
    >>> cascade([call, visit]).cost, round(cascade([call, visit]).gain, 6), cascade([call, visit]).still_unsolved
    (52.0, 130.0, 0.35)
    """
    refuse(None if measures else Refusal("cascade_empty", field="cascade"))
    reached, cost, gain = 1.0, 0.0, 0.0
    for measure in measures:
        cost += reached * measure.cost
        gain += reached * measure.chance * measure.gain
        reached *= 1 - measure.chance
    return Cascade(tuple(measure.name for measure in measures), cost, gain, reached)


def best_order(measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """The order in which the cascade brings most: by gain − cost/chance, the highest first.

    Why: of two neighbours, i before j is at least as good when net_i + (1−p_i)·net_j ≥ net_j +
    (1−p_j)·net_i, that is when net_i/p_i ≥ net_j/p_j, and net/p = gain − cost/p. With equal gains
    this is the cheapest success first (cost/chance). A measure that cannot work comes last.

    Source: interchange argument as in Smith (1956), Various optimizers for single-stage production.
    """
    return tuple(sorted(measures, key=lambda m: m.net / m.chance if m.chance > 0 else float("-inf"), reverse=True))


def worth_starting(measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """The best order without the measures that cost more than they bring when their turn comes."""
    return tuple(measure for measure in best_order(measures) if measure.net > 0)
