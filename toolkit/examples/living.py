"""A generated log of purchases: a web shop with a living front door."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np


def living_log(*, seed: int = 20240101, begin: date = date(2021, 1, 1), months: int = 48) -> str:
    """A log of a firm with a living front door, as a Dutch spreadsheet would save it.

    Customers arrive every month, a little more of them each year; each buys at
    its own pace until it leaves, some come back after a pause. Semicolons, decimal
    commas, dd-mm-yyyy. Returns the text of the file, one row per purchase.
    """
    random = np.random.default_rng(seed)
    last = begin + timedelta(days=round(months * 365.25 / 12) - 1)
    rows: list[tuple[date, str, float]] = []
    customers = 0
    for month in range(-18, months):
        for _ in range(random.poisson(9 + 0.12 * (month + 18))):
            customers += 1
            first = begin + timedelta(days=int(30.44 * (month + random.random())))
            rows += _purchases(random, f"K{customers:05d}", first, last)
    rows = sorted(row for row in rows if begin <= row[0] <= last)
    lines = ["Klantnr;Datum;Bedrag"]
    lines += [f"{who};{day:%d-%m-%Y};{amount:.2f}".replace(".", ",") for day, who, amount in rows]
    return "\r\n".join(lines) + "\r\n"


def _purchases(
    random: np.random.Generator, number: str, first: date, last: date
) -> list[tuple[date, str, float]]:
    """One customer's purchases from the first to the day of leaving, in a size of its own."""
    pace, size = random.gamma(4, 12), random.lognormal(4.6, 0.6)
    gone = first + timedelta(days=int(random.exponential(1100)))
    pause = random.random() < 0.12
    rows, day = [], first
    while day <= min(gone, last):
        rows.append((day, number, float(size * random.lognormal(0, 0.35))))
        rest = 300 if pause and len(rows) == 4 else 0
        day += timedelta(days=1 + rest + int(random.exponential(pace)))
    return rows or [(first, number, float(size))]


def write_living_log(folder: Path) -> Path:
    """Write the generated log beside its client file."""
    path = folder / "transacties.csv"
    path.write_text(living_log(), encoding="utf-8", newline="")
    return path
