"""What was tried and decided in a session: kept beside the client, safe against two programs and a crash."""

from __future__ import annotations

import multiprocessing
import os
from datetime import UTC, datetime

import pytest
from conftest import make_client, write_client
from hypothesis import given
from hypothesis import strategies as some

from toolkit import disk, scenarios, session
from toolkit.client import changed
from toolkit.finding import Refused
from toolkit.scenarios import Guess, Scenario, Session
from toolkit.words import LOCALES, Words

MORNING = datetime(2025, 3, 12, 10, 30)
FIVE_MORE = Scenario("Five more stay", "doors", {"doors.target_retention": "85%"}, "Ann", MORNING, "The board asked", True)


@pytest.fixture
def file(tmp_path):
    """Where the session file of a client in this folder stands."""
    return scenarios.session_file(write_client(tmp_path))


def refused(act, *arguments, **named) -> list[tuple[str, str]]:
    """What an act refuses: name and field of each."""
    with pytest.raises(Refused) as found:
        act(*arguments, **named)
    return [(refusal.name, refusal.field) for refusal in found.value.refusals]


# kept and found again ------------------------------------------------------------------------


def test_the_session_file_stands_beside_the_client_file_and_has_its_name(tmp_path):
    assert scenarios.session_file(tmp_path / "client.toml") == tmp_path / "client.session.toml"
    assert scenarios.session_file("acme.toml").name == "acme.session.toml"


def test_a_client_without_a_session_file_has_an_empty_session(file):
    assert scenarios.read(file) == Session((), ())


def test_what_was_kept_is_found_again_in_the_order_in_which_it_was_kept(file):
    other = Scenario("Nothing changes", "doors", when=datetime(2025, 3, 12, 11, tzinfo=UTC))
    scenarios.save(file, FIVE_MORE)
    scenarios.save(file, other)
    guesses = (Guess("doors.retention_per_year", "Ann", 0.9), Guess("drivers.first", "Bo", "keeps_agreements", MORNING))
    for guess in guesses:
        scenarios.add_guesses(file, guess.about, [guess])
    assert scenarios.read(file) == Session((FIVE_MORE, other), guesses)


def test_the_file_reads_as_a_person_would_write_it(file):
    scenarios.save(file, FIVE_MORE)
    assert file.read_text("utf-8") == (
        '[[scenario]]\nname = "Five more stay"\nchapter = "doors"\nwho = "Ann"\nwhen = 2025-03-12 10:30:00\n'
        'why = "The board asked"\nin_report = true\n\n[scenario.what_if]\n"doors.target_retention" = "85%"\n'
    )


LINES = some.text(some.characters(exclude_categories=("C", "Z")), min_size=1, max_size=40)
VALUES = some.one_of(some.integers(-10**9, 10**9), some.floats(0, 1e9), LINES, some.booleans())
KEPT = some.builds(
    Scenario,
    name=LINES,
    chapter=some.sampled_from(("doors", "worth")),
    what_if=some.dictionaries(some.sampled_from(("doors.start", "economics.discount", "strategies.win.budget")), VALUES),
    who=some.one_of(some.just(""), LINES),
    when=some.one_of(some.none(), some.datetimes()),
    in_report=some.booleans(),
    decision=LINES,
)


@given(kept=some.lists(KEPT, max_size=4, unique_by=lambda one: one.name.casefold()))
def test_any_session_is_read_back_as_it_was_kept(tmp_path_factory, kept):
    file = tmp_path_factory.mktemp("any") / "client.session.toml"
    for scenario in kept:
        scenarios.save(file, scenario)
    assert scenarios.read(file).scenarios == tuple(kept)


def test_a_scenario_saved_under_a_name_that_is_there_takes_its_place(file):
    for name in ("One", "Two", "Three"):
        scenarios.save(file, Scenario(name, "doors"))
    scenarios.save(file, Scenario("two", "worth"))
    assert [(one.name, one.chapter) for one in scenarios.read(file).scenarios] == [
        ("One", "doors"),
        ("two", "worth"),
        ("Three", "doors"),
    ]


