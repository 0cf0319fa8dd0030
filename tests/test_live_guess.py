"""Guess first: what the room thinks, strictly read, beside the figure, and kept for the report."""

from __future__ import annotations

import shutil

import pytest
from conftest import ROOT

from toolkit import scenarios
from toolkit.client import load
from toolkit.live import Guesses

CLIENTS = ROOT / "templates" / "clients"


def round_of(tmp_path, name: str, chapter: str, locale: str = "nl_BE") -> Guesses:
    shutil.copytree(CLIENTS / name, tmp_path / "client")
    return Guesses(load(tmp_path / "client"), chapter, locale)


def kept(guesses: Guesses) -> dict:
    found = scenarios.read(scenarios.session_file(guesses.client.file)).guesses
    return {one.who: (one.about, one.value) for one in found}


def test_guesses_of_retention_are_shown_with_their_middle_beside_the_measured_figure_and_kept(tmp_path):
    guesses = round_of(tmp_path, "leak-50", "doors")
    assert guesses.do({"do": "hello"}) == {"notice": ""}
    frame = guesses.do({"do": "show", "rows": [["An", "90%"], ["Bo", "85,5"], ["", "60%"], ["Cas", " "]]})
    assert "85%" in frame["svg"] or "86%" in frame["svg"]
    assert "70%" in frame["svg"] and frame["notice"] == guesses.words.text("live.guess.kept")
    somebody = guesses.words.text("live.guess.somebody", None, number="3")
    about = "doors.retention_per_year"
    assert kept(guesses) == {"An": (about, 0.9), "Bo": (about, 0.855), somebody: (about, 0.6)}


@pytest.mark.parametrize("given", ["85.5%", "veel", "120%", "-5%"])
def test_a_guess_that_cannot_be_is_named_and_nothing_is_shown_or_kept(tmp_path, given):
    guesses = round_of(tmp_path, "leak-50", "doors")
    frame = guesses.do({"do": "show", "rows": [["An", "90%"], ["Bo", given]]})
    assert given in frame["notice"] and "svg" not in frame and kept(guesses) == {}


def test_before_anybody_guessed_nothing_is_shown(tmp_path):
    guesses = round_of(tmp_path, "leak-50", "doors")
    assert guesses.do({"do": "show", "rows": [["An", ""]]}) == {"notice": guesses.words.text("live.guess.nobody")}


def test_the_leading_driver_is_chosen_from_the_list_and_the_votes_are_counted(tmp_path):
    guesses = round_of(tmp_path, "living", "drivers")
    first, second = guesses.scene["choices"][:2]
    frame = guesses.do({"do": "show", "rows": [["An", first], ["Bo", first], ["Cas", second]]})
    assert [(row["label"], row["count"]) for row in frame["rows"]] == [(first, "2"), (second, "1")]
    assert frame["truth"] and kept(guesses)["Cas"] == ("drivers.leader", second)


def test_what_fails_is_said_in_words(tmp_path):
    guesses = round_of(tmp_path, "leak-50", "doors")
    assert guesses.do({"do": "show", "rows": 5})["notice"] == guesses.words.text("live.guess.went_wrong")
