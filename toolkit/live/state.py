"""Where the stage stands: what differs from the client's own figures, and the way back and forth. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

WhatIf = Mapping[str, Any]


@dataclass(frozen=True)
class State:
    """The assumptions that differ from the base case, the states before and those taken back; `held` is still moving.

    >>> state = put(State(), "doors.target_retention", 0.9)
    >>> undo(state).what_if, redo(undo(state)) == rest(state)
    ({}, True)
    """

    what_if: WhatIf = field(default_factory=dict)
    past: tuple[WhatIf, ...] = ()
    future: tuple[WhatIf, ...] = ()
    held: str | None = None


def put(state: State, name: str, value: Any, *, base: Any = None) -> State:
    """One assumption on a value, at its base no longer a difference; what is held moves on within one step."""
    others = {key: kept for key, kept in state.what_if.items() if key != name}
    moved = others if value == base else {**others, name: value}
    if moved == state.what_if:
        return state
    if state.held == name:
        return replace(state, what_if=moved)
    return replace(recall(state, moved), held=name)


def recall(state: State, what_if: WhatIf) -> State:
    """All assumptions at once, as one step that can be undone; nothing changes where they stand so already."""
    state = rest(state)
    if what_if == state.what_if:
        return state
    return State(dict(what_if), (*state.past, state.what_if))


def rest(state: State) -> State:
    """Let go of what was held: the next move is a step of its own; a drag there and back was none."""
    if state.held and state.past[-1] == state.what_if:
        return State(state.what_if, state.past[:-1])
    return replace(state, held=None)


def reset(state: State) -> State:
    """Back to the client's own figures."""
    return recall(state, {})


def undo(state: State) -> State:
    """Take back the last step, where there is one."""
    state = rest(state)
    if not state.past:
        return state
    *past, last = state.past
    return State(last, tuple(past), (state.what_if, *state.future))


def redo(state: State) -> State:
    """Take the step again that was last taken back, where there is one."""
    state = rest(state)
    if not state.future:
        return state
    first, *future = state.future
    return State(first, (*state.past, state.what_if), tuple(future))
