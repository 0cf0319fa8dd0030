"""One fixed stage: assumptions on the left, one picture in the middle, three figures on the right.

A chapter brings what is its own in `toolkit.<chapter>.onstage`: `knobs`, `presets`,
`pictures`, `headline`, `outcome`, `swings`, and `rerun`, which reads data once and
then turns a changed client into a result. The base case
stays visible; every change can be undone; what goes wrong dims the picture and is
said in one line, never a traceback.
"""

from __future__ import annotations

import importlib
import itertools
import logging
from typing import Any

import ipywidgets as widgets
from IPython.display import display
from markupsafe import escape

from toolkit.client import Client, changed
from toolkit.finding import Refused
from toolkit.live.controls import Control
from toolkit.page import words_for
from toolkit.picture import Moving
from toolkit.units import Unit
from toolkit.words import fields_of

AUTO = {"width": "auto"}
SIZE = (4.4, 3.3)  # inches: the middle of a stage of 1280 × 620, its text legible from the back row
LOG = logging.getLogger(__name__)


class Stage:
    """The stage of one chapter for one client; `view` is the widget, `set` and the buttons move it."""

    def __init__(self, client: Client, chapter: str, locale: str | None = None):
        self.client, self.chapter = client, chapter
        self.words = words_for(client, locale)
        self._part = importlib.import_module(f"toolkit.{chapter}.onstage")
        self._rerun = self._part.rerun(client)
        self.base = self.result = self._rerun(client)
        self._knobs = self._part.knobs(client, self.base)
        self._past: list[dict[str, float]] = []
        self._values = {knob.field: knob.base for knob in self._knobs}
        self._quiet = False
        self.controls = {
            knob.field: Control(knob, self.words, self._moved, self._not_a_number) for knob in self._knobs
        }
        reach = self._reach()
        self._pictures = [
            Moving(picture, self.words, self.base, *reach, size=SIZE) for picture in self._part.pictures(self.base)
        ]
        self._title, self._drawing, self._figures, self._tornado, self._notice = (
            widgets.HTML() for _ in range(5)
        )
        self.view = self._layout()
        self._draw()

    def set(self, field: str, value: float) -> None:
        """Put one assumption on a value."""
        self.controls[field].set(value)

    @property
    def what_if(self) -> dict[str, float]:
        """What differs from the base case, ready for `report --set` or a notebook's `what_if`."""
        return {
            field: value
            for field, value in self._values.items()
            if value != next(knob.base for knob in self._knobs if knob.field == field)
        }

    @property
    def notice(self) -> str:
        """The line at the foot of the stage."""
        return self._notice.value

    def undo(self, *_: Any) -> None:
        """Take back the last change."""
        if self._past:
            self._to(self._past.pop())

    def reset(self, *_: Any) -> None:
        """Back to the client's own figures."""
        self._past.append(dict(self._values))
        self._to({knob.field: knob.base for knob in self._knobs})

    def preset(self, field: str, value: float) -> None:
        """Put one assumption on a published or round value, as one step that can be undone."""
        self._past.append(dict(self._values))
        self._to({**self._values, field: value})

    def _to(self, values: dict[str, float]) -> None:
        self._quiet = True
        for field, value in values.items():
            self.controls[field].set(value)
        self._quiet = False
        self._values = dict(values)
        self._draw()

    def _moved(self, field: str, value: float) -> None:
        if self._quiet:
            return
        self._past.append(dict(self._values))
        self._values[field] = value
        self._draw()

    def _not_a_number(self, given: str) -> None:
        self._notice.value = str(escape(self.words.text("live.not_a_number", None, given=given)))

    def _reach(self) -> list[Any]:
        """The results at all corners of the sliders that have one; they fix the limits of the picture."""
        ends = [(knob.low, knob.high) for knob in self._knobs]
        fields = [knob.field for knob in self._knobs]
        found = []
        for corner in itertools.product(*ends):
            try:
                found.append(self._rerun(changed(self.client, dict(zip(fields, corner, strict=True)))))
            except Refused:
                continue  # a corner at which no figure follows; moving there says why
        return found

    def _draw(self) -> None:
        """Compute and show; on an error the old picture dims and one line says so."""
        try:
            self.result = self._rerun(changed(self.client, self.what_if)) if self.what_if else self.base
            drawing = self._pictures[self._choice.value].svg(self.result)
            self._title.value = f"<h3>{escape(self._text(self._part.headline(self.result)))}</h3>"
            self._drawing.value = f'<div style="width:100%">{drawing}</div>'
            self._figures.value = self._three()
            self._tornado.value = self._bars()
            self._notice.value = ""
        except Refused as refused:
            self._dim(" ".join(self.words.refusal(refusal) for refusal in refused.refusals))
        except Exception:
            LOG.exception("the stage could not draw")
            self._dim(self.words.text("live.went_wrong"))

    def _dim(self, line: str) -> None:
        if not self._drawing.value.startswith('<div style="opacity'):
            self._drawing.value = f'<div style="opacity:.25">{self._drawing.value}</div>'
        self._notice.value = str(escape(line))

    def _text(self, key: tuple[str, Any]) -> str:
        return self.words.text(f"{self.chapter}.{key[0]}", key[1])

    def _live(self, name: str, **values: Any) -> str:
        """A label of the stage: the chapter's own, or the one that all share."""
        own = f"{self.chapter}.live.{name}"
        return self.words.text(own if self.words.has(own) else f"live.{name}", None, **values)

    def _counted(self, name: str, unit: Unit) -> str:
        """A label of the three figures; a chapter that counts now in this unit, now in that has one for each."""
        own = f"{name}_{unit.name}"
        return self._live(own if self.words.has(f"{self.chapter}.live.{own}") else name)

    def _three(self) -> str:
        """Now, scenario, difference."""
        unit, now, _ = self._part.outcome(self.base)
        _, _, then = self._part.outcome(self.result)
        shown = (("now", now, ""), ("scenario", then, ""), ("difference", then - now, "signed"))
        return "".join(
            f'<div style="margin-bottom:.7em"><div style="color:#5f6b7a">{escape(self._counted(name, unit))}</div>'
            f'<div style="font-size:1.5em;font-weight:700;white-space:nowrap">{escape(self.words.quantity(value, unit, style))}</div></div>'
            for name, value, style in shown
        )

    def _bars(self) -> str:
        """Which assumption matters: at most five bars, largest first."""
        rows = self._part.swings(self.result)[:5]
        most = max((swing.size for swing in rows), default=0) or 1
        lines = [
            f"<div>{escape(self.words.text(f'{self.chapter}.tables.swings.values.name.{swing.name}'))}"
            f'<div style="background:#0b5cad;height:.55em;width:{100 * swing.size / most:.0f}%"></div></div>'
            for swing in rows
        ]
        if not lines:
            return ""
        return f"<b>{escape(self.words.text('live.what_matters'))}</b>" + "".join(lines)

    def _layout(self) -> widgets.Widget:
        words = self.words
        names = [self._live(f"pictures.{picture.__name__}") for picture in self._part.pictures(self.base)]
        self._choice = widgets.ToggleButtons(
            options=list(zip(names, range(len(names)), strict=True)), style={"button_width": "auto"}
        )
        self._choice.observe(lambda _: self._draw(), "value")
        undo = widgets.Button(description=words.text("live.undo"), layout=AUTO)
        reset = widgets.Button(description=words.text("live.reset"), layout=AUTO)
        undo.on_click(self.undo)
        reset.on_click(self.reset)
        presets = []
        for field, value in self._part.presets(self.base):
            unit, (section, name) = self.controls[field].knob.unit, field.split(".", 1)
            button = widgets.Button(
                description=self._live("preset", value=(value, unit)),
                tooltip=words.text(f"{fields_of(section)}.{name}.label"),
                layout=AUTO,
            )
            button.on_click(lambda _, field=field, value=value: self.preset(field, value))
            presets.append(button)
        left = widgets.VBox([control.view for control in self.controls.values()], layout={"width": "27%"})
        middle = widgets.VBox([self._title, self._drawing], layout={"width": "52%", "overflow": "hidden"})
        right = widgets.VBox([self._figures, self._tornado], layout={"width": "21%"})
        stage = widgets.HBox([left, middle, right], layout={"height": "500px", "overflow": "hidden"})
        foot = widgets.HBox([*presets, undo, reset, self._choice], layout={"flex_flow": "row wrap"})
        style = widgets.HTML("<style>.stage, .stage .widget-html-content, .stage button, .stage input[type=text] {font-size:16px !important}</style>")
        whole = widgets.VBox([style, stage, foot, self._notice], layout={"max_height": "620px"})
        whole.add_class("stage")
        return whole


def stage(client: Client, chapter: str, locale: str | None = None) -> None:
    """Show the stage of a chapter."""
    display(Stage(client, chapter, locale).view)
