"""What the chapter says: everything it can say has words, is said of some client, and is whole in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any, get_args, get_type_hints

import pytest
from conftest import ROOT
from pydantic import BaseModel
from test_doors_numbers import A3, of_counts
from test_worth_analyse import AMERITRADE, CASE, FIVE_YEARS, found

from toolkit import page, worth
from toolkit.client import load
from toolkit.page import MOST_WORDS_IN_TITLE, Page, words_for
from toolkit.ranges import Between, MoneyBetween
from toolkit.units import units_of
from toolkit.words import LOCALES, Words, field_names
from toolkit.worth import findings, offers, tables
from toolkit.worth.result import CustomerWorth
from toolkit.worth.section import Worth

PICTURES = {
    "moments": findings.moments_title,
    "retention_lever": findings.lever_title,
    "money_back": findings.money_back_title,
    "winning_and_keeping": findings.ratio_title,
    "retention_by_tenure": findings.tenure_title,
}
WIDE = MoneyBetween(low=20, high=2000)
CURVES = {"win": {"spend": 5, "rate": 0.04, "ceiling": 0.1}, "keep": {"spend": 20, "rate": 0.7, "ceiling": 0.85}}
DEAR = {"win": {"spend": 500, "rate": 0.04, "ceiling": 0.1}, "keep": {"spend": 20, "rate": 0.7, "ceiling": 0.85}}


def series(*total: int) -> dict[str, Any]:
    """Three years of sixty new customers and so many in all."""
    return {"margin": 100, "report": {"years": [2022, 2023, 2024][: len(total)], "new": [60] * len(total), "total": total}}


def contract(**more: Any) -> dict[str, Any]:
    return CASE | {"customers": 900, "contract": {"term": 12, "renewal_rate": 0.8, "later_churn": 0.02} | more}


def profile(*margins: float) -> dict[str, Any]:
    return CASE | {"margins_by_tenure": margins}


def programme(cost: float, **more: Any) -> dict[str, Any]:
    return CASE | {"customers": 100, "programme": cost} | more


@pytest.fixture(scope="module")
def results() -> list[CustomerWorth]:
    """Results of all kinds of clients, so that everything is said at least once."""
    lent = of_counts(A3, given={"turnover_per_customer": 1000}, gross_margin=0.4)
    recommended = CASE | {"recommendation": {"came_anyway": 0.5, "brought_per_year": 0.1, "followers": 0.2}}
    return [
        found(CASE),
        found({"margin": 0, "retention": 0.8}, cost_to_win=50),
        *(found(CASE, cost_to_win=cost) for cost in (150, 450, 5000, WIDE)),
        *(found({"margin": 100, "retention": kept}, cost_to_win=20) for kept in (0.3, 0.85, 0.97)),
        *(found({"margin": 100, "retention": kept}, discount=0.01) for kept in (0.2, 0.8, 0.94, 0.949)),
        found({"margin": 100, "retention": 0.9}, cost_to_win=430),
        found({"margin": 100, "retention": 0.93}, discount=0.01, cost_to_win=20),
        found({"margin": 100, "retention": 0.0}),
        found(CASE | {"margin_growth": 0.02, "horizon": 10}),
        found(CASE | {"horizon": 2}, cost_to_win=900),
        found(CASE, cost_to_win=MoneyBetween(low=800, high=1000), cost_to_keep=150),
        found(CASE | {"responses": CURVES}),
        found(CASE | {"responses": DEAR}),
        found(AMERITRADE, discount=0.12, cost_to_win=203.44),
        found(AMERITRADE | {"retention_per": "quarter"}, discount=0.12),
        found(AMERITRADE | {"period": "month"}, discount=0.12),
        found({"margin": 100, "report": FIVE_YEARS}, cost_to_win=150),
        found({"margin": 100, "report": {"years": [2022, 2023, 2024], "new": [60] * 3, "total": [60, 108, 148]}}),
        *(found(series(*total)) for total in ((60, 108), (250, 260, 268), (60, 120, 180), (60, 60, 60), (60, 117, 174))),
        found({"margin": 100, "cohorts": {"at_start": [100], "survivors": [[80, 80, 80]]}}),
        found({"margin": 100, "cohorts": {"at_start": [10, 1, 500], "survivors": [[0], [0, 0], [500]]}}),
        *(found(contract(**more)) for more in ({}, {"consumers": "BE"}, {"consumers": "NL"}, {"due": 300, "renewed": 210})),
        found(recommended, cost_to_win=120),
        *(found(profile(*margins)) for margins in ((60, 90), (90, 60), (60, 90, 60), (60, 60))),
        found(programme(500)),
        *(found(CASE, cost_to_keep=30, **cost) for cost in ({}, {"cost_to_win": 150}, {"cost_to_win": 255}, {"cost_to_win": 700})),
        found(CASE, cost_to_win=WIDE, cost_to_keep=30),
        found(CASE | {"customers": 50}, cost_to_win=50, cost_to_keep=150),
        found(CASE | {"customers": 50}, cost_to_win=150, cost_to_keep=30),
        found(CASE, cost_to_win=150, cost_to_keep=0),
        found(CASE, cost_to_keep=MoneyBetween(low=5, high=90)),
        *(found(CASE | {"period": span, "retention_per": "year"}, cost_to_win=20) for span in ("year", "quarter", "month")),
        *(found({"margin": 100, "retention": {"low": low, "high": 0.8}}, **cost) for low in (0.6, 0.7) for cost in ({}, {"cost_to_win": 20})),
        *(found({"margin": 100, "retention": kept}, **cost) for kept in (0.95, 0.99, 1.0) for cost in ({}, {"cost_to_win": 20})),
        found(profile(0, 0)),
        found({}, doors=replace(lent, window=365), gross_margin=0.4),
        found(programme(500), cost_to_win=900),
        found(programme(1e9)),
        found({}, doors=lent, gross_margin=0.4, cost_to_win=900),
        found({"margin": 0, "retention": 0.8}),
        found({}, doors=of_counts(A3 | {"lost": 240, "end": 70}, given={"turnover_per_customer": 9}), gross_margin=0.9),
        found({"retention": 0.3}, doors=lent, gross_margin=0.1),
        found({"margin": 100, "retention": 0.02}, discount=0.99, cost_to_win=1),
        found({"margin": 100, "retention": {"low": 0.799, "high": 0.801}}, discount=0.5, cost_to_win=150),
    ]  # fmt: skip


def said(result: CustomerWorth) -> dict[str, list[str]]:
    """The names that the chapter says about a result, by the group of words they stand in."""
    names = {
        "verdicts": [offers.verdict(result)],
        "findings": [*findings.worth_saying(result), *findings.besides(result)],
        "figures": offers.key_figures(result),
        "actions": offers.actions(result),
        "minds": [offers.change_of_mind(result)],
    }
    titles = {f"pictures.{name}.titles": [title(result)] for name, title in PICTURES.items()}
    return {group: [finding.name for finding in all_ if finding] for group, all_ in (names | titles).items()}


def test_everything_the_chapter_can_say_has_words_and_all_its_words_are_said(results):
    spoken: dict[str, set[str]] = {}
    for result in results:
        for group, names in said(result).items():
            spoken.setdefault(group, set()).update(names)
    for group, names in spoken.items():
        assert names == set(Words("nl_NL").entry(f"worth.{group}")), group


def sentences(result: CustomerWorth, words: Words) -> Iterator[tuple[str, str]]:
    """Everything that is said about a result, with its key."""
    for group, names in said(result).items():
        for name in names:
            parts = [f".{part}" for part in ("label", "text")] if group == "figures" else [""]
            for part in parts:
                yield f"{group}.{name}{part}", words.text(f"worth.{group}.{name}{part}", result)
    for name, title in PICTURES.items():
        if title(result):
            yield f"pictures.{name}.alt", words.text(f"worth.pictures.{name}.alt", result)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("currency", ["EUR", "USD"])
def test_every_sentence_is_whole_and_no_title_is_longer_than_fourteen_words(locale, currency, results):
    words = Words(locale, currency=currency)
    broken = re.compile(rf"[{{}}]|\b(None|nan|inf)\b|{words.text('common.unknown')}|{words.text('common.unbounded')}")
    for result in results:
        for key, sentence in sentences(result, words):
            assert not broken.search(sentence), (key, sentence)
            assert ".titles." not in key or len(sentence.split()) <= MOST_WORDS_IN_TITLE, (key, sentence)


@pytest.mark.parametrize("locale", LOCALES)
def test_titles_fit_whatever_the_amounts(locale):
    words = Words(locale, currency="USD")
    for scale in (0.01, 1, 1e3, 1e6, 1e9, 1e12):
        result = found({"margin": 123.4 * scale, "retention": 0.813}, cost_to_win=321.9 * scale, cost_to_keep=17.3 * scale)
        titles = [text for key, text in sentences(result, words) if ".titles." in key]
        assert len(titles) == 4
        assert max(len(title.split()) for title in titles) <= MOST_WORDS_IN_TITLE, titles


def test_nothing_is_said_twice_and_what_contradicts_is_not_said_together(results):
    for result in results:
        names = said(result)["findings"]
        assert len(names) == len(set(names))
        for group in (("lever_", "no_room"), ("back_", "never_"), ("winning_", "ceiling_only", "worth_nothing"), ("rises", "no_rise", "fit_", "constant_assumed")):
            assert len([name for name in names if name.startswith(group)]) <= 1, names


def test_the_first_sentence_says_what_a_customer_is_worth_and_the_order_is_that_of_importance(results):
    order = ["back", "within", "never", "written", "lever", "band", "own_ratio", "best", "rises", "no_rise", "constant_misses"]
    for result in results:
        names = said(result)["findings"]
        assert names[0].removesuffix("_kept") == offers.verdict(result).name
        places = [next(i for i, start in enumerate(order) if name.startswith(start)) for name in names if name.startswith(tuple(order))]
        assert places == sorted(places), names


# words and the code --------------------------------------------------------------------------------


def leaves(table: dict, path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        yield from leaves(value, f"{path}{key}.") if isinstance(value, dict) else [(path + key, value)]


ALL = dict(leaves(Words("nl_NL").entry("worth")))
PASSED = {"preset": {"value"}, "source": {"origin"}, "source_stated": {"origin"}, "own_ratio": {"win", "keep", "ratio"}, "constant": {"rate"}}


@pytest.mark.parametrize("locale", ["nl_NL", "en_GB"])
def test_every_variable_is_a_field_of_the_result_or_is_passed(locale):
    names = {field.name for field in fields(CustomerWorth)}
    names |= {name for name in vars(CustomerWorth) if isinstance(vars(CustomerWorth)[name], property)}
    for key, text in leaves(Words(locale).entry("worth")):
        if not key.startswith("refusals."):
            assert field_names(text) - names <= PASSED.get(key.rsplit(".", 1)[-1], set()), key


def rows_of(kind: type, path: str = "") -> set[str]:
    """The keys of everything with a unit in a result, down into its rows."""
    keys = {f"{path}{name}" for name in units_of(kind)}
    for name, hint in get_type_hints(kind).items():
        inner = next((part for part in get_args(hint) if is_dataclass(part)), None)
        if inner is not None and get_args(hint)[-1] is Ellipsis:
            keys |= {f"{path}{name}"} if inner.__name__ == "Swing" else rows_of(inner, f"{path}{name}.")
    return keys


def test_every_number_has_a_label_and_a_definition_and_no_others_are_defined():
    there = {key.removeprefix("numbers.").rsplit(".", 1)[0] for key in ALL if key.startswith("numbers.")}
    assert there == rows_of(CustomerWorth)
    assert {key for key in ALL if key.startswith("numbers.") and key.endswith(".label")} == {
        f"numbers.{name}.label" for name in there - {"swings"}
    }


def test_every_field_of_the_section_has_a_label_and_help_and_its_parts_a_label():
    def parts(model: type[BaseModel], path: str) -> Iterator[str]:
        for name, field in model.model_fields.items():
            yield f"{path}{name}"
            inner = next((a for a in (field.annotation, *get_args(field.annotation)) if is_model(a)), None)
            yield from parts(inner, f"{path}{name}.") if inner else ()

    def is_model(part: Any) -> bool:
        return isinstance(part, type) and issubclass(part, BaseModel) and not issubclass(part, Between)

    labelled = {key.removeprefix("fields.").removesuffix(".label") for key in ALL if key.startswith("fields.") and key.endswith(".label")}
    assert labelled == set(parts(Worth, ""))
    assert {key.split(".")[1] for key in ALL if key.startswith("fields.") and key.endswith(".help")} == set(Worth.model_fields)


def test_every_table_has_a_caption_and_its_columns():
    for name, columns in vars(tables).items():
        if name.isupper():
            entry = Words("nl_NL").entry(f"worth.tables.{name.lower()}")
            assert set(entry["columns"]) == {column.split(":")[0] for column in columns}, name
            assert entry["caption"].strip()
    named = {key.split(".")[1] for key in ALL if key.startswith("tables.")}
    assert named == {name.lower() for name in vars(tables) if name.isupper()} | {"numbers"}


# page 1 --------------------------------------------------------------------------------------------


def test_page_1_offers_no_advice_that_the_figures_do_not_carry(results):
    for result in results:
        names = said(result)["actions"]
        assert result.ceiling.value > 0 or names in ([], ["stop_losing"], ["stop_keeping"])
        assert ("stop_losing" in names) == (offers.verdict(result).name == "winning_loses")
        assert result.retention_per_year.value < offers.MOST_KEPT or "do_raise" not in names


def test_own_figures_stand_beside_the_claims_and_none_where_they_cannot_be_said():
    result = found(CASE, cost_to_win=900, cost_to_keep=180)
    own = offers.own_figures(result)
    assert own["five_times"][0] == own["eight_times"][0] == 5
    assert own["five_points"][0] == result.uplift_points
    assert offers.own_figures(found({"margin": 0, "retention": 0.8})) == dict.fromkeys(
        ("five_times", "five_to_nine_times", "eight_times")
    )


# the report ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ameritrade", "verwarming-claes", "widening"])
def test_at_most_three_pictures_stand_in_print(name, monkeypatch):
    client, shown = load(ROOT / "templates" / "clients" / name), []
    monkeypatch.setattr(page, "display", lambda data, raw: shown.append(data["text/html"]))
    result, ours = worth.results(client), Page(client, "worth", "nl_BE")
    third = findings.third_in_print(result)
    assert sum(title is not None for title in third.values()) == 1
    ours.draw(worth.moments, result, title=findings.moments_title(result))
    ours.draw(worth.retention_lever, result, title=findings.lever_title(result))
    for picture, title in zip((worth.retention_by_tenure, worth.winning_and_keeping, worth.money_back), third.values(), strict=True):
        ours.draw(picture, result, title=title)
    assert len(shown) == 3 and all(re.search(r"n = \d", html) for html in shown)


@pytest.mark.parametrize("name", ["ameritrade", "verwarming-claes", "widening"])
def test_every_euro_said_stands_in_the_results_with_unit_and_definition(name):
    """A sentence is filled from fields; a field with a unit is recorded."""
    from toolkit.record import numbers_of

    client = load(ROOT / "templates" / "clients" / name)
    result, words = worth.results(client), words_for(client, "en_GB")
    recorded = {number["name"]: number for number in numbers_of(result, "worth", words, "own")}
    for group, names in said(result).items():
        keys = {f"{group}.{name}{part}" for name in names for part in ("", ".label", ".text")}
        for text in (ALL[key] for key in keys & set(ALL)):
            for field in field_names(text) & set(units_of(CustomerWorth)):
                assert recorded[field]["definition"] and recorded[field]["value"] is not None, field
    assert not [number for number in recorded.values() if number.get("unit") == "money" and "currency" not in number and "input_unit" not in number]


def test_ameritrade_says_how_its_retention_is_read_and_what_the_other_reading_gives():
    """Gupta, Lehmann & Stuart (2004), in dollars of March 2002."""
    client = load(ROOT / "templates" / "clients" / "ameritrade")
    result, words = worth.results(client), words_for(client, "en_GB")
    assert client.client.period.to == date(2002, 3, 31)
    text = words.text("worth.findings.other_reading_quarter", result)
    assert "US$660" in text.replace("\u00a0", "") and "81%" in text
