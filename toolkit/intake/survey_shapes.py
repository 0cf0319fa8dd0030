"""Which program wrote a file of answers, by its shape: header rows, previews, and what is not a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from toolkit.intake.survey_tables import Sheet

_QUALTRICS = {"StartDate", "EndDate", "Status", "Progress", "Finished", "RecordedDate", "ResponseId"}
_PREVIEWS = {"survey preview", "survey test", "1", "2", "9", "17"}  # Status in words, or as Qualtrics numbers it
_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")

_SINGLE = re.compile(r"response|open-ended response|antwoord|open antwoord")

# Columns about the respondent or the filling in, in the exports of all these programs.
_ABOUT = re.compile(
    r"startdate|enddate|status|ipaddress|ip address|ip-adres|progress|duration.*|finished|recordeddate|responseid|"
    r"recipient(last|first)?name|recipientemail|externalreference|externaldatareference|locationl\w+|"
    r"distributionchannel|userlanguage|respondent[ _-]?id|collector[ _-]?id|(start|end|submit|stage) date.*|"
    r"e-?mail.*|first name|last name|voornaam|achternaam|naam|name|custom data.*|id|#|submitdate|lastpage|"
    r"startlanguage|seed|startdate|datestamp|ipaddr|refurl|response id|date .*|last page|start language|"
    r"timestamp|tijdstempel|network id|response type|tags|ending|start time|completion time|begintijd|"
    r"tijd van voltooien|username|gebruikersnaam|language|taal|(total|group|question) ?time.*|\w*interviewtime"
)


@dataclass(frozen=True)
class Shape:
    """What the first rows say: the program, how many rows are header, the columns' names and questions.

    `aside` are columns that are no questions; `identity` numbers the answers; `finished`
    and `preview` say in which column, and by which texts, an answer is finished or a trial.
    """

    name: str
    header: int
    names: tuple[str, ...]
    questions: tuple[str, ...]
    aside: frozenset[int]
    identity: int | None = None
    finished: tuple[int, frozenset[str]] | None = None
    preview: tuple[tuple[int, frozenset[str]], ...] = ()

    def places(self, column: str | int) -> list[int]:
        """Where a column stands, counted from nought: by position, else by name, code, question or row of a grid."""
        if isinstance(column, int):
            return [column - 1] if column <= len(self.names) else []
        wanted = " ".join(column.split())
        for known in (self.names, [_code(name) for name in self.names], self.questions, map(_row_of_grid, self.names)):
            found = [place for place, name in enumerate(known) if name == wanted]
            if found:
                return found
        return []


def _code(name: str) -> str:
    """The code before a question's text, as LimeSurvey writes it."""
    return name.split(". ")[0] if ". " in name else ""


def _row_of_grid(name: str) -> str:
    found = re.fullmatch(r".*\[(.+)\]", name)
    return found[1].strip() if found else ""


def recognise_shape(sheet: Sheet, *, headless: bool = False) -> Shape:
    """The shape of a file by its first rows; `headless`: all columns are named by position."""
    head = sheet.head(4)
    width = len(sheet.columns)
    if sheet.names is not None:
        return _named(sheet.names, sheet.questions or ("",) * width, [], 0)
    first = head[0] if head else []
    if headless and all(not cell or _NUMBER.fullmatch(cell) for cell in first) or _all_numbers(first):
        counted = tuple(str(place) for place in range(1, width + 1))
        return Shape("no_header", 0, counted, ("",) * width, frozenset())
    numbered = first and re.fullmatch(r"respondent[ _-]?id", first[0], re.IGNORECASE)
    if numbered and len(head) > 1 and not head[1][0] and any(head[1]):
        return _surveymonkey(first, head[1])
    return _named(tuple(first), ("",) * width, head[1:], 1)


def _all_numbers(cells: Sequence[str]) -> bool:
    return bool(cells) and all(_NUMBER.fullmatch(cell) for cell in cells)


