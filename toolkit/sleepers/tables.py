"""Which columns the tables of the sleepers show; a style after a colon, as `toolkit.page` reads it."""

from __future__ import annotations

from toolkit.sleepers.result import Asleep

COHORTS = ("period", "won", "asleep", "lost", "spent:rounded", "earned_back:rounded", "written_off:rounded")
CHANNELS = ("channel", "won", "asleep", "lost", "spent:rounded", "earned_back:rounded", "written_off:rounded")
ALL_COHORTS = ("period", "won", "asleep", "lost", "spent", "earned_back", "asleep_written_off", "lost_written_off")
STATES = ("days_from", "days_to", "customers", "chance:range", "value")
GROUPS = ("days_from", "days_to", "larger", "customers", "margin", "chance", "worth")
BY_ASLEEP_AFTER = ("asleep_after", "asleep", "lost", "written_off")
SWINGS = ("name", "low_input", "high_input", "low", "high")


def groups(result: Asleep) -> tuple[str, ...]:
    """The columns about calling; what it brings only where a chance and a cost are given."""
    return GROUPS if result.gain is None else (*GROUPS, "gain_each", "call")
