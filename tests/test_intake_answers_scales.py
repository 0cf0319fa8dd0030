"""What people write as an answer: every wording finds its place on its scale, in either language."""

from __future__ import annotations

import math
import tomllib

import pandas as pd
import pytest
from answers_files import columns, item, only, spss, write
from hypothesis import given
from hypothesis import strategies as some

from toolkit.intake import survey_scales as scales
from toolkit.intake.answers import REASONS, STANDARD_ITEMS, read_answers
from toolkit.intake.survey_quotes import redacted
from toolkit.intake.survey_scales import choose_scale, fold, number_of, reason_of
from toolkit.words import FOLDER

QUESTIONNAIRE = scales.FILE.parent
SPEED = {"items": {"speed": "V1"}}


def read(tmp_path, *cells, **more):
    path = write(tmp_path, "\n".join(["V1\tx", *(f"{cell}\t1" for cell in cells)]))
    answers = read_answers(path, **{**SPEED, **more})
    return item(answers), answers.scales["speed"]


@pytest.mark.parametrize(
    ("cells", "numbers", "name"),
    [
        (("zeer ontevreden", "Eerder ontevreden", "neutraal", "eerder tevreden", "ZEER TEVREDEN"), [1, 2, 3, 4, 5], "satisfaction_5"),
        (("very dissatisfied", "Satisfied", "neither satisfied nor dissatisfied"), [1, 4, 3], "satisfaction_5"),
        (("tevreden", "eerder tevreden", "zeer tevreden"), [6, 5, 7], "satisfaction_7"),
        (("zeer ontevreden", "ontevreden", "tevreden", "zeer tevreden"), [1, 2, 3, 4], "satisfaction_4"),
        (("helemaal mee eens", "eerder mee oneens"), [5, 2], "agreement_5"),
        (("Strongly agree", "Neither agree nor disagree"), [5, 3], "agreement_5"),
        (("zeker aanbevelen", "eerder afraden", "zeker afraden"), [5, 2, 1], "recommendation_5"),
        (("sterk verbonden", "helemaal niet verbonden"), [5, 1], "attachment_5"),
        (("volledig overtroffen", "precies waargemaakt"), [5, 3], "expectations_5"),
        (("ja", "nee"), [1, 0], "yes_no_2"),
        (("😀", "😐", "😡", "🙁", "🙂"), [5, 3, 1, 2, 4], "smileys_5"),
        (("🙂", "😐", "☹️"), [3, 2, 1], "smileys_3"),
        ((":-)", ":-|", ":-("), [3, 2, 1], "smileys_3"),
    ],
)  # fmt: skip
def test_answers_in_words_and_signs_become_numbers(tmp_path, cells, numbers, name):
    found, scale = read(tmp_path, *cells)
    assert (found, scale.name) == (numbers, name)


@pytest.mark.parametrize(
    ("cells", "numbers", "ends"),
    [
        (("★★★☆☆", "★★★★★", "★☆☆☆☆"), [3, 5, 1], (1, 5)),
        (("⭐⭐⭐", "⭐⭐⭐⭐⭐", "⭐"), [3, 5, 1], (1, 5)),
        (("3 sterren", "5 stars", "1 ster"), [3, 5, 1], (1, 5)),
        (("3/5", "5/5", "1 van de 5"), [3, 5, 1], (1, 5)),
        (("7,5", "8", "10"), [7.5, 8, 10], (1, 10)),
        (("6½", "7", "9.5"), [6.5, 7, 9.5], (1, 10)),
        (("1 - Zeer ontevreden", "2", "5 - Zeer tevreden"), [1, 2, 5], (1, 5)),
        (("Zeer tevreden (5)", "Zeer ontevreden (1)"), [5, 1], (1, 5)),
        (("8/10", "9/10", "10/10"), [8, 9, 10], (0, 10)),
    ],
)
def test_stars_marks_and_numbers_with_words_become_numbers(tmp_path, cells, numbers, ends):
    found, scale = read(tmp_path, *cells)
    assert (found, scale.low, scale.high) == (numbers, *ends)


