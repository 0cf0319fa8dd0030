"""What the press promises of a batch, whatever a client does in it: the others finish, the cause is named, nothing is half made."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from browser import ROOT, make_folder, run_cli
from pressing import ended, half_made, last_run, lines, made, project, started, statuses, wait_for, write_clients

from toolkit.disk import Busy, locked
from toolkit.press import place
from toolkit.press.job import Job, Outcome
from toolkit.press.supervise import each_in_its_process

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs signals, groups of processes and /proc")

ENDS = {
    "raises": ("error", "ValueError: this cell fails"),
    "leaves": ("error", "SystemExit"),
    "leaves hard": ("error", "exit 3"),
    "is killed": ("killed", "SIGKILL"),
    "crashes": ("killed", "SIGSEGV"),
    "eats memory": ("out_of_memory", "--memory-limit"),
    "never ends": ("time_out", "--time-limit"),
    "fills the disk": ("disk", "No space left on device"),
    "leaves a process": ("done", ""),
    "does nothing": ("done", ""),
    "well behaved": ("done", ""),
}
LIMIT = 25  # seconds: only who works on is ended for it, who dies is noticed before


@cache
def hostile_batch() -> tuple[Path, Path, subprocess.CompletedProcess[str]]:
    """One batch with every kind of bad client among good ones: its clients, its reports, what the command said."""
    folder = make_folder("hostile")
    clients, out = write_clients(folder / "clients", *ENDS), folder / "out"
    limits = ("--time-limit", LIMIT, "--memory-limit", 900, "--jobs", 2)
    run = started("report", clients, "--out", out, *limits, "--locale", "en_GB", home=project())
    return clients, out, run.finish(200)


@pytest.mark.parametrize("name", ENDS)
def test_a_client_that_fails_hinders_nobody_and_its_cause_is_named(name):
    _, out, run = hostile_batch()
    status, cause = ENDS[name]
    (record,) = (line for line in lines(out) if line.get("name") == name)
    assert record["status"] == status, record["cause"]
    assert (record["seconds"].get("make", record["seconds"]["check"]) >= LIMIT) == (status == "time_out")
    assert cause in record["cause"] and bool(record["cause"]) == (status != "done")
    told = [line for line in run.stderr.splitlines() if line.startswith(f"✗ {name.replace(' ', '-')}:")]
    assert bool(told) == (status != "done") and all(record["cause"] in line for line in told)


def test_the_command_ends_with_1_and_shows_nobody_a_traceback():
    run = hostile_batch()[2]
    assert run.returncode == 1
    assert "Traceback" not in run.stdout + run.stderr and "Error in" not in run.stderr


def test_the_whole_error_stands_in_a_log_beside_the_reports():
    out = hostile_batch()[1]
    assert "this cell fails" in (out / "raises" / "error.log").read_text("utf-8")
    logs = {path.parent.name for path in out.glob("*/error.log")}
    assert logs == {line["client"] for line in lines(out) if line.get("log")}
    assert not logs & {line["client"] for line in lines(out) if line.get("status") == "done"}


def test_nothing_that_a_client_started_is_left_running():
    clients, _, _ = hostile_batch()
    pids = {path.parent.name: int(path.read_text()) for path in clients.glob("*/pid")}
    assert set(pids) == {"never-ends", "leaves-a-process"}
    assert ended(pids.values()) == []


def test_with_a_real_kernel_too_nothing_is_left_running_when_time_is_over(tmp_path):
    clients, limits = write_clients(tmp_path / "clients", "never ends"), ("--engine", "kernel", "--time-limit", 20)
    assert started("report", clients, "--out", tmp_path / "out", *limits, home=project()).finish().returncode == 1
    assert statuses(tmp_path / "out") == {"never-ends": "time_out"}
    beside = int((clients / "never-ends" / "pid").read_text())
    kernel = int((clients / "never-ends" / "parent").read_text())
    assert ended([beside, kernel]) == []


def test_nothing_half_made_is_left_and_who_failed_has_no_report():
    out = hostile_batch()[1]
    assert half_made(out) == []
    reported = {path.split("/")[0] for path in made(out)}
    assert reported == {name.replace(" ", "-") for name, (status, _) in ENDS.items() if status == "done"}


def kill_group(process: subprocess.Popen[str]) -> None:
    """End a command that a test started, its whole group, whatever it is doing."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_kill_9_leaves_nothing_running_and_resume_makes_exactly_what_is_unfinished(tmp_path):
    clients, out = write_clients(tmp_path / "clients", "a", "b", "takes its time", "z"), tmp_path / "out"
    waits = clients / "takes-its-time" / "waits"
    batch = started("report", clients, "--out", out, "--jobs", 1, home=project())
    wait_for(lambda: waits.exists() and waits.read_text())
    os.kill(batch.pid, signal.SIGKILL)  # the command alone: the others must notice by themselves
    batch.wait()
    assert set(statuses(out)) == {"a", "b"}
    try:
        wait_for(lambda: not at_work_in(out), 30)
    finally:
        ended([*at_work_in(out), int(waits.read_text())])
    before = made(out)
    (clients / "takes-its-time" / "go").write_text("")
    again = run_cli("report", clients, "--out", out, "--resume", home=project())
    assert again.returncode == 0, again.stderr
    assert last_run(out) == {"a": "current", "b": "current", "takes-its-time": "done", "z": "done"}
    assert before.items() <= made(out).items() and half_made(out) == []


