"""Which columns of a survey are meant, and what stands beside the answers: weights, groups, keys, open answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

import numpy as np
import pandas as pd

from toolkit.finding import Refusal
from toolkit.intake.survey_quotes import parts_of_names, redacted
from toolkit.intake.survey_scales import choose_scale, number_of, reason_of
from toolkit.intake.survey_section import STANDARD_ITEMS, STANDARD_OUTCOMES, Question, Survey
from toolkit.intake.survey_sentinels import Numbers, suspects
from toolkit.intake.survey_shapes import Shape
from toolkit.intake.survey_tables import Sheet

MOST_NAMES = 30
MOST_ANSWERS = 11  # so many different numbers are a scale; more are amounts or ages
_NAMES = re.compile(r".*(first ?name|last ?name|voornaam|achternaam|^naam$|^name$|e-?mail).*", re.IGNORECASE)


def find_places(shape: Shape, survey: Survey) -> tuple[dict, list[Refusal]]:
    """Where every column that the section names stands, and a refusal for each that does not.

    Keys are the questions' places and the names of the other fields.
    """
    wanted = {place: question.column for place, question in survey.questions().items()} | survey.others()
    at, problems, taken = {}, [], {}
    for key, column in wanted.items():
        field = "survey." + (key if isinstance(key, str) else ".".join(key))
        found = shape.places(column)
        if len(found) != 1:
            problems.append(_not_there(column, bool(found), field, shape, survey.file))
            continue
        at[key] = found[0]
        if isinstance(key, tuple) and key[0] in ("items", "outcomes"):
            if found[0] in taken:
                values = {"other": ".".join(taken[found[0]])}
                problems.append(Refusal("question_twice", survey.file, field, column=str(column), values=values))
            taken.setdefault(found[0], key)
    return at, problems


def _not_there(column: str | int, twice: bool, field: str, shape: Shape, file: str) -> Refusal:
    names = [name for place, name in enumerate(shape.names) if name and place not in shape.aside] or list(shape.names)
    values = {"columns": ", ".join(names[:MOST_NAMES]), "width": len(shape.names)}
    where = {"column": str(column), "given": column}
    if isinstance(column, int):
        return Refusal("column_beyond", file, field, values=values, **where)
    if twice:
        return Refusal("column_twice", file, field, values=values, **where)
    folded = {one.casefold(): one for one in reversed([*shape.names, *shape.questions]) if one}
    close = get_close_matches(column.strip().casefold(), folded, 1)
    if close:
        return Refusal("column_misspelt", file, field, values=values | {"suggestion": folded[close[0]]}, **where)
    return Refusal("question_missing", file, field, values=values, **where)


def recognise_columns(sheet: Sheet, shape: Shape, survey: Survey) -> Survey:
    """The section with the items that can be told from the file, where it names none.

    Columns called by a standard name are that; else every column that holds answers on
    a scale is an item, by its own name. What is told so is said in `read_as`.
    """
    outcomes, named = dict(survey.outcomes), {}
    for name in shape.names:
        if name in STANDARD_ITEMS:
            named[name] = Question(column=name)
        elif name in STANDARD_OUTCOMES and not survey.outcomes:
            outcomes[name] = Question(column=name)
    if not named:
        used = {place for column in survey.others().values() for place in shape.places(column)}
        used |= {place for question in survey.questions().values() for place in shape.places(question.column)}
        used |= {place for question in outcomes.values() for place in shape.places(question.column)}
        for place in range(len(sheet.columns)):
            name = shape.names[place]
            if place not in shape.aside | used and name and shape.names.count(name) == 1 and _is_scale(sheet, place):
                named[name] = Question(column=name)
    return survey.model_copy(update={"items": named, "outcomes": outcomes})


def _is_scale(sheet: Sheet, place: int) -> bool:
    """Whether the answers of a column are on a scale, leaving aside what looks like a code."""
    column = sheet.columns[place]
    n = np.bincount(column.codes, minlength=len(column.categories))
    texts = [str(text) for text, count in zip(column.categories, n, strict=True) if count]
    texts = [text for text in texts if text and not reason_of(text)]
    if not 2 <= len(texts) <= 60:
        return False
    counts: dict[float, int] = {}
    for text in texts:
        found = number_of(text)
        if found is None:
            return len(texts) <= MOST_ANSWERS and choose_scale(texts) is not None
        counts[found[0]] = counts.get(found[0], 0) + int(n[list(column.categories).index(text)])
    odd = {value for _, value in suspects({"": Numbers(counts)}, {})}
    core = set(counts) - odd
    return len(core) >= 2 and min(core) >= 0 and max(core) <= 10 and len(core) <= 2 * MOST_ANSWERS


# beside the answers ------------------------------------------------------------------------------


def read_weights(sheet: Sheet, at: int, column: object, file: str) -> tuple[pd.Series, list[Refusal]]:
    """Weights (n,); every one that is missing, no number, below nought or nought is refused."""
    texts = [str(text) for text in sheet.columns[at].categories]
    by_text = np.array([_weight(text) for text in texts] + [np.nan])
    weights = by_text[sheet.columns[at].codes]
    wrong = ~(weights > 0)
    problems = []
    if wrong.any():
        rows = np.flatnonzero(wrong)[:3]
        shown = [f"{sheet.numbers[row]}: {sheet.columns[at][row] or '–'}" for row in rows]
        values = {"count": int(wrong.sum()), "first": " · ".join(shown), "negative": int((weights < 0).sum())}
        values |= {"zero": int((weights == 0).sum()), "missing": int(np.isnan(weights).sum())}
        row = int(sheet.numbers[rows[0]])
        problems.append(Refusal("weights_not_positive", file, "survey.weights", row, str(column), values=values))
    return pd.Series(weights, name="weights"), problems


def _weight(text: str) -> float:
    """A weight; whichever of comma and point comes last is the decimal sign."""
    plain = re.sub(r"[\s\u00a0]", "", text)
    last = max(plain.rfind(","), plain.rfind("."))
    whole, part = (plain[:last], plain[last + 1 :]) if last >= 0 else (plain, "")
    try:
        found = float(f"{re.sub('[.,]', '', whole)}.{part or 0}" if plain else "nan")
    except ValueError:
        return np.nan
    return found if np.isfinite(found) else np.nan


def as_groups(sheet: Sheet, at: int, name: str) -> pd.Series:
    """Groups (n,) as categories, in their natural order; NA where a cell is empty."""
    column = sheet.columns[at]
    labels = sheet.labels.get(at, {})
    shown = [labels.get(str(text), str(text)) or None for text in column.categories]
    texts = pd.Series(np.array([*shown, None], dtype=object)[column.codes])
    known = sorted(texts.dropna().unique(), key=_natural)
    return pd.Series(pd.Categorical(texts, categories=known), name=name)


def _natural(text: str) -> list:
    """A key under which "wave 9" stands before "wave 10"."""
    parts = re.split(r"([0-9]{1,15})", text)
    return [(0, int(part), "") if place % 2 else (1, 0, part.casefold()) for place, part in enumerate(parts) if part]


def tells_who(shape: Shape, place: int) -> bool:
    """Whether a column holds names or addresses of persons, by its own name."""
    return place in shape.aside and bool(_NAMES.fullmatch(shape.names[place]))


def read_quotations(sheet: Sheet, places: Mapping[str, int], shape: Shape) -> pd.DataFrame:
    """Open answers (n × columns) without what names a person; NA where there is none."""
    persons: set[str] = set()
    for place in range(len(shape.names)):
        if tells_who(shape, place):
            persons |= {str(text) for text in sheet.columns[place].categories}
    known = parts_of_names(persons)
    found = {}
    for name, place in places.items():
        column = sheet.columns[place]
        texts = [redacted(str(text), known) or None for text in column.categories]
        found[name] = pd.Series(np.array([*texts, None], dtype=object)[column.codes])
    return pd.DataFrame(found, index=range(len(sheet.numbers)))
