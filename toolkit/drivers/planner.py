"""Planner: how many answers, and so how many invitations, a wanted precision takes."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from math import ceil

from scipy.special import ndtri

from toolkit.drivers.scoring import recommendation
from toolkit.finding import Refusal, Refused
from toolkit.units import Count, Points, Share

MOST = 10**9
"""Answers above which no plan is made."""


@dataclass(frozen=True)
class Plan:
    """Answers needed and people to invite; `reachable` is false when there are not that many people."""

    answers: Count
    invitations: Count
    reachable: bool


def answers_for_precision(
    half_width: Points,
    *,
    promoters: Share = 0.5,
    detractors: Share = 0.5,
    response: Share = 1.0,
    design_effect: float = 1.0,
    population: int | None = None,
    confidence: float = 0.95,
) -> Plan:
    """How many answers bring the recommendation score within ± `half_width`.

    The defaults for promoters and detractors are the worst case. The adjusted-Wald
    interval itself is solved for n; a `design_effect` makes it wider, a small
    `population` narrower (finite population correction; Cochran 1977, *Sampling Techniques*).

    >>> answers_for_precision(0.1, promoters=0.4, detractors=0.2, response=0.25)
    Plan(answers=213, invitations=852, reachable=True)
    """
    _refuse({"half_width": half_width, "response": response, "promoters": promoters + detractors})

    def precise(answers: int) -> bool:
        n = answers / design_effect
        result = recommendation(promoters * n, (1 - promoters - detractors) * n, detractors * n, confidence=confidence)
        left = 1.0 if population is None else max(0, population - answers) / max(1, population - 1)
        return ndtri((1 + confidence) / 2) * result.error * left**0.5 <= half_width

    return _plan(1 + bisect_left(range(1, MOST), True, key=precise), response, population)


def answers_for_change(
    difference: Points,
    *,
    promoters: Share = 0.5,
    detractors: Share = 0.5,
    response: Share = 1.0,
    design_effect: float = 1.0,
    population: int | None = None,
    alpha: float = 0.05,
    power: float = 0.8,
) -> Plan:
    """How many answers *each* of two waves needs to see a change of this size.

    Normal approximation for two independent samples with the spread of the first.

    >>> answers_for_change(0.1, promoters=0.4, detractors=0.2).answers
    880
    """
    _refuse({"difference": abs(difference), "response": response, "promoters": promoters + detractors})
    variance = promoters + detractors - (promoters - detractors) ** 2
    reach = ndtri(1 - alpha / 2) + ndtri(power)
    return _plan(ceil(reach**2 * 2 * variance / difference**2 * design_effect), response, population)


def _plan(answers: int, response: float, population: int | None) -> Plan:
    invitations = ceil(answers / response)
    return Plan(answers, invitations, population is None or invitations <= population)


def _refuse(shares: dict[str, float]) -> None:
    problems = [Refusal("not_a_share", field=name, given=given) for name, given in shares.items() if not 0 < given <= 1]
    if problems:
        raise Refused(problems)
