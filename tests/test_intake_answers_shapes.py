"""Exports as the survey programs write them: recognised by their shape, and said so."""

from __future__ import annotations

import pytest
from answers_files import item, names, reasons, write

from toolkit.intake.answers import read_answers

QUALTRICS = """
    StartDate,EndDate,Status,Progress,Finished,RecordedDate,ResponseId,DistributionChannel,Q1_1,Q1_2,Q2
    Start Date,End Date,Response Type,Progress,Finished,Recorded Date,Response ID,Distribution Channel,"Hoe tevreden bent u over:, - afspraken",Snelheid,Aanbevelen
    "{""ImportId"":""startDate""}","{""ImportId"":""endDate""}","{""ImportId"":""status""}","{""ImportId"":""progress""}","{""ImportId"":""finished""}","{""ImportId"":""recordedDate""}","{""ImportId"":""_recordId""}","{""ImportId"":""distributionChannel""}","{""ImportId"":""QID1_1""}","{""ImportId"":""QID1_2""}","{""ImportId"":""QID2""}"
    2024-01-02,2024-01-02,Survey Preview,100,True,2024-01-02,R_0,preview,Zeer tevreden,Tevreden,9
    2024-01-03,2024-01-03,IP Address,100,True,2024-01-03,R_1,anonymous,Zeer tevreden,Neutraal,10
    2024-01-03,2024-01-03,IP Address,40,False,2024-01-03,R_2,anonymous,Ontevreden,,
    2024-01-03,2024-01-03,IP Address,100,True,2024-01-03,R_3,anonymous,Tevreden,,
    2024-01-03,2024-01-03,IP Address,100,True,2024-01-03,R_3,anonymous,Tevreden,,
    """  # noqa: E501
Q = {"items": {"keeps_agreements": "Q1_1", "speed": "Q1_2"}, "outcomes": {"recommendation": "Q2"}}


def test_qualtrics_has_three_header_rows_and_previews(tmp_path):
    answers = read_answers(write(tmp_path, QUALTRICS), **Q)
    assert answers.read_as["shape"] == "qualtrics"
    assert item(answers, "keeps_agreements") == [5, 2, 4]
    assert (answers.rows.header, answers.rows.preview, answers.rows.duplicates, answers.rows.analysed) == (3, 1, 1, 3)


def test_in_qualtrics_those_who_finished_did_not_drop_out(tmp_path):
    answers = read_answers(write(tmp_path, QUALTRICS), **Q)
    assert reasons(answers) == [None, "dropped_out", "not_answered"]


def test_a_qualtrics_column_is_found_by_its_question(tmp_path):
    answers = read_answers(write(tmp_path, QUALTRICS), items={"speed": "Snelheid"})
    assert item(answers) == [3]


def test_qualtrics_in_numbers_marks_its_previews_with_a_number(tmp_path):
    text = """
        StartDate,Status,Finished,ResponseId,Q1
        Start Date,Response Type,Finished,Response ID,Snelheid
        2024-01-02,1,1,R_0,1
        2024-01-02,0,1,R_1,5
        2024-01-02,16,1,R_2,4
        """
    answers = read_answers(write(tmp_path, text), items={"speed": "Q1"})
    assert (answers.rows.header, answers.rows.preview) == (2, 1)
    assert item(answers) == [5, 4]


def test_surveymonkey_has_two_header_rows(tmp_path):
    text = """
        Respondent ID,Collector ID,Start Date,Email Address,Hoe tevreden bent u over,,Aanbevelen,Opmerking
        ,,,,Snelheid,Aanbod,Response,Open-Ended Response
        11,1,01/02/2024,,Zeer tevreden,Tevreden,9,Prima
        12,1,01/02/2024,,Neutraal,Ontevreden,3,
        """
    options = {"items": {"speed": "Snelheid", "range": "Hoe tevreden bent u over [Aanbod]"}}
    answers = read_answers(write(tmp_path, text), **options, outcomes={"recommendation": "Aanbevelen"})
    assert answers.read_as["shape"] == "surveymonkey"
    assert (item(answers), item(answers, "range")) == ([5, 3], [4, 2])
    assert (answers.rows.file, answers.rows.header) == (4, 2)


