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
    "decile_title",
    "deciles",
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
    section, span, economics = client.doors, client.client.period, client.economics

    def compute() -> TwoDoors:
        shared = {"gross_margin": economics.gross_margin, "cost_to_win": economics.cost_to_win}
        if not section.from_log:
            return analyse(section, as_periods(section, span.from_, span.to), **shared)
        from toolkit.intake.log import read_log

        frames = read_log(
            client.log, client.folder, every=section.every, window=section.window, until=span.to
        )
        return analyse(section, (), frames=frames, **shared)

    used = (section, span, economics)
    if section.from_log:
        from toolkit.intake.log import data_file

        used += (client.log, data_file(client.log.file, client.folder))
    return store.once("doors", used, compute)
