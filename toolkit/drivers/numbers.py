"""What drives customers, in numbers: who answered, how they feel, what goes with it, and how sure that is.

`analyse` takes the section and the answers that the intake read, decides once which
cells may be shown, and returns one frozen `WhatDrives`. Nothing here reads files,
words or pictures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from toolkit.drivers import annex, branches, bridge, checks, feelings, groups, positioning, steps, weighing
from toolkit.drivers.bridge import Around
from toolkit.drivers.importance import NAMED, Importances
from toolkit.drivers.ladder import Ladder
from toolkit.drivers.precision import design_effect, effective_n
from toolkit.drivers.privacy import FEWEST, hidden
from toolkit.drivers.proof import proofs
from toolkit.drivers.ranks import leave_one_out
from toolkit.drivers.reading import SCORED, Reading, read
from toolkit.drivers.replicates import FEWEST_CLUSTERS
from toolkit.drivers.result import WhatDrives
from toolkit.drivers.rows import Counted, Driver, Feeling, Label, Side, listed
from toolkit.drivers.section import Drivers
from toolkit.drivers.shifting import shifted
from toolkit.units import Count, Estimate


def analyse(
    section: Drivers,
    answers: Any,
    *,
    labels: Mapping[str, Label] | None = None,
    minimum: Count | None = None,
    around: Around | None = None,
    seed: int = 0,
) -> WhatDrives:
    """What the answers say about what drives customers; `labels` are what the questions are called.

    `answers` is `toolkit.intake.answers.Answers`: items and outcomes high when good.
    `minimum` replaces the fewest complete answers, max(50, 10 × drivers). `around` is what
    doors, worth and the log know of these customers.
    """
    reading, confidence = read(section, answers, labels or {}), section.confidence
    reading, one_company = _companies(reading)
    found, noise, places = weighing.weighed(reading, minimum, confidence, seed)
    rows = weighing.drivers(reading, found, noise, places, positioning.stated_means(answers))
    ladders = {name: steps.climbed(reading, rows[0].driver, name, confidence) for name in _climbing(reading)}
    tree = branches.grown(reading, seed)
    further, joined = annex.prepared(reading, answers), bridge.joined(reading, answers, around)
    secret = _secret(reading, answers, rows[0].driver, ladders, tree, further, joined)
    felt = feelings.feelings(reading, confidence, secret)
    sides = weighing.sides(reading, minimum, confidence, seed)
    known = _who(section, reading, answers, found) | _felt(reading, felt, sides)
    known |= _weighed(reading, found, rows) | _to_do(rows) | _climbed(reading, ladders, confidence, secret)
    known |= shifted(known["steps"], section.moved_up, section.link_holds)
    known |= checks.checked(reading, confidence, seed) | _grown(reading, tree, secret)
    known |= annex.annexed(reading, answers, further, rows, confidence, secret)
    known |= {
        "noise_share": noise.share,
        "noise_high": noise.share_high,
        "pairs": checks.pairs(reading, found),
        "groups": groups.groups(reading, answers, confidence, secret),
        "secret_cells": bool(secret),
        "one_company": one_company,
        "proofs": proofs(),
        "confidence": confidence,
        "named_at": NAMED,
        "lowest_cell": FEWEST,
    }
    scored = next((row for row in felt if row.outcome == SCORED and row.score is not None), None)
    known |= groups.planned(scored, section.wanted_precision, known["response"], reading)
    known |= bridge.plans(felt, known, reading, around) | bridge.crossed(section, known, joined, around, secret, seed=seed)
    return WhatDrives(**{field.name: known[field.name] for field in fields(WhatDrives)})


def _companies(reading: Reading) -> tuple[Reading, bool]:
    """The answers without companies where all belong to one, for then single answers are what differs."""
    one = reading.clusters is not None and pd.Series(reading.clusters).nunique() == 1
    return (replace(reading, clusters=None), True) if one else (reading, False)


def _climbing(reading: Reading) -> list[str]:
    """The outcomes whose ladder is shown: the leading one, and the one with two ends."""
    return list(dict.fromkeys((reading.leading, reading.ends)))


def _secret(
    reading: Reading, answers: Any, driver: str, ladders: Mapping[str, Ladder | None], tree: Any, further: annex.Annex, joined: Any
) -> frozenset:
    """The names of all cells of the chapter that must not be shown: one decision over everything."""
    parts = [
        feelings.cells_of_feelings(reading),
        *(steps.cells_of_steps(reading, driver, outcome, found) for outcome, found in ladders.items()),
        groups.cells_of_groups(reading, answers),
        branches.cells_of_leaves(reading, tree[0]) if tree else ([], {}),
        *annex.cells_of_annex(reading, answers, further),
        bridge.cells_of_linked(joined),
    ]
    cells = [cell for found, _ in parts for cell in found]
    wholes = {name: totals for _, found in parts for name, totals in found.items()}
    return hidden(cells, wholes)


def _who(section: Drivers, reading: Reading, answers: Any, found: Importances) -> dict:
    response = None
    if section.invited and section.invited >= reading.n:
        response = reading.n / section.invited
    complete = ~np.isnan(reading.outcome)
    part = {name: None if column is None else column[complete] for name, column in
            (("weights", reading.weights), ("clusters", reading.clusters))}  # fmt: skip
    counted = [Counted(name, count) for name, count in asdict(answers.rows).items() if count and name != "incomplete"]
    return {
        "answered": reading.n,
        "invited": section.invited,
        "response": response,
        "complete": found.n,
        "incomplete": found.incomplete,
        "companies": found.companies,
        "too_few_companies": found.companies is not None and found.companies < FEWEST_CLUSTERS,
        "effective": found.n if reading.weights is None else effective_n(part["weights"]),
        "design_effect": max(1.0, design_effect(reading.outcome[complete], **part)),
        "below_floor": found.below_floor,
        "accounting": (*counted, Counted("weighed", found.n)),
    }


def _felt(reading: Reading, felt: Sequence[Feeling], sides: Sequence[Side]) -> dict:
    """The outcomes, those who would recommend or advise against, and what goes with either."""
    by_name = {row.outcome: row for row in felt}
    verbal = by_name.get(reading.ends, felt[0])
    scored = by_name.get(SCORED)
    scored = scored if scored and scored.score is not None else None
    at = {side.end: side for side in sides if side.outcome == verbal.outcome}
    bottom, top = at.get("bottom"), at.get("top")
    return {
        "feelings": tuple(felt),
        "score": scored and scored.score,
        "promoters_from": scored and scored.top_from,
        "detractors_to": scored and scored.bottom_to,
        "ambassadors": verbal.top,
        "critics": verbal.bottom,
        "ends": verbal.outcome,
        "ends_label": verbal.label,
        "ends_top": reading.label(f"{verbal.outcome}.top"),
        "ends_bottom": reading.label(f"{verbal.outcome}.bottom"),
        "ends_top_from": verbal.top_from,
        "ends_bottom_to": verbal.bottom_to,
        "sides": tuple(sides),
        "critics_first": bottom and bottom.first_label,
        "critics_second": bottom and bottom.second_label,
        "critics_named": bool(bottom and bottom.named),
        "ambassadors_first": top and top.first_label,
    }


def _weighed(reading: Reading, found: Importances, rows: Sequence[Driver]) -> dict:
    first = rows[0]
    leader = None if first.in_noise else found.leader
    noise = [row.label for row in rows if row.in_noise]
    movers = {name for row in leave_one_out(found) if row.driver != leader for name in row.leads_without}
    boxes = reading.boxes[reading.leading]
    return {
        "outcome": reading.leading,
        "outcome_label": reading.label(reading.leading),
        "outcome_top": reading.label(f"{reading.leading}.top"),
        "top_from": boxes.top_from,
        "bottom_to": boxes.bottom_to,
        "r2": found.r2,
        "drivers": tuple(rows),
        "leader": leader,
        "first_label": first.label,
        "second_label": rows[1].label if len(rows) > 1 else None,
        "first_share": first.share,
        "first_probability": first.probability_top,
        "leader_needs_company": str(min(movers)) if leader and movers else None,
        "in_noise": len(noise),
        "in_noise_label": listed(noise),
    }


def _to_do(rows: Sequence[Driver]) -> dict:
    """What comes first on the list: important and answered below the average of the drivers."""
    improve = [row for row in rows if row.quadrant == "improve" and not row.in_noise]
    first = improve[0] if improve else None
    return {
        "to_do": len(improve),
        "to_do_label": first and first.label,
        "to_do_mean": first and first.mean,
        "to_do_certain": bool(first and first.certain),
    }


def _climbed(reading: Reading, ladders: Mapping[str, Ladder | None], confidence: float, secret: frozenset) -> dict:
    climbed = ladders[reading.leading]
    rows, *others = (steps.steps(name, found, confidence, secret) for name, found in ladders.items())
    boosted = climbed.booster if rows and rows[-1].rung == steps.BOOSTED else None
    lift, name = None, reading.booster_name if boosted else None
    if boosted and boosted.low is not None:
        lift = Estimate(boosted.uplift, boosted.low, boosted.high, boosted.condition.n, confidence)
    rungs = [row for row in rows if row.rung != steps.BOOSTED]
    return {
        "steps": rows,
        **steps.with_and_without(reading.leading, rows, climbed, confidence),
        "ends_steps": others[0] if others else (),
        "booster": name,
        "booster_label": reading.label(name) if name else None,
        "booster_from": reading.booster_from if boosted else None,
        "lift": lift,
        "room": 1 - rungs[-1].n / sum(row.n for row in rungs) if rungs else None,
        "ladder_worst": weighing.value_of(rungs[0].share) if rungs else None,
        "ladder_best": weighing.value_of(rungs[-1].share) if rungs else None,
    }


def _grown(reading: Reading, tree: Any, secret: frozenset) -> dict:
    stability = tree[1] if tree else None
    rows = branches.branches(reading, stability) if stability else ()
    return {
        "branches": rows,
        "twigs": branches.twigs(reading, stability, secret) if stability and rows else (),
        "least_return": min((row.returns for row in rows), default=None),
    }
