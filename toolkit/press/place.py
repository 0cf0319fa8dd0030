"""The folder of reports as a run sees it: who may work there, and where what is unfinished stands.

`.press/` is private. A whole run holds `lock` alone; a shard shares it and holds its own. What a
run keeps there (computed results, unfinished files) goes with it; what a killed run left
goes when the next one starts, after the last of the killed run's processes is gone.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from toolkit.disk import Busy, locked

PRIVATE = ".press"
PATIENCE = 20.0  # seconds for the processes of a killed run to end


@dataclass(frozen=True)
class Place:
    """Where one run works: the folder of reports and its own corner of it; `part` is empty for a whole run."""

    out: Path
    part: str = ""

    @property
    def private(self) -> Path:
        """The folder that is nobody's but the press's."""
        return self.out / PRIVATE

    @property
    def home(self) -> Path:
        """Where this run keeps what is unfinished."""
        return self.private / f"run{self.part}"

    @property
    def working(self) -> Path:
        """The lock that every client's process of this run shares while it lives."""
        return self.private / f"working{self.part}"

    @property
    def manifest(self) -> Path:
        """What this run writes down."""
        return self.out / f"manifest{self.part}.jsonl"


def place_of(out: Path, shard: tuple[int, int] | None = None) -> Place:
    """The place of a whole run, or of one of several shards.

    >>> place_of(Path("reports"), (2, 4)).manifest.name
    'manifest-2-of-4.jsonl'
    """
    return Place(out.absolute(), "-{}-of-{}".format(*shard) if shard else "")


@contextlib.contextmanager
def held(place: Place) -> Iterator[None]:
    """Have the place to oneself, or with other shards; raises `Busy` where another run is at work there."""
    made = _made(place.private)
    with contextlib.ExitStack() as locks:
        locks.enter_context(locked(place.private / "lock", shared=bool(place.part)))
        if place.part:
            locks.enter_context(locked(place.private / f"lock{place.part}"))
        with contextlib.ExitStack() as last:
            for working in {place.working, *(() if place.part else place.private.glob("working*"))}:
                last.enter_context(locked(working, patience=PATIENCE))
        _sweep(place)
        try:
            for name in ("store", "unfinished", "temporary"):
                (place.home / name).mkdir(parents=True)
            yield
        finally:
            shutil.rmtree(place.home, ignore_errors=True)
            if made and not place.part:
                _unmake(place, made)


def _made(private: Path) -> list[Path]:
    """Make the private folder; the folders that were not there before, the innermost first."""
    new = [folder for folder in (private, *private.parents) if not folder.exists()]
    private.parent.mkdir(parents=True, exist_ok=True)
    private.mkdir(mode=0o700, exist_ok=True)
    return new


def _sweep(place: Place) -> None:
    """Remove what runs that were killed have left; what a shard at work keeps is let be."""
    for left in place.private.glob("run*"):
        part = left.name.removeprefix("run")
        with contextlib.suppress(Busy):
            own = part in ("", place.part)  # locked by us, or nobody's: shards and whole runs exclude each other
            with contextlib.nullcontext() if own else locked(place.private / f"lock{part}"):
                shutil.rmtree(left, ignore_errors=True)


def _unmake(place: Place, made: list[Path]) -> None:
    """Where nothing was written, leave no folder that was not there; those who want the lock meanwhile are refused it."""
    if not place.manifest.exists():
        with contextlib.suppress(OSError):
            shutil.rmtree(place.private)
            for folder in made[1:]:
                folder.rmdir()
