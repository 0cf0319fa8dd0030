"""Pictures of a customer's worth. What is expected is outlined, what was counted solid, what is published grey.

Each draws what stands still and returns the function that draws what moves.
"""

from __future__ import annotations

import math
import textwrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from toolkit.picture import BLUE, GREY, INK, PALE, Show
from toolkit.units import MONEY, POINTS, RATIO, SHARE
from toolkit.words import Words
from toolkit.worth.result import CustomerWorth

PAYMENTS = 5  # shown on the timeline
MOST_RISE = 1.6  # of worth; a curve that climbs further leaves the picture


def _bare(axes: Axes, *keep: str) -> None:
    """An axis-free drawing ground, but for the sides named."""
    for side in ("left", "right", "top", "bottom"):
        axes.spines[side].set_visible(side in keep)
    axes.tick_params(length=0)


def moments(figure: Figure, words: Words, result: CustomerWorth, *reach: CustomerWorth) -> Show:
    """One timeline, four places to stand on it: which payments each counts, and what they are worth there."""
    axes = figure.add_axes((0.01, 0.17, 0.53, 0.81))
    axes.set(xlim=(-0.55, PAYMENTS - 0.3), ylim=(-0.45, 3.75), yticks=[])
    axes.set_xticks(range(PAYMENTS))
    axes.set_xlabel(words.text(f"worth.pictures.parts.axis_{result.period}"), color=GREY)
    _bare(axes, "bottom")
    for row, moment in enumerate(reversed(result.moments)):
        axes.plot([moment.stands, moment.stands], [row - 0.22, row + 0.22], color=INK, lw=2)
        axes.annotate(
            "", (PAYMENTS - 0.35, row), (moment.stands, row), arrowprops={"arrowstyle": "->", "color": PALE, "lw": 1.2}
        )
        axes.text(moment.stands, row + 0.36, words.text(f"worth.pictures.parts.{moment.name}"), color=INK)

    def show(now: CustomerWorth) -> None:
        kept = now.retention.value
        for row, moment in enumerate(reversed(now.moments)):
            first = 0 if moment.name == "not_yet_won" else 1
            sure = moment.name in ("not_yet_won", "end_of_period")
            payments = range(first, PAYMENTS)
            sizes = [150 * kept ** (payment - first if sure else payment) for payment in payments]
            faces = [BLUE if sure and payment == first else "white" for payment in payments]
            places = [row] * len(sizes)
            axes.scatter(payments, places, s=sizes, facecolor=faces, edgecolor=BLUE, lw=1.5, zorder=3)
            place = (row + 0.45) / 4.2 * 0.81 + 0.17
            value = words.quantity(moment.value, MONEY, "" if now.unsure else "exact")
            figure.text(0.56, place + 0.035 * now.unsure, value, weight="bold", size=11, va="center")
            if now.unsure:
                between = words.quantity(moment.value, MONEY, "between")
                figure.text(0.56, place - 0.045, between, color=GREY, va="center")

    return show


def retention_lever(figure: Figure, words: Words, result: CustomerWorth, *reach: CustomerWorth) -> Show:
    """What points of retention do to worth here, beside what is published for the same step."""
    left = figure.add_axes((0.12, 0.20, 0.37, 0.76))
    right = figure.add_axes((0.53, 0.20, 0.46, 0.76))
    rises = [point.uplift for r in (result, *reach) for point in r.lever]
    limits = (max(min(rises, default=0.0) - 0.12, -1.0), min(max([1.0, *rises]) * 1.05, MOST_RISE))
    left.set(xlim=(-0.105, 0.105), ylim=limits)
    left.set_xticks([-0.1, -0.05, 0, 0.05, 0.1], _signed(words, (-0.1, -0.05, 0.0, 0.05, 0.1)))
    left.set_yticks(marks := [mark for mark in (-0.5, 0, 0.5, 1.0, 1.5) if limits[0] <= mark <= limits[1]])
    left.set_yticklabels([words.quantity(mark, SHARE, "signed") for mark in marks])
    left.set_xlabel(words.text("worth.pictures.parts.points"), color=GREY)
    right.set(xlim=(-0.5, len(result.claimed) - 0.35), ylim=limits, yticks=[])
    _bare(left)
    _bare(right)
    for place, row in enumerate(result.claimed):
        right.bar(place, row.high - row.low, 0.44, bottom=row.low, color=PALE)
        band = f"{words.quantity(row.low, SHARE, 'bare')}\u2013{words.quantity(row.high, SHARE)}"
        right.text(place, row.high + 0.02, band, ha="center", va="bottom", color=GREY)
    names = [_folded(words.text(f"worth.pictures.parts.claims.{row.name}"), 10) for row in result.claimed]
    right.set_xticks(range(len(names)), names, color=GREY)

    def show(now: CustomerWorth) -> None:
        for axes in (left, right):
            axes.axhline(0, color=PALE, lw=1)
        if now is not result:  # the base case, while it is moved away from
            left.plot([p.points for p in result.lever], [p.uplift for p in result.lever], color=GREY, lw=0.9)
        left.plot([p.points for p in now.lever], [p.uplift for p in now.lever], color=BLUE, lw=2)
        if now.uplift_points is None:
            return
        step, rise = now.step_points, now.uplift_points
        left.plot([step, step], [max(rise.low, limits[0]), min(rise.high, limits[1])], color=BLUE, lw=1.2)
        _open(left, step, rise.value)
        label = words.quantity(rise.value, SHARE, "signed")
        left.text(step - 0.006, rise.value + 0.03, label, ha="right", va="bottom", weight="bold", color=BLUE)
        for place, row in enumerate(now.claimed):
            right.plot([place] * 2, [max(row.own.low, limits[0]), min(row.own.high, limits[1])], color=BLUE, lw=1.2)
            _open(right, place, row.own.value)
            text = words.quantity(row.own, SHARE, "signed")
            right.text(place + 0.11, row.own.value, text, va="center", weight="bold", color=BLUE)

    return show


