"""Pictures: the same bytes for the same input, one drawing for print and stage, text that stays text."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from browser import EXAMPLES, ODD, ROOT, write_client
from matplotlib import colors, rc_context
from matplotlib.figure import Figure
from matplotlib.text import Text

from toolkit import doors
from toolkit.client import load
from toolkit.doors.pictures import deciles, in_and_out, squares, two_leaks
from toolkit.page import words_for
from toolkit.picture import Moving, svg
from toolkit.words import Words

SVG = "{http://www.w3.org/2000/svg}"
WORDS = Words("nl_BE")
WITH_DOORS = (*(name for name in EXAMPLES if load(ROOT / "templates" / "clients" / name).doors), *ODD)
CLIENT_TEXT = 'Kosten $x^2$ & <b>"vet"</b> {a} id="7" \\n'


def result_of(name: str, folder) -> doors.TwoDoors:
    """The two doors of a shipped example or of one of the odd clients."""
    path = ROOT / "templates" / "clients" / name if name in EXAMPLES else write_client(folder, name, ODD[name])
    return doors.results(load(path))


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> dict[str, doors.TwoDoors]:
    folder = tmp_path_factory.mktemp("clients")
    return {name: result_of(name, folder) for name in WITH_DOORS}


def pictures_for(result: doors.TwoDoors) -> list:
    """The pictures that a result can fill."""
    chosen = [in_and_out]
    chosen += [two_leaks] if result.leak is not None else []
    chosen += [deciles] if result.deciles else []
    chosen += [squares] if result.retention_per_year is not None else []
    return chosen


def texts(drawing: str) -> list[str]:
    """What can be read in a drawing."""
    return ["".join(node.itertext()) for node in ElementTree.fromstring(drawing).iter(f"{SVG}text")]


def marks(drawing: str) -> Counter:
    """Everything drawn, without the order and without the names that only tie parts together."""
    tree = ElementTree.fromstring(drawing)
    clips = {child for clip in tree.iter(f"{SVG}clipPath") for child in clip.iter()}
    found = Counter()
    for node in tree.iter():
        tag = node.tag.removeprefix(SVG)
        if tag in ("svg", "g", "defs") or node in clips:
            continue
        attributes = {k: v for k, v in node.attrib.items() if k not in ("id", "clip-path") and "href" not in k}
        found[tag, (node.text or "").strip(), tuple(sorted(attributes.items()))] += 1
    return found


def dot(figure: Figure, words: Words, result: float, *reach: float):
    """A small picture: a frame that stands still, a dot and its label that move."""
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8), xlim=(0, 1), ylim=(0, 1))
    axes.set_xticks([0, 1], ["laag", "hoog"])

    def show(now: float) -> None:
        axes.plot([now], [now], "o")
        axes.plot([0, now], [0, now])
        axes.text(now, now, f"{now:.2f}")
        figure.text(0.5, 0.95, "nu")
        if now > 1:
            raise ValueError("beyond the picture")

    return show


# the same bytes -------------------------------------------------------------------


def test_two_processes_with_other_hash_seeds_zones_and_folders_draw_the_same_bytes(results, tmp_path):
    code = (
        "import sys, toolkit.doors as d; from toolkit.client import load; from toolkit.page import words_for;"
        "from toolkit.picture import svg; c = load(sys.argv[1]); r = d.results(c); w = words_for(c);"
        "sys.stdout.buffer.write(''.join(svg(p, w, r) for p in (d.in_and_out, d.two_leaks, d.squares)).encode())"
    )
    drawn = []
    for seed, zone, folder in (("1", "Pacific/Kiritimati", ROOT), ("2", "America/Caracas", tmp_path)):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed, "TZ": zone}
        command = [sys.executable, "-c", code, str(ROOT / "templates" / "clients" / "widening")]
        drawn.append(subprocess.run(command, env=environment, cwd=folder, capture_output=True, check=True).stdout)
    assert drawn[0] == drawn[1] and drawn[0].count(b"<svg") == 3
    words = words_for(load(ROOT / "templates" / "clients" / "widening"))
    here = "".join(svg(picture, words, results["widening"]) for picture in (in_and_out, two_leaks, squares))
    assert here.encode() == drawn[0]


def test_a_picture_does_not_change_the_settings_of_matplotlib(results):
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    svg(in_and_out, WORDS, results["widening"])
    Moving(dot, WORDS, 0.5).svg(0.7)
    assert dict(mpl.rcParams) == before
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()


def test_the_settings_of_a_notebook_do_not_reach_a_picture(results):
    plain = svg(in_and_out, WORDS, results["widening"])
    with rc_context({"font.size": 30, "axes.facecolor": "red", "svg.fonttype": "path", "text.parse_math": True}):
        assert svg(in_and_out, WORDS, results["widening"]) == plain


# still and moving -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["widening", "living", "leak-50", "all-four-flows"])
def test_a_moved_picture_draws_what_a_fresh_one_draws(results, name):
    base = results[name]
    for picture in pictures_for(base):
        moving = Moving(picture, WORDS, base, base)
        moving.svg(base)
        assert marks(moving.svg(base)) == marks(svg(picture, WORDS, base, base)), picture.__name__


def test_every_step_draws_what_a_fresh_picture_of_the_same_base_draws():
    moving = Moving(dot, WORDS, 0.5)
    for now in (0.1, 0.9, 0.5, 0.1):

        def fresh(figure: Figure, words: Words, base: float, now: float = now):
            show = dot(figure, words, base)
            return lambda _: show(now)

        assert marks(moving.svg(now)) == marks(svg(fresh, WORDS, 0.5))


def test_the_still_part_is_the_same_text_after_any_number_of_steps():
    moving = Moving(dot, WORDS, 0.5)
    first = moving.svg(0.25)
    for step in range(1, 20):
        moving.svg(step / 20)
    assert moving.svg(0.25) == first
    below, other = first, moving.svg(0.75)
    shared = os.path.commonprefix([below, other])
    assert "laag" in shared and "hoog" in shared and ">nu<" not in shared


def test_a_step_that_fails_leaves_nothing_behind():
    moving, untouched = Moving(dot, WORDS, 0.5), Moving(dot, WORDS, 0.5)
    with pytest.raises(ValueError, match="beyond"):
        moving.svg(1.5)
    assert moving.svg(0.5) == untouched.svg(0.5)


def test_the_colours_of_a_step_do_not_depend_on_the_steps_before():
    moving = Moving(dot, WORDS, 0.5)
    colours = [re.findall(r"(?:fill|stroke): ?(#[0-9a-f]{6})", moving.svg(now)) for now in (0.2, 0.4, 0.6)]
    assert colours[0] == colours[1] == colours[2]


def corners(name: str) -> list[doors.TwoDoors]:
    """A client's results with retention, turnover, margin and intake each at a low and a high value."""
    file, found = ROOT / "templates" / "clients" / name, []
    base = doors.results(load(file))
    for lost, new, turnover in itertools.product((0, base.start), (0, 2 * base.new + 5), (500, 90_000)):
        counts = {"doors.start": base.start, "doors.new": new, "doors.lost": lost, "doors.end": base.start + new - lost}
        found.append(doors.results(load(file, {**counts, "doors.turnover_per_customer": turnover})))
    return found


