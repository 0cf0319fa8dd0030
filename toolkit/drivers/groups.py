"""Companies, segments and waves side by side, and how many to invite for a wanted precision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil
from typing import Any

import numpy as np
import pandas as pd

from toolkit.drivers.feelings import score_of, share_of
from toolkit.drivers.planner import answers_for_precision
from toolkit.drivers.precision import effective_n
from toolkit.drivers.privacy import Cell
from toolkit.drivers.reading import SCORED, Reading
from toolkit.drivers.rows import Feeling, Group
from toolkit.units import Points, Share

MOST = 30
"""Groups of one kind that a table shows; more are companies by number, not by name."""


def kinds(answers: Any) -> dict[str, pd.Series]:
    """The columns that part respondents into groups: companies, segments, waves."""
    found = {} if answers.clusters is None else {"company": pd.Series(np.asarray(answers.clusters))}
    segments = getattr(answers, "segments", None)
    if segments is not None:
        found |= {str(name): segments[name] for name in segments}
    waves = getattr(answers, "waves", None)
    if waves is not None:
        found["wave"] = pd.Series(np.asarray(waves))
    texts = {kind: column.reset_index(drop=True).astype("string").fillna("–") for kind, column in found.items()}
    return {kind: column for kind, column in texts.items() if 2 <= column.nunique() <= MOST}


def members(reading: Reading, answers: Any) -> Iterator[tuple[str, str, np.ndarray]]:
    """Every group: its kind, its name, and who (n,) is in it and answered the leading outcome."""
    known = ~np.isnan(reading.outcome)
    for kind, column in kinds(answers).items():
        for name in sorted(column.unique()):
            yield kind, name, (column == name).to_numpy(bool) & known


def cells_of_groups(reading: Reading, answers: Any) -> tuple[list[Cell], dict[str, list[np.ndarray]]]:
    """The groups that would be shown, with who of them is in the top box and who is promoter or detractor."""
    top = reading.top(reading.leading) == 1
    known = ~np.isnan(reading.outcome)
    ends = [reading.top(SCORED) == 1, reading.bottom(SCORED) == 1] if SCORED in reading.outcomes else []
    cells, wholes = [], {}
    largest_first = sorted(members(reading, answers), key=lambda member: -member[2].sum())  # who is small is hidden
    for kind, name, inside in largest_first:
        wholes[f"groups.{kind}"] = [known & top, known & ~top, *(known & end for end in ends)]
        parts = (inside & top, inside & ~top, *(inside & end for end in ends))
        cells.append(Cell((kind, name), f"groups.{kind}", parts))
    return cells, wholes


def groups(reading: Reading, answers: Any, confidence: Share, secret: frozenset) -> tuple[Group, ...]:
    """The rows of every kind; figures that must not be shown are None."""
    within = _alone(reading)
    rows = []
    for kind, name, inside in members(reading, answers):
        if (kind, name) in secret or not inside.any():
            rows.append(Group(kind, name, None, None, None))
            continue
        alone = within if kind == "company" else reading
        top = share_of(reading.top(reading.leading), alone, confidence, inside)
        asked = SCORED in reading.outcomes and reading.outcomes[SCORED].to_numpy(float)[inside]
        scored = asked is not False and not np.isnan(asked).all()
        score = score_of(alone, SCORED, confidence, inside) if scored else None
        rows.append(Group(kind, name, int(inside.sum()), top, score))
    return tuple(rows)


def _alone(reading: Reading) -> Reading:
    """The same answers without companies: within one company respondents are independent."""
    return replace(reading, clusters=None)


def planned(score: Feeling | None, half_width: Points, response: Share | None, reading: Reading) -> dict:
    """How many answers bring the score within the wanted precision, and how many to invite for them.

    Nothing where respondents are clustered: there more companies are needed, not more answers.
    """
    found = {"plan_width": half_width, "plan_answers": None, "plan_invitations": None}
    if score is None or score.top is None or score.bottom is None or reading.clusters is not None or not 0 < half_width < 1:
        return found
    effect = 1.0 if reading.weights is None else reading.n / effective_n(reading.weights)
    plan = answers_for_precision(
        half_width, promoters=score.top.value, detractors=score.bottom.value, design_effect=effect
    )
    return found | {
        "plan_answers": plan.answers,
        "plan_invitations": ceil(plan.answers / response) if response else None,
    }
