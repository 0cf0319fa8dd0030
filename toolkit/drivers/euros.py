"""From better answers to customers and euros: an association carried on through doors and worth.

The assumption is one, and it is stated wherever a figure is shown: whoever moves to the top box stays
as often as those who are there now, and all customers answer as the respondents did. That is an
upper bound of what better answers may go with, never a promise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.drivers.euros_rows import Shift
from toolkit.drivers.rows import Step
from toolkit.drivers.shifting import shifted
from toolkit.drivers.steps import BOOSTED
from toolkit.drivers.upstream import Known, Upstream, known
from toolkit.units import Estimate, Share

TRIED = (0.1, 0.25, 0.5, 1.0)
"""Shares moved up that the annex shows beside the client's own."""


@dataclass(frozen=True)
class Link:
    """Retention (a year) of those in the top box and of the others, and where it is from: `measured` or `stated`."""

    source: str
    top: Known
    others: Known

    @property
    def gap(self) -> Known:
        """How much more of those in the top box stay."""
        return self.top.with_(self.others, lambda top, others: top - others)


def drawn_rungs(steps: Sequence[Step], draws: int, seed: int) -> list[tuple[float, Known]]:
    """The rungs without the booster: the part of respondents on each, and its share in the top box, drawn.

    Every rung is drawn from the logit-normal through the ends of its interval, in a stream of its own.
    """
    rungs = [step for step in steps if step.rung != BOOSTED]
    total = sum(step.n for step in rungs)
    return [(step.n / total, known(step.share, f"rung.{step.rung}", draws, seed)) for step in rungs]


def gained(rungs: Sequence[tuple[float, Known]], moved_up: Share, link_holds: Share) -> Known:
    """How much the share in the top box rises when `moved_up` of those on every rung but the best go up one.

    >>> rungs = [(part, Known(p, np.array([p]))) for part, p in ((0.2, 0.2), (0.3, 0.5), (0.5, 0.8))]
    >>> round(gained(rungs, 0.5, 1.0).mid, 4)
    0.075
    """
    up = [moved_up * part for part, _ in rungs[:-1]]
    moves = [link_holds * (came - went) for came, went in zip([0.0, *up], [*up, 0.0], strict=True)]
    mid = sum(move * share.mid for move, (_, share) in zip(moves, rungs, strict=True))
    drawn = sum(move * share.drawn for move, (_, share) in zip(moves, rungs, strict=True))
    return Known(float(mid), np.asarray(drawn, float))


def retained(gain: Known, link: Link, top_now: Share, now: Known | None) -> Known:
    """How much more of all customers stay in a year, never more than leave now and never fewer than none.

    `now` is the retention of all customers; where nobody counted it, it is that of the two groups together.
    """
    if now is None:
        now = link.others.with_(link.top, lambda others, top: others + top_now * (top - others))
    change = gain.with_(link.gap, lambda rise, gap: rise * gap)
    return change.with_(now, lambda more, kept: np.clip(more, -kept, 1 - kept))


def shift(
    steps: Sequence[Step], rungs: Sequence[tuple[float, Known]], moved_up: Share, link_holds: Share, link: Link | None,
    around: Upstream,
) -> Shift:  # fmt: skip
    """One shift in answers, customers and euros; the last of these None where something is not known."""
    answers = shifted(steps, moved_up, link_holds)
    top: Estimate = answers["top_moved"]
    if link is None:
        return Shift(moved_up, top, None, None, None, None)
    more = retained(gained(rungs, moved_up, link_holds), link, answers["top_now"], around.retention)
    kept = None if not around.customers else more * around.customers
    margin = kept and around.margin and kept * around.margin
    value = kept and around.value and kept * around.value
    said = [figure and figure.estimate(top.confidence, top.n) for figure in (more, kept, margin, value)]
    return Shift(moved_up, top, *said)


def shifts(
    steps: Sequence[Step], moved_up: Share, link_holds: Share, link: Link | None, around: Upstream,
    *, tried: Sequence[Share] = TRIED, seed: int = 0,
) -> tuple[Shift, ...]:  # fmt: skip
    """Several shifts, the client's own among them, smallest first; none without a ladder."""
    if any(not isinstance(step.share, Estimate) for step in steps):
        return ()  # without intervals nothing is carried on
    rungs = drawn_rungs(steps, around.draws, seed)
    if len(rungs) < 2:
        return ()
    wanted = sorted({*tried, moved_up} - {0.0})
    return tuple(shift(steps, rungs, share, link_holds, link, around) for share in wanted)


def linked(section: Any, measured: tuple[Any, Any] | None, draws: int, seed: int) -> Link | None:
    """The link with retention: measured where answers join the log, else stated in the client file, else none."""
    given, source = measured, "measured"
    if given is None and section.retention_top is not None:
        given, source = (section.retention_top, section.retention_others), "stated"
    if given is None:
        return None
    top, others = (known(part, f"drivers.{name}", draws, seed) for part, name in zip(given, ("top", "others"), strict=True))
    return Link(source, top, others)


def brought(ambassadors: Estimate | None, around: Upstream, *, seed: int = 0) -> dict[str, Any]:
    """What ambassadors bring in a year: how many there are, whom they recommend, what those are worth.

    Each is taken to bring as many as the client file says of one customer, `brought_per_year` of
    `[worth.recommendation]`; who recommends more than the average customer brings more.
    """
    names = ("ambassador_customers", "brought_each", "brought_customers", "recommended_each", "ambassadors_worth")
    found: dict[str, Any] = dict.fromkeys(names)
    if not isinstance(ambassadors, Estimate) or not around.customers:
        return found
    how, n = (ambassadors.confidence, ambassadors.n), ambassadors.n
    many = known(ambassadors, "ambassadors", around.draws, seed) * around.customers
    found["ambassador_customers"] = many.estimate(*how)
    if around.brought is None:
        return found
    come = many * around.brought
    found |= {"brought_each": around.brought, "brought_customers": come.estimate(*how)}
    if around.recommended is not None:
        found["recommended_each"] = around.recommended.estimate(ambassadors.confidence)
        found["ambassadors_worth"] = (come * around.recommended).estimate(ambassadors.confidence, n)
    return found
