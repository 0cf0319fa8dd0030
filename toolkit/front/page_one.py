"""Page 1: one verdict, three figures, one picture, three actions, and what would change our mind.

A chapter offers, by name, `verdict`, `key_figures`, `actions`, `change_of_mind`
and, in `best_picture`, at most one picture with its title. Page 1 takes the first
that exist, in reading order, and fewer when there are fewer.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

from toolkit.client import Client
from toolkit.finding import Finding
from toolkit.page import Page
from toolkit.words import Words

MOST_FIGURES = 3
KINDS = ("do", "spend", "stop")  # an action's name begins with its kind


def offers(client: Client) -> Iterator[tuple[str, Any, Any]]:
    """Each chapter of a client in reading order: its name, its module, its result."""
    for name in client.chapters:
        module = importlib.import_module(f"toolkit.{name}")
        yield name, module, module.results(client)


def chosen_actions(client: Client) -> list[tuple[str, str, Finding]]:
    """The first action of each kind: its kind, its chapter and the finding."""
    found: dict[str, tuple[str, str, Finding]] = {}
    for name, module, result in offers(client):
        for action in module.actions(result):
            kind = action.name.split("_")[0]
            found.setdefault(kind, (kind, name, action))
    return [found[kind] for kind in KINDS if kind in found]


def chosen_figures(offered: list[tuple[str, list[Finding]]]) -> list[tuple[str, Finding]]:
    """Two figures of the first chapter and one of another, what a customer is worth before all; else three of the first."""
    (first, figures), *others = offered
    others.sort(key=lambda other: other[0] != "worth")
    rest = [(name, figure) for name, more in others for figure in more]
    return [*((first, figure) for figure in figures[: MOST_FIGURES - bool(rest)]), *rest][:MOST_FIGURES]


def headline(client: Client, words: Words) -> tuple[str, list[tuple[str, str]]]:
    """The one verdict sentence of a client and its key figures, each a label and its text."""
    chapters = list(offers(client))
    first, module, result = chapters[0]
    chosen = chosen_figures([(name, offering.key_figures(found)) for name, offering, found in chapters])
    figures = [
        (
            words.text(f"{name}.figures.{figure.name}.label", figure.about),
            words.text(f"{name}.figures.{figure.name}.text", figure.about),
        )
        for name, figure in chosen
    ]
    return words.text(f"{first}.verdicts.{module.verdict(result).name}", result), figures


def page_one(client: Client, locale: str | None = None) -> None:
    """Show page 1."""
    page = Page(client, "front", locale)
    words, who = page.words, client.client
    chapters = list(offers(client))
    first, module, result = chapters[0]
    verdict, figures = headline(client, words)
    date = words.quantity(who.report_date, None)
    period = words.period(who.period.from_, who.period.to)
    subtitle = page.text("subtitle", None, period=period, date=date)
    banner = page.text(f"banners.{who.origin}") if who.origin != "own" else ""
    if any(getattr(found, "assumed", False) for _, _, found in chapters):
        banner = " ".join((banner, page.text("banners.assumed"))).strip()
    if client.what_if:
        banner = " ".join((banner, page.text("banners.what_if"))).strip()
    page._show("page_one", who.name, subtitle, verdict, figures, banner)
    picture, title, about = module.best_picture(result)
    Page(client, first, locale).draw(picture, about, title=title, place="front")
    actions = [
        (
            page.text(f"kinds.{kind}"),
            words.text(f"{name}.actions.{action.name}", action.about),
            name,
            words.text(f"{name}.title"),
        )
        for kind, name, action in chosen_actions(client)
    ]
    mind = words.text(f"{first}.minds.{module.change_of_mind(result).name}", result)
    page._show("actions", page.text("actions"), actions, mind)
