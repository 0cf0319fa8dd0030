"""The stage without a browser: every control of every chapter and client, every act, and what it says where it cannot."""

from __future__ import annotations

import json
import logging
import math
import shutil
from functools import cache

import pytest
from conftest import EXAMPLES, ROOT

from toolkit import scenarios
from toolkit.client import load
from toolkit.live import Stage
from toolkit.words import LOCALES, Words

CLIENTS = ROOT / "templates" / "clients"
WALKS = [(folder.name, chapter) for folder in EXAMPLES for chapter in load(folder).chapters]
TARGET = "doors.target_retention"
NONSENSE = ("", "onzin", "nan", "1e9", "12.5%,", "<b>5</b>")


@cache
def stage_of(name: str, chapter: str) -> Stage:
    return Stage(load(CLIENTS / name), chapter, "nl_BE")


@pytest.fixture
def stage(tmp_path) -> Stage:
    """The two doors of a client of its own, so that scenarios may be kept beside it."""
    shutil.copytree(CLIENTS / "leak-50", tmp_path / "client")
    return Stage(load(tmp_path / "client"), "doors", "nl_BE")


def type_in(stage: Stage, text: str, field: str = TARGET) -> dict:
    return stage.do({"do": "type", "field": field, "text": text})


def sound(frame: dict) -> None:
    """A frame that shows a scenario: finite figures, a title, a picture, nothing dimmed."""
    words = Words("nl_BE")
    text = json.dumps(frame, allow_nan=False)
    assert not frame["dim"] and frame["title"] and frame["moving"].startswith("<svg") and "nan" not in frame["moving"]
    assert all(math.isfinite(one["value"]) for one in frame["controls"])
    assert [bool(number["value"]) for number in frame["numbers"]] == [True] * 3
    assert words.text("common.unbounded") not in [number["value"] for number in frame["numbers"]]
    assert "Traceback" not in text


# every control -----------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "chapter"), WALKS)
def test_every_control_goes_to_its_ends_its_middle_and_back_and_refuses_nonsense(name, chapter):
    stage = stage_of(name, chapter)
    for field, knob in list(stage.knobs.items()):
        assert knob.low <= knob.base <= knob.high and knob.low < knob.high and knob.step > 0
        for value in (knob.low, (knob.low + knob.high) / 2, knob.high, knob.base):
            frame = stage.do({"do": "set", "field": field, "value": value})
            assert frame["dim"] == bool(frame["notice"]), (field, value, frame["notice"])  # dimmed only with a reason
            if not frame["dim"]:
                sound(frame)
        frame = stage.do({"do": "rest"})
        sound(frame)
        before = stage.what_if
        for text in NONSENSE:
            frame = type_in(stage, text, field)
            assert frame["notice"] == stage.words.text("live.not_a_number", None, given=text.strip(), label=knob.label(stage.words))
            assert stage.what_if == before and not frame["dim"]
    stage.do({"do": "reset"})
    assert stage.what_if == {}


@pytest.mark.parametrize(("name", "chapter"), WALKS)
def test_every_preset_and_every_picture_is_shown(name, chapter):
    stage = stage_of(name, chapter)
    for number, (field, value) in enumerate(stage.presets):
        sound(stage.do({"do": "preset", "number": number}))
        assert stage.value(field) == value
    for number in range(len(stage.scene["pictures"])):
        sound(stage.do({"do": "picture", "number": number}))
    stage.do({"do": "picture", "number": 0})
    sound(stage.do({"do": "reset"}))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_control_has_a_name_and_says_its_value_in_the_readers_language(locale):
    stage = Stage(load(CLIENTS / "widening"), "worth", locale)
    frame = stage.do({"do": "hello"})
    for about, one in zip(stage.scene["controls"], frame["controls"], strict=True):
        assert about["label"] and about["help"] and one["text"] in one["spoken"] and about["label"] in one["spoken"]
    keys = [action["key"] for action in stage.scene["actions"] if action["key"]]
    assert len(keys) == len(set(keys)) and not any(key.isdigit() for key in keys)


# exact entry -------------------------------------------------------------------------------


def test_a_point_is_never_a_decimal_in_dutch(stage):
    frame = type_in(stage, "82.5")
    assert "82.5" in frame["notice"] and stage.what_if == {}
    type_in(stage, "82,5%")
    assert stage.what_if == {TARGET: 0.825}


