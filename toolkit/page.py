"""The verbs of a page: title · given · say · table · draw · compare · record.

Each displays one thing, in JupyterLab and in the report alike, and returns None.
What is shown comes from a result; how it reads comes from `toolkit.words`; how it
looks comes from `templates/report/html`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from IPython.display import display
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from toolkit import picture as pictures
from toolkit.claims import Claim, claims_for
from toolkit.client import Client
from toolkit.finding import Finding
from toolkit.record import numbers_of
from toolkit.units import Estimate, Unit, units_of
from toolkit.whatif import Swing
from toolkit.words import Words

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "report" / "html"
RESULTS = "application/vnd.toolkit.results+json"
MOST_WORDS_IN_TITLE = 14


@cache
def _fragments() -> Any:
    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template("fragments.html.j2").module


def words_for(client: Client, locale: str | None = None) -> Words:
    """The words a client reads: its locale, form of address and currency."""
    who = client.client
    return Words(locale or who.locales[0], address=who.address, currency=who.currency)


class Page:
    """One chapter's page for one client in one locale."""

    def __init__(self, client: Client, chapter: str, locale: str | None = None):
        self.client, self.chapter = client, chapter
        self.words = words_for(client, locale)

    def _show(self, macro: str, *args: Any) -> None:
        html = str(getattr(_fragments(), macro)(*args)).strip()
        display({"text/html": html}, raw=True)

    def text(self, key: str, about: Any = None, **values: Any) -> str:
        """This chapter's words at a key."""
        return self.words.text(f"{self.chapter}.{key}", about, **values)

    def title(self) -> None:
        """The chapter's heading and the question it answers."""
        self._show("title", self.chapter, self.text("title"), self.text("question"))

    def heading(self, name: str) -> None:
        """A heading within the chapter."""
        self._show("heading", self.text(f"headings.{name}"))

    def say(self, findings: Finding | Iterable[Finding]) -> None:
        """The sentences of one or several findings; the first is set large."""
        found = [findings] if isinstance(findings, Finding) else list(findings)
        if found:
            self._show("say", [self.words.finding(self.chapter, finding) for finding in found])

    def note(self, name: str, about: Any = None, **values: Any) -> None:
        """A line of explanation from the chapter's notes."""
        self._show("note", self.text(f"notes.{name}", about, **values))

    def table(
        self, name: str, rows: Sequence[Any], columns: Sequence[str], *, chapter: str | None = None
    ) -> None:
        """Rows of a result as a table; the first column names the row.

        A column is a field or property of the row, shown exactly unless a style
        follows a colon: `"saved:rounded"`, `"retention:range"`. Captions and column labels stand in the words
        under `tables.<name>`.
        """
        if not rows:
            return
        place = f"{chapter or self.chapter}.tables.{name}"
        heads = [self.words.text(f"{place}.columns.{column.split(':')[0]}") for column in columns]
        body = [[self._cell(place, row, column) for column in columns] for row in rows]
        self._show("table", self.words.text(f"{place}.caption"), heads, body)

    def _cell(self, place: str, row: Any, column: str) -> str:
        name, _, style = column.partition(":")
        if name == "period":
            return self.words.period(row.first, row.last)
        value, unit = getattr(row, name), units_of(type(row)).get(name)
        if isinstance(row, Swing) and unit is None:
            unit = {"low": row.outcome, "high": row.outcome}.get(name, row.unit)
        if value is None and self.words.has(f"{place}.values.{name}.none"):
            return self.words.text(f"{place}.values.{name}.none")
        if style == "range":
            return self.interval(value, unit)
        if isinstance(value, bool | str) and not style:
            key = f"{place}.values.{name}.{str(value).lower() if isinstance(value, bool) else value}"
            return self.words.text(key) if isinstance(value, bool) or self.words.has(key) else value
        return self.words.quantity(value, unit, "" if style == "rounded" else style or "exact")

    def interval(self, value: Any, unit: Unit | None) -> str:
        """A value with its interval, for a table; a value without one stands alone."""
        if value is None or not hasattr(value, "low") or value.low == value.high:
            return self.words.quantity(value, unit, "exact")
        bare = "bare" if unit and unit.name == "points" else "exact"
        low, high = (self.words.quantity(part, unit, bare) for part in (value.low, value.high))
        mid = self.words.quantity(value, unit, "exact")
        return self.words.text("common.value_with_interval", None, value=mid, low=low, high=high)

    def draw(
        self,
        picture: pictures.Picture,
        result: Any,
        *,
        title: Finding | None,
        place: str = "",
        size: tuple[float, float] = pictures.SIZE,
    ) -> None:
        """A picture with its computed title, alternative text and source line; nothing without a title."""
        if title is None:
            return
        name = picture.__name__
        heading = self.text(f"pictures.{name}.titles.{title.name}", title.about)
        heading = heading[:1].upper() + heading[1:]  # a title may begin with what a question is called
        if len(heading.split()) > MOST_WORDS_IN_TITLE:
            raise ValueError(f"{self.chapter}.pictures.{name}.titles.{title.name}: more than fourteen words")
        alt, source = self.described(name, result)
        here = f"{place or self.chapter}-{name}"
        drawing = pictures.svg(picture, self.words, result, size=size, name=here)
        self._show("figure", here, heading, drawing, alt, source)

    def described(self, picture: str, result: Any) -> tuple[str, str]:
        """The alternative text and the source line of a picture, by the picture's name."""
        kind = "source" if getattr(result, "counted", True) else "source_stated"
        if not getattr(result, "ranged", True) and self.words.has(f"{self.chapter}.pictures.{picture}.source_sure"):
            kind = "source_sure"
        alt = self.text(f"pictures.{picture}.alt", result)
        return alt, self.text(f"pictures.{picture}.{kind}", result, origin=self.origin())

    def origin(self) -> str:
        """Where the client's figures come from, in words."""
        section = getattr(self.client, self.chapter, None)
        if getattr(section, "source", None):
            return section.source
        if getattr(section, "from_log", False):
            return self.words.text("common.origins.log", None, file=Path(self.client.log.file).name)
        return self.words.text(f"common.origins.{self.client.client.origin}")

    def compare(self, own: Mapping[str, tuple[Any, Unit] | None]) -> None:
        """The chapter's published claims beside the client's own figures, each with its trail."""
        rows = []
        for claim in claims_for(self.chapter):
            mine = own.get(claim.name)
            figure = self.words.quantity(mine[0], mine[1]) if mine else self.words.text("common.not_measured")
            said, known, trail = (self._claim(claim, part) for part in ("said", "known", "trail"))
            rows.append([said, known, figure, trail])
        if rows:
            heads = [self.words.text(f"claims.columns.{name}") for name in ("said", "known", "own", "trail")]
            own = f"{self.chapter}.claims.caption"
            caption = self.words.text(own if self.words.has(own) else "claims.caption")
            self._show("table", caption, heads, rows, "words")

    def _claim(self, claim: Claim, part: str) -> str:
        """One sentence about a claim; published money keeps its own currency."""
        words = Words(self.words.locale, address=self.words.address, currency=claim.currency)
        ends = {"low": (claim.low, claim.unit), "high": (claim.high, claim.unit)}
        own = f"{self.chapter}.claims.{claim.name}.{part}"
        return words.text(own if words.has(own) else f"claims.{claim.name}.{part}", None, **ends)

    def numbers(self, result: Any) -> None:
        """Every number that a result has, in one table: label, value with interval, n, definition."""
        place, rows = f"{self.chapter}.tables.numbers", []
        for name, unit in units_of(type(result)).items():
            value, key = getattr(result, name), f"{self.chapter}.numbers.{name}"
            if value is None:
                continue
            n = self.words.number(value.n) if isinstance(value, Estimate) and value.n else ""
            shown = self.interval(value, unit)
            rows.append([self.words.text(f"{key}.label"), shown, n, self.words.text(f"{key}.definition")])
        heads = [self.words.text(f"{place}.columns.{name}") for name in ("label", "value", "n", "definition")]
        self._show("table", self.words.text(f"{place}.caption"), heads, rows, "numbers")

    def record(self, result: Any) -> None:
        """Every number of a result with unit, n, interval and definition, for `results.json`."""
        self._record(numbers_of(result, self.chapter, self.words, self.origin()))

    def _record(self, numbers: list[dict[str, Any]]) -> None:
        display({RESULTS: {"chapter": self.chapter, "numbers": numbers}, "text/plain": ""}, raw=True)
