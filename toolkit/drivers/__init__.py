"""Drivers: what goes with staying, recommending or turning critic, with what the answers cannot say.

In reading order: `METHODS` and `importances` (how much each driver matters, and how
sure that is), `recommendation` and `recommendation_of` (promoters less detractors),
`grow_tree` (which combinations of answers go with the outcome), `read_answers` (the
answers of a survey), and the chapter itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from toolkit import lazy, store
from toolkit.finding import Refused

if TYPE_CHECKING:
    from toolkit.drivers.result import WhatDrives

_PLACES = {
    "findings": ("feelings_title", "ladder_title", "map_title", "to_do_title", "who", "worth_saying"),
    "findings_annex": (
        "answers_title",
        "contrasted",
        "contrasts_say",
        "contrasts_title",
        "defined",
        "groups_say",
        "ladder_says",
        "pairs_say",
        "quotes_say",
        "rivals_say",
        "rivals_title",
        "stated_says",
        "waves_say",
    ),
    "importance": ("Importance", "Importances", "importances"),
    "methods": ("METHODS",),
    "numbers": ("analyse",),
    "offers": ("actions", "best_picture", "change_of_mind", "key_figures", "own_figures", "verdict"),
    "pictures": ("both_ends_of_scale", "moved", "rungs", "slope"),
    "pictures_map": ("priority_map", "to_do"),
    "pictures_annex": ("against_rivals", "all_answers", "penalties_and_rewards"),
    "scoring": ("Recommendation", "recommendation", "recommendation_difference", "recommendation_of"),
    "result": ("WhatDrives",),
    "saying": ("in_euros", "plan"),
    "tree": ("Leaf", "Split", "Tree", "grow_tree"),
}
_WHERE = lazy.within(__name__, _PLACES)
_WHERE["read_answers"] = "toolkit.intake.answers"
__all__ = [*sorted(_WHERE), "answers_of", "around_of", "compute", "results", "tables"]

# how the engine calls what it was given, and where that stands in a client file
FIELDS = {
    "answers": "survey.items",
    "outcome": "survey.outcomes",
    "weights": "survey.weights",
    "clusters": "survey.cluster",
}
__getattr__ = lazy.importer(__name__, _WHERE)


def results(client) -> WhatDrives:
    """What drives the customers of a client, computed once a run from the answers of `[survey]` and what stands around them."""
    used: tuple = (client.drivers, client.survey, file_of(client))
    used += (client.doors, client.worth, client.economics, client.client.period)
    if client.log is not None:
        from toolkit.intake.log import data_file

        used += (client.log, data_file(client.log.file, client.folder))
    return store.once("drivers", used, lambda: compute(client, answers_of(client)))


def file_of(client) -> Any:
    """Where the answers of a client stand."""
    from toolkit.intake.answers import survey_file

    return survey_file(client.survey.file, client.folder)


def answers_of(client) -> Any:
    """The answers of a client's survey, read and checked."""
    from toolkit.intake.answers import read_answers

    return read_answers(file_of(client), client.survey)


def labels_of(client, answers: Any) -> dict[str, dict[str, str]]:
    """What every question is called, per language: the client's own label, the standard one, else its name."""
    from toolkit.words import LOCALES, Words

    words = {locale.split("_")[0]: Words(locale) for locale in LOCALES}
    found = {}
    for kind, names in (("items", answers.items), ("outcomes", answers.outcomes)):
        for name in names:
            key, own = f"answers.{kind}.{name}", answers.labels.get(name, {})
            standard = {tag: said.text(key) for tag, said in words.items() if said.has(key)}
            found[name] = {**standard, **own} or {tag: str(name) for tag in words}
            if kind == "outcomes":
                found |= {f"{name}.{end}": _end(name, end, found[name], words) for end in ("top", "bottom")}
    return found


def _end(name: str, end: str, label: dict[str, str], words: dict[str, Any]) -> dict[str, str]:
    """What customers at one end of an outcome are called, per language."""
    found = {}
    for tag, said in words.items():
        known = said.has(f"drivers.ends.{name}.{end}")
        asked = label.get(tag) or next(iter(label.values()))
        found[tag] = said.text(f"drivers.ends.{name if known else 'other'}.{end}", None, **({} if known else {"label": asked}))
    return found


def around_of(client, answers: Any, **how: Any) -> Any:
    """What doors, worth and the log of a client know around its answers; `how` as for `upstream`."""
    from toolkit import doors, worth
    from toolkit.drivers.bridge import Around
    from toolkit.drivers.upstream import upstream
    from toolkit.worth.inputs import situation

    economics = dict(client.economics)
    counted = doors.results(client) if client.doors is not None else None
    rows, problem = _rows_of(client, answers, counted)
    if client.worth is None:
        return Around(upstream(economics, doors=counted, **how), rows, problem)
    known, told = situation(client.worth, economics, counted), client.worth.recommendation
    brought = worth.results(client).brought_per_year if told is not None else None
    lent = upstream(economics, doors=counted, situation=known, recommending=told, brought=brought, **how)
    return Around(lent, rows, problem)


def _rows_of(client, answers: Any, counted: Any) -> tuple[Any, str | None]:
    """What the log says of the respondents with a customer key, and why it says nothing."""
    if answers.keys is None or counted is None or not client.doors.from_log:
        return None, None
    from toolkit.intake.keyed import read_keyed

    how = {"window": client.doors.window, "last": counted.last, "until": client.client.period.to}
    found = read_keyed(client.log, client.folder, list(answers.keys), answered_on=client.drivers.answered_on, **how)
    return (None, "year") if found is None else (found.rows, None)


def compute(client, answers: Any, around: Any = None) -> WhatDrives:
    """What drives the customers of a client whose answers, and what stands `around` them, have been read already.

    Raises `Refused` with the fields of the client file.
    """
    from toolkit.drivers.numbers import analyse

    try:
        around = around_of(client, answers) if around is None else around
        how = {"labels": labels_of(client, answers), "minimum": client.survey.minimum, "around": around}
        return analyse(client.drivers, answers, **how)
    except Refused as refused:
        raise Refused(
            replace(problem, file=client.file.name, field=FIELDS.get(problem.field, problem.field))
            for problem in refused.refusals
        ) from None