@pytest.mark.parametrize(
    "header",
    [
        '"id","submitdate","lastpage","startlanguage","seed","Q1[SQ1]","Q1[SQ2]","Q2"',
        '"Response ID","Date submitted","Last page","Start language","Seed","Q1[SQ1]","Q1[SQ2]","Q2"',
        '"id. Response ID","submitdate. Date submitted","lastpage. Last page","startlanguage. Start language",'
        '"seed. Seed","Q1[SQ1]. Snelheid","Q1[SQ2]. Aanbod","Q2. Aanbevelen"',
    ],
)
def test_limesurvey_is_read_in_codes_and_says_what_was_not_shown(tmp_path, header):
    text = header + '\n"1","2024-01-02","3","nl","1","AO05","AO04","9"\n"2","","1","nl","1","AO01","","N/A"'
    options = {"items": {"speed": "Q1[SQ1]", "range": "Q1[SQ2]"}, "outcomes": {"recommendation": "Q2"}}
    answers = read_answers(write(tmp_path, text), **options)
    assert answers.read_as["shape"] == "limesurvey"
    assert (item(answers), item(answers, "range")) == ([5, 1], [4, None])
    assert reasons(answers, "recommendation") == [None, "not_asked"]


@pytest.mark.parametrize("stamp", ["Tijdstempel", "Timestamp"])
def test_google_forms_begins_with_a_time_and_has_grids(tmp_path, stamp):
    text = f"""
        {stamp},Hoe tevreden? [Snelheid],Hoe tevreden? [Aanbod]
        2024/01/02 9:15:00 AM GMT+1,Zeer tevreden,Eerder tevreden
        2024/01/02 9:16:00 AM GMT+1,Neutraal,Weet ik niet
        """
    answers = read_answers(write(tmp_path, text), items={"speed": "Snelheid", "range": "Aanbod"})
    assert answers.read_as["shape"] == "google_forms"
    assert (item(answers), item(answers, "range")) == ([5, 3], [4, None])


def test_typeform_knows_who_did_not_finish(tmp_path):
    text = """
        #,Snelheid,Aanbod,Response Type,Start Date (UTC),Stage Date (UTC),Submit Date (UTC),Network ID,Tags
        a1,5,4,completed,2024-01-02,,2024-01-02,n1,
        a2,3,,partial,2024-01-02,,,n2,
        """
    answers = read_answers(write(tmp_path, text), items={"speed": "Snelheid", "range": "Aanbod"})
    assert answers.read_as["shape"] == "typeform"
    assert reasons(answers, "range") == [None, "dropped_out"]


def test_one_header_row_is_plain(tmp_path):
    assert read_answers(write(tmp_path, "V1;V2\n5;4"), items={"speed": "V1"}).read_as["shape"] == "plain"


def test_a_header_repeated_among_the_answers_is_refused_with_its_rows(tmp_path):
    text = "V1;V2\n5;4\nV1;V2\n3;2"
    assert names(write(tmp_path, text), items={"speed": "V1", "range": "V2"}) == ["header_inside"]


def test_a_second_row_of_headings_that_no_program_writes_is_refused(tmp_path):
    text = "V1;V2;V3\nHoe snel zijn wij?;Hoe ruim is het aanbod?;Uw naam?\n5;4;x\n3;2;y"
    assert names(write(tmp_path, text), items={"speed": "V1", "range": "V2"}) == ["second_heading"]


@pytest.mark.parametrize("quoted", ['"say ""hi"""', '"two\nlines"', '"a;b"'])
def test_open_answers_with_quotation_marks_and_line_ends_stay_one_cell(tmp_path, quoted):
    path = tmp_path / "answers.csv"
    path.write_text(f"V1;say\n5;{quoted}\n4;x\n", encoding="utf-8")
    answers = read_answers(path, items={"speed": "V1"}, quotations=["say"])
    assert (item(answers), len(answers.quotations)) == ([5, 4], 2)
