"""Guess first: what the room thinks, typed in before the figure is shown, then beside it, and kept for the report."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from IPython.display import display
from matplotlib.figure import Figure

from toolkit import scenarios
from toolkit.client import Client
from toolkit.finding import Refused
from toolkit.live.controls import Asked, read_number, value_of
from toolkit.page import words_for
from toolkit.picture import BLUE, GREY, INK, PALE, Show, svg
from toolkit.units import SHARE, Estimate, Unit
from toolkit.words import Words

SIZE = (8.0, 1.6)  # inches
SEATS = 8  # rows to type in
LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Spread:
    """Guesses of one figure, sorted, beside the figure itself."""

    unit: Unit
    guesses: tuple[float, ...]
    truth: float | Estimate

    @property
    def middle(self) -> float:
        """The guess in the middle."""
        return median(self.guesses)


def dots(figure: Figure, words: Words, result: Spread, *reach: Spread) -> Show:
    """Every guess an open dot on one line, their median a stroke, the measured figure solid with its interval."""
    axes = figure.add_axes((0.04, 0.05, 0.92, 0.9))
    truth = result.truth
    low, high = getattr(truth, "low", truth), getattr(truth, "high", truth)
    ends = (min(low, *result.guesses), max(high, *result.guesses))
    room = (ends[1] - ends[0]) * 0.12 or abs(ends[1]) * 0.1 or 1.0
    axes.set(xlim=(ends[0] - room, ends[1] + room), ylim=(-1.6, 1.9), xticks=[], yticks=[])
    for side in axes.spines.values():
        side.set_visible(False)
    axes.plot([ends[0] - room, ends[1] + room], [0, 0], color=PALE, lw=1)

    def show(now: Spread) -> None:
        axes.plot(now.guesses, [0] * len(now.guesses), "o", mfc="white", mec=GREY, mew=1.6, ms=10)
        axes.plot([now.middle] * 2, [-0.45, 0.45], color=INK, lw=2)
        axes.plot([low, high], [0.62, 0.62], color=BLUE, lw=2)
        axes.plot([value_of(truth)], [0.62], "o", color=BLUE, ms=10)
        said = words.text("live.guess.middle", None, value=(now.middle, now.unit))
        axes.text(now.middle, -0.65, said, ha="center", va="top", color=INK)
        real = words.text("live.guess.truth", None, value=(value_of(truth), now.unit))
        axes.text(value_of(truth), 0.95, real, ha="center", va="bottom", color=BLUE, weight="bold")

    return show


class Guesses:
    """The round of guesses of one chapter; `do` takes what was typed and answers with what is shown."""

    def __init__(self, client: Client, chapter: str, locale: str | None = None):
        self.client, self.chapter, self.words = client, chapter, words_for(client, locale)
        self.asked: Asked | None = importlib.import_module(f"toolkit.{chapter}.onstage").asked(client)
        self._choices = [self.words.quantity(label, None) for label in self.asked.choices] if self.asked else []
        texts = ("who", "guess", "show")
        self.scene = {
            "lang": self.words.tag,
            "seats": SEATS,
            "texts": {name: self.words.text(f"live.guess.{name}") for name in texts},
            "question": self.words.text(f"{chapter}.live.question"),
            "choices": self._choices,
        }

    def do(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """What the room sees after a message: nothing yet, what is wrong, or the guesses beside the figure; never raises."""
        try:
            return self._shown(message.get("rows", ())) if message["do"] == "show" else {"notice": ""}
        except Refused as refused:
            return {"notice": " ".join(self.words.refusal(refusal) for refusal in refused.refusals)}
        except Exception:
            LOG.exception("the guesses could not be shown")
            return {"notice": self.words.text("live.guess.went_wrong")}

    def _shown(self, rows: Any) -> dict[str, Any]:
        typed = [(str(who).strip(), str(given).strip()[:60]) for who, given in rows if str(given).strip()]
        if not typed:
            return {"notice": self.words.text("live.guess.nobody")}
        values = [self._read(given) for _, given in typed]
        if None in values:
            given = typed[values.index(None)][1]
            return {"notice": self.words.text("live.guess.not_a_guess", None, given=given, value=(0.85, SHARE))}
        when = datetime.now().replace(microsecond=0)
        about = f"{self.chapter}.{self.asked.field}"
        names = [who or self.words.text("live.guess.somebody", None, number=str(seat)) for seat, (who, _) in enumerate(typed, 1)]
        kept = [scenarios.Guess(about, who, value, when) for who, value in zip(names, values, strict=True)]
        scenarios.add_guesses(scenarios.session_file(self.client.file), about, kept)
        return {"notice": self.words.text("live.guess.kept"), **self._beside(values)}

    def _read(self, given: str) -> float | str | None:
        """A guess as it was typed: a choice by its name, or a figure that the unit allows."""
        asked = self.asked
        if asked.unit is None:
            return next((name for name in self._choices if name.casefold() == given.casefold()), None)
        value = read_number(given, asked.unit, self.words)
        if asked.unit == SHARE and value is not None and value <= 0.01 and not given.endswith("%"):
            return None  # a fraction, it seems: 90% and 0.9% are too far apart to guess which was meant
        low, high = asked.unit.low, asked.unit.high
        return None if value is None or (low is not None and value < low) or (high is not None and value > high) else value

    def _beside(self, values: list[Any]) -> dict[str, Any]:
        if self.asked.unit is not None:
            spread = Spread(self.asked.unit, tuple(sorted(values)), self.asked.truth)
            return {"svg": svg(dots, self.words, spread, size=SIZE)}
        counted = sorted(((values.count(name), name) for name in dict.fromkeys(values)), reverse=True)
        rows = [{"label": name, "share": count / len(values), "count": str(count)} for count, name in counted]
        if self.asked.truth is None:
            return {"rows": rows, "truth": self.words.text("live.guess.no_leader")}
        leads = self.words.quantity(self.asked.truth, None)
        return {"rows": rows, "truth": self.words.text("live.guess.leads", None, value=leads)}


def guess(client: Client, chapter: str, locale: str | None = None) -> None:
    """Show the round of guesses of a chapter; nothing where the client's figures have no answer to it."""
    from toolkit.live.widget import widget_of

    if (round_ := Guesses(client, chapter, locale)).asked is not None:
        display(widget_of(round_, "guess"))
