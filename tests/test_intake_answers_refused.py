"""What a survey's file can have wrong: refused with column, value, label, count and the line to add; all at once."""

from __future__ import annotations

import pandas as pd
import pytest
from answers_files import columns, item, names, only, parquet, refusals, spss, workbook, write

from toolkit.intake.answers import read_answers
from toolkit.words import Words

FIVE = [1, 2, 3, 4, 5] * 20
SPEED = {"items": {"speed": "V1"}}
THREE = {"items": {"speed": "V1", "range": "V2", "website": "V3"}}


# sentinels ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [99, 98, 77, 88, 999, -99, -9, 17])
def test_a_value_three_scale_widths_away_is_refused(tmp_path, code):
    refusal = only(columns(tmp_path, V1=[*FIVE, code, code]), **SPEED)
    assert refusal.name in ("sentinel_far", "sentinel_past_end")
    assert (refusal.column, refusal.given, refusal.values["count"]) == ("V1", str(code), 2)
    assert refusal.values["line"] == f"missing = [{code}]"


@pytest.mark.parametrize(
    ("scale", "code"), [(FIVE, 9), (FIVE, 8), (list(range(11)) * 9, 11), (list(range(1, 8)) * 9, 9), (FIVE, -1)]
)
def test_a_code_just_past_the_end_of_a_scale_is_refused(tmp_path, scale, code):
    refusal = only(columns(tmp_path, V1=[*scale, code]), **SPEED)
    assert (refusal.name, refusal.given) == ("sentinel_past_end", str(code))


@pytest.mark.parametrize("code", [6, 0])
def test_a_code_one_past_where_the_other_questions_end_is_refused(tmp_path, code):
    refusal = only(columns(tmp_path, V1=FIVE, V2=FIVE, V3=[*FIVE[:-1], code]), **THREE)
    assert (refusal.name, refusal.column, refusal.given) == ("sentinel_past_end", "V3", str(code))


def test_several_codes_are_refused_in_one_line(tmp_path):
    found = refusals(columns(tmp_path, V1=[*FIVE, 98, 99], V2=[*FIVE, 99, 3]), items={"speed": "V1", "range": "V2"})
    assert {refusal.values["line"] for refusal in found} == {"missing = [98, 99]"}
    assert [(refusal.given, refusal.column, refusal.values["count"]) for refusal in found] == [
        ("98", "V1", 1),
        ("99", "V1, V2", 2),
    ]


def test_a_code_whose_label_says_that_it_is_no_answer_is_refused_with_its_label(tmp_path):
    labels = {"V1": {1: "zeer ontevreden", 5: "zeer tevreden", 6: "weet niet"}}
    path = spss(tmp_path, pd.DataFrame({"V1": [1.0, 5.0, 6.0]}), variable_value_labels=labels)
    refusal = only(path, **SPEED)
    assert (refusal.name, refusal.values["label"]) == ("sentinel_label", "weet niet")
    answers = read_answers(path, missing=[6], items={"speed": "V1"}, outcomes={})
    assert item(answers) == [1, 5]


def test_a_value_outside_the_labelled_or_stated_scale_is_refused(tmp_path):
    labels = {"V1": {1: "slecht", 5: "goed"}}
    path = spss(tmp_path, pd.DataFrame({"V1": [1.0, 5.0, 6.0]}), variable_value_labels=labels)
    assert only(path, **SPEED).name == "sentinel_outside"
    refusal = only(write(tmp_path, "V1\n3\n11"), items={"speed": {"column": "V1", "scale": [1, 10]}})
    assert (refusal.name, refusal.values["low"], refusal.values["high"]) == ("sentinel_outside", "1", "10")


def test_the_line_to_add_makes_the_file_readable(tmp_path):
    path = columns(tmp_path, V1=[*FIVE, 99], V2=[*FIVE, 9])
    items = {"speed": "V1", "range": "V2"}
    assert {refusal.values["line"] for refusal in refusals(path, items=items)} == {"missing = [9, 99]"}
    answers = read_answers(path, items=items, missing=[9, 99])
    assert answers.items.max().tolist() == [5, 5]


def test_a_question_with_codes_of_its_own_gets_the_new_one_beside_them(tmp_path):
    path = columns(tmp_path, V1=[*FIVE, 98, 99])
    refusal = only(path, items={"speed": {"column": "V1", "missing": [98]}})
    assert refusal.values["line"] == 'speed = { column = "V1", missing = [98, 99] }'


def test_a_code_that_is_an_answer_to_another_question_is_declared_for_its_own_question(tmp_path):
    path = columns(tmp_path, V1=[*FIVE, 9], V2=[*range(11), 9] * 8 + [9] * 5)
    options = {"items": {"speed": "V1"}, "outcomes": {"recommendation": "V2"}}
    assert only(path, **options).values["line"] == 'speed = { column = "V1", missing = [9] }'
    refusal = only(path, missing=[9], **options)
    assert (refusal.name, refusal.column) == ("missing_within_scale", "V2")
    assert refusal.values["line"] == 'recommendation = { column = "V2", missing = [] }'
    outcomes = {"recommendation": {"column": "V2", "missing": []}}
    assert read_answers(path, items=options["items"], outcomes=outcomes, missing=[9]).items["speed"].isna().sum() == 1