def test_what_is_not_allowed_says_what_was_given_and_what_is_allowed_and_moves_nothing(stage):
    frame = type_in(stage, "250%")
    assert "250%" in frame["notice"] and "100%" in frame["notice"]
    assert stage.what_if == {} and not frame["dim"]


def test_a_value_beyond_the_slider_widens_it_draws_a_new_picture_and_says_so(stage):
    before = stage.do({"do": "hello"})
    frame = type_in(stage, "€ 90.000", "doors.turnover_per_customer")
    assert frame["controls"][1]["max"] == 90_000 > before["controls"][1]["max"]
    assert "still" in frame and "90.000" in frame["notice"]
    sound(frame)


def test_what_is_typed_again_as_it_stands_changes_nothing(stage):
    type_in(stage, stage.do({"do": "hello"})["controls"][0]["text"])
    assert stage.what_if == {} and not stage.state.past


# the goal ----------------------------------------------------------------------------------


def test_the_slider_in_hand_goes_to_what_the_wanted_result_takes(stage):
    """Leak 50: fifty customers of 20,000 euros at 70 per cent; half the leak is lost at 85 per cent."""
    frame = stage.do({"do": "goal", "text": "€ 150.000"})
    assert stage.what_if[TARGET] == pytest.approx(0.85, abs=1e-6)
    assert "85,0%" in frame["notice"] and "150.000" in frame["numbers"][1]["value"]
    assert stage.do({"do": "undo"}) and stage.what_if == {}


def test_a_goal_out_of_reach_says_how_far_one_gets_and_moves_nothing(stage):
    frame = stage.do({"do": "goal", "text": "9.000.000"})
    assert stage.what_if == {} and "450.000" in frame["notice"]
    assert stage.do({"do": "goal", "text": "veel"})["notice"].startswith("“veel”")


def test_the_goal_button_asks_for_the_wanted_result(stage):
    panel = stage.do({"do": "goal"})["panel"]
    assert panel["fields"][0]["name"] == "text" and stage.knobs[TARGET].label(stage.words) in panel["title"]


# one step ----------------------------------------------------------------------------------


def test_what_was_opened_or_said_stays_when_the_hand_comes_to_rest(stage):
    stage.do({"do": "set", "field": "doors.target_retention", "value": 0.9})
    opened = stage.do({"do": "goal"})["panel"]
    assert opened is not None and stage.do({"do": "rest"})["panel"] == opened
    said = stage.do({"do": "type", "field": "doors.target_retention", "text": "nonsense"})["notice"]
    assert said and stage.do({"do": "rest"})["notice"] == said


def test_a_drag_is_undone_at_once_and_redone(stage):
    for value in (0.81, 0.83, 0.9):
        stage.do({"do": "set", "field": TARGET, "value": value})
    frame = stage.do({"do": "rest"})
    assert frame["undo"] and not frame["redo"]
    assert stage.do({"do": "undo"})["redo"] and stage.what_if == {}
    stage.do({"do": "redo"})
    assert stage.what_if == {TARGET: 0.9}


def test_the_same_state_looks_the_same_however_it_was_reached(stage):
    stage.do({"do": "set", "field": TARGET, "value": 0.9})
    first = stage.do({"do": "rest"})
    stage.do({"do": "reset"})
    again = type_in(stage, "90%")
    assert first["moving"] == again["moving"] and first["numbers"] == again["numbers"]


def test_the_picture_that_stands_still_is_sent_once_and_to_every_new_view(stage):
    assert "still" in stage.do({"do": "hello"})
    assert "still" not in stage.do({"do": "set", "field": TARGET, "value": 0.9})
    assert "still" in stage.do({"do": "picture"})
    assert "still" in stage.do({"do": "hello"})


# what goes wrong ---------------------------------------------------------------------------


def test_what_fails_dims_the_old_picture_says_so_in_words_and_logs_why(stage, monkeypatch, caplog):
    before = stage.do({"do": "hello"})

    def fail(*_, **__):
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(stage, "_rerun", fail)
    with caplog.at_level(logging.ERROR):
        frame = stage.do({"do": "set", "field": TARGET, "value": 0.9})
    assert frame["dim"] and frame["notice"] == stage.words.text("live.went_wrong")
    assert frame["moving"] == before["moving"] and frame["controls"][0]["value"] == 0.9
    assert "a fault of ours" in caplog.text and "a fault of ours" not in json.dumps(frame)
    frame = stage.do({"do": "undo"})
    assert not frame["dim"] and frame["notice"] == ""


