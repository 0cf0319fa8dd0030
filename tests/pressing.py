"""What the tests of the press share: a project whose clients misbehave by name, and what a batch has written down."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

import nbformat
from browser import ROOT, client_text, make_folder, write_client


@cache
def project() -> Path:
    """A copy of the project whose doors notebook lets every client play what its name says."""
    home = make_folder("project")
    for part in ("toolkit", "notebooks", "templates"):
        leave_out = shutil.ignore_patterns("__pycache__", "clients")
        shutil.copytree(ROOT / part, home / part, ignore=leave_out)
    shutil.copy(ROOT / "tests" / "tricks.py", home)
    path = home / "notebooks" / "doors.ipynb"
    notebook = nbformat.read(path, as_version=4)
    trick = "import tricks\ntricks.play(client.client.name, client_file)"
    notebook.cells.append(nbformat.v4.new_code_cell(trick))
    nbformat.write(notebook, path)
    return home


def write_clients(folder: Path, *names: str) -> Path:
    """A folder of small clients, each in a folder of its name."""
    for name in names:
        write_client(folder, name.replace(" ", "-"), client_text(name))
    return folder


class Command(subprocess.Popen):
    """`python -m toolkit` with arguments, at work, and the leader of a group of processes of its own.

    It speaks into files, not pipes: what it leaves running by mistake cannot keep a test waiting.
    """

    def __init__(self, *arguments: object, home: Path = ROOT):
        self.said = [tempfile.TemporaryFile("w+", encoding="utf-8") for _ in ("stdout", "stderr")]
        command, environ = [sys.executable, "-m", "toolkit", *map(str, arguments)], {**os.environ, "PYTHONPATH": str(home)}
        out, err = self.said
        super().__init__(command, cwd=home, env=environ, stdout=out, stderr=err, start_new_session=True)

    def finish(self, seconds: float = 100) -> subprocess.CompletedProcess[str]:
        """What came of it, once it has ended; one that takes longer is ended with its group, and fails the test."""
        try:
            self.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.pid, signal.SIGKILL)
            self.wait()
            raise AssertionError(f"not finished in {seconds} seconds") from None
        texts = [(file.seek(0), file.read(), file.close())[1] for file in self.said]
        return subprocess.CompletedProcess(self.args, self.returncode, *texts)


def started(*arguments: object, home: Path = ROOT) -> Command:
    """The command with arguments, at work."""
    return Command(*arguments, home=home)


def ended(pids: Iterable[int]) -> list[int]:
    """Those of some processes that run still; they are ended, so that no test leaves them to the next."""
    running = [pid for pid in pids if is_alive(pid)]
    for pid in running:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return running


def wait_for(sign: Callable[[], object], seconds: float = 120) -> None:
    """Wait until there is a sign; fails where it does not come."""
    until = time.monotonic() + seconds
    while not sign():
        assert time.monotonic() < until, "no sign came"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether a process runs still; one that is dead but not buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def lines(out: Path, name: str = "manifest*.jsonl") -> list[dict]:
    """Every line of the manifests in a folder; all of them must be whole."""
    return [json.loads(line) for path in sorted(out.glob(name)) for line in path.read_text("utf-8").splitlines()]


def statuses(out: Path) -> dict[str, str]:
    """The last status written down for each client."""
    return {line["client"]: line["status"] for line in lines(out) if "status" in line}


def last_run(out: Path) -> dict[str, str]:
    """The statuses of the newest run alone."""
    runs = [line["run"] for line in lines(out) if "options" in line]
    return {line["client"]: line["status"] for line in lines(out) if "status" in line and line["run"] == runs[-1]}


def made(out: Path) -> dict[str, str]:
    """The digest of every report's file, by its path; what the press keeps for itself left out."""
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.glob("*/*/*"))
        if path.is_file() and ".press" not in path.parts
    }


def half_made(out: Path) -> list[str]:
    """Unfinished files outside the press's own corner, and anything inside it but locks."""
    outside = [path for path in out.rglob("*") if path.name.endswith((".part", ".tmp")) and ".press" not in path.parts]
    inside = [path for path in (out / ".press").glob("*") if path.is_dir()]
    return [str(path) for path in outside + inside]
