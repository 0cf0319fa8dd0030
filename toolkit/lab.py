"""JupyterLab on the notebooks: this machine only, with its token, offline, no news pop-up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import nbformat

from toolkit.client import Client, load

ROOT = Path(__file__).resolve().parent.parent
QUIET = {
    "@jupyterlab/apputils-extension:announcements": True,  # the news pop-up, and its look at the network
    "@jupyterlab/extensionmanager-extension": True,  # asks a package index
}


def open_lab(client_path: str | None, locale: str | None, *, browser: bool = True, port: int = 8888) -> int:
    """Open JupyterLab and wait until it is closed; returns its exit code.

    With a client, copies of the notebooks set to it stand in `reports/<id>/lab`,
    and are kept when they are there already; raises `Refused` where the client is refused.
    """
    folder = ROOT / "notebooks"
    if client_path:
        client = load(client_path)
        folder = copy_notebooks(client, locale or client.client.locales[0], ROOT / "reports" / client.id / "lab")
    with tempfile.TemporaryDirectory(prefix="toolkit-lab-") as settings:
        command, environment = lab_command(folder, Path(settings), browser=browser, port=port)
        try:
            return subprocess.run(command, env=environment, check=False).returncode
        except KeyboardInterrupt:
            return 0


def lab_command(
    folder: Path, settings: Path, *, browser: bool, port: int, environ: Mapping[str, str] = os.environ
) -> tuple[list[str], dict[str, str]]:
    """The command and the environment that start JupyterLab on a folder."""
    (settings / "labconfig").mkdir(parents=True, exist_ok=True)
    (settings / "labconfig" / "page_config.json").write_text(json.dumps({"disabledExtensions": QUIET}))
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.port={port}",
        "--ServerApp.ip=127.0.0.1",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
    if not browser:
        command.append("--no-browser")
    if sys.platform == "linux" and os.geteuid() == 0:
        command.append("--allow-root")
    path = [str(settings), *filter(None, [environ.get("JUPYTER_CONFIG_PATH")])]
    home = [str(ROOT), *filter(None, [environ.get("PYTHONPATH")])]
    changed = {"JUPYTER_CONFIG_PATH": os.pathsep.join(path), "PYTHONPATH": os.pathsep.join(home)}
    return command, {"OPENBLAS_NUM_THREADS": "1", **environ, **changed}  # as in the press: small matrices


def copy_notebooks(client: Client, locale: str, folder: Path) -> Path:
    """Copies of the client's notebooks with its parameters filled in; an existing copy is left as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*client.chapters, "front", "data"):
        target = folder / f"{name}.ipynb"
        if target.exists():
            continue
        notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
        for cell in notebook.cells:
            if "parameters" in cell.metadata.get("tags", ()):
                values = {"client_file": str(client.file.resolve()), "locale": locale, "what_if": {}}
                cell.source = "\n".join(f"{key} = {value!r}" for key, value in values.items())
        nbformat.write(notebook, target)
    return folder
