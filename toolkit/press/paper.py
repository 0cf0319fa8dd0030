"""A report on paper: printed to a tagged PDF by whatever Chromium, Chrome or Edge is found."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from toolkit.disk import write

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
)
CALM = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_browser() -> str | None:
    """The browser named in TOOLKIT_BROWSER, else the first one found; None where there is none."""
    named = os.environ.get("TOOLKIT_BROWSER")
    if named:
        return named if Path(named).exists() else None
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in (*found, *PLACES) if path and Path(path).exists()), None)


def flags() -> list[str]:
    """How a browser is started: calm, offline, and without a sandbox only where root must."""
    root = sys.platform == "linux" and os.geteuid() == 0
    return [*CALM, *(["--no-sandbox"] if root else [])]


def print_pdf(page: Path, *, by_way_of: Path | None = None) -> Path:
    """Print a report to `report.pdf` beside it; raises `RuntimeError` where no browser does it."""
    browser = find_browser()
    if browser is None:
        raise RuntimeError("no Chromium, Chrome or Edge was found to print with")
    target = page.with_suffix(".pdf")
    with tempfile.TemporaryDirectory(prefix="toolkit-browser-", ignore_cleanup_errors=True) as scratch:
        printed, profile = Path(scratch) / "report.pdf", Path(scratch) / "profile"
        command = [browser, *flags(), f"--user-data-dir={profile}", "--no-pdf-header-footer"]
        command += ["--generate-pdf-document-outline", f"--print-to-pdf={printed}", page.resolve().as_uri()]
        outcome = subprocess.run(command, capture_output=True, timeout=120, check=False)
        if outcome.returncode or not printed.exists():
            raise RuntimeError("the browser did not print: " + outcome.stderr.decode(errors="replace")[-200:])
        write(target, printed.read_bytes(), by_way_of=by_way_of)
    return target
