"""The chapter *In the session*: what was tried, guessed and decided, from the session file, with no live session."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime

import pytest
from browser import ROOT, run_cli
from conftest import client_text, make_client, write_client

from toolkit import front, page, scenarios
from toolkit.client import load
from toolkit.finding import Refused
from toolkit.front import session
from toolkit.front.guesses import title_of
from toolkit.front.tried import InTheSession, Round, come_to
from toolkit.live.controls import Outcome
from toolkit.press.report import READING_ORDER, run_order
from toolkit.scenarios import Guess, Scenario, Session
from toolkit.units import COUNT, MONEY, SHARE, Estimate
from toolkit.words import LOCALES, Words

WIDENING = ROOT / "templates" / "clients" / "widening"
RETENTION = "doors.retention_per_year"
MONEY_KNOWN = "start = 250\nnew = 60\nlost = 50\nturnover_per_customer = 4000"
TRUE = Estimate(0.8, 0.75, 0.84, 250)


@pytest.fixture
def client(tmp_path):
    """The client of article A3, with what a customer spends."""
    return make_client(tmp_path, client_text(MONEY_KNOWN))


@pytest.fixture
def displayed(monkeypatch):
    """What a notebook would show: texts of HTML, and what is recorded."""
    shown = []
    monkeypatch.setattr(page, "display", lambda data, **_: shown.append(data))
    return shown


def kept(client, *scenarios_and_guesses) -> None:
    """Keep these in the client's session file."""
    file = scenarios.session_file(client.file)
    for one in scenarios_and_guesses:
        if isinstance(one, Scenario):
            scenarios.save(file, one)
        else:
            scenarios.add_guesses(file, one.about, [one])


def guessed(*values, truth=TRUE, unit=SHARE) -> Round:
    """A round in which these were guessed."""
    return Round(RETENTION, unit, tuple(Guess(RETENTION, f"P{n}", value) for n, value in enumerate(values)), truth)


TARGET = Scenario("Five more", "doors", {"doors.target_retention": "85%"}, "Ann", datetime(2025, 3, 12), "Why not", True)


# what it says --------------------------------------------------------------------------------


def test_a_scenario_comes_to_what_the_stage_would_show(client):
    (tried,) = come_to(client, Session((TARGET,))).tried
    assert (tried.unit, tried.then) == (MONEY, pytest.approx(150_000))
    assert tried.now.value == pytest.approx(200_000)
    assert tried.difference.value == pytest.approx(-50_000) and tried.difference.low < -50_000 < tried.difference.high
    (change,) = tried.changes
    assert (change.field, change.unit) == ("doors.target_retention", SHARE)
    assert (change.before, change.after) == (None, 0.85)  # an aim: today it does not hold


def test_a_scenario_that_is_not_for_the_report_stays_out(client):
    assert come_to(client, Session((replace(TARGET, in_report=False),))) == InTheSession()


def test_the_interval_of_a_difference_is_told_only_where_it_is_of_that_difference():
    less = Estimate(-100.0, -120.0, -80.0, 9)
    now, then = Outcome(MONEY, 300.0, 300.0), Outcome(MONEY, 300.0, 200.0, less)
    assert then.beside(now).gap == less
    assert then.beside(replace(now, now=310.0)).gap == pytest.approx(-110.0)


@pytest.mark.parametrize(
    ("values", "truth", "name"),
    [
        ((0.9, 0.95), TRUE, "too_high"),
        ((0.5, 0.6), TRUE, "too_low"),
        ((0.7, 0.8, 0.9), TRUE, "close"),
        ((0.9,), 0.8, "too_high"),
        ((0.9,), None, "unknown"),
    ],
)
def test_the_middle_guess_is_held_against_the_figure_and_its_interval(values, truth, name):
    assert title_of(guessed(*values, truth=truth)) == name


def test_names_that_were_guessed_are_counted_most_first():
    assert guessed("price", "speed", "price", "care").named == [("price", 2), ("care", 1), ("speed", 1)]


SESSIONS = {
    "decided": ((replace(TARGET, decision="We do it", decided_by="The board"), replace(TARGET, name="Two")), ()),
    "undecided": ((replace(TARGET, what_if={}),), (Guess(RETENTION, "Ann", 0.9),)),
    "only_guesses": ((), (Guess(RETENTION, "Ann", 0.9), Guess(RETENTION, "Bo", 0.7))),
}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", SESSIONS)
def test_what_is_said_is_whole_in_every_language(client, displayed, locale, name):
    kept(client, *SESSIONS[name][0], *SESSIONS[name][1])
    front.in_the_session(client, locale)
    html = " ".join(shown["text/html"] for shown in displayed if "text/html" in shown)
    counts = {"kept": 2, "decided": 1} if name == "decided" else {"kept": 1, "decided": 0, "people": 1}
    counts |= {"people": 2} if name == "only_guesses" else {}
    values = {name: (counts.get(name, 0), COUNT) for name in ("kept", "decided", "people")}
    assert Words(locale).text(f"session.findings.{name}", None, **values) in html.replace("&#39;", "'")
    assert not re.search(r"[{}]|\bNone\b|\bnan\b|niet bekend", re.sub("<svg.*?</svg>", "", html, flags=re.DOTALL))
    assert ("<figure" in html) == bool(SESSIONS[name][1])


