"""What several tests share: the reports to look at, made once a session, and one calm browser to look with.

The reports are made by the command line, as a consultant makes them; the browser
is whichever Chromium, Chrome or Edge stands on this machine, started with an
empty profile. Where there is none the tests that need one are skipped, aloud;
with `CI=true` that is a failure.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import conftest
import pytest

from toolkit.disk import locked
from toolkit.press.paper import find_browser, flags

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = tuple(folder.name for folder in conftest.EXAMPLES)
ONE = "widening"  # the example with the most to show
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

CLIENT = """
[client]
name = "{name}"
locales = ["nl_BE"]
currency = "EUR"
period = {{ from = 2024-01-01, to = 2024-12-31 }}
report_date = 2025-01-31
{more}
[doors]
{doors}
"""
COUNTS = "start = 250\nnew = 60\nlost = 50\nturnover_per_customer = 4000"
LOG = """[log]
file = "log.csv"
columns = { customer = "klant", date = "dag", amount = "bedrag" }
duplicates = "keep"
"""
CANARIES = ("Kanarie Aalbeke", "Kanarie Zulte")
HOSTILE = '<script>alert(1)</script> "Bo\'s" & </style><img src=x onerror=alert(2)> $x^2$ 🥖'


def client_text(name: str, doors: str = COUNTS, more: str = "") -> str:
    """A small client file; quotes and backslashes in the name are written as TOML wants them."""
    return CLIENT.format(name=name.replace("\\", "\\\\").replace('"', '\\"'), doors=doors, more=more)


def forty_quarters() -> str:
    """A section with forty consecutive quarters: ten years of a slowly shrinking firm."""
    lines, start = [], 400
    for quarter in range(40):
        year, first = 2015 + quarter // 4, 1 + 3 * (quarter % 4)
        last = {1: "03-31", 4: "06-30", 7: "09-30", 10: "12-31"}[first]
        new, lost = 18 + quarter % 5, 19 + quarter % 7
        lines += [f"[[doors.periods]]\nfrom = {year}-{first:02d}-01\nto = {year}-{last}"]
        lines += [f"start = {start}\nnew = {new}\nlost = {lost}"]
        start += new - lost
    return "turnover_per_customer = 1500\n" + "\n".join(lines)


ODD = {
    "start-0": client_text("Net begonnen", "start = 0\nnew = 12\nlost = 0\nturnover_per_customer = 900"),
    "nothing-at-all": client_text("Nog niemand", "start = 0\nnew = 0\nlost = 0"),
    "nobody-left": client_text("Iedereen weg", "start = 40\nnew = 0\nlost = 40\nturnover_per_customer = 900"),
    "nobody-lost": client_text("Niemand weg", "start = 40\nnew = 3\nlost = 0\nturnover_per_customer = 900"),
    "one-customer": client_text("Eén klant", "start = 1\nnew = 0\nlost = 1\nturnover_per_customer = 900"),
    "all-four-flows": client_text(
        "Alle stromen", "start = 90\nnew = 8\nwon_and_gone = 4\nreactivated = 6\nlost = 9\nturnover_per_customer = 900"
    ),
    "target-below": client_text("Doel gehaald", COUNTS + '\ntarget_retention = "60%"'),
    "huge": client_text(
        "Heel groot",
        "start = 98765432\nnew = 12345678\nlost = 23456789\nturnover_per_customer = 87654321",
        '[economics]\ngross_margin = "38%"\ncost_to_win = 1234567\n',
    ),
    "tiny": client_text("Heel klein", "start = 3000\nnew = 1\nlost = 1\nturnover_per_customer = 0.02"),
    "forty-quarters": client_text("Veertig kwartalen", forty_quarters()).replace("2024-01-01", "2015-01-01", 1),
    "hostile": client_text(HOSTILE, COUNTS + "\nsource = '''" + HOSTILE + "'''"),
}


def make_folder(name: str) -> Path:
    """A folder of this run of the tests, gone at its end."""
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=os.environ[conftest.SHARED]))


def run_cli(
    *arguments: str | Path, home: Path = ROOT, cwd: Path | None = None, environ: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """`python -m toolkit` with arguments, run to its end; `home` is the project that is run."""
    environment = {**os.environ, **(environ or {}), "PYTHONPATH": str(home)}
    command = [sys.executable, "-m", "toolkit", *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd or home, env=environment, capture_output=True, encoding="utf-8", timeout=500, check=False
    )


def write_client(folder: Path, name: str, text: str) -> Path:
    """A client folder with its client file."""
    path = folder / name / "client.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path.parent


def write_canaries(folder: Path) -> list[Path]:
    """Two clients with a log each, whose names, customers and figures are nobody else's."""
    made = []
    for name, letter, size in zip(CANARIES, "AZ", (11, 13), strict=True):
        rows = ["klant;dag;bedrag"]
        for year in (2022, 2023, 2024):
            rows += [f"GEHEIM-{letter}-{n:04d};{year}-{1 + n % 12:02d}-15;{size}{n}.07" for n in range(60)]
        text = client_text(name, 'every = "year"\nwindow = 365', LOG).replace("2024-01-01", "2023-01-01")
        made.append(write_client(folder, f"kanarie-{letter.lower()}", text))
        (made[-1] / "log.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return made


@cache
def reports() -> tuple[Path, subprocess.CompletedProcess[str]]:
    """All reports that the tests look at, made once in a run of the tests: their folder, and what the command said.

    The shipped examples in the locales of their client files, one of them for the
    Netherlands too, the odd clients and the canaries in Flemish. `temporary`, beside
    the folder, is where the run could leave things behind.
    """
    folder = Path(os.environ[conftest.SHARED]) / "reports"
    with locked(folder.with_suffix(".lock"), patience=600):
        said = folder / "said.pickle"
        if not said.exists():  # by another worker
            folder.mkdir()
            said.write_bytes(pickle.dumps(_make_reports(folder)))
        return folder / "reports", pickle.loads(said.read_bytes())


def _make_reports(folder: Path) -> subprocess.CompletedProcess[str]:
    examples = [ROOT / "templates" / "clients" / name for name in EXAMPLES]
    odd = [write_client(folder / "odd", name, text) for name, text in ODD.items()]
    dutch = (ROOT / "templates" / "clients" / ONE / "client.toml").read_text("utf-8")
    dutch = write_client(folder, f"{ONE}-dutch", dutch.replace('["nl_BE", "en_GB"]', '["nl_NL"]'))
    (folder / "temporary").mkdir()
    clients = [*examples, dutch, *odd, *write_canaries(folder)]
    return run_cli("report", *clients, "--out", folder / "reports", environ={"TMPDIR": str(folder / "temporary")})


def report_of(name: str, locale: str = "nl_BE") -> Path:
    """The folder with the report of a client; fails with what the command said where there is none."""
    out, run = reports()
    folder = out / (f"{ONE}-dutch" if locale == "nl_NL" else name) / locale
    assert (folder / "report.html").is_file(), run.stdout + run.stderr
    return folder


REPORTS = (
    *((name, locale) for name in EXAMPLES for locale in ("nl_BE", "en_GB")),
    (ONE, "nl_NL"),
    *((name, "nl_BE") for name in ODD),
)


def browser_or_skip() -> str:
    """The browser on this machine; without one the test is skipped aloud, or fails where CI=true."""
    path = find_browser()
    if path is None:
        words = "no Chromium, Chrome or Edge was found: what needs a browser is not tested"
        if os.environ.get("CI") == "true":
            pytest.fail(words, pytrace=False)
        warnings.warn(words, stacklevel=2)
        pytest.skip(words)
    return path


@contextmanager
def calm_browser() -> Iterator[Any]:
    """Playwright's handle on the browser found: headless, quiet, with an empty profile."""
    from playwright.sync_api import sync_playwright

    path = browser_or_skip()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=flags())
        try:
            yield chromium
        finally:
            chromium.close()


@contextmanager
def opened(chromium: Any, address: str, size: dict[str, int]) -> Iterator[Any]:
    """A page at an address; `page.asked` holds every address that it asked for."""
    context = chromium.new_context(viewport=size)
    page = context.new_page()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    try:
        page.goto(address)
        yield page
    finally:
        context.close()
