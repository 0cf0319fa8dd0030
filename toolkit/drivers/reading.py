"""The answers as this chapter uses them: which outcome leads, where its ends begin, who counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toolkit.drivers.boxes import RECOMMENDATION, Boxes, boxes_of
from toolkit.drivers.rows import Label
from toolkit.drivers.section import Drivers
from toolkit.finding import Refusal, Refused

SCORED = "recommendation"
"""The outcome that is the recommendation question; only on a scale from 0 to 10 does it give a score."""
VERBAL = ("recommendation_verbal", SCORED, "attachment")
"""Where the two ends are looked for, the first that was asked."""
EXCEEDED = "exceeds_expectations"
FEWEST_TO_COMPARE = 30
"""Respondents from which two questions with the same answers throughout are taken for one."""


@dataclass(frozen=True)
class Reading:
    """Items and outcomes (n rows each, nan where missing), what they are called, and who belongs together."""

    items: pd.DataFrame
    outcomes: pd.DataFrame
    boxes: Mapping[str, Boxes]
    labels: Mapping[str, Label]
    leading: str
    ends: str
    booster: np.ndarray | None
    booster_name: str | None
    booster_from: int | None
    weights: np.ndarray | None
    clusters: np.ndarray | None

    @property
    def n(self) -> int:
        """Respondents in the file who answered anything."""
        return len(self.items)

    @property
    def outcome(self) -> np.ndarray:
        """The answers (n,) to the leading outcome."""
        return self.outcomes[self.leading].to_numpy(float)

    def label(self, name: Any) -> Label:
        """What a question is called, per language; its own name where nobody said."""
        return self.labels.get(name) or {"": str(name)}

    def top(self, outcome: str) -> np.ndarray:
        """Who (n,) is in the top box of an outcome."""
        return self.boxes[outcome].top(self.outcomes[outcome].to_numpy(float))

    def bottom(self, outcome: str) -> np.ndarray:
        """Who (n,) is in the bottom box of an outcome."""
        return self.boxes[outcome].bottom(self.outcomes[outcome].to_numpy(float))

    def has_score(self, outcome: str) -> bool:
        """Whether an outcome is the recommendation question as it must be asked to give a score."""
        return outcome == SCORED and (self.boxes[outcome].low, self.boxes[outcome].high) == RECOMMENDATION


def read(section: Drivers, answers: Any, labels: Mapping[str, Label]) -> Reading:
    """What the section asks, of the answers that the intake read; refuses names that no question has."""
    items, outcomes = answers.items.astype(float), answers.outcomes.astype(float)
    problems = [
        Refusal("unknown_outcome", field=f"drivers.{field}", given=name, values={"known": ", ".join(outcomes.columns)})
        for field, name in (("outcome", section.outcome), ("critics", section.critics))
        if name is not None and name not in outcomes
    ]
    known = [*items.columns, *outcomes.columns]
    if section.booster is not None and section.booster not in known:
        values = {"known": ", ".join(known)}
        problems.append(Refusal("unknown_outcome", field="drivers.booster", given=section.booster, values=values))
    if not len(outcomes.columns):
        problems = [Refusal("no_outcome", field="survey.outcomes")]
    problems += _copies(items)
    if problems:
        raise Refused(problems)
    leading = section.outcome or _leading(list(outcomes.columns))
    ends = section.critics or next((name for name in VERBAL if name in outcomes), leading)
    _refuse_constant(outcomes[leading], leading)
    boxes = {name: _boxes(answers.scales[name], section if name == leading else None) for name in known}
    booster, start = _booster(section, pd.concat([items, outcomes], axis=1), boxes, leading)
    name = None if booster is None else section.booster or EXCEEDED
    weights, clusters = (_values(column) for column in (answers.weights, answers.clusters))
    return Reading(
        items, outcomes, boxes, labels, leading, ends, booster, name, start, weights, clusters
    )  # fmt: skip


def _copies(items: pd.DataFrame) -> list[Refusal]:
    """The refusals of items that repeat an earlier one: no method can tell the two apart.

    Items that everyone answered alike are no copies, and a handful of respondents may agree by chance.
    """
    if len(items) < FEWEST_TO_COMPARE:
        return []
    first: dict[bytes, str] = {}
    problems = []
    for name in items:
        values = items[name].to_numpy(float)
        if len(np.unique(values[~np.isnan(values)])) < 2:
            continue
        other = first.setdefault(values.tobytes(), str(name))
        if other != str(name):
            problems.append(Refusal("driver_copied", field="survey.items", values={"one": other, "other": str(name)}))
    return problems


def _refuse_constant(outcome: pd.Series, name: str) -> None:
    """Refuse an outcome to which everyone gave the same answer, by its name."""
    known = outcome.dropna()
    if len(known) > 1 and known.nunique() == 1:
        values = {"n": len(known)}
        raise Refused([Refusal("outcome_constant", field=f"survey.outcomes.{name}", given=f"{known.iloc[0]:g}", values=values)])


def _leading(outcomes: list[str]) -> str:
    """The outcome that drivers are weighed for: attachment, as in article A5, else the first that was asked."""
    return next((name for name in ("attachment", "recommendation_verbal") if name in outcomes), outcomes[0])


def _boxes(scale: Any, section: Drivers | None) -> Boxes:
    given = {"top_from": section.top_from, "bottom_to": section.bottom_to} if section else {}
    return boxes_of(scale.low, scale.high, **given)


def _booster(
    section: Drivers, table: pd.DataFrame, boxes: Mapping[str, Boxes], leading: str
) -> tuple[np.ndarray | None, int | None]:
    """Who (n,) meets the second condition, and from which answer; None where none was asked."""
    name = section.booster or (EXCEEDED if EXCEEDED in table else None)
    if name is None or name == leading:
        return None, None
    scale, start = boxes[name], section.booster_from
    if start is None:  # "rather or fully exceeded" of article A5: the two best answers of a short scale
        start = scale.top_from - 1 if scale.top_from == scale.high else scale.top_from
    values = table[name].to_numpy(float)
    return np.where(np.isnan(values), np.nan, (values >= start) * 1.0), int(start)


def _values(column: Any) -> np.ndarray | None:
    return None if column is None else np.asarray(column)
