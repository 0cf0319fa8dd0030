"""What the drivers bring to the stage: better answers to the first driver, as an association."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from toolkit.client import Client
from toolkit.drivers import results
from toolkit.drivers.findings import first
from toolkit.drivers.pictures import both_ends_of_scale, moved, rungs, slope
from toolkit.drivers.result import WhatDrives
from toolkit.drivers.shifting import shifted
from toolkit.live.controls import Knob
from toolkit.picture import Picture
from toolkit.units import SHARE, Unit
from toolkit.whatif import Swing

ROUND = (0.1, 0.25, 0.5)  # shares of customers who give a better answer, to begin with


def rerun(client: Client) -> Callable[[Client], WhatDrives]:
    """A function from a changed client to its result; the answers are analysed once."""
    base = results(client)
    return lambda now: replace(base, **shifted(base.steps, now.drivers.moved_up, now.drivers.link_holds))


def pictures(result: WhatDrives) -> list[Picture]:
    """The pictures that this client's answers can fill."""
    return [moved, slope, rungs] if result.top_moved is not None else [both_ends_of_scale]


def knobs(client: Client, result: WhatDrives) -> list[Knob]:
    """The assumptions that can be moved: how many answer better, and how much of the link then holds."""
    given = client.drivers
    return [
        Knob("drivers.moved_up", SHARE, given.moved_up, 0.0, 1.0, 0.01),
        Knob("drivers.link_holds", SHARE, given.link_holds, 0.0, 1.0, 0.05),
    ]


def presets(result: WhatDrives) -> list[tuple[str, float]]:
    """Round shares of customers who give a better answer."""
    return [("drivers.moved_up", share) for share in ROUND]


def headline(result: WhatDrives) -> tuple[str, Any]:
    """The key of the title above the picture, and what fills it."""
    if result.top_moved is None:
        return f"verdicts.{first(result)}", result
    return f"pictures.moved.titles.{'moves' if result.moved_up else 'stays'}", result


def outcome(result: WhatDrives) -> tuple[Unit, float, float]:
    """What the stage counts: the share in the top box, now and if answers move up."""
    if result.top_moved is None:
        return SHARE, 0.0, 0.0
    return SHARE, result.top_now, result.top_moved.value


def swings(result: WhatDrives) -> tuple[Swing, ...]:
    """Nothing to compare: either assumption by itself changes nothing."""
    return ()
