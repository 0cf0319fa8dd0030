"""The two doors: how many customers came in, went out and stayed, and what the leak is worth."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from toolkit import store
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
_WHERE = {name: place for place, names in _PLACES.items() for name in names}
__all__ = [*sorted(_WHERE), "compute", "frames_of", "results", "tables"]


def __getattr__(name: str) -> Any:
    """Import what a page asks for when it asks, so that reading a client file stays light."""
    if name in ("tables", *_PLACES):
        return importlib.import_module(f"toolkit.doors.{name}")
    if name in _WHERE:
        return getattr(importlib.import_module(f"toolkit.doors.{_WHERE[name]}"), name)
    raise AttributeError(f"module 'toolkit.doors' has no attribute {name!r}")


def results(client) -> TwoDoors:
    """The two doors of a client, computed once a run; reads the log where the section names one."""
    used: tuple = (client.doors, client.client.period, client.economics)
    if client.doors.from_log:
        from toolkit.intake.log import data_file

        used += (client.log, data_file(client.log.file, client.folder))
    return store.once("doors", used, lambda: compute(client, frames_of(client)))


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
