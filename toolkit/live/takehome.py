"""A page to take home: the stage without a kernel, every state of it computed beforehand by the same functions.

The first two sliders move together around a scenario, the others one at a time. What moves is kept once in a
pool of lines, packed, and read again by a few lines of script; nothing is interpolated.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from toolkit.client import Client
from toolkit.live import state
from toolkit.live.caption import caption
from toolkit.live.stage import Stage
from toolkit.live.states import Plan, control, looks_of, plan_of, pooled

FOLDER = Path(__file__).resolve().parent


def takehome(
    client: Client, chapter: str, locale: str | None = None, what_if: Mapping[str, float] | None = None, name: str = ""
) -> str:
    """The take-home page of a scenario: one file that lives without a kernel and without a network.

    Raises `Refused` where the client does not allow the scenario.
    """
    stage, what_if = Stage(client, chapter, locale), dict(what_if or {})
    stage.result = stage.run(what_if)
    stage.state = state.recall(stage.state, what_if)
    for field in stage.knobs.keys() & what_if:
        stage.widen(field, what_if[field])
    return page_of(stage, name)


def page_of(stage: Stage, name: str = "") -> str:
    """The take-home page of a stage as it stands, under the name of its scenario."""
    words, plan = stage.words, plan_of(stage)
    name, looks = name or words.text("takehome.scenario"), looks_of(stage, plan)
    packed = {
        "scene": _scene(stage, plan),
        "still": stage.still,
        "controls": [control(stage, knob, values) for knob, values in zip(plan.knobs, plan.values, strict=True)],
        "presets": _presets(stage, plan),
        "chips": _chips(stage, plan, name),
        "home": plan.home,
        "returned": words.text("takehome.returned"),
        **pooled(looks),
    }
    return _template().render(
        lang=words.tag,
        style=_read("stage.css") + _read("takehome.css"),
        script=_read("view.js") + _read("takehome.js"),
        packed=_packed(packed),
        client=stage.client.client.name,
        chapter=words.text(f"{stage.chapter}.title"),
        name=name if stage.what_if else words.text("live.texts.base"),
        how=_how(stage, plan),
        besides=_besides(stage, plan),
        texts=packed["scene"]["texts"],
        controls=_standing(packed, plan),
        look=looks[plan.key(plan.home)],
        drawing=stage.drawing(stage.run(stage.what_if)),
        caption=caption(stage),
        accent=packed["scene"]["accent"],
        without=words.text("takehome.without_script"),
    )


def _scene(stage: Stage, plan: Plan) -> dict[str, Any]:
    """What stands still, without what only works with a kernel: typing, saving, comparing, seeking."""
    whole, fields = stage.scene, [knob.field for knob in plan.knobs]
    presets = [label for label, (field, _) in zip(whole["presets"], stage.presets, strict=True) if field in fields]
    return {
        **whole,
        "texts": {name: text for name, text in whole["texts"].items() if name != "wanted"},
        "actions": [action for action in whole["actions"] if action["name"] == "full_screen"],
        "controls": [{**about, "exactly": ""} for about in whole["controls"][: len(plan.knobs)]],
        "presets": presets,
        "pictures": [whole["pictures"][stage.picture]],
    }


def _presets(stage: Stage, plan: Plan) -> list[tuple[int, int]]:
    """Which slider each preset moves, and to which of its values."""
    fields = [knob.field for knob in plan.knobs]
    at = [(fields.index(field), value) for field, value in stage.presets if field in fields]
    return [(slider, plan.values[slider].index(value)) for slider, value in at]


def _chips(stage: Stage, plan: Plan, name: str) -> list[dict[str, Any]]:
    """The base case and the scenario as buttons, each with its place and its state."""
    base = {"name": "base", "label": stage.words.text("live.texts.base"), "key": "0", "place": plan.base, "state": plan.base_key}
    own = {"name": "scenario", "label": name, "key": "1", "place": plan.home, "state": plan.key(plan.home)}
    return [base, *([own] if stage.what_if else [])]


def _how(stage: Stage, plan: Plan) -> str:
    """How the sliders of this page move, said before anyone touches one."""
    if len(plan.knobs) < 3:
        return stage.words.text("takehome.how.freely")
    first, second = (knob.label(stage.words) for knob in plan.knobs[:2])
    return stage.words.text("takehome.how.two_together", None, first=first, second=second)


def _besides(stage: Stage, plan: Plan) -> list[str]:
    """What else the scenario changes, of which this page has no slider."""
    others = [(stage.knobs[field], value) for field, value in plan.besides.items() if field in stage.knobs]
    said = [(knob.label(stage.words), stage.words.quantity(value, knob.unit, "exact")) for knob, value in others]
    return [stage.words.text("live.spoken", None, label=label, value=value) for label, value in said]


def _standing(packed: Mapping[str, Any], plan: Plan) -> list[dict[str, Any]]:
    """The sliders as they stand before any script runs."""
    abouts = zip(packed["scene"]["controls"], packed["controls"], plan.home, strict=True)
    return [{**about, **shown, **shown["at"][number]} for about, shown, number in abouts]


def _packed(data: Mapping[str, Any]) -> str:
    """Data as text for a page, deflated: the same for the same data."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def _read(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


@cache
def _template() -> Template:
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template("takehome.html.j2")
