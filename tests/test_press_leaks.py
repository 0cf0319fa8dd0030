"""Nothing of one client, of chance or of the environment reaches another client's report."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from textwrap import indent

import nbformat
import numpy
import pytest
from browser import COUNTS, ROOT, client_text, run_cli, write_client
from hypothesis import given
from hypothesis import strategies as some

from toolkit.press import clean, engine, report
from toolkit.press.job import Job, Outcome, make
from toolkit.press.supervise import each_in_its_process

only_forking = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")
ONE_AT_A_TIME = ("--jobs", "1")
HELD_BACK = "geheim-van-het-kantoor"
TRICKS = {
    "a name of its own": "LEAK = builtins.LEAK = 'vijand-was-hier'",
    "the environment": "os.environ.update(TOOLKIT_LEAK='vijand-was-hier', TZ='Pacific/Apia', LC_ALL='tr_TR.UTF-8', MPLBACKEND='svg')",
    "options of pandas": "[pandas.set_option(f'display.{name}', 1) for name in ('precision', 'max_rows', 'max_columns')]",
    "settings of matplotlib": "matplotlib.rcParams.update({'font.size': 40, 'axes.facecolor': 'red', 'svg.fonttype': 'path'})",
    "a theme of seaborn": "seaborn.set_theme(style='darkgrid', font_scale=4)",
    "open figures": "get_ipython().run_line_magic('config', 'InlineBackend.close_figures = False')\n"
    "[pyplot.figure().suptitle('vijand-was-hier') for number in range(9)]",
    "chance": "random.seed(1), numpy.random.seed(1)",
    "the working directory": "os.chdir('/')",
    "decimals": "decimal.getcontext().prec = decimal.DefaultContext.prec = 2",
    "warnings": "warnings.simplefilter('error')",
    "another json": "json.dumps = lambda *a, **k: 'vijand-was-hier'",
    "another pandas": "pandas.DataFrame.to_dict = pandas.DataFrame.__len__ = lambda *a, **k: 1",
    "other words": "toolkit.words.Words.text = toolkit.quantities.Quantities.quantity = lambda *a, **k: 'vijand-was-hier'",
    "another title": "toolkit.words.Words('nl_BE')._texts['doors']['title'] = 'vijand-was-hier'",
    "other colours": "toolkit.doors.pictures.BLUE = toolkit.doors.pictures.RED = 'black'",
    "another analysis": "toolkit.doors.numbers.analyse = lambda *a, **k: None",
    "another template": "jinja2.Environment.get_template = lambda *a, **k: None",
    "the search path": "sys.path.insert(0, '/vijand-was-hier')",
    "a module gone": "sys.modules.update(babel=None)",
    "other builtins": "builtins.len, builtins.round = lambda thing: 3, lambda *number: 0",
}
NEEDS = """
import builtins, decimal, json, os, random, sys, warnings
import jinja2, matplotlib, numpy, pandas, seaborn
from matplotlib import pyplot
import toolkit.doors.numbers, toolkit.doors.pictures, toolkit.page, toolkit.picture, toolkit.quantities, toolkit.words
"""
MARK = "open(os.environ['TOOLKIT_MARK'], 'w').write('vijand-was-hier')"
HOSTILE = f"if client.client.name == 'Vijand':\n{indent(NEEDS + chr(10).join([MARK, *TRICKS.values()]), '    ')}"
LOOKING = '''
if client.client.name == "Onschuldig":
    import builtins, decimal, os, random, sys, warnings, matplotlib, numpy, pandas
    from matplotlib import pyplot
    from IPython.display import display
    seen = [hasattr(builtins, "LEAK"), "LEAK" in globals(), os.getcwd() == "/", "/vijand-was-hier" in sys.path]
    seen += [sys.modules.get("babel", "") is None, decimal.getcontext().prec, len(pandas.DataFrame({'a': [1, 2]}))]
    seen += [any(one[0] == 'error' and one[2] is Warning for one in warnings.filters), pyplot.get_fignums()]
    seen += [os.environ.get(name, "") for name in ("TOOLKIT_LEAK", "MPLBACKEND")]
    seen += [pandas.get_option("display." + name) for name in ("precision", "max_rows", "max_columns")]
    seen += [matplotlib.rcParams[name] for name in ("font.size", "axes.facecolor", "svg.fonttype")]
    seen += [random.random(), numpy.random.random()]
    display({"text/html": f"<p>{seen}</p>"}, raw=True)
'''
TELLING = '''
if client.client.name == "Babbelaar":
    import builtins, os, random, numpy
    from IPython.display import display
    told = [sorted(os.environ.items()), hasattr(builtins, "LEAK"), random.random(), numpy.random.random()]
    display({"text/html": f"<p>{told}</p>"}, raw=True)
'''
"""What the doors notebook of the copied project does for three of its clients; all others run it as it is."""


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A copy of the project whose doors notebook does harm for one client, and tells all it can see for another."""
    home = tmp_path_factory.mktemp("project")
    for part in ("toolkit", "notebooks", "templates", "requirements.txt"):
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, home / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, home / part)
    path = home / "notebooks" / "doors.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells += [nbformat.v4.new_code_cell(source.strip()) for source in (HOSTILE, LOOKING, TELLING)]
    nbformat.write(notebook, path)
    return home


