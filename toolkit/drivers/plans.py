"""How many answers, and how many invitations, each of several precisions takes."""

from __future__ import annotations

from math import ceil
from typing import Any

from toolkit.drivers.euros_rows import Planned
from toolkit.drivers.planner import answers_for_precision
from toolkit.drivers.precision import effective_n
from toolkit.drivers.reading import Reading
from toolkit.drivers.rows import Feeling
from toolkit.units import Count, Points, Share

WIDTHS = (0.02, 0.03, 0.05, 0.1)


def planned(
    feeling: Feeling | None, reading: Reading, response: Share | None, population: Count | None = None,
    widths: tuple[Points, ...] = WIDTHS,
) -> tuple[Planned, ...]:  # fmt: skip
    """A row per width for the recommendation score, or for the share in the top box of a question without one.

    None where an end is hidden, and where respondents are clustered: there it takes more
    companies, not more answers. Weights count with their design effect; with a known
    `population` fewer answers do, and there may not be enough customers to invite.
    """
    if feeling is None or feeling.top is None or reading.clusters is not None:
        return ()
    if feeling.score is not None and feeling.bottom is None:
        return ()
    ends = {"promoters": feeling.top.value, "detractors": feeling.bottom.value if feeling.score is not None else 0.0}
    if not 0 < sum(ends.values()) <= 1:
        return ()
    effect = 1.0 if reading.weights is None else reading.n / effective_n(reading.weights)
    how: dict[str, Any] = ends | {"design_effect": effect, "population": population}
    return tuple(_plan(width, answers_for_precision(width, **how).answers, response, population) for width in widths)


def _plan(width: Points, answers: Count, response: Share | None, population: Count | None) -> Planned:
    invitations = ceil(answers / response) if response else None
    most = answers if invitations is None else invitations
    return Planned(width, answers, invitations, None if population is None else most <= population)
