"""Contracts: term, tacit renewal, notice; and what they make of a churn figure.

Time runs in months. Within a term hardly anyone can leave, at its end the contract
is renewed or not, and after the first tacit renewal the law may open the door:
consumers in the Netherlands may then leave with at most one month's notice, in
Belgium (services) with at most two; between firms the contract decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from toolkit.finding import Refusal
from toolkit.worth.checks import numbers, one_of, refuse, whole, within
from toolkit.worth.value import geometric_sum


@dataclass(frozen=True)
class Contract:
    """How a contract lets customers go.

    `term` months; `base_churn` the monthly share that leaves whatever the contract says (moved
    away, bankrupt); `renewal_rate` the share of those present at the end of the first term that
    is renewed. Afterwards, when `free_after_renewal`, a share `later_churn` leaves every month
    once `notice` months have passed; otherwise every further term of `next_term` months (the same
    as `term` when None) ends with `next_renewal_rate` (the same as the first when None).
    """

    term: int
    renewal_rate: float
    notice: int = 0
    base_churn: float = 0.0
    free_after_renewal: bool = False
    later_churn: float = 0.0
    next_term: int | None = None
    next_renewal_rate: float | None = None

    def __post_init__(self):
        refuse(
            whole("term", self.term),
            whole("notice", self.notice, 0),
            whole("next_term", self.following_term),
            within("renewal_rate", self.renewal_rate, 0, 1),
            within("next_renewal_rate", self.following_rate, 0, 1),
            within("base_churn", self.base_churn, 0, 1),
            within("later_churn", self.later_churn, 0, 1),
        )

    @property
    def following_term(self) -> int:
        """The length of every term after the first."""
        return self.term if self.next_term is None else self.next_term

    @property
    def following_rate(self) -> float:
        """The renewal rate at the end of every term after the first."""
        return self.renewal_rate if self.next_renewal_rate is None else self.next_renewal_rate


CONSUMER_NOTICE = {"NL": 1, "BE": 2}  # months at most, once a contract was tacitly renewed


def for_consumers(contract: Contract, country: str) -> Contract:
    """The same contract under consumer law: free to leave after the first tacit renewal.

    The notice is the contract's own, at most what the law allows there. Raises `Refused` for a
    country whose rule is not known here.

    >>> for_consumers(Contract(term=12, renewal_rate=0.7, notice=3, later_churn=0.03), "NL").notice
    1

    Source: NL, Burgerlijk Wetboek 6:236 sub j (Wet Van Dam); BE, Wetboek van economisch recht art. VI.91.
    """
    refuse(one_of("country", country, CONSUMER_NOTICE))
    return replace(contract, free_after_renewal=True, notice=min(contract.notice, CONSUMER_NOTICE[country]))


def hazards(contract: Contract, months: int) -> np.ndarray:
    """The share of those present that leaves at the end of month 1, 2, …, `months`.

    >>> hazards(Contract(term=3, renewal_rate=0.6), 6).round(2).tolist()
    [0.0, 0.0, 0.4, 0.0, 0.0, 0.4]
    """
    month = np.arange(1, months + 1)
    staying = np.full(months, 1 - contract.base_churn)
    staying[month == contract.term] *= contract.renewal_rate
    after = month - contract.term
    if contract.free_after_renewal:
        staying[after >= max(contract.notice, 1)] *= 1 - contract.later_churn
    else:
        staying[(after > 0) & (after % contract.following_term == 0)] *= contract.following_rate
    return 1 - staying


def contract_survival(contract: Contract, months: int) -> np.ndarray:
    """The share still there after 0, 1, …, `months` months.

    >>> contract_survival(Contract(term=2, renewal_rate=0.5), 4).tolist()
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """
    return np.append(1.0, np.cumprod(1 - hazards(contract, months)))


@dataclass(frozen=True)
class ContractValue:
    """What a running contract is still worth: what is signed, and what its renewals may bring."""

    remaining: float
    renewals: float

    @property
    def total(self) -> float:
        """Both together."""
        return self.remaining + self.renewals


def contract_value(
    contract: Contract,
    margin_per_month: float,
    discount_per_month: float,
    *,
    months_left: int | None = None,
    growth_per_month: float = 0.0,
    months: int | None = None,
) -> ContractValue:
    """The margin left in the first term, and the value of the renewals after it.

    The margin comes at the start of each month; the next payment is due now. `months_left` of the
    first term (the whole term when None); the margin grows by `growth_per_month`; only the next
    `months` count, all when None. Raises `Refused` when renewals without end add up to no finite sum.

    >>> value = contract_value(Contract(term=12, renewal_rate=0.5), 100, 0.0, months_left=6)
    >>> value.remaining, value.renewals
    (600.0, 1200.0)
    """
    left = contract.term if months_left is None else months_left
    numbers(margin_per_month=margin_per_month, discount_per_month=discount_per_month)
    refuse(whole("months_left", left, 0), within("discount_per_month", discount_per_month, 0))
    refuse(within("months_left", left, 0, contract.term))
    numbers(growth_per_month=growth_per_month)
    sooner = (1 + growth_per_month) / (1 + discount_per_month)
    if months is not None:
        refuse(whole("months", months))
        return _within(contract, margin_per_month, sooner, left, months)
    keep = (1 - contract.base_churn) * sooner
    afterwards = _free_months(contract, keep) if contract.free_after_renewal else _terms(contract, keep)
    remaining = margin_per_month * float(geometric_sum(keep, left))
    renewals = margin_per_month * keep**left * contract.renewal_rate * afterwards if contract.renewal_rate else 0.0
    return ContractValue(remaining, renewals)


def _within(contract: Contract, margin: float, sooner: float, left: int, months: int) -> ContractValue:
    """The margin of so many months from now, month by month."""
    begun = contract.term - left
    staying = 1 - hazards(contract, begun + months)[begun:-1]
    there = np.append(1.0, np.cumprod(staying)) * (1.0 if left else contract.renewal_rate)
    each = margin * there * sooner ** np.arange(months)
    return ContractValue(float(each[:left].sum()), float(each[left:].sum()))


def _terms(contract: Contract, keep: float) -> float:
    """One euro a month over all terms after the first, for a customer who was renewed."""
    again = contract.following_rate * keep**contract.following_term
    return float(geometric_sum(keep, contract.following_term)) / _gap(again)


def _free_months(contract: Contract, keep: float) -> float:
    """One euro a month after the first renewal, leaving being free once the notice has passed."""
    quiet, again = max(contract.notice, 1), keep * (1 - contract.later_churn)
    return float(geometric_sum(keep, quiet)) + keep**quiet * (1 - contract.later_churn) / _gap(again)


def _gap(again: float) -> float:
    """1 − again, refused when nothing is lost from one turn to the next."""
    if again >= 1:
        refuse(Refusal("value_unbounded", field="renewal_rate", given=1.0))
    return 1 - again


@dataclass(frozen=True)
class Renewals:
    """Churn of the whole base beside the rate at which contracts that were due were renewed."""

    base_churn: float
    renewal_rate: float
    share_due: float


def renewal_against_churn(at_start: Any, due: Any, renewed: Any, lost_otherwise: Any = 0) -> Renewals:
    """How a low churn of the base can hide a low renewal rate: only contracts that are due can leave.

    Counts of one period: customers at its start, contracts that came due, those renewed, and
    customers lost before their contract was due. Raises `Refused` for counts that do not add up.

    >>> renewal_against_churn(900, 300, 210)
    Renewals(base_churn=0.1, renewal_rate=0.7, share_due=0.3333333333333333)
    """
    start, due, renewed, otherwise = (
        float(x) for x in numbers(at_start=at_start, due=due, renewed=renewed, lost_otherwise=lost_otherwise)
    )
    refuse(within("due", due, 0, start), within("renewed", renewed, 0, due))
    refuse(within("lost_otherwise", otherwise, 0, start - due))
    if due == 0 or start == 0:
        refuse(Refusal("nothing_due", field="due", given=due))
    return Renewals((due - renewed + otherwise) / start, renewed / due, due / start)
