"""From better answers to customers and euros: by hand, in its limits, and never more than it may say."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as some
from test_drivers_chapter import study

from toolkit import drivers
from toolkit.client import load
from toolkit.drivers.bridge import Around
from toolkit.drivers.euros import Link, brought, drawn_rungs, gained, shift, shifts
from toolkit.drivers.onstage import knobs, outcome, rerun
from toolkit.drivers.rows import Step
from toolkit.drivers.saying import in_euros, money_shown
from toolkit.drivers.section import Drivers
from toolkit.drivers.upstream import Known, Upstream, known, upstream
from toolkit.finding import Refused
from toolkit.units import MONEY, Estimate
from toolkit.worth.uncertainty import Counted

LIVING = ROOT / "templates" / "clients" / "living"
N = 400


def rung(name: str, n: int, share: float) -> Step:
    return Step(name, "1", n, Estimate(share, max(0.0, share - 0.08), min(1.0, share + 0.08), n), None)


LADDER = (rung("rest", 20, 0.2), rung("next", 30, 0.5), rung("best", 50, 0.8))


def fixed(value: float) -> Known:
    return Known(value, np.full(N, value))


def around(customers: int = 1000, retention: float = 0.8, margin: float = 200.0, value: float = 600.0, **more) -> Upstream:
    return Upstream(customers, fixed(retention), fixed(margin), fixed(value), **{"draws": N, **more})


def link(top: float = 0.9, others: float = 0.7) -> Link:
    return Link("stated", fixed(top), fixed(others))


def moved(up: float, holds: float = 1.0, link_: Link | None = None, lent: Upstream | None = None):
    rungs = drawn_rungs(LADDER, N, 0)
    return shift(LADDER, rungs, up, holds, link() if link_ is None else link_, around() if lent is None else lent)


def test_half_of_those_below_one_rung_up_by_hand():
    """10 go from .2 to .5 and 15 from .5 to .8, of 100: .075 more at the top; times .2 is .015; of 1,000 that is 15, at € 200."""
    found = moved(0.5)
    assert found.top.value == pytest.approx(0.59 + 0.075)
    assert found.retention.value == pytest.approx(0.015)
    assert found.kept.value == pytest.approx(15)
    assert found.margin.value == pytest.approx(3000)
    assert found.value.value == pytest.approx(9000)


def test_half_of_the_link_is_half_of_everything():
    assert moved(0.5, 0.5).margin.value == pytest.approx(1500)


def test_no_more_customers_stay_than_leave_now():
    found = moved(1.0, 1.0, link(1.0, 0.0), around(retention=0.97))
    assert found.retention.value == pytest.approx(0.03)
    assert found.kept.high <= 30 + 1e-9


def test_where_fewer_at_the_top_stay_the_figures_are_negative_and_no_more_go_than_there_are():
    assert moved(1.0, 1.0, link(0.0, 1.0), around(retention=0.05)).retention.value == pytest.approx(-0.05)


def test_without_the_doors_the_retention_of_both_groups_together_is_the_limit():
    found = moved(1.0, 1.0, link(1.0, 0.9), Upstream(draws=N))
    assert found.retention.value == pytest.approx(0.015)
    assert found.kept is None and found.margin is None


@pytest.mark.parametrize("missing", ["customers", "margin", "value"])
def test_what_is_not_known_is_none_and_never_nothing(missing):
    found = moved(0.5, lent=replace(around(), **{missing: None}))
    assert found.retention is not None
    gone = {"customers": ("kept", "margin", "value"), "margin": ("margin",), "value": ("value",)}[missing]
    assert {name for name in ("kept", "margin", "value") if getattr(found, name) is None} == set(gone)


def test_without_a_link_only_the_answers_move():
    (found,) = shifts(LADDER, 0.25, 1.0, None, around(), tried=())
    assert found.top.value > 0.59 and found.retention is None and found.margin is None


def test_the_client_s_own_shift_stands_among_those_tried_and_none_is_none():
    assert [row.moved_up for row in shifts(LADDER, 0.3, 1.0, link(), around())] == [0.1, 0.25, 0.3, 0.5, 1.0]
    assert [row.moved_up for row in shifts(LADDER, 0.0, 1.0, link(), around())] == [0.1, 0.25, 0.5, 1.0]
    assert shifts(LADDER[:1], 0.5, 1.0, link(), around()) == ()


shares = some.floats(0, 1)


@settings(deadline=None, max_examples=40)
@given(shares, shares, shares)
def test_nobody_moved_is_no_euro_and_no_doubt(holds, top, others):
    found = moved(0.0, holds, link(top, others))
    for figure in (found.retention, found.kept, found.margin, found.value):
        assert (figure.low, figure.value, figure.high) == (0, 0, 0)


@settings(deadline=None, max_examples=40)
@given(shares, shares, shares)
def test_more_moved_is_never_less(one, other, holds):
    low, high = sorted((one, other))
    assert moved(low, holds).margin.value <= moved(high, holds).margin.value + 1e-9


@settings(deadline=None, max_examples=40)
@given(shares, some.floats(0.01, 1000))
def test_in_other_money_it_is_as_much_more(up, times):
    one, other = moved(up), moved(up, lent=around(margin=200 * times, value=600 * times))
    for name in ("margin", "value"):
        for end in ("low", "value", "high"):
            assert getattr(getattr(other, name), end) == pytest.approx(times * getattr(getattr(one, name), end), abs=1e-6)


@settings(deadline=None, max_examples=40)
@given(shares, shares, shares, shares, shares)
def test_retention_stays_a_share_whatever_is_assumed(up, holds, top, others, now):
    found = moved(up, holds, link(top, others), around(retention=now)).retention
    assert -now - 1e-9 <= found.low <= found.value <= found.high <= 1 - now + 1e-9


def test_two_scenarios_share_their_draws():
    rungs = drawn_rungs(LADDER, N, 0)
    one, half = gained(rungs, 1.0, 1.0), gained(rungs, 0.5, 1.0)
    assert np.allclose(one.drawn, 2 * half.drawn)
    assert np.array_equal(known(Counted(80, 100), "x", N, 0).drawn, known(Counted(80, 100), "x", N, 0).drawn)


# Ambassadors --------------------------------------------------------------------------------------


def test_ambassadors_by_hand():
    """40 % of 1,000 bring .1 each a year: 40 customers, each worth € 500: € 20,000."""
    lent = around(recommended=fixed(500.0), brought=0.1)
    found = brought(Estimate(0.4, 0.35, 0.45, 380), lent)
    assert found["ambassador_customers"].value == pytest.approx(400, rel=1e-3)
    assert found["brought_customers"].value == pytest.approx(40, rel=1e-3)
    assert found["ambassadors_worth"].value == pytest.approx(20_000, rel=1e-3)
    assert found["ambassadors_worth"].low == pytest.approx(17_500, rel=0.01)
    assert found["ambassadors_worth"].high == pytest.approx(22_500, rel=0.01)


@pytest.mark.parametrize("lent", [Upstream(), around()])
def test_without_customers_or_what_one_brings_there_are_no_euros_of_ambassadors(lent):
    assert brought(Estimate(0.4, 0.35, 0.45, 380), lent)["ambassadors_worth"] is None
    assert brought(None, around(brought=0.1))["ambassador_customers"] is None


# The chapter --------------------------------------------------------------------------------------


def names(result) -> list[str]:
    return [finding.name for finding in in_euros(result)]


def analysed(*, lent: Upstream | None = None, **section):
    return drivers.analyse(Drivers(**section), study("C"), around=Around(lent))


def test_stated_retention_gives_euros_and_says_that_it_was_stated():
    lent = upstream({"gross_margin": 0.4}, doors=SimpleNamespace(
        end=1000, retention_per_year=Estimate(0.8, 0.75, 0.85, 900), turnover_per_customer=500.0), draws=N)  # fmt: skip
    found = analysed(lent=lent, moved_up=0.25, retention_top="90%", retention_others={"low": 0.70, "high": 0.80})
    assert found.link_from == "stated" and names(found)[:2] == ["link_stated", "shift_margin"]
    assert found.margin_moved.value == pytest.approx(found.kept_moved.value * 200)
    assert found.value_moved is None


def test_a_difference_that_may_be_nothing_gives_no_euros():
    wide = {"low": 0.60, "high": 0.90}
    found = analysed(lent=around(), moved_up=0.25, retention_top=wide, retention_others=wide)
    assert "shift_unsure" in names(found) and "shift_margin" not in names(found)
    assert not money_shown(found)


def test_a_survey_by_itself_says_what_to_ask_for():
    found = analysed(moved_up=0.25)
    assert names(found) == ["link_missing", "how_shifted_top"] and found.margin_moved is None


def test_one_figure_of_retention_alone_is_refused():
    with pytest.raises(ValueError, match="retention_of_both|0.9"):
        Drivers(retention_top="90%")


# The example client and its stage -------------------------------------------------------------------


@pytest.fixture(scope="module")
def living():
    return load(LIVING)


@pytest.fixture(scope="module")
def result(living):
    return drivers.results(living)


def test_the_web_shop_has_customers_euros_and_ambassadors(result):
    assert result.link_from == "measured" and result.leader == "keeps_agreements"
    assert names(result)[:4] == ["link_measured", "shift_margin", "shift_value", "ambassadors_worth"]
    assert result.margin_moved.value == pytest.approx(result.kept_moved.value * result.margin_base.value)
    assert result.margin_moved.low < result.margin_moved.value < result.margin_moved.high
    assert [row.n for row in result.linked] == [104, 101, 35]
    assert {row.name: row.rows for row in result.linking} == {"respondents": 246, "unmatched": 6, "linked": 240}


def test_no_customer_is_named_in_the_result(result):
    assert "K0" not in repr(result)


def test_the_stage_counts_in_euros_and_ends_where_it_began(living, result):
    now = rerun(living)
    base = now(living)
    unit, before, after = outcome(base).unit, outcome(base).now, outcome(base).then
    assert unit is MONEY and before - after == pytest.approx(result.margin_moved.value, rel=1e-6)
    assert {knob.field for knob in knobs(living, base)} == {"drivers.moved_up", "drivers.link_holds"}
    still = load(LIVING, {"drivers.moved_up": 0.0})
    assert outcome(now(still)).now == outcome(now(still)).then
    everyone = load(LIVING, {"drivers.moved_up": 1.0, "drivers.link_holds": 1.0})
    assert 0 < outcome(now(everyone)).then < after


def test_stated_retention_can_be_moved_on_the_stage(tmp_path):
    text = (LIVING / "client.toml").read_text("utf-8").replace('customer_key = "Klantnr"\n', "")
    text += 'retention_top = "88%"\nretention_others = { low = "60%", high = "75%" }\n'
    for name in ("antwoorden.csv", "transacties.csv"):
        (tmp_path / name).write_bytes((LIVING / name).read_bytes())
    (tmp_path / "client.toml").write_text(text, encoding="utf-8")
    client = load(tmp_path)
    now = rerun(client)
    fields = [knob.field for knob in knobs(client, now(client))]
    assert fields[2:] == ["drivers.retention_top", "drivers.retention_others"]
    higher = load(tmp_path, {"drivers.retention_top": 0.95})
    assert outcome(now(higher)).then < outcome(now(client)).then


def test_swapped_fields_are_refused_in_words(tmp_path):
    text = (LIVING / "client.toml").read_text("utf-8") + 'retention_top = "88%"\n'
    (tmp_path / "client.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load(tmp_path)
    assert [problem.name for problem in refused.value.refusals] == ["retention_of_both"]


def test_the_stage_opens_though_a_corner_of_the_sliders_has_no_figure():
    """At nearly nobody leaving, every customer would bring another: the chain of recommendations has no end there."""
    from toolkit.live.stage import Stage

    assert Stage(load(LIVING), "worth", "nl_BE").result.not_yet_won.value > 0
