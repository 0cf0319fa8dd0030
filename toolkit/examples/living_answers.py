"""Generated answers of customers of the web shop `living`: drawn so that answers and staying go together."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from scipy.special import expit

from toolkit.examples.living import living_log

ITEMS = ("keeps_agreements", "delivery_time", "price_quality", "information", "friendliness")
WEIGHTS = {"keeps_agreements": 1.0, "delivery_time": 0.45, "price_quality": 0.15, "information": 0.3, "friendliness": 0.1}
ANSWERED, ASKED, UNKNOWN = date(2023, 12, 31), 240, 6


def living_answers(*, seed: int = 20231231, window: int = 180) -> str:
    """What some of the customers there on the last day of 2023 answered, as a Dutch spreadsheet would save it.

    Whoever stayed through 2024 is drawn with a somewhat better general feeling: an association put
    in on purpose. A few keys stand in no log. Semicolons; one row per respondent; 1–5 and 0–10.
    """
    random = np.random.default_rng(seed)
    bought: dict[str, list[date]] = defaultdict(list)
    for line in living_log().splitlines()[1:]:
        customer, day, _ = line.split(";")
        bought[customer].append(date(*map(int, reversed(day.split("-")))))
    there = sorted(who for who, days in bought.items() if _active(days, ANSWERED, window))
    chosen = random.choice(there, min(ASKED, len(there)), replace=False).tolist()
    stayed = np.array([_active(bought[who], date(2024, 12, 31), window) for who in chosen] + [True] * UNKNOWN)
    chosen += [f"W{number:05d}" for number in range(1, UNKNOWN + 1)]
    feeling = random.normal(np.where(stayed, 0.35, -0.6), 1.0)
    answers = {name: _five(0.75 * feeling + 0.66 * random.normal(size=len(chosen))) for name in ITEMS}
    centred = sum(weight * (answers[name] - 3.6) for name, weight in WEIGHTS.items())
    level = 0.75 * centred + 0.3 * feeling + 0.6 * random.logistic(size=len(chosen))
    attached = np.select([level > 0.8, level > -0.6, level > -1.9, level > -3.0], [5, 4, 3, 2], 1)
    score = np.clip(np.round(7.6 + 0.8 * level + random.normal(0, 1.1, len(chosen))), 0, 10).astype(int)
    rows = zip(chosen, *answers.values(), attached, score, strict=True)
    head = ["Klantnr", *(f"V{number}" for number in range(1, len(ITEMS) + 1)), "Verbonden", "Aanbevelen"]
    return "\r\n".join([";".join(head), *(";".join(map(str, row)) for row in sorted(rows))]) + "\r\n"


def _active(days: list[date], at: date, window: int) -> bool:
    return any(at - timedelta(days=window) < day <= at for day in days)


def _five(latent: np.ndarray) -> np.ndarray:
    """Answers 1–5 (n,) cut from a latent satisfaction."""
    return 1 + np.searchsorted([0.05, 0.13, 0.33, 0.70], expit(1.7 * latent))


def write_living_answers(folder: Path) -> Path:
    """Write the generated answers beside the client file of the web shop."""
    path = folder / "antwoorden.csv"
    path.write_text(living_answers(), encoding="utf-8", newline="")
    return path
