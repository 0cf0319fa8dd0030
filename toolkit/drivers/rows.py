"""The rows of what drives customers: what its tables and pictures list.

A label is what people call a question, per language: `{"nl": …, "en": …}`. An
estimate is a plain number where there are too few companies for an interval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from toolkit.units import RATIO, Count, Estimate, PointsEstimate, Ratio, Share, ShareEstimate, Unit

Label = Mapping[str, str]
SCORE = Unit("score")
"""A recommendation score: -1 to 1 inside, a signed whole number on the page."""
Score = Annotated[float, SCORE]
SCORE_POINTS = Unit("score_points")
"""How far one recommendation score lies from another: points of the score on the page."""
ScorePoints = Annotated[float, SCORE_POINTS]
P_VALUE = Unit("p_value", 0, 1)
"""A probability where nothing differs: three decimals on the page, never a percentage."""
PValue = Annotated[float, P_VALUE]
ScoreEstimate = Annotated[Estimate, SCORE]
RatioEstimate = Annotated[Estimate, RATIO]


def listed(labels: Sequence[Label]) -> Label:
    """Several labels in a row, per language.

    >>> listed([{"en": "speed"}, {"en": "range"}])
    {'en': 'speed, range'}
    """
    languages = dict.fromkeys(language for label in labels for language in label)
    return {
        language: ", ".join(label.get(language, next(iter(label.values()))) for label in labels)
        for language in languages
    }


@dataclass(frozen=True)
class Counted:
    """One line of the account of rows, from the file to the analysis."""

    name: str
    rows: Count


@dataclass(frozen=True)
class Feeling:
    """One outcome: shares at either end and between them; None where a cell would be too small to show.

    `score` is that of a question from 0 to 10 only.
    """

    outcome: str
    label: Label
    n: Count
    bottom_to: Count
    top_from: Count
    bottom: ShareEstimate | Share | None
    middle: Share | None
    top: ShareEstimate | Share | None
    score: ScoreEstimate | Score | None


@dataclass(frozen=True)
class Driver:
    """A driver: its share of what all explain, where it may rank, how it is answered, what to do about it.

    `quadrant` is its place on the priority map, `certain` whether that is so in at
    least four of five resamples; `in_noise`: chance alone gets a share as
    large. `unweighted` is the share with all respondents counting alike, where weights are given;
    `left_best` and `left_worst` are its places over the samples that lack one company.
    `satisfaction` is the mean answer from 0, the worst, to 1, the best; `mean` as asked.
    """

    driver: str
    label: Label
    share: ShareEstimate | Share
    r2: Share
    probability_top: Share | None
    rank_low: Count | None
    rank_high: Count | None
    satisfaction: Share
    mean: Ratio
    stated: Ratio | None
    quadrant: str
    quadrant_probability: Share | None
    certain: bool | None
    in_noise: bool
    unweighted: Share | None = None
    left_best: Count | None = None
    left_worst: Count | None = None


@dataclass(frozen=True)
class Side:
    """One end of one outcome, analysed by itself: who may be called first there.

    `first` is the driver with the largest share, `second` the next; `named` is true when
    the first may be called so.
    """

    outcome: str
    label: Label
    end: str
    customers: Count
    n: Count
    first: str
    first_label: Label
    share: ShareEstimate | Share
    probability_top: Share | None
    second_label: Label
    second_share: ShareEstimate | Share
    named: bool


@dataclass(frozen=True)
class Step:
    """A rung of the ladder: respondents with these answers to the driver, and how many have the outcome.

    `published` is what the article printed for the same rung, `condition` marks the extra
    step of those who meet the second condition too.
    """

    rung: str
    answers: str
    n: Count
    share: ShareEstimate | Share
    published: Share | None


@dataclass(frozen=True)
class Compared:
    """A driver by every method: shares of R² of those that add up, the others as they are."""

    driver: str
    label: Label
    shapley: Share
    relative_weights: Share
    first: Share
    last: Share
    pratt: Ratio
    correlation: Ratio
    mcfadden: Share | None


@dataclass(frozen=True)
class AtBothEnds:
    """A driver's standardised slopes towards the top box and away from the bottom box; p after Holm."""

    driver: str
    label: Label
    top: Ratio
    bottom: Ratio
    difference: RatioEstimate | Ratio
    p: PValue | None


@dataclass(frozen=True)
class Signed:
    """A driver's coefficient beside its plain correlation, and how much the others say the same."""

    driver: str
    label: Label
    coefficient: RatioEstimate | Ratio
    correlation: Ratio
    conflict: bool
    inflation: Ratio | None
    p: PValue | None


@dataclass(frozen=True)
class Branch:
    """A split of the tree: by which driver, in which groups of answers, and how often it returns."""

    driver: str
    label: Label
    groups: str
    n: Count
    p: PValue
    returns: Share
    same_groups: Share


@dataclass(frozen=True)
class Twig:
    """A leaf of the tree: the conditions that lead to it, and the share of the top box there."""

    conditions: Label
    n: Count
    share: ShareEstimate | Share | None


@dataclass(frozen=True)
class Treated:
    """What comes first when missing answers are treated one way; None where that way cannot be taken."""

    way: str
    n: Count
    r2: Share | None
    first_label: Label | None
    first_share: Share | None


@dataclass(frozen=True)
class Group:
    """A company, segment or wave: its size, its top box and its score; None where a cell would be too small."""

    kind: str
    name: str
    n: Count | None
    top: ShareEstimate | Share | None
    score: ScoreEstimate | Score | None


@dataclass(frozen=True)
class Pair:
    """Two drivers: how much more the first weighs than the second; p after Holm."""

    first_label: Label
    second_label: Label
    difference: PointsEstimate
    p: PValue


@dataclass(frozen=True)
class Proof:
    """A published example recomputed by this engine: the largest difference from what was printed."""

    example: str
    drivers: Count
    printed_r2: Ratio
    r2: Ratio
    largest_error: Ratio

