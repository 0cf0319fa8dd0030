"""The two doors: how many customers came in, went out and stayed, and what the leak is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit import lazy, store
from toolkit.ranges import middle

if TYPE_CHECKING:
    from toolkit.doors.result import TwoDoors

_PLACES = {
    "findings": ("balance_title", "decile_title", "leak_title", "worth_saying"),
    "numbers": ("analyse",),
    "offers": ("actions", "best_picture", "change_of_mind", "key_figures", "own_figures", "verdict"),
    "pictures": ("deciles", "in_and_out", "squares", "two_leaks"),
    "result": ("TwoDoors",),
}
_WHERE = lazy.within(__name__, _PLACES)
__all__ = [*sorted(_WHERE), "compute", "frames_of", "results", "tables", "used_by", "where_given"]
__getattr__ = lazy.importer(__name__, _WHERE)


def results(client) -> TwoDoors:
    """The two doors of a client, computed once a run; reads the log where the section names one."""
    return store.once("doors", used_by(client), lambda: compute(client, frames_of(client)))


def used_by(client) -> tuple[Any, ...]:
    """What the two doors of a client depend on: the key of their result, and part of the key of all that stands on them."""
    used: tuple = (client.doors, client.client.period, client.economics)
    if client.doors is not None and client.doors.from_log:
        from toolkit.intake.log import data_file

        used += (client.log, data_file(client.log.file, client.folder))
    return used


def where_given(client) -> TwoDoors | None:
    """The two doors of a client, or None where the client file has no such section."""
    return None if client.doors is None else results(client)


def frames_of(client):
    """What the client's log was counted into; None where the counts are stated."""
    if not client.doors.from_log:
        return None
    from toolkit.intake.log import read_log

    doors, until = client.doors, client.client.period.to
    return read_log(client.log, client.folder, every=doors.every, window=doors.window, until=until)


def compute(client, frames) -> TwoDoors:
    """The two doors of a client whose log, if any, has been counted already."""
    from toolkit.doors.numbers import analyse
    from toolkit.doors.section import as_periods

    section, span, economics = client.doors, client.client.period, client.economics
    periods = () if frames is not None else as_periods(section, span.from_, span.to)
    margin, cost = middle(economics.gross_margin), middle(economics.cost_to_win)
    return analyse(section, periods, gross_margin=margin, cost_to_win=cost, frames=frames)
