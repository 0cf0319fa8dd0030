"""What the two doors bring to the stage: their assumptions, pictures, headline and outcome."""

from __future__ import annotations

from typing import Any

from toolkit.client import Client
from toolkit.doors import compute, frames_of, results
from toolkit.doors.findings import balance_title, leak_title
from toolkit.doors.pictures import in_and_out, squares, two_leaks
from toolkit.doors.result import TwoDoors
from toolkit.live.controls import Asked, Knob, Outcome, Rerun
from toolkit.picture import Picture
from toolkit.units import COUNT, MONEY, SHARE, Estimate
from toolkit.whatif import Swing


BELOW = 0.15  # how far the target reaches below what is kept now; further can be typed
AROUND = 0.2  # and the margin to either side


def rerun(client: Client) -> Rerun:
    """A function from a changed client to its result; the log is read once."""
    frames = frames_of(client)
    return lambda changed, full=False: compute(changed, frames)


def pictures(result: TwoDoors) -> list[Picture]:
    """The pictures that this client's figures can fill."""
    found = [squares] if result.retention_per_year is not None else []
    return [*found, *([two_leaks] if result.leak is not None else []), in_and_out]


def knobs(client: Client, result: TwoDoors) -> list[Knob]:
    """The assumptions that can be moved: the target, turnover, margin."""
    found = []
    if result.target_retention is not None:
        target, least = result.target_retention, max(0.0, result.retention_per_year.value - BELOW)
        found.append(Knob("doors.target_retention", SHARE, target, round(min(target, least), 2), 1.0, 0.01, aim=True))
    turnover = result.turnover_per_customer
    if turnover:
        ends = (turnover / 2, turnover * 3 / 2)
        found.append(Knob("doors.turnover_per_customer", MONEY, turnover, *ends, turnover / 100))
    if result.gross_margin is not None:
        margin = result.gross_margin
        ends = (max(0.0, margin - AROUND), min(1.0, margin + AROUND))
        found.append(Knob("economics.gross_margin", SHARE, margin, *ends, 0.01))
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
    if result.target_retention is not None:
        return "live.titles.to_target" if result.points_to_target > 0 else "live.titles.at_target", result
    return f"pictures.in_and_out.titles.{balance_title(result).name}", result


def outcome(result: TwoDoors) -> Outcome:
    """What the stage counts: what leaves in a year, now and at the target.

    The leak of a year where money is known, else the customers lost in a year.
    """
    if result.leak is not None:
        saved = result.saved
        less = Estimate(-saved.value, -saved.high, -saved.low, saved.n, saved.confidence)
        return Outcome(MONEY, result.leak, result.leak_at_target, less)
    if result.target_retention is None:
        return Outcome(COUNT, result.lost, result.lost)
    lost = result.churn_per_year
    now = Estimate(*(result.start * end for end in (lost.value, lost.low, lost.high)), lost.n, lost.confidence)
    return Outcome(COUNT, now, result.start * (1 - result.target_retention))


def swings(result: TwoDoors) -> tuple[Swing, ...]:
    """Which assumption matters."""
    return result.swings


def asked(client: Client) -> Asked | None:
    """What the room guesses before it sees the figures: the share of customers that stayed in a year."""
    kept = results(client).retention_per_year
    return None if kept is None else Asked("retention_per_year", kept, SHARE)
