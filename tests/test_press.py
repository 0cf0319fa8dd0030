"""The press: one process a client, the same bytes for the same input, nothing half-made, nothing of another client."""

from __future__ import annotations

import importlib
import importlib.metadata
import itertools
import json
import math
import pickle
import platform
import re
import shutil
from datetime import date
from pathlib import Path

import nbformat
import pytest
from browser import CANARIES, EXAMPLES, ODD, REPORTS, ROOT, client_text, report_of, reports, run_cli, write_client

from toolkit.client import load
from toolkit.front import has_session
from toolkit.press import engine
from toolkit.press.job import Job, make
from toolkit.press.report import css_string, given, make_report, to_json
from toolkit.units import units_of
from toolkit.press.supervise import each_in_its_process
from toolkit.whatif import Swing
from toolkit.words import MINUS, Words

CLIENTS = ROOT / "templates" / "clients"
FILES = ("report.html", "results.json", "report.ipynb")


def notebook_of(*sources: str, tags: tuple[str, ...] = ()) -> nbformat.NotebookNode:
    """A notebook of code cells; the tags are those of the last one."""
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    notebook.cells = [nbformat.v4.new_code_cell(source, id=f"c{n}") for n, source in enumerate(sources)]
    notebook.cells[-1].metadata["tags"] = list(tags)
    return notebook


# the engine -----------------------------------------------------------------------


def test_the_engine_in_this_process_shows_what_a_kernel_shows_cell_by_cell():
    parameters = {"client_file": str(CLIENTS / "widening" / "client.toml"), "locale": "nl_BE", "what_if": {}}
    path = str(ROOT / "notebooks" / "doors.ipynb")
    here, there = (engine.run(path, parameters, engine=way) for way in ("fast", "kernel"))
    assert len(here.cells) == len(there.cells)
    for mine, theirs in zip(here.cells, there.cells, strict=True):
        assert mine.source == theirs.source
        assert mine.get("outputs") == theirs.get("outputs"), mine.source
        assert mine.get("execution_count") == theirs.get("execution_count"), mine.source


ORDINARY = (
    "print('een'); print('twee')",
    "40 + 2",
    "import pandas; pandas.DataFrame({'a': range(30), 'b': 1.5})",
    "from IPython.display import HTML, display\ndisplay({'text/html': '<b>vet</b>', 'text/plain': ''}, raw=True)",
    "display(HTML('<i>schuin</i>')); 'de laatste'",
    "None",
    "'niet getoond';",
    "class Own:\n    def _repr_html_(self): return '<p>eigen</p>'\n    def __repr__(self): return 'eigen'\nOwn()",
    "import pandas as pd; pd.get_option('display.max_columns'), pd.get_option('display.width')",
)


def test_ordinary_cells_show_the_same_in_both_engines(tmp_path):
    path = tmp_path / "gewoon.ipynb"
    nbformat.write(notebook_of(*ORDINARY), path)
    here, there = (engine.run(str(path), {}, engine=way) for way in ("fast", "kernel"))
    for mine, theirs in zip(here.cells, there.cells, strict=True):
        assert mine.outputs == theirs.outputs, mine.source


def test_a_cell_tagged_skip_execution_is_not_run(tmp_path):
    path = tmp_path / "live.ipynb"
    nbformat.write(notebook_of("1", "raise SystemExit('live')", tags=("skip-execution",)), path)
    assert engine.run(str(path), {}).cells[-1].outputs == []


def test_one_notebook_leaves_no_name_behind_for_the_next(tmp_path):
    first, second = tmp_path / "a.ipynb", tmp_path / "b.ipynb"
    nbformat.write(notebook_of("secret = 1"), first)
    nbformat.write(notebook_of("'secret' in globals()"), second)
    engine.run(str(first), {})
    assert engine.run(str(second), {}).cells[-1].outputs[0].data["text/plain"] == "False"


# what goes wrong ------------------------------------------------------------------


def test_a_number_that_is_not_finite_never_reaches_a_file():
    for value in (math.nan, math.inf):
        with pytest.raises(ValueError, match="JSON"):
            to_json({"value": value})


