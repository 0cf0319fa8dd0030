"""One question's column → numbers on a scale and reasons of missing answers; what cannot be read is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as default
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.finding import Refusal
from toolkit.intake import survey_scales as scales
from toolkit.intake.survey_scales import AnswerScale, VerbalScale, fold, number_of, reason_of
from toolkit.intake.survey_section import REASONS, Place, Question

if TYPE_CHECKING:
    from toolkit.intake.survey_tables import Sheet

ANSWERED, BLANK = 0, 1
CODES = {reason: number for number, reason in enumerate(REASONS, 1)}  # "not_answered" is 1, as a blank is
MIXED = ("mixed_scales", "two_languages")


@dataclass(frozen=True)
class Distinct:
    """The different answers to one question, each read once; `counts` says how often each occurs.

    `numbers` and `reasons` are by text, `words` are texts that still need a verbal scale.
    `meant` gives the label of a word that is itself a code.
    `labels` are the file's or the answers' own texts of numbers; `no_answer` are numbers
    whose label says that they are none, not declared as missing; `tops` the highest
    possible number where answers say it (3/5), `labelled` the range that the file labels.
    """

    place: Place
    column: str
    question: Question
    codes: np.ndarray
    counts: Mapping[str, int]
    numbers: dict[str, float] = default(default_factory=dict)
    reasons: dict[str, str] = default(default_factory=dict)
    words: tuple[str, ...] = ()
    labels: dict[float, str] = default(default_factory=dict)
    no_answer: dict[float, str] = default(default_factory=dict)
    declared: dict[float, str] = default(default_factory=dict)
    tops: frozenset[float] = frozenset()
    labelled: tuple[float, float] | None = None
    texts: tuple[str, ...] = ()
    meant: Mapping[str, str] = default(default_factory=dict)
    scale: AnswerScale | None = None

    @property
    def field(self) -> str:
        """Where the question stands in the client file."""
        return "survey." + ".".join(self.place)

    def said(self) -> list[str]:
        """The words, by their label where they are codes."""
        return [self.meant.get(word, word) for word in self.words]

    def count(self) -> dict[float, int]:
        """How often each number was given."""
        found: dict[float, int] = {}
        for text, number in self.numbers.items():
            found[number] = found.get(number, 0) + self.counts[text]
        return found

    def values(self) -> np.ndarray:
        """The answers (n,), missing ones NaN; turned round where the scale says so."""
        by_text = np.array([self.numbers.get(text, np.nan) for text in self.texts])
        if self.scale and self.scale.reversed:
            by_text = self.scale.low + self.scale.high - by_text
        return by_text[self.codes]

    def missing(self) -> np.ndarray:
        """Why each answer is missing (n,): nought where it is not, else the number of its reason."""
        codes = [ANSWERED if t in self.numbers else CODES[self.reasons.get(t, "not_answered")] for t in self.texts]
        return np.array(codes, dtype=np.int8)[self.codes]


def read_distinct(
    sheet: Sheet, at: int, place: Place, column: str, question: Question, codes: Mapping[str, str], shape: str
) -> Distinct:
    """Sort the different answers of a column into numbers, words and reasons; `codes` are those declared missing."""
    answers = sheet.columns[at]
    counted = np.bincount(answers.codes, minlength=len(answers.categories))
    texts = tuple(map(str, answers.categories))
    counts = {text: int(n) for text, n in zip(texts, counted, strict=True) if n}
    found = Distinct(place, column, question, answers.codes, counts, texts=texts)
    labels, words, tops = dict(sheet.labels.get(at, {})), [], set()
    declared = {_number(code) if _number(code) is not None else fold(code): reason for code, reason in codes.items()}
    for code, label in labels.items():
        if (number := _number(code)) is not None:
            found.labels[number] = label
    for text in counts:
        reason = _why_missing(text, labels.get(text), declared, sheet.missing.get(at, ()), shape)
        if text == "" or reason:
            if text:
                found.reasons[text] = reason
                if _number(text) is not None:
                    found.declared[_number(text)] = text
            continue
        number = number_of(text, answer_codes=shape == "limesurvey")
        if number is None and text in labels:
            number = number_of(labels[text])
        if number is None:
            words.append(text)
            continue
        found.numbers[text] = number[0]
        if number[1]:
            found.labels.setdefault(number[0], number[1])
        tops |= {number[2]} - {None}
    _labelled_as_none(found, labels)
    ends = [number for code, label in labels.items() if (number := _number(code)) in found.labels]
    labelled = (min(ends), max(ends)) if len(ends) >= 2 else None
    meant = {word: labels[word] for word in words if word in labels}
    return replace(found, words=tuple(words), tops=frozenset(tops), labelled=labelled, meant=meant)


def _labelled_as_none(found: Distinct, labels: Mapping[str, str]) -> None:
    """Set apart the numbers whose label says that they are no answer."""
    for number, label in list(found.labels.items()):
        if reason_of(label) or number in found.declared:
            label = found.labels.pop(number)
            if number in found.numbers.values():
                found.no_answer[number] = label
    for text, label in labels.items():
        if text in found.numbers and reason_of(label):
            found.no_answer[found.numbers[text]] = label


def _number(text: str) -> float | None:
    found = number_of(text)
    return found[0] if found and not found[1] and found[2] is None else None


def _why_missing(
    text: str, label: str | None, declared: Mapping[Any, str], ranges: Iterable[tuple[Any, Any]], shape: str
) -> str | None:
    """The reason why a text is no answer: as declared by the client or the file, else as the text itself says."""
    number, beside = _number(text), number_of(text)
    for known in (beside[0] if beside else None, fold(text)):
        if known in declared and known is not None:
            said = label and reason_of(label)
            return said if said and declared[known] == "not_answered" else declared[known]
    for low, high in ranges:
        inside = low <= number <= high if number is not None and not isinstance(low, str) else text == low
        if inside:
            return (label and reason_of(label)) or "not_answered"
    if number is not None:
        return None
    if shape == "limesurvey" and fold(text) == "n a":
        return "not_asked"  # what LimeSurvey writes for a question that was not shown
    words = beside[1] if beside else label
    return reason_of(text) or (reason_of(words) if words else None)


# scales in words ---------------------------------------------------------------------------------


def in_words(
    questions: list[Distinct], given: Mapping[Place, VerbalScale], file: str
) -> tuple[list[Distinct], list[Refusal]]:
    """Give the answers in words their numbers; questions of one family are read on one scale."""
    problems, chosen = [], {}
    for one in questions:
        if one.words and one.place in given:
            chosen[one.place] = (given[one.place], None)
        elif one.words and (found := scales.choose_scale(one.said())):
            chosen[one.place] = found
    pools: dict[tuple[str, str | None], set[str]] = {}
    for one in questions:
        if one.place in chosen and one.place not in given:
            scale, language = chosen[one.place]
            pools.setdefault((scale.name.split("_")[0], language), set()).update(one.said())
    pooled = {family: scales.choose_scale(texts) for family, texts in pools.items()}
    read = []
    for one in questions:
        if not one.words:
            read.append(one)
        elif one.place not in chosen or one.numbers:
            problems.append(_unread(one, file))
        else:
            scale, language = chosen[one.place]
            family = pooled.get((scale.name.split("_")[0], language)) if one.place not in given else None
            one, unknown = _on_scale(one, family[0] if family else scale)
            problems += [_unread(replace(one, words=unknown), file)] if unknown else []
            read.append(one)
    return read, problems


def _on_scale(one: Distinct, scale: VerbalScale) -> tuple[Distinct, tuple[str, ...]]:
    """The question with its words as levels of a scale, and the words that are none."""
    levels = {text: scale.level(fold(one.meant.get(text, text))) for text in one.words}
    unknown = tuple(text for text, level in levels.items() if level is None)
    numbers = {text: level for text, level in levels.items() if level is not None}
    labels: dict[float, str] = {}
    for text in sorted(numbers, key=lambda text: -one.counts[text]):
        labels.setdefault(numbers[text], one.meant.get(text, text))
    turned = bool(one.question.reversed)
    if turned:
        labels = {scale.low + scale.high - level: text for level, text in labels.items()}
    read = AnswerScale(scale.low, scale.high, dict(sorted(labels.items())), scale.name, turned)
    return replace(one, numbers=one.numbers | numbers, words=(), scale=read), unknown


def _unread(one: Distinct, file: str) -> Refusal:
    """The refusal of words that belong to no scale, to two, or to two languages, or stand among numbers."""
    field, words = one.field, one.words
    values: dict[str, Any] = {"count": sum(one.counts[text] for text in words)}
    if one.numbers:
        number = max(one.numbers, key=lambda text: one.counts[text])
        values |= {"one": number, "other": words[0]}
        return Refusal("mixed_scales", file, field, column=one.column, given=words[0], values=values)
    mixed = scales.what_is_mixed(one.said())
    if mixed and mixed[0] in MIXED:
        values |= {"one": mixed[1], "other": mixed[2]}
        return Refusal(mixed[0], file, field, column=one.column, given=mixed[2], values=values)
    known = scales.known_texts()
    strange = [text for text in words if fold(text) not in known] or list(words)
    close = get_close_matches(fold(strange[0]), known, 1, 0.8)
    values |= {"first": " · ".join(text[:40] for text in strange[:3]), "close": close[0] if close else "–"}
    return Refusal("unreadable_answers", file, field, column=one.column, given=strange[0][:60], values=values)

