"""The fast engine shows what a kernel shows, cell by cell; a picture is drawn once."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
import nbformat
import papermill
import pytest
from browser import ROOT
from matplotlib.figure import Figure
from papermill import PapermillExecutionError

from toolkit.client import load
from toolkit.press import engine
from toolkit.press.report import execute, run_order

CLIENTS = ROOT / "templates" / "clients"
SMALL = {
    "doors": "widening",
    "worth": "verwarming-claes",
    "strategies": "widening",
    "sleepers": "living",
    "drivers": "mobi",
    "front": "widening",
    "session": "widening",
    "data": "living",
}
"""For each shipped notebook a client that has much to show in it."""


def notebook_of(*sources: str, tags: tuple[str, ...] = ()) -> nbformat.NotebookNode:
    """A notebook of code cells; the tags are those of the first one."""
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    notebook.cells = [nbformat.v4.new_code_cell(source, id=f"c{n}") for n, source in enumerate(sources)]
    notebook.cells[0].metadata["tags"] = list(tags)
    return notebook


def ran(notebook: nbformat.NotebookNode, folder: Path, way: str = engine.NAME) -> list[Any]:
    """The executed code cells of a notebook by one of the two engines, as papermill writes them, failed or not."""
    source, target = folder / "before.ipynb", folder / f"after-{way}.ipynb"
    nbformat.write(notebook, source)
    engine.register()
    named = engine.NAME if way == engine.NAME else None
    try:
        papermill.execute_notebook(source, target, engine_name=named, kernel_name="python3", progress_bar=False)
    except PapermillExecutionError:
        pass
    return [cell for cell in nbformat.read(target, as_version=4).cells if cell.cell_type == "code"]


def shown(cell: Any) -> list[dict]:
    """What a cell shows, without what no two runs have in common: where memory stands and a kernel's own folder.

    A kernel sends what is printed in as many pieces as it happens to; neighbours are taken together.
    """
    text = re.sub(r"[\w/]*ipykernel(_\d+)?/(?=\d+\.py)|(?<=0x)[0-9a-f]+", "", json.dumps(cell.outputs))
    found: list[dict] = []
    for output in json.loads(text):
        if output["output_type"] == "stream" and found and found[-1].get("name") == output["name"]:
            found[-1]["text"] += output["text"]
        else:
            found.append(output)
    return found


def same(here: list[Any], there: list[Any]) -> None:
    """Fail unless two executed notebooks show the same in every cell."""
    assert len(here) == len(there)
    for mine, theirs in zip(here, there, strict=True):
        assert mine.source == theirs.source
        assert shown(mine) == shown(theirs), mine.source
        assert mine.execution_count == theirs.execution_count, mine.source


# the notebooks that are shipped ---------------------------------------------------


def test_every_shipped_notebook_is_compared():
    assert set(SMALL) == {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")} - {"live"}


@pytest.mark.parametrize("name", SMALL)
def test_a_shipped_notebook_shows_in_this_process_what_it_shows_in_a_kernel(name):
    parameters = {"client_file": str(CLIENTS / SMALL[name] / "client.toml"), "locale": "nl_BE", "what_if": {}}
    path = str(ROOT / "notebooks" / f"{name}.ipynb")
    here, there = (engine.run(path, parameters, engine=way).cells for way in (engine.NAME, "kernel"))
    here, there = ([cell for cell in cells if cell.cell_type == "code"] for cells in (here, there))
    assert sum(len(cell.outputs) for cell in here) > 0
    assert [output for cell in here for output in cell.outputs if output.output_type == "stream"] == []
    same(here, there)


# ordinary cells -------------------------------------------------------------------

ORDINARY = (
    "print('een'); print('twee')",
    "40 + 2",
    "import pandas; pandas.DataFrame({'a': range(30), 'b': 1.5})",
    "pandas.DataFrame({f'k{i}': range(70) for i in range(30)})",
    "print(pandas.DataFrame({f'kolom{i}': range(3) for i in range(30)}))",
    "pandas.get_option('display.max_columns'), pandas.get_option('display.width')",
    "from IPython.display import HTML, display\ndisplay({'text/html': '<b>vet</b>', 'text/plain': ''}, raw=True)",
    "display(HTML('<i>schuin</i>')); 'de laatste'",
    "None",
    "'niet getoond';",
    "",
    "1\n2",
    "import sys\nprint('a'); print('b', file=sys.stderr); print('c'); display(1); print('d', flush=True); print('e')",
    "h = display('eerst', display_id='naam'); print('na')",
    "h.update('daarna'); display('nog', display_id='naam')",
    "from IPython.display import clear_output\nprint('weg'); clear_output(); print('blijft')",
    "print('weg'); display(3, display_id='x'); clear_output(wait=True); print('na'); display(4, display_id='x')",
    "print('blijft'); clear_output(wait=True)",
    "print('voortgang', end='\\r'); print('klaar')",
    "import warnings; warnings.warn('let op')",
    "import logging; logging.warning('in het logboek')",
    "_, __, Out[2], In[1], _2",
    "import asyncio\nawait asyncio.sleep(0)\n'gewacht'",
    "async def later():\n    return 7\nawait later()",
    "%who_ls",
    "!echo hallo",
    "%%bash\necho bash",
    "%%capture caught\nprint('gevangen')",
    "caught.stdout",
    "class Own:\n    def _repr_html_(self): return '<p>eigen</p>'\n    def __repr__(self): return 'eigen'\nOwn()",
    "class Png:\n    def _repr_png_(self): return b'\\x89PNG\\r\\n\\x1a\\nabc'\nPng()",
    "display({'application/json': {'a': (1, 2)}, 'text/plain': 'j'}, raw=True, metadata={'x': 1})",
    "import pickle, __main__\n__main__.Own is Own, type(pickle.loads(pickle.dumps(Own()))) is Own",
    "import inspect; print(inspect.getsource(later))",
    "from matplotlib.figure import Figure; Figure()",
    "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.title('t')",
    "fig, ax = plt.subplots(figsize=(2, 2)); ax.plot([1, 3]);",
    "plt.show(); fig",
    "import matplotlib; matplotlib.get_backend(), matplotlib.is_interactive(), matplotlib.rcParams['figure.dpi']",
    "shell = get_ipython(); type(shell).__name__, __name__, 'IPKernelApp' in shell.config, hasattr(shell, 'kernel')",
    "sys.stdout.isatty(), sys.stdout.encoding",
    "import os; [(n, os.environ.get(n)) for n in ('TERM', 'PAGER', 'MPLBACKEND', 'FORCE_COLOR')]",
    "exit",
)


APART = """
import contextlib, sys
import toolkit.press.warm, papermill
from toolkit.press import engine
engine.register()
with contextlib.suppress(papermill.PapermillExecutionError):
    papermill.execute_notebook(*sys.argv[1:], engine_name=engine.NAME, kernel_name="python3", progress_bar=False)
