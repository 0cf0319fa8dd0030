"""Pictures of priorities: the sorted list, and the map. Red is to be done first; an open marker is uncertain."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from toolkit.drivers.pictures import MOST_BARS, _bare, _short, _text, _value
from toolkit.drivers.result import WhatDrives
from toolkit.drivers.rows import Driver
from toolkit.picture import BLUE, GREY, INK, RED, Show
from toolkit.units import RATIO, SHARE
from toolkit.words import Words

COLOURS = {"improve": RED, "keep": BLUE, "watch": GREY, "leave": GREY}
CORNERS = {"improve": (0.01, 0.99), "keep": (0.99, 0.99), "watch": (0.01, 0.01), "leave": (0.99, 0.01)}
LETTER = 0.0145
"""Width of a letter of a legend, as a part of the width of the picture."""


def to_do(figure: Figure, words: Words, result: WhatDrives, *reach: WhatDrives) -> Show:
    """The drivers sorted by weight with intervals; red is to be done first, an open marker is uncertain."""
    axes = figure.add_axes((0.46, 0.10, 0.53, 0.89))
    rows = result.drivers[:MOST_BARS]
    widest = max(getattr(row.share, "high", row.share) for r in (result, *reach) for row in r.drivers)
    axes.set(xlim=(0, widest * 1.16), ylim=(len(rows) - 0.4, -0.6), xticks=[])
    axes.set_yticks(range(len(rows)), [_short(words.quantity(row.label, None)) for row in rows])
    _bare(axes)
    _legend(figure, words, rows)

    def show(now: WhatDrives) -> None:
        axes.axvline(now.noise_high, color=GREY, lw=1, ls=(0, (2, 2)))
        for place, row in enumerate(now.drivers[:MOST_BARS]):
            colour, share = COLOURS[row.quadrant], _value(row.share)
            axes.barh(place, share, 0.62, color=colour)
            end = getattr(row.share, "high", share)
            if hasattr(row.share, "low"):
                axes.plot([row.share.low, row.share.high], [place] * 2, color=INK, lw=1.3)
            axes.plot([share], [place], marker="o", ms=7, mec=INK, color=colour if row.certain else "white", zorder=5)
            ink = {"color": GREY, "style": "italic"} if row.in_noise else {"color": INK}
            axes.text(end + widest * 0.02, place, words.quantity(share, SHARE), va="center", **ink)

    return show


def _legend(figure: Figure, words: Words, rows: Sequence[Driver]) -> None:
    """The marks that some row has, side by side under the list."""
    there = {{"watch": "lighter", "leave": "lighter"}.get(row.quadrant, row.quadrant) for row in rows}
    there |= {"uncertain"} if not all(row.certain for row in rows) else set()
    at = 0.01
    for name, mark, colour in (("improve", "●", RED), ("keep", "●", BLUE), ("lighter", "●", GREY), ("uncertain", "○", INK)):
        if name in there:
            text = _text(words, name)
            figure.text(at, 0.035, mark, color=colour, va="center")
            figure.text(at + 0.03, 0.035, text, color=INK, va="center")
            at += 0.05 + LETTER * len(text)


def priority_map(figure: Figure, words: Words, result: WhatDrives, *reach: WhatDrives) -> Show:
    """Importance against satisfaction, numbered as in the list beside it; an open marker may lie elsewhere."""
    axes = figure.add_axes((0.125, 0.17, 0.395, 0.81))
    places = [(row.satisfaction, _value(row.share)) for r in (result, *reach) for row in r.drivers]
    left, right = min(x for x, _ in places), max(x for x, _ in places)
    edge, highest = 0.1 * (right - left) or 0.1, max(y for _, y in places)
    axes.set(xlim=(left - edge, right + edge), ylim=(-0.2 * highest, highest * 1.2))
    _scales(axes, words, result.drivers)
    _bare(axes, "left", "bottom")
    for name, (across, up) in CORNERS.items():
        side = {"ha": "left" if across < 0.5 else "right", "va": "top" if up > 0.5 else "bottom"}
        text = words.text(f"drivers.tables.drivers.values.quadrant.{name}")
        axes.text(across, up, text, transform=axes.transAxes, color=GREY, style="italic", **side)
    rows = result.drivers[:MOST_BARS]
    for number, row in enumerate(rows, 1):
        figure.text(0.545, 0.99 - 0.066 * number, f"{number}  {_short(words.quantity(row.label, None))}", va="center")
    if not all(row.certain for row in rows):
        figure.text(0.545, 0.035, f"○  {_text(words, 'uncertain')}", va="center")

    def show(now: WhatDrives) -> None:
        count, rows = len(now.drivers), now.drivers[:MOST_BARS]
        cross = sum(row.satisfaction for row in now.drivers) / count, sum(_value(row.share) for row in now.drivers) / count
        axes.axvline(cross[0], 0.09, 0.91, color=GREY, lw=0.8)  # clear of the names of the quadrants
        axes.axhline(cross[1], color=GREY, lw=0.8)
        dots = [(row.satisfaction, _value(row.share)) for row in rows]
        for number, (row, dot, at) in enumerate(zip(rows, dots, _beside(axes, dots, cross), strict=True), 1):
            colour = RED if row.quadrant == "improve" else BLUE
            axes.plot(*dot, "o", ms=8, mec=colour, mfc=colour if row.certain else "white", zorder=4)
            line = {"arrowstyle": "-", "color": colour, "lw": 0.7, "shrinkA": 0, "shrinkB": 4}
            side = {"ha": "center", "va": "center", "color": colour, "weight": "bold", "arrowprops": line}
            axes.annotate(str(number), dot, at, textcoords="offset points", **side)

    return show


def _scales(axes: Axes, words: Words, rows: Sequence[Driver]) -> None:
    """Ticks of both axes: shares, and mean answers where all items were asked on one scale, else parts of the scale."""
    (left, right), (_, top) = axes.get_xlim(), axes.get_ylim()
    one, other = min(rows, key=lambda row: row.satisfaction), max(rows, key=lambda row: row.satisfaction)
    wide = (other.mean - one.mean) / ((other.satisfaction - one.satisfaction) or 1)
    start = one.mean - wide * one.satisfaction
    same = wide > 0 and all(abs(start + wide * row.satisfaction - row.mean) < 1e-6 for row in rows)
    start, wide = (start, wide) if same else (0.0, 1.0)
    ends = start + wide * left, start + wide * right
    ticks = [tick for tick in MaxNLocator(4).tick_values(*ends) if ends[0] <= tick <= ends[1]]
    names = [words.quantity(float(tick), RATIO if same else SHARE, "" if same else "bare") for tick in ticks]
    axes.set_xticks([(tick - start) / wide for tick in ticks], names)
    shares = [tick for tick in MaxNLocator(3).tick_values(0, top) if 0 <= tick <= top]
    axes.set_yticks(shares, [words.quantity(float(share), SHARE) for share in shares])
    axes.set_xlabel(_text(words, "satisfaction"), color=GREY)
    axes.set_ylabel(_text(words, "importance"), color=GREY)


def _beside(axes: Axes, dots: list[tuple[float, float]], cross: tuple[float, float]) -> list[tuple[float, float]]:
    """Where each dot's number stands, in points from the dot: the nearest place free of dots, numbers and lines."""
    wide, high = axes.figure.get_size_inches() * axes.get_position().size * 72
    (left, right), (low, top) = axes.get_xlim(), axes.get_ylim()
    scaled = (((x - left) / (right - left) * wide, (y - low) / (top - low) * high) for x, y in (*dots, cross))
    *spots, (across, up) = scaled
    turns = [turn * math.pi / 8 for step in range(9) for turn in (step, -step)]
    ways = [(radius * math.sin(turn), radius * math.cos(turn)) for radius in range(12, 120, 4) for turn in turns]
    taken, found = [(x, y, 6.0) for x, y in spots], []

    def free(own: tuple[float, float, float], a: float, b: float, line: list[tuple[float, float]]) -> bool:
        within = 8 < a < wide - 8 and 20 < b < high - 20 and abs(a - across) > 10 and abs(b - up) > 8
        apart = all(abs(a - x) > 8 + size or abs(b - y) > 6 + size for x, y, size in taken)
        return within and apart and all(math.dist(at, one[:2]) > one[2] - 1 for one in taken if one != own for at in line)

    for x, y in spots:
        for dx, dy in (*ways, ways[0]):  # above, where no place is free
            line = [(x + dx * part / 9, y + dy * part / 9) for part in range(3, 9)]
            if free((x, y, 6.0), x + dx, y + dy, line):
                break
        found.append((dx, dy))
        taken += [(x + dx, y + dy, 7.0), *((*at, 4.0) for at in line)]
    return found
