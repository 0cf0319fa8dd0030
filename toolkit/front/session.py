"""The chapter *In the session*: the scenarios that were chosen for the report, the guesses, and who decided what.

It is composed as page 1 is, from the session file beside the client and from what the chapters count;
it needs no live session and knows no clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from toolkit.client import Client
from toolkit.front.data import called, shown
from toolkit.front.guesses import guesses, title_of
from toolkit.front.tried import Change, InTheSession, Round, Tried, results
from toolkit.page import Page
from toolkit.picture import svg
from toolkit.record import number
from toolkit.units import COUNT, POINTS, Estimate, Unit
from toolkit.words import Words, fields_of

SIGNED = {"share": POINTS}  # a difference of shares is in percentage points


def in_the_session(client: Client, locale: str | None = None) -> None:
    """Show the chapter; nothing where the session kept nothing for the report."""
    found, page = results(client), Page(client, "session", locale)
    if not (found.tried or found.rounds):
        return
    page.title()
    page._show("say", [page.text(f"findings.{summary(found)}", None, **counted(found)), *_guessed(found, page)])
    _table(page, "outcomes", [_outcome(one, page) for one in found.tried])
    _table(page, "decisions", [_kept(one, page) for one in found.tried])
    numbers = [one for one in found.rounds if one.values]
    if numbers:
        _draw(page, numbers[0])
    page._record(list(_numbers(found, page)))


def summary(found: InTheSession) -> str:
    """The name of the sentence that sums the session up.

    >>> summary(InTheSession())
    'only_guesses'
    """
    if not found.tried:
        return "only_guesses"
    return "decided" if found.decided else "undecided"


def counted(found: InTheSession) -> dict[str, Any]:
    """How many scenarios were chosen, about how many something was decided, and how many people guessed."""
    people = {guess.who.casefold() for one in found.rounds for guess in one.guesses}
    numbers = {"kept": len(found.tried), "decided": len(found.decided), "people": len(people)}
    return {name: (number, COUNT) for name, number in numbers.items()}


def _table(page: Page, name: str, rows: list[list[str]]) -> None:
    """Rows with the chapter's caption and heads, without the columns in which nothing stands."""
    heads = list(page.words.entry(f"session.tables.{name}.columns"))
    used = [place for place in range(len(heads)) if any(row[place] for row in rows)]
    if rows:
        said = [page.text(f"tables.{name}.columns.{heads[place]}") for place in used]
        page._show("table", page.text(f"tables.{name}.caption"), said, [[row[place] for place in used] for row in rows], "words")


def _outcome(one: Tried, page: Page) -> list[str]:
    """A scenario's name, what it changes, what comes out, and the difference to now."""
    words = page.words
    changes = "; ".join(_change(change, page) for change in one.changes) or page.text("unchanged")
    now, then = (words.quantity(figure, one.unit) for figure in (one.now, one.then))
    what = page.text(f"counts.{one.scenario.chapter}.{one.unit.name}")
    came = page.text("parts.outcome", None, what=what, now=now, then=then)
    if isinstance(one.then, Estimate) and not isinstance(one.difference, Estimate) and one.then.low < one.then.high:
        ends = {"low": (one.then.low, one.unit), "high": (one.then.high, one.unit)}
        came = page.text("parts.outcome_between", None, what=what, now=now, then=then, **ends)
    return [one.scenario.name, changes, came, _difference(one, words)]


def _difference(one: Tried, words: Words) -> str:
    """The difference with its sign, and with its interval where it has one."""
    unit = SIGNED.get(one.unit.name, one.unit)
    said = words.quantity(one.difference, unit, "signed")
    if not isinstance(one.difference, Estimate) or one.difference.low == one.difference.high:
        return said
    low, high = (words.quantity(end, unit, "signed") for end in (one.difference.low, one.difference.high))
    return words.text("common.value_with_interval", None, value=said, low=low, high=high)


