"""Inputs that are not known exactly, carried through to the euro.

An input is a number, a `Range` or `Counted`. Every input keeps its own stream of
ranks, made from the seed and its name: two scenarios with the same seed differ only
by what differs in them, and adding an input leaves the draws of the others alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import betaincinv, expit, logit, ndtr, ndtri

from toolkit.finding import Refusal
from toolkit.units import MONEY, SHARE, Estimate, Unit
from toolkit.worth.checks import numbers, one_of, refuse, whole, within

DECILE = 1.2815515655446004  # the standard normal's 90th percentile
SCALES = {  # kind without a likeliest value, what is possible, to and from the scale of a normal
    "positive": ("lognormal", MONEY, np.log, np.exp),
    "share": ("logit_normal", SHARE, logit, expit),
    "free": ("normal", Unit("ratio"), np.positive, np.positive),
}
NODES = np.linspace(-6, 6, 961)  # where the quantiles of a beta distribution are computed, in normal scores


@dataclass(frozen=True)
class Range:
    """An input between `low` and `high`, its 10th and 90th percentile, perhaps with a likeliest value.

    `scale` says what is possible: `"positive"` (money), `"share"` (0–1) or `"free"` (a growth).
    With `likely` a PERT distribution that has this mode and these percentiles, where it stays
    within the possible; otherwise a lognormal, logit-normal or normal through the two
    percentiles. `kind` says which. Raises `Refused` for swapped ends, a likeliest value outside
    them, and ends that are not possible.

    >>> Range(80, 125).kind, Range(80, 125, likely=100).kind, Range(0.1, 0.3, scale="share").kind
    ('lognormal', 'pert', 'logit_normal')

    Source: PERT as Malcolm et al. (1959), shape 4, here through percentiles instead of extremes.
    """

    low: float
    high: float
    likely: float | None = None
    scale: str = "positive"

    def __post_init__(self):
        numbers(low=self.low, high=self.high, likely=self.low if self.likely is None else self.likely)
        if self.low > self.high:
            refuse(Refusal("range_swapped", field="low", given=self.low, values={"high": self.high}))
        if self.likely is not None and not self.low <= self.likely <= self.high:
            values = {"low": self.low, "high": self.high}
            refuse(Refusal("likely_outside_range", field="likely", given=self.likely, values=values))
        refuse(one_of("scale", self.scale, SCALES))
        unit = SCALES[self.scale][1]
        if self.low < self.high and not self._least < self.low < self.high < self._most:
            refuse(Refusal("range_not_possible", field="low", given=self.low, values={"unit": unit}))

    @property
    def _least(self) -> float:
        low = SCALES[self.scale][1].low
        return -np.inf if low is None else low

    @property
    def _most(self) -> float:
        high = SCALES[self.scale][1].high
        return np.inf if high is None else high

    @property
    def kind(self) -> str:
        """`"fixed"`, `"pert"`, `"lognormal"`, `"logit_normal"` or `"normal"`."""
        if self.low == self.high:
            return "fixed"
        return "pert" if self._pert() else SCALES[self.scale][0]

    @property
    def central(self) -> float:
        """The likeliest value where given, else the median."""
        return float(self.quantile(0.5)) if self.likely is None else float(self.likely)

    def quantile(self, rank: Any) -> np.ndarray:
        """The value below which a share `rank` of the distribution lies."""
        rank = np.asarray(rank, float)
        if self.low == self.high:
            return np.full(rank.shape, float(self.low))
        if bounds := self._pert():
            start, width, place = bounds
            return start + width * _beta_quantile(1 + 4 * place, 5 - 4 * place, rank)
        _, _, turn, back = SCALES[self.scale]
        middle, half = (turn(self.high) + turn(self.low)) / 2, (turn(self.high) - turn(self.low)) / 2
        return back(middle + half / DECILE * ndtri(rank))

    def _pert(self) -> tuple[float, float, float] | None:
        """Start, width and place of the mode of the PERT with this mode and these percentiles, if possible."""
        if self.likely is None:
            return None
        ends = np.array([0.1, 0.9])

        def percentiles(place: float) -> np.ndarray:
            return betaincinv(1 + 4 * place, 5 - 4 * place, ends)

        aim = (self.likely - self.low) / (self.high - self.low)
        place = brentq(lambda p: (p - percentiles(p)[0]) - aim * np.ptp(percentiles(p)), 0, 1, xtol=1e-14)
        under, over = percentiles(place)
        width = (self.high - self.low) / (over - under)
        start = self.low - width * under
        return (start, width, place) if start >= self._least and start + width <= self._most else None


@dataclass(frozen=True)
class Counted:
    """A share known from a count: `kept` of `of`, with a Beta(kept+½, of−kept+½) around it.

    >>> Counted(200, 250).central
    0.8

    Source: Jeffreys' prior.
    """

    kept: float
    of: float

    def __post_init__(self):
        refuse(whole("of", self.of), within("kept", self.kept, 0, self.of))

    @property
    def central(self) -> float:
        """The share counted."""
        return self.kept / self.of

    def quantile(self, rank: Any) -> np.ndarray:
        """The share below which a share `rank` of the distribution lies."""
        return _beta_quantile(self.kept + 0.5, self.of - self.kept + 0.5, rank)


def _beta_quantile(a: float, b: float, rank: Any) -> np.ndarray:
    """Quantiles of a beta distribution, read between 961 exact ones: 10,000 in a tenth of the time."""
    rank = np.asarray(rank, float)
    if rank.size <= NODES.size:
        return betaincinv(a, b, rank)
    return np.interp(ndtri(rank), NODES, betaincinv(a, b, ndtr(NODES)))


def ranks(name: str, n: int, seed: int) -> np.ndarray:
    """`n` evenly spread ranks between 0 and 1, in an order that belongs to this name and seed.

    Source: McKay, Beckman & Conover (1979), Latin hypercube sampling, with the middle of every cell.
    """
    stream = np.random.default_rng([seed, zlib.crc32(name.encode())])
    return (stream.permutation(n) + 0.5) / n


def draw(inputs: Mapping[str, Any], *, n: int = 10_000, seed: int = 0) -> dict[str, Any]:
    """Every unsure input drawn `n` times, by name; what is a number or an array stays as it is.

    >>> drawn = draw({"margin": Range(80, 125), "discount": 0.1}, n=1000, seed=1)
    >>> drawn["margin"].shape, drawn["discount"]
    ((1000,), 0.1)
    """
    return {
        name: given.quantile(ranks(name, n, seed)) if hasattr(given, "quantile") else given
        for name, given in inputs.items()
    }


def centre(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Every unsure input at its likeliest or middle value."""
    return {name: given.central if hasattr(given, "central") else given for name, given in inputs.items()}


