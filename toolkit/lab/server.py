"""The JupyterLab server: this machine only, with its token, offline, calm, the way a room wants it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jupyterlab_server.workspaces_handler import WorkspacesManager

from toolkit.lab.copies import ROOT, START
from toolkit.lab.start import guests, make_session
from toolkit.words import Words

OFF = (
    "apputils-extension:announcements",  # the news pop-up, and its look at the network
    "extensionmanager-extension",  # asks a package index
    "mathjax-extension",  # reads what stands between two dollar signs as a formula
)
OFF_IN_THE_ROOM = (  # nothing to edit cells with
    "cell-toolbar-extension",
    "debugger-extension",
    "toc-extension",
    "notebook-extension:toc",  # complains without the one before
)
AREAS = {  # how JupyterLab keeps which of its panels are open: none, and no title row
    "main": {},
    "left": {"collapsed": True, "visible": False, "widgets": ["filebrowser"]},
    "right": {"collapsed": True, "visible": False, "widgets": []},
    "down": {"size": 0, "widgets": []},
    "relativeSizes": [0, 1, 0],
    "top": {"simpleVisibility": False},
}
BUTTONS = "save insert cut copy paste run interrupt restart restart-and-run cellType kernelName".split()


def open_lab(
    paths: Sequence[str], locale: str | None, *, reports: Path, browser: bool = True, port: int = 8888, code: bool = False
) -> int:
    """Open JupyterLab on a start page for these clients and wait until it is closed; returns its exit code.

    The notebooks are copies of this session alone, in a numbered folder under `reports/lab`; scenarios are kept beside
    the client files. With `code` the cells can be seen. Raises `Refused` when there is one client and it is refused.
    """
    found = guests(paths, locale)
    if len(found) == 1 and found[0].refused:
        raise found[0].refused
    folder = _numbered(reports / "lab")
    make_session(found, folder, reports, code=code)
    with tempfile.TemporaryDirectory(prefix="toolkit-lab-") as settings:
        command, environment = lab_command(
            folder, Path(settings), browser=browser, port=port, code=code, locale=found[0].locale, first=START
        )
        return _until_closed(subprocess.Popen(command, env=environment))


def _until_closed(lab: subprocess.Popen[bytes]) -> int:
    """Wait until the lab is closed, by Ctrl-C or by whoever ends this command; nothing of it runs on."""
    before = signal.signal(signal.SIGTERM, lambda *_: lab.terminate())
    try:
        return lab.wait()
    except KeyboardInterrupt:
        lab.wait()  # Ctrl-C reached it too
        return 0
    finally:
        signal.signal(signal.SIGTERM, before)


def _numbered(parent: Path) -> Path:
    """A new folder, the first number that no session has."""
    parent.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        try:
            (parent / str(number)).mkdir()
            return parent / str(number)
        except FileExistsError:
            number += 1


def lab_command(
    folder: Path,
    settings: Path,
    *,
    browser: bool,
    port: int,
    environ: Mapping[str, str] = os.environ,
    code: bool = True,
    locale: str = "nl_BE",
    first: str = "",
) -> tuple[list[str], dict[str, str]]:
    """The command and the environment that start JupyterLab on a folder; `first` is the page that it opens."""
    write_settings(settings, Words(locale), code=code)
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.port={port}",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.answer_yes=True",  # Ctrl-C asks nothing
        "--Application.log_level=ERROR",  # the terminal shows the address and what goes wrong
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
    command += [] if code else ["--LabApp.custom_css=True"]
    command += [f"--LabApp.default_url=/lab/tree/{first}"] if first else []
    command += [] if browser else ["--no-browser"]
    command += ["--allow-root"] if sys.platform == "linux" and os.geteuid() == 0 else []
    path = [str(settings), *filter(None, [environ.get("JUPYTER_CONFIG_PATH")])]
    home = [str(ROOT), *filter(None, [environ.get("PYTHONPATH")])]
    changed = {"JUPYTER_CONFIG_PATH": os.pathsep.join(path), "PYTHONPATH": os.pathsep.join(home)}
    if not code:  # a session of its own: nobody's panels, themes or open tabs of yesterday
        changed |= {"JUPYTER_CONFIG_DIR": str(settings), "JUPYTERLAB_WORKSPACES_DIR": str(settings / "workspaces")}
        changed["JUPYTERLAB_SETTINGS_DIR"] = str(settings / "user")
    return command, {"OPENBLAS_NUM_THREADS": "1", **environ, **changed}  # as in the press: small matrices


def write_settings(settings: Path, words: Words, *, code: bool) -> None:
    """What JupyterLab reads when it starts: what is switched off, what differs from its defaults, how it looks."""
    (settings / "labconfig").mkdir(parents=True, exist_ok=True)
    off = {f"@jupyterlab/{name}": True for name in (OFF if code else OFF + OFF_IN_THE_ROOM)}
    said = {"page_config": {"disabledExtensions": off}, "default_setting_overrides": overrides(words, code=code)}
    for name, content in said.items():
        (settings / "labconfig" / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    if not code:
        workspace = {"metadata": {"id": "default"}, "data": {"layout-restorer:data": AREAS}}
        (settings / "workspaces").mkdir(exist_ok=True)
        WorkspacesManager(str(settings / "workspaces")).save("default", json.dumps(workspace))
        (settings / "custom").mkdir(exist_ok=True)
        shutil.copy(Path(__file__).with_name("room.css"), settings / "custom" / "custom.css")


def overrides(words: Words, *, code: bool) -> dict[str, Any]:
    """The settings that differ from JupyterLab's own; for the room one button shows everything."""
    common = {
        "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}},
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
        "@jupyterlab/apputils-extension:sessionDialogs": {"skipKernelRestartDialog": True},
    }
    if code:
        return common
    show = {"name": "show", "command": "notebook:run-all-cells", "label": words.text("lab.show"), "rank": 0}
    buttons = [show, *({"name": name, "disabled": True} for name in BUTTONS)]
    return common | {
        "@jupyterlab/notebook-extension:panel": {"toolbar": buttons},
        "@jupyterlab/notebook-extension:tracker": {"autoStartDefaultKernel": True, "scrollPastEnd": False},
        "@jupyterlab/application-extension:shell": {"startMode": "single"},
        "@jupyterlab/statusbar-extension:plugin": {"visible": False},
    }
