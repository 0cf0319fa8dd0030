"""Where the stage stands: every step can be taken back and taken again, and a drag is one step."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from toolkit.live.state import State, put, recall, redo, reset, rest, undo

FIELDS = ("doors.target_retention", "economics.gross_margin")
STEPS = some.one_of(
    some.tuples(some.just("put"), some.sampled_from(FIELDS), some.sampled_from((0.1, 0.2, 0.3))),
    some.tuples(some.just("recall"), some.dictionaries(some.sampled_from(FIELDS), some.sampled_from((0.2, 0.3)))),
    some.sampled_from((("undo",), ("redo",), ("reset",), ("rest",))),
)
DO = {"undo": undo, "redo": redo, "reset": reset, "rest": rest}


def after(steps: list[tuple]) -> State:
    """The state after some steps; the base of every assumption is 0.1."""
    state = State()
    for name, *given_ in steps:
        if name == "put":
            state = put(state, *given_, base=0.1)
        elif name == "recall":
            state = recall(state, *given_)
        else:
            state = DO[name](state)
    return state


@given(some.lists(STEPS, max_size=12), STEPS)
def test_undo_takes_back_the_last_step_and_redo_takes_it_again(steps, last):
    before = rest(after(steps))
    moved = rest(after([*steps, ("rest",), last]))
    if last[0] in ("put", "recall", "reset") and moved.what_if != before.what_if:
        assert undo(moved).what_if == before.what_if
        assert redo(undo(moved)) == moved


@given(some.lists(STEPS, max_size=12))
def test_undo_reaches_the_start_and_redo_the_end_and_both_stop_there(steps):
    state = rest(after(steps))
    back = state
    for _ in range(len(steps) + 1):
        back = undo(back)
    assert back.what_if == {} and back.past == () and undo(back) == back
    forth = back
    for _ in range(2 * len(steps) + 1):
        forth = redo(forth)
    assert forth.future == () and redo(forth) == forth
    for _ in state.future:
        forth = undo(forth)
    assert forth.what_if == state.what_if


@given(some.lists(some.sampled_from((0.2, 0.3, 0.4)), min_size=1, max_size=9))
def test_a_drag_is_one_step_however_many_values_it_passes(values):
    state = State()
    for value in values:
        state = put(state, FIELDS[0], value, base=0.1)
    assert len(state.past) == 1 and state.what_if == {FIELDS[0]: values[-1]}
    again = put(rest(state), FIELDS[0], 0.5, base=0.1)
    assert undo(again).what_if == state.what_if


@given(some.lists(STEPS, max_size=12))
def test_the_base_value_is_no_difference_and_a_reset_can_be_undone(steps):
    state = after(steps)
    there = put(rest(state), FIELDS[0], 0.1, base=0.1)
    assert FIELDS[0] not in there.what_if
    assert reset(state).what_if == {}
    assert undo(reset(state)).what_if == state.what_if or not state.what_if
    assert rest(put(put(rest(state), FIELDS[0], 0.7), FIELDS[0], state.what_if.get(FIELDS[0], 0.1), base=0.1)).past == rest(state).past


def test_a_new_step_forgets_what_was_taken_back():
    state = undo(rest(put(State(), FIELDS[0], 0.2)))
    assert state.future and not put(state, FIELDS[0], 0.3).future
