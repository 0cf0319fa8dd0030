"""The sleepers: customers won who stopped buying soon after, and what of winning them never came back."""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from toolkit import store
from toolkit.finding import Refused

if TYPE_CHECKING:
    from toolkit.sleepers.result import Asleep

_PLACES = {
    "findings": ("curve_title", "waterfall_title", "worth_saying"),
    "numbers": ("analyse",),
    "offers": ("actions", "best_picture", "change_of_mind", "key_figures", "own_figures", "verdict"),
    "pictures": ("back_by_month", "not_earned_back"),
    "recency": ("best_contact_rule", "stop_contacting_at", "value_by_recency"),
    "result": ("Asleep",),
    "write_off": ("call_first", "expected_reactivation", "payback_curve", "waterfall", "write_off_by"),
}
_WHERE = {name: place for place, names in _PLACES.items() for name in names}
__all__ = [*sorted(_WHERE), "compute", "frames_of", "results", "tables"]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that reading a client file stays light."""
    if name in _WHERE:
        return getattr(importlib.import_module(f"toolkit.sleepers.{_WHERE[name]}"), name)
    if name in ("tables", *_PLACES):
        return importlib.import_module(f"toolkit.sleepers.{name}")
    raise AttributeError(f"module 'toolkit.sleepers' has no attribute {name!r}")


def results(client) -> Asleep:
    """The sleepers of a client, computed once a run from the log; they end where the two doors end."""
    from toolkit.intake.log import data_file

    used = (client.sleepers, client.doors, client.client.period, client.economics, client.log)
    used += (data_file(client.log.file, client.folder),)
    return store.once("sleepers", used, lambda: compute(client, frames_of(client)))


def frames_of(client):
    """What the client's log was counted into; raises `Refused` for all that the two doors refuse in it."""
    from toolkit import doors
    from toolkit.intake.sleeping import Asked, read_sleeping
    from toolkit.sleepers.section import step_of, tried

    end, section, window = doors.results(client).last, client.sleepers, client.doors.window
    asked = Asked(
        every=client.doors.every,
        asleep_after=section.asleep_after,
        tried=tried(section.asleep_after, window),
        window=window,
        step=step_of(section.contact_every, window),
        end=end,
        since=section.since,
    )
    return read_sleeping(client.log, client.folder, asked, until=client.client.period.to)


def compute(client, frames) -> Asleep:
    """The sleepers of a client whose log has been counted already."""
    from toolkit.sleepers.numbers import analyse, given_in

    given = given_in(dict(client.economics), client.doors.every, client.doors.window)
    try:
        return analyse(client.sleepers, frames, given)
    except Refused as refused:
        raise Refused(replace(problem, file=client.file.name) for problem in refused.refusals) from None
