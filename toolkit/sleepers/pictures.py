"""Pictures of the sleepers. Measured is solid, expected is outlined; no arithmetic on raw data.

Each draws what stands still and returns the function that draws what moves.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from toolkit.picture import AMBER, BLUE, GREEN, GREY, INK, PALE, RED, Show
from toolkit.sleepers.result import Asleep, Line
from toolkit.units import MONEY, MONTHS
from toolkit.words import Words

WIDEST = 6  # characters that fit in a bar
LONGEST = 12  # characters of a name beside a line
PLACE = "sleepers.pictures.parts"
BARS = ("spent", "earned_asleep", "earned_lost", "left", "expected")


def _bare(axes: Axes) -> None:
    for side in ("left", "right", "top", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)


def _folded(text: str) -> str:
    """A label with a line for each word; a soft hyphen may end one."""
    return text.replace("\u00ad", "-\n").replace(" ", "\n")


def not_earned_back(figure: Figure, words: Words, result: Asleep, *reach: Asleep) -> Show:
    """From what winning the silent customers cost to what they never earned back, as a waterfall.

    What is left is split: lost below, asleep above; what calling should bring is outlined.
    """
    axes = figure.add_axes((0.02, 0.22, 0.96, 0.76))
    highest = max(r.spent for r in (result, *reach)) or 1
    names = BARS if any(r.expected for r in (result, *reach)) else BARS[:-1]
    axes.set(xlim=(-0.5, len(names) - 0.5), ylim=(0, highest * 1.1), yticks=[])
    labels = [_folded(words.text(f"{PLACE}.{name}")) for name in names]
    axes.set_xticks(range(len(names)), labels)
    _bare(axes)

    def show(now: Asleep) -> None:
        after = now.spent - now.earned_back_asleep
        axes.bar(0, now.spent, 0.62, color=GREY)
        _amount(axes, 0, now.spent + highest * 0.02, words.quantity(now.spent, MONEY, "exact"))
        falls = ((after, now.earned_back_asleep), (now.written_off, now.earned_back_lost))
        for place, (bottom, height) in enumerate(falls, 1):
            axes.bar(place, height, 0.62, bottom=bottom, color=BLUE)
            _fall(axes, words, place, bottom, height, highest)
        for place, level in enumerate((now.spent, after, now.written_off)):
            axes.plot([place + 0.31, place + 0.69], [level, level], color=GREY, lw=0.8)
        _left(axes, words, now, highest)
        axes.axhline(0, color=PALE, lw=0.8)

    return show


def _fall(axes: Axes, words: Words, place: int, bottom: float, height: float, highest: float) -> None:
    """What a fall is worth: below the bar where there is room, else in it, else above it."""
    money = words.quantity(-height, MONEY, "exact")
    below = bottom > highest * 0.1
    inside = not below and height > highest * 0.12 and len(money) <= WIDEST
    level = bottom + height / 2 if inside else bottom - highest * 0.02 if below else bottom + height + highest * 0.02
    va = "center" if inside else "top" if below else "bottom"
    _amount(axes, place, level, money, va=va, color="white" if inside else INK)


def _amount(axes: Axes, place: float, level: float, money: str, *, va: str = "bottom", color: str = INK) -> None:
    axes.text(place, level, money, ha="center", va=va, weight="bold", color=color)


def _left(axes: Axes, words: Words, now: Asleep, highest: float) -> None:
    """What was not earned back, lost below and asleep above, and what calling should bring of it."""
    axes.bar(3, now.written_off_lost, 0.62, color=RED)
    axes.bar(3, now.written_off_asleep, 0.62, bottom=now.written_off_lost, color=AMBER)
    _amount(axes, 3, now.written_off + highest * 0.02, words.quantity(now.written_off, MONEY, "exact"))
    for name, bottom, height, ink in (
        ("lost", 0, now.written_off_lost, "white"),
        ("asleep", now.written_off_lost, now.written_off_asleep, INK),  # white on amber is hard to read
    ):
        if height > highest * 0.09:
            label = words.text(f"{PLACE}.{name}")
            axes.text(3, bottom + height / 2, label, ha="center", va="center", color=ink)
    if now.expected:
        axes.bar(4, now.expected.value, 0.62, fill=False, edgecolor=GREEN, lw=1.8)
        money = words.quantity(now.expected, MONEY, "signed")
        _amount(axes, 4, now.expected.value + highest * 0.02, money, color=GREEN)


def back_by_month(figure: Figure, words: Words, result: Asleep, *reach: Asleep) -> Show:
    """The gross margin that a customer has brought on average, month by month, against what winning one cost."""
    axes = figure.add_axes((0.12, 0.17, 0.69, 0.8))
    months = max((r.months_seen for r in (result, *reach)), default=1) or 1
    every = [p.cumulative for r in (result, *reach) for line in (r, *r.lines) for p in line.points]
    highest = max([*every, *(r.cost_per_customer for r in (result, *reach))], default=1) or 1
    axes.set(xlim=(0, months), ylim=(min(0, *every, 0) * 1.1, highest * 1.12))
    axes.set_xlabel(words.text(f"{PLACE}.months"), color=GREY)
    axes.yaxis.set_major_formatter(lambda value, _: words.quantity(value, MONEY))
    axes.yaxis.set_major_locator(_few())
    axes.xaxis.set_major_locator(_few(whole=True))
    axes.xaxis.set_major_formatter(lambda value, _: words.quantity(value, MONTHS, "bare"))
    _bare(axes)
    axes.grid(axis="y", color=PALE, lw=0.6)

    def show(now: Asleep) -> None:
        ends: list[tuple[float, str]] = []
        for line in now.lines:
            ages, levels = _path(line)
            axes.plot(ages, levels, color=GREY, lw=0.9)
            name = line.channel or words.period(line.first, line.last, "short").replace("\n", " ")
            if ages[-1] > 0.8 * months:
                ends.append((levels[-1], name))
            else:
                above = levels[-1] >= now.points[len(ages) - 2].cumulative
                side = {"va": "bottom"} if above else {"va": "top"}
                axes.text(ages[-1], levels[-1] + highest * (0.02 if above else -0.02), name, color=GREY, **side)
        ages, levels = _path(now)
        axes.plot(ages, levels, color=BLUE, lw=2.4)
        axes.axhline(now.cost_per_customer, color=RED, lw=1.4, ls=(0, (4, 3)))
        cost = words.text(f"{PLACE}.cost", None, cost=(now.cost_per_customer, MONEY))
        axes.text(months * 0.99, now.cost_per_customer + highest * 0.02, cost, ha="right", color=RED)
        if now.payback:
            axes.plot([now.payback], [now.cost_per_customer], "o", mfc="white", mec=INK, ms=7, zorder=5)
        _name_ends(axes, [*ends, (levels[-1], words.text(f"{PLACE}.everyone"))], months, highest)

    return show


def _few(*, whole: bool = False):
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(4, integer=whole, steps=[1, 2, 3, 5, 10] if not whole else [1, 2, 3, 4, 6, 10])


def _path(line: Asleep | Line) -> tuple[list[float], list[float]]:
    return [0.0, *(p.age for p in line.points)], [0.0, *(p.cumulative for p in line.points)]


def _name_ends(axes: Axes, ends: list[tuple[float, str]], months: float, highest: float) -> None:
    """The names of the lines at their ends, moved apart where they would touch."""
    levels: list[float] = []
    for level, _ in sorted(ends):
        levels.append(max(level, levels[-1] + highest * 0.09) if levels else level)
    too_high = max(0.0, levels[-1] - highest * 1.04)
    for level, (_, name) in zip(levels, sorted(ends), strict=True):
        shown = name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
        colour = BLUE if name == ends[-1][1] else GREY
        axes.text(months * 1.01, level - too_high, shown, va="center", color=colour)
