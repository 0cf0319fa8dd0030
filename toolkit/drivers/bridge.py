"""The bridge from the drivers to doors and worth: what is known around the answers, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.drivers import euros
from toolkit.drivers.linked import Joined, by_answer, cells_of_linked, join, retained
from toolkit.drivers.plans import planned
from toolkit.drivers.reading import SCORED, Reading
from toolkit.drivers.rows import Feeling
from toolkit.drivers.section import Drivers
from toolkit.drivers.upstream import Upstream
from toolkit.units import Share

RECOMMENDING = ("recommendation", "recommendation_verbal")
"""Questions whose top box is made of people who recommend."""


@dataclass(frozen=True)
class Around:
    """What stands around the answers: `upstream` of doors and worth, and the log's rows of the respondents.

    `rows` as `toolkit.intake.keyed` has them, None where answers join no log; `problem` is `"year"`
    where the log does not hold the year after the answers.
    """

    upstream: Upstream | None = None
    rows: Any = None
    problem: str | None = None


def joined(reading: Reading, answers: Any, around: Around | None) -> Joined | None:
    """The answers joined to purchases; None where there is nothing to join."""
    if around is None or around.rows is None:
        return None
    with_key = np.array([key is not None and key == key and str(key).strip() != "" for key in answers.keys])
    return join(reading, around.rows, with_key)


def crossed(
    section: Drivers, known: Mapping[str, Any], found: Joined | None, around: Around | None, secret: frozenset, seed: int = 0
) -> dict[str, Any]:
    """The fields of the result that need more than answers; `known` are those that the answers gave."""
    confidence, lent = section.confidence, (around and around.upstream) or Upstream()
    kept = retained(found, confidence, secret)
    measured = kept.pop("measured")
    link = euros.linked(section, measured, lent.draws, seed)
    if link is not None and measured is None:
        kept |= {"retention_top": link.top.estimate(confidence), "retention_others": link.others.estimate(confidence)}
        kept["retention_gap"] = link.gap.estimate(confidence)
    hidden = "cells" if found is not None and measured is None else None
    ambassadors = known["ambassadors"] if known["ends"] in RECOMMENDING else None
    return kept | {
        "link_from": link and link.source,
        "link_problem": hidden or (around and around.problem),
        "linking": found.account if found else (),
        "linked": by_answer(found, lent.gross_margin, confidence, secret),
        "link_undated": measured is not None and section.answered_on is None,
        "customers_base": lent.customers,
        "retention_base": lent.retention and lent.retention.estimate(confidence),
        "margin_base": lent.margin and lent.margin.estimate(confidence),
        **euros.brought(ambassadors, lent, seed=seed),
        **shifting(known["steps"], section, measured, lent, seed=seed),
    }


def shifting(
    steps: Sequence[Any], section: Drivers, measured: Any, lent: Upstream, *, seed: int = 0, tried: Sequence[Share] = euros.TRIED
) -> dict[str, Any]:
    """The shifts of the annex or, with `tried` empty, the one of a scenario."""
    link = euros.linked(section, measured, lent.draws, seed)
    found = euros.shifts(steps, section.moved_up, section.link_holds, link, lent, tried=tried, seed=seed)
    return {"shifts": found}


def plans(felt: Sequence[Feeling], known: Mapping[str, Any], reading: Reading, around: Around | None) -> dict[str, Any]:
    """The rows of the planner: for the score where there is one, else for the top box of the question with two ends.

    The plan for the client's own precision knows how many customers there are as well.
    """
    population = (around and around.upstream and around.upstream.customers) or None
    scored = next((row for row in felt if row.outcome == SCORED and row.score is not None), None)
    ends = next((row for row in felt if row.outcome == known["ends"]), None)
    found: dict[str, Any] = {"plans": planned(scored or ends, reading, known["response"], population)}
    if population and known["plan_answers"] is not None:
        (own,) = planned(scored, reading, known["response"], population, (known["plan_width"],))
        found |= {"plan_answers": own.answers, "plan_invitations": own.invitations} if own.reachable else {
            "plan_answers": None, "plan_invitations": None}  # fmt: skip
    return found


__all__ = ["Around", "cells_of_linked", "crossed", "joined", "plans", "shifting"]