def test_nothing_in_a_name_can_end_a_css_string_or_a_style_element():
    made = css_string('"; } body { display: none } </style><script>')
    assert not set('";{}<>\\/') & set(re.sub(r"\\[0-9a-f]+ ", "", made))


# one client and the other ---------------------------------------------------------


def test_no_client_finds_anything_of_another_in_its_report():
    for mine, other in (("a", "z"), ("z", "a")):
        for name in FILES:
            text = (report_of(f"kanarie-{mine}") / name).read_text("utf-8")
            assert CANARIES["az".index(mine)] in text
            assert CANARIES["az".index(other)] not in text and f"kanarie-{other}" not in text


def test_no_customer_of_a_log_appears_in_any_file_of_a_report():
    for client in ("kanarie-a", "kanarie-z"):
        for name in FILES:
            assert "GEHEIM" not in (report_of(client) / name).read_text("utf-8"), f"{client}/{name}"
    for customer in re.findall(r"^(K\d+);", (CLIENTS / "living" / "transacties.csv").read_text("utf-8"), re.M)[:50]:
        assert customer not in (report_of("living") / "report.ipynb").read_text("utf-8")


def test_a_run_leaves_nothing_behind_but_its_reports():
    out, run = reports()
    assert run.returncode == 0, run.stderr
    assert [path.name for path in (out.parent / "temporary").iterdir()] == []
    assert {path.name for path in out.glob("*/*/*")} == set(FILES)
    assert {path.name for path in out.iterdir() if path.is_file()} == {"manifest.jsonl", "index.html"}
    assert not [path for path in (out / ".press").iterdir() if path.is_dir()]


# the same bytes -------------------------------------------------------------------


