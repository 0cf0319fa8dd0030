"""What a tree is grown on: answers and outcome as small whole codes, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toolkit.drivers.sample import read_numbers
from toolkit.finding import Refusal, Refused

MOST_LEVELS = 20
SCALES = ("ordered", "unordered")


@dataclass(frozen=True)
class TreeData:
    """Codes (n, k) of the answers and (n,) of the outcome, with what they stand for.

    `answers` lists each driver's answers by code; where `floating`, the last is None,
    a missing answer. `cells` (n, k) is where each answer is counted among all tables;
    `kept` which of the rows that were given have an outcome and so are here.
    """

    codes: np.ndarray
    outcome: np.ndarray
    cells: np.ndarray
    kept: np.ndarray
    drivers: tuple[Any, ...]
    answers: tuple[tuple[Any, ...], ...]
    levels: tuple[Any, ...]
    ordered: tuple[bool, ...]
    floating: tuple[bool, ...]

    @property
    def n(self) -> int:
        """Number of respondents with an outcome."""
        return len(self.outcome)

    def tables(self, rows: np.ndarray) -> list[np.ndarray]:
        """Counts (categories, levels) of each driver's answers against the outcome."""
        borders = np.cumsum([len(answers) for answers in self.answers])
        levels = len(self.levels)
        counts = np.bincount(self.cells[rows].ravel(), minlength=borders[-1] * levels)
        return np.split(counts.reshape(-1, levels), borders[:-1])

    def named(self, path: tuple[tuple[int, tuple[int, ...]], ...]) -> dict[Any, tuple[Any, ...]]:
        """The conditions of a path: driver → answers; a driver met twice keeps what passed both."""
        conditions: dict[Any, tuple[Any, ...]] = {}
        for driver, group in path:
            conditions[self.drivers[driver]] = tuple(self.answers[driver][code] for code in group)
        return conditions


def read_tree_data(
    answers: Any, outcome: Any, scale: str | Mapping[Any, str], alpha: float, min_leaf: int
) -> TreeData:
    """Check and code what a tree is grown on; raises `Refused` with all problems at once."""
    frame = answers if isinstance(answers, pd.DataFrame) else _framed(answers)
    drivers = tuple(frame.columns)
    problems = _settings(scale, drivers, alpha, min_leaf)
    result = pd.Series(np.asarray(outcome).ravel())
    if not len(frame) or not len(drivers):
        problems.append(Refusal("no_answers", field="answers", given=str(frame.shape)))
    if len(result) != len(frame):
        problems.append(Refusal("lengths_differ", field="outcome", given=len(result), values={"answers": len(frame)}))
        raise Refused(problems)
    known = result.notna().to_numpy()
    if not known.any():
        if len(result):
            problems.append(Refusal("item_without_answers", field="outcome", column="outcome", given=len(result)))
        raise Refused(problems)
    target, levels = pd.factorize(result[known], sort=True)
    if not problems and len(levels) < 2:
        problems.append(Refusal("outcome_constant", field="outcome", given=str(levels[0]), values={"n": int(known.sum())}))
    problems += _too_many(levels, "outcome", "outcome")
    scales = [scale if isinstance(scale, str) else scale.get(name, "ordered") for name in drivers]
    columns = [
        _coded(frame.iloc[:, i][known], name, scales[i] == "ordered", problems) for i, name in enumerate(drivers)
    ]
    if problems:
        raise Refused(problems)
    codes, names, floating = (list(parts) for parts in zip(*columns, strict=True))
    ordered = tuple(one == "ordered" for one in scales)
    plain = tuple(level.item() if hasattr(level, "item") else level for level in levels)
    table = np.column_stack(codes)
    cells = (table + np.cumsum([0, *map(len, names[:-1])])) * len(levels) + target[:, None]
    return TreeData(table, target, cells, known, drivers, tuple(names), plain, ordered, tuple(floating))


def _framed(answers: Any) -> pd.DataFrame:
    array = np.asarray(answers)
    if array.ndim != 2:
        raise Refused([Refusal("answers_not_a_table", field="answers", given=str(array.shape))])
    return pd.DataFrame(array, columns=range(array.shape[1]))


def _coded(
    series: pd.Series, name: Any, ordered: bool, problems: list[Refusal]
) -> tuple[np.ndarray, tuple[Any, ...], bool]:
    """Codes (n,), the answers they stand for, and whether the last is a missing answer."""
    values = pd.Series(read_numbers(series, "answers", str(name), problems)) if ordered else series.astype(object)
    codes, found = pd.factorize(values, sort=True)
    missing = codes < 0
    problems += _too_many(found, "answers", str(name))
    if series.isna().all():
        problems.append(Refusal("item_without_answers", field="answers", column=str(name), given=len(series)))
    plain = tuple(value.item() if hasattr(value, "item") else value for value in found)
    return np.where(missing, len(found), codes), (*plain, None) if missing.any() else plain, bool(missing.any())


def _too_many(levels: Any, field: str, column: str) -> list[Refusal]:
    if len(levels) <= MOST_LEVELS:
        return []
    return [Refusal("too_many_levels", field=field, column=column, given=len(levels), values={"most": MOST_LEVELS})]


def _settings(
    scale: str | Mapping[Any, str], drivers: tuple[Any, ...], alpha: float, min_leaf: int
) -> list[Refusal]:
    given = {scale} if isinstance(scale, str) else set(scale.values())
    problems = [Refusal("unknown_scale", field="scale", given=str(one), values={"known": SCALES})
                for one in sorted(given - set(SCALES), key=str)]
    problems += [Refusal("answer_column_twice", field="answers", column=str(name), given=drivers.count(name))
                 for name in dict.fromkeys(drivers) if drivers.count(name) > 1]
    if not 0 < alpha < 1:
        problems.append(Refusal("not_a_share", field="alpha", given=alpha))
    if min_leaf < 1:
        problems.append(Refusal("min_leaf_too_small", field="min_leaf", given=min_leaf))
    return problems