@pytest.mark.parametrize(
    "values",
    [
        [1] + [4, 5] * 50,
        [5] * 99 + [1],
        list(range(1, 11)) * 5,
        [8, 9, 10] * 30,
        [7, 5, 1, 10],
        [0] + [9, 10] * 40,
        [1, 2, 3, 4, 5, 9],
        [0, 50, 100] * 20,
        [1, 3, 5, 7, 9] * 9,
    ],
)
def test_rare_but_ordinary_answers_are_not_taken_for_codes(tmp_path, values):
    assert item(read_answers(columns(tmp_path, V1=values), **SPEED)) == values


def test_questions_on_scales_of_different_length_stand_side_by_side(tmp_path):
    path = columns(tmp_path, V1=FIVE, V2=FIVE, V3=list(range(1, 11)) * 10)
    answers = read_answers(path, **THREE)
    assert [answers.scales[name].high for name in ("speed", "range", "website")] == [5, 5, 10]


# scales ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        (["tevreden", "4"], "mixed_scales"),
        (["zeer tevreden", "helemaal mee eens"], "mixed_scales"),
        (["3/5", "7/10"], "mixed_scales"),
        (["tevreden", "Very satisfied"], "two_languages"),
        (["tevreden", "grappig"], "unreadable_answers"),
        (["=1+1", "<b>x</b>"], "unreadable_answers"),
    ],
)
def test_answers_that_do_not_go_together_are_refused(tmp_path, cells, name):
    refusal = only(columns(tmp_path, V1=cells, V2=[1] * len(cells)), **SPEED)
    assert (refusal.name, refusal.column) == (name, "V1")


def test_a_misspelt_answer_is_shown_with_the_nearest_one(tmp_path):
    refusal = only(columns(tmp_path, V1=["zeer tevreden", "ontevrden"]), **SPEED)
    assert (refusal.given, refusal.values["close"]) == ("ontevrden", "ontevreden")


@pytest.mark.parametrize("group", ["wave", "cluster"])
def test_a_wave_or_company_on_another_scale_is_refused(tmp_path, group):
    path = columns(tmp_path, V1=[1, 2, 3, 4, 5] * 8 + [6, 7, 8, 9, 10] * 8, g=["a"] * 40 + ["b"] * 40)
    refusal = only(path, **SPEED, **{group: "g"})
    assert (refusal.name, refusal.values["one"], refusal.values["other"]) == ("mixed_scales", "1–5", "1–10")


