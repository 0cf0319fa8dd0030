"""What people write as an answer: numbers, stars, smileys, verbal scales in Dutch and English, or no answer.

The wordings stand in `templates/questionnaire/scales.toml`, where a consultant adds to them.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[2] / "templates" / "questionnaire" / "scales.toml"
LANGUAGES = ("nl", "en")

_NUMBER = re.compile(r"([-+]?\d{1,9}(?:[.,]\d{1,6})?) ?%?")
_OUT_OF = re.compile(r"(\d{1,3}(?:[.,]\d+)?) ?(?:/|van(?: de)?|op|uit|out of|of) ?(\d{1,3})(?: \w+)?", re.IGNORECASE)
_LEADING = re.compile(r"([-+]?\d{1,3}(?:[.,]\d+)?)(?: ?[-–—=:.)] ?| )\(?([^\W\d_].*?)\)?")
_TRAILING = re.compile(r"(\D*[^\W\d_]\D*?) ?[(\[]([-+]?\d{1,3})[)\]]")
_ANSWER_CODE = re.compile(r"AO?0*(\d{1,3})")
_UNITS = {"ster", "sterren", "star", "stars", "punt", "punten", "point", "points"}
_STARS, _EMPTY_STARS = "★⭐🌟", "☆"


@dataclass(frozen=True)
class AnswerScale:
    """What the numbers of a question mean: the lowest and highest possible, and the texts of those that have one.

    `name` is the verbal scale's; `reversed` says that the numbers were turned round, so that more is better.
    """

    low: float
    high: float
    labels: Mapping[float, str] = field(default_factory=dict)
    name: str = ""
    reversed: bool = False

    @property
    def points(self) -> int:
        """How many whole numbers the scale has."""
        return int(self.high - self.low) + 1


@dataclass(frozen=True)
class VerbalScale:
    """A scale in words: per level, from worst to best, the folded wordings of each language."""

    name: str
    low: float
    levels: tuple[Mapping[str, frozenset[str]], ...]

    @property
    def high(self) -> float:
        """The number of the best answer."""
        return self.low + len(self.levels) - 1

    def level(self, text: str, languages: Collection[str] = LANGUAGES) -> float | None:
        """The number of a folded text, in one of these languages or in signs."""
        spoken = (*languages, "any")
        levels = enumerate(self.levels)
        return next((self.low + n for n, level in levels if any(text in level.get(one, ()) for one in spoken)), None)


def fold(text: str) -> str:
    """A text as it is compared: without capitals, stops, quotation marks and repeated blanks.

    >>> fold("Niet tevreden,  niet ontevreden."), fold("N.v.t."), fold(":-)")
    ('niet tevreden niet ontevreden', 'nvt', ':-)')
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    plain = re.sub("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]", "", plain)
    if re.fullmatch(r"[:;][-']?[()|d]+", plain):
        return plain
    bare = re.sub(r"[^\w\s%#☀-➿\U0001f300-\U0001faff]+", " ", re.sub(r"[.'’‘`´\"]", "", plain))
    return " ".join(bare.split()) or plain


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def verbal_scales() -> dict[str, VerbalScale]:
    """All verbal scales by name, the preferred ones first."""
    tables = ((name, table) for name, table in _tables().items() if "levels" in table)
    return {name: _verbal(name, table["levels"], table.get("low", 1)) for name, table in tables}


def _verbal(name: str, levels: Iterable[Mapping[str, Iterable[str]]], low: float) -> VerbalScale:
    folded = ({key: frozenset(map(fold, texts)) for key, texts in level.items()} for level in levels)
    return VerbalScale(name, float(low), tuple(folded))


@cache
def known_texts() -> frozenset[str]:
    """All wordings of all verbal scales, folded."""
    levels = (level for scale in verbal_scales().values() for level in scale.levels)
    return frozenset(text for level in levels for texts in level.values() for text in texts)


def own_scale(texts: Iterable[str]) -> VerbalScale:
    """A scale of one's own, its answers from worst to best."""
    return _verbal("own", [{"any": [text]} for text in texts], 1)


def number_scales() -> dict[str, tuple[float, float]]:
    """The scales of numbers that have a name: lowest and highest."""
    return {name: tuple(map(float, table["numbers"])) for name, table in _tables().items() if "numbers" in table}


@cache
def _reasons() -> dict[str, str]:
    reasons = _tables()["reasons"]
    return {fold(text): reason for reason, table in reasons.items() for texts in table.values() for text in texts}