def test_a_scenario_can_be_renamed_changed_and_deleted(file):
    scenarios.save(file, FIVE_MORE)
    scenarios.rename(file, "Five more stay", "The plan")
    scenarios.change(file, "The plan", decision="We do it", decided_by="The board", in_report=False)
    (found,) = scenarios.read(file).scenarios
    assert (found.name, found.decision, found.decided_by, found.in_report) == ("The plan", "We do it", "The board", False)
    assert found.what_if == FIVE_MORE.what_if
    scenarios.delete(file, "The plan")
    assert scenarios.read(file) == Session()


def test_a_later_guess_of_the_same_person_takes_the_place_of_the_earlier(file):
    about = "doors.retention_per_year"
    scenarios.add_guesses(file, about, [Guess(about, "Ann", 0.9), Guess(about, "Bo", 0.7)])
    scenarios.add_guesses(file, about, [Guess(about, "ann", 0.8)])
    assert [(guess.who, guess.value) for guess in scenarios.read(file).guesses] == [("Bo", 0.7), ("ann", 0.8)]


def test_only_the_scenarios_for_the_report_are_chosen():
    assert Session((FIVE_MORE, Scenario("Not this one", "doors"))).chosen == (FIVE_MORE,)


def test_what_a_person_wrote_by_hand_is_kept_in_meaning(file):
    file.write_text(
        "# written by hand\n[[scenario]]\nname = '  Twee\tregels '\nchapter = 'doors'\nwhen = 2025-03-12\n"
        "what_if.doors.target_retention = '85%'\nwhat_if.economics.discount = { low = 0.05, high = 0.1 }\n",
        "utf-8",
    )
    before = scenarios.read(file)
    scenarios.save(file, FIVE_MORE)
    after = scenarios.read(file)
    assert after.scenarios == (*before.scenarios, FIVE_MORE)
    assert after.scenarios[0].name == "Twee regels" and after.scenarios[0].when == datetime(2025, 3, 12)
    assert after.scenarios[0].what_if == {
        "doors.target_retention": "85%",
        "economics.discount": {"low": 0.05, "high": 0.1},
    }


def test_a_scenario_is_the_same_what_if_as_set_on_the_command_line(tmp_path):
    client = make_client(tmp_path)
    assert changed(client, FIVE_MORE.what_if).doors.target_retention == 0.85
    assert changed(client, FIVE_MORE.what_if).what_if == {"doors.target_retention": "85%"}


# refused -------------------------------------------------------------------------------------

WRONG = """
[[scenario]]
name = "Een"
chapter = "door"
whoo = "Ann"
when = "gisteren"
[[scenario]]
name = "EEN"
chapter = "doors"
what_if = 3
in_report = "misschien"
[[guess]]
about = "retention"
who = ""
value = true
"""


def test_everything_that_is_wrong_is_refused_at_once_and_the_file_is_left_as_it_was(file):
    file.write_text(WRONG, "utf-8")
    expected = {
        ("double_scenario", "scenario.2.name"),
        ("not_one_of", "scenario.1.chapter"),
        ("not_a_moment", "scenario.1.when"),
        ("misspelt_key", "scenario.1.whoo"),
        ("not_a_section", "scenario.2.what_if"),
        ("not_yes_or_no", "scenario.2.in_report"),
        ("unknown_figure", "guess.1.about"),
        ("empty_text", "guess.1.who"),
        ("not_a_guess", "guess.1.value"),
    }
    assert set(refused(scenarios.read, file)) == expected
    assert set(refused(scenarios.save, file, FIVE_MORE)) == expected
    assert file.read_text("utf-8") == WRONG