@pytest.mark.parametrize("message", [{"do": "steal"}, {"do": "set", "field": "x", "value": 1}, {"do": "set", "field": TARGET, "value": None}, {"do": "preset", "number": 99}])
def test_a_message_that_means_nothing_is_answered_in_words(stage, message):
    assert stage.do(message)["notice"] == stage.words.text("live.went_wrong")
    assert stage.what_if == {}


# scenarios ---------------------------------------------------------------------------------


def save(stage: Stage, name: str, text: str) -> dict:
    type_in(stage, text)
    return stage.do({"do": "save", "name": name, "who": "An", "why": "omdat"})


def test_a_scenario_is_kept_recalled_and_known_to_a_second_stage(stage):
    second = Stage(stage.client, "doors", "nl_BE")
    save(stage, "Tien meer", "90%")
    stage.do({"do": "reset"})
    assert stage.do({"do": "recall", "name": "Tien meer"})["controls"][0]["value"] == 0.9
    chips = second.do({"do": "rest"})["chips"]
    assert [chip["label"] for chip in chips] == [second.words.text("live.texts.base"), "Tien meer"]
    assert [chip["key"] for chip in chips] == ["0", "1"]


def test_a_scenario_without_a_name_is_asked_for_one(stage):
    assert stage.do({"do": "save"})["panel"]["fields"][0]["name"] == "name"
    frame = stage.do({"do": "save", "name": "  ", "who": "An", "why": ""})
    assert frame["notice"] == stage.words.text("live.notices.nameless") and frame["panel"]["fields"][1]["value"] == "An"
    assert stage.kept == ()


def test_a_scenario_is_renamed_decided_upon_marked_and_thrown_away(stage):
    save(stage, "Tien meer", "90%")
    stage.do({"do": "change", "old": "Tien meer", "name": "Elf meer", "decision": "doen", "decided_by": "de raad"})
    stage.do({"do": "to_report"})
    (one,) = stage.kept
    assert (one.name, one.decision, one.decided_by, one.in_report) == ("Elf meer", "doen", "de raad", True)
    stage.do({"do": "to_report"})
    assert not stage.kept[0].in_report
    stage.do({"do": "delete", "old": "Elf meer"})
    assert stage.kept == ()


def test_what_is_not_saved_cannot_go_to_the_report(stage):
    assert stage.do({"do": "to_report"})["notice"] == stage.words.text("live.notices.save_first")


def test_scenarios_stand_side_by_side_with_what_differs_the_outcome_and_the_difference(stage):
    assert stage.do({"do": "compare"})["notice"] == stage.words.text("live.notices.nothing_saved")
    for name, text in (("A", "75%"), ("B", "80,5%"), ("C", "90%"), ("D", "95%"), ("E", "100%")):
        save(stage, name, text)
    panel = stage.do({"do": "compare"})["panel"]
    assert panel["table"]["heads"][1:] == [stage.words.text("live.texts.base"), "B", "C", "D", "E"]
    assert len(panel["pictures"]) == 4 and all(len(row) == 6 for row in panel["table"]["rows"])
    assert panel["table"]["rows"][0][1:] == ["–", "80,5%", "90,0%", "95,0%", "100,0%"]


def test_a_scenario_that_the_client_no_longer_allows_says_so_and_moves_nothing(tmp_path):
    shutil.copytree(CLIENTS / "retention-250", tmp_path / "client")
    stage = Stage(load(tmp_path / "client"), "doors", "nl_BE")
    old = scenarios.Scenario("Oud", "doors", {"doors.start": 100})  # the counts do not add up any more
    scenarios.save(scenarios.session_file(stage.client.file), old)
    frame = stage.do({"do": "recall", "name": "Oud"})
    assert frame["notice"].startswith(stage.words.text("live.notices.no_longer", None, name="Oud"))
    assert stage.what_if == {} and not frame["dim"]
    stage.do({"do": "compare"})
    assert stage.panel is None


def test_a_session_file_that_cannot_be_read_is_said_in_words_and_the_stage_still_moves(stage):
    stage.client.folder.joinpath("client.session.toml").write_text("geen toml [", encoding="utf-8")
    frame = type_in(stage, "90%")
    assert "client.session.toml" in frame["notice"] and stage.what_if == {TARGET: 0.9} and not frame["dim"]
