"""What stands under a picture that leaves the room: its title, its source line and what it shows in words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from toolkit.finding import Refusal, Refused
from toolkit.live.stage import Stage
from toolkit.page import Page

LACKING = {"alt": "takehome.missing.alt", "source": "takehome.missing.source"}


@dataclass(frozen=True)
class Caption:
    """The words that go with a picture wherever it goes."""

    title: str
    alt: str
    source: str


def caption(stage: Stage) -> Caption:
    """The words of the picture in sight; raises `Refused` where it lacks a title, a source with n, or an alternative text."""
    words, name = stage.words, stage.drawn.__name__
    place = f"{stage.chapter}.pictures.{name}"
    lacking = [said for part, said in LACKING.items() if not words.has(f"{place}.{part}")]
    if lacking:
        raise Refused([Refusal("picture_incomplete", given=words.text(said)) for said in lacking])
    alt, source = Page(stage.client, stage.chapter, words.locale).described(name, stage.result)
    title = stage.title(stage.result)
    if not re.search(r"\bn\s*=\s*\S", source):
        raise Refused([Refusal("picture_incomplete", given=words.text("takehome.missing.n"))])
    return Caption(title, alt, source)
