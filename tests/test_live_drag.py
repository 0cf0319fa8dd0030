"""While a slider moves the stage shows what it shows at rest: the same figures, their intervals from fewer draws."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import pytest
from conftest import ROOT

from toolkit import open_client
from toolkit.live.stage import Stage
from toolkit.units import Estimate

STAGES = [
    ("ameritrade", "worth"),
    ("verwarming-claes", "worth"),
    ("widening", "worth"),
    ("widening", "strategies"),
    ("living", "sleepers"),
]
WIDTH = 0.25  # by how much of itself an interval from fewer draws may be wider or narrower
# what each chapter's pictures, title, three figures and bars are made of
SHOWN = {
    "worth": (
        "moments retention period lever claimed uplift_points step_points step_keeps_all balance cost_to_win cost_to_keep "
        "payback_simple payback_surviving said ratio by_tenure not_yet_won after_keeping net_value swings"
    ),
    "strategies": "flows courses plan plan_cost best_kind best_own worst_loss cascade cascade_net swings",
    "sleepers": (
        "spent earned_back_asleep earned_back_lost written_off written_off_asleep written_off_lost gain points lines "
        "months_seen payback cost_per_customer swings"
    ),
}
# parts of a row that no picture shows: they wait for rest
UNSEEN = {"needed_retention", "needed_cost", "chance_of_loss", "worth_a_point", "same_as_winning", "break_even_rate"}
ON_AN_EDGE = {"place"}  # where an interval lies against a band: near its edge fewer draws may say otherwise


@pytest.fixture(scope="module", params=STAGES, ids=" ".join)
def stage(request) -> Stage:
    client, chapter = request.param
    return Stage(open_client(ROOT / "templates" / "clients" / client), chapter, "nl_BE")


def moved(stage: Stage) -> list[dict[str, float]]:
    """Every slider in sight a third of the way along, one at a time."""
    return [{knob.field: knob.low + (knob.high - knob.low) / 3} for knob in stage.knobs.values()]


def agree(dragged, rested, where: str) -> None:
    """Every figure is equal; an interval lies around it and is of similar width."""
    if isinstance(rested, Estimate):
        assert dragged.value == pytest.approx(rested.value, rel=1e-9), where
        assert dragged.low <= dragged.value <= dragged.high, where
        wide = rested.high - rested.low
        assert dragged.high - dragged.low == pytest.approx(wide, rel=WIDTH, abs=1e-9 * abs(rested.value)), where
    elif isinstance(rested, tuple):
        assert len(dragged) == len(rested), where
        for place, (one, other) in enumerate(zip(dragged, rested, strict=True)):
            agree(one, other, f"{where}.{place}")
    elif is_dataclass(rested):
        for part in fields(rested):
            if part.name not in UNSEEN | ON_AN_EDGE:
                agree(getattr(dragged, part.name), getattr(rested, part.name), f"{where}.{part.name}")
    elif isinstance(rested, float):
        assert dragged == pytest.approx(rested, rel=1e-9, nan_ok=True), where
    else:
        assert dragged == rested, where


def test_what_the_stage_shows_while_dragging_is_what_it_shows_at_rest(stage):
    for what_if in moved(stage):
        dragged, rested = stage.run(what_if), stage.run(what_if, full=True)
        for name in SHOWN[stage.chapter].split():
            agree(getattr(dragged, name), getattr(rested, name), f"{what_if} {name}")


def test_every_title_picture_and_bar_is_there_while_dragging(stage):
    for what_if in moved(stage):
        dragged, rested = (stage.look(stage.run(what_if, full=full)) for full in (False, True))
        assert [row["label"] for row in dragged["tornado"]["rows"]] == [row["label"] for row in rested["tornado"]["rows"]]
        assert [figure["value"] for figure in dragged["numbers"]] == [figure["value"] for figure in rested["numbers"]]
        assert stage.part.pictures(stage.run(what_if)) == stage.part.pictures(stage.run(what_if, full=True))


def test_the_same_value_gives_the_same_frame_whatever_came_before(stage):
    knob, *others = stage.knobs.values()
    value = knob.low + (knob.high - knob.low) / 3

    def frame() -> dict:
        found = stage.do({"do": "set", "field": knob.field, "value": value})
        return {name: found[name] for name in ("title", "moving", "numbers", "tornado")}

    first = frame()
    for other in (knob, *others):
        stage.do({"do": "set", "field": other.field, "value": other.high})
        stage.do({"do": "set", "field": other.field, "value": other.base})
    stage.do({"do": "rest"})
    assert stage.do({"do": "set", "field": knob.field, "value": knob.high})["moving"] != first["moving"]
    assert frame() == first


def test_what_no_picture_shows_waits_for_rest():
    client = open_client(ROOT / "templates" / "clients" / "verwarming-claes")
    stage = Stage(client, "worth", "nl_BE")
    field = next(iter(stage.knobs))
    stage.do({"do": "set", "field": field, "value": stage.knobs[field].low})
    assert stage.result.programme_points_lasting is None
    stage.do({"do": "rest"})
    assert stage.result.programme_points_lasting is not None
