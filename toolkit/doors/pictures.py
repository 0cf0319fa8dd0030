"""Pictures of the two doors. Measured is solid, assumed is outlined; no arithmetic on raw data.

Each draws what stands still and returns the function that draws what moves.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from toolkit.doors.leak import lost_anyway
from toolkit.doors.result import TwoDoors
from toolkit.picture import BLUE, GREEN, GREY, INK, LIGHT_BLUE, PALE, RED, Show
from toolkit.units import COUNT, MONEY, SHARE
from toolkit.words import Words

MOST_PERIODS = 8
MOST_SQUARES = 100
COLUMNS = (5, 10, 15, 20)
SIDE = 0.78  # of a square, on a grid of ones
WIDE = 2.1  # the ground of the squares, as a multiple of its height


def _bare(axes: Axes, *keep: str) -> None:
    """An axis-free drawing ground, but for the sides named."""
    for side in ("left", "right", "top", "bottom"):
        axes.spines[side].set_visible(side in keep)
    axes.tick_params(length=0)
    axes.set_yticks([])


def in_and_out(figure: Figure, words: Words, result: TwoDoors, *reach: TwoDoors) -> Show:
    """What came in above, what went out below; one period as a bridge, a series as mirrored bars."""
    return (_bridge if len(result.flows) == 1 else _mirror)(figure, words, result, *reach)


def _bridge(figure: Figure, words: Words, result: TwoDoors, *reach: TwoDoors) -> Show:
    """One period from its start to its end: added, taken away, and what is left."""
    axes = figure.add_axes((0.02, 0.16, 0.96, 0.76))
    highest = max((r.start + r.came_in for r in (result, *reach)), default=1) or 1
    names = ["start", "new", "reactivated", "lost", "end"]
    names = [name for name in names if name != "reactivated" or result.reactivated]
    axes.set(xlim=(-0.6, len(names) - 0.4), ylim=(0, highest * 1.12))
    axes.set_xticks(range(len(names)), [words.text(f"doors.pictures.parts.{name}") for name in names])
    _bare(axes)

    def show(now: TwoDoors) -> None:
        levels = {
            "start": (0, now.start, GREY, ""),
            "new": (now.start, now.new, BLUE, "signed"),
            "reactivated": (now.start + now.new, now.reactivated, LIGHT_BLUE, "signed"),
            "lost": (now.end, now.lost, RED, "signed"),
            "end": (0, now.end, GREY, ""),
        }
        for place, name in enumerate(names):
            bottom, height, colour, style = levels[name]
            axes.bar(place, height, 0.62, bottom=bottom, color=colour)
            label = words.quantity(-height if name == "lost" else height, COUNT, style)
            axes.text(place, bottom + height + highest * 0.02, label, ha="center", weight="bold")
            if place:
                level = now.end if name in ("lost", "end") else bottom
                start = now.start + now.came_in if name == "lost" else level
                axes.plot([place - 0.69, place - 0.31], [start, start], color=GREY, lw=0.8)
        axes.axhline(0, color=PALE, lw=0.8)

    return show


def _mirror(figure: Figure, words: Words, result: TwoDoors, *reach: TwoDoors) -> Show:
    """A series: in above the line, out below it, the balance as a strip of its own underneath."""
    above = figure.add_axes((0.13, 0.40, 0.86, 0.57))
    strip = figure.add_axes((0.13, 0.04, 0.86, 0.20))
    flows = [flow for r in (result, *reach) for flow in r.flows[-MOST_PERIODS:]]
    most = max(max(flow.new + flow.reactivated, flow.lost) for flow in flows) or 1
    widest = max(abs(flow.balance) for flow in flows) or 1
    shown = result.flows[-MOST_PERIODS:]
    places = range(len(shown))
    above.set(xlim=(-0.6, len(shown) - 0.4), ylim=(-most * 1.2, most * 1.2))
    above.set_xticks(places, [words.period(flow.first, flow.last, "short") for flow in shown])
    strip.set(xlim=above.get_xlim(), ylim=(-widest * 1.9, widest * 1.9), xticks=[])
    _bare(above)
    _bare(strip)
    for axes, height, name in ((above, most * 0.6, "in"), (above, -most * 0.6, "out"), (strip, 0, "balance")):
        label = words.text(f"doors.pictures.parts.{name}")
        axes.text(-0.68, height, label, ha="right", va="center", color=GREY)
    if any(flow.reactivated for flow in flows):
        above.set_ylim(-most * 1.25, most * 1.75)
        figure.text(0.98, 0.93, words.text("doors.pictures.parts.came_back"), ha="right", color=GREY)

    def show(now: TwoDoors) -> None:
        for place, flow in enumerate(now.flows[-MOST_PERIODS:]):
            came = flow.new + flow.reactivated
            above.bar(place, flow.new, 0.62, color=BLUE)
            above.bar(place, flow.reactivated, 0.62, bottom=flow.new, color=LIGHT_BLUE)
            above.bar(place, -flow.lost, 0.62, color=RED)
            _label(above, words, place, came, most, came)
            _label(above, words, place, -flow.lost, most, -flow.lost)
            strip.bar(place, flow.balance, 0.62, color=BLUE if flow.balance >= 0 else RED)
            _label(strip, words, place, flow.balance, widest * 3, flow.balance)
        above.axhline(0, color=INK, lw=0.8)
        strip.axhline(0, color=INK, lw=0.8)

    return show


def _label(axes: Axes, words: Words, place: float, height: float, scale: float, value: int) -> None:
    down = height < 0
    axes.text(
        place,
        height + scale * (-0.03 if down else 0.03),
        words.quantity(value, COUNT, "signed"),
        ha="center",
        va="top" if down else "bottom",
        weight="bold",
    )


def two_leaks(figure: Figure, words: Words, result: TwoDoors, *reach: TwoDoors) -> Show:
    """The leak now (measured, solid) and at the target (assumed, outlined), with the difference as an arrow."""
    axes = figure.add_axes((0.02, 0.14, 0.96, 0.80))
    highest = max(max(r.leak.high, r.leak_at_target) for r in (result, *reach)) or 1
    axes.set(xlim=(-0.6, 2.3), ylim=(0, highest * 1.15), xticks=[])
    _bare(axes)

    def show(now: TwoDoors) -> None:
        axes.bar(0, now.leak.value, 0.62, color=RED)
        axes.bar(1, now.leak_at_target, 0.62, fill=False, edgecolor=RED, lw=1.8)
        if now is not result:  # the base case, while it is moved away from
            axes.bar(1, result.leak_at_target, 0.62, fill=False, edgecolor=GREY, lw=0.9)
        axes.plot([0.26, 0.26], [now.leak.low, now.leak.high], color=INK, lw=1.6)
        for end in (now.leak.low, now.leak.high):
            axes.plot([0.23, 0.29], [end, end], color=INK, lw=1.6)
        for place, rate, money in (
            (0, now.retention_per_year, now.leak),
            (1, now.target_retention, now.leak_at_target),
        ):
            at = words.quantity(rate, SHARE)
            name = words.text(f"doors.pictures.parts.{'at_target' if place else 'now'}", None, rate=at)
            axes.text(place, -highest * 0.04, name, ha="center", va="top")
            height = getattr(money, "value", money)
            inside = place == 1 and height > highest * 0.15
            axes.text(
                0.2 if place == 0 else place,
                height + highest * (-0.03 if inside else 0.02),
                words.quantity(money, MONEY),
                ha="right" if place == 0 else "center",
                va="top" if inside else "bottom",
                weight="bold",
            )
        if now.saved.value:
            _difference(axes, words, now)
        axes.axhline(0, color=PALE, lw=0.8)

    return show


def _difference(axes: Axes, words: Words, now: TwoDoors) -> None:
    """The arrow from the leak now to the leak at the target, with what lies between."""
    axes.plot([0.33, 1.72], [now.leak.value] * 2, color=GREY, lw=0.8)
    axes.plot([1.33, 1.72], [now.leak_at_target] * 2, color=GREY, lw=0.8)
    colour = GREEN if now.saved.value > 0 else RED
    arrow = {"arrowstyle": "-|>", "color": colour, "lw": 2, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (1.6, now.leak_at_target), (1.6, now.leak.value), arrowprops=arrow)
    middle = (now.leak.value + now.leak_at_target) / 2
    ends = [min(max(now.leak.value - end, 0.0), axes.get_ylim()[1]) for end in (now.saved.low, now.saved.high)]
    axes.plot([1.6, 1.6], ends, color=colour, lw=1)
    for end in ends:
        axes.plot([1.57, 1.63], [end, end], color=colour, lw=1)
    saved = words.quantity(-now.saved.value, MONEY, "signed")
    axes.text(1.7, middle, saved, va="center", color=colour, weight="bold")


def deciles(figure: Figure, words: Words, result: TwoDoors, *reach: TwoDoors) -> Show:
    """Each tenth of the customers: its share of turnover, and the part of it that went."""
    axes = figure.add_axes((0.02, 0.16, 0.96, 0.72))
    highest = max(tenth.turnover_share for r in (result, *reach) for tenth in r.deciles) or 1
    axes.set(xlim=(0.4, 10.6), ylim=(0, highest * 1.14))
    axes.set_xticks([tenth.number for tenth in result.deciles])
    axes.set_xlabel(words.text("doors.pictures.parts.deciles"), color=GREY)
    _bare(axes)
    for place, (name, colour) in enumerate((("stayed", BLUE), ("went", RED))):
        axes.bar(7.2, highest * 0.06, 0.3, bottom=highest * (0.95 - 0.11 * place), color=colour)
        label = words.text(f"doors.pictures.parts.{name}")
        axes.text(7.5, highest * (0.98 - 0.11 * place), label, va="center")

    def show(now: TwoDoors) -> None:
        for tenth in now.deciles:
            axes.bar(tenth.number, tenth.turnover_share, 0.7, color=BLUE)
            axes.bar(tenth.number, tenth.lost_share, 0.7, color=RED)
            label = words.quantity(tenth.turnover_share, SHARE)
            axes.text(tenth.number, tenth.turnover_share + highest * 0.02, label, ha="center")
        axes.axhline(0, color=PALE, lw=0.8)

    return show


def squares(figure: Figure, words: Words, result: TwoDoors, *reach: TwoDoors) -> Show:
    """In the room: the customers as squares; lost even at the target, saved by it (how sure, below), and kept."""
    axes = figure.add_axes((0.02, 0.32, 0.96, 0.67))
    count = min(result.start, MOST_SQUARES) or 1
    columns = max(COLUMNS, key=lambda columns: min(WIDE / columns, 1 / -(-count // columns)))
    rows = -(-count // columns)
    axes.set(xlim=(-0.1, columns), ylim=(-0.1, rows), aspect="equal", anchor="SW", xticks=[])
    _bare(axes)
    each = result.start / count
    legend = words.text("doors.pictures.parts.each_square", None, customers=(each, COUNT))
    figure.text(0.37, 0.02, legend, color=GREY)

    def show(now: TwoDoors) -> None:
        at_target = round(count * (1 - now.target_retention))
        gone = round(count * now.churn_per_year.value)
        first, places = min(gone, at_target), [(at % columns, rows - 1 - at // columns) for at in range(count)]
        for part, colour in ((places[:first], RED), (places[first:gone], GREEN), (places[gone:], PALE)):
            if part:  # all squares of a colour as one path: a hundred patches take five times as long to draw
                axes.add_patch(_squares(part, colour, outlined=colour == GREEN))
        anyway, saved = lost_anyway(now.start, now.churn_per_year, now.target_retention)  # not counted in squares
        shown = (("goes_anyway", anyway, RED), ("saved", saved.value, GREEN))
        for line, (name, number, colour) in enumerate(shown):
            height = 0.23 - 0.07 * line
            people = words.quantity(number, COUNT, "customers")
            figure.text(0.35, height, people, color=colour, weight="bold", ha="right")
            figure.text(0.37, height, words.text(f"doors.pictures.parts.{name}"), color=colour)
        figure.text(0.37, 0.09, words.quantity(saved, COUNT, "between"), color=GREY)

    return show


def _squares(places: list[tuple[float, float]], colour: str, *, outlined: bool):
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    corners = ((0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE), (0, 0))
    each = [Path([(x + right, y + up) for right, up in corners], closed=True) for x, y in places]
    return PathPatch(Path.make_compound_path(*each), facecolor="white" if outlined else colour, edgecolor=colour, lw=1.5)
