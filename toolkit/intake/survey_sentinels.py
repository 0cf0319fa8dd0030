"""Numbers that are no answers: codes such as 99 that somebody left in a column.

One −99 left among 344 answers took R² from .324 to .016, so what looks like a code is
refused, with the line that declares it. Everything here works on the different
values of a column and how often each occurs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

FEW = 30
"""Fewer answers than this say too little about a scale to suspect a value at its end."""

WIDTHS = 3
MOST_CODES = 6
_CONVENTIONAL = {77, 88, 98, 99, 97, 777, 888, 998, 999, 9998, 9999, -77, -88, -98, -99, -999, -9999}
_FULL = (5, 7, 10)  # the usual ends of a scale
_ENDS = (1, 2, 3, 4, 5, 6, 7, 9, 10, 100)


@dataclass(frozen=True)
class Numbers:
    """The numbers of one question: how often each occurs, their labels, and the scale where it is known."""

    counts: Mapping[float, int]
    labels: Mapping[float, str] = field(default_factory=dict)
    known: tuple[float, float] | None = None


def suspects(
    columns: Mapping[Hashable, Numbers], no_answer: Mapping[Hashable, Mapping[float, str]]
) -> dict[tuple[Hashable, float], str]:
    """What is no answer, by column and value: the name of its refusal.

    `no_answer` are the values whose label says that they are none. A question with a
    known scale is held against it; the others against their own shape and each other.
    """
    found: dict[tuple[Hashable, float], str] = {}
    for name, column in columns.items():
        for value in column.counts:
            if value in no_answer.get(name, ()):
                found[name, value] = "sentinel_label"
            elif column.known and not column.known[0] <= value <= column.known[1]:
                found[name, value] = "sentinel_outside"
        if column.known is None:
            left = {value: n for value, n in column.counts.items() if (name, value) not in found}
            found |= {(name, value): why for value, why in _odd(left).items()}
    for name, value, why in _against_each_other(columns, found):
        found.setdefault((name, value), why)
    return found


def _odd(counts: Mapping[float, int]) -> dict[float, str]:
    """The values of one column that lie far from all others, or just past a scale's end.

    >>> _odd({1: 20, 2: 30, 3: 40, 4: 30, 5: 20, 99: 2}), _odd({3: 9, 4: 9, 9: 2})
    ({99: 'sentinel_far'}, {})
    """
    values, total = sorted(counts), sum(counts.values())
    below = 0
    for place in range(1, len(values)):
        below += counts[values[place - 1]]
        gap = values[place] - values[place - 1]
        if gap <= 1:
            continue
        upper = (values[place:], values[0], values[place - 1], 1 - below / total)
        lower = (values[:place], values[place], values[-1], below / total)
        for odd, first, last, share in (upper, lower):
            width = max(last - first, 4)  # no scale that people answer is shorter than five points
            coded = len(odd) <= MOST_CODES and set(odd) <= _CONVENTIONAL and first not in _CONVENTIONAL
            if gap >= WIDTHS * width and (share < 0.5 or coded) or coded and odd[0] < 0 <= first:
                rest = {value: counts[value] for value in values if value not in set(odd)}
                return dict.fromkeys(odd, "sentinel_far") | _odd(rest)
    return dict.fromkeys(_past_the_end(values, total), "sentinel_past_end")


def _past_the_end(values: Sequence[float], total: int) -> list[float]:
    """Values just past the end of a full scale: 8 or 9 after 1–5, 9 after 1–7, 11 after 0–10, a lone −1."""
    if total < FEW:
        return []
    core = [v for v in values if v >= 0]
    below = [v for v in values if v < 0]
    past = {5: (7, 8, 9), 7: (9,), 10: (11, 12)}
    for end, codes in past.items():
        scale, over = [v for v in core if v <= end], [v for v in core if v > end]
        whole = [v for v in scale if v == int(v)]
        full = len(whole) >= 3 and whole[-1] == end and whole == list(range(int(whole[0]), end + 1))
        if full and over and set(over) <= set(codes) and (end == 10 or 10 not in over) and len(over) < 3:
            return over + _lone(below, core)
    return _lone(below, core)


def _lone(below: Sequence[float], core: Sequence[float]) -> list[float]:
    """Negative codes under a scale that is not negative itself."""
    coded = len(below) <= 2 and set(below) <= {-1, -2, -8, -9}
    return list(below) if coded and len(core) >= 3 and core[-1] >= 3 else []


def _against_each_other(
    columns: Mapping[Hashable, Numbers], found: Mapping[tuple[Hashable, float], str]
) -> list[tuple[Hashable, float, str]]:
    """Values one past the end at which the other questions stop, and noughts where they begin at one."""
    kept = {}
    for name, column in columns.items():
        values = sorted(value for value in column.counts if (name, value) not in found)
        if column.known is None and values and sum(column.counts.values()) >= FEW:
            kept[name] = values
    if len(kept) < 3:
        return []
    end, times = Counter(max(values) for values in kept.values()).most_common(1)[0]
    if times < len(kept) / 2 or end not in _FULL:
        return []
    nought = [name for name, values in kept.items() if min(values) == 0]
    odd = []
    for name, values in kept.items():
        over, scale = [v for v in values if v > end], [v for v in values if v <= end]
        if over and len(scale) >= 2 and (set(over) == {end + 1} or set(over) <= {8, 9}):
            odd += [(name, value, "sentinel_past_end") for value in over]
        if min(values) == 0 and len(nought) < len(kept) / 2 and len(scale) >= 3 and scale[-1] == end:
            odd.append((name, 0.0, "sentinel_past_end"))
    return odd


def likely_scale(counts: Mapping[float, int], others: tuple[float, float] | None = None) -> tuple[float, float]:
    """The scale that these numbers were given on; `others` is that of most questions beside it.

    With few answers the scale of the others is taken, else the next usual one.

    >>> likely_scale({1: 10, 4: 30}), likely_scale({0: 5, 8: 40}), likely_scale({2: 3}, (1, 10))
    ((1.0, 5.0), (0.0, 10.0), (1, 10))
    """
    low, high = min(counts), max(counts)
    if others and others[0] <= low and high <= others[1] and sum(counts.values()) < FEW:
        return others
    if low < 0 or high > 100:
        return float(low), float(high if high > low else low + 1)
    surely = sum(counts.values()) >= FEW and high in _ENDS and (high >= 5 or len(counts) == high + (low == 0))
    end = high if surely else next(one for one in (5, 7, 10, 100) if one >= high)
    return (0.0 if low < 1 else 1.0), float(max(end, 2 if low >= 1 else 1))


def most_usual(scales: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """The scale that at least half of the questions share."""
    if not scales:
        return None
    scale, times = Counter(scales).most_common(1)[0]
    return scale if times >= len(scales) / 2 else None
