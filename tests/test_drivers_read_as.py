"""The annex tells how the file was read: format, scales, what was turned round and what was taken for no answer."""

from __future__ import annotations

import pandas as pd
import pytest
from answers_files import columns
from test_drivers_chapter import survey

from toolkit.drivers import read_as
from toolkit.drivers.reading import read
from toolkit.drivers.section import Drivers
from toolkit.intake.answers import read_answers
from toolkit.words import Words

FIVE = [1, 2, 3, 4, 5] * 20


def told(answers) -> dict:
    """The rows of both tables."""
    return read_as.told(read(Drivers(), answers, {}), answers)


def test_the_format_of_the_file_and_the_scale_of_every_question_are_told(tmp_path):
    path = columns(tmp_path, V1=[*FIVE, 99, 5], V2=[6 - answer for answer in [*FIVE, 1, 2]], Y=[*FIVE, 3, "weet niet"])
    items = {"speed": "V1", "range": {"column": "V2", "reversed": True}}
    found = told(read_answers(path, items=items, outcomes={"attachment": "Y"}, missing=[99]))
    assert {row.name: row.given for row in found["read"]} == {
        "format": "csv", "delimiter": ";", "encoding": "utf-8", "shape": "plain"
    }  # fmt: skip
    assert [(row.question, row.ends, row.turned, row.no_answer) for row in found["scales"]] == [
        ("speed", "1–5", False, "99"), ("range", "1–5", True, None), ("attachment", "1–5", False, "weet niet")
    ]  # fmt: skip


@pytest.mark.parametrize(("lowest", "warned"), [(1, True), (0, False)])
def test_a_recommendation_without_a_nought_is_told(lowest, warned):
    outcomes = pd.DataFrame({"recommendation": [lowest, *range(2, 11)] * 6})
    found = told(survey(pd.DataFrame({"speed": FIVE[:60], "range": [1, 1, 2, 3] * 15}), outcomes))
    assert [(row.name, row.given) for row in found["read"]] == [("recommendation", "no_nought")] * warned


@pytest.mark.parametrize(("locale", "said"), [("nl_BE", "verborgen"), ("en_GB", "hidden")])
def test_a_hidden_cell_says_that_it_is_hidden(locale, said):
    words = Words(locale)
    cells = ("feelings.values.bottom", "feelings.values.middle", "feelings.values.top", "twigs.values.share", "asked.values.mean")
    assert {words.text(f"drivers.tables.{cell}.none") for cell in cells} == {said}
