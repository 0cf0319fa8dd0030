"""Files of answers that are no text: XLSX, Parquet and SPSS."""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd

from toolkit.finding import Refusal, Refused
from toolkit.intake import survey_spss
from toolkit.intake.survey_tables import CHUNK, Gathering, Sheet, as_text, categorical, refuse_file


def read_workbook(path: Path, sheet: str | None) -> Sheet:
    """The cells of an XLSX file: of the sheet that is named, else of the first that is visible and not empty."""
    try:
        with path.open("rb") as file:
            name, rows = _first_sheet(file, path.name, sheet)
    except Refused:
        raise
    except Exception:  # of a damaged file the library raises whatever it stumbles over
        raise refuse_file("answers_damaged", path) from None
    if not rows:
        raise refuse_file("answers_empty", path)
    gathered, width = Gathering(), max(len(cells) for _, cells in rows)
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        gathered.add((number for number, _ in part), [cells + [""] * (width - len(cells)) for _, cells in part])
    return gathered.sheet(read_as={"format": "xlsx", "sheet": name})


def _first_sheet(file: IO[bytes], named: str, sheet: str | None) -> tuple[str, list[tuple[int, list[str]]]]:
    """The sheet that is meant, and its rows; of a file without any, no rows."""
    import openpyxl

    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    pages = {page.title: page for page in book.worksheets}
    if sheet is not None and sheet not in pages:
        values = {"sheets": ", ".join(pages)}
        raise Refused([Refusal("sheet_missing", named, "survey.sheet", given=sheet, values=values)])
    names = [sheet] if sheet is not None else [name for name, page in pages.items() if page.sheet_state == "visible"]
    found = ((name, _worksheet(pages[name])) for name in names)
    return next(((name, rows) for name, rows in found if rows), ("", []))


def _worksheet(page: Any) -> list[tuple[int, list[str]]]:
    """Row numbers and texts of a sheet, without the empty rows before and after the others."""
    page.reset_dimensions()
    rows: list[tuple[int, list[str]]] = []
    for number, cells in enumerate(page.iter_rows(values_only=True), 1):
        texts = list(map(as_text, cells))
        while texts and not texts[-1]:
            texts.pop()
        rows += [(number, texts)] if texts or rows else []
    while rows and not rows[-1][1]:
        rows.pop()
    return rows


def read_parquet(path: Path) -> Sheet:
    """The cells of a Parquet file."""
    import duckdb

    from toolkit.intake import cells, table

    with tempfile.TemporaryDirectory(prefix="toolkit-answers-") as scratch, table.connect(scratch) as con:
        try:
            source = f"read_parquet({cells.file_literal(path)}, hive_partitioning=false)"
            described = con.execute(f"describe select * from {source}").fetchall()
            columns = []
            for name, kind, *_ in described:
                cell = f"{cells.name(name)}::{'DOUBLE' if cells.NUMBERS.fullmatch(kind) else 'VARCHAR'}"
                codes, given = pd.factorize(con.execute(f"select {cell} as cell from {source}").df()["cell"])
                columns.append(categorical(codes, given))
        except duckdb.Error:
            raise refuse_file("damaged_file", path) from None
    names, rows = tuple(name.strip() for name, *_ in described), len(columns[0]) if columns else 0
    return Sheet(tuple(columns), np.arange(1, rows + 1), names, read_as={"format": "parquet"})


def read_spss(path: Path) -> Sheet:
    """The cells of a .sav or .zsav file, with the labels of its codes and those that it declares missing."""
    child = subprocess.run([sys.executable, "-I", survey_spss.__file__, str(path.absolute())], capture_output=True)
    if child.returncode:
        raise refuse_file("answers_damaged", path)
    frame, given = pickle.loads(child.stdout)
    coded = (pd.factorize(frame.iloc[:, place]) for place in range(frame.shape[1]))
    names = tuple(map(as_text, given["names"]))
    at = {name: place for place, name in enumerate(given["names"])}
    by_name = given["labels"].items()
    labels = {at[name]: {as_text(code): as_text(text) for code, text in table.items()} for name, table in by_name}
    missing = {at[name]: tuple((one["lo"], one["hi"]) for one in many) for name, many in given["missing"].items()}
    questions = tuple(as_text(text) for text in given["questions"])
    columns = tuple(categorical(codes, values) for codes, values in coded)
    return Sheet(columns, np.arange(1, len(frame) + 1), names, questions, labels, missing, {"format": "spss"})
