"""What the chapter says: every finding has words, every sentence is whole, and none claims a cause."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from test_drivers_chapter import study

from toolkit import drivers
from toolkit.drivers.section import Drivers
from toolkit.page import MOST_WORDS_IN_TITLE
from toolkit.units import Estimate
from toolkit.words import LOCALES, Words

CAUSAL = {
    "nl": r"\b(zorgt|zorgen|leidt tot|leiden tot|veroorza\w+|effect\w*|impact|dankzij|bepalend|drijft)\b",
    "en": r"\b(causes|caused|leads? to|effects?|impact|drives|thanks to|makes customers)\b",
}
LABELS = {
    name: {"nl": f"vraag over {name}", "en": f"question on {name}"}
    for name in ("keeps_agreements", "speed", "attachment", "recommendation_verbal", "recommendation")
}


@pytest.fixture(scope="module")
def results() -> list[drivers.WhatDrives]:
    """One real result and what it could have been, so that everything is said at least once."""
    base = drivers.analyse(Drivers(invited=500), study("L"), labels=LABELS)
    label = {"nl": "levertijd", "en": "delivery time"}
    named = {"critics_first": label, "critics_second": base.first_label}
    lift, score = Estimate(0.1, 0.05, 0.15, 80), Estimate(0.1, -0.05, 0.2, 80)
    clear, tied = replace(base.drivers[0], in_noise=False), replace(base, leader=None)
    lost = replace(base.drivers[0], in_noise=True)
    ladder = drivers.analyse(Drivers(), study("C"), labels=LABELS)
    loud = {
        "leader_needs_company": "A", "below_floor": True, "ends_differ": 2, "missing_alarm": True,
        "ordinal_agrees": False, "conflicts": 1, "conflict_label": label, "straight_liners_matter": True,
        "first_eigenvalue": 0.6, "effective": 20.0, "in_noise": 2,
    }  # fmt: skip
    return [
        base,
        ladder,
        replace(ladder, lift=lift, **named, critics_named=True),
        replace(ladder, lift=replace(lift, low=-0.1), **named, critics_named=False),
        replace(ladder, lift=None, critics_first=ladder.first_label, critics_named=True, ladder_best=0.1, ladder_worst=0.2),
        replace(tied, drivers=(clear, *base.drivers[1:]), score=score),
        replace(tied, drivers=(lost, *base.drivers[1:]), score=None, critics=None),
        replace(base, score=None, ambassadors=None, critics=None),
        replace(base, too_few_companies=True, companies=3, score=0.1),
        replace(base, **loud, to_do_label=label, to_do_mean=3.1, to_do_certain=True, plan_answers=4000),
        replace(base, to_do_label=label, to_do_mean=3.1, to_do_certain=False, critics=Estimate(0.1, 0.05, 0.15, 80)),
        replace(base, score=None, critics=Estimate(0.1, 0.05, 0.15, 80)),
    ]


def stretched(result: drivers.WhatDrives) -> drivers.WhatDrives:
    """The same result with questions that are called by a whole sentence."""
    long = {tag: "zo heet deze lange vraag hier nu eenmaal" for tag in ("nl", "en")}
    names = ("first_label", "second_label", "ends_top", "ends_bottom", "outcome_top", "outcome_label", "ends_label")
    return replace(result, **dict.fromkeys(names, long), to_do_label=result.to_do_label and long)


def said(result: drivers.WhatDrives) -> list[str]:
    """The keys of everything the chapter says about a result."""
    keys = [f"findings.{finding.name}" for finding in drivers.worth_saying(result)]
    keys += [f"verdicts.{drivers.verdict(result).name}", f"minds.{drivers.change_of_mind(result).name}"]
    keys += [f"notes.{drivers.who(result)}", "notes.cause", "notes.definitions", "notes.quadrants"]
    keys += [f"actions.{finding.name}" for finding in drivers.actions(result)]
    keys += [f"figures.{finding.name}.{part}" for finding in drivers.key_figures(result) for part in ("label", "text")]
    titles = {
        "both_ends_of_scale": drivers.feelings_title(result),
        "rungs": drivers.ladder_title(result),
        "to_do": drivers.to_do_title(result),
        "priority_map": drivers.map_title(result),
    }
    return keys + [f"pictures.{name}.titles.{title.name}" for name, title in titles.items() if title]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_is_whole_and_titles_fit(locale, results):
    words = Words(locale)
    for result in [*results, *map(stretched, results)]:
        for key in said(result):
            sentence = words.text(f"drivers.{key}", result)
            assert not re.search(rf"[{{}}]|\b(None|nan|inf)\b|\b{words.text('common.unknown')}\b", sentence), (key, sentence)
            if ".titles." in key:
                assert len(sentence.split()) <= MOST_WORDS_IN_TITLE, (key, sentence)


def test_everything_there_are_words_for_is_said_of_some_result(results):
    words = Words("nl_BE")
    spoken = {key for result in [*results, *map(stretched, results)] for key in said(result)}
    for group in ("findings", "verdicts", "minds", "actions"):
        there = {f"{group}.{name}" for name in words.entry(f"drivers.{group}")}
        assert there - spoken == set(), group
    for picture in ("both_ends_of_scale", "rungs", "to_do", "priority_map"):
        there = {f"pictures.{picture}.titles.{name}" for name in words.entry(f"drivers.pictures.{picture}.titles")}
        assert there - spoken == set(), picture


@pytest.mark.parametrize("locale", LOCALES)
def test_no_sentence_says_that_an_aspect_causes_anything(locale):
    def texts(part):
        for value in part.values():
            yield from texts(value) if isinstance(value, dict) else [value]

    words = Words(locale)
    groups = ("notes", "verdicts", "findings", "figures", "actions", "minds", "pictures", "numbers", "tables")
    sentences = [text for group in groups for text in texts(words.entry(f"drivers.{group}"))]
    assert len(sentences) > 200
    assert not [text for text in sentences if re.search(CAUSAL[locale[:2]], text.replace("Ontwerpeffect", ""), re.I)
                and "ontwerpeffect" not in text.lower() and "design effect" not in text.lower()]  # fmt: skip