def at_work_in(out: Path) -> list[int]:
    """The processes that have something open in the press's corner of a folder."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            opened = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
        except OSError:
            continue
        found += [int(pid)] if any(path.startswith(str(out / ".press")) for path in opened) else []
    return found


def test_whenever_it_is_killed_every_file_is_whole_and_the_end_result_is_the_same(tmp_path):
    clients, out, whole = write_clients(tmp_path / "clients", "a", "b", "c"), tmp_path / "out", tmp_path / "whole"
    signs = (lambda: (out / ".press" / "run").exists(), lambda: any(out.glob("*/*/report.html")), lambda: made(out).keys() >= {"a/nl_BE/report.ipynb"})
    for sign in signs:
        batch = started("report", clients, "--out", out, "--jobs", 2, "--resume", home=ROOT)
        wait_for(sign)
        kill_group(batch)
        for path, digest in made(out).items():
            assert path.endswith((".html", ".ipynb", ".json")) and digest
            assert (out / path).read_text("utf-8").endswith(("</html>\n", "}\n")), path
    assert run_cli("report", clients, "--out", out, "--resume").returncode == 0
    assert run_cli("report", clients, "--out", whole).returncode == 0
    assert made(out) == made(whole) and half_made(out) == []


def _finds_it_locked(job, tell):
    try:
        with locked(Path(job.working)):
            return Outcome(job.file, status="error")
    except Busy:
        return Outcome(job.file, status="done")


def test_a_clients_process_is_known_to_be_at_work_as_long_as_it_lives(tmp_path):
    (found,) = each_in_its_process(_finds_it_locked, [Job("a", working=str(tmp_path / "working"))], time_limit=60)
    assert found.status == "done", found
    with locked(tmp_path / "working"):
        pass


@pytest.mark.parametrize("shard", [None, (1, 2)])
def test_a_run_begins_only_when_the_last_client_of_a_killed_one_is_gone(tmp_path, monkeypatch, shard):
    monkeypatch.setattr(place, "PATIENCE", 0.1)
    left = place.place_of(tmp_path, shard)
    left.home.mkdir(parents=True)
    (left.home / "mine").write_text("still being written")
    with locked(left.working, shared=True), pytest.raises(Busy), place.held(place.place_of(tmp_path)):
        pytest.fail("two runs at once")
    assert (left.home / "mine").exists()


def test_what_a_killed_run_left_is_swept_but_not_what_a_shard_keeps_that_is_at_work(tmp_path):
    whole, first, second = (place.place_of(tmp_path, shard) for shard in (None, (1, 2), (2, 2)))
    for one in (whole, first, second):
        (one.home / "unfinished").mkdir(parents=True)
        (one.home / "unfinished" / "half").write_text("")
    with locked(second.private / "lock-2-of-2"), place.held(first):
        assert not whole.home.exists() and not (first.home / "unfinished" / "half").exists()
        assert (second.home / "unfinished" / "half").exists()
    with place.held(whole):
        assert half_made(tmp_path) == [str(whole.home)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_batch_that_is_stopped_stops_cleanly_and_says_how_to_go_on(tmp_path, number):
    clients, out = write_clients(tmp_path / "clients", "a", "takes its time"), tmp_path / "out"
    batch = started("report", clients, "--out", out, "--jobs", 1, "--locale", "en_GB", home=project())
    wait_for(lambda: (clients / "takes-its-time" / "waits").exists())
    os.kill(batch.pid, number)
    said = batch.finish(60).stderr
    assert batch.returncode == 130 and "--resume" in said and "Traceback" not in said
    assert statuses(out) == {"a": "done", "takes-its-time": "stopped"}
    assert half_made(out) == [] and not at_work_in(out) and (out / "index.html").exists()


def test_a_second_batch_in_the_same_folder_is_refused_at_once_and_the_first_goes_on(tmp_path):
    clients, out = write_clients(tmp_path / "clients", "takes its time"), tmp_path / "out"
    first = started("report", clients, "--out", out, home=project())
    wait_for(lambda: (clients / "takes-its-time" / "waits").exists())
    for asked in ((), ("--shard", "1/2")):
        second = run_cli("report", clients, "--out", out, *asked, "--locale", "en_GB", home=project())
        assert second.returncode == 2 and "another batch" in second.stderr and not second.stdout
    (clients / "takes-its-time" / "go").write_text("")
    assert first.finish().returncode == 0 and statuses(out) == {"takes-its-time": "done"}


def test_on_a_full_disk_nothing_half_made_stands_where_a_report_should(tmp_path):
    clients, out = write_clients(tmp_path / "clients", "a", "b"), tmp_path / "out"
    before = out / "a" / "nl_BE" / "report.html"
    before.parent.mkdir(parents=True)
    before.write_text("made before", "utf-8")
    limited = 'ulimit -f 16; exec "$0" -m toolkit "$@"'  # no file can grow beyond 16 blocks: a page is larger
    command = ["sh", "-c", limited, sys.executable, "report", str(clients), "--out", str(out)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1 and "Traceback" not in run.stderr
    assert statuses(out) == {"a": "disk", "b": "disk"}
    assert list(made(out)) == ["a/nl_BE/report.html"] and before.read_text("utf-8") == "made before"
    assert half_made(out) == []
