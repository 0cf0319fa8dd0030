"""The states of a take-home page: which places its sliders have, and how the stage looks at each of them."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.finding import Refused
from toolkit.live import frame
from toolkit.live.controls import Knob
from toolkit.live.scene import IN_SIGHT
from toolkit.live.stage import Stage

ALONE, TOGETHER = 31, 15  # about how many values a slider has: by itself, and as one of the two that move together
Place = tuple[int, ...]  # where each slider stands, by the number of its value


@dataclass(frozen=True)
class Plan:
    """The sliders of a page, their values, where each stands in the scenario and in the base case, and what else differs."""

    knobs: tuple[Knob, ...]
    values: tuple[tuple[float, ...], ...]
    home: Place
    base: Place
    besides: Mapping[str, Any]

    def places(self) -> tuple[Place, ...]:
        """Every place that can be reached: the first two sliders together, each other one by itself."""
        together = [range(len(values)) for values in self.values[:2]]
        found = [(*pair, *self.home[2:]) for pair in itertools.product(*together)]
        for at in range(2, len(self.values)):
            found += [(*self.home[:at], number, *self.home[at + 1 :]) for number in range(len(self.values[at]))]
        return tuple(dict.fromkeys(found))

    def what_if(self, place: Place) -> dict[str, Any]:
        """What differs from the base case at a place."""
        pairs = zip(self.knobs, self.values, place, strict=True)
        moved = {knob.field: values[number] for knob, values, number in pairs if values[number] != knob.base}
        return {**self.besides, **moved}

    def key(self, place: Place) -> str:
        """What a place is called on the page."""
        return " ".join(map(str, place))

    @property
    def base_key(self) -> str:
        """What the base case is called: its place, where it is one of those and nothing else differs there."""
        return self.key(self.base) if not self.besides and self.base in self.places() else "base"


def plan_of(stage: Stage) -> Plan:
    """The plan of a page around the state at which a stage stands."""
    knobs = tuple(stage.knobs.values())[:IN_SIGHT]
    values = []
    for at, knob in enumerate(knobs):
        named = {knob.base, stage.value(knob.field), *(value for field, value in stage.presets if field == knob.field)}
        values.append(values_of(knob, TOGETHER if at < 2 and len(knobs) > 1 else ALONE, named))
    pairs = list(zip(knobs, values, strict=True))
    home = tuple(each.index(stage.value(knob.field)) for knob, each in pairs)
    base = tuple(each.index(knob.base) for knob, each in pairs)
    shown = {knob.field for knob in knobs}
    besides = {field: value for field, value in stage.what_if.items() if field not in shown}
    return Plan(knobs, tuple(values), home, base, besides)


def values_of(knob: Knob, most: int, named: Iterable[float]) -> tuple[float, ...]:
    """About `most` values of a slider, evenly spread on its steps, its ends among them, and exactly those named.

    >>> from toolkit.units import SHARE
    >>> values_of(Knob("doors.target_retention", SHARE, 0.8, 0.5, 0.9, 0.01), 5, {0.8, 0.85})
    (0.5, 0.6, 0.7, 0.8, 0.85, 0.9)
    """
    steps = math.ceil((knob.high - knob.low) / knob.step - 1e-9)
    stride = knob.step * max(1, math.ceil(steps / (most - 1)))
    even = [knob.low, *(knob.low + number * stride for number in range(1, steps + 1)), knob.high]
    named = {value for value in named if knob.low <= value <= knob.high} | {knob.low, knob.high}
    apart = [float(f"{value:.12g}") for value in even if all(abs(value - one) >= stride / 2 - 1e-9 for one in named)]
    return tuple(sorted({value for value in apart if value < knob.high} | named))


def looks_of(stage: Stage, plan: Plan) -> dict[str, dict[str, Any]]:
    """How the stage looks at every place of a plan and in the base case, each with as many draws as while a slider moves."""
    looks = {plan.key(place): _look(stage, plan.what_if(place)) for place in plan.places()}
    return {plan.base_key: _look(stage, {}), **looks}


def _look(stage: Stage, what_if: Mapping[str, Any]) -> dict[str, Any]:
    """How the stage looks in one state; where the client does not allow it, the sentence that says so."""
    try:
        return stage.look(stage.run(what_if))
    except Refused as refused:
        return {"notice": " ".join(stage.words.refusal(refusal) for refusal in refused.refusals)}


def control(stage: Stage, knob: Knob, values: Sequence[float]) -> dict[str, Any]:
    """A slider of the page: what stands still of it, and how it reads at each of its values."""
    shown = [frame.control(stage.words, knob, value) for value in values]
    moves = ("value", "text", "spoken", "moved")
    still = {name: part for name, part in shown[0].items() if name not in moves}
    return {**still, "values": values, "at": [{name: each[name] for name in moves} for each in shown]}


def pooled(looks: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Looks with every part kept once: a state is a list of numbers into the pool, its lines of SVG last.

    >>> pooled({"0": {"title": "a", "moving": "x\\ny"}, "1": {"title": "a", "moving": "x"}})["states"]
    {'0': [{'title': 0}, 1, 2], '1': [{'title': 0}, 1]}
    """
    pool: dict[str, int] = {}

    def number(part: Any) -> int:
        return pool.setdefault(json.dumps(part, ensure_ascii=False), len(pool))

    states = {}
    for key, look in looks.items():
        parts = {name: number(part) for name, part in look.items() if name != "moving"}
        lines = look["moving"].split("\n") if "moving" in look else ()
        states[key] = [parts, *(number(line) for line in lines)]
    return {"pool": [json.loads(part) for part in pool], "states": states}
