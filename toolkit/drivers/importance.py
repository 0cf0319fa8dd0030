"""Importances: each driver's share of what the drivers explain, with what is uncertain about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from toolkit.drivers.methods import DECOMPOSITIONS, renumbered
from toolkit.drivers.methods.association import TINY, association, covariance
from toolkit.drivers.methods.shapley import EXACT, sampled_shapley
from toolkit.drivers.precision import effective_n
from toolkit.drivers.ranks import probabilities_top, rank_intervals
from toolkit.drivers.replicates import Replicates, covariances
from toolkit.drivers.sample import Sample, fewest, read_players, read_sample
from toolkit.finding import Refusal, Refused
from toolkit.units import Count, Ratio, Share

ADDS_UP = ("shapley", "relative_weights")
"""The methods whose values are never negative and sum to R²: only these have shares."""
NAMED = 0.90
"""A leader is named only when it is the top driver with at least this probability."""
WORK = 2**26
"""Subsets times matrices that are computed exactly; above it, sampled orders."""
FEW_RINGS = 2


@dataclass(frozen=True)
class Importance:
    """One driver (or group): what it explains, its share with interval, and where it may rank.

    `low`, `high` belong to `share`, `r2_low`, `r2_high` to `r2`; all of them,
    `probability_top` and the ranks are None where there are too few companies to tell.
    """

    driver: Any
    r2: Share
    share: Share
    low: Share | None
    high: Share | None
    r2_low: Share | None
    r2_high: Share | None
    probability_top: Share | None
    rank_low: Count | None
    rank_high: Count | None


@dataclass(frozen=True)
class Importances(Sequence):
    """The rows of `importances`, in the order of the drivers, and what they rest on.

    `n` complete answers; `incomplete` and `weightless` rows were left out; `r2` is
    what all rows explain together. `constant` names drivers that everyone answered
    alike, `copies` pairs that say the same; `below_floor` is true when there were
    fewer answers than the rule asks and the caller insisted.
    """

    rows: tuple[Importance, ...]
    method: str
    confidence: Share
    n: Count
    r2: Share
    incomplete: Count
    weightless: Count
    companies: Count | None
    effective_n: Ratio
    constant: tuple[Any, ...]
    copies: tuple[tuple[Any, Any], ...]
    below_floor: bool
    monte_carlo_error: Share | None
    company_names: tuple[Any, ...] = ()
    replicates: Replicates | None = field(default=None, repr=False, compare=False)
    """Of the shares: what `pairwise` and `leave_one_out` read."""

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Importance]:
        return iter(self.rows)

    @property
    def leader(self) -> Any | None:
        """The driver that may be called the first, or None: a tie."""
        named = [row.driver for row in self.rows if (row.probability_top or 0) >= NAMED]
        return named[0] if named else None


def importances(
    answers: Any,
    outcome: Any,
    *,
    method: str = "shapley",
    weights: Any = None,
    clusters: Any = None,
    groups: Mapping[Any, Sequence[Any]] | None = None,
    always: Sequence[Any] | None = None,
    minimum: int | None = None,
    resamples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Importances:
    """How much each driver matters: its part of R², its share with interval, its chance to be first.

    `answers` (n, k) and `outcome` (n,) may have gaps: incomplete rows are left out and
    counted. With `clusters` (n,) the interval is the jackknife over companies, and none
    below six of them; otherwise the percentile bootstrap. Refuses fewer than
    max(50, 10·k) complete answers unless `minimum` says otherwise, fewer answers than
    drivers, a driver that copies the outcome, and a method without shares.
    """
    _refuse_settings(method, resamples, confidence)
    sample = read_sample(answers, outcome, weights=weights, clusters=clusters)
    names, players, forced = read_players(sample.drivers, groups, always)
    players = renumbered(players, forced)
    floor = _refuse_size(sample, minimum)
    matrix = covariance(sample.answers, sample.outcome, sample.weights)
    _refuse_copies_of_outcome(sample, matrix)
    values, error = _values(method, association(matrix, forced), players)
    if values.sum() <= TINY:
        raise Refused([Refusal("nothing_explained", field="answers", given=sample.n)])
    replicated = replicate(method, values, sample, players, forced, resamples, seed)
    return Importances(
        rows=_rows(names, values, replicated, confidence, seed),
        method=method,
        confidence=confidence,
        n=sample.n,
        r2=float(values.sum()),
        incomplete=sample.incomplete,
        weightless=sample.weightless,
        companies=None if sample.clusters is None else len(sample.companies),
        effective_n=effective_n(sample.weights),
        constant=tuple(d for d, v in zip(sample.drivers, np.diag(matrix), strict=False) if v <= TINY),
        copies=copies(sample.drivers, matrix),
        below_floor=sample.n < floor,
        monte_carlo_error=error,
        company_names=sample.companies,
        replicates=replicated.of(shares_of_whole),
    )


def _values(method: str, matrix: np.ndarray, players: Sequence[Sequence[int]]) -> tuple[np.ndarray, float | None]:
    if method == "shapley" and len(players) > EXACT:
        values, errors = sampled_shapley(matrix, players)
        return values, float(errors.max())
    return np.maximum(DECOMPOSITIONS[method](matrix, players), 0), None


def replicate(
    method: str,
    values: np.ndarray,
    sample: Sample,
    players: Sequence[Sequence[int]],
    forced: Sequence[int],
    resamples: int,
    seed: int,
) -> Replicates:
    """The values in every resample, or without each company: `values` (m,) belong to the whole sample."""
    batch = association(covariances(sample, resamples, seed), forced)
    found = decompose_many(method, association_of(sample, forced), values, batch, players)
    found = np.maximum(found, 0)
    totals = found.sum(axis=1)
    clusters = None if sample.clusters is None else max(1, len(batch))
    narrow = np.sqrt(sample.n / max(1, sample.n - len(sample.drivers) - 1))
    return Replicates(values, found[totals > TINY], clusters, narrow)


def association_of(sample: Sample, forced: Sequence[int] = ()) -> np.ndarray:
    """The association matrix of a whole sample."""
    return association(covariance(sample.answers, sample.outcome, sample.weights), forced)


def decompose_many(
    method: str, whole: np.ndarray, values: np.ndarray, batch: np.ndarray, players: Sequence[Sequence[int]]
) -> np.ndarray:
    """Values (r, m) of a batch of associations; exactly where that is affordable.

    Otherwise all take the same few sampled orders, and what those orders miss in the
    whole sample is put right in every one of the batch.
    """
    affordable = len(players) <= EXACT and len(batch) << len(players) <= WORK
    if method != "shapley" or affordable:
        return DECOMPOSITIONS[method](batch, players)
    missed = values - sampled_shapley(whole, players, rings=FEW_RINGS)[0]
    return sampled_shapley(batch, players, rings=FEW_RINGS)[0] + missed


def _rows(
    names: Sequence[Any], values: np.ndarray, replicated: Replicates, confidence: float, seed: int
) -> tuple[Importance, ...]:
    shares = replicated.of(shares_of_whole)
    columns: list[Sequence[Any]] = [[None] * len(names)] * 7
    if replicated.speaks:
        bounds = [*shares.share_interval(confidence), *replicated.share_interval(confidence)]
        draws = shares.draws(10_000, seed)
        placed = [probabilities_top(draws), *rank_intervals(draws, confidence)]
        columns = [column.tolist() for column in [*(np.clip(bound, 0, 1) for bound in bounds), *placed]]
    estimates = (values.tolist(), shares.estimate.tolist())
    return tuple(Importance(*row) for row in zip(names, *estimates, *columns, strict=True))


def shares_of_whole(values: np.ndarray) -> np.ndarray:
    """Values (..., m) as shares of their sum."""
    return values / values.sum(axis=-1, keepdims=True)


def copies(drivers: Sequence[Any], matrix: np.ndarray) -> tuple[tuple[Any, Any], ...]:
    """Pairs of drivers that say the same: correlation 1 or -1, by the covariances of a sample."""
    among = np.abs(association(matrix)[:-1, :-1])
    return tuple((drivers[i], drivers[j]) for i, j in np.argwhere(np.triu(among, 1) >= 1 - TINY))


def _refuse_settings(method: str, resamples: int, confidence: float) -> None:
    problems = []
    if method not in ADDS_UP:
        problems.append(Refusal("method_without_shares", field="method", given=method, values={"known": ADDS_UP}))
    if resamples < 2:
        problems.append(Refusal("resamples_too_few", field="resamples", given=resamples))
    if not 0 < confidence < 1:
        problems.append(Refusal("not_a_share", field="confidence", given=confidence))
    if problems:
        raise Refused(problems)


def _refuse_size(sample: Sample, minimum: int | None) -> int:
    drivers = len(sample.drivers)
    floor = fewest(drivers)
    wanted = floor if minimum is None else minimum
    more = {"drivers": drivers, "minimum": wanted, "incomplete": sample.incomplete}
    if sample.n < wanted:
        raise Refused([Refusal("too_few_answers", field="answers", given=sample.n, values=more)])
    if (counted := effective_n(sample.weights)) < min(wanted, sample.n) - 0.5:
        more |= {"n": sample.n}
        raise Refused([Refusal("weights_too_uneven", field="weights", given=round(counted), values=more)])
    if sample.n <= drivers + 1:
        raise Refused([Refusal("more_drivers_than_answers", field="answers", given=sample.n, values=more)])
    return floor


def _refuse_copies_of_outcome(sample: Sample, matrix: np.ndarray) -> None:
    with_outcome = np.abs(association(matrix)[:-1, -1])
    same = [str(d) for d, r in zip(sample.drivers, with_outcome, strict=True) if r >= 1 - TINY]
    if same:
        raise Refused([Refusal("driver_copies_outcome", field="answers", column=name) for name in same])
