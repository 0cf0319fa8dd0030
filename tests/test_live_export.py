"""What leaves the stage: a picture for a slide and a page to take home, under a name of their own."""

import struct
import xml.etree.ElementTree as ET

import pytest
from browser import ROOT

from toolkit.client import load
from toolkit.finding import Refused
from toolkit.live import Stage
from toolkit.live.caption import caption
from toolkit.live.slide import slide_of

CLIENTS = ROOT / "templates" / "clients"
WIDE, HIGH = 1920, 1080
WITHOUT_N = {"cascade_steps"}  # reckoned for one customer: no number of customers stands behind it


@pytest.fixture
def stage(tmp_path):
    made = Stage(load(CLIENTS / "retention-250"), "doors", "nl_BE")
    made.exports = tmp_path / "session"
    made.do({"do": "type", "field": "doors.target_retention", "text": "90%"})
    return made


def test_the_state_leaves_as_png_svg_and_page_and_the_notice_says_where(stage):
    notice = stage.do({"do": "export"})["notice"]
    files = sorted(stage.exports.iterdir())
    assert [path.suffix for path in files] == [".html", ".png", ".svg"]
    assert files[0].stem in notice and str(stage.exports) in notice
    assert stage.what_if == {"doors.target_retention": 0.9}


def test_nothing_is_ever_overwritten(stage):
    for _ in range(3):
        stage.do({"do": "export"})
    assert len({path.stem for path in stage.exports.iterdir()}) == 3 and len(list(stage.exports.iterdir())) == 9


def test_the_picture_is_sixteen_by_nine_with_title_figures_source_and_description(stage):
    drawing, dots = slide_of(stage)
    assert struct.unpack(">II", dots[16:24]) == (WIDE, HIGH)
    said, look = caption(stage), stage.look(stage.result)
    assert said.alt.encode("utf-8") in dots or said.alt.encode("latin-1", "replace") in dots
    tree = ET.fromstring(drawing)
    name = "{http://www.w3.org/2000/svg}"
    assert tree.find(f"{name}title").text == said.title and tree.find(f"{name}desc").text == said.alt
    shown = " ".join(node.text or "" for node in tree.iter(f"{name}text"))
    for text in (*said.title.split(), *said.source.split(), *(number["value"] for number in look["numbers"])):
        assert text in shown
    assert slide_of(stage) == (drawing, dots)


@pytest.mark.parametrize("chapter,client", [("doors", "retention-250"), ("worth", "ameritrade"), ("strategies", "widening"), ("drivers", "living")])
def test_every_picture_of_the_stage_can_leave_or_says_what_it_lacks(chapter, client):
    stage = Stage(load(CLIENTS / client), chapter, "en_GB")
    for number in range(len(stage.scene["pictures"])):
        stage.do({"do": "picture", "number": number})
        if stage.drawn.__name__ in WITHOUT_N:
            with pytest.raises(Refused):
                caption(stage)
            continue
        said = caption(stage)
        assert said.title and said.alt and "n = " in said.source.replace("\xa0", " ")


@pytest.mark.parametrize("lacking", ["alt", "source"])
def test_a_picture_without_a_description_or_a_source_stays(stage, lacking, monkeypatch):
    has = type(stage.words).has
    monkeypatch.setattr(type(stage.words), "has", lambda words, key: not key.endswith(f"squares.{lacking}") and has(words, key))
    with pytest.raises(Refused):
        caption(stage)
    assert stage.words.text(f"takehome.missing.{lacking}") in stage.do({"do": "export"})["notice"]
    assert not stage.exports.exists()


def test_a_source_without_the_number_it_rests_on_stays(stage, monkeypatch):
    text = type(stage.words).text
    monkeypatch.setattr(
        type(stage.words), "text", lambda words, key, *about, **values: "Bron" if key.endswith("squares.source") else text(words, key, *about, **values)
    )
    with pytest.raises(Refused):
        caption(stage)


def test_where_nothing_can_be_written_the_stage_says_so_and_stands(stage):
    stage.exports.parent.mkdir(exist_ok=True)
    stage.exports.write_text("a file where the folder should be", encoding="utf-8")
    frame = stage.do({"do": "export"})
    assert frame["notice"] == stage.words.text("takehome.not_written", None, folder=str(stage.exports)) and not frame["dim"]
