"""What does a report cost, beside what its cells cost anyway?

    python benchmarks/press.py --short      a few minutes
    python benchmarks/press.py --long       with a thousand clients; an hour on two cores

Everything is measured in one run on one machine, so that the ratios mean something where
seconds do not. Two kinds of work: a notebook of another kind (fourteen cells, seven thousand
rows, six seaborn figures, four tables, HTML), and clients with counts alone. Four ways: the
`papermill` and `jupyter nbconvert` commands for each notebook; the two as libraries in one process,
with a fresh kernel for each notebook; the press, one client at a time and two. Starting the fork
server counts. Linux only: memory is read from /proc, what processes share counted once.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import perf_counter, process_time

from thousand import client, write

ROOT = Path(__file__).resolve().parent.parent
DOORS = ("doors", "data", "front")  # the notebooks of a client with counts alone
CELLS = (
    "import numpy as np\nimport pandas as pd\nimport seaborn as sns\nimport matplotlib.pyplot as plt",
    "rng = np.random.default_rng(seed)\nrows = 7000",
    "data = pd.DataFrame({'value': rng.lognormal(3, 1, rows), 'visits': rng.poisson(4, rows), 'branch': rng.choice(list('ABCDE'), rows)})",
    "data.describe()",
    "sns.histplot(data, x='value', bins=40);",
    "sns.boxplot(data, x='branch', y='value');",
    "data.groupby('branch').agg(['mean', 'median', 'count'])",
    "sns.scatterplot(data.head(1000), x='visits', y='value', hue='branch');",
    "sns.barplot(data, x='branch', y='value', errorbar=None);",
    "data.pivot_table(index='visits', columns='branch', values='value', aggfunc='sum').head(12)",
    "sns.kdeplot(data, x='value', hue='branch');",
    "sns.lineplot(data.groupby('visits', as_index=False).value.mean(), x='visits', y='value');",
    "data.nlargest(20, 'value')",
    "plt.close('all')",
)

BUDGETS = """
[strategies]
prospects = 2400
[strategies.keep]
spend = 6
rate = { low = "71%", likely = "74%", high = "78%" }
ceiling = "90%"
budget = 4000
[strategies.win]
spend = 4
rate = { low = "8.3%", likely = "9%", high = "9.8%" }
ceiling = "12%"
budget = 6000
"""  # what the client `living` lacks to have every chapter


# the work -----------------------------------------------------------------------------------------


def write_notebook(folder: Path) -> Path:
    """The notebook of another kind, with a parameter `seed`."""
    import nbformat

    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
    first = nbformat.v4.new_code_cell("seed = 0", metadata={"tags": ["parameters"]})
    notebook.cells = [first, *map(nbformat.v4.new_code_cell, CELLS)]
    nbformat.write(notebook, folder / "other.ipynb")
    return folder / "other.ipynb"


def write_doors(folder: Path, count: int) -> list[Path]:
    """Clients with counts alone."""
    made = []
    for number in range(count):
        path = folder / f"doors-{number}" / "client.toml"
        path.parent.mkdir(parents=True)
        text = str(client(number).toml).replace("[worth]\n", "")
        path.write_text(text.replace(', "en_GB"]', "]"), encoding="utf-8")  # one language: one report a client
        made.append(path)
    return made


def notebooks(kind: str, folder: Path, number: int) -> list[tuple[Path, dict]]:
    """The notebooks of one report with their parameters."""
    if kind == "other":
        return [(folder / "other.ipynb", {"seed": number})]
    values = {"client_file": str(folder / f"doors-{number}" / "client.toml"), "locale": "en_GB", "what_if": {}}
    return [(ROOT / "notebooks" / f"{name}.ipynb", values) for name in DOORS]


# the ways -----------------------------------------------------------------------------------------


def by_commands(kind: str, folder: Path, count: int) -> None:
    """Two commands for each notebook."""
    for number in range(count):
        for source, values in notebooks(kind, folder, number):
            made = folder / f"{source.stem}-{number}.ipynb"
            given = [word for name, value in values.items() if value != {} for word in ("-p", name, str(value))]
            for command in (
                ["papermill", str(source), str(made), *given, "--no-progress-bar"],
                ["nbconvert", "--to", "html", "--no-input", str(made)],
            ):
                subprocess.run([sys.executable, "-m", *command], check=True, capture_output=True)


def by_libraries(kind: str, folder: Path, count: int) -> None:
    """All in this process, a kernel for each notebook."""
    import nbformat
    import papermill
    from nbconvert import HTMLExporter

    for number in range(count):
        for source, values in notebooks(kind, folder, number):
            made = folder / f"{source.stem}-{number}.ipynb"
            papermill.execute_notebook(source, made, parameters=values, progress_bar=False)
            html, _ = HTMLExporter(exclude_input=True).from_notebook_node(nbformat.read(made, as_version=4))
            made.with_suffix(".html").write_text(html, encoding="utf-8")


def by_press(kind: str, folder: Path, count: int, jobs: int) -> None:
    """The press: its command for clients; for another notebook its processes and its engine."""
    if kind == "doors":
        files = [folder / f"doors-{number}" for number in range(count)]
        command = ["toolkit", "report", *map(str, files), "--jobs", str(jobs), "--out", str(folder / f"out-{jobs}")]
        subprocess.run([sys.executable, "-m", *command], check=True, capture_output=True)
        return
    each(other_report, [f"{folder}/{number}" for number in range(count)], jobs)


def each(task: Callable, files: Sequence[str], jobs: int) -> None:
    """A task for each of these, each in a process of its own; the one place that knows the press's machinery."""
    from toolkit.press.job import Job
    from toolkit.press.supervise import each_in_its_process

    outcomes = each_in_its_process(task, [Job(file) for file in files], at_once=jobs)
    assert {one.status for one in outcomes} == {"done"}, [(one.status, one.cause) for one in outcomes]