@pytest.mark.parametrize(
    "cells",
    [
        {"V1": list(range(1, 11)) * 10},
        {"V1": [1, 2, 3, 4, 5] * 10},
        {"V1": ["zeker aanbevelen", "zeker afraden"] * 5},
        {"Aanbevelen (1-10)": [7, 8, 9, 10]},
    ],
)
def test_a_recommendation_that_was_not_asked_from_nought_to_ten_is_refused(tmp_path, cells):
    (name,) = cells
    path = columns(tmp_path, **cells, V2=[1, 2] * (len(cells[name]) // 2))
    assert names(path, items={"speed": "V2"}, outcomes={"recommendation": name}) == ["not_zero_to_ten"]


def test_a_one_to_ten_question_is_refused_by_its_stated_scale_and_by_its_labels(tmp_path):
    outcomes = {"recommendation": {"column": "V1", "scale": [1, 10]}}
    path = columns(tmp_path, V1=[8, 9], V2=[1, 2])
    assert only(path, items={"speed": "V2"}, outcomes=outcomes).name == "not_zero_to_ten"
    labels = {"V1": {1: "zeer onwaarschijnlijk", 10: "zeer waarschijnlijk"}}
    path = spss(tmp_path, pd.DataFrame({"V1": [8.0, 9.0], "V2": [1.0, 2.0]}), variable_value_labels=labels)
    assert names(path, items={"speed": "V2"}, outcomes={"recommendation": "V1"}) == ["not_zero_to_ten"]


def test_a_recommendation_said_to_be_from_nought_to_ten_is_believed(tmp_path):
    path = columns(tmp_path, V1=list(range(1, 11)) * 10, V2=FIVE)
    outcomes = {"recommendation": {"column": "V1", "scale": [0, 10]}}
    assert read_answers(path, items={"speed": "V2"}, outcomes=outcomes).scales["recommendation"].low == 0


# columns and rows --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "name"),
    [("Snelhied", "column_misspelt"), ("v1", "column_misspelt"), ("Koffie", "question_missing"), (9, "column_beyond")],
)
def test_a_column_that_is_not_there_is_refused(tmp_path, column, name):
    path = write(tmp_path, "Snelheid;V1\n5;4")
    assert names(path, items={"speed": column}) == [name]


def test_a_column_that_occurs_twice_is_refused(tmp_path):
    assert names(write(tmp_path, "V1;V1\n5;4"), **SPEED) == ["column_twice"]


def test_an_outcome_that_is_also_an_item_is_refused(tmp_path):
    refusal = only(write(tmp_path, "V1;V2\n5;4\n4;4"), items={"speed": "V1"}, outcomes={"satisfaction": "V1"})
    assert (refusal.name, refusal.values["other"]) == ("question_twice", "items.speed")


def test_an_item_that_nobody_answered_is_refused(tmp_path):
    path = write(tmp_path, "V1;V2\n5;\n4;n.v.t.")
    refusal = only(path, items={"speed": "V1", "range": "V2"})
    assert (refusal.name, refusal.column, refusal.field) == ("nobody_answered", "V2", "survey.items.range")


def test_weights_below_nought_nought_and_missing_are_counted_apart(tmp_path):
    path = write(tmp_path, "V1;w\n5;1,2\n4;-1\n3;0\n2;\n1;veel")
    refusal = only(path, weights="w", **SPEED)
    assert refusal.name == "weights_not_positive"
    assert [refusal.values[key] for key in ("count", "negative", "zero", "missing")] == [4, 1, 1, 2]
    assert (refusal.row, refusal.values["first"]) == (3, "3: -1 · 4: 0 · 5: –")


def test_everything_is_refused_at_once(tmp_path):
    path = columns(tmp_path, V1=[*FIVE, 99], V2=["tevreden", "4"] * 50 + ["5"], w=[0] * 101)
    items = {"speed": "V1", "range": "V2", "website": "V9"}
    found = names(path, items=items, weights="w")
    assert sorted(found) == ["mixed_scales", "question_missing", "sentinel_far", "weights_not_positive"]


# files -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "answers_empty"),
        (b"V1;V2\n", "answers_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "answers_old_spreadsheet"),
        (b"PK\x03\x04" + b"junk" * 99, "answers_damaged"),
        (b"PAR1" + b"junk" * 99, "damaged_file"),
        (b"$FL2@(#) SPSS DATA FILE" + b"junk" * 99, "answers_damaged"),
        (b"\x1f\x8b" + b"junk" * 99, "answers_not_readable"),
        (b"V1;V2\n\x00\x01\x02;3\n", "answers_not_readable"),
        (b"V1;V2\n1;\x81\n", "wrong_encoding"),
        (b"V1;V2\n1;2;3\n", "uneven_rows"),
        (b'V1;V2\n1;"2\n', "broken_quotes"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path, content, name):
    path = tmp_path / "answers.csv"
    path.write_bytes(content)
    assert names(path, **SPEED) == [name]


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(tmp_path):
    refusal = only(workbook(tmp_path, [["V1"], [5]]), sheet="Data", **SPEED)
    assert (refusal.name, refusal.values["sheets"]) == ("sheet_missing", "Answers")


def test_a_file_without_any_question_on_a_scale_is_refused(tmp_path):
    assert names(write(tmp_path, "name;city\nJan;Gent\nPiet;Breda")) == ["no_questions_found"]
    assert names(parquet(tmp_path, pd.DataFrame({"amount": [1234.5, 88.1]}))) == ["no_questions_found"]


def test_every_row_left_open_is_refused(tmp_path):
    path = write(tmp_path, "V1;V2;id\n;;1\nn.v.t.;weet niet;2")
    assert names(path, items={"speed": "V1", "range": "V2"}) == ["nobody_answered", "nobody_answered"]


# in words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["nl_BE", "nl_NL", "en_GB"])
def test_a_sentinel_is_refused_in_a_sentence_that_names_column_value_label_count_and_line(tmp_path, locale):
    labels = {"V1": {1: "slecht", 5: "goed", 9: "weet niet"}}
    path = spss(tmp_path, pd.DataFrame({"V1": [1.0, 5.0, 9.0, 9.0]}), variable_value_labels=labels)
    said = Words(locale).refusal(only(path, **SPEED))
    assert all(part in said for part in ("answers.sav", "V1", "9", "weet niet", "2", "missing = [9]"))


@pytest.mark.parametrize("locale", ["nl_BE", "en_GB"])
def test_every_refusal_here_can_be_said(tmp_path, locale):
    path = columns(tmp_path, V1=[*FIVE, 99], V2=["tevreden", "4"] * 50 + ["5"], V3=[*FIVE, 9], w=[0] * 101)
    items = {"speed": "V1", "range": "V2", "website": "V9", "friendliness": "V3"}
    for refusal in refusals(path, items=items, weights="w", outcomes={"recommendation": "V3"}):
        assert "{" not in Words(locale).refusal(refusal).replace("{ column", "")
