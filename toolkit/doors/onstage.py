"""What the two doors bring to the stage: their assumptions, pictures, headline and outcome."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from toolkit.client import Client
from toolkit.doors import compute, frames_of
from toolkit.doors.findings import balance_title, leak_title
from toolkit.doors.pictures import in_and_out, squares, two_leaks
from toolkit.doors.result import TwoDoors
from toolkit.live.controls import Knob
from toolkit.picture import Picture
from toolkit.units import COUNT, MONEY, SHARE, Unit
from toolkit.whatif import Swing

def rerun(client: Client) -> Callable[[Client], TwoDoors]:
    """A function from a changed client to its result; the log is read once."""
    frames = frames_of(client)
    return lambda changed: compute(changed, frames)


def pictures(result: TwoDoors) -> list[Picture]:
    """The pictures that this client's figures can fill."""
    found = [squares] if result.retention_per_year is not None else []
    return [*found, *([two_leaks] if result.leak is not None else []), in_and_out]


def knobs(client: Client, result: TwoDoors) -> list[Knob]:
    """The assumptions that can be moved: the target, turnover, margin."""
    found = []
    if result.target_retention is not None:
        found.append(Knob("doors.target_retention", SHARE, result.target_retention, 0.0, 1.0, 0.01))
    turnover = result.turnover_per_customer
    if turnover:
        found.append(Knob("doors.turnover_per_customer", MONEY, turnover, turnover / 2, turnover * 2, turnover / 100))
    if result.gross_margin is not None:
        found.append(Knob("economics.gross_margin", SHARE, result.gross_margin, 0.0, 1.0, 0.01))
    return found


def presets(result: TwoDoors) -> list[tuple[str, float]]:
    """Round targets, and the articles' step of five points."""
    if result.with_step_points is None:
        return []
    return [("doors.target_retention", value) for value in dict.fromkeys((result.with_step_points, 0.9, 0.95))]


def headline(result: TwoDoors) -> tuple[str, Any]:
    """The key of the title above the picture, and what fills it."""
    title = leak_title(result)
    if title is not None:
        return f"pictures.two_leaks.titles.{title.name}", result
    return f"pictures.in_and_out.titles.{balance_title(result).name}", result


def outcome(result: TwoDoors) -> tuple[Unit, float, float]:
    """What the stage counts: its unit, what it is now and what it becomes at the target.

    The leak of a year where money is known, else the customers lost in a year.
    """
    if result.leak is not None:
        return MONEY, result.leak.value, result.leak_at_target
    if result.target_retention is None:
        return COUNT, result.lost, result.lost
    return COUNT, result.start * result.churn_per_year.value, result.start * (1 - result.target_retention)


def swings(result: TwoDoors) -> tuple[Swing, ...]:
    """Which assumption matters."""
    return result.swings