def carried(
    model: Callable[..., Any],
    inputs: Mapping[str, Any],
    *,
    n: int = 10_000,
    seed: int = 0,
    confidence: float = 0.8,
    behind: int = 0,
) -> Estimate:
    """A figure with the range that all its inputs leave open together.

    `model` takes the inputs by name, numbers or arrays; `behind` is the number of customers the
    figure rests on. At confidence 0.8 the range runs from the 10th to the 90th percentile.

    >>> from toolkit.worth.value import customer_value
    >>> worth = lambda margin, retention: customer_value(margin, retention, 0.1, timing="just_paid")
    >>> worth = carried(worth, {"margin": Range(80, 125), "retention": Counted(200, 250)})
    >>> worth.low < worth.value < worth.high
    True
    """
    outcome = np.broadcast_to(np.asarray(model(**draw(inputs, n=n, seed=seed)), float), (n,))
    return spread(outcome, float(model(**centre(inputs))), confidence=confidence, behind=behind)


def spread(outcomes: Any, value: float, *, confidence: float = 0.8, behind: int = 0) -> Estimate:
    """The middle `confidence` of the outcomes around a figure, as an `Estimate`."""
    low, high = np.quantile(outcomes, [0.5 - confidence / 2, 0.5 + confidence / 2])
    return Estimate(float(value), float(low), float(high), behind, confidence)


def reach(inputs: Mapping[str, Any], units: Mapping[str, Unit]) -> dict[str, tuple[float, float, Unit]]:
    """The 10th and 90th percentile of every unsure input with its unit: what `whatif.swings` moves them to.

    >>> found = reach({"margin": Range(80, 125), "discount": 0.1}, {"margin": MONEY})
    >>> [(name, round(low), round(high)) for name, (low, high, _) in found.items()]
    [('margin', 80, 125)]
    """
    unsure = {name: given for name, given in inputs.items() if hasattr(given, "quantile")}
    return {name: (*map(float, given.quantile(np.array([0.1, 0.9]))), units[name]) for name, given in unsure.items()}
