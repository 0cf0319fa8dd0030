"""Opening a client from a notebook: the client, or its refusals in its own language and no traceback."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toolkit.client import Client, language_hint, load
from toolkit.finding import Refused
from toolkit.words import Words


class Stopped(Exception):
    """What a notebook shows instead of a traceback when a client file is refused."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


def refusal_lines(refused: Refused, locale: str) -> list[str]:
    """All refusals as text in one locale, each once, in the order they were found."""
    words = Words(locale)
    return list(dict.fromkeys(words.refusal(refusal) for refusal in refused.refusals))


def open_client(file: str | Path, what_if: Mapping[str, Any] | None = None) -> Client:
    """The client of a client file, with dotted what-ifs applied; refusals are shown, never a traceback."""
    try:
        return load(file, what_if)
    except Refused as refused:
        lines = refusal_lines(refused, language_hint(file) or "en_GB")
        raise Stopped("\n".join(lines)) from None
