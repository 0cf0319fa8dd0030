"""Answers joined to purchases: who counts, what is hidden, and the planner's table."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as some

from toolkit.drivers.linked import LINKED, OTHERS, by_answer, cells_of_linked, join, retained
from toolkit.drivers.planner import answers_for_precision
from toolkit.drivers.plans import planned
from toolkit.drivers.privacy import FEWEST, hidden
from toolkit.drivers.rows import Feeling
from toolkit.drivers.upstream import Known
from toolkit.examples import living_answers
from toolkit.intake.keyed import read_keyed, year_of
from toolkit.intake.log import Log
from toolkit.units import Estimate


def reading(answers: list[float]) -> SimpleNamespace:
    """A leading outcome on 1–5: the top is 5, the bottom 1 and 2."""
    values = np.array(answers, float)

    def box(holds):
        return lambda _: np.where(np.isnan(values), np.nan, holds * 1.0)

    return SimpleNamespace(leading="x", outcome=values, top=box(values >= 5), bottom=box(values <= 2))


def rows(*told: tuple[int, bool, bool, float]) -> pd.DataFrame:
    """Customer (-1: in no log), there, kept, turnover."""
    frame = pd.DataFrame(told, columns=["customer", "there", "kept", "turnover"])
    return frame.assign(known=frame["customer"] >= 0)


def joined(answers, *told, key=None):
    return join(reading(answers), rows(*told), np.ones(len(answers), bool) if key is None else np.array(key))


def test_the_account_tells_every_respondent_once():
    found = joined(
        [5, 5, 5, 1, 5, 4, 4, float("nan")],
        (0, True, True, 10.0), (0, True, True, 10.0),  # one customer, twice the same answer
        (1, True, False, 5.0), (1, True, False, 5.0),  # one customer, answers apart
        (-1, False, False, 0.0), (-1, False, False, 0.0),  # a key in no log, no key at all
        (2, False, False, 0.0), (3, True, True, 1.0),  # no customer then, no answer
        key=[True, True, True, True, True, False, True, True],
    )  # fmt: skip
    account = {row.name: row.rows for row in found.account}
    assert account == {
        "respondents": 8, "without_key": 1, "unmatched": 1, "not_there": 1, "no_outcome": 1,
        "same_customer": 2, "disagree": 1, "linked": 1,
    }  # fmt: skip
    assert found.boxes["top"].sum() == 1 and found.boxes["bottom"].sum() == 0


def many(top=(30, 10), middle=(20, 20), bottom=(10, 15)):
    """So many kept and lost at the top, in the middle, at the bottom; a euro each, twenty-one at the top."""
    told, answers = [], []
    for answer, (kept, lost) in zip((5, 3, 1), (top, middle, bottom), strict=True):
        for number in range(kept + lost):
            answers.append(answer)
            told.append((len(told), True, number < kept, 20.0 if answer == 5 else 1.0))
    return joined(answers, *told)


def shown(found):
    cells, wholes = cells_of_linked(found)
    return hidden(cells, wholes)


def test_retention_and_margin_by_answer_by_hand():
    found = many()
    secret = shown(found)
    top, middle, bottom = by_answer(found, Known(0.4, np.full(3, 0.4)), 0.95, secret)
    assert (top.n, top.retention.value, top.turnover.value, top.margin.value) == (40, 0.75, 20.0, 8.0)
    assert (middle.n, middle.retention.value, bottom.n, bottom.retention.value) == (40, 0.5, 25, 0.4)
    kept = retained(found, 0.95, secret)
    assert kept["retention_others"].value == pytest.approx(30 / 65)
    assert kept["retention_gap"].value == pytest.approx(0.75 - 30 / 65)
    assert kept["retention_gap"].low > 0


def test_a_few_leavers_at_the_bottom_are_shown_nowhere():
    secret = shown(many(bottom=(10, 3)))
    assert (LINKED, "bottom") in secret and (LINKED, "middle") in secret
    assert (LINKED, "top") not in secret and (LINKED, OTHERS) not in secret


def test_a_few_leavers_at_the_top_leave_no_link_at_all():
    found = many(top=(30, 2))
    assert retained(found, 0.95, shown(found))["measured"] is None


@settings(deadline=None, max_examples=60)
@given(some.lists(some.tuples(some.integers(0, 12), some.integers(0, 12)), min_size=3, max_size=3))
def test_no_few_customers_can_be_read_from_the_rows_nor_by_taking_one_from_another(counts):
    found = many(*counts)
    if not found.boxes["top"].any() and not found.group(OTHERS).any():
        return
    secret = shown(found)
    known = {}
    for row in by_answer(found, None, 0.95, secret):
        if row.n is not None:
            known[row.box] = np.array([row.n * row.retention.value, row.n * (1 - row.retention.value)])
    both = retained(found, 0.95, secret)
    if both["measured"]:
        known[OTHERS] = np.array([both["measured"][1].kept, both["measured"][1].of - both["measured"][1].kept])
    for box in ("middle", "bottom"):
        if OTHERS in known and box in known:
            known[f"all but {box}"] = known[OTHERS] - known[box]
    for name, cell in known.items():
        assert all(abs(part) < 1e-6 or part > FEWEST - 1e-6 for part in cell), (name, cell)


# The log ------------------------------------------------------------------------------------------

DAY = date(2023, 12, 31)


def a_log(tmp_path, lines: list[str]) -> Log:
    (tmp_path / "log.csv").write_text("\n".join(["who,day,amount", *lines, ""]), encoding="utf-8")
    return Log(file="log.csv", columns={"customer": "who", "date": "day", "amount": "amount"}, duplicates="keep")


def test_each_key_is_told_by_the_definitions_of_the_two_doors(tmp_path):
    log = a_log(tmp_path, [
        "old,2022-01-01,1", "a,2023-12-01,10", "a,2024-12-01,20", "b,2023-12-31,5", "c,2023-05-01,5",
        "c,2024-12-20,7", "a,2024-06-01,-3", "d,2024-12-30,9",
    ])  # fmt: skip
    how = {"window": 100, "last": date(2024, 12, 31), "until": date(2024, 12, 31), "answered_on": DAY}
    found = read_keyed(log, tmp_path, ["a", " b ", None, "c", "nobody", "a", "d"], **how)
    assert (found.first, found.last) == (date(2024, 1, 1), date(2024, 12, 31))
    told = found.rows
    assert told["known"].tolist() == [True, True, False, True, False, True, True]
    assert told["there"].tolist() == [True, True, False, False, False, True, False]
    assert told["kept"].tolist() == [True, False, False, False, False, True, False]
    assert told["turnover"].tolist() == [17.0, 0.0, 0.0, 7.0, 0.0, 17.0, 9.0]
    assert told["customer"].tolist()[0] == told["customer"].tolist()[5] != told["customer"].tolist()[1]


@pytest.mark.parametrize("answered_on", [date(2024, 6, 1), date(2022, 2, 1)])
def test_a_year_that_the_log_does_not_hold_is_not_counted(tmp_path, answered_on):
    log = a_log(tmp_path, ["a,2022-01-01,1", "a,2024-12-01,20"])
    how = {"window": 100, "last": date(2024, 12, 31), "until": date(2024, 12, 31), "answered_on": answered_on}
    assert read_keyed(log, tmp_path, ["a"], **how) is None


def test_a_leap_day_has_a_year_after_it():
    assert year_of(date(2024, 12, 31), date(2024, 2, 28)) == (date(2024, 2, 29), date(2025, 2, 27))


@settings(deadline=None, max_examples=15)
@given(some.lists(some.tuples(some.sampled_from("abcdef"), some.integers(0, 1000), some.integers(-3, 9)), min_size=1, max_size=40))
def test_the_database_and_plain_python_agree(tmp_path_factory, bought):
    """The definitions of the module, counted once more without a database."""
    folder, start = tmp_path_factory.mktemp("log"), date(2022, 1, 1)
    days = [(who, start + timedelta(days=day), amount) for who, day, amount in bought]
    log = a_log(folder, ["old,2022-01-01,1", *(f"{who},{day},{amount}" for who, day, amount in days)])
    how = {"window": 180, "last": date(2024, 9, 30), "until": date(2024, 12, 31), "answered_on": date(2023, 6, 30)}
    told = read_keyed(log, folder, list("abcdefg"), **how).rows
    evening, end = date(2023, 6, 30), date(2024, 6, 30)

    def active(who, at):
        return any(w == who and amount >= 0 and at - timedelta(days=180) < day <= at for w, day, amount in days)

    for place, who in enumerate("abcdefg"):
        row = told.iloc[place]
        assert row["known"] == any(w == who for w, *_ in days)
        assert row["there"] == active(who, evening)
        assert row["kept"] == (active(who, evening) and active(who, end))
        assert row["turnover"] == sum(amount for w, day, amount in days if w == who and evening < day <= end)


def test_the_shipped_answers_are_what_the_generator_draws():
    shipped = (ROOT / "templates" / "clients" / "living" / "antwoorden.csv").read_bytes().decode()
    assert shipped == living_answers()


# The planner --------------------------------------------------------------------------------------


def felt(score: bool = True) -> Feeling:
    share = [Estimate(value, value - 0.05, value + 0.05, 300) for value in (0.2, 0.4)]
    return Feeling("recommendation", {}, 300, 6, 9, share[0], 0.4, share[1], Estimate(0.2, 0.1, 0.3, 300) if score else None)


def asked(weights=None, clusters=None):
    return SimpleNamespace(n=300, weights=weights, clusters=clusters)


def test_the_plan_is_the_formula_at_every_precision():
    """n ≈ 1.96² × variance / width², less the few that the adjusted interval adds; variance .4 + .2 − .2² = .56."""
    found = planned(felt(), asked(), 0.25)
    for row in found:
        plain = 1.959964**2 * 0.56 / row.width**2
        assert row.answers == pytest.approx(plain, rel=0.03, abs=4)
        assert row.invitations == 4 * row.answers
        assert row.reachable is None  # nobody said how many customers there are
    assert [row.width for row in found] == [0.02, 0.03, 0.05, 0.1]


def test_weights_ask_for_more_answers_and_a_small_firm_for_fewer():
    weights = np.array([0.5, 1.5] * 150)  # Kish: 300 answers are worth 240
    plain, heavy, small = (planned(felt(), how, None, firm)[2].answers for how, firm in
                           ((asked(), None), (asked(weights), None), (asked(), 1000)))  # fmt: skip
    assert heavy == pytest.approx(1.25 * plain, rel=0.01)
    assert small == pytest.approx(plain / (1 + plain / 1000), rel=0.02)
    assert small == answers_for_precision(0.05, promoters=0.4, detractors=0.2, population=1000).answers


def test_more_invitations_than_customers_is_said():
    wide, narrow = planned(felt(), asked(), 0.25, 500, (0.1, 0.02))
    assert not narrow.reachable and narrow.answers <= 500
    assert wide.reachable is (wide.invitations <= 500)


def test_without_a_score_the_share_at_the_top_is_planned_and_clusters_are_not():
    """Share .4: n ≈ 1.96² × .24 / .05² = 369."""
    (row,) = planned(felt(score=False), asked(), None, None, (0.05,))
    assert row.answers == pytest.approx(369, abs=5) and row.invitations is None
    assert planned(felt(), asked(clusters=np.arange(300)), None) == ()
    assert planned(None, asked(), None) == ()
