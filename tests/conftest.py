"""What the tests share: a small client to vary, and where things stand.

`client_text` writes a client file with one thing changed, `write_client` puts it on
disk, `make_client` reads it. Random tests are the same in every run; look further with

    python -m pytest --hypothesis-profile=further

Several workers (`-n 2`) share one folder, so that what takes long is made once a run.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the press does: many threads make small matrices slower

from hypothesis import HealthCheck, settings

import toolkit
from toolkit.client import Client, load

ROOT = Path(toolkit.__file__).resolve().parent.parent
SHIPPED = tuple(sorted(path.parent for path in (ROOT / "templates" / "clients").glob("*/client.toml")))
ALIKE = frozenset(f"pxl-{letter}" for letter in "abdefghijk")
"""Of the thirteen clients of the generated study those that show nothing that pxl-c, pxl-l and pxl-pooled do not."""
EXAMPLES = tuple(folder for folder in SHIPPED if folder.name not in ALIKE)
ODD = Path(__file__).resolve().parent / "clients"

WHO = {
    "name": '"Bakkerij Peeters"',
    "locales": '["nl_BE"]',
    "currency": '"EUR"',
    "period": "{ from = 2024-01-01, to = 2024-12-31 }",
    "report_date": "2025-01-31",
}
COUNTS = "start = 250\nnew = 60\nlost = 50"  # article A3
FROM_LOG = 'every = "quarter"\nwindow = 90'
LOG = '[log]\nfile = "log.csv"\ncolumns = { customer = "klant", date = "datum", amount = "bedrag" }'

common = {"deadline": None, "database": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
settings.register_profile("here", derandomize=True, max_examples=100, **common)
settings.register_profile("further", max_examples=3000, **common)
settings.load_profile("here")


def client_text(doors: str = COUNTS, *, more: str = "", **who: str | None) -> str:
    """A client file: `doors` and `more` as TOML; `who` replaces fields of `[client]`, or with None leaves one out."""
    fields = "\n".join(f"{key} = {value}" for key, value in (WHO | who).items() if value is not None)
    return f"[client]\n{fields}\n\n{more}\n\n[doors]\n{doors}\n"


def write_client(folder: Path, text: str | bytes | None = None) -> Path:
    """The path of a new `client.toml` in a folder, which is made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "client.toml"
    text = client_text() if text is None else text
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def make_client(folder: Path, text: str | bytes | None = None) -> Client:
    """The client of a new `client.toml` in a folder."""
    return load(write_client(folder, text))


def write_log(folder: Path, rows: str, header: str = "klant;datum;bedrag") -> Path:
    """The path of a new `log.csv` in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "log.csv"
    path.write_text(f"{header}\n{rows}\n", encoding="utf-8")
    return path


SHARED = "TOOLKIT_TEST_SHARED"


def pytest_configure(config) -> None:
    """Make the folder that all workers of this run share, before any of them starts."""
    if not hasattr(config, "workerinput"):
        os.environ[SHARED] = config.shared_folder = tempfile.mkdtemp(prefix="toolkit-test-")


def pytest_unconfigure(config) -> None:
    """Remove it when all are done."""
    if hasattr(config, "shared_folder"):
        shutil.rmtree(config.shared_folder, ignore_errors=True)
