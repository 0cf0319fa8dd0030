"""Answers in numbers → the scale they were given on; codes, wrong scales and wrong directions are refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from toolkit.finding import Refusal
from toolkit.intake import survey_scales as scales
from toolkit.intake import survey_sentinels as sentinels
from toolkit.intake.lines import codes_in_short, question_line, table_of, toml
from toolkit.intake.survey_reading import Distinct
from toolkit.intake.survey_scales import AnswerScale, number_of
from toolkit.intake.survey_section import Place, Survey

MOST_NAMES = 5
RECOMMENDATION = ("outcomes", "recommendation")
_FROM_ONE = re.compile(r"\b1 ?(?:-|–|tot(?: en met)?|t/m|to|until|\.\.) ?10\b")
_ONES = 5  # so many ones and no nought among answers from 0 to 10: one in some 250 surveys where both are as likely

Range = tuple[float, float]


def on_numbers(
    questions: list[Distinct], given: Mapping[Place, Range], survey: Survey, asked: Mapping[Place, str]
) -> tuple[list[Distinct], list[Refusal]]:
    """Give every question in numbers its scale; `given` are those stated, `asked` the questions' own words."""
    problems, known = [], {}
    for one in questions:
        if one.scale is None and one.numbers:
            if len(one.tops) > 1:
                problems.append(_two_tops(one, survey.file))
            known[one.place] = given.get(one.place) or one.labelled or _up_to(one.tops)
    odd: dict[tuple[Place, float], str] = {}
    for group in _groups(known):
        columns = {p.place: _numbers(p, known[p.place]) for p in questions if p.place in group}
        odd |= sentinels.suspects(columns, {p.place: p.no_answer for p in questions if p.place in group})
    left = {one.place: {v: n for v, n in one.count().items() if (one.place, v) not in odd} for one in questions}
    read = []
    for one in questions:
        if one.place in known and left[one.place]:
            group = next(group for group in _groups(known) if one.place in group)
            usual = sentinels.most_usual([_likely(left[p]) for p in group if sum(left[p].values()) >= sentinels.FEW])
            ends = known[one.place] or sentinels.likely_scale(left[one.place], usual)
            if scales.runs_down(one.labels) and one.question.reversed is None:
                problems.append(_runs_down(one, survey.file))
            one = replace(one, scale=_scale(one, ends))
        read.append(one)
    problems += _codes(read, odd, survey) + _within_scale(read, survey)
    problems += [no for one in read if one.place == RECOMMENDATION for no in _recommendation(one, survey, asked)]
    return read, problems


def _groups(places: Iterable[Place]) -> list[set[Place]]:
    """Questions that stand beside each other; an outcome stands alone."""
    groups: dict[Place, set[Place]] = {}
    for table, name in places:
        groups.setdefault((table, name if table == "outcomes" else ""), set()).add((table, name))
    return list(groups.values())


def _numbers(one: Distinct, known: Range | None) -> sentinels.Numbers:
    return sentinels.Numbers(one.count(), one.labels, known)


def _likely(counts: Mapping[float, int]) -> Range:
    return sentinels.likely_scale(counts)


def _up_to(tops: frozenset[float]) -> Range | None:
    return (0.0 if max(tops) >= 10 else 1.0, max(tops)) if tops else None


def _scale(one: Distinct, ends: Range) -> AnswerScale:
    low, high = ends
    turned = bool(one.question.reversed)
    labels = {low + high - number if turned else number: text for number, text in one.labels.items()}
    return AnswerScale(low, high, dict(sorted(labels.items())), "", turned)


# refusals ----------------------------------------------------------------------------------------


def written(number: float) -> str:
    """A number as one writes it in a client file: 99, not 99.0."""
    return f"{number:.10g}"


def _codes(questions: list[Distinct], odd: Mapping[tuple[Place, float], str], survey: Survey) -> list[Refusal]:
    """The refusals of values that are no answers, one for each value and reason, with the line that declares it."""
    by_place = {one.place: one for one in questions}
    everywhere = {value for _, value in odd if not any(_inside(one, value, odd) for one in questions)}
    own = {place for place, value in odd if value not in everywhere or by_place[place].question.missing is not None}
    found: dict[tuple[Any, ...], list[Distinct]] = {}
    for (place, value), why in odd.items():
        one = by_place[place]
        label = one.no_answer.get(value) or one.labels.get(value, "")
        found.setdefault((why, value, label, place if place in own else None), []).append(one)
    refusals = []
    for (why, value, label, alone), ours in found.items():
        line = _line(survey, everywhere) if alone is None else _line_of(ours[0], survey, odd)
        values = {"count": sum(one.count()[value] for one in ours), "label": label, "line": line}
        values |= {"table": "survey" if alone is None else table_of(alone), "low": "–", "high": "–"}
        values |= {"said": f"{written(value)} ({label})" if label else written(value)}
        if (scale := ours[0].scale) is not None:
            values |= {"low": written(scale.low), "high": written(scale.high)}
        field = ours[0].field if len(ours) == 1 else "survey"
        refusals.append(Refusal(why, survey.file, field, column=_columns(ours), given=written(value), values=values))
    return refusals


def _columns(questions: list[Distinct]) -> str:
    """The columns of some questions, the first few by name."""
    columns = list(dict.fromkeys(one.column for one in questions))
    return ", ".join(columns[:MOST_NAMES]) + ("…" if len(columns) > MOST_NAMES else "")