"""


def apart(notebook: nbformat.NotebookNode, folder: Path) -> list[Any]:
    """The executed cells by the fast engine in a process with all that the fork server imports, and nothing of pytest."""
    files = folder / "before.ipynb", folder / "after.ipynb"
    nbformat.write(notebook, files[0])
    done = subprocess.run([sys.executable, "-c", APART, *files], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return [cell for cell in nbformat.read(files[1], as_version=4).cells if cell.cell_type == "code"]


def test_ordinary_cells_show_the_same_in_both_engines(tmp_path):
    same(apart(notebook_of(*ORDINARY), tmp_path), ran(notebook_of(*ORDINARY), tmp_path, "kernel"))


def test_a_magic_that_measures_time_says_it_in_a_kernels_words(tmp_path):
    notebook = notebook_of("%time 1 + 1", "%%time\nx = 5\nx")
    for mine, theirs in zip(ran(notebook, tmp_path), ran(notebook, tmp_path, "kernel"), strict=True):
        words = [re.sub(r"[\d.e+-]+ [nμm]?s", "", json.dumps(shown(cell), ensure_ascii=False)) for cell in (mine, theirs)]
        assert words[0] == words[1] and "Wall time" in words[0]


FAILING = (
    "print('voor'); 1/0",
    "def f(x):\n    return 1 / x\nf(0)",
    "raise ValueError('twee\\nregels')",
    "syntax fout",
    "import sys; sys.exit(3)",
    "raise SystemExit",
    "raise ExceptionGroup('samen', [ValueError(1)])",
    "await 1",
    "%nosuchmagic",
    "class Own(Exception):\n    def _render_traceback_(self): return ['eigen']\nraise Own()",
    "class Bad:\n    def __repr__(self): raise ValueError('kan niet')\nBad()",
)


@pytest.fixture(scope="module")
def failures(tmp_path_factory) -> dict[str, list[list[Any]]]:
    """For each way to fail the cells by both engines; with a tag so that one kernel serves all."""
    notebook, folder = notebook_of(*FAILING), tmp_path_factory.mktemp("fails")
    for cell in notebook.cells:
        cell.metadata["tags"] = [engine.EXPECTED]
    here, there = apart(notebook, folder), ran(notebook, folder, "kernel")
    return {one.source: [one, other] for one, other in zip(here, there, strict=True)}


@pytest.mark.parametrize("source", FAILING)
def test_a_cell_that_fails_shows_a_kernels_traceback(failures, source):
    mine, theirs = failures[source]
    assert shown(mine) == shown(theirs) and mine.outputs


@pytest.mark.parametrize("source", FAILING)
def test_a_notebook_stops_where_a_cell_fails(tmp_path, source):
    *_, failed, after = ran(notebook_of(source, "'daarna'"), tmp_path)
    assert failed.outputs and after.outputs == []
    assert (failed.metadata.papermill.status, after.metadata.papermill.status) == ("failed", "pending")


@pytest.mark.parametrize("source", ["input('naam? ')", "import getpass; getpass.getpass()"])
def test_a_cell_that_asks_is_refused_as_in_a_kernel(tmp_path, source):
    told = [cells[0].outputs[0] for way in (engine.NAME, "kernel") if (cells := ran(notebook_of(source), tmp_path, way))]
    assert (told[0].ename, told[0].evalue) == (told[1].ename, told[1].evalue)
    assert told[0].ename == "StdinNotImplementedError"


def test_a_cell_tagged_skip_execution_is_not_run(tmp_path):
    live, after = ran(notebook_of("raise SystemExit('live')", "2", tags=(engine.SKIP,)), tmp_path)
    assert live.outputs == [] and after.outputs[0].data["text/plain"] == "2"


def test_a_notebook_leaves_no_name_variable_or_program_behind_for_the_next(tmp_path):
    ran(notebook_of("import os\nsecret = 1\nos.environ['GEHEIM'] = 'x'"), tmp_path)
    cells = ran(notebook_of("import os, __main__\n'secret' in globals(), 'GEHEIM' in os.environ, hasattr(__main__, 'secret')"), tmp_path)
    assert cells[0].outputs[0].data["text/plain"] == "(False, False, False)"
    import __main__

    assert not hasattr(__main__, "secret") and input.__module__ == "builtins"


def test_figures_of_pyplot_are_shown_in_every_notebook_of_a_process(tmp_path):
    matplotlib.use(engine.INLINE)  # whatever pytest's other tests have chosen
    for _ in range(2):
        (cell,) = ran(notebook_of("import matplotlib.pyplot as plt\nplt.plot([1, 2]);"), tmp_path)
        assert [sorted(output.data) for output in cell.outputs] == [["image/png", "text/plain"]]


# pictures -------------------------------------------------------------------------


@cache
def drawings(name: str) -> list[str]:
    """The pictures in the executed notebooks of a client."""
    found = execute(load(CLIENTS / name), "nl_BE", engine=engine.NAME)
    outputs = [output for notebook in found.values() for cell in notebook.cells for output in cell.get("outputs", ())]
    return [output.data["text/html"] for output in outputs if "<svg" in output.get("data", {}).get("text/html", "")]


def test_every_picture_of_a_report_is_drawn_once(monkeypatch):
    drawn, draw = [], Figure.draw
    monkeypatch.setattr(Figure, "draw", lambda self, renderer: (drawn.append(type(renderer).__name__), draw(self, renderer)))
    drawings.cache_clear()
    pictures = drawings("widening")
    assert len(pictures) >= 5
    assert len(drawn) == len(pictures)


def test_every_notebook_of_a_client_is_run_once_a_locale(monkeypatch):
    asked, run = [], engine.run
    monkeypatch.setattr(engine, "run", lambda path, *rest, **more: (asked.append(Path(path).stem), run(path, *rest, **more))[1])
    client = load(CLIENTS / "leak-50")
    execute(client, "nl_BE", engine=engine.NAME)
    assert tuple(asked) == run_order(client)
