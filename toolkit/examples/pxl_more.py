"""What one firm of the generated study has besides its answers: segments, waves, importance, competitors, remarks.

Drawn from the answers with a stream of its own, so that the answers stay as they
were: article A5's printed shares hold for this firm as for the others.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from toolkit.examples.pxl import DRIVERS

FIRM = "C"
"""The firm that has it all."""
IMPORTANT = (4.5, 4.0, 3.6, 4.1, 4.7, 2.9, 3.7, 3.6, 4.4, 3.3, 3.8, 2.6)
"""Mean of the stated importance of each driver: price and friendliness are named higher than they weigh."""
STATED = {f"W{number:02}": name for number, name in enumerate(DRIVERS, 1)}
RATED = ("keeps_agreements", "speed", "price_quality", "offers_solution", "website", "exceeds_expectations")
RIVALS = {"Firma X": ("X", 0.30, -0.25), "Firma Y": ("Y", 0.17, 0.30)}
"""Per competitor: the letter of its columns, the share of customers who know it, how much better it is rated."""
FEW = 3
"""Customers of the smallest segment, which a report must not show."""
REMARKS = {
    "bottom": (
        "De levering kwam een week later dan beloofd en niemand liet iets weten.",
        "Toen er iets misliep, moest ik zelf drie keer bellen. Mijn nummer is 0470 12 34 56.",
        "Er werd geen oplossing voorgesteld, alleen excuses.",
        "Ik mailde naar jan.peeters@example.be en kreeg geen antwoord.",
        "Jammer dat problemen pas achteraf gemeld worden.",
    ),
    "between": (
        "Goede zaak, maar de website kan duidelijker.",
        "Vriendelijk onthaal, al duurt het soms lang voor er iets gebeurt.",
        "Prijs en kwaliteit zijn in orde, meer ook niet.",
        "Ik blijf klant zolang de afspraken kloppen.",
    ),
    "top": (
        "Ze doen wat ze beloven, altijd.",
        "Altijd stipt, en als er iets is, bellen ze zelf.",
        "Mevrouw Claes heeft mij uitstekend geholpen.",
        "Ik raad deze firma aan bij al mijn kennissen.",
    ),
}  # fmt: skip


def more_columns(firm: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The columns besides the answers of a firm's n customers, as text, in the order of the file."""
    rng = np.random.default_rng([seed, *b"pxl more"])
    n = len(firm)
    feel = (firm["attachment"].to_numpy() - 3.5) / 1.2
    columns = {
        "jaar": np.where(rng.random(n) < expit(0.25 + 0.28 * feel), "2024", "2023"),
        "klanttype": np.where(rng.random(n) < expit(-0.6 - 0.30 * feel), "zakelijk", "particulier"),
        "kanaal": _channels(rng, n),
    }
    for (column, _), mean in zip(STATED.items(), IMPORTANT, strict=True):
        answers = np.clip(np.round(rng.normal(mean, 0.9, n)), 1, 5).astype(int)
        columns[column] = answers.astype(str)
    for letter, known, better in RIVALS.values():
        knows = rng.random(n) < known
        for item in RATED:
            near = 0.45 * firm[item].to_numpy() + 0.55 * 3.6 + better + rng.normal(0, 0.8, n)
            answers = np.clip(np.round(near), 1, 5).astype(int).astype(str)
            columns[f"{letter}{DRIVERS.index(item) + 1:02}"] = np.where(knows, answers, "")
    columns["opmerking"] = _remarks(firm["recommendation"].to_numpy(), rng)
    return pd.DataFrame(columns)


def _channels(rng: np.random.Generator, n: int) -> np.ndarray:
    """How customers order; three of them in a way that is too rare to show."""
    found = rng.choice(["winkel", "website", "telefoon"], n, p=[0.5, 0.35, 0.15]).astype(object)
    found[rng.choice(n, FEW, replace=False)] = "beurs"
    return found


def _remarks(recommendation: np.ndarray, rng: np.random.Generator) -> list[str]:
    """What some customers wrote: one in six, most of them critics."""
    ends = np.select([recommendation <= 2, recommendation == 5], ["bottom", "top"], "between")
    writes = rng.random(len(ends)) < np.where(ends == "bottom", 0.4, 0.13)
    place = rng.random(len(ends))
    return [
        REMARKS[end][int(at * len(REMARKS[end]))] if wrote else ""
        for end, wrote, at in zip(ends, writes, place, strict=True)
    ]


def survey_lines() -> list[str]:
    """The lines of the client file's `[survey]` that name these columns, before its questions."""
    return ['segments = ["klanttype", "kanaal"]', 'wave = "jaar"', 'quotations = ["opmerking"]']


def question_lines() -> list[str]:
    """The tables of the client file for stated importance and competitors."""
    lines = ["[survey.stated]", *(f'{item} = {{ column = "{column}", scale = [1, 5] }}' for column, item in STATED.items())]
    for name, (letter, _, _) in RIVALS.items():
        columns = {item: f"{letter}{DRIVERS.index(item) + 1:02}" for item in RATED}
        lines += ["", f'[survey.competitors."{name}"]']
        lines += [f'{item} = {{ column = "{column}", scale = [1, 5] }}' for item, column in columns.items()]
    return [*lines, ""]