@pytest.mark.parametrize("locale", LOCALES)
def test_a_refusal_names_the_session_file_and_says_what_is_allowed(file, locale):
    file.write_text(WRONG, "utf-8")
    with pytest.raises(Refused) as found:
        scenarios.read(file)
    for refusal in found.value.refusals:
        said = Words(locale).refusal(refusal)
        assert said.startswith("client.session.toml, ") and "{" not in said and len(said) > 60


@pytest.mark.parametrize("content", ["[[scenario]\n", "scenario = 3", "[scenario]\nname = 'a'", "other = 1"])
def test_a_file_that_is_no_session_is_refused(file, content):
    file.write_text(content, "utf-8")
    assert refused(scenarios.read, file)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"name": ""}, "empty_text"),
        ({"name": " \n "}, "empty_text"),
        ({"name": "x" * 61}, "long_text"),
        ({"chapter": "data"}, "not_one_of"),
        ({"why": "x" * 401}, "long_text"),
    ],
)
def test_a_scenario_that_does_not_fit_is_not_kept(file, changes, name):
    scenarios.save(file, FIVE_MORE)
    assert [found for found, _ in refused(scenarios.change, file, FIVE_MORE.name, **changes)] == [name]
    assert scenarios.read(file) == Session((FIVE_MORE,))


def test_a_name_that_is_taken_or_unknown_is_refused(file):
    scenarios.save(file, FIVE_MORE)
    scenarios.save(file, Scenario("Other", "doors"))
    assert refused(scenarios.rename, file, "Other", "FIVE more stay") == [("double_scenario", "scenario.2.name")]
    assert refused(scenarios.delete, file, "Nobody") == [("no_such_scenario", "")]
    assert refused(scenarios.change, file, "Nobody", why="so") == [("no_such_scenario", "")]


def test_a_scenario_that_the_client_no_longer_allows_is_found(tmp_path, file):
    client = make_client(tmp_path)
    kept = Session(
        (FIVE_MORE, Scenario("Elsewhere", "worth"), Scenario("Too many", "doors", {"doors.lost": -3, "doors.nothing": 1}))
    )
    found = session.refused_by(client, kept, file.name)
    assert {(one.name, one.field) for one in found} == {
        ("chapter_not_here", "scenario.2.chapter"),
        ("out_of_bounds", "scenario.3.what_if.doors.lost"),
        ("unknown_key", "scenario.3.what_if.doors.nothing"),
    }
    assert {one.file for one in found} == {"client.session.toml"}


# two programs and a crash --------------------------------------------------------------------


def save_many(file, name):
    """Keep ten scenarios and a guess, one after the other, as a program of its own."""
    for place in range(10):
        scenarios.save(file, Scenario(f"{name} {place}", "doors"))
    scenarios.add_guesses(file, "drivers.first", [Guess("drivers.first", name, "price")])


def test_programs_that_save_at_once_lose_nothing(file):
    context = multiprocessing.get_context("spawn")
    programs = [context.Process(target=save_many, args=(file, name)) for name in "ABC"]
    for program in programs:
        program.start()
    for program in programs:
        program.join()
    found = scenarios.read(file)
    assert sorted(one.name for one in found.scenarios) == sorted(f"{name} {place}" for name in "ABC" for place in range(10))
    assert sorted(guess.who for guess in found.guesses) == ["A", "B", "C"]


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_a_crash_while_saving_leaves_the_old_file_whole(file, monkeypatch, fails):
    scenarios.save(file, FIVE_MORE)
    before = file.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, fails, full)
    assert refused(scenarios.save, file, Scenario("Next", "doors")) == [("session_not_kept", "")]
    assert file.read_bytes() == before
    assert sorted(os.listdir(file.parent)) == [".client.session.toml.lock", "client.session.toml", "client.toml"]


def test_a_file_that_another_program_holds_is_refused_in_words(file, monkeypatch):
    monkeypatch.setattr(scenarios, "PATIENCE", 0)
    with disk.locked(file.with_name(".client.session.toml.lock")):
        assert refused(scenarios.save, file, FIVE_MORE) == [("session_busy", "")]
    assert not file.exists()
