"""What the sleepers bring to the stage: their assumptions, pictures, headline and outcome."""

from __future__ import annotations

from typing import Any

from toolkit.client import Client
from toolkit.live.controls import Knob, Outcome, Rerun
from toolkit.picture import Picture
from toolkit.sleepers import compute, frames_of
from toolkit.sleepers.findings import curve_title, state, waterfall_title
from toolkit.sleepers.pictures import back_by_month, not_earned_back
from toolkit.sleepers.result import Asleep
from toolkit.units import MONEY, SHARE
from toolkit.whatif import Swing

LIVE_DRAWS = 1_000


def rerun(client: Client) -> Rerun:
    """A function from a changed client to its result; the log is read once."""
    frames = frames_of(client)
    return lambda changed, full=False: compute(changed, frames, full=full, **{} if full else {"draws": LIVE_DRAWS})


def pictures(result: Asleep) -> list[Picture]:
    """The pictures that this client's figures can fill."""
    titles = {not_earned_back: waterfall_title(result), back_by_month: curve_title(result)}
    return [picture for picture, title in titles.items() if title] or [back_by_month]


def knobs(client: Client, result: Asleep) -> list[Knob]:
    """The assumptions that can be moved: what winning costs, the margin, what calling costs and brings."""
    cost, contact, chance = result.cost_per_customer, result.contact_cost, result.chance_when_called
    found = []
    if cost and not client.sleepers.cost_by_channel:
        found.append(Knob("economics.cost_to_win", MONEY, cost, cost / 2, cost * 2, cost / 100))
    found.append(Knob("economics.gross_margin", SHARE, result.gross_margin, 0.0, 1.0, 0.01))
    if chance is not None:
        found.append(Knob("sleepers.chance_when_called", SHARE, chance, 0.0, 1.0, 0.01))
    if contact:
        found.append(Knob("sleepers.contact_cost", MONEY, contact, 0.0, contact * 4, contact / 20))
    return found


def presets(result: Asleep) -> list[tuple[str, float]]:
    """None: nobody published a round value for these."""
    return []


def headline(result: Asleep) -> tuple[str, Any]:
    """The key of the title above the picture, and what fills it."""
    title = waterfall_title(result)
    if title is not None:
        return f"pictures.not_earned_back.titles.{title.name}", result
    return f"verdicts.{state(result)}", result


def outcome(result: Asleep) -> Outcome:
    """What the stage counts: what is not earned back, less what calling is expected to bring."""
    net = result.written_off - (result.expected.value if result.expected else 0.0)
    return Outcome(MONEY, net, net)


def swings(result: Asleep) -> tuple[Swing, ...]:
    """Which assumption matters."""
    return result.swings
