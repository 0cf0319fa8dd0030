"""What `[worth]` may say: every line of bad input is refused by name and field, in words, before anything is computed."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import COUNTS, WHO, write_client
from hypothesis import given
from hypothesis import strategies as some

from toolkit import worth
from toolkit.client import Client, load
from toolkit.finding import Refused
from toolkit.words import LOCALES, Words

FIELDS = "\n".join(f"{key} = {value}" for key, value in WHO.items())
GOOD = "margin = 100\nretention = 0.8"
REPORT = "margin = 100\n[worth.report]\nyears = [2022, 2023, 2024]\nnew = {new}\ntotal = {total}"


def text(section: str = GOOD, economics: str = "discount = 0.1\ncost_to_win = 50", more: str = "") -> str:
    """A client file with a `[worth]` section and nothing else but what `more` brings."""
    return f"[client]\n{FIELDS}\n\n{more}\n\n[economics]\n{economics}\n\n[worth]\n{section}\n"


def refused(folder: Path, content: str) -> list[tuple[str, str]]:
    """The names and fields of everything that is refused, in the file or in its figures; every refusal has words."""
    try:
        worth.results(load(write_client(folder, content)))
    except Refused as problem:
        for locale in LOCALES:
            assert all(Words(locale).refusal(refusal).strip() for refusal in problem.refusals)
        return [(refusal.name, refusal.field) for refusal in problem.refusals]
    return []


def client(folder: Path, content: str) -> Client:
    return load(write_client(folder, content))


def test_a_margin_a_retention_and_a_discount_are_enough(tmp_path):
    assert refused(tmp_path, text(economics="discount = 0.1")) == []


def test_a_client_may_have_this_chapter_alone_or_beside_the_two_doors(tmp_path):
    assert client(tmp_path / "a", text()).chapters == ("worth",)
    doors = f"[doors]\n{COUNTS}\nturnover_per_customer = 1000"
    both = text("", economics='discount = 0.1\ngross_margin = "40%"', more=doors)
    assert client(tmp_path / "b", both).chapters == ("doors", "worth")
    assert refused(tmp_path / "c", both) == []


@pytest.mark.parametrize(
    ("section", "economics", "expected"),
    [
        (GOOD, "", [("discount_missing", "economics.discount")]),
        ("retention = 0.8", "discount = 0.1", [("margin_missing", "worth.margin")]),
        ("margin = 5", "discount = 0.1", [("retention_missing", "worth.retention")]),
        ("", "", [("discount_missing", "economics.discount"), ("margin_missing", "worth.margin"),
                  ("retention_missing", "worth.retention")]),
        (GOOD + "\n[worth.recommendation]\ncame_anyway = 0.5", "discount = 0.1",
         [("cost_to_win_missing", "economics.cost_to_win")]),
        (GOOD + "\nprogramme = 5000", "discount = 0.1", [("customers_missing", "worth.customers")]),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_all_at_once_with_the_field_to_fill(tmp_path, section, economics, expected):
    assert refused(tmp_path, text(section, economics)) == expected


@pytest.mark.parametrize(
    ("section", "name", "field"),
    [
        ("margin = -5\nretention = 0.8", "margin_below_nothing", "worth.margin"),
        ("margin = { low = 90, high = 80 }\nretention = 0.8", "range_swapped", "worth.margin.low"),
        ('margin = "€ 5"\nretention = 0.8', "amount_with_currency", "worth.margin"),
        ("margin = 5\nretention = 85", "share_as_percentage", "worth.retention"),
        ("margin = 5\nretention = { low = 0.5, high = 1 }", "range_not_possible", "worth.retention.low"),
        (GOOD + "\nmargin_growth = 0.6", "out_of_bounds", "worth.margin_growth"),
        (GOOD + "\nmargin_growth = 0.4", "growth_diverges", "worth.margin_growth"),
        (GOOD + "\nhorizon = 0", "out_of_bounds", "worth.horizon"),
        (GOOD + "\nhorizon = 2.5", "not_a_count", "worth.horizon"),
        (GOOD + '\nperiod = "week"', "not_one_of", "worth.period"),
        (GOOD + "\nmargins_by_tenure = []", "empty_list", "worth.margins_by_tenure"),
        (GOOD + "\nmargn = 5", "misspelt_key", "worth.margn"),
        (REPORT.format(new="[10, 10]", total="[10, 15, 20]"), "series_of_unequal_length", "worth.report.new"),
        (REPORT.format(new="[10, 10, 10]", total="[10, 5, 20]"), "total_below_new", "worth.report.total"),
        (REPORT.format(new="[10, 10, 10]", total="[10, 25, 20]"), "total_above_possible", "worth.report.total"),
        (REPORT.format(new="[10, 10, 10]", total="[10, 15, 20]").replace("2023", "2022"), "period_missing",
         "worth.report.years"),
        (REPORT.format(new="[10, 10, 10]", total="[10, 15, 20]").replace("2024", "2025"), "period_missing",
         "worth.report.years"),
        (REPORT.format(new="[0, 0, 0]", total="[0, 0, 0]"), "series_says_nothing", "worth.report"),
        ('retention = 0.8\n' + REPORT.format(new="[10, 10, 10]", total="[10, 15, 20]"), "retention_given_twice",
         "worth.report"),
        ('period = "month"\n' + REPORT.format(new="[10, 10, 10]", total="[10, 15, 20]"), "report_in_years",
         "worth.period"),
        ("margin = 5\n[worth.cohorts]\nat_start = [100]\nsurvivors = [[90, 95]]", "survivors_rise",
         "worth.cohorts.survivors"),
        ("margin = 5\n[worth.cohorts]\nat_start = [100, 90]\nsurvivors = [[90, 80]]", "series_of_unequal_length",
         "worth.cohorts.survivors"),
        ("margin = 5\n[worth.cohorts]\nat_start = [0]\nsurvivors = [[0]]", "series_says_nothing", "worth.cohorts"),
        (GOOD + "\n[worth.responses]\nwin = { spend = 0, rate = 0.04, ceiling = 0.1 }\n"
         "keep = { spend = 20, rate = 0.7, ceiling = 0.85 }", "response_without_spend", "worth.responses.win.spend"),
        (GOOD + "\n[worth.responses]\nwin = { spend = 5, rate = 0.04, ceiling = 0.1 }\n"
         "keep = { spend = 20, rate = 0.7, ceiling = 0.6 }", "ceiling_below_rate", "worth.responses.keep.ceiling"),
        (GOOD + "\n[worth.contract]\nterm = 12\nrenewal_rate = 0.8\nmonths_left = 13", "left_beyond_term",
         "worth.contract.months_left"),
        (GOOD + "\n[worth.contract]\nterm = 12\nrenewal_rate = 0.8\ndue = 5", "due_and_renewed",
         "worth.contract.renewed"),
        (GOOD + "\n[worth.contract]\nterm = 12\nrenewal_rate = 0.8\ndue = 5\nrenewed = 6", "renewed_above_due",
         "worth.contract.renewed"),
        (GOOD + "\n[worth.contract]\nterm = 0\nrenewal_rate = 0.8", "out_of_bounds", "worth.contract.term"),
        (GOOD + "\n[worth.recommendation]\ncame_anyway = 0.5\nfollowers = 1", "chain_without_end",
         "worth.recommendation.followers"),
        (GOOD + "\n[worth.recommendation]\ncame_anyway = 0\nbrought_per_year = 1", "chain_without_end",
         "worth.recommendation.brought_per_year"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_by_name_and_field_of_the_client_file(tmp_path, section, name, field):
    assert refused(tmp_path, text(section)) == [(name, field)]


def test_a_base_that_never_leaves_and_money_that_keeps_its_worth_have_no_finite_value(tmp_path):
    found = refused(tmp_path, text("margin = 5\nretention = 1", economics="discount = 0"))
    assert found == [("value_unbounded", "worth.retention")]


def test_the_two_doors_cannot_lend_a_retention_while_nobody_could_leave(tmp_path):
    doors = "[doors]\nstart = 0\nnew = 5\nlost = 0"
    assert refused(tmp_path, text("margin = 5", more=doors)) == [("retention_missing", "worth.retention")]


@pytest.mark.parametrize(
    "section",
    [
        "margin = 0\nretention = 0.8",
        "margin = 5\nretention = 0",
        "margin = 5\nretention = 1",
        GOOD + "\ncustomers = 0",
        GOOD + "\nmargin_growth = 0.4\nhorizon = 30",
        REPORT.format(new="[10, 10, 10]", total="[10, 15, 20]"),
        REPORT.format(new="[10, 10, 10]", total="[10, 20, 30]"),
        REPORT.format(new="[10, 10, 10]", total="[10, 10, 10]"),
        REPORT.format(new="[10, 10, 10]", total="[250, 240, 235]"),
        "margin = 100\n[worth.report]\nyears = [2023, 2024]\nnew = [80, 80]\ntotal = [80, 140]",
    ],
)
@pytest.mark.parametrize("economics", ["discount = 0.1", "discount = 0.1\ncost_to_win = 0", "discount = 1\ncost_to_win = 9999"])
def test_what_can_be_is_a_finding_and_no_refusal(tmp_path, section, economics):
    assert refused(tmp_path, text(section, economics)) == []


@given(margin=some.integers(0, 10**6), kept=some.floats(0, 1), discount=some.floats(0.001, 1))
def test_whatever_money_and_shares_are_given_the_file_is_read_or_refused(tmp_path, margin, kept, discount):
    assert refused(tmp_path, text(f"margin = {margin}\nretention = {kept:.6f}", f"discount = {discount:.6f}")) == []


def test_the_form_of_new_lists_every_field_commented_out():
    from toolkit.form import client_file_text
    from toolkit.worth.section import Worth

    lines = client_file_text("Firm", "firm", "nl_BE").splitlines()
    assert "# [worth]" in lines
    for name in Worth.model_fields:
        assert any(line.startswith(f"# {name} = ") for line in lines), name
    assert any(line.startswith("# discount = ") for line in lines)