@pytest.mark.parametrize("picture", [in_and_out, two_leaks, squares])
def test_limits_stand_still_over_the_whole_reach_and_hold_everything_drawn(picture):
    reach = corners("leak-50")
    figure = Figure()
    show = picture(figure, WORDS, reach[0], *reach)
    before = [(axes.get_xlim(), axes.get_ylim()) for axes in figure.axes]
    for result in reach:
        show(result)
        assert [(axes.get_xlim(), axes.get_ylim()) for axes in figure.axes] == before
    for axes, ((left, right), (low, high)) in zip(figure.axes, before, strict=True):
        for patch in axes.patches:
            box = patch.get_path().get_extents(patch.get_patch_transform())
            assert left <= box.x0 and box.x1 <= right, picture.__name__
            assert low <= box.y0 + 1e-9 * high and box.y1 <= high * (1 + 1e-9), picture.__name__


# text stays text ------------------------------------------------------------------


def labelled(figure: Figure, words: Words, result: str):
    """A picture with a client's text wherever a picture can have text."""
    axes = figure.add_axes((0.1, 0.2, 0.8, 0.6), xlim=(-1, 1), ylim=(0, 1))
    axes.set_xticks([0], [result])
    axes.set_xlabel(result)
    axes.set_yticks([])
    figure.text(0.1, 0.9, result)

    def show(now: str) -> None:
        axes.text(0, 0.5, now)
        axes.annotate(now, (0, 0.2))

    return show


@pytest.mark.parametrize("way", ["print", "stage"])
def test_a_clients_text_is_neither_formula_nor_markup(way):
    given = CLIENT_TEXT
    drawing = svg(labelled, WORDS, given) if way == "print" else Moving(labelled, WORDS, given).svg(given)
    assert texts(drawing) == [given.strip()] * 5
    assert not [node for node in ElementTree.fromstring(drawing).iter() if node.tag.endswith("}b")]


def test_two_pictures_on_one_page_share_no_id(results):
    drawn = [svg(picture, WORDS, results["living"]) for picture in (in_and_out, two_leaks, deciles, squares)]
    drawn.append(Moving(in_and_out, WORDS, results["living"]).svg(results["living"]))
    found = [set(re.findall(r'\bid="([^"]+)"', drawing)) for drawing in drawn[:4]]
    for one, other in itertools.combinations(found, 2):
        assert not one & other
    for drawing in drawn:
        ids = re.findall(r'\bid="([^"]+)"', drawing)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', drawing)) <= set(ids)


