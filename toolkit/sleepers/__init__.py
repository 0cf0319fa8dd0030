"""The sleepers: customers won who stopped buying soon after, and what of winning them never came back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from toolkit import doors, lazy, store
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
_WHERE = lazy.within(__name__, _PLACES)
__all__ = [*sorted(_WHERE), "compute", "frames_of", "results", "tables"]
__getattr__ = lazy.importer(__name__, _WHERE)


def results(client) -> Asleep:
    """The sleepers of a client, computed once a run from the log; they end where the two doors end."""
    return store.once("sleepers", (client.sleepers, *doors.used_by(client)), lambda: compute(client, frames_of(client)))


def frames_of(client):
    """What the client's log was counted into; raises `Refused` for all that the two doors refuse in it."""
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


def compute(client, frames, **how: Any) -> Asleep:
    """The sleepers of a client whose log has been counted already; `how` as for `analyse`."""
    from toolkit.sleepers.numbers import analyse, given_in

    given = given_in(dict(client.economics), client.doors.every, client.doors.window)
    try:
        return analyse(client.sleepers, frames, given, **how)
    except Refused as refused:
        raise Refused(replace(problem, file=client.file.name) for problem in refused.refusals) from None
