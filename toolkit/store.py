"""The run's result store: a chapter is computed once per client, whatever the number of locales.

The press names a private folder in an environment variable; without one every call
computes. Only this run's own processes write there, and it is deleted with the run.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

VARIABLE = "TOOLKIT_RESULT_STORE"
Result = TypeVar("Result")


def key(*parts: Any) -> str:
    """One hash of what a result depends on: sections as JSON, files by path, size and time of change."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            state = part.stat()
            part = (str(part.resolve()), state.st_size, state.st_mtime_ns)
        elif hasattr(part, "model_dump_json"):
            part = part.model_dump_json()
        digest.update(repr(part).encode())
    return digest.hexdigest()


def once(name: str, parts: tuple[Any, ...], compute: Callable[[], Result]) -> Result:
    """What `compute` returns, from the store where this run has it already."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        return compute()
    path = Path(folder) / f"{name}-{key(name, *parts)}.pickle"
    if path.exists():
        return pickle.loads(path.read_bytes())
    result = compute()
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as target:
        target.write(pickle.dumps(result))
    os.replace(target.name, path)
    return result
