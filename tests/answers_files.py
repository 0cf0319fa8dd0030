"""Files of answers for the tests: written here, cell by cell, in every format that is read."""

from __future__ import annotations

from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pyreadstat
import pytest

from toolkit.finding import Refusal, Refused
from toolkit.intake.answers import Answers, read_answers


def write(folder: Path, text: str, name: str = "answers.csv", encoding: str = "utf-8") -> Path:
    """A text file; the indentation of the text is taken off."""
    lines = [line.strip() for line in text.strip("\n").splitlines()]
    path = folder / name
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def columns(folder: Path, name: str = "answers.csv", **cells: list) -> Path:
    """A csv with these columns."""
    path = folder / name
    pd.DataFrame(cells).to_csv(path, sep=";", index=False)
    return path


def workbook(folder: Path, rows: list[list], *, before: list[str] = (), name: str = "answers.xlsx") -> Path:
    """An XLSX file with one sheet of rows, after empty sheets with these names."""
    book = openpyxl.Workbook()
    book.active.title = "Answers"
    for row in rows:
        book.active.append(row)
    for place, title in enumerate(before):
        book.create_sheet(title, place)
    book.save(folder / name)
    return folder / name


def parquet(folder: Path, frame: pd.DataFrame, name: str = "answers.parquet") -> Path:
    """A Parquet file."""
    with duckdb.connect() as con:
        con.register("frame", frame)
        con.execute(f"copy frame to '{folder / name}' (format parquet)")
    return folder / name


def spss(folder: Path, frame: pd.DataFrame, *, name: str = "answers.sav", **more) -> Path:
    """An SPSS file; `more` as pyreadstat's write_sav takes it."""
    pyreadstat.write_sav(frame, str(folder / name), row_compress=name.endswith("zsav"), **more)
    return folder / name


def refusals(path: Path, **options) -> list[Refusal]:
    """What is refused of a file."""
    with pytest.raises(Refused) as refused:
        read_answers(path, **options)
    return list(refused.value.refusals)


def names(path: Path, **options) -> list[str]:
    """The names of what is refused."""
    return [refusal.name for refusal in refusals(path, **options)]


def only(path: Path, **options) -> Refusal:
    """The one thing that is refused."""
    (refusal,) = refusals(path, **options)
    return refusal


def item(answers: Answers, name: str = "speed") -> list[float | None]:
    """The answers to one item, None where missing."""
    return [None if pd.isna(value) else float(value) for value in answers.items[name]]


def reasons(answers: Answers, name: str = "speed") -> list[str | None]:
    """Why answers to one question are missing, None where they are not."""
    return [None if pd.isna(reason) else str(reason) for reason in answers.reasons[name]]
