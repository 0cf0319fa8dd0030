"""A sample: answers and an outcome, checked once, numeric and complete.

Every analysis of this chapter starts here, so that all of them refuse the same
things in the same words and count their rows in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from toolkit.finding import Refusal, Refused


@dataclass(frozen=True)
class Sample:
    """Complete answers of n respondents to k items, with outcome, weights and clusters.

    `answers` (n, k) and `outcome` (n,) are floats in the respondent's own scale;
    `weights` (n,) are positive; `clusters` (n,) are codes into `companies`, or None.
    `incomplete` and `weightless` count the rows that were left out to get here.
    """

    answers: np.ndarray
    outcome: np.ndarray
    weights: np.ndarray
    drivers: tuple[Any, ...]
    clusters: np.ndarray | None = None
    companies: tuple[Any, ...] = ()
    incomplete: int = 0
    weightless: int = 0

    @property
    def n(self) -> int:
        """Number of respondents."""
        return len(self.outcome)

    def only(self, rows: np.ndarray) -> Sample:
        """The same sample with some of its respondents (a mask or positions)."""
        clusters, companies = self.clusters, self.companies
        if clusters is not None:
            present, clusters = np.unique(clusters[rows], return_inverse=True)
            companies = tuple(companies[code] for code in present)
        return Sample(self.answers[rows], self.outcome[rows], self.weights[rows], self.drivers, clusters, companies)


def read_sample(
    answers: Any, outcome: Any, *, weights: Any = None, clusters: Any = None, incomplete: str = "drop"
) -> Sample:
    """Check answers, outcome, weights and clusters together and refuse all problems at once.

    `answers` is a DataFrame or an (n, k) array, the rest are (n,), matched by
    position. `incomplete` says what happens to rows with a missing answer:
    `"drop"` leaves them out and counts them, `"refuse"` refuses them, `"keep"`
    keeps them (answers and outcome may then hold nan). Rows of weight 0 are left
    out and counted. Raises `Refused`.
    """
    problems: list[Refusal] = []
    table, drivers = read_table(answers, problems)
    n = len(table)
    result = read_vector(outcome, "outcome", n, problems)
    heaviness = read_weights(weights, n, problems)
    codes, companies = read_clusters(clusters, n, problems)
    if not problems:
        problems += _empty_items(table, drivers, result)
    if problems:
        raise Refused(problems)
    holes = np.isnan(table).any(axis=1) | np.isnan(result)
    if holes.any() and incomplete == "refuse":
        raise Refused(_holes(table, drivers, result))
    keep = (heaviness > 0) if incomplete == "keep" else (heaviness > 0) & ~holes
    if not keep.any():
        raise Refused([Refusal("no_complete_answers", given=n, values={"incomplete": int(holes.sum())})])
    sample = Sample(table, result, heaviness, drivers, codes, companies).only(keep)
    dropped = int((heaviness > 0).sum()) - sample.n
    return _varying(sample, dropped, int((heaviness == 0).sum()))


def fewest(drivers: int) -> int:
    """The complete answers that weighing so many drivers takes: ten for each, and never fewer than fifty.

    >>> fewest(3), fewest(12)
    (50, 120)
    """
    return max(50, 10 * drivers)


def _varying(sample: Sample, incomplete: int, weightless: int) -> Sample:
    if sample.n < 2:
        more = {"drivers": len(sample.drivers), "minimum": fewest(len(sample.drivers)), "incomplete": incomplete}
        raise Refused([Refusal("too_few_answers", field="answers", given=sample.n, values=more)])
    known = sample.outcome[~np.isnan(sample.outcome)]
    if np.ptp(known) <= 1e-12 * max(1.0, float(np.abs(known).max())):
        given = f"{known[0]:g}"
        raise Refused([Refusal("outcome_constant", field="outcome", given=given, values={"n": sample.n})])
    return replace(sample, incomplete=incomplete, weightless=weightless)


def read_table(answers: Any, problems: list[Refusal]) -> tuple[np.ndarray, tuple[Any, ...]]:
    """Answers as an (n, k) float array with nan for missing, and the names of its columns."""
    if not isinstance(answers, pd.DataFrame):
        array = np.asarray(answers)
        if array.ndim != 2:
            raise Refused([Refusal("answers_not_a_table", field="answers", given=str(array.shape))])
        answers = pd.DataFrame(array, columns=range(array.shape[1]))
    if not len(answers.columns) or not len(answers):
        raise Refused([Refusal("no_answers", field="answers", given=str(answers.shape))])
    drivers = tuple(answers.columns)
    for name in dict.fromkeys(name for name in drivers if drivers.count(name) > 1):
        problems.append(Refusal("answer_column_twice", field="answers", column=str(name), given=drivers.count(name)))
    columns = [read_numbers(answers.iloc[:, i], "answers", str(drivers[i]), problems) for i in range(len(drivers))]
    return np.column_stack(columns), drivers


def read_vector(values: Any, field: str, n: int, problems: list[Refusal]) -> np.ndarray:
    """One number per respondent, nan for missing; refuses another length or text."""
    series = values if isinstance(values, pd.Series) else pd.Series(np.asarray(values).ravel())
    if len(series) != n:
        problems.append(Refusal("lengths_differ", field=field, given=len(series), values={"answers": n}))
    return read_numbers(series, field, str(getattr(values, "name", "") or ""), problems)


def read_numbers(series: pd.Series, field: str, column: str, problems: list[Refusal]) -> np.ndarray:
    """A column as floats, nan where empty; refuses text and infinity, naming the first."""
    plain = series if series.dtype.kind in "biuf" else pd.to_numeric(series.astype(object), errors="coerce")
    numbers = plain.to_numpy(float, na_value=np.nan)
    text = np.isnan(numbers) & series.notna().to_numpy()
    if text.any():
        row = int(np.argmax(text))
        more = {"count": int(text.sum())}
        problems.append(Refusal("not_a_number", "", field, row + 1, column, str(series.iloc[row]), more))
    elif np.isinf(numbers).any():
        row = int(np.argmax(np.isinf(numbers)))
        problems.append(Refusal("not_a_number", "", field, row + 1, column, "∞", {"count": 1}))
    return numbers


def read_weights(weights: Any, n: int, problems: list[Refusal]) -> np.ndarray:
    """Weights (n,), 1 where none are given; refuses missing, negative and all-zero ones."""
    if weights is None:
        return np.ones(n)
    values = read_vector(weights, "weights", n, problems)
    for name, wrong in (("weight_missing", np.isnan(values)), ("weight_negative", values < 0)):
        if wrong.any():
            row = int(np.argmax(wrong))
            given = "" if np.isnan(values[row]) else float(values[row])
            problems.append(Refusal(name, "", "weights", row + 1, "", given, {"count": int(wrong.sum())}))
    if len(values) and not np.nansum(np.abs(values)):
        problems.append(Refusal("weights_all_zero", field="weights", given=len(values)))
    return values


def read_clusters(clusters: Any, n: int, problems: list[Refusal]) -> tuple[np.ndarray | None, tuple[Any, ...]]:
    """Codes and names of the clusters (companies, branches, accounts); refuses gaps."""
    if clusters is None:
        return None, ()
    codes, names = pd.factorize(pd.Series(np.asarray(clusters, dtype=object).ravel()), sort=False)
    if len(codes) != n:
        problems.append(Refusal("lengths_differ", field="clusters", given=len(codes), values={"answers": n}))
    if (codes < 0).any():
        row, count = int(np.argmax(codes < 0)), int((codes < 0).sum())
        problems.append(Refusal("cluster_missing", field="clusters", row=row + 1, values={"count": count}))
    return codes, tuple(names)


def _empty_items(table: np.ndarray, drivers: Sequence[Any], outcome: np.ndarray) -> list[Refusal]:
    empty = [str(name) for name, column in zip(drivers, table.T, strict=True) if np.isnan(column).all()]
    found = [Refusal("item_without_answers", field="answers", column=name, given=len(table)) for name in empty]
    if np.isnan(outcome).all():
        found.append(Refusal("item_without_answers", field="outcome", column="outcome", given=len(table)))
    return found


def _holes(table: np.ndarray, drivers: Sequence[Any], outcome: np.ndarray) -> list[Refusal]:
    counts = {str(name): int(np.isnan(column).sum()) for name, column in zip(drivers, table.T, strict=True)}
    counts["outcome"] = int(np.isnan(outcome).sum())
    return [
        Refusal("answers_missing", field="answers", column=name, given=count, values={"n": len(table)})
        for name, count in counts.items()
        if count
    ]


def read_players(
    drivers: Sequence[Any], groups: dict[Any, Sequence[Any]] | None = None, always: Sequence[Any] | None = None
) -> tuple[list[Any], list[list[int]], list[int]]:
    """Who shares in the explained variance: names, their columns, and the columns always in.

    Groups come first in their own order, then every column that is in no group,
    in column order; columns that are always in are nobody's.
    """
    problems: list[Refusal] = []

    def position(name: Any, field: str) -> int:
        if name in drivers:
            return drivers.index(name)
        known = {"columns": ", ".join(map(str, drivers))}
        problems.append(Refusal("unknown_column", field=field, given=str(name), values=known))
        return -1

    drivers = list(drivers)
    forced = [position(name, "always") for name in _listed(always)]
    grouped = {name: [position(column, "groups") for column in _listed(cs)] for name, cs in (groups or {}).items()}
    taken = forced + [column for columns in grouped.values() for column in columns]
    for column in sorted({c for c in taken if c >= 0 and taken.count(c) > 1}):
        problems.append(Refusal("column_used_twice", field="groups", column=str(drivers[column])))
    for name in (name for name, columns in grouped.items() if not columns):
        problems.append(Refusal("group_empty", field="groups", given=str(name)))
    singles = {drivers[i]: [i] for i in range(len(drivers)) if i not in taken}
    for name in grouped.keys() & singles.keys():
        problems.append(Refusal("group_named_as_column", field="groups", given=str(name)))
    if not grouped and not singles:
        problems.append(Refusal("no_drivers_left", field="always", given=len(forced)))
    if problems:
        raise Refused(problems)
    return [*grouped, *singles], [*grouped.values(), *singles.values()], forced


def _listed(names: Any) -> list[Any]:
    if names is None:
        return []
    return [names] if isinstance(names, str | int) else list(names)
