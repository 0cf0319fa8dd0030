"""A client's own colour: taken as it is where it reads on white, darkened where it does not."""

import pytest
from conftest import make_client
from conftest import client_text as text
from hypothesis import given
from hypothesis import strategies as some

from toolkit import colour
from toolkit.finding import Refused

COLOURS = some.binary(min_size=3, max_size=3).map(lambda parts: "#" + parts.hex())


@pytest.mark.parametrize(("one", "ratio"), [("#000000", 21), ("#ffffff", 1), ("#767676", 4.54), ("#0000ff", 8.59)])
def test_contrast_with_white_is_that_of_published_examples(one, ratio):
    assert colour.contrast(one) == pytest.approx(ratio, abs=0.005)


@given(one=COLOURS, other=COLOURS)
def test_contrast_is_the_same_either_way_and_lies_between_1_and_21(one, other):
    assert 1 <= colour.contrast(one, other) == colour.contrast(other, one) <= 21.000001


@given(given=COLOURS)
def test_a_darkened_colour_reads_on_white_and_none_of_its_parts_is_lighter(given):
    dark = colour.darkened(given)
    assert colour.contrast(dark) >= 4.5
    assert all(after <= before for after, before in zip(bytes.fromhex(dark[1:]), bytes.fromhex(given[1:]), strict=True))
    assert colour.contrast(given) < 4.5 or dark == given


def test_a_client_without_a_colour_has_blue_and_one_with_a_pale_colour_has_it_darker(tmp_path):
    assert colour.accent_of(make_client(tmp_path)) == colour.BLUE
    assert colour.accent_of(make_client(tmp_path, text(accent='"#ffcc00"'))) == "#8f7200"


@pytest.mark.parametrize("given", ["green", "#fff", "0a7d4f", "#0a7d4f;}", "#0a7d4g", ""])
def test_what_is_no_colour_is_refused(tmp_path, given):
    with pytest.raises(Refused) as found:
        make_client(tmp_path, text(accent=f'"{given}"'))
    assert [(one.name, one.field) for one in found.value.refusals] == [("not_a_colour", "client.accent")]
