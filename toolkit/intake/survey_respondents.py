"""From the rows of a survey's file to its answers: questions read, what stands beside them, and all refusals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toolkit.finding import Refusal, Refused
from toolkit.intake import survey_columns as columns
from toolkit.intake import survey_rows as rows
from toolkit.intake import survey_scales as scales
from toolkit.intake.answers import Answers
from toolkit.intake.survey_quotes import is_personal
from toolkit.intake.survey_numbers import changed_scale, on_numbers
from toolkit.intake.survey_reading import Distinct, in_words, read_distinct
from toolkit.intake.survey_scales import VerbalScale
from toolkit.intake.survey_section import Place, Survey
from toolkit.intake.survey_shapes import Shape, is_finished
from toolkit.intake.survey_tables import Sheet

MOST_CODES = 8


@dataclass(frozen=True)
class Reading:
    """One survey on its way to its answers."""

    survey: Survey
    sheet: Sheet
    shape: Shape
    read_as: dict[str, str]

    def answers(self, counts: Mapping[str, int]) -> Answers:
        """The answers, or `Refused` with everything that is wrong."""
        survey, told = self.survey, self.survey.items is None
        if told:
            survey = columns.recognise_columns(self.sheet, self.shape, survey)
        at, problems = columns.find_places(self.shape, survey)
        if told and not survey.items and not survey.outcomes:
            raise Refused([*problems, Refusal("no_questions_found", survey.file, "survey.items")])
        asked = {place: at[place] for place in survey.questions() if place in at}
        core = [place for key, place in asked.items() if key[0] in ("items", "outcomes")]
        inside = rows.headers_inside(self.sheet, self.shape, core, survey.file)
        if inside:
            raise Refused([*problems, *inside])
        questions, refused = self._questions(survey, asked)
        beside, wrong = self._beside(survey, at)
        problems += refused + wrong
        groups = {name: beside[name].cat.codes.to_numpy() for name in ("waves", "clusters") if beside[name] is not None}
        problems += changed_scale(questions, groups, survey.file)
        if problems:
            raise Refused(problems)
        return self._gathered(survey, questions, beside, groups, counts)

    def _questions(self, survey: Survey, asked: Mapping[Place, int]) -> tuple[list[Distinct], list[Refusal]]:
        """Every question read, and what is wrong with them."""
        questions = []
        for place, question in survey.questions().items():
            if place in asked:
                codes = survey.missing if question.missing is None else question.missing
                column = str(question.column)
                where = (self.sheet, asked[place], place, column, question, codes or {}, self.shape.name)
                questions.append(read_distinct(*where))
        silent = [one for one in questions if not one.numbers and not one.words]
        problems = [Refusal("nobody_answered", survey.file, one.field, column=one.column) for one in silent]
        ranges, verbal, unknown = _given_scales(survey, questions)
        questions = [one for one in questions if one not in silent]
        read, unread = in_words(questions, verbal, survey.file)
        texts = {place: self.shape.questions[at] for place, at in asked.items()}
        read, wrong = on_numbers(read, ranges, survey, texts)
        return read, problems + unknown + unread + wrong

    def _beside(self, survey: Survey, at: Mapping[Any, int]) -> tuple[dict[str, Any], list[Refusal]]:
        """What stands beside the answers, and what is wrong with it."""
        problems: list[Refusal] = []
        found: dict[str, Any] = dict.fromkeys(("weights", "clusters", "waves", "keys"))
        if "weights" in at:
            found["weights"], problems = columns.read_weights(self.sheet, at["weights"], survey.weights, survey.file)
        for key, name in (("cluster", "clusters"), ("wave", "waves"), ("customer_key", "keys")):
            if key in at:
                found[name] = columns.as_groups(self.sheet, at[key], str(survey.others()[key]))
        if found["keys"] is not None:
            found["keys"] = found["keys"].astype(object)
        problems += [*self._telling(at)]
        names = {key: str(column) for key, column in survey.others().items()}
        there = {key: at[key] for key in names if key in at}
        split = [key for key in there if "segments" in key]
        parts = {names[key]: columns.as_groups(self.sheet, there[key], names[key]) for key in split}
        found["segments"] = pd.DataFrame(parts, index=range(len(self.sheet.numbers)))
        written = {names[key]: place for key, place in there.items() if "quotations" in key}
        found["quotations"] = columns.read_quotations(self.sheet, written, self.shape)
        return found, problems

    def _companies_known(self, clusters: pd.Series | None, some: np.ndarray) -> None:
        """Refuse respondents whose company is not said, by their rows in the file."""
        without = self.sheet.numbers[np.asarray(some) & clusters.isna().to_numpy()] if clusters is not None else []
        if len(without):
            values = {"count": len(without), "rows": ", ".join(map(str, without[:3]))}
            where = (self.survey.file, "survey.cluster", int(without[0]), str(self.survey.cluster))
            raise Refused([Refusal("company_missing", *where, values=values)])

    def _telling(self, at: Mapping[Any, int]) -> Iterator[Refusal]:
        """The refusals of groups whose names tell who somebody is: groups stand in the report by name."""
        for key, column in self.survey.others().items():
            if key not in at or not key.startswith(("cluster", "wave", "segments")):
                continue
            there = self.sheet.columns[at[key]]
            wrong = np.array([*map(is_personal, map(str, there.categories)), False])[there.codes]
            if columns.tells_who(self.shape, at[key]) and len(wrong):
                wrong[:] = True
            if wrong.any():
                row = int(self.sheet.numbers[wrong.argmax()])
                where = (self.survey.file, f"survey.{key.split('.')[0]}", row, str(column))
                yield Refusal("telling_groups", *where, values={"row": row})

    def _gathered(
        self,
        survey: Survey,
        questions: list[Distinct],
        beside: dict[str, Any],
        groups: Mapping[str, np.ndarray],
        counts: Mapping[str, int],
    ) -> Answers:
        """The frames, without the rows in which nothing was answered."""
        n = range(len(self.sheet.numbers))
        tables = {one.place[0]: [] for one in questions} | {"items": [], "outcomes": [], "stated": []}
        for one in questions:
            tables[one.place[0]].append(one)
        frames = {
            name: pd.DataFrame({one.place[1]: one.values() for one in ones}, index=n) for name, ones in tables.items()
        }
        core = tables["items"] + tables["outcomes"]
        missing = pd.DataFrame({one.place[1]: one.missing() for one in core}, index=n)
        places = {one.place[1]: self.shape.places(one.question.column)[0] for one in core}
        missing = rows.not_asked(missing, groups)
        missing = rows.dropped_out(missing, sorted(places, key=places.get), is_finished(self.sheet, self.shape))
        some, every = rows.answered(missing)
        if not some.any():
            raise Refused([Refusal("answers_empty", survey.file, "survey.file")])
        n = {"unanswered": int((~some).sum()), "analysed": int(some.sum()), "complete": int((every & some).sum())}
        self._companies_known(beside["clusters"], some)
        total = rows.RowCounts(**counts, **n, incomplete=n["analysed"] - n["complete"])

        def kept(frame: Any) -> Any:
            return None if frame is None else frame[some].reset_index(drop=True)

        competitors = {name: kept(frames.get(f"competitors.{name}")) for name in survey.competitors}
        return Answers(
            **{name: kept(frames[name]) for name in ("items", "outcomes", "stated")},
            **{name: kept(part) for name, part in beside.items()},
            reasons=kept(rows.in_words(missing)),
            competitors=competitors,
            scales={_scale_name(one.place): one.scale for one in questions},
            labels={name: dict(question.label) for (_, name), question in survey.questions().items() if question.label},
            read_as=self.read_as | _said(questions, self.survey),
            rows=total,
        )


def _scale_name(place: Place) -> str:
    """An item's or outcome's name; others with their table before it."""
    return place[1] if place[0] in ("items", "outcomes") else ".".join(place)


def _given_scales(
    survey: Survey, questions: list[Distinct]
) -> tuple[dict[Place, tuple[float, float]], dict[Place, VerbalScale], list[Refusal]]:
    """The scales that the section states, as ranges and as verbal scales, and those it names but nobody knows."""
    ranges, verbal, problems = {}, {}, []
    for one in questions:
        stated = one.question.scale
        if stated is None and one.place[0] == "items":
            stated = survey.scale
        if stated is None and one.place == ("outcomes", "recommendation") and not one.words:
            stated = (0.0, 10.0)
        if isinstance(stated, str) and stated in scales.number_scales():
            stated = scales.number_scales()[stated]
        if isinstance(stated, str):
            scale = scales.verbal_scales().get(stated)
        else:
            scale = scales.own_scale(stated) if stated and isinstance(stated[0], str) else None
        if scale is not None:
            verbal[one.place], ranges[one.place] = scale, (scale.low, scale.high)
        elif isinstance(stated, str):
            known = ", ".join([*scales.verbal_scales(), *scales.number_scales()])
            problems.append(Refusal("scale_unheard_of", survey.file, one.field, given=stated, values={"scales": known}))
        elif stated:
            ranges[one.place] = stated
    return ranges, verbal, problems


def _said(questions: list[Distinct], survey: Survey) -> dict[str, str]:
    """How the scales were read, the questions by their scale; and which columns were taken for items unasked."""
    by_scale: dict[str, list[str]] = {}
    for one in questions:
        ends = f"{one.scale.low:g}–{one.scale.high:g}"
        name = f"{one.scale.name} {ends}".strip() + (" (reversed)" if one.scale.reversed else "")
        by_scale.setdefault(name, []).append(_scale_name(one.place))
    items = ", ".join(one.place[1] for one in questions if one.place[0] == "items")
    nothing = {_scale_name(one.place): [text for text in one.reasons if one.counts.get(text)] for one in questions}
    told = {f"no_answer.{name}": ", ".join(sorted(texts)[:MOST_CODES]) for name, texts in nothing.items() if texts}
    told |= {} if survey.items is not None else {"items": items}
    return told | {"scales": "; ".join(f"{scale}: {', '.join(names)}" for scale, names in by_scale.items())}