def _named(names: tuple[str, ...], questions: tuple[str, ...], below: list[list[str]], header: int) -> Shape:
    """The shape of a table with one row of names, perhaps with rows of questions and marks below it."""
    folded = [_code(name).casefold() or name.casefold() for name in names]
    aside = frozenset(place for place, name in enumerate(folded) if _ABOUT.fullmatch(name))

    def at(*known: str) -> int | None:
        return next((place for place, name in enumerate(folded) if name in known), None)

    if len(_QUALTRICS & set(names)) >= 3:
        return _qualtrics(names, questions, below, header, aside)
    submitted = at("submitdate", "date submitted", "datum ingestuurd", "datum ingezonden")
    if submitted is not None and at("lastpage", "last page", "laatste pagina") is not None:
        number = at("id", "response id", "antwoord id", "antwoord-id")
        texts = frozenset({""})
        return Shape("limesurvey", header, names, questions, aside | {submitted}, number, (submitted, texts))
    if at("submit date (utc)") is not None and at("network id", "#") is not None:
        kind = at("response type")
        done = None if kind is None else (kind, frozenset({"completed"}))
        return Shape("typeform", header, names, questions, aside, at("#"), done)
    if folded[:1] in (["timestamp"], ["tijdstempel"]) and (not below or _DAY.match(below[0][0])):
        return Shape("google_forms", header, names, questions, aside)
    if at("id") == 0 and at("completion time", "tijd van voltooien", "voltooiingstijd") is not None:
        return Shape("microsoft_forms", header, names, questions, aside, 0)
    number = at("responseid", "response_id", "respondent_id", "respondentid", "respondent id")
    return Shape("plain", header, names, questions, aside, number)


def _qualtrics(
    names: tuple[str, ...], questions: tuple[str, ...], below: list[list[str]], header: int, aside: frozenset[int]
) -> Shape:
    """Up to three header rows: names, questions, and marks that begin with ImportId."""
    by_name = {name: place for place, name in reversed(list(enumerate(names)))}
    marked = [n for n, cells in enumerate(below) if any(re.match(r'\{"?ImportId', cell) for cell in cells)]
    more = marked[0] + 1 if marked else 0
    started = by_name.get("StartDate", by_name.get("RecordedDate"))
    if not marked and below and started is not None and below[0][started] and not re.search(r"\d", below[0][started]):
        more = 1  # the older export: names and questions
    if more:
        questions = tuple(below[0])
    preview = [(by_name["Status"], frozenset(_PREVIEWS))] if "Status" in by_name else []
    if "DistributionChannel" in by_name:
        preview.append((by_name["DistributionChannel"], frozenset({"preview"})))
    done = (by_name["Finished"], frozenset({"true", "1", "waar"})) if "Finished" in by_name else None
    number = by_name.get("ResponseId")
    return Shape("qualtrics", header + more, names, questions, aside, number, done, tuple(preview))


def _surveymonkey(first: list[str], second: list[str]) -> Shape:
    """Two header rows: questions, each over its first column only, and what was asked of each column."""
    names, question = [], ""
    for above, below in zip(first, second, strict=True):
        question = above or question
        single = not below or _SINGLE.fullmatch(below.casefold())
        names.append(question if single else f"{question} [{below}]")
    folded = [name.casefold() for name in first]
    aside = frozenset(n for n, below in enumerate(second) if not below or _ABOUT.fullmatch(folded[n]))
    return Shape("surveymonkey", 2, tuple(names), tuple(names), aside, 0)


def marks(sheet: Sheet, place: int, texts: frozenset[str]) -> np.ndarray:
    """The rows whose cell in a column is one of these texts, capitals or not."""
    column = sheet.columns[place]
    wanted = np.array([str(text).casefold() in texts for text in column.categories] + [False])
    return wanted[column.codes]


def is_finished(sheet: Sheet, shape: Shape) -> np.ndarray | None:
    """Which answers were finished, where the program says so."""
    if shape.finished is None:
        return None
    place, texts = shape.finished
    found = marks(sheet, place, texts)
    return ~found if texts == {""} else found  # a day of submission: finished where it is filled in
