"""No cell of fewer than five respondents, nor one that follows by subtraction, from anything shown together."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some

from toolkit.drivers.privacy import FEWEST, Cell, hidden


def group(*rows: int, n: int = 40) -> np.ndarray:
    return np.isin(np.arange(n), rows)


EVERYONE = np.ones(40, bool)
HALF = np.arange(40) < 20


def test_a_group_of_four_is_hidden_and_a_group_of_five_is_shown():
    four, five = group(*range(4)), group(*range(5))
    assert hidden([Cell(("a",), "", (four,))], {}) == {("a",)}
    assert hidden([Cell(("a",), "", (five,))], {}) == frozenset()


def test_an_empty_group_gives_nobody_away():
    assert hidden([Cell(("a",), "", (group(),))], {}) == frozenset()


def test_the_last_part_of_a_whole_is_hidden_with_the_small_one():
    """Ten and seven of twenty leave three: whoever sees both and the total can subtract."""
    parts = [group(*range(10)), group(*range(10, 17)), group(*range(17, 20))]
    cells = [Cell((str(i),), "parts", (part,)) for i, part in enumerate(parts)]
    assert hidden(cells, {"parts": [HALF]}) == {("1",), ("2",)}


def test_two_groups_of_different_tables_that_differ_by_three_are_not_both_shown():
    first, second = Cell(("first",), "one", (HALF,)), Cell(("second",), "other", (group(*range(17)),))
    assert hidden([first, second], {}) == {("second",)}


def test_a_group_that_is_everyone_but_two_is_hidden():
    assert hidden([Cell(("a",), "all", (group(*range(38)),))], {"all": [EVERYONE]}) == {("a",)}


@settings(max_examples=60, deadline=None)
@given(some.lists(some.integers(0, 5), min_size=30, max_size=60), some.lists(some.integers(0, 3), min_size=60, max_size=60))
def test_whatever_two_tables_are_shown_no_small_cell_is_left_over(one, other):
    n = len(one)
    tables = {"one": np.array(one), "other": np.array(other[:n])}
    everyone = np.ones(n, bool)
    cells = [Cell((name, str(v)), name, (codes == v,)) for name, codes in tables.items() for v in np.unique(codes)]
    secret = hidden(cells, dict.fromkeys(tables, [everyone]))
    for name, codes in tables.items():
        shown = [codes == v for v in np.unique(codes) if (name, str(v)) not in secret]
        sizes = [int(part.sum()) for part in shown] + [n - int(sum(part.sum() for part in shown))]
        assert not [size for size in sizes if 0 < size < FEWEST]
