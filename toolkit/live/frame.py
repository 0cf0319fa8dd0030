"""What moves on the stage: controls, title, figures and bars of one state, as the view takes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from toolkit.live.controls import Knob, Outcome, value_of
from toolkit.live.tornado import tornado
from toolkit.units import POINTS, SHARE, Estimate, Unit
from toolkit.whatif import Swing
from toolkit.words import Words

Label = Callable[[str], str]


def control(words: Words, knob: Knob, value: float) -> dict[str, Any]:
    """One control as it stands: its value, its ends, the place of the base value from 0 to 1, and how it reads."""
    text = words.quantity(value, knob.unit, "exact")
    width = (knob.high - knob.low) or 1.0
    return {
        "value": value,
        "min": knob.low,
        "max": knob.high,
        "step": knob.step,
        "base": knob.base,
        "mark": (knob.base - knob.low) / width,
        "text": text,
        "spoken": words.text("live.spoken", None, label=knob.label(words), value=text),
        "moved": value != knob.base,
    }


def three(words: Words, outcome: Outcome, label: Label) -> list[dict[str, str]]:
    """Now, scenario, difference: each with its label, its figure, and its interval where it has one."""
    apart = POINTS if outcome.unit == SHARE else outcome.unit
    shown = (
        ("now", outcome.now, outcome.unit, ""),
        ("scenario", outcome.then, outcome.unit, ""),
        ("difference", outcome.gap, apart, "signed"),
    )
    return [
        {
            "label": label(name),
            "value": words.quantity(value_of(figure), unit, style),
            "between": _between(words, figure, unit),
        }
        for name, figure, unit, style in shown
    ]


def _between(words: Words, figure: float | Estimate, unit: Unit) -> str:
    """The interval of a figure in words; nothing where it has none."""
    if not isinstance(figure, Estimate) or figure.low == figure.high:
        return ""
    low, high = words.quantity(figure.low, unit), words.quantity(figure.high, unit)
    return low if low == high else words.text("live.from_to", None, low=low, high=high)


def bars(words: Words, swings: Sequence[Swing], name: Label, title: str) -> dict[str, Any] | None:
    """The small tornado: each bar with its place, and what comes out at its two ends; None without swings."""
    found = tornado(swings)
    if not found.bars:
        return None
    rows = [
        {
            "label": name(bar.swing.name),
            "start": bar.start,
            "end": bar.end,
            "spoken": words.text(
                "live.swing",
                None,
                low_input=(bar.swing.low_input, bar.swing.unit),
                high_input=(bar.swing.high_input, bar.swing.unit),
                low=(bar.swing.low, bar.swing.outcome),
                high=(bar.swing.high, bar.swing.outcome),
            ),
        }
        for bar in found.bars
    ]
    ends = [words.quantity(end, found.bars[0].swing.outcome) for end in (found.low, found.high)]
    return {"label": title, "middle": found.middle, "ends": ends, "rows": rows}