# every picture, odd figures -------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "locale"), [*((name, "nl_BE") for name in WITH_DOORS), *((name, "en_GB") for name in WITH_DOORS if name in EXAMPLES)]
)
def test_every_picture_of_the_doors_can_be_drawn_for(results, name, locale):
    words = Words(locale)
    for picture in pictures_for(results[name]):
        drawing = svg(picture, words, results[name])
        shown = texts(drawing)
        assert shown and all(text.strip() for text in shown), picture.__name__
        assert not re.search(r"\b(nan|inf|None|True|False)\b", " ".join(shown)), picture.__name__
        assert not re.search(r'="[^"]*\bnan\b', drawing), picture.__name__


@pytest.mark.parametrize("tenths", [1, 3, 10])
def test_a_log_with_few_customers_or_one_giant_can_be_drawn(results, tenths):
    living = results["living"]
    cut = tuple(
        replace(tenth, turnover_share=0.999 if tenth.number == 1 else 0.001 / 9, lost_share=0.0)
        for tenth in living.deciles[:tenths]
    )
    assert "99,9%" in texts(svg(deciles, WORDS, replace(living, deciles=cut)))
    nothing = tuple(replace(tenth, turnover_share=0.0, lost_share=0.0) for tenth in cut)
    assert texts(svg(deciles, WORDS, replace(living, deciles=nothing)))


def test_at_most_a_hundred_squares_are_drawn_and_the_legend_says_what_one_is(results):
    for name, each in (("huge", "987.654 klanten"), ("leak-50", "1 klant"), ("one-customer", "1 klant")):
        drawing = svg(squares, WORDS, results[name])
        count = min(results[name].start, 100)
        assert len(re.findall(r"^z", drawing, re.MULTILINE)) == count + 2  # closed outlines: each square, and two grounds
        assert any(each in text.replace("\xa0", " ") for text in texts(drawing)), texts(drawing)


def test_the_squares_agree_with_the_loss_they_stand_for(results):
    leak = results["leak-50"]  # 50 customers, 30 % lost, 20 % at the target: article A3
    said = [text.replace("\xa0", " ") for text in texts(svg(squares, WORDS, leak))]
    assert "10 klanten" in said and "5 klanten" in said


def test_beside_the_squares_stand_the_customers_themselves_not_the_squares_rounded(results):
    living = replace(results["living"], target_retention=0.8)  # 358 customers, 107 lost; 71.6 go at the target
    said = [text.replace("\xa0", " ") for text in texts(svg(squares, WORDS, living))]
    assert living.start == 358 and living.lost == 107
    assert "72 klanten" in said and "35 klanten" in said


# traps of matplotlib and seaborn --------------------------------------------------


@pytest.mark.parametrize("name", ["widening", "living", "huge"])
def test_a_drawing_is_plain_vector_text_without_hatches_rasters_dates_or_styles(results, name):
    for picture in pictures_for(results[name]):
        drawing = svg(picture, WORDS, results[name])
        tags = {node.tag.removeprefix(SVG) for node in ElementTree.fromstring(drawing).iter()}
        assert tags <= {"svg", "g", "path", "text", "tspan", "defs", "clipPath", "rect", "use"}, tags
        assert "metadata" not in drawing and "matplotlib" not in drawing.lower()
        assert len(drawing) < 60_000, picture.__name__


def contrast(colour: str) -> float:
    """Contrast with white, by the formula of WCAG 2."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colors.to_rgb(colour)]
    return 1.05 / (sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True)) + 0.05)


@pytest.mark.parametrize("name", ["widening", "living", "all-four-flows"])
def test_text_can_be_read_on_white_and_no_arrow_is_white(results, name):
    for picture in pictures_for(results[name]):
        figure = Figure()
        with rc_context({"text.color": "#1f2933", "xtick.color": "#1f2933"}):
            picture(figure, WORDS, results[name])(results[name])
        shown = [text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]
        assert all(contrast(text.get_color()) >= 4.5 for text in shown), picture.__name__
        for arrow in (text.arrow_patch for text in shown if getattr(text, "arrow_patch", None)):
            assert contrast(arrow.get_edgecolor()) >= 3


def test_numbers_on_a_picture_are_written_as_the_reader_writes_them(results):
    shown = {locale: " ".join(texts(svg(two_leaks, Words(locale), results["widening"]))) for locale in ("nl_BE", "en_GB")}
    assert "€\xa0350.000" in shown["nl_BE"] and "€350,000" in shown["en_GB"]
    assert "-" not in shown["nl_BE"] and "\u2212" in shown["nl_BE"]
