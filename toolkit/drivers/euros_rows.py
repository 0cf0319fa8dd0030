"""The rows of what answers go with in customers and euros, and what can be read from them at once."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.units import Count, CountEstimate, MoneyEstimate, Points, PointsEstimate, Share, ShareEstimate


@dataclass(frozen=True)
class ByAnswer:
    """Customers of one part of the leading outcome's scale: how many stayed in the year, what they bought.

    `box` is `"top"`, `"middle"` or `"bottom"`; everything is None where the cell would be too small to show.
    """

    box: str
    n: Count | None
    retention: ShareEstimate | None
    turnover: MoneyEstimate | None
    margin: MoneyEstimate | None


@dataclass(frozen=True)
class Shift:
    """If a share `moved_up` of those not on the best rung answered one rung higher, and as many stayed as there.

    `top` is the share in the top box then; the others are differences from now, a year;
    None where the client's figures cannot say it.
    """

    moved_up: Share
    top: ShareEstimate
    retention: PointsEstimate | None
    kept: CountEstimate | None
    margin: MoneyEstimate | None
    value: MoneyEstimate | None


@dataclass(frozen=True)
class Planned:
    """How many answers bring a figure within `width` either way, and how many to invite for them.

    `reachable` is false where there are not that many customers to invite, None where nobody said how many there are.
    """

    width: Points
    answers: Count
    invitations: Count | None
    reachable: bool | None


class InEuros:
    """What a result has to say of its client's own shift, the one with `moved_up` of the client file."""

    shifts: tuple[Shift, ...]
    moved_up: Share

    @property
    def shift(self) -> Shift | None:
        """The shift that the client file asks for; None where it asks for none."""
        return next((row for row in self.shifts if row.moved_up == self.moved_up > 0), None)

    @property
    def retention_moved(self) -> PointsEstimate | None:
        """What is kept more in a year in that shift."""
        return self.shift and self.shift.retention

    @property
    def kept_moved(self) -> CountEstimate | None:
        """Customers kept more in a year in that shift."""
        return self.shift and self.shift.kept

    @property
    def margin_moved(self) -> MoneyEstimate | None:
        """Gross margin of a year of the customers kept more in that shift."""
        return self.shift and self.shift.margin

    @property
    def value_moved(self) -> MoneyEstimate | None:
        """Customer value of the customers kept more in a year in that shift."""
        return self.shift and self.shift.value