def made(home: Path, folder: Path, *names: str, options: tuple[str, ...] = (), code: int = 0, **more) -> Path:
    """The reports of clients by name, made in this order by one command that ends with a code; where they stand."""
    clients = [write_client(folder / "clients", name.lower(), client_text(name)) for name in names]
    run = run_cli("report", *clients, "--out", folder / "out", *options, home=home, **more)
    assert run.returncode == code, run.stdout + run.stderr
    return folder / "out"


def files_of(folder: Path) -> dict[str, bytes]:
    """The files of a client's reports, by path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def alone(project, tmp_path_factory) -> dict[str, bytes]:
    """What an innocent client's reports are when nobody else is there."""
    return files_of(made(project, tmp_path_factory.mktemp("alone"), "Onschuldig") / "onschuldig")


@pytest.mark.parametrize("options", [(), ONE_AT_A_TIME], ids=["side by side", "one after another"])
def test_a_hostile_client_changes_no_byte_of_the_next_ones_report(project, alone, tmp_path, options):
    out = made(project, tmp_path, "Vijand", "Onschuldig", options=options, code=1, environ={"TOOLKIT_MARK": str(tmp_path / "toolkit-vijand")})
    assert files_of(out / "onschuldig") == alone and len(alone) == 3
    assert (tmp_path / "toolkit-vijand").read_text() == "vijand-was-hier", "the hostile cell did not run to its end"


def _in_one_process(home, first, job, tell):
    """What no batch does: run a notebook of somebody else and then make a client's reports, in the same process."""
    report.NOTEBOOKS = Path(home) / "notebooks"
    with contextlib.suppress(Exception):  # some tricks break the very cell that plays them
        engine.run(first, {})
    return make(job, tell)


def shared(home: Path, folder: Path, trick: str) -> Outcome:
    """What becomes of the innocent client in one process with a trick."""
    client = write_client(folder / "clients", "onschuldig", client_text("Onschuldig"))
    for name in ("unfinished", "temporary", "store"):
        (folder / "home" / name).mkdir(parents=True)
    first = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(part) for part in (NEEDS, trick)])
    first.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(first, folder / "first.ipynb")
    job = Job(str(client), out=str(folder / "out"), home=str(folder / "home"), cwd=str(folder))
    task = partial(_in_one_process, str(home), str(folder / "first.ipynb"))
    return each_in_its_process(task, [job], time_limit=60)[0]


@pytest.fixture(scope="module")
def undisturbed(project, tmp_path_factory) -> Outcome:
    """What becomes of it where the other does nothing."""
    return shared(project, tmp_path_factory.mktemp("undisturbed"), "pass")


OWN = ("the environment", "chance")  # a notebook puts back the one, a client begins with its own of the other


@only_forking
@pytest.mark.parametrize("trick", TRICKS)
def test_each_of_its_tricks_would_be_seen_if_two_clients_shared_a_process(project, undisturbed, tmp_path, trick):
    assert undisturbed.status == "done" and len(undisturbed.outputs) == 3
    found = shared(project, tmp_path, TRICKS[trick])
    assert (found.outputs != undisturbed.outputs) == (trick not in OWN), found


def test_a_canary_of_each_of_ten_clients_is_in_its_own_report_and_in_no_other(tmp_path):
    names = [f"Kanarie{letter}" for letter in "ABCDEFGHIJ"]
    out = made(ROOT, tmp_path, *names)
    for name in names:
        for path, content in files_of(out / name.lower()).items():
            assert (name.encode() in content) or path.endswith(".json"), path
            assert not [other for other in names if other != name and other.lower().encode() in content.lower()], path


def test_no_secret_of_the_environment_reaches_an_output_even_where_a_cell_prints_all_of_it(project, tmp_path):
    secrets = {"AWS_SECRET_ACCESS_KEY": HELD_BACK, "DATABASE_URL": HELD_BACK, "JUPYTER_TOKEN": HELD_BACK}
    out = made(project, tmp_path, "Babbelaar", environ={**secrets, "TOOLKIT_SPOKEN": "mag-gezegd-worden"})
    whole = b"".join(files_of(out).values())
    assert b"mag-gezegd-worden" in whole and HELD_BACK.encode() not in whole


