"""The stage in a notebook: one widget that carries messages to `Stage.do` and frames back."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import anywidget
import traitlets

FOLDER = Path(__file__).resolve().parent


class Played(Protocol):
    """Whatever answers a view: a stage, or the round of guesses."""

    scene: dict[str, Any]

    def do(self, message: dict[str, Any]) -> dict[str, Any]:
        """The frame that follows a message."""


class View(anywidget.AnyWidget):
    """A view in the browser; `scene` stands still, frames travel as messages."""

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    scene = traitlets.Dict().tag(sync=True)


def widget_of(played: Played, view: str = "view") -> View:
    """The widget of a stage, or with `view="guess"` of a round of guesses."""
    script = "\n".join((FOLDER / f"{name}.js").read_text("utf-8") for name in (view, "glue"))
    widget = View(_esm=script, _css=(FOLDER / "stage.css").read_text("utf-8"), scene=played.scene)
    widget.on_msg(lambda _, message, __: widget.send(played.do(message)))
    return widget
