"""How far a batch is: one live line on a terminal, plain lines elsewhere, and a closing table."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import click

from toolkit.press.job import DONE, STATUSES, Outcome
from toolkit.units import COUNT, RATIO
from toolkit.words import Words

EVERY = 10.0  # seconds between plain lines
SOON = 120.0  # seconds; what takes longer is told in minutes


def line(words: Words, what: str, done: int, failed: int, total: int, seconds: float) -> str:
    """How far it is, how fast it goes and how long it takes still.

    >>> line(Words("en_GB"), "making", 120, 3, 1000, 40)
    '120 of 1,000 · 3 failed · 3.0 a second · 5 min left'
    """
    parts = [words.text(f"press.progress.{what}", None, done=(done, COUNT), failed=(failed, COUNT), all=(total, COUNT))]
    if done and seconds > 0:
        parts.append(words.text("press.progress.rate", None, rate=(done / seconds, RATIO)))
        left = (total - done) * seconds / done
        if left > SOON:
            parts.append(words.text("press.progress.minutes", None, minutes=(left / 60, COUNT)))
        elif left:
            parts.append(words.text("press.progress.seconds", None, seconds=(left, COUNT)))
    return " · ".join(parts)


class Progress:
    """Counts outcomes and shows how far the batch is, on standard error."""

    def __init__(self, what: str, total: int, words: Words):
        self.what, self.total, self.words = what, total, words
        self.done = self.failed = 0
        self.begun = self.shown = time.monotonic()
        self.bar: Any = None
        if total and sys.stderr.isatty():
            from tqdm import tqdm

            self.bar = tqdm(total=total, bar_format="{desc} {bar:24}", leave=False, dynamic_ncols=True)

    def count(self, outcome: Outcome) -> None:
        """One more is over."""
        self.done += 1
        self.failed += outcome.status not in DONE
        seconds = time.monotonic() - self.begun
        text = line(self.words, self.what, self.done, self.failed, self.total, seconds)
        if self.bar is not None:
            self.bar.set_description_str(text, refresh=False)
            self.bar.update()
        elif time.monotonic() - self.shown >= EVERY:
            self.shown = time.monotonic()
            say(text)

    def say(self, text: str, *, err: bool = False) -> None:
        """A line of its own, above the live one."""
        if self.bar is not None:
            self.bar.clear()
        say(text, err=err)

    def close(self) -> None:
        """Take the live line away."""
        if self.bar is not None:
            self.bar.close()


def say(text: str, *, err: bool = True) -> None:
    """One line, on standard error unless told otherwise; where nobody can hear it any more the work goes on."""
    with suppress(BrokenPipeError):
        click.echo(text, err=err)


def closing(words: Words, outcomes: Sequence[Outcome]) -> list[str]:
    """How many clients ended how: a line for each status that there is."""
    found = Counter(one.status for one in outcomes)
    named = {status: words.text(f"press.status.{status}") for status in STATUSES if found[status]}
    width = max(map(len, named.values()), default=0)
    return [f"{name:<{width}}  {words.quantity(found[status], COUNT, 'exact'):>6}" for status, name in named.items()]