def other_report(job, tell):
    """In a process of its own: the other notebook through papermill with our engine, then HTML."""
    import nbformat
    import papermill
    from nbconvert import HTMLExporter

    from toolkit.press import engine
    from toolkit.press.job import Outcome

    folder, number = Path(job.file).parent, int(Path(job.file).name)
    engine.register()
    for source, values in notebooks("other", folder, number):
        made = folder / f"ours-{number}.ipynb"
        papermill.execute_notebook(
            source, made, parameters=values, engine_name=engine.NAME, kernel_name="python3", progress_bar=False
        )
        html, _ = HTMLExporter(exclude_input=True).from_notebook_node(nbformat.read(made, as_version=4))
        made.with_suffix(".html").write_text(html, encoding="utf-8")
    return Outcome(job.file, status="done")


# the cells' own share -----------------------------------------------------------------------------


def weighed(job, tell):
    """In a process of its own: a whole client by the press, and how much of its processor time was its own work."""
    from toolkit import store
    from toolkit.client import load
    from toolkit.press import engine
    from toolkit.press.job import Outcome
    from toolkit.press.report import make_report

    spent, run = [], engine._run

    def timed(shell, cell):
        begun = process_time()
        try:
            return run(shell, cell)
        finally:
            spent.append(process_time() - begun)

    engine._run = timed
    with tempfile.TemporaryDirectory() as folder:
        os.environ[store.VARIABLE] = folder
        begun = process_time()
        found = load(job.file)
        for locale in found.client.locales:
            make_report(found, locale, Path(folder) / "out" / locale)
        whole = process_time() - begun
    Path(job.file).with_suffix(".weighed").write_text(json.dumps([whole, sum(spent)]))
    return Outcome(job.file, status="done")


def share_of_cells(name: str, folder: Path, repeats: int) -> tuple[float, float]:
    """Processor seconds of all reports of a shipped client, and of their cells alone: medians; `living` with every chapter."""
    found = []
    for _ in range(repeats):
        home = Path(tempfile.mkdtemp(dir=folder))
        shutil.copytree(ROOT / "templates" / "clients" / name, home, dirs_exist_ok=True)
        if name == "living":
            with (home / "client.toml").open("a", encoding="utf-8") as file:
                file.write(BUDGETS)
        each(weighed, [str(home / "client.toml")], 1)
        found.append(json.loads((home / "client.weighed").read_text()))
    return median(one for one, _ in found), median(other for _, other in found)


