"""The two doors: how many customers came in, went out and stayed, and what the leak is worth."""

from __future__ import annotations

from toolkit import store
from toolkit.doors import tables
from toolkit.doors.findings import balance_title, decile_title, leak_title, worth_saying
from toolkit.doors.numbers import analyse
from toolkit.doors.offers import (
    actions,
    best_picture,
    change_of_mind,
    key_figures,
    own_figures,
    verdict,
)
from toolkit.doors.pictures import deciles, in_and_out, squares, two_leaks
from toolkit.doors.result import TwoDoors
from toolkit.doors.section import as_periods

__all__ = [
    "TwoDoors",
    "actions",
    "analyse",
    "balance_title",
    "best_picture",
    "change_of_mind",
    "compute",
    "decile_title",
    "deciles",
    "frames_of",
    "in_and_out",
    "key_figures",
    "leak_title",
    "own_figures",
    "results",
    "squares",
    "tables",
    "two_leaks",
    "verdict",
    "worth_saying",
]


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
    section, span, economics = client.doors, client.client.period, client.economics
    periods = () if frames is not None else as_periods(section, span.from_, span.to)
    margin, cost = economics.gross_margin, economics.cost_to_win
    return analyse(section, periods, gross_margin=margin, cost_to_win=cost, frames=frames)
