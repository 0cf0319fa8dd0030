"""The example clients: real answers from a package, and article A5's study written as thirteen folders."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from click.testing import CliRunner
from conftest import ROOT
from survey_data import mobi

from toolkit import drivers
from toolkit.__main__ import main
from toolkit.client import load
from toolkit.examples.pxl import DRIVERS, SIZES, pxl_study
from toolkit.examples.pxl_clients import in_numbers, write_pxl_clients
from toolkit.finding import Refused

SHIPPED = ROOT / "templates" / "clients"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_pxl_clients("study", tmp_path_factory.mktemp("pxl"))


def test_thirteen_clients_are_written_twelve_firms_and_all_of_them_together(written):
    assert [path.parent.name for path in written] == [*(f"study-{letter}" for letter in "abcdefghijkl"), "study-pooled"]
    for path in written:
        client = load(path)
        assert client.client.origin == "generated" and "nl_BE" in client.client.locales
        assert client.chapters == ("drivers",)


def test_a_firm_s_answers_in_words_are_read_back_as_drawn(written):
    firm = pxl_study(5, company_effects=True).query("company == 'F'").reset_index(drop=True)
    read = drivers.answers_of(load(written[5]))
    pd.testing.assert_frame_equal(read.items, firm[list(DRIVERS)].astype(float), check_dtype=False)
    assert read.outcomes["attachment"].tolist() == firm["attachment"].tolist()
    assert read.outcomes["recommendation_verbal"].tolist() == firm["recommendation"].tolist()
    assert read.outcomes["recommendation"].tolist() == firm["score"].tolist()


def test_the_pooled_client_has_all_answers_and_shows_the_firms_as_letters(written):
    read = drivers.answers_of(load(written[-1]))
    assert read.rows.analysed == sum(SIZES)
    assert sorted(read.clusters.unique()) == list("ABCDEFGHIJKL")


def test_all_thirteen_shipped_examples_are_what_the_writer_writes(tmp_path):
    study = pxl_study(5, company_effects=True)
    assert (SHIPPED / "pxl-pooled" / "answers.csv").read_bytes().decode() == in_numbers(study)
    for path in write_pxl_clients("pxl", tmp_path):
        for name in ("client.toml", "answers.csv"):
            assert (SHIPPED / path.parent.name / name).read_bytes() == path.with_name(name).read_bytes(), path


def test_nothing_is_written_over(written):
    folder = written[0].parent.parent
    with pytest.raises(Refused) as refused:
        write_pxl_clients("study", folder)
    assert {problem.name for problem in refused.value.refusals} == {"exists_already"}
    assert len(refused.value.refusals) == 13


def test_new_with_an_example_names_what_it_made(tmp_path):
    run = CliRunner().invoke(main, ["new", "pxl", "--example", "pxl", "--folder", str(tmp_path)])
    assert run.exit_code == 0
    assert len(re.findall(r"pxl-\w+.client\.toml", run.output)) == 13


def test_drivers_without_a_survey_are_refused(tmp_path):
    text = (SHIPPED / "mobi" / "client.toml").read_text("utf-8")
    without = text[: text.index("[survey]")] + text[text.index("[drivers]") :]
    (tmp_path / "client.toml").write_text(without, encoding="utf-8")
    with pytest.raises(Refused, match="survey_missing"):
        load(tmp_path)


def test_real_customers_of_mobile_phones_have_the_published_importances():
    """mobi (250 respondents): CUSA1 on PERQ1–7, R² and LMG as a reference implementation prints them."""
    assert len(mobi()) == 250  # skips where the package is not installed
    result = drivers.results(load(SHIPPED / "mobi"))
    assert result.r2 == pytest.approx(0.446748555, abs=1e-8)
    lmg = {"quality": 0.1347627677, "network": 0.05085398517, "service": 0.04532605831, "services": 0.07533954884}
    lmg |= {"choice": 0.03528823, "reliability": 0.04393679147, "clarity": 0.06124117353}
    for row in result.drivers:
        assert row.r2 == pytest.approx(lmg[row.driver], abs=1e-8)
    assert result.score is None
    assert result.first_label == {"nl": "kwaliteit in het algemeen", "en": "overall quality"}
