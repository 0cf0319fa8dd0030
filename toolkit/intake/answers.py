"""A survey's file → answers: numbers on scales, why some are missing, and what stands beside them.

**Definitions.** Every answer is a number on its question's scale, more being better;
NaN is no answer, and `reasons` says why:

- *not_answered*: the cell is empty, or a code or text says that nothing was answered.
- *dont_know*, *not_applicable*: the answer says so ("weet niet", "n.v.t.").
- *not_asked*: the program says so, or nobody of a wave or company answered it while others did.
- *dropped_out*: everything after somebody's last answer is empty, two questions or
  more in the order of the file, or the program says that it was not finished.

What looks like a code for no answer (99, a label "weet niet") but is not declared as
one is refused with the line to add. Nothing is recognised silently: see `read_as`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.finding import Refusal, Refused
from toolkit.intake.log import data_file
from toolkit.intake.survey_section import REASONS, STANDARD_ITEMS, STANDARD_OUTCOMES, Question, Survey

if TYPE_CHECKING:
    import pandas as pd

    from toolkit.intake.survey_rows import RowCounts
    from toolkit.intake.survey_scales import AnswerScale

__all__ = [
    "REASONS",
    "STANDARD_ITEMS",
    "STANDARD_OUTCOMES",
    "Answers",
    "Question",
    "Survey",
    "read_answers",
    "survey_file",
]


@dataclass(frozen=True)
class Answers:
    """What n respondents answered; every frame and series has the same n rows, numbered from nought.

    `items` (n × k) and `outcomes` (n × m) hold numbers, NaN where missing, by the names
    of the section; `reasons` (n × (k + m)) says why, NA where answered. `weights` (n),
    `clusters` (n), `waves` (n) and `keys` (n) are None where there are none; `segments`
    (n × s) by column. `stated` holds importance and `competitors` per competitor the
    ratings, both by item. `quotations` are open answers already `redacted`; they may
    still tell who wrote them. `scales` gives the scale of every item and outcome, and of
    `stated.…` and `competitors.…`. `labels` names own items per language. `read_as` says
    how the file was read, `rows` how its rows became these.
    """

    items: pd.DataFrame
    outcomes: pd.DataFrame
    reasons: pd.DataFrame
    weights: pd.Series | None
    clusters: pd.Series | None
    segments: pd.DataFrame
    waves: pd.Series | None
    stated: pd.DataFrame
    competitors: Mapping[str, pd.DataFrame]
    keys: pd.Series | None
    quotations: pd.DataFrame
    scales: Mapping[str, AnswerScale]
    labels: Mapping[str, Mapping[str, str]]
    read_as: Mapping[str, str]
    rows: RowCounts


def survey_file(name: str, folder: Path) -> Path:
    """The file that a section names, from the folder of its client file or `package:` for example data.

    Raises `Refused` where there is none.
    """
    ours = {"missing_file": "answers_file_missing", "folder_instead_of_file": "answers_in_folder"}
    try:
        return data_file(name, folder)
    except Refused as refused:
        problems = (replace(one, name=ours.get(one.name, one.name), field="survey.file") for one in refused.refusals)
        raise Refused(problems) from None


def read_answers(path: str | Path, survey: Survey | None = None, **options: Any) -> Answers:
    """Read a survey's file: csv, XLSX, Parquet or SPSS, as Qualtrics, SurveyMonkey, LimeSurvey and others write it.

    `options` are fields of the section, instead of one: `read_answers("answers.csv",
    items={"speed": "V2"}, missing=[99])`. Without items those columns are read that hold
    answers on a scale. Raises `Refused` with everything that is wrong, at once.
    """
    from toolkit.intake.survey_respondents import Reading
    from toolkit.intake.survey_rows import answering_rows
    from toolkit.intake.survey_shapes import recognise_shape
    from toolkit.intake.survey_tables import read_sheet

    named = str(path).startswith("package:")
    path = survey_file(str(path), Path()) if named else survey_file(Path(path).name, Path(path).parent)
    if survey is None:
        survey = _section(path.name, options)
    columns = [question.column for question in survey.questions().values()] + list(survey.others().values())
    wanted = [column for column in columns if isinstance(column, str)]
    sheet = read_sheet(path, wanted, survey.delimiter, survey.sheet)
    shape = recognise_shape(sheet, headless=bool(columns) and not wanted)
    body, counts = answering_rows(sheet, shape, survey.duplicates)
    if not len(body.numbers):
        raise Refused([Refusal("answers_empty", survey.file, "survey.file")])
    return Reading(survey, body, shape, {**sheet.read_as, "shape": shape.name}).answers(counts)


def _section(file: str, options: Mapping[str, Any]) -> Survey:
    """A section from options; raises `Refused` where they do not fit."""
    from pydantic import ValidationError

    from toolkit.refusals import refusals_of

    try:
        return Survey.model_validate({"file": file, **options})
    except ValidationError as error:
        raise Refused(refusals_of(error, Survey, file)) from None
