"""The picture of a round of guesses: every guess a dot, the median a line, and the figure as it turned out."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from toolkit.front.tried import Round
from toolkit.picture import BLUE, GREY, INK, PALE, Show
from toolkit.units import Estimate
from toolkit.words import Words

STEPS = 40  # places along the line; guesses at one place are stacked


def title_of(one: Round) -> str:
    """The name of the title: whether the middle guess was too high, too low or within the figure's interval.

    >>> from toolkit.session import Guess
    >>> title_of(Round("doors.retention_per_year", None, (Guess("", "Ann", 0.9),), Estimate(0.8, 0.75, 0.85, 250)))
    'too_high'
    """
    if one.truth is None:
        return "unknown"
    low, high = _ends(one)
    return "too_high" if one.middle > high else "too_low" if one.middle < low else "close"


def _ends(one: Round) -> tuple[float, float]:
    return (one.truth.low, one.truth.high) if isinstance(one.truth, Estimate) else (one.truth, one.truth)


def guesses(figure: Figure, words: Words, one: Round, *reach: Round) -> Show:
    """Dots on one line, outlined because nobody measured them; the figure and its interval solid above."""
    axes = figure.add_axes((0.04, 0.17, 0.92, 0.8))
    ends = [*one.values, *(_ends(one) if one.truth is not None else ())]
    room = (max(ends) - min(ends)) * 0.12 or abs(ends[0]) * 0.1 or 1.0
    low, high = min(ends) - room, max(ends) + room
    axes.set(xlim=(low, high), ylim=(-0.6, 5.6), yticks=[])
    axes.set_xticks([one.values[0], one.values[-1]] if one.values[0] < one.values[-1] else [one.values[0]])
    axes.set_xticklabels([words.quantity(value, one.unit) for value in axes.get_xticks()])
    axes.tick_params(length=0)
    for side in ("left", "top", "right"):
        axes.spines[side].set_visible(False)

    def named(name: str, value: float, height: float, **style: Any) -> None:
        side = {"ha": "left", "x": value} if value < (low + high) / 2 else {"ha": "right", "x": value}
        axes.text(y=height, s=words.text(f"session.pictures.parts.{name}", None, value=(value, one.unit)), **side, **style)

    def show(now: Round) -> None:
        places = [round((value - low) / (high - low) * STEPS) for value in now.values]
        step = min(0.7, 1.6 / max(map(places.count, places)))
        for order, (place, value) in enumerate(zip(places, now.values, strict=True)):
            axes.plot([value], [places[:order].count(place) * step], "o", ms=8, mfc="white", mec=GREY, mew=1.5)
        axes.plot([now.middle, now.middle], [-0.6, 2.3], color=PALE, lw=2, zorder=0)
        named("middle", now.middle, 2.5, color=GREY)
        if now.truth is not None:
            truth = getattr(now.truth, "value", now.truth)
            axes.plot(_ends(now), [4, 4], color=BLUE, lw=3, solid_capstyle="butt")
            axes.plot([truth], [4], "o", ms=9, color=BLUE)
            named("truth", truth, 4.6, color=INK, weight="bold")

    return show
