"""Pictures of annex B: what low and high answers go with, competitors, and all answers. Open means uncertain."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from toolkit.drivers.pictures import MOST_BARS, _bare, _short, _text, _value
from toolkit.drivers.positioning import strongest
from toolkit.drivers.result import WhatDrives
from toolkit.drivers.rows_annex import Asked
from toolkit.picture import BLUE, GREY, INK, PALE, RED, Show
from toolkit.units import RATIO, SHARE
from toolkit.words import Words

MOST_QUESTIONS = 16
MOST_RIVALS = 8
ROOM = 0.09
"""Share of the answers below which a figure has no room in its bar."""


def _names(axes: Axes, words: Words, labels: list[Any]) -> None:
    """The questions down the left-hand side, the first on top."""
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.set_yticks(range(len(labels)), [_short(words.quantity(label, None)) for label in labels])
    axes.set_xticks([])
    _bare(axes)


def penalties_and_rewards(figure: Figure, words: Words, result: WhatDrives, *reach: WhatDrives) -> Show:
    """Per driver the mean outcome below and above the most frequent answer, against it; intervals as lines."""
    axes = figure.add_axes((0.46, 0.14, 0.53, 0.77))
    rows = result.contrasts[:MOST_BARS]
    _names(axes, words, [row.label for row in rows])
    ends = [getattr(side, end, _value(side)) for row in rows for side in (row.penalty, row.reward) if side is not None
            for end in ("low", "high")]  # fmt: skip
    widest = max(map(abs, ends), default=1.0) or 1.0
    axes.set_xlim(-1.25 * widest, 1.25 * widest)
    ticks = [tick for tick in MaxNLocator(4).tick_values(-widest, widest) if abs(tick) <= widest]
    axes.set_xticks(ticks, [words.quantity(float(tick), RATIO, "signed") for tick in ticks])
    axes.set_xlabel(_text(words, "points_of", label=words.quantity(result.outcome_label, None)), color=GREY)
    figure.text(0.39, 0.95, _text(words, "penalty"), color=RED, va="center")
    figure.text(0.99, 0.95, _text(words, "reward"), color=BLUE, ha="right", va="center")

    def show(now: WhatDrives) -> None:
        axes.axvline(0, color=INK, lw=0.8)
        for place, row in enumerate(now.contrasts[:MOST_BARS]):
            for side, colour, y in ((row.penalty, RED, place - 0.17), (row.reward, BLUE, place + 0.17)):
                if side is not None:
                    _mark(axes, side, colour, y)

    return show


def _mark(axes: Axes, side: Any, colour: str, y: float) -> None:
    """A difference with its interval; open where it cannot be told from none."""
    low, high = (getattr(side, end, _value(side)) for end in ("low", "high"))
    sure = hasattr(side, "low") and not low <= 0 <= high
    axes.plot([low, high], [y, y], color=colour, lw=1.4)
    axes.plot([_value(side)], [y], marker="o", ms=6, mec=colour, mfc=colour if sure else "white", zorder=4)


def against_rivals(figure: Figure, words: Words, result: WhatDrives, *reach: WhatDrives) -> Show:
    """Own mean answer against that of the best-rated competitor, what weighs most first."""
    axes = figure.add_axes((0.46, 0.03, 0.26, 0.84))
    rows = strongest(result.rivals)[:MOST_RIVALS]
    _names(axes, words, [row.label for row in rows])
    means = [mean for row in rows for mean in (row.own, row.theirs)]
    edge = 0.25 * (max(means) - min(means)) or 0.5
    axes.set_xlim(min(means) - edge, max(means) + edge)
    figure.text(0.46, 0.94, _text(words, "own"), color=BLUE, weight="bold", va="center")
    figure.text(0.56, 0.94, _text(words, "rival"), color=GREY, weight="bold", va="center")

    def show(now: WhatDrives) -> None:
        for place, row in enumerate(strongest(now.rivals)[:MOST_RIVALS]):
            behind = row.certain and row.theirs > row.own
            colour = RED if behind else BLUE
            axes.plot([row.own, row.theirs], [place, place], color=PALE, lw=2)
            axes.plot([row.theirs], [place], marker="s", ms=7, mec=GREY, mfc=GREY if row.certain else "white", zorder=4)
            axes.plot([row.own], [place], marker="o", ms=8, mec=colour, mfc=colour if row.certain else "white", zorder=5)
            figures = " / ".join(words.quantity(mean, RATIO) for mean in (row.own, row.theirs))
            axes.text(1.04, place, f"{figures}  {_short(row.competitor, 9)}", transform=axes.get_yaxis_transform(), va="center")

    return show


def all_answers(figure: Figure, words: Words, result: WhatDrives, *reach: WhatDrives) -> Show:
    """Every question: the share of each answer, the bottom end red, the top end blue."""
    axes = figure.add_axes((0.485, 0.02, 0.505, 0.97))
    rows = result.asked[:MOST_QUESTIONS]
    _names(axes, words, [row.label for row in rows])
    axes.set_xlim(0, 1)

    def show(now: WhatDrives) -> None:
        for place, row in enumerate(now.asked[:MOST_QUESTIONS]):
            _bar(axes, words, place, row)

    return show


def _bar(axes: Axes, words: Words, place: int, row: Asked) -> None:
    """The answers to one question from worst to best; those that may not be shown are left out."""
    left = 0.0
    for part in (part for part in row.answers if part.share is not None):
        colour = {"bottom": RED, "top": BLUE}.get(part.end, PALE)
        axes.barh(place, part.share, 0.7, left=left, color=colour, edgecolor="white", lw=0.8)
        if part.share >= ROOM:
            ink = INK if part.end == "between" else "white"
            text = words.quantity(part.share, SHARE, "bare")
            axes.text(left + part.share / 2, place, text, ha="center", va="center", color=ink)
        left += part.share
    if any(part.share is None for part in row.answers) and left < 1:
        axes.barh(place, 1 - left, 0.7, left=left, fill=False, edgecolor=GREY, lw=0.8, ls=(0, (2, 2)))
        if 1 - left >= 2.5 * ROOM:
            axes.text(left + (1 - left) / 2, place, _text(words, "hidden"), ha="center", va="center", color=GREY, style="italic")
