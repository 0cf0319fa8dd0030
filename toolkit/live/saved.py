"""Scenarios on the stage: kept in the session file beside the client, recalled, changed, marked, compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from toolkit import scenarios
from toolkit.finding import Refused
from toolkit.live import state
from toolkit.live.controls import value_of
from toolkit.picture import renamed
from toolkit.units import POINTS, SHARE

if TYPE_CHECKING:
    from toolkit.live.stage import Stage

Message = Mapping[str, Any]
ASKED = ("name", "who", "why")
TOLD = (*ASKED, "decision", "decided_by")
SIDE_BY_SIDE = 4
DIGITS = 9


def kept(stage: Stage) -> tuple[scenarios.Scenario, ...]:
    """The scenarios of this chapter, as the session file has them now."""
    found = scenarios.read(scenarios.session_file(stage.client.file)).scenarios
    return tuple(scenario for scenario in found if scenario.chapter == stage.chapter)


def chips(stage: Stage) -> list[dict[str, Any]]:
    """The base case and every scenario as a button; a digit recalls one of the first nine."""
    base = {"name": "", "label": stage.words.text("live.texts.base"), "pressed": not stage.what_if, "key": "0"}
    others = [
        {
            "name": one.name,
            "label": one.name,
            "pressed": bool(one.what_if) and one.what_if == stage.what_if,
            "marked": one.in_report,
            "key": str(number) if number <= DIGITS else "",
        }
        for number, one in enumerate(stage.kept, 1)
    ]
    return [base, *others]


def _file(stage: Stage) -> Any:
    return scenarios.session_file(stage.client.file)


def _said(stage: Stage, name: str, about: str) -> str:
    return stage.words.text(f"live.notices.{name}", None, name=about)


def here(stage: Stage) -> scenarios.Scenario | None:
    """The scenario that the stage stands at, where it is one that is kept."""
    return next((one for one in kept(stage) if one.what_if == stage.what_if), None)


def save(stage: Stage, message: Message) -> str | None:
    """The state as it stands, under a name; without one in the message the stage asks."""
    if "name" not in message:
        stage.panel = _form(stage, stage.words.text("live.panels.save"), ASKED, here(stage), [("keep", {"do": "save"})])
        return None
    given = {name: str(message.get(name, "")).strip() for name in ASKED}
    if not given["name"]:
        stage.panel = _form(stage, stage.words.text("live.panels.save"), ASKED, given, [("keep", {"do": "save"})])
        return stage.words.text("live.notices.nameless")
    when = datetime.now().replace(microsecond=0)
    scenarios.save(_file(stage), scenarios.Scenario(chapter=stage.chapter, what_if=stage.what_if, when=when, **given))
    return _said(stage, "saved", given["name"])


def recall(stage: Stage, message: Message) -> str | None:
    """A scenario, or with no name the base case; one that the client no longer allows says so and moves nothing."""
    what_if = {} if not message["name"] else _find(stage, message["name"]).what_if
    try:
        stage.run(what_if)
    except Refused as refused:
        why = " ".join(stage.words.refusal(refusal) for refusal in refused.refusals)
        return f"{_said(stage, 'no_longer', message['name'])} {why}"
    stage.state = state.recall(stage.state, what_if)
    for field, value in what_if.items():
        knob = stage.knobs.get(field)
        if knob is not None and not knob.low <= value <= knob.high:
            stage.widen(field, value)
    return None


def _find(stage: Stage, name: str) -> scenarios.Scenario:
    """The scenario of a name; one that another program took out meanwhile is no more than the base case."""
    return next((one for one in kept(stage) if one.name == name), scenarios.Scenario(name, stage.chapter))


def show(stage: Stage, message: Message) -> None:
    """What is known of one scenario, to be changed, marked for the report or thrown away."""
    one = _find(stage, message["name"])
    title = stage.words.text("live.panels.scenario", None, name=one.name)
    mark = ("out_of_report" if one.in_report else "into_report", {"do": "mark", "old": one.name})
    buttons = [("change", {"do": "change", "old": one.name}), mark, ("delete", {"do": "delete", "old": one.name})]
    stage.panel = _form(stage, title, TOLD, one, buttons)


def change(stage: Stage, message: Message) -> str:
    """Other words for a scenario: its name, whose it is, why, what was decided and by whom."""
    given = {name: str(message.get(name, "")).strip() for name in TOLD}
    if not given["name"]:
        return stage.words.text("live.notices.nameless")
    scenarios.change(_file(stage), message["old"], **given)
    return _said(stage, "changed", given["name"])


def delete(stage: Stage, message: Message) -> str:
    """A scenario thrown away."""
    scenarios.delete(_file(stage), message["old"])
    return _said(stage, "deleted", message["old"])


def mark(stage: Stage, message: Message) -> str | None:
    """A scenario into the report, or out of it again; without a name the one at which the stage stands."""
    one = _find(stage, message["old"]) if "old" in message else here(stage)
    if one is None or not one.what_if:
        return stage.words.text("live.notices.save_first")
    typed = {name: str(message[name]).strip() for name in TOLD if str(message.get(name, "")).strip()}
    scenarios.change(_file(stage), one.name, in_report=not one.in_report, **typed)
    return _said(stage, "out_of_report" if one.in_report else "in_report", one.name)


def _form(stage: Stage, title: str, names: tuple[str, ...], known: Any, buttons: list[tuple[str, dict]]) -> dict[str, Any]:
    """A panel that asks for texts, filled with what is known."""
    words = stage.words
    values = known if isinstance(known, Mapping) else {name: getattr(known, name, "") for name in names}
    return {
        "title": title,
        "fields": [{"name": name, "label": words.text(f"live.panels.{name}"), "value": values[name]} for name in names],
        "buttons": [{"label": words.text(f"live.panels.{name}"), "message": message} for name, message in buttons],
    }


def compare(stage: Stage, message: Message) -> str | None:
    """The newest scenarios beside now: what differs, the outcome, the difference, and a small picture of each."""
    found, results = kept(stage), []
    for one in found[-SIDE_BY_SIDE:]:
        try:
            results.append((one, stage.run(one.what_if, full=True)))
        except Refused:
            continue  # pressing its button says why
    if not results:
        return stage.words.text("live.notices.nothing_saved")
    heads = [stage.words.text("live.panels.assumption"), stage.words.text("live.texts.base"), *(one.name for one, _ in results)]
    drawn = (renamed(stage.drawing(result), f"beside-{number}") for number, (_, result) in enumerate(results))
    pictures = [{"title": one.name, "svg": svg} for (one, _), svg in zip(results, drawn, strict=True)]
    table = {"heads": heads, "rows": [*_assumptions(stage, results), *_outcomes(stage, results)]}
    stage.panel = {"title": stage.words.text("live.panels.compare"), "table": table, "pictures": pictures}
    return None


def _assumptions(stage: Stage, results: list[tuple[scenarios.Scenario, Any]]) -> list[list[str]]:
    """One row for each assumption in which a scenario differs from now."""
    rows = []
    for field in dict.fromkeys(field for one, _ in results for field in one.what_if):
        knob = stage.knobs.get(field)
        if knob is None:
            rows.append([field, "", *(str(one.what_if.get(field, "")) for one, _ in results)])
            continue
        values = [knob.base, *(one.what_if.get(field, knob.base) for one, _ in results)]
        shown = [stage.words.quantity(value, knob.unit, "exact") for value in values]
        rows.append([knob.label(stage.words), "–" if knob.aim else shown[0], *shown[1:]])
    return rows


def _outcomes(stage: Stage, results: list[tuple[scenarios.Scenario, Any]]) -> list[list[str]]:
    """What comes out of each, and how far that is from now."""
    words, found = stage.words, [stage.outcome(result) for _, result in results]
    unit, now = found[0].unit, value_of(found[0].now)
    then = [value_of(outcome.then) for outcome in found]
    apart = POINTS if unit == SHARE else unit
    come = [words.quantity(value, unit) for value in (now, *then)]
    return [
        [stage.label("scenario"), *come],
        [stage.label("difference"), "", *(words.quantity(value - now, apart, "signed") for value in then)],
    ]


ACTS = {
    "save": save,
    "recall": recall,
    "scenario": show,
    "change": change,
    "delete": delete,
    "mark": mark,
    "to_report": mark,
    "compare": compare,
}
