"""One fixed stage: assumptions on the left, one picture in the middle, three figures on the right.

A chapter brings what is its own in `toolkit.<chapter>.onstage`: `knobs`, `presets`,
`pictures`, `headline`, `outcome`, `swings`, and `rerun`, which reads data once and
then turns a changed client into a result. The view sends messages, `Stage.do` answers
each with one frame; what goes wrong dims the picture and is said in one line.
"""

from __future__ import annotations

import gc
import importlib
import itertools
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from IPython.display import display

from toolkit.client import Client, changed
from toolkit.colour import accent_of
from toolkit.finding import Refused
from toolkit.live import acts, export, frame, saved, state
from toolkit.live.controls import Outcome
from toolkit.live.scene import IN_SIGHT, scene
from toolkit.page import words_for
from toolkit.picture import Moving, Picture

REPORTS = Path(__file__).resolve().parent.parent.parent / "reports"
SIZE = (5.3, 3.25)  # inches: in the middle of a stage of 1280 × 620 its ten-point labels are 16 pixels high
ACTS = acts.ACTS | saved.ACTS | export.ACTS
LOG = logging.getLogger(__name__)


class Stage:
    """The stage of one chapter for one client; it needs no browser, `do` moves it.

    >>> from toolkit import open_client
    >>> stage = Stage(open_client("templates/clients/leak-50"), "doors", "en_GB")
    >>> stage.do({"do": "type", "field": "doors.target_retention", "text": "90%"})["title"]
    'Going from 70% to 90% retention saves €200,000 a year'
    """

    def __init__(self, client: Client, chapter: str, locale: str | None = None):
        self.client, self.chapter = client, chapter
        self.exports = REPORTS / client.id / "session"
        self.words = words_for(client, locale)
        self.part = importlib.import_module(f"toolkit.{chapter}.onstage")
        self._rerun = self.part.rerun(client)
        self.base = self.result = self._rerun(client, full=True)
        self.knobs = {knob.field: knob for knob in self.part.knobs(client, self.base)}
        self.presets = self.part.presets(self.base)
        self.state, self.picture, self.panel, self.hand = state.State(), 0, None, next(iter(self.knobs), None)
        self._pictures, self._moving = self.part.pictures(self.base), {}
        self._notice, self._shown, self._sent, self._number = "", {}, None, 0
        self._at, self.kept = (), ()
        names = [self.label(f"pictures.{picture.__name__}") for picture in self._pictures]
        presets = [self.label("preset", value=(value, self.knobs[field].unit)) for field, value in self.presets]
        self.scene = scene(self.words, accent_of(client), list(self.knobs.values()), presets, names)
        self.do({"do": "hello"})

    @property
    def what_if(self) -> dict[str, Any]:
        """What differs from the base case, ready for `report --set` or a notebook's `what_if`."""
        return dict(self.state.what_if)

    @property
    def notice(self) -> str:
        """The line at the foot of the stage."""
        return self._notice

    def value(self, field: str) -> float:
        """Where an assumption stands."""
        return self.state.what_if.get(field, self.knobs[field].base)

    def do(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one message of the view with the frame that follows; never raises."""
        try:
            if message["do"] != "rest":  # which comes by itself: what was said and opened stays
                self._notice, self.panel = "", None
            self._notice = ACTS[message["do"]](self, message) or self._notice
            self._draw(full=message["do"] != "set")
            self.kept = self.kept if message["do"] == "set" else saved.kept(self)
        except Refused as refused:
            self._notice = " ".join(self.words.refusal(refusal) for refusal in refused.refusals)
        except Exception:
            LOG.exception("the stage could not answer %s", message.get("do"))
            self._notice = self.words.text("live.went_wrong")
        self._number += 1
        return self._frame()

    def run(self, what_if: Mapping[str, Any], *, full: bool = False) -> Any:
        """The result of a what-if; raises `Refused` where the client does not allow it."""
        if not what_if:
            return self.base
        return self._rerun(changed(self.client, what_if), full=full)

    def outcome(self, result: Any) -> Outcome:
        """What the stage counts, now and in a scenario."""
        return self.part.outcome(result).beside(self.part.outcome(self.base))

    def drawing(self, result: Any) -> str:
        """The picture in sight of a result, whole, for a comparison or a slide."""
        return self._moved().svg(result)

    @property
    def still(self) -> str:
        """What stands still of the picture in sight."""
        return self._moved().still

    @property
    def drawn(self) -> Picture:
        """The function that draws the picture in sight; its name is its name in the words."""
        return self._pictures[self.picture]

    def widen(self, field: str, value: float) -> None:
        """Let a control reach a value; the pictures get new limits."""
        self.knobs[field] = self.knobs[field].reaching(value)
        self._moving, self._at = {}, ()

    def _moved(self) -> Moving:
        if self.picture not in self._moving:
            self._moving[self.picture] = Moving(self.drawn, self.words, self.base, *self.reach, size=SIZE)
        return self._moving[self.picture]

    @property
    def reach(self) -> tuple[Any, ...]:
        """The results at all corners of the sliders in sight that have one; they fix the limits of the picture."""
        if "reach" not in self._moving:
            knobs = list(self.knobs.values())[:IN_SIGHT]
            corners = itertools.product(*((knob.low, knob.high) for knob in knobs))
            fields = [knob.field for knob in knobs]
            found = (self._corner(dict(zip(fields, corner, strict=True))) for corner in corners)
            self._moving["reach"] = tuple(result for result in found if result is not None)
        return self._moving["reach"]

    def _corner(self, what_if: Mapping[str, float]) -> Any | None:
        try:
            return self.run(what_if)
        except Refused:
            return None  # a corner at which no figure follows; moving there says why

    def _draw(self, *, full: bool) -> None:
        """Compute what the state asks for and keep how it looks; where that fails the old look stays."""
        at = (self.state.what_if, self.picture, full)
        if at == self._at:
            return
        result = self.run(self.state.what_if, full=full)
        self.result, self._shown, self._at = result, self.look(result), at

    def title(self, result: Any) -> str:
        """The title above the picture."""
        key, about = self.part.headline(result)
        title = self.words.text(f"{self.chapter}.{key}", about)
        return title[:1].upper() + title[1:]

    def look(self, result: Any) -> dict[str, Any]:
        """How a result looks: its title, what moves in the picture in sight, the three figures and the bars."""
        outcome = self.outcome(result)
        return {
            "title": self.title(result),
            "moving": self._moved().above(result),
            "numbers": frame.three(self.words, outcome, lambda name: self._counted(name, outcome.unit)),
            "tornado": frame.bars(self.words, self.part.swings(result), self._swing, self.label("what_matters")),
        }

    def _frame(self) -> dict[str, Any]:
        shown = [frame.control(self.words, knob, self.value(field)) for field, knob in self.knobs.items()]
        still = self._moving.get(self.picture)
        fresh = still is not None and still is not self._sent
        self._sent = still or self._sent
        return {
            **self._shown,
            **({"still": still.still} if fresh else {}),
            "number": self._number,
            "picture": self.picture,
            "controls": shown,
            "dim": self._at[:2] != (self.state.what_if, self.picture),
            "undo": bool(self.state.past),
            "redo": bool(self.state.future),
            "chips": saved.chips(self),
            "panel": self.panel,
            "notice": self._notice,
        }

    def forget(self) -> None:
        """Send the still part again with the next frame: a view has been opened."""
        self._sent = None

    def label(self, name: str, **values: Any) -> str:
        """A label of the stage: the chapter's own, or the one that all share."""
        own = f"{self.chapter}.live.{name}"
        return self.words.text(own if self.words.has(own) else f"live.{name}", None, **values)

    def _counted(self, name: str, unit: Any) -> str:
        """A label of the three figures; a chapter that counts now in this unit, now in that has one for each."""
        own = f"{name}_{unit.name}"
        return self.label(own if self.words.has(f"{self.chapter}.live.{own}") else name)

    def _swing(self, name: str) -> str:
        return self.words.text(f"{self.chapter}.tables.swings.values.name.{name}")


def stage(client: Client, chapter: str, locale: str | None = None) -> None:
    """Show the stage of a chapter."""
    from toolkit.live.widget import widget_of

    shown = Stage(client, chapter, locale)
    gc.collect()
    gc.freeze()  # what the kernel holds by now is not looked through again while a slider moves: half the longest waits
    display(widget_of(shown))
