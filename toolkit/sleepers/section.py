"""The `[sleepers]` section of a client file: when a customer sleeps, and what calling one costs and may bring."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from toolkit.doors.section import Section
from toolkit.finding import Refusal
from toolkit.ranges import MoneyInput, ShareInput, bounded
from toolkit.units import DAYS, MONEY, Day, Days, Money, Unit

HORIZON = Unit("years", 1, 20, whole=True)
Horizon = Annotated[float, HORIZON, bounded(HORIZON)]
PerChannel = Annotated[dict[str, Money], MONEY, Field(min_length=1)]
MONTH = 30
MOST_STATES = 24


class Sleepers(Section):
    """Customers won who bought nothing for `asleep_after` days; past the window of `[doors]` they are lost."""

    asleep_after: Days = Field(examples=[90])
    since: Day | None = Field(default=None, examples=[date(2022, 1, 1)])
    cost_by_channel: PerChannel | None = Field(default=None, examples=[{"fair": 120, "web": 35}])
    contact_every: Days | None = Field(default=None, examples=[30])
    contact_cost: MoneyInput | None = Field(default=None, examples=[4])
    chance_when_called: ShareInput | None = Field(default=None, examples=[{"low": "5%", "high": "15%"}])
    horizon: Horizon = Field(default=3.0, examples=[3])
    assumed: bool = Field(default=False, examples=[True])
    source: str | None = Field(default=None, min_length=1, max_length=200, examples=["2024"])

    @property
    def from_log(self) -> bool:
        """Sleepers are always read from the transaction log."""
        return True


def step_of(contact_every: int | None, window: int) -> int:
    """The days between two contacts: as given, else some thirty days, of which a whole number fills the window.

    >>> step_of(None, 182), step_of(None, 365), step_of(14, 182)
    (31, 31, 14)
    """
    if contact_every is not None:
        return contact_every
    return math.ceil(window / min(max(round(window / MONTH), 1), 12))


def missing(raw: Mapping[str, Any], file: str) -> list[Refusal]:
    """What `[sleepers]` needs from elsewhere in a client file and does not find there, or finds too short."""
    section = raw.get("sleepers")
    if not isinstance(section, dict):
        return []
    doors, economics = (part if isinstance(part := raw.get(name), dict) else {} for name in ("doors", "economics"))
    problems = []
    if "log" not in raw:
        problems.append(Refusal("sleepers_without_log", file=file, field="sleepers"))
    if not {"every", "window"} <= set(doors):
        field = "doors.every" if "window" in doors else "doors.window"
        problems.append(Refusal("sleepers_without_window", file=file, field=field))
    if "gross_margin" not in economics:
        problems.append(Refusal("sleepers_without_margin", file=file, field="economics.gross_margin"))
    if "cost_to_win" not in economics and "cost_by_channel" not in section:
        problems.append(Refusal("sleepers_without_cost", file=file, field="economics.cost_to_win"))
    return problems + _too_long(section, doors.get("window"), file)


def _too_long(section: Mapping[str, Any], window: Any, file: str) -> list[Refusal]:
    """W must be shorter than the window of the doors; contacts neither further apart than it nor too close."""
    asleep, step = section.get("asleep_after"), section.get("contact_every")
    if type(window) is not int or window < 1:
        return []
    problems = []
    if type(asleep) is int and asleep >= window:
        values = {"window": (window, DAYS)}
        problems.append(
            Refusal("asleep_beyond_window", file=file, field="sleepers.asleep_after", given=asleep, values=values)
        )
    if type(step) is int and step >= 1 and not window / MOST_STATES <= step <= window:
        values = {"low": (math.ceil(window / MOST_STATES), DAYS), "high": (window, DAYS)}
        problems.append(
            Refusal("contact_every_unfit", file=file, field="sleepers.contact_every", given=step, values=values)
        )
    return problems


def tried(asleep_after: int, window: int) -> tuple[int, ...]:
    """W itself, and half to twice W as far as they are shorter than the window.

    >>> tried(90, 180)
    (45, 68, 90, 135)
    """
    days = (int(factor * asleep_after + 0.5) for factor in (0.5, 0.75, 1, 1.5, 2))
    return tuple(dict.fromkeys(one for one in days if 1 <= one < window))
