"""What one can do on the stage: each act takes the stage and a message, moves the stage, and may say one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from toolkit.live import state
from toolkit.live.controls import read_number, value_of
from toolkit.live.scene import KEYED, key_of
from toolkit.whatif import goal_seek

if TYPE_CHECKING:
    from toolkit.live.stage import Stage

Message = Mapping[str, Any]
STEPS = 16  # of a search; each is one run of the model


def hello(stage: Stage, message: Message) -> None:
    """A view has been opened."""
    stage.forget()


def slide(stage: Stage, message: Message) -> None:
    """A control was moved to a value within its reach."""
    knob = stage.knobs[message["field"]]
    value = float(f"{float(message['value']):.12g}")  # without the dust of adding steps
    value = knob.base if abs(value - knob.base) < knob.step / 1e6 else min(max(value, knob.low), knob.high)
    stage.hand = knob.field
    stage.state = state.put(stage.state, knob.field, value, base=knob.base)


def rest(stage: Stage, message: Message) -> None:
    """Nothing was touched for a while: what is held is let go of, and all draws are used."""
    stage.state = state.rest(stage.state)


def typed(stage: Stage, message: Message) -> str | None:
    """A figure was typed for a control; what is none or not allowed moves nothing."""
    knob, words, given = stage.knobs[message["field"]], stage.words, str(message["text"]).strip()[:60]
    value = read_number(given, knob.unit, words)
    if value is None:
        return words.text("live.not_a_number", None, given=given, label=knob.label(words))
    if not knob.allows(value):
        return words.text("live.out_of_bounds", None, given=given, label=knob.label(words), bounds=words.bounds(knob.unit))
    if words.quantity(stage.value(knob.field), knob.unit, "exact") == words.quantity(value, knob.unit, "exact"):
        return None
    stage.hand = knob.field
    after = state.rest(state.put(state.rest(stage.state), knob.field, value, base=knob.base))
    if knob.low <= value <= knob.high:
        stage.state = after
        return None
    stage.run(after.what_if)  # refused before anything moves
    stage.state = after
    stage.widen(knob.field, value)
    return words.text("live.widened", None, label=knob.label(words), value=(value, knob.unit))


def preset(stage: Stage, message: Message) -> None:
    """An assumption on a published or round value."""
    field, value = stage.presets[message["number"]]
    stage.hand = field
    if not stage.knobs[field].low <= value <= stage.knobs[field].high:
        stage.widen(field, value)
    moved = state.put(state.rest(stage.state), field, value, base=stage.knobs[field].base)
    stage.state = state.rest(moved)


def undo(stage: Stage, message: Message) -> None:
    """The last step taken back."""
    stage.state = state.undo(stage.state)


def redo(stage: Stage, message: Message) -> None:
    """The step taken back, taken again."""
    stage.state = state.redo(stage.state)


def reset(stage: Stage, message: Message) -> None:
    """Back to the client's own figures."""
    stage.state = state.reset(stage.state)


def picture(stage: Stage, message: Message) -> None:
    """Another picture: the one chosen, or the next."""
    count = len(stage.scene["pictures"])
    stage.picture = int(message.get("number", stage.picture + 1)) % count


def goal(stage: Stage, message: Message) -> str | None:
    """The control in hand goes to where the outcome is what is wanted; or one sentence says how far it gets."""
    words, knob = stage.words, stage.knobs[stage.hand]
    outcome = stage.outcome(stage.result)
    if "text" not in message:
        stage.panel = goal_panel(stage, outcome)
        return None
    given = str(message["text"]).strip()[:60]
    target = read_number(given, outcome.unit, words)
    if target is None:
        return words.text("live.not_a_number", None, given=given, label=words.text("live.texts.wanted"))

    def reached(value: float) -> float:
        return value_of(stage.outcome(stage.run({**stage.state.what_if, knob.field: value})).then)

    found = goal_seek(reached, target, knob.low, knob.high, near=stage.value(knob.field), steps=STEPS)
    said = {"label": knob.label(words), "wanted": (target, outcome.unit)}
    if found.value is None:
        said |= {"lowest": (found.lowest, outcome.unit), "highest": (found.highest, outcome.unit)}
        said |= {"low": (knob.low, knob.unit), "high": (knob.high, knob.unit)}
        return words.text("live.not_within_reach", None, **said)
    moved = state.put(state.rest(stage.state), knob.field, found.value, base=knob.base)
    stage.state = state.rest(moved)
    return words.text("live.must_be", None, value=words.quantity(found.value, knob.unit, "exact"), **said)


def goal_panel(stage: Stage, outcome: Any) -> dict[str, Any]:
    """The question what the outcome should be, for the control in hand."""
    words = stage.words
    title = words.text("live.panels.goal", None, label=stage.knobs[stage.hand].label(words))
    field = {"name": "text", "label": words.text("live.texts.wanted"), "value": words.quantity(value_of(outcome.then), outcome.unit)}
    button = {"label": words.text("live.panels.seek"), "message": {"do": "goal"}}
    return {"title": title, "fields": [field], "buttons": [button]}


def explain(stage: Stage, message: Message) -> None:
    """The keys, one a line."""
    words = stage.words
    rows = [[key_of(words, name), words.text(f"live.actions.{name}")] for name in KEYED]
    rows += [[words.text(f"live.help.{name}.keys"), words.text(f"live.help.{name}.does")] for name in ("arrows", "shift", "ends", "digits")]
    heads = [words.text("live.help.key"), words.text("live.help.does")]
    stage.panel = {"title": words.text("live.help.title"), "table": {"heads": heads, "rows": rows}}


def close(stage: Stage, message: Message) -> None:
    """The panel is put away."""


ACTS = {
    "hello": hello,
    "set": slide,
    "rest": rest,
    "type": typed,
    "preset": preset,
    "undo": undo,
    "redo": redo,
    "reset": reset,
    "picture": picture,
    "goal": goal,
    "help": explain,
    "close": close,
}