def test_a_text_that_somebody_typed_is_shown_as_text(client, displayed):
    kept(client, replace(TARGET, name="<b>Vet</b>", why="</table><script>", decision="a & b"))
    front.in_the_session(client, "nl_BE")
    html = " ".join(shown.get("text/html", "") for shown in displayed)
    assert "&lt;b&gt;Vet" in html and "<script>" not in html and "a &amp; b" in html


def test_leading_drivers_that_were_guessed_are_named_as_people_call_them(displayed, tmp_path):
    source = ROOT / "templates" / "clients" / "mobi"
    for file in source.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    mobi = load(tmp_path)
    first = next(iter(mobi.survey.items))
    kept(mobi, Guess("drivers.first", "Ann", first), Guess("drivers.first", "Bo", first), Guess("drivers.first", "Cis", "price"))
    front.in_the_session(mobi, "en_GB")
    html = " ".join(shown.get("text/html", "") for shown in displayed)
    words = Words("en_GB")
    assert words.text("session.figures.drivers") in html and f"{words.quantity(2, COUNT)} named" in html


def test_every_sentence_and_title_has_its_words_and_every_word_its_use():
    nl = Words("nl_NL")
    rounds = [guessed(0.9), guessed(0.9, truth=None), guessed("price", truth="speed"), guessed("price", truth=None)]
    said = {session._kind(one) for one in rounds} | {"decided", "undecided", "only_guesses"}
    assert set(nl.entry("session.findings")) == said
    titles = {"too_high", "too_low", "close", "unknown"}
    assert set(nl.entry("session.pictures.guesses.titles")) == set(nl.entry("session.pictures.guesses.alt")) == titles
    assert set(nl.entry("session.numbers")) == {"now", "then", "difference", "middle", "truth"}


# in the report -------------------------------------------------------------------------------


def test_it_stands_after_the_chapters_and_before_the_annexes_and_only_where_there_is_something_to_say(client):
    order = READING_ORDER
    assert order.index("strategies") < order.index("session") < order.index("data")
    assert "session" not in run_order(client)
    kept(client, replace(TARGET, in_report=False))
    assert "session" not in run_order(client)
    kept(client, TARGET)
    assert "session" in run_order(client)


def test_a_report_made_in_batch_shows_the_chosen_scenarios_and_records_them_with_unit_and_definition(tmp_path):
    folder = write_client(tmp_path / "firm", client_text(MONEY_KNOWN)).parent
    kept(load(folder), replace(TARGET, what_if={"doors.target_retention": "90%"}), Guess(RETENTION, "Ann", 0.9))
    run = run_cli("report", folder, "--out", tmp_path / "out")
    assert run.returncode == 0, run.stderr
    html = (tmp_path / "out" / "firm" / "nl_BE" / "report.html").read_text("utf-8")
    assert "Five more" in html and Words("nl_BE").text("session.title") in html and "12 maart 2025" in html
    numbers = json.loads((tmp_path / "out" / "firm" / "nl_BE" / "results.json").read_text("utf-8"))["chapters"]["session"]["numbers"]
    by_name = {number["name"]: number for number in numbers}
    difference = by_name["scenarios[0].difference"]
    assert difference["value"] == pytest.approx(-100_000) and difference["unit"] == "money" and difference["currency"] == "EUR"
    assert difference["low"] < difference["value"] < difference["high"] and difference["definition"]
    assert by_name["guesses[0].middle"]["value"] == 0.9 and by_name["guesses[0].truth"]["value"] == 0.8
    again = run_cli("report", folder, "--out", tmp_path / "again")
    assert again.returncode == 0
    assert (tmp_path / "again" / "firm" / "nl_BE" / "report.html").read_text("utf-8") == html


@pytest.mark.parametrize("command", ["check", "report"])
def test_a_stored_scenario_that_the_client_no_longer_allows_is_refused_with_the_session_file_named(tmp_path, command):
    folder = write_client(tmp_path / "firm").parent
    kept(load(folder), Scenario("Gone", "worth", in_report=True), replace(TARGET, what_if={"doors.lost": 999}))
    run = run_cli(command, folder, *(["--out", tmp_path / "out"] if command == "report" else []))
    assert run.returncode == 2 and run.stderr.count("client.session.toml") == 2 and "Traceback" not in run.stderr
    assert not (tmp_path / "out").exists()


def test_the_shipped_example_shows_the_chapter():
    found = front.session_results(load(WIDENING))
    assert len(found.tried) == 3 and len(found.decided) == 2 and len(found.rounds) == 1


def test_a_session_file_that_cannot_be_read_is_refused(client):
    scenarios.session_file(client.file).write_text("[[scenario]]\nname = 3\n", "utf-8")
    with pytest.raises(Refused):
        front.session_results(client)
