"""Pictures of what drives customers. Measured is solid, published is grey; an open marker is uncertain.

Each draws what stands still and returns the function that draws what moves.
"""

from __future__ import annotations

import textwrap
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from toolkit.drivers.result import WhatDrives
from toolkit.drivers.rows import SCORE, Feeling
from toolkit.picture import BLUE, GREY, INK, PALE, RED, Show
from toolkit.units import COUNT, SHARE
from toolkit.words import Words

MOST_BARS = 14
MOST_OUTCOMES = 4
BOOSTED = "boosted"


def _bare(axes: Axes, *keep: str) -> None:
    """An axis-free drawing ground, but for the sides named."""
    for side in ("left", "right", "top", "bottom"):
        axes.spines[side].set_visible(side in keep)
    axes.tick_params(length=0)


def _value(share: Any) -> float:
    return getattr(share, "value", share)


def _ends(share: Any) -> tuple[float, float]:
    """The ends of an interval; twice the figure itself where it has none."""
    return getattr(share, "low", share), getattr(share, "high", share)


def _text(words: Words, name: str, **values: Any) -> str:
    return words.text(f"drivers.pictures.parts.{name}", None, **values)


def _short(text: str, most: int = 32) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _folded(text: str, width: int = 14) -> str:
    """A label over at most two lines."""
    return "\n".join(textwrap.wrap(text, width, max_lines=2, placeholder="…"))


def both_ends_of_scale(figure: Figure, words: Words, result: WhatDrives, *reach: WhatDrives) -> Show:
    """Every outcome: the bottom end to the left of zero, the top end to the right, the score as a mark between."""
    axes = figure.add_axes((0.01, 0.03, 0.98, 0.95))
    count = len(_shown(result))
    axes.set(xlim=(-0.85, 1.25), ylim=(count - 0.45, -0.62), xticks=[], yticks=[])
    _bare(axes)

    def show(now: WhatDrives) -> None:
        for place, row in enumerate(_shown(now)):
            _feeling(axes, words, place, row)

    return show


def _shown(result: WhatDrives) -> list[Feeling]:
    return [row for row in result.feelings if row.top is not None or row.bottom is not None][:MOST_OUTCOMES]


def _feeling(axes: Axes, words: Words, place: int, row: Feeling) -> None:
    label, n = _short(words.quantity(row.label, None), 34), words.quantity(row.n, COUNT)
    axes.text(-0.84, place - 0.36, f"{label} (n = {n})", weight="bold", va="center")
    if row.score is not None:
        axes.text(1.24, place + 0.39, _score(words, row.score), ha="right", va="center", weight="bold")
    for name, end, answer, colour, side in (
        ("bottom", row.bottom, row.bottom_to, RED, -1),
        ("top", row.top, row.top_from, BLUE, 1),
    ):
        beside = {"ha": "right" if side < 0 else "left", "va": "center"}
        if end is None:
            axes.text(side * 0.02, place, _text(words, "hidden"), color=GREY, style="italic", **beside)
            continue
        share, (low, high) = _value(end), _ends(end)
        axes.barh(place, side * share, 0.3, color=colour)
        if high > low:
            axes.plot([side * low, side * high], [place + 0.22] * 2, color=colour, lw=1.6)
        text = _text(words, name, share=(share, SHARE), answer=(answer, COUNT))
        axes.text(side * (high + 0.02), place, text, **beside)
    axes.plot([0, 0], [place - 0.22, place + 0.3], color=INK, lw=0.8)
    if row.score is not None:
        ends = [getattr(row.score, end, _value(row.score)) for end in ("low", "high")]
        axes.plot(ends, [place] * 2, color=INK, lw=1.6, zorder=4)
        axes.plot([_value(row.score)], [place], marker="D", color="white", mec=INK, ms=7, zorder=5)


def _score(words: Words, score: Any) -> str:
    if not hasattr(score, "low"):
        return _text(words, "score_alone", score=(score, SCORE))
    return _text(words, "score", score=(score.value, SCORE), low=(score.low, SCORE), high=(score.high, SCORE))


