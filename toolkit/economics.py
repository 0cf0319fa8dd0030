"""The `[economics]` section of a client file: what several chapters use, given once."""

from __future__ import annotations

from pydantic import Field

from toolkit.doors.section import Section
from toolkit.ranges import MoneyInput, ShareInput


class Economics(Section):
    """Margin, costs and the discount rate a year; an amount or a share may be a range."""

    gross_margin: ShareInput | None = Field(default=None, examples=["40%"])
    cost_to_win: MoneyInput | None = Field(default=None, examples=[900])
    cost_to_keep: MoneyInput | None = Field(default=None, examples=[{"low": 40, "high": 90}])
    discount: ShareInput | None = Field(default=None, examples=["10%"])
