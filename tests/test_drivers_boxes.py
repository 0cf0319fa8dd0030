"""Where a scale's ends begin, what stands on which rung of the ladder, and what a shift along it would go with."""

from __future__ import annotations

import numpy as np
import pytest

from toolkit.drivers.boxes import boxes_of
from toolkit.drivers.rows import Step
from toolkit.drivers.section import Drivers
from toolkit.drivers.shifting import shifted
from toolkit.units import Estimate


@pytest.mark.parametrize(
    ("scale", "bottom_to", "top_from"),
    [((1, 5), 2, 5), ((0, 10), 6, 9), ((1, 10), 5, 9), ((1, 7), 2, 7), ((1, 4), 1, 4), ((0, 1), 0, 1)],
)
def test_the_ends_of_the_usual_scales(scale, bottom_to, top_from):
    """A5: "would certainly" against "certainly or rather advise against"; promoters 9–10, detractors 0–6."""
    boxes = boxes_of(*scale)
    assert (boxes.bottom_to, boxes.top_from) == (bottom_to, top_from)


def test_cut_offs_that_are_given_are_taken():
    assert boxes_of(1, 10, top_from=8, bottom_to=4).top_from == 8


def test_a_missing_answer_is_at_neither_end():
    boxes, answers = boxes_of(1, 5), np.array([1, 3, 5, np.nan])
    assert boxes.top(answers)[:3].tolist() == [0, 0, 1] and np.isnan(boxes.top(answers)[3])
    assert boxes.bottom(answers)[:3].tolist() == [1, 0, 0] and np.isnan(boxes.bottom(answers)[3])


def test_the_rungs_of_article_a5_and_of_a_school_mark():
    assert boxes_of(1, 5).rungs(np.array([1.0, 2, 3, 4, 5])) == ((1, 2, 3), (4,), (5,))
    assert boxes_of(1, 10).rungs(np.arange(1.0, 11)) == ((1, 2, 3, 4, 5, 6), (7, 8), (9, 10))


LADDER = [
    Step("rest", "1–3", 1869, Estimate(0.26, 0.24, 0.28, 1869), None),
    Step("next", "4", 2846, Estimate(0.57, 0.55, 0.59, 2846), None),
    Step("best", "5", 2285, Estimate(0.86, 0.85, 0.87, 2285), None),
]


def test_nobody_moved_changes_nothing():
    found = shifted(LADDER, 0.0, 1.0)
    assert found["top_moved"].value == pytest.approx(found["top_now"])
    assert found["top_moved"].low == pytest.approx(found["top_moved"].high)


def test_everyone_one_rung_up_gives_what_the_rungs_above_have():
    """1,869 go from .26 to .57 and 2,846 from .57 to .86 of 7,000: (1869 × .31 + 2846 × .29) / 7000 more."""
    found = shifted(LADDER, 1.0, 1.0)
    assert found["top_moved"].value - found["top_now"] == pytest.approx((1869 * 0.31 + 2846 * 0.29) / 7000)


def test_half_of_the_link_gives_half_of_the_gain():
    whole, half = shifted(LADDER, 0.4, 1.0), shifted(LADDER, 0.4, 0.5)
    gain = whole["top_moved"].value - whole["top_now"]
    assert half["top_moved"].value - half["top_now"] == pytest.approx(gain / 2)


def test_without_a_ladder_there_is_no_scenario():
    assert shifted([], 0.5, 1.0)["top_moved"] is None


def test_cut_offs_in_the_wrong_order_are_refused():
    with pytest.raises(ValueError, match="cutoffs_reversed"):
        Drivers(top_from=2, bottom_to=4)
