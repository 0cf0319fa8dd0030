"""One situation in numbers, or ten thousand of them at once: what a customer is worth in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from toolkit.finding import Refusal
from toolkit.units import SHARE
from toolkit.worth.checks import refuse
from toolkit.worth.retention import residual_value, retention_rate, survival
from toolkit.worth.value import customer_value

LONGEST = 3000  # payments counted one by one, where no closed form is there
NEGLIGIBLE = 1e-9
FEW = 1000  # draws where payments are counted one by one


@dataclass(frozen=True)
class State:
    """Margin per period, rates a year, and `per_year` periods in it: numbers, or arrays of draws.

    Retention is one constant, or the fitted curve by period whose parameters are `pair`;
    `points` (one for all, or one a draw) and `per_cent` move what is kept in a year, never beyond
    nobody or everybody. `cost_to_keep` is paid in every period in which a customer is there.
    `periods` counts the payments of a horizon, None for no end.
    """

    margin: Any
    discount_per_year: Any
    per_year: int = 1
    growth_per_year: float = 0.0
    periods: int | None = None
    retention_per_year: Any = None
    pair: tuple[Any, Any] | None = None
    cost_to_win: Any = None
    cost_to_keep: Any = None
    points: Any = 0.0
    per_cent: float = 0.0

    @property
    def discount(self) -> Any:
        """The discount rate of a period."""
        return self._to_period(1 + np.asarray(self.discount_per_year)) - 1

    @property
    def growth(self) -> float:
        """The growth of the margin from one period to the next."""
        return self._to_period(1 + self.growth_per_year) - 1

    def _to_period(self, factor: Any) -> Any:
        """A factor of a year as the factor of a period."""
        return factor if self.per_year == 1 else factor ** (1 / self.per_year)

    def _shifted(self, a_year: Any) -> Any:
        """What is kept in a period, from what is kept in a year and what moves it."""
        points = np.asarray(self.points, float)
        if np.ndim(a_year) > points.ndim > 0:
            points = points[..., None]
        return self._to_period(np.clip(np.asarray(a_year) * (1 + self.per_cent) + points, 0.0, 1.0))

    @cached_property
    def sooner(self) -> Any:
        """By how much each payment is worth less than the one before, if everyone stayed: (1+g)/(1+d)."""
        return (1 + self.growth) / (1 + self.discount)

    @property
    def kept(self) -> Any:
        """The constant retention of a period after what moves it."""
        return self._shifted(self.retention_per_year)

    def value(self, timing: str) -> Any:
        """What a customer is worth at a named moment, as `toolkit.worth.customer_value` names them.

        Raises `Refused` where payments without end add up to no finite sum.
        """
        if self.pair is None:
            how = {"timing": timing, "growth": self.growth, "periods": self.periods}
            return customer_value(self.margin, self.kept, self.discount, **how)
        if timing == "end_of_period":
            return self._first_now / (1 + self.discount)
        if timing == "not_yet_won":
            return self._first_now
        return self._after * (1 + self.discount if timing == "renewal_due" else 1.0)

    @cached_property
    def _first_now(self) -> Any:
        """Every payment, the first at once."""
        if self._counted:
            return self.margin * self._sum(0)
        return self.margin + self._after

    @cached_property
    def _after(self) -> Any:
        """Every payment after the first, seen from it."""
        if self._counted:
            return self.margin * self._sum(1)
        slower = 1 / self.sooner - 1
        if np.any(slower < 0):
            values = {"growth": (self.growth_per_year, SHARE), "retention": (1.0, SHARE)}
            values["discount"] = (float(np.min(self.discount_per_year)), SHARE)
            refuse(Refusal("growth_diverges", field="growth", given=self.growth_per_year, values=values))
        return residual_value(*self.pair, 1, slower, self.margin) * self.sooner

    @property
    def _counted(self) -> bool:
        """Whether the payments of a curve have to be counted one by one."""
        return self.periods is not None or self.shifted

    @property
    def shifted(self) -> bool:
        """Whether retention is moved from what it is."""
        return bool(np.any(self.points) or self.per_cent)

    def _sum(self, first: int) -> Any:
        """The payments of one euro from number `first` on, discounted and for those still there."""
        sooner = np.asarray(self.sooner, float)
        if self.periods is not None:
            last = first + self.periods
        elif float(sooner.max()) >= 1:
            refuse(Refusal("value_unbounded", field="discount", given=0.0))
        else:
            last = self.last
        numbers = np.arange(first, last)
        return np.sum(self.there(last)[..., first:last] * sooner[..., None] ** numbers, axis=-1)

    def there(self, payments: int) -> np.ndarray:
        """The share that makes payment 1, 2, …, `payments`; shape (…, payments)."""
        if self.pair is None:
            return np.asarray(self.kept)[..., None] ** np.arange(payments)
        if not self.shifted:
            return survival(*self.pair, payments - 1)
        rates = self.rates(payments - 1)
        return np.concatenate([np.ones_like(rates[..., :1]), np.cumprod(rates, axis=-1)], axis=-1)

    def rates(self, renewals: int) -> np.ndarray:
        """The share that makes renewal 1, 2, …, `renewals` of those who come to it; shape (…, renewals)."""
        a, b = (np.asarray(part, float)[..., None] for part in self.pair)
        return self._shifted(retention_rate(a, b, np.arange(1, renewals + 1)) ** self.per_year)

    @property
    def last(self) -> int:
        """The number of payments after which nothing counts any more, where there is no horizon."""
        soonest = float(np.max(self.sooner))
        return LONGEST if soonest >= 1 else min(LONGEST, int(np.ceil(np.log(NEGLIGIBLE) / np.log(soonest))) + 1)

    def earned(self, payments: int, *, discounted: bool) -> np.ndarray:
        """The margin of payments 1 to k for whoever makes them, for k = 1, 2, …, `payments`; shape (…, payments)."""
        ratio = np.asarray(self.sooner if discounted else 1 + self.growth, float)
        each = np.asarray(self.margin, float)[..., None] * ratio[..., None] ** np.arange(payments)
        return np.cumsum(each, axis=-1)

    def moved(self, *, points: float = 0.0, per_cent: float = 0.0) -> State:
        """The same state with retention moved."""
        return replace(self, points=points, per_cent=per_cent)

    @property
    def closed(self) -> bool:
        """Whether payments need not be counted one by one: one retention, one margin, no horizon."""
        return self.pair is None and self.growth_per_year == 0 and self.periods is None

    def few(self) -> State:
        """The first few draws, where payments have to be counted one by one; any others as they are."""
        if self.closed:
            return self
        names = ("margin", "discount_per_year", "retention_per_year", "cost_to_win", "cost_to_keep")
        cut = {name: value[:FEW] for name in names if np.ndim(value := getattr(self, name)) == 1}
        if self.pair is not None and np.ndim(self.pair[0]) == 1:
            cut["pair"] = tuple(part[:FEW] for part in self.pair)
        return replace(self, **cut)

    @property
    def net(self) -> Any:
        """What a customer not yet won is worth, less what winning costs."""
        return self.value("not_yet_won") - self.cost_to_win

    @property
    def keeping(self) -> State:
        """The same customers with, in place of their margin, what keeping them costs a period; it does not grow."""
        return replace(self, margin=self.cost_to_keep, growth_per_year=0.0)

    def left(self, timing: str) -> Any:
        """What a customer is worth at a named moment after the cost of keeping, where that is known."""
        return self.value(timing) if self.cost_to_keep is None else self.value(timing) - self.keeping.value(timing)

    @property
    def ceiling(self) -> Any:
        """What winning a customer may cost at most: the value of one not yet won, after the cost of keeping."""
        return self.left("not_yet_won")

    @property
    def surplus(self) -> Any:
        """What a customer not yet won leaves after the cost of keeping and of winning."""
        return self.ceiling - self.cost_to_win
