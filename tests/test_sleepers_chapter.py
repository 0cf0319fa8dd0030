"""The chapter of the sleepers: its section, what it says, its words, its stage."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT
from test_intake_log import needs_cdnow
from test_sleepers_numbers import GROUPS, STATES, analysed

from toolkit import sleepers
from toolkit.client import load
from toolkit.finding import Refused
from toolkit.page import MOST_WORDS_IN_TITLE
from toolkit.picture import INK, Moving, svg
from toolkit.record import numbers_of
from toolkit.sleepers import findings, offers, pictures
from toolkit.sleepers.result import Asleep
from toolkit.words import LOCALES, Words

CALLING = {"contact_cost": 1, "chance_when_called": 0.25}
AWAKE = [(*row[:2], 0, *row[3:]) for row in GROUPS]
PAID = [(*row[:3], 400.0, row[4]) for row in GROUPS]
ONE_COHORT = [(date(2024, 1, 1), "", *row[2:]) for row in GROUPS]
RARE = [(*row[:6], min(row[6], 1), row[7]) for row in STATES]


def called(calls) -> Asleep:
    """A result in which no recency says stop, and of whose groups those that `calls` picks are worth a contact."""
    found = analysed(CALLING)
    groups = tuple(replace(group, call=calls(group)) for group in found.groups)
    return replace(found, stop_after=None, to_call=sum(g.customers for g in groups if g.call), groups=groups)


@cache
def results() -> dict[str, Asleep]:
    """Results of all kinds, one at least for everything that can be said."""
    return {
        "plain": analysed(),
        "given": analysed({"since": date(2024, 1, 1), "assumed": True}),
        "calling": analysed(CALLING),
        "in doubt": analysed({"contact_cost": 0.5, "chance_when_called": {"low": 0.07, "likely": 0.12, "high": 0.2}}),
        "useless": analysed({"contact_cost": 4, "chance_when_called": 0.05}),
        "pointless": analysed({"contact_cost": 0.1, "chance_when_called": 0.01}),
        "dear": analysed({"contact_cost": 30}),
        "far too dear": analysed({"contact_cost": 3000}),
        "priced": analysed({"contact_cost": 2}),
        "rarely": analysed({"contact_cost": 1}, states=RARE),
        "unseen": analysed({"contact_cost": 2}, states=[row for row in STATES if row[1] != 2]),
        "shut": analysed(groups=ONE_COHORT, last_won=date(2024, 2, 1)),
        "awake": analysed(groups=AWAKE, states=[row for row in STATES if not row[3]]),
        "paid": analysed(groups=PAID),
        "many": analysed(groups=[(*row[:4], row[4] * 50) for row in GROUPS]),
        "at once": analysed(given_={"cost_to_win": 20.0}),
        "never": analysed(given_={"cost_to_win": 900.0}),
        "no margin": analysed(given_={"gross_margin": 0.0}),
        "too young": analysed(ages=[]),
        "free": analysed(given_={"cost_to_win": 0.0}),
        "same for any w": replace(analysed(), factor_of_windows=1.0),
        "larger called": called(lambda group: group.larger),
        "recent called": called(lambda group: group.days_from < 90),
        "some called": called(lambda group: group.larger == (group.days_from >= 90)),
        "all called": called(lambda group: True),
        "hangs on w": replace(analysed(), factor_of_windows=2.0),
    }


def said(result: Asleep) -> dict[str, list[str]]:
    """The names that the chapter says about a result, by the group of words they stand in."""
    names = {
        "verdicts": [offers.verdict(result)],
        "findings": findings.worth_saying(result),
        "figures": offers.key_figures(result),
        "actions": offers.actions(result),
        "minds": [offers.change_of_mind(result)],
        "pictures.not_earned_back.titles": [findings.waterfall_title(result)],
        "pictures.back_by_month.titles": [findings.curve_title(result)],
    }
    return {group: [finding.name for finding in found if finding] for group, found in names.items()}


# what is said ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "name"),
    [
        ("plain", "written_off"),
        ("plain", "first_may_be_older"),
        ("plain", "back_after"),
        ("plain", "worst_channel"),
        ("given", "economics_assumed"),
        ("calling", "calling_pays"),
        ("useless", "calling_costs_money"),
        ("priced", "chance_needed"),
        ("far too dear", "no_chance_would_do"),
        ("far too dear", "contact_never_pays"),
        ("unseen", "recencies_unseen"),
        ("shut", "cohort_is_shut"),
        ("awake", "nobody_asleep"),
        ("paid", "nothing_written_off"),
        ("plain", "few_won"),
        ("at once", "back_at_once"),
        ("never", "never_back"),
        ("no margin", "brings_nothing"),
        ("too young", "too_young"),
        ("hangs on w", "window_matters"),
        ("larger called", "contact_pays_for_larger"),
        ("recent called", "contact_pays_for_recent"),
        ("some called", "contact_pays_for_some"),
        ("all called", "contact_always_pays"),
    ],
)
def test_what_the_figures_show_is_said(case, name):
    assert name in said(results()[case])["findings"]


def test_a_contact_with_everyone_is_not_recommended_above_a_table_with_a_no():
    for result in results().values():
        if any(group.call is False for group in result.groups):
            assert "contact_always_pays" not in said(result)["findings"]


def test_a_channel_is_stopped_by_name_only_where_it_clearly_loses_more():
    assert said(results()["plain"])["actions"] == ["stop_worst_channel"]
    even = replace(results()["plain"], channels=tuple(replace(part, written_off=float(part.won)) for part in results()["plain"].channels))
    assert said(replace(even, written_off=float(even.won)))["actions"] == []


def test_letters_on_amber_are_dark():
    drawing = svg(pictures.not_earned_back, Words("nl_BE"), results()["many"])
    fills = [re.search(r"fill: (#\w+)", tag)[1] for tag in re.findall(r"<text[^>]*>(?=slapend<)", drawing)]
    assert fills == [INK, INK]  # below the axis, and in the bar


def test_a_cohort_that_is_shut_is_not_blamed_on_a_late_log():
    assert "first_may_be_older" not in said(results()["shut"])["findings"]


def test_what_winning_costs_nothing_cannot_be_written_off_nor_paid_back():
    found = said(results()["free"])
    assert found["findings"][0] == "nothing_written_off"
    assert found["pictures.not_earned_back.titles"] == found["pictures.back_by_month.titles"] == []


def test_everything_the_chapter_can_say_has_words_and_all_its_words_are_said():
    spoken = {(group, name) for result in results().values() for group, names in said(result).items() for name in names}
    groups = {group for group, _ in spoken}
    there = {(group, name) for group in groups for name in Words("nl_NL").entry(f"sleepers.{group}")}
    assert (spoken - there, there - spoken) == (set(), set())


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("address", ["u", "je"])
def test_every_sentence_is_whole_and_no_title_is_longer_than_fourteen_words(locale, address):
    words = Words(locale, address=address)
    unknown, broken = words.text("common.unknown"), re.compile(r"[{}]|\b(None|nan|inf)\b")
    for case, result in results().items():
        for group, names in said(result).items():
            for name in names:
                entry = words.entry(f"sleepers.{group}.{name}")
                parts = [f".{part}" for part in entry] if group == "figures" else [""]
                for key in (f"sleepers.{group}.{name}{part}" for part in parts):
                    text = words.text(key, result)
                    assert unknown not in text and not broken.search(text), (case, key, text)
                    assert not key.startswith("sleepers.pictures") or len(text.split()) <= MOST_WORDS_IN_TITLE, text


def test_every_number_has_a_label_and_a_definition_and_nothing_else_has():
    for language in ("nl_NL", "en_GB"):
        words = Words(language)
        for result in results().values():
            assert numbers_of(result, "sleepers", words, "log")
    asked: set[str] = set()
    real = Words.entry

    def entry(self, key):
        asked.add(key)
        return real(self, key)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Words, "entry", entry)
        for result in results().values():
            numbers_of(result, "sleepers", Words("nl_NL"), "log")
    texts = tomllib.loads((ROOT / "templates/words/nl/sleepers.toml").read_text("utf-8"))["numbers"]

    def keys(table, path):
        for key, value in table.items():
            yield from keys(value, f"{path}.{key}") if isinstance(value, dict) else [f"{path}.{key}"]

    labels = {f"sleepers.numbers.swings.{part}" for part in ("label",)}  # shown by the table of all numbers only
    assert set(keys(texts, "sleepers.numbers")) - asked == labels


def test_no_sentence_has_a_digit_of_its_own_and_english_has_what_dutch_has():
    def leaves(table, path=""):
        for key, value in table.items():
            yield from leaves(value, f"{path}{key}.") if isinstance(value, dict) else [(path + key, value)]

    languages = {}
    for language in ("nl", "en"):
        found = dict(leaves(tomllib.loads((ROOT / f"templates/words/{language}/sleepers.toml").read_text("utf-8"))))
        assert not [key for key, text in found.items() if re.search(r"\d", re.sub(r"\{[^}]*\}", "", text))]
        languages[language] = {
            key: {(name, style) for _, name, style, _ in string.Formatter().parse(text) if name}
            for key, text in found.items()
        }
    assert languages["nl"] == languages["en"]


# pictures and stage ----------------------------------------------------------------------


@pytest.mark.parametrize("picture", [pictures.not_earned_back, pictures.back_by_month])
@pytest.mark.parametrize("case", ["plain", "calling", "shut", "paid", "never", "no margin"])
def test_a_picture_is_the_same_bytes_twice_and_moves_as_it_prints(picture, case):
    result, words = results()[case], Words("nl_BE")
    assert svg(picture, words, result) == svg(picture, words, result)
    moving = Moving(picture, words, result, results()["plain"])
    assert moving.svg(results()["plain"]) != moving.svg(results()["never"])
    assert moving.svg(result) == moving.svg(result)


def test_what_calling_should_bring_is_outlined_and_absent_where_it_brings_nothing():
    words = Words("en_GB")
    assert "expected" in svg(pictures.not_earned_back, words, results()["calling"])
    assert "expected" not in svg(pictures.not_earned_back, words, results()["useless"])


def test_the_stage_walks_every_control_to_its_ends():
    from toolkit.live.stage import Stage

    stage = Stage(load(ROOT / "templates/clients/living"), "sleepers", "nl_BE")
    assert len(stage.knobs) == 4
    for field, knob in stage.knobs.items():
        for value in (knob.low, knob.high):
            stage.do({"do": "set", "field": field, "value": value})
            assert stage.notice == "", (field, value)
    stage.do({"do": "reset"})
    assert stage.what_if == {}


# the section -----------------------------------------------------------------------------

BASE = """
[client]
name = "Firm"
locales = ["en_GB"]
currency = "EUR"
period = { from = 2024-01-01, to = 2024-12-31 }
report_date = 2025-01-31
"""
LOG = '[log]\nfile = "log.csv"\ncolumns = { customer = "c", date = "d", amount = "a" }\n'
DOORS = '[doors]\nevery = "quarter"\nwindow = 120\n'
MONEY = "[economics]\ngross_margin = 0.4\ncost_to_win = 50\n"
SLEEPERS = "[sleepers]\nasleep_after = 60\n"
NO_LOG, NO_WINDOW = ("sleepers_without_log", "sleepers"), ("sleepers_without_window", "doors.window")
NO_MARGIN = ("sleepers_without_margin", "economics.gross_margin")
NO_COST = ("sleepers_without_cost", "economics.cost_to_win")
SWAPPED = ("range_swapped", "sleepers.contact_cost.low")
COUNTED = "[doors]\nstart = 250\nnew = 60\nlost = 50\n"


def refused(folder: Path, text: str) -> list[tuple[str, str]]:
    (folder / "client.toml").write_text(BASE + text, encoding="utf-8")
    try:
        load(folder)
    except Refused as problem:
        words = Words("nl_BE")
        assert all(words.refusal(one) for one in problem.refusals)
        return [(one.name, one.field) for one in problem.refusals]
    return []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (LOG + DOORS + MONEY + SLEEPERS, []),
        (COUNTED + MONEY + SLEEPERS, [NO_LOG, NO_WINDOW]),
        (LOG + MONEY + SLEEPERS, [NO_WINDOW]),
        (LOG + DOORS + SLEEPERS, [NO_MARGIN, NO_COST]),
        (LOG + DOORS + "[economics]\ngross_margin = 0.4\n" + SLEEPERS + 'cost_by_channel = { fair = 9 }\n', []),
        (LOG + DOORS + MONEY + "[sleepers]\nasleep_after = 120\n", [("asleep_beyond_window", "sleepers.asleep_after")]),
        (LOG + DOORS + MONEY + SLEEPERS + "contact_every = 4\n", [("contact_every_unfit", "sleepers.contact_every")]),
        (LOG + DOORS + MONEY + SLEEPERS + "contact_every = 121\n", [("contact_every_unfit", "sleepers.contact_every")]),
        (LOG + DOORS + MONEY + SLEEPERS + "horizon = 0\n", [("out_of_bounds", "sleepers.horizon")]),
        (LOG + DOORS + MONEY + "[sleepers]\n", [("missing", "sleepers.asleep_after")]),
        (LOG + DOORS + MONEY + SLEEPERS + "contact_cost = { low = 3, high = 2 }\n", [SWAPPED]),
        (LOG + DOORS + MONEY + SLEEPERS + "asleep_for = 3\n", [("misspelt_key", "sleepers.asleep_for")]),
    ],
)  # fmt: skip
def test_a_section_that_cannot_be_is_refused_with_a_name_and_a_place(tmp_path, text, found):
    assert refused(tmp_path, text) == found


# real input ------------------------------------------------------------------------------


@needs_cdnow
def test_cdnow_says_that_it_is_one_cohort_and_that_its_economics_are_assumed():
    """GOLD §6: nobody is new after 1997-03-25."""
    found = sleepers.results(load(ROOT / "templates/clients/cdnow"))
    assert {"cohort_is_shut", "economics_assumed", "contact_pays_for_larger"} <= set(said(found)["findings"])
    assert (found.won, found.asleep, found.lost) == (23_570, 2_012, 18_189)
    assert found.awake + found.asleep == 5_381
    assert found.last_won == date(1997, 3, 25)


def test_the_generated_client_has_no_customer_in_its_result():
    found = sleepers.results(load(ROOT / "templates/clients/living"))
    assert not re.search(r"K\d{5}", repr(found))
    assert found.awake + found.asleep + found.lost == found.won == sum(part.won for part in found.cohorts)


def test_the_short_names_stay_importable_and_reading_them_brings_no_pictures():
    from toolkit.sleepers import value_by_recency

    assert value_by_recency([0.3], 10, 1, 0.1).shape == (2,)
    tree = ast.parse((ROOT / "toolkit/sleepers/section.py").read_text("utf-8"))
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {name for name in names if name and name.startswith(("numpy", "pandas", "matplotlib"))}
