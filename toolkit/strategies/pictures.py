"""Pictures of a plan. Counted is solid, everything a plan would do is judged and therefore outlined.

Each draws what stands still and returns the function that draws what moves.
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from matplotlib.transforms import offset_copy

from toolkit.picture import BLUE, GREY, INK, PALE, RED, Show
from toolkit.quantities import on_one_step
from toolkit.strategies.result import BudgetPlan, CourseResult, YearFlow
from toolkit.units import COUNT, MONEY, SHARE
from toolkit.words import Words

BAR = 0.13  # the width of a column of the year
AT = (0.0, 1.0, 2.0)  # start, half-way, end
LEAST = 0.085  # of the height between two labels
LETTERS = 18  # of a measure's name beside its bar


def _bare(axes: Axes) -> None:
    for side in ("left", "right", "top", "bottom"):
        axes.spines[side].set_visible(False)
    axes.set(xticks=[], yticks=[])


def _part(words: Words, part: str, **values: object) -> str:
    return words.text(f"strategies.pictures.parts.{part}", None, **values)


def year_flow(figure: Figure, words: Words, result: BudgetPlan, *reach: BudgetPlan) -> Show:
    """One year: the base is kept or lost, the lost come back or are gone, others come in; without the plan in grey."""
    axes = figure.add_axes((0.02, 0.02, 0.96, 0.96))
    years = [year for r in (result, *reach) for year in r.flows]
    tall = max(max(year.start, year.end) + year.gone for year in years) or 1.0
    gap = tall * 0.09
    axes.set(xlim=(-0.5, 3.3), ylim=(-gap, tall + 2.6 * gap))
    _bare(axes)

    def show(now: BudgetPlan) -> None:
        year, before, top = now.planned, now.without, tall + gap
        lost = top - year.kept - gap  # where the lost begin, half-way
        axes.bar(AT[0], year.start, BAR, bottom=top - year.start, color=GREY)
        _band(axes, AT[0], AT[1], (top, top), year.kept, BLUE)
        _band(axes, AT[0], AT[1], (top - year.kept, lost), year.lost, RED)
        _box(axes, AT[1], top, year.kept, BLUE)
        _box(axes, AT[1], lost, year.lost, RED)
        _text(axes, AT[0], top + gap * 0.7, _head(words, "start", year.start), "center", GREY)
        _text(axes, AT[1], lost - year.lost - gap * 0.7, _head(words, "lost", year.lost, before.lost), "center", RED)
        _text(axes, AT[2], top + gap * 0.7, _head(words, "end", year.end, before.end), "center", INK)
        _arrive(axes, words, year, before, top, lost, tall)

    return show


def _arrive(axes: Axes, words: Words, year: YearFlow, before: YearFlow, top: float, lost: float, tall: float) -> None:
    """The end of the year: kept, won back, brought and won on top of one another, the gone below."""
    gap, level, labels = tall * 0.09, top, []
    parts = [(name, getattr(year, name)) for name in ("kept", "won_back", "recommended", "won")]
    for name, count in parts:
        if name == "kept":
            _band(axes, AT[1], AT[2], (top, level), count, BLUE)
        elif name == "won_back":
            _band(axes, AT[1], AT[2], (lost, level), count, BLUE)
        else:
            _band(axes, AT[2] - 0.3, AT[2], (level, level), count, BLUE)
        _box(axes, AT[2], level, count, BLUE)
        if round(count) or round(getattr(before, name)):
            labels.append((level - count / 2, name, count, BLUE))
        level -= count
    bottom = min(level - gap, lost - year.won_back)
    _band(axes, AT[1], AT[2], (lost - year.won_back, bottom), year.gone, RED)
    _box(axes, AT[2], bottom, year.gone, RED)
    labels.append((bottom - year.gone / 2, "gone", year.gone, RED))
    heights = _apart([place for place, *_ in labels], (tall + 3 * gap) * LEAST)
    for height, (place, name, count, colour) in zip(heights, labels, strict=True):
        if abs(height - place) > tall * 0.02:
            axes.plot([AT[2] + BAR / 2, AT[2] + 0.12], [place, height], color=PALE, lw=0.8)
        _text(axes, AT[2] + 0.14, height, _head(words, name, count, getattr(before, name)), "left", colour)


def _head(words: Words, name: str, count: float, before: float | None = None) -> str:
    """A number of customers by name, with the difference that the plan makes, where it makes one."""
    shown = words.quantity(count, COUNT)
    more = 0 if before is None else round(count) - round(before)
    if not more:
        return f"{_part(words, name)} {shown}"
    return _part(words, "with_difference", name=_part(words, name), now=shown, more=words.quantity(more, COUNT, "signed"))


def _text(axes: Axes, x: float, y: float, text: str, side: str, colour: str) -> None:
    axes.text(x, y, text, ha=side, va="center", color=colour)


def _box(axes: Axes, x: float, top: float, height: float, colour: str) -> None:
    axes.add_patch(Rectangle((x - BAR / 2, top - height), BAR, height, facecolor="white", edgecolor=colour, lw=1.5))


def _band(axes: Axes, left: float, right: float, tops: tuple[float, float], height: float, colour: str) -> None:
    """A pale ribbon from one column to the next."""
    steps = [place / 20 for place in range(21)]
    x = [left + BAR / 2 + (right - left - BAR) * step for step in steps]
    y = [tops[0] + (tops[1] - tops[0]) * step * step * (3 - 2 * step) for step in steps]
    below = [value - height for value in reversed(y)]
    axes.add_patch(Polygon([*zip(x, y, strict=True), *zip(reversed(x), below, strict=True)], fc=colour, alpha=0.13, lw=0))


def _apart(places: Sequence[float], least: float) -> list[float]:
    """Heights of labels from the top down, pushed at least so far apart."""
    found: list[float] = []
    for place in places:
        found.append(min(place, found[-1] - least) if found else place)
    return found


def net_bars(figure: Figure, words: Words, result: BudgetPlan, *reach: BudgetPlan) -> Show:
    """What each course adds, net of its cost, the highest on top; red for what may lose; below, all together."""
    axes = figure.add_axes((0.29, 0.02, 0.49, 0.96))
    plans = [r for r in (result, *reach) if r.plan is not None]
    ends = [end for r in plans for figure_ in (r.plan, *(c.own for c in r.courses)) for end in (figure_.low, figure_.high)]
    low, high = min([0.0, *ends]), max([0.0, *ends]) or 1.0
    room = (high - low) * 0.03
    rows = max(sum(course.begun for course in r.courses) for r in plans) + 1
    axes.set(xlim=(low - room, high + room), ylim=(-rows - 0.1, 0.6))
    _bare(axes)

    def show(now: BudgetPlan) -> None:
        begun = [course for course in now.courses if course.begun]
        costs = on_one_step([course.cost for course in begun])
        for row, course in enumerate(begun):
            colour = RED if course.may_lose else BLUE
            if now is not result:  # the base case, while it is moved away from
                _outline(axes, -row, result.course(course.kind).own.value, 0.5, GREY, 0.9)
            _net(axes, words, -row, course.own, colour, 0.5)
            _label(axes, _part(words, course.kind), _part(words, "budget", money=words.quantity(costs[row], MONEY, "exact")), -row)
        if len(begun) > 1:
            place = -rows + 0.55
            axes.axhline(place + 0.68, color=PALE, lw=0.8)
            if now is not result:
                _outline(axes, place - 0.1, result.plan.value, 0.62, GREY, 0.9)
            _net(axes, words, place - 0.1, now.plan, RED if now.plan.low < 0 else BLUE, 0.62)
            _label(axes, _part(words, "plan"), _part(words, "budget", money=words.quantity(sum(costs), MONEY, "exact")), place - 0.1)
        axes.axvline(0, color=INK, lw=0.8)

    return show


def _outline(axes: Axes, row: float, value: float, height: float, colour: str, width: float) -> None:
    """A bar from nothing to a value, by its outline only."""
    axes.add_patch(Rectangle((0, row - height / 2), value, height, fill=False, edgecolor=colour, lw=width))


def _net(axes: Axes, words: Words, row: float, own: object, colour: str, height: float) -> None:
    """One net bar with its range and its figure."""
    _outline(axes, row, own.value, height, colour, 1.8)
    if own.low < own.high:
        ends = [own.low, own.low, own.low, own.high, own.high, own.high]  # one stroke: end, range, end
        axes.plot(ends, [row - 0.1, row + 0.1, row, row, row - 0.1, row + 0.1], color=INK, lw=1.4)
    shown = words.quantity(own.value, MONEY, "signed")
    axes.text(1.02, row, shown, transform=axes.get_yaxis_transform(), va="center", color=colour, weight="bold")


def _label(axes: Axes, name: str, below: str, row: float) -> None:
    """A course by name with its budget, left of its bar."""
    for text, points, style in ((name, 6, {"weight": "bold", "color": INK}), (below, -7, {"color": GREY})):
        place = offset_copy(axes.get_yaxis_transform(), axes.figure, y=points, units="points")
        axes.text(-0.03, row, text, transform=place, ha="right", va="center", **style)


def budgets(figure: Figure, words: Words, result: BudgetPlan, *reach: BudgetPlan) -> Show:
    """The budget of each course as planned (grey) and in the best split (blue), and what one euro more brings."""
    axes = figure.add_axes((0.29, 0.02, 0.46, 0.84))
    most = max(max(c.budget, c.best_budget or 0.0) for r in (result, *reach) for c in r.courses) or 1.0
    axes.set(xlim=(0, most * 1.3), ylim=(-len(result.courses) + 0.4, 0.55))
    _bare(axes)
    figure.text(0.99, 0.93, _part(words, "next_euro"), ha="right", color=GREY)
    for place, (name, colour) in enumerate((("planned", GREY), ("best", BLUE))):
        figure.text(0.29 + 0.17 * place, 0.93, _part(words, name), color=colour, weight="bold")
    order = sorted(result.courses, key=lambda course: -(course.best_budget or 0.0))
    for row, course in enumerate(order):
        name = _part(words, course.kind)
        axes.text(-0.03, -row, name, transform=axes.get_yaxis_transform(), ha="right", va="center", weight="bold")
        if course.best_budget is not None:
            _spend(axes, words, -row - 0.19, course.best_budget, BLUE, most)

    def show(now: BudgetPlan) -> None:
        for row, course in enumerate(order):
            moved = now.course(course.kind)
            _spend(axes, words, -row + 0.19, moved.budget, GREY, most)
            _next(axes, words, -row, moved)
        axes.axvline(0, color=INK, lw=0.8)

    return show


def _spend(axes: Axes, words: Words, row: float, money: float, colour: str, most: float) -> None:
    axes.barh(row, money, 0.32, facecolor="white", edgecolor=colour, lw=1.5)
    axes.text(money + most * 0.02, row, words.quantity(money, MONEY, "finer"), va="center", color=colour)


def _next(axes: Axes, words: Words, row: float, course: CourseResult) -> None:
    if course.next_euro is None:
        return
    colour = RED if course.next_euro < 0 else INK
    shown = words.quantity(course.next_euro, MONEY, "cents")
    axes.text(1.52, row, shown, transform=axes.get_yaxis_transform(), ha="right", va="center", color=colour)


def cascade_steps(figure: Figure, words: Words, result: BudgetPlan, *reach: BudgetPlan) -> Show:
    """The cascade from the top down: for whom each measure's turn comes, what that costs and brings on average."""
    axes = figure.add_axes((0.27, 0.02, 0.42, 0.84))
    rows = max(len(r.cascade) for r in (result, *reach))
    axes.set(xlim=(0, 1.02), ylim=(-rows + 0.4, 0.55))
    _bare(axes)
    for place, name in ((0.27, "reached"), (0.835, "cost"), (0.99, "gain")):
        figure.text(place, 0.93, _part(words, name), ha="left" if place < 0.5 else "right", color=GREY)

    def show(now: BudgetPlan) -> None:
        side = {"transform": axes.get_yaxis_transform(), "va": "center"}
        for row, step in enumerate(now.cascade):
            colour = BLUE if step.pays else RED
            axes.barh(-row, step.reached, 0.5, facecolor="white", edgecolor=colour, lw=1.8)
            axes.text(0.02, -row, words.quantity(step.reached, SHARE), va="center", color=colour)
            axes.text(-0.03, -row, step.measure[:LETTERS], ha="right", color=INK, weight="bold", **side)
            for place, money in ((1.345, step.expected_cost), (1.714, step.expected_gain)):
                axes.text(place, -row, words.quantity(money, MONEY, "exact"), ha="right", color=colour, **side)
        axes.axvline(0, color=INK, lw=0.8)

    return show
