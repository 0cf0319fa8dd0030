"""What the ladder says would go with better answers: an association carried on, with interval and cap."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from scipy.special import ndtri

from toolkit.drivers.rows import Step
from toolkit.drivers.steps import BOOSTED
from toolkit.units import Estimate, Share


def shifted(steps: Sequence[Step], moved_up: Share, link_holds: Share) -> dict:
    """The top box now, and if a share of those on every rung but the best moved up one.

    Who moves is taken to answer the outcome as those one rung up do, for the part
    `link_holds` of the difference: with all of it that is a cap, since who already
    stands there may differ in other ways. The interval is that of the rungs.
    """
    rungs = [step for step in steps if step.rung != BOOSTED]
    found = {"moved_up": moved_up, "link_holds": link_holds, "top_now": None, "top_moved": None}
    if len(rungs) < 2 or any(not isinstance(step.share, Estimate) for step in rungs):
        return found  # without intervals nothing is carried on
    total = sum(step.n for step in rungs)
    parts = [step.n / total for step in rungs]
    up = [moved_up * part for part in parts[:-1]]
    change = [came - went for came, went in zip([0.0, *up], [*up, 0.0], strict=True)]
    now = sum(part * step.share.value for part, step in zip(parts, rungs, strict=True))
    gain = link_holds * sum(move * step.share.value for move, step in zip(change, rungs, strict=True))
    confidence = rungs[0].share.confidence
    z = float(ndtri((1 + confidence) / 2))
    errors = [(step.share.high - step.share.low) / (2 * z) for step in rungs]
    reach = z * link_holds * sqrt(sum((move * error) ** 2 for move, error in zip(change, errors, strict=True)))
    ends = (max(0.0, now + gain - reach), min(1.0, now + gain + reach))
    moved = Estimate(min(1.0, max(0.0, now + gain)), *ends, total, confidence)
    return found | {"top_now": now, "top_moved": moved}