def test_questions_of_one_family_are_read_on_one_scale(tmp_path):
    text = "V1;V2\nzeer tevreden;tevreden\neerder tevreden;tevreden\ntevreden;zeer tevreden"
    answers = read_answers(write(tmp_path, text), items={"speed": "V1", "range": "V2"})
    assert {scale.name for scale in answers.scales.values()} == {"satisfaction_7"}
    assert item(answers, "range") == [6, 6, 7]


def test_an_own_scale_is_given_by_its_answers_from_worst_to_best(tmp_path):
    own = {"speed": {"column": "V1", "scale": ["kon beter", "prima", "top!"]}}
    assert read(tmp_path, "Top", "kon beter", items=own)[0] == [3, 1]


def test_a_scale_may_be_named(tmp_path):
    assert read(tmp_path, "tevreden", "zeer tevreden", scale="satisfaction_7")[0] == [6, 7]
    assert read(tmp_path, "7", "8", scale="school_marks")[1].high == 10
    refusal = only(write(tmp_path, "V1\n5"), scale="satisfacton", **SPEED)
    assert (refusal.name, refusal.given) == ("scale_unheard_of", "satisfacton")


def test_a_reversed_question_is_turned_round_with_its_labels(tmp_path):
    turned = {"speed": {"column": "V1", "reversed": True}}
    found, scale = read(tmp_path, "1", "5", "2", items=turned)
    assert (found, scale.reversed) == ([5, 1, 4], True)
    found, scale = read(tmp_path, "helemaal mee eens", "eerder mee oneens", items=turned)
    assert (found, scale.labels[1]) == ([1, 4], "helemaal mee eens")


def test_labelled_numbers_that_run_from_good_to_bad_are_refused_until_the_client_says_how_it_is(tmp_path):
    path = write(tmp_path, "V1\n1 - zeer tevreden\n3\n5 - zeer ontevreden")
    refusal = only(path, **SPEED)
    assert refusal.name == "scale_runs_down"
    assert refusal.values["line"] == 'speed = { column = "V1", reversed = true }'
    assert item(read_answers(path, items={"speed": {"column": "V1", "reversed": True}})) == [5, 3, 1]
    assert item(read_answers(path, items={"speed": {"column": "V1", "reversed": False}})) == [1, 3, 5]


def test_the_labels_of_spss_give_the_scale_even_where_nobody_used_its_ends(tmp_path):
    labels = {"V1": {1: "zeer slecht", 7: "zeer goed"}}
    path = spss(tmp_path, pd.DataFrame({"V1": [3.0, 4.0]}), variable_value_labels=labels)
    scale = read_answers(path, **SPEED).scales["speed"]
    assert (scale.low, scale.high) == (1, 7)


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ([1, 2, 3, 4, 5] * 10, (1, 5)),
        ([2, 3, 4] * 2, (1, 5)),
        (list(range(1, 8)) * 10, (1, 7)),
        (list(range(0, 11)) * 10, (0, 10)),
        (list(range(3, 11)) * 10, (1, 10)),
        ([0, 1] * 20, (0, 1)),
        ([1, 2] * 20, (1, 2)),
        ([0, 25, 50, 75, 100] * 9, (0, 100)),
        ([-2, -1, 0, 1, 2] * 9, (-2, 2)),
    ],
)
def test_a_scale_is_told_from_its_numbers(tmp_path, values, ends):
    scale = read_answers(columns(tmp_path, V1=values), **SPEED).scales["speed"]
    assert (scale.low, scale.high) == ends


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("n.v.t.", "not_applicable"), ("NVT", "not_applicable"), ("N/A", "not_applicable"),
        ("Niet van toepassing", "not_applicable"), ("weet niet", "dont_know"), ("Weet ik niet.", "dont_know"),
        ("Don’t know", "dont_know"), ("geen mening", "dont_know"), ("weet niet / geen mening", "dont_know"),
        ("Not asked", "not_asked"), ("-", "not_answered"), ("geen antwoord", "not_answered"), ("NaN", "not_answered"),
        ("neutraal", None), ("0", None), ("goed", None),
    ],
)  # fmt: skip
def test_no_answer_says_why(text, reason):
    assert reason_of(text) == reason


# the wordings themselves --------------------------------------------------------------------------


