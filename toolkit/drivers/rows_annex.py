"""The rows of annex B that go beyond weighing: contrasts, groups, waves, rivals, answers and quotations."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.drivers.rows import Label, PValue, RatioEstimate, Score, ScoreEstimate
from toolkit.units import Count, Points, PointsEstimate, Ratio, Share


@dataclass(frozen=True)
class Contrast:
    """A driver: the mean outcome below, at and above the answer that most customers give (`reference`).

    `penalty` is low against reference, `reward` high against reference, in points of the
    outcome's scale; None where fewer than ten stand there. `kind` is `must_have`,
    `performance`, `attractive` or `indifferent`, and `open` where the intervals leave it open.
    """

    driver: str
    label: Label
    reference: Count
    below: Ratio | None
    at: Ratio | None
    above: Ratio | None
    penalty: RatioEstimate | Ratio | None
    reward: RatioEstimate | Ratio | None
    kind: str


@dataclass(frozen=True)
class Gap:
    """A group against all others of its kind: top box and score; p after Benjamini-Hochberg over all groups."""

    kind: str
    name: str
    top: PointsEstimate | Points | None
    top_p: PValue | None
    score: ScoreEstimate | Score | None
    score_p: PValue | None


@dataclass(frozen=True)
class ItemGap:
    """A segment or wave that answers an item otherwise than the others of its kind; p after Benjamini-Hochberg."""

    kind: str
    name: str
    label: Label
    n: Count
    mean: Ratio
    difference: RatioEstimate
    p: PValue


@dataclass(frozen=True)
class Change:
    """From one wave to the next: change of the top box of the outcome named by `label` and of the score; p after Holm over the changes."""

    label: Label
    before: str
    after: str
    answers_before: Count
    answers_after: Count
    top: PointsEstimate | Points
    top_p: PValue | None
    score: ScoreEstimate | Score | None
    score_p: PValue | None


@dataclass(frozen=True)
class Rival:
    """An item as the same n respondents rated it here and at a competitor; p after Holm over all ratings.

    `share` is what the item weighs here; `certain` whether the difference is told from chance.
    """

    competitor: str
    driver: str
    label: Label
    share: Share
    n: Count
    own: Ratio
    theirs: Ratio
    difference: RatioEstimate | Ratio
    p: PValue | None
    certain: bool


@dataclass(frozen=True)
class StatedRank:
    """An item's place by stated and by derived importance; `beyond`: outside the interval of the derived place."""

    driver: str
    label: Label
    stated_place: Count
    derived_place: Count
    beyond: bool | None


@dataclass(frozen=True)
class Answered:
    """One answer, or several that too few gave by themselves: how many gave it; None where it must not be shown.

    `end` says whether it belongs to the bottom box, the top box or neither.
    """

    answer: str
    end: str
    n: Count | None
    share: Share | None


@dataclass(frozen=True)
class Asked:
    """One question: who answered what, and why others did not; reasons are None where one has few respondents."""

    question: str
    label: Label
    n: Count
    mean: Ratio | None
    not_answered: Count | None
    dont_know: Count | None
    not_applicable: Count | None
    not_asked: Count | None
    dropped_out: Count | None
    answers: tuple[Answered, ...]


@dataclass(frozen=True)
class Quoted:
    """What somebody wrote, without what names a person, and at which end of the outcome they stand."""

    text: str
    question: str
    end: str


@dataclass(frozen=True)
class ReadAs:
    """One thing about the file as it was read: its format, its delimiter."""

    name: str
    given: str


@dataclass(frozen=True)
class ReadScale:
    """The scale that a question was read on, whether it was turned round, and which cells were no answer."""

    question: str
    label: Label
    ends: str
    turned: bool
    no_answer: str | None