def reason_of(text: str) -> str | None:
    """Why a text is no answer; None for an answer.

    >>> reason_of("N.v.t."), reason_of("Don't know"), reason_of("tevreden")
    ('not_applicable', 'dont_know', None)
    """
    return _reasons().get(fold(text))


def number_of(text: str, *, answer_codes: bool = False) -> tuple[float, str, float | None] | None:
    """The number in an answer, the words beside it, and the highest possible where it says so.

    `answer_codes` reads LimeSurvey's codes too (A3, AO03).

    >>> number_of("7,5"), number_of("5 - Zeer tevreden"), number_of("★★★☆☆"), number_of("3/5")
    ((7.5, '', None), (5.0, 'Zeer tevreden', None), (3.0, '', 5.0), (3.0, '', 5.0))
    """
    text = text.strip().replace("−", "-").replace("\ufe0f", "")
    halved = re.fullmatch(r"(\d{1,2}) ?½", text)
    if halved:
        return float(halved[1]) + 0.5, "", None
    if found := _NUMBER.fullmatch(text):
        return _float(found[1]), "", None
    if text and set(text) <= set(_STARS + _EMPTY_STARS + " "):
        full, empty = sum(map(text.count, _STARS)), text.count(_EMPTY_STARS)
        return float(full), "", float(full + empty) if empty or full >= 5 else None
    if found := _OUT_OF.fullmatch(text):
        return _float(found[1]), "", float(found[2])
    if found := _LEADING.fullmatch(text):
        return _float(found[1]), "" if fold(found[2]) in _UNITS else found[2], None
    if found := _TRAILING.fullmatch(text):
        return _float(found[2]), found[1].strip(), None
    if answer_codes and (found := _ANSWER_CODE.fullmatch(text)):
        return float(found[1]), "", None
    return None


def _float(text: str) -> float:
    return float(text.replace(",", "."))


def choose_scale(texts: Collection[str]) -> tuple[VerbalScale, str] | None:
    """The verbal scale of which these are answers, and their language; None where no scale has them all in one.

    Preferred are scales that keep different texts apart, then those of which every
    level occurs, then those that stand first.

    >>> choose_scale(["Tevreden", "Zeer tevreden"])[0].name, choose_scale(["Satisfied", "Tevreden"])
    ('satisfaction_5', None)
    """
    folded = {fold(text) for text in texts}
    fits = []
    for place, scale in enumerate(verbal_scales().values()):
        for language in LANGUAGES:
            levels = [scale.level(text, (language,)) for text in folded]
            if levels and None not in levels:
                apart, gaps = len(set(levels)) == len(folded), len(scale.levels) - len(set(levels))
                fits.append(((not apart, gaps > 0, place, LANGUAGES.index(language)), scale, language))
    return min(fits, key=lambda fit: fit[0])[1:] if fits else None


def what_is_mixed(texts: Collection[str]) -> tuple[str, str, str] | None:
    """Two texts that do not go together, and what it is: `two_languages` or `mixed_scales`.

    None where a text belongs to no scale at all.
    """
    folded = {fold(text): text for text in sorted(texts)}
    for scale in verbal_scales().values():
        if all(scale.level(text) is not None for text in folded):
            dutch, english = ([t for t in folded if scale.level(t, (one,)) is not None] for one in LANGUAGES)
            only_dutch = next((t for t in dutch if t not in english), None)
            only_english = next((t for t in english if t not in dutch), None)
            if only_dutch and only_english:
                return "two_languages", folded[only_dutch], folded[only_english]
    known = {t: {s.name.split("_")[0] for s in verbal_scales().values() if s.level(t) is not None} for t in folded}
    if not all(known.values()):
        return None
    texts = list(folded)
    pairs = ((one, other) for n, one in enumerate(texts) for other in texts[n + 1 :] if not known[one] & known[other])
    one, other = next(pairs, (texts[0], texts[-1]))
    return "mixed_scales", folded[one], folded[other]


def runs_down(labels: Mapping[float, str]) -> bool | None:
    """Whether labelled numbers run from best to worst; None where their labels say nothing."""
    known = {number: fold(text) for number, text in labels.items()}
    for scale in verbal_scales().values():
        levels = [scale.level(known[number]) for number in sorted(known)]
        found = [level for level in levels if level is not None]
        if len(set(found)) >= 2 and len(found) >= len(known) / 2:
            return found[0] > found[-1]
    return None