def rungs(figure: Figure, words: Words, result: WhatDrives, *reach: WhatDrives) -> Show:
    """The top box at each rung of the first driver, beside what article A5 printed for keeping agreements."""
    axes = figure.add_axes((0.01, 0.22, 0.98, 0.63))
    axes.set(xlim=(-0.55, len(result.steps) - 0.4), ylim=(0, 1.08), yticks=[])
    axes.set_xticks(range(len(result.steps)), _rung_names(words, result))
    _bare(axes)
    kind = "recommendation" if result.outcome.startswith("recommend") else "attachment"
    figure.text(0.02, 0.95, _text(words, "own"), color=BLUE, weight="bold", va="center")
    figure.text(0.14, 0.95, _text(words, f"published_{kind}"), color=GREY, va="center")

    def show(now: WhatDrives) -> None:
        for place, step in enumerate(now.steps):
            if step.published is not None:
                axes.bar(place + 0.22, step.published, 0.30, color=PALE)
                at = words.quantity(step.published, SHARE)
                axes.text(place + 0.22, step.published + 0.02, at, ha="center", color=GREY)
            share, ends = _value(step.share), _ends(step.share)
            axes.bar(place - 0.16, share, 0.40, color=BLUE)
            axes.plot([place - 0.16] * 2, ends, color=INK, lw=1.6)
            axes.text(place - 0.16, ends[1] + 0.02, words.quantity(share, SHARE), ha="center", weight="bold")
            if step.rung == BOOSTED:
                before = _value(now.steps[place - 1].share)
                axes.plot([place - 0.36, place + 0.04], [before] * 2, color="white", lw=1.6, ls=(0, (3, 2)))
        axes.axhline(0, color=PALE, lw=0.8)

    return show


def _rung_names(words: Words, result: WhatDrives) -> list[str]:
    """What stands under each rung: its name and its answers, or the second condition."""
    second = {step.rung: step.answers for step in result.steps}
    if result.booster_label is not None:
        second[BOOSTED] = _folded(words.quantity(result.booster_label, None))
    return [f"{_text(words, step.rung)}\n{second[step.rung]}" for step in result.steps]


def slope(figure: Figure, words: Words, result: WhatDrives, *reach: WhatDrives) -> Show:
    """In the room: the ladder as one steep line, the booster as a dashed extra step."""
    axes = figure.add_axes((0.06, 0.18, 0.88, 0.76))
    axes.set(xlim=(-0.3, len(result.steps) - 0.7), ylim=(0, 1.1), yticks=[])
    axes.set_xticks(range(len(result.steps)), _rung_names(words, result))
    _bare(axes, "bottom")

    def show(now: WhatDrives) -> None:
        heights = [_value(step.share) for step in now.steps]
        solid = [place for place, step in enumerate(now.steps) if step.rung != BOOSTED]
        axes.plot(solid, [heights[place] for place in solid], color=BLUE, lw=3, marker="o", ms=8)
        if len(solid) < len(heights):
            axes.plot([solid[-1], solid[-1] + 1], heights[-2:], color=BLUE, lw=2, ls=(0, (4, 3)), marker="o", mfc="white")
        for place, height in enumerate(heights):
            text = words.quantity(height, SHARE)  # to the left of where the line climbs on
            axes.text(place + 0.05, height + 0.05, text, ha="right", weight="bold", size=14)

    return show


def moved(figure: Figure, words: Words, result: WhatDrives, *reach: WhatDrives) -> Show:
    """In the room: the share in the top box now, solid, and if answers moved up, outlined, with interval."""
    axes = figure.add_axes((0.02, 0.12, 0.96, 0.84))
    highest = max(max(r.top_now, r.top_moved.high) for r in (result, *reach))
    axes.set(xlim=(-0.6, 1.6), ylim=(0, highest * 1.15 or 1.0), yticks=[])
    axes.set_xticks([0, 1], [_text(words, "now"), _text(words, "then")])
    _bare(axes)

    def show(now: WhatDrives) -> None:
        axes.bar(0, now.top_now, 0.6, color=BLUE)
        if now is not result:  # the base case, while it is moved away from
            axes.bar(1, result.top_moved.value, 0.6, fill=False, edgecolor=GREY, lw=0.9)
        axes.bar(1, now.top_moved.value, 0.6, fill=False, edgecolor=BLUE, lw=1.8)
        axes.plot([1, 1], [now.top_moved.low, now.top_moved.high], color=INK, lw=1.6)
        for place, height, at in ((0, now.top_now, now.top_now), (1, now.top_moved.high, now.top_moved.value)):
            axes.text(place, height + highest * 0.02, words.quantity(at, SHARE), ha="center", weight="bold", size=14)
        axes.axhline(0, color=PALE, lw=0.8)

    return show
