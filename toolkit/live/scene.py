"""What stands still on the stage: labels, help, keys. Texts and plain figures only, as the view takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from toolkit.live.controls import Knob
from toolkit.words import Words

IN_SIGHT = 5
ACTIONS = ("save", "undo", "redo", "reset", "goal", "compare", "to_report", "export", "picture", "full_screen", "help")
TEXTS = ("stage", "controls", "outcome", "scenarios", "acting", "more", "fewer", "close", "base", "waiting", "wanted", "presets")
KEYED = ("save", "undo", "redo", "goal", "compare", "picture", "full_screen")


def scene(
    words: Words, accent: str, knobs: Sequence[Knob], presets: Sequence[str], pictures: Sequence[str]
) -> dict[str, Any]:
    """Everything on the stage that no slider changes; presets and pictures by what they are called."""
    return {
        "lang": words.tag,
        "accent": accent,
        "in_sight": IN_SIGHT,
        "texts": {name: words.text(f"live.texts.{name}") for name in TEXTS},
        "actions": [
            {"name": name, "label": words.text(f"live.actions.{name}"), "key": key_of(words, name)} for name in ACTIONS
        ],
        "controls": [_control(words, knob) for knob in knobs],
        "presets": list(presets),
        "pictures": list(pictures),
    }


def key_of(words: Words, action: str) -> str:
    """The key that does an action while the stage has the focus; nothing for an action without one."""
    return "?" if action == "help" else words.text(f"live.keys.{action}") if action in KEYED else ""


def _control(words: Words, knob: Knob) -> dict[str, str]:
    label = knob.label(words)
    return {
        "field": knob.field,
        "label": label,
        "help": knob.help(words),
        "exactly": words.text("live.type_exactly", None, label=label),
    }
