"""The lines that refusals of a survey give, followed to the letter: what they say makes the file readable."""

from __future__ import annotations

import tomllib

import pytest
from answers_files import columns, item, only, refusals, write

from toolkit.intake.answers import read_answers
from toolkit.words import Words

FIVE = [1, 2, 3, 4, 5] * 20


def followed(options: dict, refusal) -> dict:
    """The options of a survey with the line of a refusal put where it says."""
    names = refusal.values["table"].split(".")[1:]
    options = {**options}
    at = options
    for name in names:
        at[name] = {**at[name]}
        at = at[name]
    at |= tomllib.loads(refusal.values["line"])
    return options


def test_several_codes_of_one_question_stand_in_one_line_with_all_that_was_said_of_it(tmp_path):
    path = columns(tmp_path, V1=[*FIVE, 6, 8, 10], R=[*range(11)] * 9 + [4] * 4)
    options = {
        "items": {"speed": {"column": "V1", "scale": [1, 5], "label": {"nl": "snel", "en": "quick"}}},
        "outcomes": {"recommendation": "R"},
    }
    found = refusals(path, **options)
    assert {refusal.values["table"] for refusal in found} == {"survey.items"}
    (line,) = {refusal.values["line"] for refusal in found}
    assert line == 'speed = { column = "V1", scale = [1, 5], label = { nl = "snel", en = "quick" }, missing = [6, 8, 10] }'
    assert item(read_answers(path, **followed(options, found[0]))) == [*FIVE, None, None, None]


def test_a_code_of_all_questions_belongs_under_survey(tmp_path):
    path = columns(tmp_path, V1=[*FIVE, 99])
    refusal = only(path, items={"speed": "V1"})
    assert (refusal.values["table"], refusal.values["line"]) == ("survey", "missing = [99]")
    assert item(read_answers(path, **followed({"items": {"speed": "V1"}}, refusal))) == FIVE


def test_a_line_for_one_question_keeps_the_codes_of_all_questions(tmp_path):
    path = columns(tmp_path, V1=[*FIVE, 9, 4], R=[*range(11)] * 9 + [9, 9, 99])
    options = {"items": {"speed": "V1"}, "outcomes": {"recommendation": "R"}, "missing": [9, 99]}
    refusal = only(path, **options)
    assert refusal.values["line"] == 'recommendation = { column = "R", missing = [99] }'
    assert read_answers(path, **followed(options, refusal)).outcomes["recommendation"].isna().sum() == 1


def test_a_column_by_its_number_stays_a_number_in_the_line(tmp_path):
    path = write(tmp_path, "\n".join(["V1;V2", *(f"{n};{n}" for n in FIVE), "7;7"]))
    for refusal in refusals(path, items={"a": {"column": 1, "scale": [1, 5]}, "b": {"column": 2, "scale": [1, 10]}}):
        assert refusal.values["line"] == "a = { column = 1, scale = [1, 5], missing = [7] }"


@pytest.mark.parametrize("locale", ["nl_BE", "en_GB"])
def test_a_refusal_says_in_which_table_its_line_belongs_and_shows_no_empty_label(tmp_path, locale):
    path = columns(tmp_path, V1=[*FIVE, 6], R=[*range(11)] * 9 + [4, 4])
    refusal = only(path, items={"speed": {"column": "V1", "scale": [1, 5]}}, outcomes={"recommendation": "R"})
    said = Words(locale).refusal(refusal)
    assert "[survey.items]" in said and refusal.values["line"] in said
    assert "–" not in said


# what tells who somebody is ---------------------------------------------------------------------


@pytest.mark.parametrize("field", ["cluster", "segments", "wave"])
@pytest.mark.parametrize("value", ["jan@peeters.be", "0475 12 34 56", "+32 475 12 34 56", "Mevr. Peeters"])
def test_groups_whose_names_tell_who_somebody_is_are_refused_with_their_first_row(tmp_path, field, value):
    path = columns(tmp_path, V1=FIVE, G=["Oost", value, *["West"] * 98])
    refusal = only(path, items={"speed": "V1"}, **{field: "G"})
    assert (refusal.name, refusal.row, refusal.column) == ("telling_groups", 3, "G")
    assert value not in Words("nl_BE").refusal(refusal)


@pytest.mark.parametrize("values", [["2023", "2024"], ["Firma Peeters", "Firma B"], ["100234", "100235"], ["2024-01-15", "Q2"]])
def test_years_companies_and_numbers_of_companies_are_groups(tmp_path, values):
    path = columns(tmp_path, V1=FIVE, G=values * 50)
    assert read_answers(path, items={"speed": "V1"}, cluster="G").clusters.nunique() == 2


def test_a_respondent_without_company_is_refused_by_the_row_of_the_file(tmp_path):
    path = write(tmp_path, "V1;firm\n5;a\n4;\n;\n3;b")
    refusal = only(path, items={"speed": "V1"}, cluster="firm")
    assert (refusal.name, refusal.file, refusal.row, refusal.values["count"]) == ("company_missing", "answers.csv", 3, 1)