def _inside(one: Distinct, value: float, odd: Mapping[tuple[Place, float], str]) -> bool:
    """Whether a value would be an answer to a question."""
    return one.scale is not None and one.scale.low <= value <= one.scale.high and (one.place, value) not in odd


def _line(survey: Survey, codes: Iterable[float]) -> str:
    """The line under [survey] that declares codes, with those that are declared already."""
    return f"missing = {toml(codes_in_short(_with(survey.missing, codes)))}"


def _line_of(one: Distinct, survey: Survey, odd: Mapping[tuple[Place, float], str]) -> str:
    """The line of one question that declares all its codes there, with those that hold for it already."""
    old = survey.missing if one.question.missing is None else one.question.missing
    missing = _with(old, [value for place, value in odd if place == one.place])
    return question_line(one.place, one.question, missing=missing)


def _with(old: Mapping[str, str] | None, codes: Iterable[float]) -> dict[str, str]:
    return {**(old or {}), **{written(code): "not_answered" for code in sorted(codes)}}


def _within_scale(questions: list[Distinct], survey: Survey) -> list[Refusal]:
    """Codes declared for all questions that are ordinary answers to one of them."""
    codes = {number[0] for code in survey.missing or () if (number := number_of(code))}
    refusals = []
    for one in questions:
        if one.question.missing is not None or one.scale is None:
            continue
        for number in sorted(codes & set(one.declared)):
            if one.scale.low <= number <= one.scale.high:
                values = {"count": one.counts[one.declared[number]], "line": _without_answers(one, survey)}
                values |= {"table": table_of(one.place)}
                values |= {"low": written(one.scale.low), "high": written(one.scale.high)}
                where = {"field": one.field, "column": one.column, "given": written(number)}
                refusals.append(Refusal("missing_within_scale", survey.file, values=values, **where))
    return refusals


def _without_answers(one: Distinct, survey: Survey) -> str:
    """The line of one question to which those codes of all questions hold that are no answers to it."""
    inside = {code for code in survey.missing or () if (n := number_of(code)) and one.scale.low <= n[0] <= one.scale.high}
    left = {code: reason for code, reason in (survey.missing or {}).items() if code not in inside}
    return question_line(one.place, one.question, missing=left)


def _two_tops(one: Distinct, file: str) -> Refusal:
    tops = sorted(one.tops)
    values = {"count": sum(one.counts.values()), "one": f"…/{written(tops[0])}", "other": f"…/{written(tops[-1])}"}
    return Refusal("mixed_scales", file, one.field, column=one.column, given=values["other"], values=values)


def _runs_down(one: Distinct, file: str) -> Refusal:
    low, high = min(one.labels), max(one.labels)
    values = {"one": f"{written(low)} = {one.labels[low]}", "other": f"{written(high)} = {one.labels[high]}"}
    values |= {"line": question_line(one.place, one.question, reversed=True), "table": table_of(one.place)}
    return Refusal("scale_runs_down", file, one.field, column=one.column, values=values)


def _recommendation(one: Distinct, survey: Survey, asked: Mapping[Place, str]) -> list[Refusal]:
    """The refusal of a recommendation that was not asked from 0 to 10."""
    if one.scale is None:
        return []
    ends, counts = (one.scale.low, one.scale.high), one.count()
    if not one.scale.name and one.question.scale is None:
        total = sum(counts.values())
        said = _FROM_ONE.search(f"{one.column} {asked.get(one.place, '')}".casefold())
        if one.labelled == (1, 10) or said or counts.get(1, 0) >= _ONES and not counts.get(0) and max(counts) > 7:
            ends = (1.0, 10.0)
        elif total >= sentinels.FEW and max(counts) in (5, 7) and set(counts) == set(range(1, int(max(counts)) + 1)):
            ends = (1.0, max(counts))
    if ends == (0.0, 10.0):
        return []
    line = question_line(one.place, one.question, scale=(0, 10))
    values = {"low": written(ends[0]), "high": written(ends[1]), "line": line, "table": table_of(one.place)}
    return [Refusal("not_zero_to_ten", survey.file, one.field, column=one.column, values=values)]


def changed_scale(questions: list[Distinct], groups: Mapping[str, np.ndarray], file: str) -> list[Refusal]:
    """Columns in which one wave or company answered on a short scale and another on a long one.

    `groups` holds codes (n,) of groups, below zero for none.
    """
    refusals = []
    for one in questions:
        if one.scale is None or one.scale.name or one.question.scale is not None or one.scale.high <= 5:
            continue
        values = one.values() if not one.scale.reversed else one.scale.low + one.scale.high - one.values()
        for codes in groups.values():
            there = (codes >= 0) & ~np.isnan(values)
            n = np.bincount(codes[there])
            top = np.full(len(n), -np.inf)
            np.maximum.at(top, codes[there], values[there])
            over = np.bincount(codes[there], weights=values[there] > 5, minlength=len(n)) / np.maximum(n, 1)
            if np.any((n >= sentinels.FEW) & (top <= 5)) and np.any((n >= sentinels.FEW) & (over >= 0.3)):
                long = f"{written(one.scale.low)}–{written(one.scale.high)}"
                ends = {"one": "1–5", "other": long, "count": int(n.sum())}
                refusals.append(Refusal("mixed_scales", file, one.field, column=one.column, given=long, values=ends))
                break
    return refusals
