"""The manifest: what was run, of what, with what outcome; a line of JSON each, only ever added to.

The first line of a run tells versions and options; then a line per client, on the disk
before the next is begun to be written. A line that a crash has torn is skipped.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from toolkit.press.job import Outcome
from toolkit.press.key import ROOT

Record = Mapping[str, Any]


def append(path: Path, record: Record) -> None:
    """Add one line and force it to the disk; after a torn line it starts a line of its own. Raises `OSError`."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, allow_nan=False, default=str) + "\n"
    with path.open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            text = text if file.read(1) == b"\n" else "\n" + text
        file.write(text.encode("utf-8", "surrogatepass"))
        file.flush()
        os.fsync(file.fileno())


def records(out: Path) -> list[Record]:
    """The records of all clients that a folder of reports has manifests of, those of one manifest in their order."""
    return [record for record in lines(out) if "status" in record]


def lines(out: Path) -> Iterator[Record]:
    """Every whole line of every manifest in a folder."""
    for path in sorted(out.glob("manifest*.jsonl")):
        for line in path.read_bytes().split(b"\n"):
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if isinstance(found, dict):
                yield found


def latest(found: Iterable[Record]) -> dict[str, Record]:
    """The newest record of every client, by its id; of a client that never told its id, by its file.

    >>> old, new = ({"client": "a", "file": "a.toml", "started": str(n)} for n in (1, 2))
    >>> latest([new, old])["a"]["started"]
    '2'
    """
    in_time = sorted(found, key=lambda record: record["started"])
    by_file = {record["file"]: record for record in in_time}
    newest = sorted(by_file.values(), key=lambda record: record["started"])
    return {record["client"] or record["file"]: record for record in newest}


def header(run: str, started: str, options: Record) -> Record:
    """The first line of a run: the versions of everything that had a hand in it, and its options."""
    return {
        "run": run,
        "started": started,
        "python": platform.python_version(),
        "system": platform.platform(),
        "packages": versions(ROOT),
        "options": options,
    }


def versions(root: Path) -> dict[str, str]:
    """The versions of this program and of the packages it names, as they are installed."""
    project = root / "pyproject.toml"
    named = tomllib.loads(project.read_text("utf-8"))["project"] if project.is_file() else {}
    found = {"toolkit": named.get("version", "")}
    for requirement in named.get("dependencies", ()):
        name = requirement.split(">")[0].split("=")[0].strip()
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def file_of(path: str, out: Path) -> str:
    """The client file that a path names, as seen from the folder of reports where there is a way from there."""
    file = Path(path) / "client.toml" if os.path.isdir(path) else Path(path)
    try:
        return Path(os.path.relpath(file, out)).as_posix()
    except ValueError:  # another drive
        return file.absolute().as_posix()


def label(path: str) -> str:
    """What to call a client that could not say its name: after its file.

    >>> label("clients/peeters/client.toml"), label("clients/peeters"), label("clients/smit.toml")
    ('peeters', 'peeters', 'smit')
    """
    file = Path(path)
    return (file.parent.name if file.name == "client.toml" else file.stem) or path


def record_of(outcome: Outcome, out: Path, **run: Any) -> Record:
    """What is written down of one client's outcome; `run` is what the run knows: its id, engine, times, cause, log."""
    return {
        "client": outcome.id,
        "name": outcome.name or label(outcome.file),
        "file": file_of(outcome.file, out),
        "status": outcome.status,
        "locales": list(outcome.locales),
        "parameters": dict(outcome.what_if),
        "key": outcome.key,
        "seed": outcome.seed,
        "inputs": dict(outcome.inputs),
        "outputs": dict(outcome.outputs),
        "figures": dict(outcome.figures),
        "verdict": dict(outcome.verdict),
        **run,
    }
