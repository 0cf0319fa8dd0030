"""One page for a folder of reports: every client with its status, its key figures and where its reports are.

No script, nothing fetched: a person opens it from the disk, prints it, or sends it on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from toolkit.units import COUNT
from toolkit.words import Words

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates" / "report" / "index"
STATUSES = ("done", "current", "refused", "error", "time_out", "killed", "out_of_memory", "disk", "stopped")
WENT_WELL = STATUSES[:2]
KINDS = {"report.html": "report", "report.pdf": "print", "results.json": "results"}  # what is linked, in this order
TEXTS = ("failed", "failed_caption", "clients", "clients_caption", "nobody", "log")


def index_page(records: Iterable[Mapping[str, Any]], words: Words) -> str:
    """The page about all clients, from the latest record of each.

    A record holds `status`, and where they are known `client` (its id), `name`, `cause`, `file`, `log` and
    `outputs` (paths from the folder of reports), `figures` and `verdict` by locale. Raises `KeyError` for a status that has no words.
    """
    rows = [_row(record, words) for record in sorted(records, key=_by_name)]
    found = Counter(row["state"] for row in rows)
    texts = {name: words.text(f"index.{name}") for name in TEXTS}
    return _template().render(
        lang=words.tag,
        title=words.text("index.title"),
        texts=texts,
        counts=[(name, _status(name, words), words.quantity(found[name], COUNT)) for name in STATUSES if found[name]],
        failures=[row for row in rows if row["state"] not in WENT_WELL],
        clients=[row for row in rows if row["links"]],
        failed_heads=_heads(("name", "status", "cause", "file", "log"), words),
        client_heads=_heads(("name", "status", "figures", "reports"), words),
    )


def _name(record: Mapping[str, Any]) -> str:
    """What a client is called: by its name, or where its file could not be read by its id or its file."""
    return str(record.get("name") or record.get("client") or record.get("file") or "")


def _by_name(record: Mapping[str, Any]) -> tuple[str, str]:
    return _name(record).casefold(), str(record.get("client"))


def _status(name: str, words: Words) -> str:
    return words.text(f"press.status.{name}")


def _heads(names: tuple[str, ...], words: Words) -> list[str]:
    return [words.text(f"index.columns.{name}") for name in names]


def _row(record: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """What the page shows of one record; figures and verdict in the page's own locale, else in the first there is."""
    name, state, client = _name(record), record["status"], record.get("client") or ""
    return {
        "id": client,
        "name": name,
        "state": state,
        "status": _status(state, words),
        "cause": record.get("cause") or "",
        "file": record.get("file") or "",
        "log": _address(record["log"]) if record.get("log") else "",
        "verdict": _in_locale(record.get("verdict") or {}, words) or "",
        "figures": _in_locale(record.get("figures") or {}, words) or (),
        "links": list(_links(record, words)),
    }


def _in_locale(by_locale: Mapping[str, Any], words: Words) -> Any:
    return by_locale.get(words.locale, next(iter(by_locale.values()), None))


def _links(record: Mapping[str, Any], words: Words) -> Iterator[tuple[dict[str, str], list[tuple[str, str]]]]:
    """For each locale of a client: what it is called in its own language, and the files that can be opened."""
    paths = sorted(record.get("outputs") or ())
    for locale in sorted({path.split("/")[-2] for path in paths if path.count("/") >= 2}):
        language = Locale.parse(locale).get_display_name(locale) or locale
        made = {path.split("/")[-1]: path for path in paths if path.split("/")[-2] == locale}
        links = [(_address(made[file]), words.text(f"index.kinds.{kind}")) for file, kind in KINDS.items() if file in made]
        yield {"tag": locale.replace("_", "-"), "name": language}, links


def _address(path: str) -> str:
    """A path from the folder of reports as a link that can be nothing but a file below this page."""
    return "./" + quote(path)


@cache
def _template() -> Template:
    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("index.html.j2")