# measuring ----------------------------------------------------------------------------------------


def tree(process: int) -> Iterator[int]:
    """A process and all that it started."""
    yield process
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from tree(int(child))


def memory(process: int) -> float:
    """MiB of a process and all that it started, what they share counted once."""
    total = 0
    for one in tree(process):
        with contextlib.suppress(OSError, ValueError, StopIteration):
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            total += int(next(line for line in lines if line.startswith("Pss:")).split()[1])
    return total / 1024


def run(*words: str, allowed: tuple[int, ...] = (0,)) -> tuple[float, float]:
    """Seconds of this script with other arguments in a fresh process, and the most MiB that all its processes had."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    begun, most, over = perf_counter(), [0.0], Event()
    process = subprocess.Popen([sys.executable, *words], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def watch() -> None:
        while not over.wait(0.2):
            most.append(memory(process.pid))

    watcher = Thread(target=watch)
    watcher.start()
    _, told = process.communicate()
    seconds = perf_counter() - begun
    over.set()
    watcher.join()
    if process.returncode not in allowed:
        sys.exit(told.decode(errors="replace"))
    return seconds, max(most)


def ways(kind: str, folder: Path, counts: dict[str, int], repeats: int) -> dict[str, float]:
    """Seconds a report by each way, in turns: medians."""
    found: dict[str, list[float]] = {name: [] for name in counts}
    for _ in range(repeats):
        for name, count in counts.items():
            seconds, _ = run(__file__, "--work", name, "--kind", kind, "--folder", str(folder), "--count", str(count))
            found[name].append(seconds / count)
    return {name: median(values) for name, values in found.items()}


WORK = {
    "commands": by_commands,
    "libraries": by_libraries,
    "press, one": lambda kind, folder, count: by_press(kind, folder, count, 1),
    "press, two": lambda kind, folder, count: by_press(kind, folder, count, 2),
}


def main() -> None:
    """Measure and print the tables, ready for docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="few reports, one repeat, up to forty clients")
    parser.add_argument("--long", action="store_true", help="more of everything, and a thousand clients")
    for name in ("--work", "--kind", "--folder"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    parser.add_argument("--count", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        return WORK[given.work](given.kind, Path(given.folder), given.count)
    sizes = (2, 4, 24, 32) if given.short else (5, 8, 60, 100)
    repeats = 1 if given.short else 3
    many = (10, 100, 1000) if given.long else (10, 40)
    print(f"{date.today().isoformat()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}\n")
    with tempfile.TemporaryDirectory(prefix="toolkit-bench-") as name:
        folder = Path(name)
        write_notebook(folder)
        write_doors(folder, max(sizes))
        for kind in ("other", "doors"):
            found = ways(kind, folder, dict(zip(WORK, sizes, strict=True)), repeats)
            print(f"| {kind}: way | reports | seconds a report | times faster than commands | than libraries |\n|---|---|---|---|---|")
            for (way, seconds), count in zip(found.items(), sizes, strict=True):
                ratios = (f"{found[other] / seconds:.1f}" for other in ("commands", "libraries"))
                print(f"| {way} | {count} | {seconds:.2f} | {' | '.join(ratios)} |", flush=True)
            print()
        print("| client | processor seconds, all its reports | of which in cells | ratio |\n|---|---|---|---|")
        for client_name in ("living", "widening", "retention-250"):
            whole, cells = share_of_cells(client_name, folder, repeats)
            print(f"| {client_name} | {whole:.2f} | {cells:.2f} | {whole / cells:.2f} |", flush=True)
        print("\n| clients, doors and worth, two at a time | seconds a client | most MiB |\n|---|---|---|")
        for count in many:
            write(folder / f"many-{count}", count)
            command = ("report", str(folder / f"many-{count}"), "--keep-going", "--jobs", "2")
            seconds, most = run("-m", "toolkit", *command, "--out", str(folder / f"reports-{count}"), allowed=(1,))
            print(f"| {count} | {seconds / count:.2f} | {most:.0f} |", flush=True)


if __name__ == "__main__":
    main()