def _change(change: Change, page: Page) -> str:
    """One changed field, by the name that the client file gives it, from what to what."""
    section, _, rest = change.field.partition(".")
    key, words = f"{fields_of(section)}.{rest}", page.words
    label = words.text(f"{key}.label") if words.has(f"{key}.label") else change.field
    label = label[:1].upper() + label[1:]  # some labels are made to stand within a sentence
    after = shown(change.after, change.unit, key, words)
    if change.before is None:
        return page.text("parts.set", None, label=label, after=after)
    return page.text("parts.changed", None, label=label, before=shown(change.before, change.unit, key, words), after=after)


def _kept(one: Tried, page: Page) -> list[str]:
    """A scenario's name, who kept it and when, why, what was decided and by whom."""
    kept = one.scenario
    when = page.words.quantity(kept.when.date(), None) if kept.when else ""
    who = ", ".join(part for part in (kept.who, when) if part)
    return [kept.name, who, kept.why, kept.decision, kept.decided_by]


def _guessed(found: InTheSession, page: Page) -> Iterator[str]:
    """A sentence for every round of guesses."""
    for one in found.rounds:
        yield page.text(f"findings.{_kind(one)}", None, **_said(one, page))


def _kind(one: Round) -> str:
    """The name of the sentence about a round: of numbers or of names, and whether the figure is known."""
    return f"guessed_{'numbers' if one.values else 'names'}{'' if one.truth is not None else '_unknown'}"


def _said(one: Round, page: Page) -> dict[str, Any]:
    """What the sentences, the title and the alternative text about a round mention."""
    words, chapter = page.words, one.chapter
    label = words.text(f"session.figures.{chapter}" if one.unit is None else f"{chapter}.numbers.{one.about.partition('.')[2]}.label")
    said = {"label": label, "people": (len(one.guesses), COUNT)}
    if not one.values:
        (name, most), *_ = one.named
        said |= {"most": (most, COUNT), "name": _name(name, page)}
        return said | ({"truth": _name(one.truth, page)} if one.truth is not None else {})
    said |= {"low": (one.values[0], one.unit), "high": (one.values[-1], one.unit), "middle": (one.middle, one.unit)}
    return said | ({"truth": (one.truth, one.unit)} if one.truth is not None else {})


def _name(name: str, page: Page) -> str:
    """What people call a question of the client's survey."""
    asked = page.client.survey.items.get(name) if page.client.survey else None
    return called(name, asked, page.words)


def _draw(page: Page, one: Round) -> None:
    """The picture of a round with its title, alternative text and source line."""
    said = _said(one, page)
    heading = page.text(f"pictures.guesses.titles.{title_of(one)}", None, **said)
    alt = page.text(f"pictures.guesses.alt.{title_of(one)}", None, **said)
    source = page.text("pictures.guesses.source", None, people=said["people"])
    page._show("figure", "session-guesses", heading, svg(guesses, page.words, one, size=(5.4, 1.9), name="session-guesses"), alt, source)


def _numbers(found: InTheSession, page: Page) -> Iterator[dict[str, Any]]:
    """What the chapter adds to results.json: each scenario's figures, and what was guessed."""
    for place, one in enumerate(found.tried):
        kept = one.scenario
        about = {"name": kept.name, "chapter": kept.chapter, "who": kept.who, "why": kept.why, "decision": kept.decision}
        about |= {"decided_by": kept.decided_by, "when": kept.when.isoformat() if kept.when else ""}
        yield from ({"name": f"scenarios[{place}].{name}", "value": value} for name, value in about.items() if value)
        for change in one.changes:
            yield {"name": f"scenarios[{place}].what_if.{change.field}", "value": page.words.given(kept.what_if[change.field])}
        for name in ("now", "then", "difference"):
            yield _number(f"scenarios[{place}].{name}", name, getattr(one, name), one.unit, page)
    for place, one in enumerate(found.rounds):
        yield {"name": f"guesses[{place}].about", "value": one.about}
        for name in ("middle", "truth") if one.values else ():
            yield _number(f"guesses[{place}].{name}", name, getattr(one, name), one.unit, page)


def _number(path: str, name: str, value: Any, unit: Unit, page: Page) -> dict[str, Any]:
    """One figure as the other chapters record theirs."""
    unit = SIGNED.get(unit.name, unit) if name == "difference" else unit
    return number(path, name, value, unit, "session", page.words) | {"source": page.text("source")}
