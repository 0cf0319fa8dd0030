"""What the drivers bring to the stage: better answers to the first driver, as an association."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from toolkit.client import Client
from toolkit.drivers import answers_of, around_of, compute, results
from toolkit.drivers.bridge import shifting
from toolkit.drivers.findings import first
from toolkit.drivers.pictures import both_ends_of_scale, moved, rungs, slope
from toolkit.drivers.result import WhatDrives
from toolkit.drivers.saying import money_shown
from toolkit.drivers.shifting import shifted
from toolkit.live.controls import Asked, Knob, Outcome, Rerun
from toolkit.picture import Picture
from toolkit.ranges import middle
from toolkit.units import MONEY, SHARE, Estimate
from toolkit.whatif import Swing

DRAWS = 800  # while something is dragged; print takes more
ROUND = (0.1, 0.25, 0.5)  # shares of customers who give a better answer, to begin with


def rerun(client: Client) -> Rerun:
    """A function from a changed client to its result; answers and log are read once, doors and worth counted once."""
    answers = answers_of(client)
    around = around_of(client, answers, draws=DRAWS)
    base = compute(client, answers, around_of(client, answers))
    measured = (base.retention_top, base.retention_others) if base.link_from == "measured" else None

    def moved(now: Client, full: bool = False) -> WhatDrives:
        given = now.drivers
        found = shifted(base.steps, given.moved_up, given.link_holds)
        found |= shifting(base.steps, given, measured, around.upstream, tried=())
        return replace(base, **found)

    return moved


def pictures(result: WhatDrives) -> list[Picture]:
    """The pictures that this client's answers can fill."""
    return [moved, slope, rungs] if result.top_moved is not None else [both_ends_of_scale]


def knobs(client: Client, result: WhatDrives) -> list[Knob]:
    """The assumptions that can be moved: how many answer better, and how much of the link then holds, what they stay."""
    given = client.drivers
    stated = [name for name in ("retention_top", "retention_others") if result.link_from == "stated"]
    return [
        Knob("drivers.moved_up", SHARE, given.moved_up, 0.0, 1.0, 0.01, aim=True),
        Knob("drivers.link_holds", SHARE, given.link_holds, 0.0, 1.0, 0.05, aim=True),
        *(Knob(f"drivers.{name}", SHARE, middle(getattr(given, name)), 0.0, 1.0, 0.01) for name in stated),
    ]


def presets(result: WhatDrives) -> list[tuple[str, float]]:
    """Round shares of customers who give a better answer."""
    return [("drivers.moved_up", share) for share in ROUND]


def headline(result: WhatDrives) -> tuple[str, Any]:
    """The key of the title above the picture, and what fills it."""
    if result.top_moved is None:
        return f"verdicts.{first(result)}", result
    return f"pictures.moved.titles.{'moves' if result.moved_up else 'stays'}", result


def outcome(result: WhatDrives) -> Outcome:
    """What the stage counts: the gross margin a year of those who leave, where euros may be told, else the share in the top box."""
    if result.top_moved is None:
        return Outcome(SHARE, 0.0, 0.0)
    if not money_shown(result):
        return Outcome(SHARE, result.top_now, result.top_moved)
    now = result.customers_base * (1 - result.retention_base.value) * result.margin_base.value
    if (gain := result.margin_moved) is None:
        return Outcome(MONEY, now, now)
    less = Estimate(-gain.value, -gain.high, -gain.low, gain.n, gain.confidence)
    return Outcome(MONEY, now, now - gain.value, less)


def swings(result: WhatDrives) -> tuple[Swing, ...]:
    """Nothing to compare: either assumption by itself changes nothing."""
    return ()


def asked(client: Client) -> Asked | None:
    """What the room guesses before it sees the list: the driver that weighs most; None where there is but one."""
    found = results(client)
    if len(found.drivers) < 2:
        return None
    leads = found.drivers[0].label if first(found) == "leader" else None
    return Asked("leader", leads, choices=tuple(sorted((row.label for row in found.drivers), key=str)))
