"""Article A5's study as client folders: twelve firms of generated customers, and a thirteenth that pools them.

Nobody outside has the study's answers. Everything written here is drawn by
`toolkit.examples.pxl`, says so in its client file, and shows the firms as letters.
"""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pandas as pd

from toolkit.examples.pxl import DRIVERS, SIZES, pxl_study
from toolkit.examples.pxl_more import FIRM, more_columns, question_lines, survey_lines
from toolkit.finding import Refusal, Refused
from toolkit.ids import is_safe, safe_id

SEED = 5
LOCALES = ("nl_BE", "en_GB")
INVITED = 4
"""Customers invited for each who answered."""
ENDINGS = (*"abcdefghijkl", "pooled")
IN_ENGLISH_TOO = ("C", "L")
"""Firms with a report in English as well: the one with most to show, and the smallest; the pooled study has one too."""

# As the questionnaire asked them: from 1 to 5.
SATISFIED = ("zeer ontevreden", "eerder ontevreden", "neutraal", "eerder tevreden", "zeer tevreden")
EXCEEDED = (
    "helemaal niet waargemaakt",
    "eerder niet waargemaakt",
    "precies waargemaakt",
    "eerder overtroffen",
    "volledig overtroffen",
)
ATTACHED = ("helemaal niet verbonden", "eerder niet verbonden", "neutraal", "eerder verbonden", "sterk verbonden")
RECOMMENDED = ("zeker afraden", "eerder afraden", "niet aanbevelen en niet afraden", "eerder aanbevelen", "zeker aanbevelen")
QUESTIONS = {f"V{number:02}": name for number, name in enumerate(DRIVERS, 1)}
OUTCOMES = {"V21": "attachment", "V22": "recommendation", "V23": "score"}
KEYS = {"attachment": "attachment", "recommendation": "recommendation_verbal", "score": "recommendation"}


def write_pxl_clients(name: str, folder: Path, *, company_effects: bool = True, seed: int = SEED) -> list[Path]:
    """Write `folder/<name>-a` … `-l` and `folder/<name>-pooled`, each with client file and answers; nothing is overwritten.

    Returns the thirteen client files. Raises `Refused` for a name that no folder can have, and for folders that exist.
    """
    if not is_safe(name):
        raise Refused([Refusal("unsafe_id", given=name, values={"suggestion": safe_id(name)})])
    there = [path for path in sorted(folder.glob(f"{name}-*")) if path.name.removeprefix(f"{name}-") in ENDINGS]
    if there:
        raise Refused(Refusal("exists_already", file=str(path)) for path in there)
    study = pxl_study(seed, company_effects=company_effects)
    written = []
    for letter, firm in study.groupby("company"):
        more = more_columns(firm, seed) if letter == FIRM else None
        locales = LOCALES if letter in IN_ENGLISH_TOO else LOCALES[:1]
        text = client_text(f"Kmo {letter} (gegenereerd)", locales, invited=INVITED * len(firm), more=more is not None)
        written.append(_write(folder / f"{name}-{letter.lower()}", text, in_words(firm, more)))
    text = client_text("Twaalf kmo’s samen (gegenereerd)", LOCALES, invited=INVITED * sum(SIZES), pooled=True)
    written.append(_write(folder / f"{name}-pooled", text, in_numbers(study)))
    return written


def in_words(firm: pd.DataFrame, more: pd.DataFrame | None = None) -> str:
    """One firm's answers as a Dutch survey program exports them: semicolons, answers in words; `more` columns follow."""
    asked = {**QUESTIONS, **OUTCOMES}
    wordings = dict.fromkeys(DRIVERS, SATISFIED)
    wordings |= {"exceeds_expectations": EXCEEDED, "attachment": ATTACHED, "recommendation": RECOMMENDED}
    columns = [
        [wordings[name][answer - 1] if name in wordings else str(answer) for answer in firm[name]]
        for name in asked.values()
    ]
    further = {} if more is None else {name: more[name] for name in more}
    numbers = [str(n) for n in range(1, len(firm) + 1)]
    return _csv(["nr", *asked, *further], [numbers, *columns, *further.values()])


def in_numbers(study: pd.DataFrame) -> str:
    """All answers in one file, as numbers, with the firm as a letter."""
    asked = {**QUESTIONS, **OUTCOMES}
    return _csv(["firm", *asked], [study["company"], *(study[name].astype(str) for name in asked.values())])


def _csv(heads: list[str], columns: list) -> str:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows(zip(*columns, strict=True))
    return target.getvalue()


def client_text(name: str, locales: tuple[str, ...], *, invited: int, pooled: bool = False, more: bool = False) -> str:
    """The client file of one firm, or of all of them with the firm as the cluster; `more`: what one firm has besides."""
    items = [f'{item} = "{column}"' for column, item in QUESTIONS.items()]
    outcomes = [f'{KEYS[outcome]} = "{column}"' for column, outcome in OUTCOMES.items()]
    return "\n".join(
        [
            "# Generated: drawn so that keeping agreements has the shares that the PXL study printed. No real customers.",
            *(["# Segments, years, stated importance, competitors and remarks are generated too."] if more else []),
            "",
            "[client]",
            f'name = "{name}"',
            f"locales = [{', '.join(map(_quoted, locales))}]",
            'currency = "EUR"',
            "period = { from = 2024-01-01, to = 2024-12-31 }",
            "report_date = 2025-01-31",
            'origin = "generated"',
            "",
            "[survey]",
            'file = "answers.csv"',
            *(['scale = [1, 5]', 'cluster = "firm"'] if pooled else []),
            *(survey_lines() if more else []),
            "",
            "[survey.items]",
            *items,
            "",
            "[survey.outcomes]",
            *(_scored(line) if pooled else line for line in outcomes),
            "",
            *(question_lines() if more else []),
            "[drivers]",
            f"invited = {invited}",
            "",
        ]
    )


def _quoted(text: str) -> str:
    return f'"{text}"'


def _scored(line: str) -> str:
    """The line of the recommendation question, with the scale of its own that it has among answers from 1 to 5."""
    key, _, column = line.partition(" = ")
    return f"{key} = {{ column = {column}, scale = [0, 10] }}" if key == "recommendation" else line


def _write(folder: Path, client: str, answers: str) -> Path:
    try:
        folder.mkdir(parents=True)
        for name, text in (("answers.csv", answers), ("client.toml", client)):
            beside = folder / f".{name}.part"
            beside.write_text(text, encoding="utf-8", newline="")
            os.replace(beside, folder / name)
    except OSError as error:
        raise Refused([Refusal("cannot_write", file=str(folder), given=error.strerror)]) from None
    return folder / "client.toml"
