"""The page to start from: every client with its state and its chapters as links, in the clients' language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from toolkit.client import Client, language_hint, load
from toolkit.finding import Refused
from toolkit.lab.copies import START, copy_notebooks, title, walk_through
from toolkit.page import words_for
from toolkit.session import read, refused_by, session_file
from toolkit.units import COUNT
from toolkit.words import Words


@dataclass(frozen=True)
class Guest:
    """A client on the start page: the path it came by, and the client itself or why it was refused."""

    path: str
    locale: str
    client: Client | None = None
    refused: Refused | None = None
    scenarios: int = 0

    @property
    def words(self) -> Words:
        """The words its people read."""
        return words_for(self.client, self.locale) if self.client else Words(self.locale)


def guests(paths: Sequence[str], locale: str | None) -> list[Guest]:
    """The clients of these paths, each once, those that are refused too; data files are not read yet."""
    return [_guest(path, locale) for path in dict.fromkeys(paths)]


def _guest(path: str, locale: str | None) -> Guest:
    try:
        client = load(path)
        kept, file = read(session_file(client.file)), session_file(client.file).name
        if problems := refused_by(client, kept, file):
            raise Refused(problems)
        return Guest(path, locale or client.client.locales[0], client, None, len(kept.scenarios))
    except Refused as refused:
        return Guest(path, locale or language_hint(path) or "nl_BE", None, refused)


def make_session(found: Sequence[Guest], folder: Path, reports: Path, *, code: bool = False) -> Path:
    """Copies of all notebooks in `folder` and the start page that leads to them; returns the page."""
    for guest in found:
        if guest.client:
            copy_notebooks(guest.client, guest.locale, folder / guest.client.id, code=code, start=f"../{START}")
    page = folder / START
    page.write_text(start_page(found, reports), encoding="utf-8")
    return page


def start_page(found: Sequence[Guest], reports: Path) -> str:
    """The start page as Markdown, in the first client's language."""
    words = found[0].words
    heads = [words.text(f"lab.columns.{name}") for name in ("client", "state", "chapters")]
    rows = [heads, ["---"] * len(heads), *(_row(guest, reports) for guest in found)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"# {words.text('lab.title')}\n\n{words.text('lab.intro')}\n\n{table}\n"


def _row(guest: Guest, reports: Path) -> list[str]:
    client, words = guest.client, guest.words
    if client is None:
        first = words.refusal(guest.refused.refusals[0])
        return [plain(Path(guest.path).name), plain(words.text("lab.refused", None, why=first)), ""]
    links = (f"[{plain(title(name, words))}](<{client.id}/{name}.ipynb>)" for name in walk_through(client))
    return [f"**{plain(client.client.name)}**", plain(_state(guest, reports)), " · ".join(links)]


def _state(guest: Guest, reports: Path) -> str:
    """Whether the client file is in order, how many scenarios there are, and whether there is a report."""
    made = any((reports / guest.client.id).glob("*/report.html"))
    parts = ["lab.in_order", "lab.scenarios" if guest.scenarios else "", "lab.reported" if made else ""]
    return ", ".join(guest.words.text(part, None, kept=(guest.scenarios, COUNT)) for part in parts if part)


def plain(text: str) -> str:
    r"""A text of which Markdown and HTML make nothing else.

    >>> print(plain("[a](b) | <i>"))
    \[a\](b) \| &lt;i&gt;
    """
    return re.sub(r"([\\`*_\[\]|~$])", r"\\\1", escape(text, quote=False)).replace("\n", " ")
