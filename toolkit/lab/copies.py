"""Working copies of a client's notebooks: its parameters filled in, and for the room without code or notes in sight."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat

from toolkit.client import Client
from toolkit.words import Words

ROOT = Path(__file__).resolve().parent.parent.parent
START = "start.md"


def walk_through(client: Client) -> tuple[str, ...]:
    """The notebooks of a client in reading order."""
    return ("front", *client.chapters, "session", "data")


def title(name: str, words: Words) -> str:
    """What a notebook is called."""
    own = f"lab.pages.{name}"
    return words.text(own if words.has(own) else f"{name}.title")


def copy_notebooks(client: Client, locale: str, folder: Path, *, code: bool = True, start: str = "") -> Path:
    """Copies of the client's notebooks in reading order; an existing copy is left as it is.

    Without `code` cells are folded away, and notes for the facilitator are left out. `start` is the way
    from the folder to the page that every notebook then leads back to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    words = Words(locale, address=client.client.address)
    for name in walk_through(client):
        target = folder / f"{name}.ipynb"
        if target.exists():
            continue
        notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
        if not code:
            notebook.cells = [_folded(cell) for cell in notebook.cells if cell.cell_type == "code"]
        for cell in notebook.cells:
            if "parameters" in cell.metadata.get("tags", ()):
                values = {"client_file": str(client.file.resolve()), "locale": locale, "what_if": {}}
                cell.source = "\n".join(f"{key} = {value!r}" for key, value in values.items())
        if start:
            notebook.cells.insert(0, nbformat.v4.new_markdown_cell(_ways(client, name, words, start), id="ways"))
        nbformat.write(notebook, target)
    return folder


def _folded(cell: Any) -> Any:
    cell.metadata.jupyter = {"source_hidden": True}
    return cell


def _ways(client: Client, here: str, words: Words, start: str) -> str:
    """One line of links: back to the start page, and to the client's other notebooks."""
    others = (f"**{title(name, words)}**" if name == here else f"[{title(name, words)}]({name}.ipynb)" for name in walk_through(client))
    return f"[{words.text('lab.back')}]({start}) · " + " · ".join(others)
