"""Whether what stands in a folder of reports is what was made, of what is there still."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from toolkit.finding import Refusal, Refused
from toolkit.press import manifest
from toolkit.press.key import digest_or_none
from toolkit.press.place import PRIVATE

KEPT = rf"{re.escape(PRIVATE)}/|manifest[^/]*\.jsonl$|lab/|[^/]+/session/"  # the last two are the room's
OURS = ("index.html", "README.md")  # at the top of the folder, besides the manifests


def problems(out: Path) -> tuple[dict[str, list[tuple[str, str]]], list[str]]:
    """What is wrong, by client, as pairs of a kind (`missing`, `changed`, `input`) and a path; and files nobody knows.

    Clients without problems have an empty list. Raises `Refused` where there is no manifest.
    """
    found = manifest.records(out) if out.is_dir() else []
    if not found:
        raise Refused([Refusal("no_manifest", file=str(out)[:80])])
    made = {name: record for name, record in manifest.latest(found).items() if record["outputs"]}
    wrong = {name: list(_of(record, out)) for name, record in sorted(made.items())}
    return wrong, _unknown(found, out)


def _of(record: manifest.Record, out: Path) -> Iterator[tuple[str, str]]:
    """What is wrong with one client's outputs, and which of its inputs are not what they were."""
    for path, digest in record["outputs"].items():
        now = digest_or_none(out / path)
        if now != digest:
            yield ("missing" if now is None else "changed"), path
    for name, path in _inputs(record["inputs"], out / record["file"]).items():
        if digest_or_none(path) not in (None, record["inputs"][name]):
            yield "input", name


def _inputs(names: Mapping[str, str], client_file: Path) -> dict[str, Path]:
    """Where the inputs of a client stand, from its client file; example data are not looked for."""
    return {name: client_file.parent / name for name in names if not name.startswith("package:")}


def _unknown(found: list[manifest.Record], out: Path) -> list[str]:
    """The files in the folder that no record, old or new, knows."""
    known = {path for record in found for path in (*record["outputs"], record["log"])}
    files = (path for path in sorted(out.rglob("*")) if path.is_file())
    return [name for path in files if (name := path.relative_to(out).as_posix()) not in known and not _ours(name)]


def _ours(name: str) -> bool:
    """Whether a file is one that the press or the room keeps beside the reports."""
    return name in OURS or bool(re.match(KEPT, name))
