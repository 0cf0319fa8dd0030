"""One client, one locale: run the notebooks, join them in reading order, render, write.

What is written: `report.html`, `results.json` and the executed notebook
`report.ipynb`, each free of paths, clocks and program versions, so that the same
input gives the same bytes.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path, PurePath
from typing import Any

import nbformat
from nbconvert.exporters.templateexporter import TemplateExporter
from traitlets.config import Config

from toolkit.client import CHAPTERS, Client
from toolkit.colour import accent_of
from toolkit.disk import write
from toolkit.front import has_session
from toolkit.page import RESULTS, words_for
from toolkit.press import engine as engines
from toolkit.words import Words

ROOT = Path(__file__).resolve().parent.parent.parent
NOTEBOOKS = ROOT / "notebooks"
TEMPLATES = ROOT / "templates" / "report"
READING_ORDER = ("front", *CHAPTERS, "session", "data", "annex")
COMPOSED = ("front", "data")  # pages made of what the chapters offer; run after them
ANNEX = "annex"  # where a chapter's cells with this tag come to stand


def run_order(client: Client) -> tuple[str, ...]:
    """The notebooks to run for a client: its chapters first, then what is composed from them."""
    return (*client.chapters, *(["session"] if has_session(client) else []), *reversed(COMPOSED))


def execute(client: Client, locale: str, *, engine: str) -> dict[str, Any]:
    """The executed notebooks of a client in one locale, by name."""
    parameters = {
        "client_file": str(client.file.resolve()),
        "locale": locale,
        "what_if": client.what_if,
    }
    return {
        name: whole(name, engines.run(str(NOTEBOOKS / f"{name}.ipynb"), parameters, engine=engine))
        for name in run_order(client)
    }


def whole(name: str, notebook: Any) -> Any:
    """An executed notebook in which no cell broke off; raises `RuntimeError` where one left quietly, by `sys.exit()`."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                raise RuntimeError(f"notebook {name}: {output.ename} {output.evalue}".strip())
    return notebook


def join(notebooks: dict[str, Any], client: Client) -> Any:
    """One notebook of all cells in reading order, without papermill's clocks and paths."""
    joined = nbformat.v4.new_notebook()
    joined.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = []
    for name, notebook in sorted(notebooks.items(), key=lambda one: READING_ORDER.index(one[0])):
        for number, cell in enumerate(notebook.cells):
            tags = cell.metadata.get("tags", [])
            if cell.cell_type != "code" or engines.SKIP in tags or "parameters" in tags:
                continue
            if "injected-parameters" in tags:
                parts = (f'client_file = "{client.file.name}"', f"locale = {notebook_locale(cell)}")
                cell.source = "\n".join((*parts, f"what_if = {client.what_if!r}"))
            cell.id = f"{name}-{number}"
            place = ANNEX if ANNEX in tags else name
            cell.metadata = {"chapter": place, "tags": tags}
            cells.append(cell)
    cells.sort(key=lambda cell: READING_ORDER.index(cell.metadata.chapter))
    for number, cell in enumerate(cells, 1):
        cell.execution_count = number
        cell.outputs = [output for output in cell.outputs if output.output_type != "stream"]  # for who runs it by hand
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = number
    joined.cells = cells
    return joined


def notebook_locale(cell: Any) -> str:
    """The locale literal of an injected-parameters cell."""
    return next(line.split("=", 1)[1].strip() for line in cell.source.splitlines() if line.startswith("locale"))


def gather(joined: Any, client: Client, words: Words) -> dict[str, Any]:
    """The content of `results.json`: who, when, what was given, and every number that the chapters recorded."""
    who = client.client
    chapters = {
        output.data[RESULTS]["chapter"]: {"numbers": output.data[RESULTS]["numbers"]}
        for cell in joined.cells
        for output in cell.outputs
        if RESULTS in output.get("data", {})
    }
    return {
        "client": {"id": client.id, "name": who.name, "origin": who.origin},
        "locale": words.locale,
        "currency": who.currency,
        "period": {"from": who.period.from_.isoformat(), "to": who.period.to.isoformat()},
        "report_date": who.report_date.isoformat(),
        "what_if": client.what_if,
        "given": given(client),
        "chapters": chapters,
    }


def given(client: Client) -> dict[str, Any]:
    """What the client file says, section by section, what-ifs included; data files by name, without their folder."""
    sections = client.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"client"})
    for section in sections.values():
        if "file" in section:
            section["file"] = PurePath(section["file"]).name
    return {name: section for name, section in sections.items() if section}


def render(joined: Any, client: Client, words: Words) -> str:
    """The report as one self-contained page of HTML, through nbconvert and our template."""
    who = client.client
    present = {cell.metadata.chapter for cell in joined.cells}
    footer = [who.name, words.quantity(who.report_date, None)]
    footer += [words.text("common.confidential")] if who.confidential else []
    line = " · ".join(footer)
    resources = {
        "report": {
            "lang": words.tag,
            "accent": accent_of(client) if who.accent else "",
            "title": words.text("front.document_title", None, client=who.name),
            "footer": css_string(line),
            "footer_html": line,
            "page": words.text("common.page"),
            "chapters": [name for name in READING_ORDER if name in present],
            "annex_title": words.text("front.annex_title"),
        }
    }
    html, _ = exporter().from_notebook_node(joined, resources)
    return "\n".join(line.rstrip() for line in html.splitlines() if line.strip()) + "\n"


@cache
def exporter() -> TemplateExporter:
    """nbconvert with our template, and without its own steps in between, which would each copy and check the whole."""
    settings = {"extra_template_basedirs": [str(TEMPLATES)], "default_preprocessors": []}
    return TemplateExporter(
        config=Config({"TemplateExporter": settings}), template_name="html", template_file="index.html.j2"
    )


def css_string(text: str) -> str:
    """A text as the inside of a CSS string in a style element: nothing in it can end either."""
    return "".join(c if c.isalnum() or c in " ·.,-" else f"\\{ord(c):x} " for c in text)


def make_report(
    client: Client, locale: str, folder: Path, *, engine: str = engines.NAME, by_way_of: Path | None = None
) -> list[Path]:
    """Make one report in `folder`: the paths of its files, the page first.

    Each is written whole or not at all, by way of another folder on the same disk where one is named.
    """
    words = words_for(client, locale)
    joined = join(execute(client, locale, engine=engine), client)
    nbformat.validate(joined)
    texts = {
        "report.html": render(joined, client, words),
        "results.json": to_json(gather(joined, client, words)),
        "report.ipynb": nbformat.writes(joined, sort_keys=True, ensure_ascii=False) + "\n",
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        write(folder / name, text, by_way_of=by_way_of)
    return [folder / name for name in texts]


def to_json(content: Any) -> str:
    """JSON as a person can read it; a number that is not finite is an error."""
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
