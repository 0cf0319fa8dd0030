"""What a statistician asks next: other methods, both ends, signs, missing answers, pairs."""

from __future__ import annotations

from typing import Any

import numpy as np

from toolkit.drivers.collinearity import Collinearity, collinearity, halo
from toolkit.drivers.ends import both_ends
from toolkit.drivers.importance import Importances
from toolkit.drivers.methods import METHODS
from toolkit.drivers.methods.dominance import MOST_LEVELS, Dominance, agreement, dominance
from toolkit.drivers.missing import MissingWays, missing_ways
from toolkit.drivers.privacy import FEWEST
from toolkit.drivers.ranks import pairwise
from toolkit.drivers.reading import Reading
from toolkit.drivers.rows import AtBothEnds, Compared, Pair, Signed, Treated, listed
from toolkit.drivers.signs import signs
from toolkit.finding import Refused
from toolkit.units import Estimate, Share

RESAMPLES = 300
"""Logit fits behind the interval of a difference between the two ends."""


def compared(reading: Reading) -> tuple[tuple[Compared, ...], bool | None]:
    """Every method on the complete answers, and whether the ordinal one puts the same driver first."""
    complete = ~(reading.items.isna().any(axis=1).to_numpy() | np.isnan(reading.outcome))
    table, outcome = reading.items[complete], reading.outcome[complete]
    weights = None if reading.weights is None else reading.weights[complete]
    found = {name: method(table, outcome, weights=weights) for name, method in METHODS.items()}
    whole = found["shapley"].sum()
    for name in ("shapley", "relative_weights"):
        found[name] = found[name] / whole
    ordinal = _dominance(table, outcome, weights)
    mcfadden = [None] * table.shape[1] if ordinal is None else (ordinal.values / ordinal.values.sum()).tolist()
    rows = tuple(
        Compared(name, reading.label(name), *(float(found[method][i]) for method in METHODS), mcfadden[i])
        for i, name in enumerate(table)
    )
    return rows, None if ordinal is None else agreement(found["shapley"], ordinal.values).same_first


def _dominance(table: Any, outcome: np.ndarray, weights: np.ndarray | None) -> Dominance | None:
    """McFadden dominance; None for an outcome that is a quantity, or that some answers predict entirely."""
    if len(np.unique(outcome)) > MOST_LEVELS:
        return None
    found = dominance(table, outcome, weights=weights)
    return None if found.separated or found.values.sum() <= 0 else found


def at_both_ends(reading: Reading, confidence: Share, seed: int) -> tuple[AtBothEnds, ...]:
    """Each driver at the top and at the bottom of the outcome with critics; empty where an end is too thin."""
    top, bottom = reading.top(reading.ends), reading.bottom(reading.ends)
    of = {"weights": reading.weights, "clusters": reading.clusters, "resamples": RESAMPLES}
    try:
        found = both_ends(reading.items, top, bottom, confidence=confidence, seed=seed, **of)
    except Refused:
        return ()
    return tuple(
        AtBothEnds(
            row.driver,
            reading.label(row.driver),
            row.top,
            row.bottom,
            _estimate(row.difference, row.low, row.high, found.n, confidence),
            row.p,
        )
        for row in found.rows
    )


def signed(reading: Reading, confidence: Share) -> tuple[tuple[Signed, ...], Collinearity]:
    """Coefficient, correlation and conflict per driver, with how much the drivers say the same."""
    together = collinearity(reading.items, reading.outcome, weights=reading.weights)
    found = signs(
        reading.items, reading.outcome, weights=reading.weights, clusters=reading.clusters, confidence=confidence
    )
    rows = tuple(
        Signed(
            row.driver,
            reading.label(row.driver),
            _estimate(row.coefficient, row.low, row.high, together.n, confidence),
            row.correlation,
            row.conflict and row.settled,
            together.inflation.get(row.driver),
            row.p,
        )
        for row in found
    )
    return rows, together


def _estimate(value: float, low: float | None, high: float | None, n: int, confidence: Share) -> Estimate | float:
    return value if low is None else Estimate(value, low, high, n, confidence)


def treated(reading: Reading, seed: int) -> tuple[tuple[Treated, ...], MissingWays]:
    """The leading outcome with missing answers treated four ways, and what that says."""
    found = missing_ways(reading.items, reading.outcome, weights=reading.weights, seed=seed)
    rows = []
    for way in found.ways:
        first = None if way.leader is None else reading.label(way.leader)
        share = None if way.values is None else float(way.values.max() / way.values.sum())
        rows.append(Treated(way.way, way.n, way.r2, first, share))
    return tuple(rows), found


def pairs(reading: Reading, found: Importances, most: int = 12) -> tuple[Pair, ...]:
    """The pairs of drivers that differ most in share, p after Holm over all of them."""
    return tuple(
        Pair(
            reading.label(pair.first),
            reading.label(pair.second),
            Estimate(pair.difference, pair.low, pair.high, found.n, found.confidence),
            pair.p,
        )
        for pair in pairwise(found)[:most]
    )


def checked(reading: Reading, confidence: Share, seed: int) -> dict:
    """What all checks together say, by the fields of the result."""
    methods, agrees = compared(reading)
    ends = at_both_ends(reading, confidence, seed)
    rows, together = signed(reading, confidence)
    ways, missing = treated(reading, seed)
    straight = halo(reading.items, reading.outcome, weights=reading.weights)
    conflicts = [row.label for row in rows if row.conflict]
    gaps = max(missing.missing.values(), default=0.0)
    lines = straight.straight_liners
    return {
        "compared": methods,
        "ordinal_agrees": agrees,
        "ends_compared": ends,
        "ends_differ": sum(row.p is not None and row.p < 1 - confidence for row in ends),
        "signed": rows,
        "conflicts": len(conflicts),
        "conflict_label": listed(conflicts) if conflicts else None,
        "first_eigenvalue": together.first_share,
        "condition": together.condition_number,
        "straight_liners": lines if lines >= FEWEST or not lines else None,
        "straight_liners_matter": straight.changes,
        "missing_ways": ways if gaps else (),
        "missing_alarm": missing.alarm,
        "missing_most": gaps or None,
    }
