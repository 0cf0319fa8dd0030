"""The result of the drivers: one frozen record that words, pictures and files only show."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.drivers.euros_rows import ByAnswer, InEuros, Planned, Shift
from toolkit.drivers.rows import (
    AtBothEnds,
    Branch,
    Compared,
    Counted,
    Driver,
    Feeling,
    Group,
    Label,
    Pair,
    Proof,
    RatioEstimate,
    Score,
    ScoreEstimate,
    ScorePoints,
    Side,
    Signed,
    Step,
    Treated,
    Twig,
    listed,
)
from toolkit.drivers.rows_annex import Asked, Change, Contrast, Gap, ItemGap, Quoted, ReadAs, ReadScale, Rival, StatedRank
from toolkit.units import Count, CountEstimate, MoneyEstimate, Points, PointsEstimate, Ratio, Share, ShareEstimate


@dataclass(frozen=True)
class WhatDrives(InEuros):
    """Everything the chapter knows; a field is None where the answers cannot say it.

    Shares of drivers are of what all drivers explain together of `outcome`. No cell
    of fewer than five respondents is in here.
    """

    answered: Count
    invited: Count | None
    response: Share | None
    complete: Count
    incomplete: Count
    companies: Count | None
    too_few_companies: bool
    one_company: bool
    effective: Ratio
    design_effect: Ratio
    below_floor: bool
    accounting: tuple[Counted, ...]
    feelings: tuple[Feeling, ...]
    score: ScoreEstimate | Score | None
    ambassadors: ShareEstimate | Share | None
    critics: ShareEstimate | Share | None
    promoters_from: Count | None
    detractors_to: Count | None
    outcome: str
    outcome_label: Label
    outcome_top: Label
    ends: str
    ends_label: Label
    ends_top: Label
    ends_bottom: Label
    ends_top_from: Count
    ends_bottom_to: Count
    top_from: Count
    bottom_to: Count
    r2: Share
    drivers: tuple[Driver, ...]
    leader: str | None
    first_label: Label
    second_label: Label | None
    first_share: ShareEstimate | Share
    first_probability: Share | None
    leader_needs_company: str | None
    noise_share: Share
    noise_high: Share
    in_noise: Count
    in_noise_label: Label
    to_do: Count
    to_do_label: Label | None
    to_do_mean: Ratio | None
    to_do_certain: bool
    steps: tuple[Step, ...]
    ends_steps: tuple[Step, ...]
    booster: str | None
    booster_label: Label | None
    booster_from: Count | None
    lift: PointsEstimate | None
    ladder_rows: tuple[Step, ...]
    boosted_part: Share | None
    published_rest: Share | None
    published_most: Share | None
    room: Share | None
    moved_up: Share
    link_holds: Share
    top_now: Share | None
    top_moved: ShareEstimate | None
    ladder_worst: Share | None
    ladder_best: Share | None
    sides: tuple[Side, ...]
    critics_first: Label | None
    critics_second: Label | None
    critics_named: bool
    ambassadors_first: Label | None
    compared: tuple[Compared, ...]
    ordinal_agrees: bool | None
    ends_compared: tuple[AtBothEnds, ...]
    ends_differ: Count
    signed: tuple[Signed, ...]
    conflicts: Count
    conflict_label: Label | None
    first_eigenvalue: Share
    condition: Ratio | None
    straight_liners: Count | None
    straight_liners_matter: bool
    missing_ways: tuple[Treated, ...]
    missing_alarm: bool
    missing_most: Share | None
    branches: tuple[Branch, ...]
    twigs: tuple[Twig, ...]
    least_return: Share | None
    pairs: tuple[Pair, ...]
    groups: tuple[Group, ...]
    contrasts: tuple[Contrast, ...]
    contrasts_together: bool
    must_have_label: Label | None
    ceiling_label: Label | None
    excess: RatioEstimate | Ratio | None
    excess_label: Label | None
    excess_top: Count | None
    excess_before: Count | None
    gaps: tuple[Gap, ...]
    gaps_tried: Count
    gaps_clear: Count
    item_gaps: tuple[ItemGap, ...]
    item_gaps_tried: Count
    changes: tuple[Change, ...]
    only_wave: str | None
    rivals: tuple[Rival, ...]
    unrated: str | None
    rated_most: Count | None
    stated_ranks: tuple[StatedRank, ...]
    asked: tuple[Asked, ...]
    quotes: tuple[Quoted, ...]
    secret_cells: bool
    plan_width: ScorePoints
    plan_answers: Count | None
    plan_invitations: Count | None
    proofs: tuple[Proof, ...]
    confidence: Share
    named_at: Share
    lowest_cell: Count
    plans: tuple[Planned, ...] = ()
    # answers joined to purchases, and what better answers go with in customers and euros
    link_from: str | None = None
    link_problem: str | None = None
    linking: tuple[Counted, ...] = ()
    linked: tuple[ByAnswer, ...] = ()
    retention_top: ShareEstimate | None = None
    retention_others: ShareEstimate | None = None
    retention_gap: PointsEstimate | None = None
    link_undated: bool = False
    customers_base: Count | None = None
    retention_base: ShareEstimate | None = None
    margin_base: MoneyEstimate | None = None
    shifts: tuple[Shift, ...] = ()
    ambassador_customers: CountEstimate | None = None
    brought_each: Ratio | None = None
    brought_customers: CountEstimate | None = None
    recommended_each: MoneyEstimate | None = None
    ambassadors_worth: MoneyEstimate | None = None
    # how the file was read
    read: tuple[ReadAs, ...] = ()
    scales: tuple[ReadScale, ...] = ()

    @property
    def stated(self) -> tuple[Driver, ...]:
        """The drivers whose importance customers were asked to state."""
        return tuple(row for row in self.drivers if row.stated is not None)

    @property
    def first_held(self) -> bool:
        """Whether the first driver surely weighs much and gets high answers."""
        return _held(self.drivers[0])

    @property
    def both_held(self) -> bool:
        """Whether the first two drivers both surely do."""
        return len(self.drivers) > 1 and all(map(_held, self.drivers[:2]))

    @property
    def below_noise(self) -> tuple[Driver, ...]:
        """The drivers whose share, to the end of its interval, is no larger than what chance gets."""
        return tuple(row for row in self.drivers if getattr(row.share, "high", 1.0) < self.noise_high)

    @property
    def below_noise_label(self) -> Label:
        """What those drivers are called, in a row."""
        return listed([row.label for row in self.below_noise])

    @property
    def lead(self) -> Points | None:
        """How much more of what is explained the first driver has than the second."""
        if len(self.drivers) < 2:
            return None
        first, second = (getattr(row.share, "value", row.share) for row in self.drivers[:2])
        return first - second


def _held(row: Driver) -> bool:
    return row.quadrant == "keep" and bool(row.certain) and not row.in_noise
