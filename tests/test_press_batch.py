"""A batch: which clients, in which order, what is refused, what is made again, and that the same comes out of it however it is run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from browser import ROOT, client_text, make_folder, run_cli, write_client
from pressing import last_run, lines, made, started, statuses, write_clients

from toolkit.press.batch import client_paths, exit_code
from toolkit.press.job import Job, Outcome, input_files
from toolkit.press.key import program_digest
from toolkit.press.supervise import each_in_its_process

NAMES = ("an", "bo", "cis", "eva")


@cache
def whole() -> tuple[Path, Path]:
    """A folder of clients and the reports that one batch made of it, to compare with."""
    folder = make_folder("whole")
    clients, out = write_clients(folder / "clients", *NAMES), folder / "out"
    run = run_cli("report", clients, "--out", out)
    assert run.returncode == 0, run.stderr
    return clients, out


# which clients --------------------------------------------------------------------


def test_a_folder_without_a_client_file_stands_for_the_clients_in_it_in_the_order_of_their_names(tmp_path):
    for name in ("b/client.toml", "a.toml", "c.toml", "c.session.toml", ".hidden/client.toml", ".d.toml", "e/other.toml", "f.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    found = client_paths([str(tmp_path), str(tmp_path / "b"), "elsewhere"])
    assert [Path(path).name for path in found] == ["a.toml", "b", "c.toml", "elsewhere"]


def test_a_folder_with_a_client_file_is_that_client_whatever_else_is_in_it(tmp_path):
    for name in ("client.toml", "a.toml", "b/client.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert client_paths([str(tmp_path)]) == [str(tmp_path)]


def test_a_folder_without_any_client_is_refused(tmp_path):
    run = run_cli("report", tmp_path, "--out", tmp_path / "out")
    assert run.returncode == 2 and "client.toml" in run.stderr and not (tmp_path / "out").exists()


@pytest.mark.parametrize("parts", [1, 2, 3, 7, 12])
def test_shards_have_every_client_once_and_none_has_many_more_than_another(parts):
    given = [f"client-{number}" for number in range(10)]
    shards = [client_paths(given, (part, parts)) for part in range(1, parts + 1)]
    assert Counter(path for shard in shards for path in shard) == Counter(given)
    assert max(map(len, shards)) - min(map(len, shards)) <= 1


# what is refused ------------------------------------------------------------------


@pytest.fixture
def mixed(tmp_path) -> Path:
    """Three clients: one that is right, one whose file is wrong, one with the id of the first."""
    clients = write_clients(tmp_path / "clients", "an")
    write_client(clients, "bo", client_text("bo", "start = 10\nnew = 1\nlost = 99"))
    write_client(clients, "cis", client_text("cis").replace("locales", 'id = "AN"\nlocales'))
    return clients


def test_one_refusal_keeps_all_from_being_made_and_all_are_listed(mixed, tmp_path):
    run = run_cli("report", mixed, "--out", tmp_path / "out")
    assert run.returncode == 2 and not (tmp_path / "out").exists()
    assert str(mixed / "bo") in run.stderr and "client.id" in run.stderr


def test_with_keep_going_those_that_are_right_are_made_and_the_others_written_down(mixed, tmp_path):
    out = tmp_path / "out"
    run = run_cli("report", mixed, "--out", out, "--keep-going")
    assert run.returncode == 1
    assert {path.split("/")[0] for path in made(out)} == {"an"}
    records = {line["name"]: line for line in lines(out) if "status" in line}
    assert {name: one["status"] for name, one in records.items()} == {"an": "done", "bo": "refused", "cis": "refused"}
    assert "client.id" in records["cis"]["cause"]


def test_with_keep_going_and_nothing_right_nothing_is_run(tmp_path):
    write_client(tmp_path / "clients", "bo", client_text("bo", "start = 10\nnew = 1\nlost = 99"))
    run = run_cli("report", tmp_path / "clients", "--out", tmp_path / "out", "--keep-going")
    assert run.returncode == 2 and not (tmp_path / "out").exists()


def test_the_exit_code_is_that_of_the_worst():
    def code(*statuses: str) -> int:
        return exit_code([Outcome("a", status=status) for status in statuses])

    assert [code(), code("done", "current"), code("done", "refused"), code("refused", "refused"), code("time_out")] == [0, 0, 1, 2, 1]


# made again -----------------------------------------------------------------------


@pytest.fixture
def again(tmp_path) -> tuple[Path, Path]:
    """The clients and reports of the whole batch, to change."""
    clients, out = whole()
    shutil.copytree(clients, tmp_path / "clients")
    shutil.copytree(out, tmp_path / "out")
    return tmp_path / "clients", tmp_path / "out"


def resumed(clients: Path, out: Path, *more: str) -> list[str]:
    """The clients that a resumed batch makes again."""
    run = run_cli("report", clients, "--out", out, "--resume", *more)
    assert run.returncode == 0, run.stderr
    return sorted(name for name, status in last_run(out).items() if status == "done")


def test_only_what_changed_is_made_again_and_where_nothing_changed_nothing(again):
    clients, out = again
    before = made(out)
    assert resumed(clients, out) == [] and made(out) == before
    assert set(statuses(out).values()) == {"current"}
    (out / "an" / "nl_BE" / "report.html").write_text("mine")
    (out / "eva" / "nl_BE" / "results.json").unlink()
    assert resumed(clients, out) == ["an", "eva"] and made(out) == before
    path = clients / "cis" / "client.toml"
    path.write_text(path.read_text("utf-8").replace("start = 250", "start = 251"), "utf-8")
    assert resumed(clients, out) == ["cis"]


def test_another_parameter_or_language_makes_every_client_again(again):
    assert resumed(*again, "--locale", "en_GB") == sorted(NAMES)


def test_one_changed_byte_of_data_makes_its_client_again_alone(tmp_path):
    log = '[log]\nfile = "log.csv"\ncolumns = { customer = "klant", date = "dag", amount = "bedrag" }'
    for name in ("an", "bo"):
        folder = write_client(tmp_path / "clients", name, client_text(name, 'every = "year"\nwindow = 365', log))
        rows = [f"K{n};{year}-0{1 + n % 9}-15;1{n}.00" for year in (2022, 2023, 2024) for n in range(40)]
        (folder / "log.csv").write_text("klant;dag;bedrag\n" + "\n".join(rows) + "\n")
    clients, out = tmp_path / "clients", tmp_path / "out"
    assert run_cli("report", clients, "--out", out).returncode == 0
    data = clients / "bo" / "log.csv"
    times = data.stat()
    data.write_text(data.read_text().replace("K7;2023-08-15;17.00", "K7;2023-08-15;18.00"))
    os.utime(data, ns=(times.st_atime_ns, times.st_mtime_ns))  # the bytes count, not the clock
    assert resumed(clients, out) == ["bo"]


def test_the_files_of_a_client_are_all_that_its_report_is_made_from(tmp_path):
    from toolkit.client import load

    living = load(ROOT / "templates" / "clients" / "living")
    named = {living.file.name, living.log.file, living.survey.file}
    assert set(input_files(living)) == named
    folder = write_client(tmp_path, "an", client_text("an"))
    (folder / "client.session.toml").write_text("")
    assert set(input_files(load(folder))) == {"client.toml", "client.session.toml"}


def test_a_changed_template_notebook_or_line_of_code_makes_every_client_again(tmp_path):
    home, clients, out = tmp_path / "home", write_clients(tmp_path / "clients", "an"), tmp_path / "out"
    for part in ("toolkit", "notebooks", "templates"):
        shutil.copytree(ROOT / part, home / part, ignore=shutil.ignore_patterns("__pycache__", "clients"))
    assert run_cli("report", clients, "--out", out, home=home).returncode == 0
    keys = [program_digest(home)]
    for part in ("templates/report/html/report.css", "templates/words/en/doors.toml", "notebooks/drivers.ipynb", "toolkit/drivers/numbers.py"):
        with (home / part).open("a") as file:
            file.write("\n")
        keys.append(program_digest(home))
    (home / "requirements.txt").write_text("numpy==2.0\n")
    assert len({*keys, program_digest(home)}) == 6
    run = run_cli("report", clients, "--out", out, "--resume", home=home)
    assert run.returncode == 0 and last_run(out) == {"an": "done"}
    run_cli("report", clients, "--out", out, "--resume", home=home)
    assert last_run(out) == {"an": "current"}


# the same -------------------------------------------------------------------------


def index_of(out: Path) -> str:
    """The page about all clients, but for where their files stand, seen from there."""
    text = (out / "index.html").read_text("utf-8")
    assert all(name in text for name in NAMES)
    return re.sub(r"(\.\./)+\S*?(?=clients/)", "", text)


def test_the_same_bytes_come_out_whatever_the_number_of_workers_and_the_order(tmp_path):
    clients, out = whole()
    turned = [clients / name for name in reversed(NAMES)]
    environ = {"TZ": "Pacific/Apia", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7"}
    run = run_cli("report", *turned, "--out", tmp_path / "out", "--jobs", "4", environ=environ)
    assert run.returncode == 0, run.stderr
    assert made(tmp_path / "out") == made(out) and index_of(tmp_path / "out") == index_of(out)


def test_the_union_of_shards_is_the_whole_byte_for_byte(tmp_path):
    clients, out = whole()
    shards = [started("report", clients, "--out", tmp_path / "out", "--shard", f"{part}/2", "--jobs", 1) for part in (1, 2)]
    assert [shard.finish().returncode for shard in shards] == [0, 0]
    assert made(tmp_path / "out") == made(out)
    assert {path.name for path in (tmp_path / "out").glob("manifest*")} == {"manifest-1-of-2.jsonl", "manifest-2-of-2.jsonl"}
    assert index_of(tmp_path / "out") == index_of(out)


def test_what_a_client_draws_at_random_is_its_own_and_the_same_every_time():
    seeds = [{line["client"]: line["seed"] for line in lines(whole()[1]) if "seed" in line}]
    assert len(set(seeds[0].values())) == len(NAMES)


# who opens what -------------------------------------------------------------------

WATCH = """
import os, sys
seen, clients = os.environ["SEEN"], os.environ["CLIENTS"]
def watch(event, arguments):
    if event == "open" and str(arguments[0]).startswith(clients):
        file = os.open(seen, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(file, f"{os.getpid()} {os.getppid()}\\n".encode())
        os.close(file)
sys.addaudithook(watch)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no fork server")
def test_neither_the_command_nor_the_fork_server_ever_opens_a_clients_file(tmp_path):
    clients, _ = whole()
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    environ = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "SEEN": str(tmp_path / "seen"), "CLIENTS": f"{clients}/"}
    command = [sys.executable, "-m", "toolkit", "report", str(clients), "--out", str(tmp_path / "out")]
    run = subprocess.Popen(command, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert run.wait() == 0
    opened = [tuple(map(int, line.split())) for line in (tmp_path / "seen").read_text().splitlines()]
    assert len({pid for pid, _ in opened}) == 2 * len(NAMES)  # each is checked and made, in a process of its own
    servers = {parent for _, parent in opened}
    assert len(servers) == 1 and not {run.pid, *servers} & {pid for pid, _ in opened}


def test_the_command_itself_stays_thin(tmp_path):
    clients, _ = whole()
    code = "import sys; from toolkit.__main__ import main\ntry: main(sys.argv[1:])\nexcept SystemExit: print(*sys.modules)"
    command = [sys.executable, "-c", code, "report", str(clients / "an"), "--out", str(tmp_path / "out")]
    loaded = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout.split()
    assert not {"pandas", "numpy", "matplotlib", "IPython", "papermill", "toolkit.client"} & set(loaded)


# a client's own process -----------------------------------------------------------


def _loaded(job, tell):
    return Outcome(job.file, status="done", cause=" ".join(_STARTED_WITH))


def _who(job, tell):
    return Outcome(job.file, status="done", cause=str(os.getpid()))


_STARTED_WITH = frozenset(sys.modules)  # in a client's process: what it had before this file was imported


def test_the_fork_server_has_imported_what_every_client_needs():
    (made_of,) = each_in_its_process(_loaded, [Job("a")])
    if sys.platform == "linux":
        assert {"toolkit.press.report", "toolkit.doors", "matplotlib"} <= set(made_of.cause.split())


def test_every_job_has_a_process_of_its_own_and_comes_back_in_its_place():
    told = []
    found = each_in_its_process(_who, [Job(name) for name in "abcde"], at_once=3, done=told.append)
    assert [one.file for one in found] == list("abcde") and sorted(one.file for one in told) == list("abcde")
    assert len({one.cause for one in found} | {str(os.getpid())}) == 6


def test_a_record_tells_all_that_a_report_was_made_of():
    out = whole()[1]
    header, *records = lines(out)
    assert {"python", "packages", "options", "system"} <= set(header) and "pandas" in header["packages"]
    for record in records:
        assert json.loads(json.dumps(record)) == record
        assert record["run"] == header["run"] and record["engine"] == "fast"
        assert set(record["inputs"]) == {"client.toml"} and set(record["seconds"]) == {"check", "make"}
        assert (out / record["file"]).is_file() and len(record["outputs"]) == 3
        assert record["figures"]["nl_BE"] and record["verdict"]["nl_BE"].endswith(".")
