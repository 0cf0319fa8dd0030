"""What a report depends on, as one hash: the same key means that the same bytes would come out."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
PARTS = ("toolkit/**/*.py", "notebooks/*.ipynb", "templates/**/*", "requirements.txt")
NOT_OURS = ("templates/clients/",)


def digest(*parts: Any) -> str:
    """One sha256 of values that JSON can write.

    >>> digest("a", {"b": 1})[:8]
    '8b5348e0'
    """
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def file_digest(path: Path) -> str:
    """The sha256 of a file's bytes; raises `OSError` where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_or_none(path: Path) -> str | None:
    """The sha256 of a file's bytes; None where there is no such file to read."""
    try:
        return file_digest(path)
    except OSError:
        return None


def program_digest(root: Path = ROOT) -> str:
    """One hash of all that is not the client's: code, notebooks, templates and the lock."""
    found = {}
    for pattern in PARTS:
        for path in root.glob(pattern):
            name = path.relative_to(root).as_posix()
            hidden = any(part.startswith((".", "__pycache__")) for part in path.relative_to(root).parts)
            if not hidden and not name.startswith(NOT_OURS) and path.is_file():
                found[name] = file_digest(path)
    return digest(found)


def seed_of(*parts: Any) -> int:
    """The seed for a client's random numbers, from what it depends on; whole, of 32 bits."""
    return int(digest(*parts)[:8], 16)
