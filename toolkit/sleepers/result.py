"""The result of the sleepers: one frozen record that words, pictures and files only show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from toolkit.units import Count, Days, Estimate, Money, MoneyEstimate, Months, Ratio, Share, ShareEstimate, Years
from toolkit.whatif import Swing

MOST_ROWS = 6


@dataclass(frozen=True)
class Won:
    """Customers won together, in a period or through a channel; money is about those asleep or lost.

    `payback` is about all of them; None where the cost has not come back within the months seen.
    """

    first: date
    last: date
    channel: str | None
    won: Count
    asleep: Count
    lost: Count
    spent: Money
    earned_back: Money
    asleep_written_off: Money
    lost_written_off: Money
    written_off: Money
    payback: Months | None


@dataclass(frozen=True)
class Point:
    """What a customer has brought on average after so many full months, of those seen so long."""

    age: Months
    won: Count
    margin: Money
    cumulative: Money


@dataclass(frozen=True)
class Line:
    """The payback curve of the customers won in one period, or through one channel."""

    first: date
    last: date
    channel: str | None
    points: tuple[Point, ...]


@dataclass(frozen=True)
class State:
    """Customers by how long ago they bought: how many now, who buys in the days up to the next contact, their value."""

    number: Count
    days_from: Days
    days_to: Days
    customers: Count
    chance: ShareEstimate | None
    value: Money | None


@dataclass(frozen=True)
class CallGroup:
    """Sleepers alike in how long they sleep and in whether they were among the larger buyers."""

    days_from: Days
    days_to: Days
    larger: bool
    customers: Count
    margin: Money
    chance: Share
    worth: Money
    gain_each: Money | None
    gain: Money | None
    call: bool | None


@dataclass(frozen=True)
class ByAsleepAfter:
    """The write-off when a customer sleeps after another number of days."""

    asleep_after: Days
    asleep: Count
    lost: Count
    written_off: Money


@dataclass(frozen=True)
class Asleep:
    """Everything the chapter knows; a field is None where the log and the client's figures cannot say it.

    `spent` to `written_off` are about the customers asleep or lost at the end; the payback
    curve is about everyone won. Nothing of it is discounted but values and `worth_of_waking`.
    """

    first: date
    last: date
    last_won: date
    since_given: bool
    shut: bool
    assumed: bool
    every: str
    asleep_after: Days
    window: Days
    contact_every: Days
    horizon: Years
    discount: Share
    confidence: Share
    won: Count
    awake: Count
    asleep: Count
    lost: Count
    asleep_share: Share
    lost_share: Share
    gross_margin: Share
    cost_per_customer: Money
    spent_on_all: Money
    spent: Money
    earned_back_asleep: Money
    earned_back_lost: Money
    earned_back: Money
    written_off_asleep: Money
    written_off_lost: Money
    written_off: Money
    written_off_share: Share | None
    not_earned_back: Count
    not_earned_back_share: Share
    cohorts: tuple[Won, ...]
    channels: tuple[Won, ...]
    worst_channel: str | None
    points: tuple[Point, ...]
    lines: tuple[Line, ...]
    payback: Months | None
    payback_reason: str | None
    months_seen: Months
    margin_seen: Money
    woken: ShareEstimate | None
    lost_back: ShareEstimate | None
    states: tuple[State, ...]
    contribution: Money | None
    stop_after: Days | None
    contacts_stopped: Count | None
    saved_by_stopping: Money | None
    contact_cost: Money | None
    chance_when_called: Share | None
    chance_anyway: Share | None
    worth_of_waking: Money | None
    break_even_chance: Share | None
    most_per_contact: Money | None
    groups: tuple[CallGroup, ...]
    to_call: Count
    cost_of_calling: Money | None
    woken_extra: Count | None
    gain: MoneyEstimate | None
    by_asleep_after: tuple[ByAsleepAfter, ...]
    factor_of_windows: Ratio | None
    swings: tuple[Swing, ...]

    @property
    def last_cohorts(self) -> tuple[Won, ...]:
        """The latest cohorts, as many as a page bears."""
        return self.cohorts[-MOST_ROWS:]

    @property
    def first_groups(self) -> tuple[CallGroup, ...]:
        """The groups to call first, as many as a page bears."""
        return self.groups[:MOST_ROWS]

    @property
    def left_alone(self) -> Count:
        """Sleepers in groups where a contact costs more than it brings."""
        return sum(group.customers for group in self.groups if group.call is False)

    @property
    def expected(self) -> Estimate | None:
        """What calling is expected to bring, where it brings anything."""
        return self.gain if self.gain is not None and self.gain.value > 0 else None
