"""Controls made from a field's unit: a slider, and beside it a box for an exact figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ipywidgets as widgets
from babel.numbers import NumberFormatError, parse_decimal
from markupsafe import escape

from toolkit.units import Unit
from toolkit.words import Words, fields_of


@dataclass(frozen=True)
class Knob:
    """One assumption on the stage: its dotted field, its unit, its base value and how far it may go."""

    field: str
    unit: Unit
    base: float
    low: float
    high: float
    step: float


def read_number(text: str, unit: Unit, words: Words) -> float | None:
    """A typed figure in the reader's notation; None where it is none.

    >>> from toolkit.units import SHARE
    >>> read_number("82,5%", SHARE, Words("nl_BE"))
    0.825
    """
    bare = text.strip().strip("€$£ \u00a0").removesuffix("%").strip()
    try:
        value = float(parse_decimal(bare, locale=words.locale, strict=True))
    except (NumberFormatError, ValueError):
        return None
    return value / 100 if unit.name == "share" else value


class Control:
    """A slider with a name, its value in words, and a box for typing it exactly."""

    def __init__(self, knob: Knob, words: Words, changed: Callable[[str, float], None], refused: Callable[[str], None]):
        self.knob, self._words, self._changed, self._refused = knob, words, changed, refused
        section, name = knob.field.split(".", 1)
        label = words.text(f"{fields_of(section)}.{name}.label")
        self.slider = widgets.FloatSlider(
            value=knob.base,
            min=knob.low,
            max=knob.high,
            step=knob.step,
            readout=False,
            continuous_update=True,
            description=label,
            style={"description_width": "0px"},
            layout={"width": "100%"},
        )
        self.box = widgets.Text(
            value=self._shown(knob.base),
            continuous_update=False,
            layout={"width": "6.5em", "flex": "0 0 auto"},
            tooltip=words.text("live.type_exactly", None, label=label),
        )
        self._label = widgets.HTML(f'<b style="line-height:1.25;display:block">{escape(label)}</b>')
        self.slider.observe(self._slid, "value")
        self.box.observe(self._typed, "value")
        row = widgets.HBox([self._label, self.box], layout={"justify_content": "space-between"})
        self.view = widgets.VBox([row, self.slider], layout={"margin": "0 0 .6em 0"})

    @property
    def value(self) -> float:
        """The assumption as it stands."""
        return self.slider.value

    def set(self, value: float) -> None:
        """Put the control on a value, as if it had been slid there; beyond its ends it widens first."""
        self.slider.max = max(self.slider.max, value)
        self.slider.min = min(self.slider.min, value)
        self.slider.value = value

    def _shown(self, value: float) -> str:
        return self._words.quantity(value, self.knob.unit, "exact")

    def _slid(self, change: dict) -> None:
        self.box.value = self._shown(change["new"])
        self._changed(self.knob.field, change["new"])

    def _typed(self, change: dict) -> None:
        if change["new"] == self._shown(self.value):
            return
        value, unit = read_number(change["new"], self.knob.unit, self._words), self.knob.unit
        low, high = unit.low if unit.low is not None else value, unit.high if unit.high is not None else value
        if value is None or not low <= value <= high:
            self.box.value = self._shown(self.value)
            self._refused(change["new"])
            return
        self.set(value)