def test_the_same_input_gives_the_same_bytes_in_another_zone_folder_and_hash_seed(tmp_path):
    here = tmp_path / "elders, in een map met spaties"
    shutil.copytree(CLIENTS / "living", here / "living")
    lang = "tr_TR.UTF-8"
    environ = {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Apia", "LANG": lang, "LC_ALL": lang, "HOME": str(here)}
    run = run_cli("report", here / "living", "--out", here / "out", cwd=here, environ=environ)
    assert run.returncode == 0, run.stderr
    made = sorted(path.relative_to(here / "out") for path in (here / "out").glob("*/*/*") if ".press" not in path.parts)
    assert len(made) == 2 * 3
    assert [path for path in made if (here / "out" / path).read_bytes() != (reports()[0] / path).read_bytes()] == []


@pytest.mark.parametrize(("name", "locale"), REPORTS)
def test_a_report_holds_no_path_clock_or_version(name, locale):
    folder = report_of(name, locale)
    versions = {importlib.metadata.version(one) for one in ("papermill", "nbconvert", "matplotlib", "pandas", "IPython")}
    versions |= {platform.python_version()}
    session = ROOT / "templates" / "clients" / name / "client.session.toml"
    kept = set(re.findall(r"\d{4}-\d\d-\d\dT\d\d:\d\d", session.read_text("utf-8"))) if session.exists() else set()
    for file in FILES:
        text = (folder / file).read_text("utf-8")
        for part in {str(ROOT), str(Path.home()), str(folder.parent.parent), platform.node()} - {"/", ""}:
            assert part not in text, f"{file}: {part}"
        assert date.today().isoformat() not in text
        clocks = set(re.findall(r"\d{4}-\d\d-\d\dT\d\d:\d\d", text))
        assert clocks <= kept, "a time of day that the client's own files do not say"
        for version in versions:
            assert not re.search(rf'(?<![\d.,]){re.escape(version)}(?![\d.])', text), f"{file}: {version}"
        assert "papermill" not in text and "matplotlib" not in text


@pytest.mark.parametrize(("name", "locale"), REPORTS)
def test_the_delivered_notebook_is_valid_and_has_the_reports_outputs(name, locale):
    folder = report_of(name, locale)
    notebook = nbformat.read(folder / "report.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert all(cell.cell_type == "code" for cell in notebook.cells)
    assert [cell.execution_count for cell in notebook.cells] == list(range(1, len(notebook.cells) + 1))
    assert not [out for cell in notebook.cells for out in cell.outputs if out.output_type in ("error", "stream")]
    page = re.sub(r"\s+", " ", (folder / "report.html").read_text("utf-8"))
    for cell in notebook.cells:
        for output in cell.outputs:
            shown = re.sub(r"\s+", " ", output.get("data", {}).get("text/html", ""))
            assert shown in page, cell.source


# results.json ---------------------------------------------------------------------


def chapters_in(folder: Path) -> dict[str, list[dict]]:
    """The numbers of every chapter of a results file."""
    found = json.loads((folder / "results.json").read_text("utf-8"), parse_constant=lambda name: pytest.fail(name))
    return {name: chapter["numbers"] for name, chapter in found["chapters"].items()}


def numbers_in(folder: Path) -> list[dict]:
    """All numbers of a results file."""
    return [number for numbers in chapters_in(folder).values() for number in numbers]


@pytest.mark.parametrize(("name", "locale"), REPORTS)
def test_every_number_has_a_unit_a_definition_and_a_source_and_every_estimate_its_interval(name, locale):
    chapters = chapters_in(report_of(name, locale))
    for numbers in chapters.values():
        assert len({number["name"] for number in numbers}) == len(numbers)
    for number in itertools.chain(*chapters.values()):
        if "unit" not in number:  # a day, a name, yes or no
            assert not isinstance(number["value"], float), number
            continue
        assert number["unit"] and number["definition"].strip() and number["source"].strip(), number
        if number["unit"] == "money" and "value" in number:
            assert re.fullmatch(r"[A-Z]{3}", number["currency"])
        if {"low", "high"} & set(number) and "input_unit" not in number:
            assert number["n"] is None or number["n"] >= 1  # none: judged, nobody was counted
            assert 0 < number["confidence"] < 1
            assert number["low"] <= number["value"] <= number["high"], number
    assert any("confidence" in number for number in itertools.chain(*chapters.values())) or name in ("start-0", "nothing-at-all")


@pytest.mark.parametrize("name", [*EXAMPLES, *ODD])
def test_the_numbers_are_those_of_the_chapter_itself(name, tmp_path):
    client = load(CLIENTS / name if name in EXAMPLES else write_client(tmp_path, name, ODD[name]))
    for chapter in client.chapters:  # what was kept in a session: test_session.py
        numbers, compared = chapters_in(report_of(name))[chapter], 0
        result = importlib.import_module(f"toolkit.{chapter}").results(client)
        for number in numbers:
            *way, last = number["name"].split(".")
            about = result
            for part in way:
                field, _, place = part.partition("[")
                about = getattr(about, field)
                about = about[int(place.rstrip("]"))] if place else about
            if isinstance(about, tuple) and about and isinstance(about[0], Swing):
                swing = next(one for one in about if one.name == last)
                assert (number["low"], number["high"]) == (swing.low, swing.high)
                continue
            compare(number, getattr(about, last))
            compared += 1
        assert compared >= len(units_of(type(result)))


def compare(number: dict, value: object) -> None:
    """A recorded number is what the chapter's result holds, but for the order in which a machine's threads add up."""
    value = value.isoformat() if isinstance(value, date) else value
    for part in ("low", "high", "confidence"):
        assert number.get(part) == same(getattr(value, part, None)), number["name"]
    assert number.get("n") == (getattr(value, "n", None) or None), number["name"]
    assert number["value"] == same(getattr(value, "value", value)), number["name"]


def same(value: object) -> object:
    return pytest.approx(value, rel=1e-12) if isinstance(value, float) else value


def test_the_numbers_are_the_same_in_every_locale_and_the_words_are_not():
    dutch, english = (numbers_in(report_of("widening", locale)) for locale in ("nl_BE", "en_GB"))
    bare = [[{k: v for k, v in number.items() if k not in ("label", "definition", "source")} for number in part] for part in (dutch, english)]
    assert bare[0] == bare[1]
    labelled = [(one["label"], other["label"]) for one, other in zip(dutch, english, strict=True) if "label" in one]
    assert sum(one != other for one, other in labelled) > 0.9 * len(labelled)


@pytest.mark.parametrize(("name", "locale"), REPORTS)
def test_the_results_say_who_when_and_in_which_currency(name, locale):
    found = json.loads((report_of(name, locale) / "results.json").read_text("utf-8"))
    assert found["locale"] == locale and re.fullmatch(r"[A-Z]{3}", found["currency"])
    assert found["period"]["from"] <= found["period"]["to"] <= found["report_date"]
    client = load(CLIENTS / name) if name in EXAMPLES else None
    given = (*client.chapters, *(["session"] if has_session(client) and locale != "nl_NL" else [])) if client else ("doors",)
    assert set(found["chapters"]) == set(given) and found["what_if"] == {}


def test_the_results_hold_what_was_given_and_no_folder_of_it():
    found = json.loads((report_of("cdnow") / "results.json").read_text("utf-8"))["given"]
    assert found["economics"] == {"gross_margin": 0.2, "cost_to_win": 15.0}
    assert found["log"]["file"] == "CDNOW_master.txt" and "client" not in found
    scenario = load(CLIENTS / "leak-50", {"doors.target_retention": "90%"})
    assert given(scenario)["doors"]["target_retention"] == 0.9


def test_a_scenario_is_named_in_every_file_and_changes_the_numbers(tmp_path):
    client = load(CLIENTS / "leak-50", {"doors.target_retention": "90%"})
    folder = make_report(client, "nl_BE", tmp_path)[0].parent
    found = json.loads((folder / "results.json").read_text("utf-8"))
    assert found["what_if"] == {"doors.target_retention": "90%"}
    target = next(number for number in numbers_in(folder) if number["name"] == "target_retention")
    assert target["value"] == 0.9
    assert "doors.target_retention" in (folder / "report.ipynb").read_text("utf-8")
    assert Words("nl_BE").text("front.banners.what_if") in (folder / "report.html").read_text("utf-8")


# computed once --------------------------------------------------------------------


def test_a_chapter_is_computed_once_for_all_locales_and_both_composed_pages(tmp_path):
    for name in ("store", "unfinished", "temporary"):
        (tmp_path / "home" / name).mkdir(parents=True)
    one = Job(str(CLIENTS / "living"), str(tmp_path / "out"), str(tmp_path / "home"), ("nl_BE", "nl_NL"))
    (made,) = each_in_its_process(make, [one])
    assert made.status == "done" and len(made.outputs) == 2 * len(FILES)
    client = load(CLIENTS / "living")
    kept = [pickle.loads(one.read_bytes()) for one in (tmp_path / "home" / "store").iterdir()]
    assert len(kept) == len(client.chapters)
    assert all(importlib.import_module(f"toolkit.{chapter}").results(client) in kept for chapter in client.chapters)


def test_numbers_in_the_notebook_use_the_minus_sign_and_never_a_repr():
    """Python's own way of writing numbers never reaches a reader."""
    for name, locale in REPORTS:
        html = (report_of(name, locale) / "report.html").read_text("utf-8")
        body = re.sub(r"<svg.*?</svg>|<style.*?</style>|<[^>]*>", " ", html, flags=re.DOTALL)
        assert not re.search(r"\b\d{4,}\.0\b|\b\d+e[+-]\d+\b|\b(None|nan|inf)\b", body), f"{name} {locale}"
        assert MINUS in body or name not in ("widening", "leak-50")


def test_the_counts_of_the_article_come_out_of_the_whole_press():
    """A3: start 250, new 60, lost 50, end 260 is a retention of 80 %."""
    kept = next(number for number in numbers_in(report_of("retention-250")) if number["name"] == "retention")
    assert kept["value"] == 0.8 and kept["n"] == 250
    assert (round(kept["low"], 3), round(kept["high"], 3)) == (0.746, 0.845)
