"""Which rows of a file are answers, counted from the file to the analysis; and why single answers are missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from toolkit.finding import Refusal
from toolkit.intake.survey_reading import ANSWERED, BLANK, CODES
from toolkit.intake.survey_scales import fold, known_texts, number_of, reason_of
from toolkit.intake.survey_shapes import Shape, is_finished, marks
from toolkit.intake.survey_tables import Sheet
from toolkit.units import Count

RUN = 2  # so many questions in a row, up to the last, left open: dropped out


@dataclass(frozen=True)
class RowCounts:
    """The rows of a file, accounted for.

    file = header + preview + empty + duplicates + unanswered + analysed, and
    analysed = complete + incomplete. `unanswered` are rows in which no item and no
    outcome was answered; `complete` those in which all were.
    """

    file: Count
    header: Count
    preview: Count
    empty: Count
    duplicates: Count
    unanswered: Count
    analysed: Count
    complete: Count
    incomplete: Count

    def __post_init__(self) -> None:
        left = self.file - self.header - self.preview - self.empty - self.duplicates - self.unanswered
        if left != self.analysed or self.complete + self.incomplete != self.analysed:
            raise ValueError({field.name: getattr(self, field.name) for field in fields(self)})


def answering_rows(sheet: Sheet, shape: Shape, duplicates: str | None) -> tuple[Sheet, dict[str, int]]:
    """The rows that hold answers, and how many others there were.

    A row is a duplicate when every cell repeats an earlier one and the program numbered
    its answers; without such a number only if `duplicates` is "drop", since two people
    may well answer alike.
    """
    counts = {"file": len(sheet.numbers), "header": min(shape.header, len(sheet.numbers))}
    body = sheet.only(np.arange(len(sheet.numbers)) >= shape.header)
    empty = np.ones(len(body.numbers), dtype=bool)
    for column in body.columns:
        empty &= _is(column, "")[column.codes]
    preview = np.zeros(len(body.numbers), dtype=bool)
    for place, texts in shape.preview:
        preview |= marks(body, place, texts)
    repeated = np.zeros(len(body.numbers), dtype=bool)
    if duplicates == "drop" or duplicates is None and shape.identity is not None:
        codes = pd.DataFrame({place: column.codes for place, column in enumerate(body.columns)})
        if shape.identity is not None:
            number = body.columns[shape.identity]
            codes = codes[codes[shape.identity].duplicated(keep=False) & ~_is(number, "")[number.codes]]
        again = codes.index[codes.duplicated()]
        repeated[again] = True
    preview &= ~empty
    repeated &= ~empty & ~preview
    counts |= {"preview": int(preview.sum()), "empty": int(empty.sum()), "duplicates": int(repeated.sum())}
    return body.only(~(empty | preview | repeated)), counts


def _is(column: pd.Categorical, text: str) -> np.ndarray:
    """Which of a column's texts is this one."""
    return np.append(np.asarray(column.categories == text), False)


def headers_inside(sheet: Sheet, shape: Shape, places: Sequence[int], file: str) -> list[Refusal]:
    """The refusal of rows that repeat the header among the answers, or of a second row of headings above them."""
    if not len(sheet.numbers) or not places:
        return []
    same = np.zeros(len(sheet.numbers), dtype=int)
    for place in places:
        column = sheet.columns[place]
        names = {name for name in (shape.names[place], shape.questions[place]) if name}
        same += np.array([*(text in names for text in column.categories), False])[column.codes]
    most = max(1, (len(places) + 1) // 2)
    strange = sum(_is_heading(str(sheet.columns[place][0]), sheet.columns[place]) for place in places)
    if strange >= max(2, most):  # a second row of headings, such as the questions in full
        values = {"rows": str(sheet.numbers[0])}
        return [Refusal("second_heading", file, "survey.file", int(sheet.numbers[0]), values=values)]
    rows = sheet.numbers[same >= most]
    if not len(rows):
        return []
    values = {"count": len(rows), "rows": ", ".join(map(str, rows[:3]))}
    return [Refusal("header_inside", file, "survey.file", int(rows[0]), values=values)]


def _is_heading(text: str, column: pd.Categorical) -> bool:
    """Whether a first cell is no answer: a text that stands nowhere else and belongs to no scale."""
    if not text or number_of(text) or reason_of(text) or fold(text) in known_texts():
        return False
    return bool((column.codes == column.codes[0]).sum() == 1) and len(column) > 1 and _is_answered(column)


def _is_answered(column: pd.Categorical) -> bool:
    """Whether the second cell of a column is a number, empty, or an answer of a known scale."""
    text = str(column[1])
    return not text or bool(number_of(text) or reason_of(text)) or fold(text) in known_texts()


# why answers are missing -------------------------------------------------------------------------


def dropped_out(missing: pd.DataFrame, order: Sequence[str], finished: np.ndarray | None) -> pd.DataFrame:
    """The reasons with those who stopped: everything after their last answer was left open.

    `order` are the columns in the order of the file; who is known to have finished did not stop.
    """
    codes = missing[list(order)].to_numpy()
    blank = codes == BLANK
    trailing = np.logical_and.accumulate(blank[:, ::-1], axis=1)[:, ::-1]
    run = trailing.sum(axis=1)
    stopped = (run >= RUN) & (run < codes.shape[1])
    if finished is not None:
        stopped = (run >= 1) & ~finished & (run < codes.shape[1])
    return _with(missing, order, trailing & stopped[:, None], "dropped_out") if stopped.any() else missing


def not_asked(missing: pd.DataFrame, groups: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """The reasons with the questions that nobody of a wave or company answered, while others did: not asked.

    `groups` holds codes (n,) of groups, below zero for none; groups of one say nothing.
    """
    blank = missing.to_numpy() == BLANK
    never = np.zeros_like(blank)
    for codes in groups.values():
        there = codes >= 0
        if not there.any():
            continue
        n = np.bincount(codes[there])
        for place in range(blank.shape[1]):
            open_ = np.bincount(codes[there], weights=blank[there, place], minlength=len(n))
            silent = (n >= 2) & (open_ == n)
            if silent.any() and not silent[n > 0].all():
                never[:, place] |= there & silent[np.where(there, codes, 0)]
    return _with(missing, list(missing.columns), never, "not_asked") if never.any() else missing


def _with(missing: pd.DataFrame, order: Sequence[str], where: np.ndarray, reason: str) -> pd.DataFrame:
    """The reasons with one of them set where it holds."""
    codes = missing[list(order)].to_numpy().copy()
    codes[where] = CODES[reason]
    return pd.DataFrame(codes, columns=list(order), index=missing.index)[list(missing.columns)]


def in_words(missing: pd.DataFrame) -> pd.DataFrame:
    """Reasons by name, as categories; NA where an answer was given."""
    names = list(CODES)
    columns = {name: pd.Categorical.from_codes(missing[name].to_numpy() - 1, categories=names) for name in missing}
    return pd.DataFrame(columns, index=missing.index) if columns else pd.DataFrame(index=missing.index)


def answered(missing: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Which rows have any answer, and which have all."""
    codes = missing.to_numpy() == ANSWERED
    if not codes.shape[1]:
        return np.ones(len(missing), dtype=bool), np.ones(len(missing), dtype=bool)
    return codes.any(axis=1), codes.all(axis=1)
