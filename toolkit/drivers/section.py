"""The `[drivers]` section of a client file: how the answers of `[survey]` are to be analysed."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from toolkit.doors.section import Section
from toolkit.ranges import ShareInput
from toolkit.units import Count, Day, Share

Key = Annotated[str, Field(min_length=1, max_length=60)]


class Drivers(Section):
    """What customers are asked about, held against what they feel; every field may be left out.

    `outcome` is what the drivers are weighed for (else the first outcome of the
    survey), `critics` the outcome whose two ends are told apart. Answers from
    `top_from` count as the top box of `outcome`, answers up to `bottom_to` as its bottom
    box. `booster` is the second condition of the ladder, met from `booster_from`.
    `moved_up` of those not on the best rung are taken one rung up, and `link_holds` is the
    part of the difference between rungs that holds for them.
    `retention_top` and `retention_others` are the retention in a year of those in the top box and of
    all others, where no customer key in `[survey]` measures it; `answered_on` is the day that the answers hold from.
    `invited` customers were asked; `wanted_precision` is how far the score may be off, either way.
    """

    outcome: Key | None = Field(default=None, examples=["attachment"])
    critics: Key | None = Field(default=None, examples=["recommendation_verbal"])
    top_from: Count | None = Field(default=None, examples=[5])
    bottom_to: Count | None = Field(default=None, examples=[2])
    booster: Key | None = Field(default=None, examples=["exceeds_expectations"])
    booster_from: Count | None = Field(default=None, examples=[4])
    invited: Count | None = Field(default=None, examples=[1200])
    confidence: Share = Field(default=0.95, examples=["95%"])
    moved_up: Share = Field(default=0.0, examples=["25%"])
    link_holds: Share = Field(default=1.0, examples=["50%"])
    wanted_precision: Share = Field(default=0.05, examples=["5%"])
    retention_top: ShareInput | None = Field(default=None, examples=[{"low": "88%", "high": "94%"}])
    retention_others: ShareInput | None = Field(default=None, examples=[{"low": "75%", "high": "85%"}])
    answered_on: Day | None = Field(default=None, examples=[date(2023, 12, 31)])

    @model_validator(mode="after")
    def _in_order(self) -> Drivers:
        if self.top_from is not None and self.bottom_to is not None and self.bottom_to >= self.top_from:
            values = {"given": str((self.bottom_to, self.top_from)), "field": "top_from"}
            raise PydanticCustomError("cutoffs_reversed", "{given}", values)
        if (self.retention_top is None) != (self.retention_others is None):
            field = "retention_top" if self.retention_top is None else "retention_others"
            raise PydanticCustomError("retention_of_both", "{given}", {"given": "", "field": field})
        if not 0.5 <= self.confidence < 1:
            raise PydanticCustomError("confidence_out_of_reach", "{given}", {"given": self.confidence, "field": "confidence"})
        return self
