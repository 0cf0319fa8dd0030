"""What the chapter says: every finding has words, every sentence is whole, and none claims a cause."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from test_drivers_chapter import study

from toolkit import drivers
from toolkit.drivers.euros_rows import ByAnswer, Planned
from toolkit.drivers.rows_annex import Change, Quoted, Rival, StatedRank
from toolkit.drivers.section import Drivers
from toolkit.page import MOST_WORDS_IN_TITLE
from toolkit.units import Estimate
from toolkit.words import LOCALES, Words

CAUSAL = {
    "nl": r"\b(zorgt|zorgen|leidt tot|leiden tot|veroorza\w+|effect|effecten|impact|dankzij|bepalend|drijft)\b",
    "en": r"\b(causes|caused|leads? to|effects?|impact|drives|thanks to|makes customers)\b",
}
LABELS = {
    name: {"nl": f"vraag over {name}", "en": f"question on {name}"}
    for name in ("keeps_agreements", "speed", "attachment", "recommendation_verbal", "recommendation")
}
LONG_LABEL = dict.fromkeys(("nl", "en"), "zo heet deze lange vraag hier nu eenmaal")


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
        replace(base, drivers=base.drivers[:1]),
        *lists(base, ladder),
        *annexes(base),
        *in_euros(ladder),
    ]


def lists(base: drivers.WhatDrives, ladder: drivers.WhatDrives) -> list[drivers.WhatDrives]:
    """What the list may have been: held, unsure, tied, lost in chance; and companies of every number."""
    none = {"to_do_label": None, "to_do_mean": None}
    kept = [replace(row, quadrant="keep", certain=True, in_noise=False) for row in base.drivers]
    unsure = [replace(row, certain=False) for row in kept]
    small = replace(kept[-1], share=Estimate(0.001, 0.0, 0.002, 80))
    return [
        replace(base, **none, drivers=tuple(kept), leader="keeps_agreements", room=None, one_company=True),
        replace(ladder, **none, drivers=(*kept[:-1], small), leader="keeps_agreements", room=0.3, noise_high=0.01),
        replace(base, **none, drivers=tuple(unsure), leader="keeps_agreements"),
        replace(base, **none, drivers=tuple(kept), leader=None),
        replace(base, **none, drivers=tuple(unsure), leader=None),
        replace(base, ceiling_label=base.first_label, companies=12, plans=(), leader="keeps_agreements"),
        replace(ladder, boosted_part=0.7, published_rest=0.4, published_most=0.839),
        replace(ladder, boosted_part=0.9, published_rest=None, published_most=0.839),
    ]


def in_euros(base: drivers.WhatDrives) -> list[drivers.WhatDrives]:
    """The same result with every kind of link to retention and money, so that each is said once."""
    base = replace(base, moved_up=0.25)
    sure, unsure, turned = (Estimate(value, value - 0.04, value + 0.04, 80) for value in (0.1, 0.02, -0.1))
    money, shift = Estimate(900.0, 500.0, 1400.0, 80), base.shifts[1]
    none = {"kept": None, "margin": None, "value": None}
    linked = {"link_from": "measured", "retention_top": sure, "retention_others": sure, "link_undated": True}
    linked |= {"linked": (ByAnswer("top", 80, sure, money, money),), "customers_base": 1000, "retention_base": sure}
    some = {"ambassador_customers": money, "brought_each": 0.08, "brought_customers": money}

    def moved(**fields) -> dict:
        return {"shifts": (replace(shift, **(none | {"retention": sure} | fields)),)}

    all_known = moved(kept=money, margin=money, value=money)
    return [
        replace(base, **linked, retention_gap=sure, **all_known, **some, recommended_each=money, ambassadors_worth=money),
        replace(base, **linked, retention_gap=turned, **moved(kept=money), **some),
        replace(base, **linked, retention_gap=unsure, **moved(retention=unsure)),
        replace(base, **(linked | {"link_from": "stated"}), retention_gap=sure, **moved()),
        replace(base, link_problem="year", plans=(Planned(0.05, 300, 900, True),), score=None),
        replace(base, link_problem="cells"),
    ]


def stretched(result: drivers.WhatDrives) -> drivers.WhatDrives:
    """The same result with questions that are called by a whole sentence."""
    long = {tag: "zo heet deze lange vraag hier nu eenmaal" for tag in ("nl", "en")}
    names = ("first_label", "second_label", "ends_top", "ends_bottom", "outcome_top", "outcome_label", "ends_label")
    return replace(result, **dict.fromkeys(names, long), to_do_label=result.to_do_label and long)


def annexes(base: drivers.WhatDrives) -> list[drivers.WhatDrives]:
    """What annex B could have been told of a result."""
    label = {"nl": "levertijd", "en": "delivery time"}
    up, flat = Estimate(0.1, 0.05, 0.15, 80), Estimate(0.01, -0.05, 0.07, 80)
    down = Estimate(-0.1, -0.15, -0.05, 80)
    wave = Change(label, "2023", "2024", 361, 544, up, 0.001, up, 0.001)
    rival = Rival("Firm X", "range", label, 0.4, 150, 3.9, 3.4, up, 0.001, True)
    ahead, level = replace(rival, own=3.4, theirs=3.9, difference=down), replace(rival, difference=flat, certain=False)
    elsewhere = replace(ahead, driver="speed", share=0.2)
    place = StatedRank("range", label, 1, 7, True)
    quoted = Quoted("they keep what they promise", "remarks", "top")
    rich = {"excess_label": label, "excess_top": 5, "excess_before": 4}
    told = {"gaps_tried": 6, "gaps_clear": 2, "item_gaps_tried": 48, "rated_most": 150, "quotes": (quoted,)}
    return [
        replace(base, **rich, **told, excess=up, must_have_label=label, changes=(wave,), rivals=(rival, elsewhere),
                stated_ranks=(place,)),
        replace(base, **rich, **told | {"gaps_clear": 0}, excess=down, changes=(replace(wave, top=down, score=down),),
                rivals=(ahead,), stated_ranks=(replace(place, beyond=None),)),
        replace(base, **rich, excess=flat, changes=(replace(wave, top=flat, score=flat, top_p=0.7, score_p=0.7),),
                rated_most=150, rivals=(level,), stated_ranks=(replace(place, derived_place=1),)),
        replace(base, changes=(replace(wave, top=0.1, score=0.1, top_p=None, score_p=None),), must_have_label=None,
                ceiling_label=None),
        replace(base, only_wave="2024", unrated="Firm Y", rated_most=150, rivals=(ahead, elsewhere)),
        *(replace(base, rated_most=150, rivals=(replace(one, label=LONG_LABEL),)) for one in (rival, ahead, level)),
    ]  # fmt: skip


def said(result: drivers.WhatDrives) -> dict[str, object]:
    """The keys of everything the chapter says about a result, and what each is about."""
    annex = (
        drivers.contrasts_say, drivers.waves_say, drivers.groups_say, drivers.rivals_say, drivers.stated_says, drivers.quotes_say,
        drivers.in_euros, drivers.plan, drivers.ladder_says, drivers.pairs_say,
    )  # fmt: skip
    found = [*drivers.worth_saying(result), *(finding for says in annex for finding in says(result))]
    keys = {f"findings.{finding.name}": finding.about for finding in found}
    notes = (drivers.who(result), "cause", drivers.defined(result), "quadrants", "contrasts", "contrasts_alone", "asked")
    plain = [f"verdicts.{drivers.verdict(result).name}", f"minds.{drivers.change_of_mind(result).name}"]
    plain += [f"notes.{note}" for note in notes]
    plain += [f"actions.{finding.name}" for finding in drivers.actions(result)]
    plain += [f"figures.{finding.name}.{part}" for finding in drivers.key_figures(result) for part in ("label", "text")]
    titles = {
        "both_ends_of_scale": drivers.feelings_title(result),
        "rungs": drivers.ladder_title(result),
        "to_do": drivers.to_do_title(result),
        "priority_map": drivers.map_title(result),
        "penalties_and_rewards": drivers.contrasts_title(result),
        "against_rivals": drivers.rivals_title(result),
        "all_answers": drivers.answers_title(result),
    }
    titled = {f"pictures.{name}.titles.{title.name}": title.about for name, title in titles.items() if title}
    return keys | dict.fromkeys(plain, result) | titled


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_is_whole_and_titles_fit(locale, results):
    words = Words(locale)
    for result in [*results, *map(stretched, results)]:
        for key, about in said(result).items():
            sentence = words.text(f"drivers.{key}", about)
            assert not re.search(rf"[{{}}]|\b(None|nan|inf)\b|\b{words.text('common.unknown')}\b", sentence), (key, sentence)
            if ".titles." in key:
                assert len(sentence.split()) <= MOST_WORDS_IN_TITLE, (key, sentence)


def test_everything_there_are_words_for_is_said_of_some_result(results):
    words = Words("nl_BE")
    spoken = {key for result in [*results, *map(stretched, results)] for key in said(result)}
    for group in ("findings", "verdicts", "minds", "actions"):
        there = {f"{group}.{name}" for name in words.entry(f"drivers.{group}")}
        assert there - spoken == set(), group
    annex = ("penalties_and_rewards", "against_rivals", "all_answers")
    for picture in ("both_ends_of_scale", "rungs", "to_do", "priority_map", *annex):
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
    bare = [re.sub(r"\{[^}]*\}|design effect", "", text, flags=re.IGNORECASE) for text in sentences]
    assert not [text for text in bare if re.search(CAUSAL[locale[:2]], text, re.IGNORECASE)]
