"""Any file, any section: answers or refusals, and never anything else."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from answers_files import parquet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from toolkit.finding import Refused
from toolkit.intake.answers import Answers, Survey, read_answers
from toolkit.words import Words

PATIENT = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
SECTION = {
    "items": {"speed": "V1", "range": 2},
    "outcomes": {"recommendation": "V3"},
    "weights": "w",
    "cluster": "firm",
    "quotations": ["say"],
}
MARKS = [b"PK\x03\x04", b"PAR1", b"$FL2", b"$FL3", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"]
CELLS = some.one_of(
    some.sampled_from(["", "5", "1", "99", "-1", "7,5", "tevreden", "satisfied", "n.v.t.", "★★★", "🙂", "3/5"]),
    some.integers(-100, 1000).map(str),
    some.text(max_size=12),
)


def outcome(content: bytes, name: str = "answers.csv", **options) -> Answers | Refused:
    """What comes of a file, checked to be sound: frames of one length, refusals that can be said."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            found = read_answers(path, **options)
        except Refused as refused:
            said = [Words(locale).refusal(one) for locale in ("nl_BE", "en_GB") for one in refused.refusals]
            assert said and all(said)
            return refused
    n = found.rows.analysed
    assert {len(found.items), len(found.outcomes), len(found.reasons), len(found.quotations)} == {n}
    both = pd.concat([found.items, found.outcomes], axis=1)
    assert (both.isna().to_numpy() == found.reasons.notna().to_numpy()).all()
    for name in both:
        scale = found.scales[name]
        assert both[name].dropna().between(scale.low, scale.high).all()
    return found


@PATIENT
@given(some.binary(max_size=400))
def test_any_bytes(content):
    outcome(content)
    outcome(content, **SECTION)


@PATIENT
@given(some.sampled_from(MARKS), some.binary(max_size=300))
def test_any_bytes_behind_the_mark_of_a_format(mark, content):
    outcome(mark + content)


@PATIENT
@given(some.lists(some.lists(CELLS, min_size=5, max_size=5), max_size=8), some.sampled_from([";", ",", "\t"]))
def test_any_cells_under_a_header(rows, delimiter):
    lines = [["V1", "V2", "V3", "w", "firm"], *rows]
    text = "\n".join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    content = text.encode("utf-8", "surrogatepass")
    outcome(content)
    outcome(content, items={"speed": "V1", "range": "V2"}, outcomes={"recommendation": "V3"})
    beside = {"weights": "w", "cluster": "firm", "wave": "V2", "quotations": ["V3"], "missing": [99, "x"]}
    outcome(content, items={"speed": "V1"}, **beside)


def whole(kind: str, folder: Path) -> bytes:
    """A sound file of a kind."""
    frame = pd.DataFrame({"V1": [1.0, 5.0, 3.0], "V2": ["tevreden", "zeer tevreden", ""]})
    if kind == "xlsx":
        book, out = openpyxl.Workbook(), io.BytesIO()
        for row in [["V1", "V2"], [1, "tevreden"], [5, None]]:
            book.active.append(row)
        book.save(out)
        return out.getvalue()
    if kind == "parquet":
        return parquet(folder, frame).read_bytes()
    pyreadstat.write_sav(frame, str(folder / "x.sav"), variable_value_labels={"V1": {1.0: "slecht", 5.0: "goed"}})
    return (folder / "x.sav").read_bytes()


@pytest.mark.parametrize("kind", ["xlsx", "parquet", "sav"])
def test_a_damaged_file(kind, tmp_path):
    sound = whole(kind, tmp_path)
    assert isinstance(outcome(sound), Answers)

    @settings(PATIENT, max_examples=20 if kind == "sav" else 150)  # each SPSS file is read in a process of its own
    @given(some.integers(0, len(sound) - 1), some.integers(0, 255), some.booleans())
    def damaged(place, byte, cut):
        outcome(sound[:place] if cut else sound[:place] + bytes([byte]) + sound[place + 1 :])

    damaged()


def test_an_spss_file_that_takes_the_library_down_is_refused(tmp_path):
    """Bytes whose change ends the reading library with a segmentation fault, found by flipping all of them."""
    sound = whole("sav", tmp_path)
    for place in (180, 321, 323):
        found = outcome(sound[:place] + bytes([101]) + sound[place + 1 :])
        assert not isinstance(found, Answers) and [one.name for one in found.refusals] == ["answers_damaged"]


@PATIENT
@given(
    some.dictionaries(
        some.sampled_from(["items", "outcomes", "missing", "scale", "weights", "segments", "stated", "competitors"]),
        some.recursive(
            some.one_of(some.none(), some.booleans(), some.integers(-5, 120), some.text(max_size=5), some.floats()),
            lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
            max_leaves=6,
        ),
    )
)
def test_any_section(section):
    outcome(b"V1;V2\n5;4\n3;2\n", **section)


def test_a_section_is_the_same_after_it_was_written_and_read():
    survey = Survey.model_validate({"file": "answers.csv", **SECTION, "missing": [99, "x"], "scale": [1, 5]})
    assert Survey.model_validate(survey.model_dump(exclude_none=True)) == survey