def test_no_wording_stands_on_two_levels_of_one_scale():
    twice = []
    for scale in scales.verbal_scales().values():
        for language in scales.LANGUAGES:
            seen = [text for level in scale.levels for key in (language, "any") for text in level.get(key, ())]
            twice += [(scale.name, text) for text in set(seen) if seen.count(text) > 1]
    assert not twice


def test_a_scale_has_as_many_levels_as_its_name_says():
    assert not [s.name for s in scales.verbal_scales().values() if int(s.name.split("_")[-1]) != len(s.levels)]


def test_no_wording_is_both_an_answer_and_a_reason():
    assert not [text for text in scales.known_texts() if reason_of(text)]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_questionnaire_that_is_shipped_is_read_as_it_stands(language):
    sheet = tomllib.loads((QUESTIONNAIRE / f"{language}.toml").read_text("utf-8"))
    words = tomllib.loads((FOLDER / language / "answers.toml").read_text("utf-8"))["levels"]
    assert list(sheet["items"]) == list(STANDARD_ITEMS)
    for scale in sheet["scales"].values():
        found = choose_scale(scale["answers"])
        assert found is not None
        assert [found[0].level(fold(text)) for text in scale["answers"]] == [1, 2, 3, 4, 5]
        assert all(reason_of(text) for text in scale["no_answer"])
    shown = {tuple(scale["answers"]) for scale in sheet["scales"].values()}
    assert shown == {tuple(level.values()) for level in words.values()}
    text = (QUESTIONNAIRE / f"{language}.md").read_text("utf-8")
    asked = [part["question"] for table in (sheet["items"], sheet["outcomes"]) for part in table.values()]
    assert not [question for question in asked if question not in text]


@given(some.text(max_size=30))
def test_any_text_can_be_compared_and_read(text):
    found, chosen = number_of(text), choose_scale([text])
    assert found is None or math.isfinite(found[0])
    assert reason_of(text) in {None, *REASONS}
    assert chosen is None or chosen[0].level(fold(text)) is not None


# quotations -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mail jan.peeters@bakkerij.be", "mail […]"),
        ("bel +32 475 12 34 56 of 09/123.45.67", "bel […] of […]"),
        ("zie www.voorbeeld.be/klacht?id=7", "zie […]"),
        ("rekening BE68 5390 0754 7034", "rekening […]"),
        ("Mevrouw De Smet hielp goed", "Mevrouw […] hielp goed"),
        ("meneer van den Berg kwam laat", "meneer van den Berg kwam laat"),
        ("Kerkstraat 12, 9000 Gent", "[…], […]"),
        ("order 20241234 kwam laat", "order […] kwam laat"),
        ("Prima, groeten, Jan", "Prima, groeten, […]"),
        ("na 3 dagen en 2 mails nog niets", "na 3 dagen en 2 mails nog niets"),
    ],
)
def test_a_quotation_is_shown_without_what_tells_who_it_is(text, shown):
    assert redacted(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bel op 0475 - 12 - 34 - 56 graag", "Bel op […] graag"),
        ("Vraag het de heer J. De Backer van boekhouding", "Vraag het de heer […] van boekhouding"),
        ("Ik woon op de Groenplaats 8 bus 3 en wacht", "Ik woon op de […] en wacht"),
        ("Ik woon Meir 24 in de stad", "Ik woon […] in de stad"),
        ("Mail jan . peeters @ firma . be graag", "Mail […] graag"),
        ("Mail: jan punt peeters apenstaart firma punt be", "Mail: […]"),
        ("Na 3 weken niets. Op dit punt ben ik streng", "Na 3 weken niets. Op dit punt ben ik streng"),
    ],
)
def test_numbers_names_and_addresses_are_recognised_however_they_are_spaced(text, shown):
    assert redacted(text) == shown


def test_names_that_the_file_knows_are_taken_out_of_quotations(tmp_path):
    text = "Voornaam;V1;say\nAnnelies;5;Annelies was tevreden over Bart\nBart;4;Bart ook, zei annelies"
    answers = read_answers(write(tmp_path, text), items={"speed": "V1"}, quotations=["say"])
    assert list(answers.quotations["say"]) == ["[…] was tevreden over […]", "[…] ook, zei annelies"]