def _folded(text: str, width: int) -> str:
    """A label over as many lines as it takes."""
    return "\n".join(textwrap.wrap(text, width, break_long_words=False))


def _signed(words: Words, values: tuple[float, ...]) -> list[str]:
    """Points without their noun, as tick labels."""
    return [words.quantity(value, POINTS, "bare") if value <= 0 else f"+{words.quantity(value, POINTS, 'bare')}" for value in values]


def _open(axes: Axes, x: float, y: float) -> None:
    """An open marker: computed for here, never measured."""
    axes.plot([x], [y], "o", markerfacecolor="white", markeredgecolor=BLUE, markeredgewidth=2, markersize=9, zorder=4)


def money_back(figure: Figure, words: Words, result: CustomerWorth, *reach: CustomerWorth) -> Show:
    """What of the cost of winning one customer has come back, year after year, with leavers counted and without."""
    axes = figure.add_axes((0.18, 0.18, 0.54, 0.78))
    everyone = (result, *reach)
    longest = max(float(getattr(r.payback_surviving or r.payback_simple, "value", 4)) for r in everyone)
    years = min(max(2, math.ceil(1.5 * longest + 0.5)), round(max(r.balance[-1].years for r in everyone)))
    low = -max(r.cost_to_win.value for r in everyone)
    high = max(row.if_stayed for r in everyone for row in r.balance if row.years <= years)
    axes.set(xlim=(0, years), ylim=(low * 1.08, max(high, -0.3 * low) * 1.08))
    ticks = range(0, years + 1, max(1, years // 5))
    axes.set_xticks(ticks, [str(year) for year in ticks])
    cost, even = words.quantity(low, MONEY), _folded(words.text("worth.pictures.parts.earned_back"), 7)
    room = -low > 0.1 * high  # under the line, for what winning cost
    axes.set_yticks([low, 0] if room else [0], [cost, even] if room else [even])
    axes.get_yticklabels()[-1].set_va("bottom")
    axes.set_xlabel(words.text("worth.pictures.parts.axis_year"), color=GREY)
    _bare(axes)

    def show(now: CustomerWorth) -> None:
        axes.axhline(0, color=INK, lw=0.8)
        if now is not result:  # the base case, while it is moved away from
            before = [row for row in result.balance if row.years <= years]
            axes.plot([row.years for row in before], [row.expected for row in before], color=GREY, lw=0.9, ls=(0, (4, 3)))
        rows = [row for row in now.balance if row.years <= years]
        times = [row.years for row in rows]
        ends = []
        for name, colour, width in (("if_stayed", GREY, 1.2), ("expected", BLUE, 2.2)):
            heights = [getattr(row, name) for row in rows]
            axes.plot(times, heights, color=colour, lw=width)
            ends.append((name, heights[-1], colour))
        apart = 0.09 * (axes.get_ylim()[1] - axes.get_ylim()[0])
        for place, (name, height, colour) in enumerate(ends):
            middle, half = (ends[0][1] + ends[1][1]) / 2, max(abs(ends[0][1] - ends[1][1]), apart) / 2
            at = middle + half * (1 if place == 0 else -1)
            text = _folded(words.text(f"worth.pictures.parts.{name}"), 15)
            axes.text(times[-1] + years * 0.02, at, text, color=colour, va="center")
        if now.payback_surviving is not None and now.payback_surviving.value <= years:
            axes.plot([now.payback_surviving.low, min(now.payback_surviving.high, years)], [0, 0], color=BLUE, lw=1.2)
            _open(axes, now.payback_surviving.value, 0)

    return show


def winning_and_keeping(figure: Figure, words: Words, result: CustomerWorth, *reach: CustomerWorth) -> Show:
    """How many times dearer winning is than keeping here, beside what is said of it."""
    axes = figure.add_axes((0.27, 0.20, 0.70, 0.76))
    everyone = (result, *reach)
    highest = max(*(row.high * 1.2 for row in result.said), *(r.ratio.value * 1.25 for r in everyone if r.ratio))
    axes.set(xlim=(0, highest), ylim=(-0.95, len(result.said) + 0.6))
    names = [_folded(words.text(f"worth.pictures.parts.claims.{row.name}"), 14) for row in result.said]
    axes.set_yticks(range(len(names) + 1), [words.text("worth.pictures.parts.here"), *names])
    axes.set_xlabel(words.text("worth.pictures.parts.times"), color=GREY)
    _bare(axes, "bottom")
    thin = highest * 0.02
    for place, row in enumerate(result.said, 1):
        axes.barh(place, row.high - row.low + thin, 0.5, left=row.low - thin / 2, color=PALE)
        ends = [words.quantity(int(end) if end == int(end) else end, RATIO) for end in dict.fromkeys((row.low, row.high))]
        axes.text(row.high + thin, place, "\u2013".join(ends), va="center", color=GREY)
    axes.plot([1, 1], [-0.5, len(names) + 0.5], color=GREY, lw=0.8, ls=(0, (3, 3)))
    axes.text(1 + thin / 2, len(names) + 0.6, words.text("worth.pictures.parts.equal"), color=GREY, va="top")

    def show(now: CustomerWorth) -> None:
        if now.ratio is None:
            return
        axes.plot([now.ratio.low, min(now.ratio.high, highest)], [0, 0], color=BLUE, lw=2)
        _open(axes, now.ratio.value, 0)
        costs = {"win": (now.cost_to_win, MONEY), "keep": (now.cost_to_keep, MONEY), "ratio": (now.ratio, RATIO)}
        text = words.text("worth.pictures.parts.own_ratio", None, **costs)
        axes.text(highest / 2, -0.38, text, color=BLUE, weight="bold", ha="center", va="top")

    return show


def retention_by_tenure(figure: Figure, words: Words, result: CustomerWorth, *reach: CustomerWorth) -> Show:
    """Retention at each renewal with its interval, seen solid and projected open, beside one constant rate."""
    axes = figure.add_axes((0.10, 0.19, 0.88, 0.78))
    rows = result.by_tenure
    last = max((row.renewal for row in rows if row.seen), default=1)
    low = min(row.retention.low for r in (result, *reach) for row in r.by_tenure)
    axes.set(xlim=(0.4, len(rows) + 0.6), ylim=(max(-0.05, low - 0.07), 1.04))
    axes.set_xticks([row.renewal for row in rows], [str(row.renewal) for row in rows])
    ticks = [mark / 10 for mark in range(11) if mark / 10 >= axes.get_ylim()[0]]
    axes.set_yticks(ticks, [words.quantity(tick, SHARE) for tick in ticks])
    axes.set_xlabel(words.text(f"worth.pictures.parts.renewal_{result.period}"), color=GREY)
    _bare(axes)

    def show(now: CustomerWorth) -> None:
        constant = now.by_tenure[0].constant
        axes.plot([0.5, len(rows) + 0.5], [constant, constant], color=GREY, lw=1, ls=(0, (4, 3)))
        text = words.text("worth.pictures.parts.constant", None, rate=(constant, SHARE))
        axes.text(len(rows) + 0.5, constant - 0.008, text, color=GREY, ha="right", va="top")
        for row in now.by_tenure:
            axes.plot([row.renewal] * 2, [row.retention.low, row.retention.high], color=BLUE, lw=1.4)
            face = BLUE if row.seen else "white"
            axes.plot(
                [row.renewal], [row.retention.value], "o", markerfacecolor=face, markeredgecolor=BLUE,
                markeredgewidth=1.8, markersize=8, zorder=4,
            )  # fmt: skip
        for row in {row.renewal: row for row in now.by_tenure if row.seen and row.renewal in (1, last)}.values():
            below = row.retention.value < constant
            at, where = (row.retention.low - 0.012, "top") if below else (row.retention.high + 0.012, "bottom")
            axes.text(row.renewal, at, words.quantity(row.retention, SHARE), ha="center", va=where, weight="bold")

    return show