def test_chance_is_the_clients_own_and_the_same_in_every_run(project, tmp_path):
    def told(folder: Path) -> str:
        cells = nbformat.read(folder / "babbelaar" / "nl_BE" / "report.ipynb", as_version=4).cells
        (found,) = (cell.outputs[-1].data["text/html"] for cell in cells if cell.source.startswith(TELLING.strip()[:40]))
        return found.rsplit("], ", 1)[1]

    first, second = (told(made(project, tmp_path / name, "Babbelaar")) for name in "ab")
    assert first == second and first.startswith("False, ")


# what a process begins with -------------------------------------------------------


def test_what_python_jupyter_and_the_system_need_is_kept():
    needed = {"PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "PYTHONPATH", "JUPYTER_PATH", "MPLCONFIGDIR"}
    needed |= {"OPENBLAS_NUM_THREADS", "XDG_CACHE_HOME", "TOOLKIT_RESULT_STORE", "TOOLKIT_BROWSER", "SystemRoot"}
    assert set(clean.kept(dict.fromkeys(needed, "x"))) == needed


@pytest.mark.parametrize(
    "name",
    ["AWS_SECRET_ACCESS_KEY", "DATABASE_URL", "PGPASSWORD", "JUPYTER_TOKEN", "TOOLKIT_API_KEY", "SSH_AUTH_SOCK", "HTTPS_PROXY"],
)
def test_what_may_be_a_secret_is_not_kept(name):
    assert clean.kept({name: "x"}) == {}


@given(some.dictionaries(some.text(max_size=20), some.text(max_size=5)))
def test_what_is_kept_is_part_of_what_there_was_and_keeping_twice_changes_nothing(environ):
    once = clean.kept(environ)
    assert once.items() <= environ.items() and clean.kept(once) == once


def test_a_process_starts_from_its_seed_without_the_rest_of_the_environment(monkeypatch):
    states = random.getstate(), numpy.random.get_state()
    monkeypatch.setattr(os, "environ", {"PATH": "/bin", "DATABASE_URL": "x"})
    drawn = []
    for seed in (7, 7, 2**40 + 7):
        clean.start(seed)
        drawn.append((random.random(), numpy.random.random()))
    random.setstate(states[0]), numpy.random.set_state(states[1])
    assert drawn[0] == drawn[1] != drawn[2] and os.environ == {"PATH": "/bin"}


# the server -----------------------------------------------------------------------

AT_START = """
import json, multiprocessing, sys

def look(sender, client):
    import gc, threading, asyncio
    import zmq
    from pathlib import Path
    import tempfile
    found = {
        "preloaded": "toolkit.press.warm" in sys.modules,
        "threads": threading.active_count(),
        "sockets": sum(isinstance(thing, (zmq.Context, zmq.Socket)) for thing in gc.get_objects()),
        "loops": sum(isinstance(thing, asyncio.AbstractEventLoop) for thing in gc.get_objects()),
    }
    from toolkit.client import load
    from toolkit.press.report import make_report
    with tempfile.TemporaryDirectory() as folder:
        make_report(load(client), "nl_BE", Path(folder) / "nl_BE")
    sender.send(found | {"modules": sorted(sys.modules)})

if __name__ == "__main__":
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["toolkit.press.warm"])
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=look, args=(sender, sys.argv[1]))
    process.start()
    sender.close()
    print(json.dumps(receiver.recv()))
    process.join()
"""


@pytest.fixture(scope="module")
def child(tmp_path_factory) -> dict:
    """What a process forked from the server finds at its start, and has imported after a report of the doors alone."""
    folder = tmp_path_factory.mktemp("child")
    (folder / "look.py").write_text(AT_START, encoding="utf-8")
    client = write_client(folder, "klein", client_text("Klein", COUNTS))
    done = subprocess.run(
        [sys.executable, folder / "look.py", client],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@only_forking
def test_the_server_has_no_thread_no_socket_and_no_event_loop_to_hand_on(child):
    assert (child["preloaded"], child["threads"], child["sockets"], child["loops"]) == (True, 1, 0, 0)


@only_forking
def test_nothing_is_imported_in_vain_for_a_chapter_that_a_client_does_not_have(child):
    modules = set(child["modules"])
    heavy = {"duckdb", "pyreadstat", "statsmodels", "openpyxl", "anywidget", "hypothesis"}
    found = heavy & {name.split(".")[0] for name in modules}
    assert found == set()
    allowed = {"section"}  # the client file is read with the sections of all chapters
    for chapter in ("worth", "sleepers", "strategies", "drivers"):
        inner = {name.split(".")[2] for name in modules if name.startswith(f"toolkit.{chapter}.")}
        assert inner <= allowed | {"inputs"}, chapter
