"""A typed figure is read in the reader's own notation, strictly: 25.4 is never 254."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from toolkit.live.controls import Knob, read_number
from toolkit.live.tornado import tornado
from toolkit.units import COUNT, MONEY, SHARE
from toolkit.whatif import swings
from toolkit.words import LOCALES, Words

DUTCH, ENGLISH = Words("nl_BE"), Words("en_GB")


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("25,4", SHARE, 0.254),
        ("25,4%", SHARE, 0.254),
        ("25,4 %", SHARE, 0.254),
        ("25.4", SHARE, None),
        ("25.4%", SHARE, None),
        ("€ 1.250", MONEY, 1250),
        ("€\u00a01.250,50", MONEY, 1250.5),
        ("1250 EUR", MONEY, 1250),
        ("1250 €", MONEY, 1250),
        ("€ \u2212600", MONEY, -600),
        ("- 600", MONEY, -600),
        ("25%", MONEY, None),
        ("$ 5", MONEY, None),
        ("€ 5", SHARE, None),
        ("1.25", MONEY, None),
        ("12.50,5", MONEY, None),
        ("1.250", COUNT, 1250),
    ],
)
def test_a_figure_in_dutch(text, unit, value):
    assert read_number(text, unit, DUTCH) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(("text", "value"), [("1,250.50", 1250.5), ("£5", None), ("€1,250", 1250), ("1.250,5", None)])
def test_a_figure_in_english(text, value):
    assert read_number(text, MONEY, ENGLISH) == value


@pytest.mark.parametrize("text", ["", " ", "nan", "inf", "-inf", "1e5", "0x10", "twaalf", "1 250", "١٢", "--5", "5-", "1/2", "%", "€", "9" * 400])
@pytest.mark.parametrize("unit", [SHARE, MONEY, COUNT])
@pytest.mark.parametrize("locale", LOCALES)
def test_nonsense_is_no_figure(text, unit, locale):
    assert read_number(text, unit, Words(locale)) is None


@given(some.text(max_size=12), some.sampled_from((SHARE, MONEY, COUNT)), some.sampled_from(LOCALES))
def test_whatever_is_typed_nothing_breaks(text, unit, locale):
    found = read_number(text, unit, Words(locale))
    assert found is None or isinstance(found, float)


@given(some.integers(-10_000_000, 10_000_000), some.sampled_from((MONEY, COUNT)), some.sampled_from(LOCALES))
def test_what_the_stage_shows_can_be_typed_back(value, unit, locale):
    words = Words(locale)
    assert read_number(words.quantity(value, unit, "exact"), unit, words) == value


def test_a_knob_knows_what_its_unit_allows_beyond_its_reach():
    knob = Knob("doors.target_retention", SHARE, 0.8, 0.5, 0.9, 0.01)
    assert knob.allows(1.0) and not knob.allows(1.2) and not knob.allows(-0.1)
    assert (knob.reaching(0.95).high, knob.reaching(0.2).low, knob.reaching(0.7)) == (0.95, 0.2, knob)
    assert not Knob("doors.start", COUNT, 5, 0, 10, 1).allows(2.5)


@given(some.lists(some.tuples(some.floats(-1e6, 1e6), some.floats(-1e6, 1e6)), min_size=1, max_size=8), some.floats(-1e6, 1e6))
def test_every_bar_of_the_tornado_lies_on_its_scale_and_the_longest_comes_first(ends, base):
    names = [f"a{number}" for number in range(len(ends))]
    reach = {name: (*pair, MONEY) for name, pair in zip(names, ends, strict=True)}
    found = tornado(swings(lambda **values: sum(values.values()), MONEY, dict.fromkeys(names, base), reach))
    assert len(found.bars) == min(5, len(ends)) and -1e-9 <= found.middle <= 1 + 1e-9
    for bar in found.bars:
        assert -1e-9 <= bar.start <= bar.end <= 1 + 1e-9
    widths = [bar.end - bar.start for bar in found.bars]
    assert all(wide >= narrow - 1e-9 for wide, narrow in zip(widths, widths[1:], strict=False))
