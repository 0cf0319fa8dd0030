"""How often the intervals of a fitted retention curve hold the truth: simulated firms, printed.

    python benchmarks/worth_coverage.py [firms]

Each firm wins the same number of customers a year for eight years; their chances of
leaving are drawn from a beta distribution. Printed: the share of the 95 per cent
intervals of retention in years 1, 2, 4 and 7 that hold the true value, with the
standard error of the simulation, from yearly totals and from cohorts.
"""

from __future__ import annotations

import sys

import numpy as np

from toolkit.finding import Refused
from toolkit.worth.fit import fit_retention, fit_retention_from_totals
from toolkit.worth.retention import retention_rate

YEARS, SHOWN = 8, np.array([1, 2, 4, 7])
TRUTHS = [(3.8, 15.2, 100), (0.67, 3.8, 100), (0.67, 3.8, 30), (300.0, 1200.0, 200)]


def drawn_firm(a: float, b: float, won: int, random: np.random.Generator) -> tuple[list, np.ndarray, list]:
    """New customers, totals and the survivors of every cohort of one firm."""
    totals, survivors = np.zeros(YEARS), []
    for year in range(YEARS):
        lives = random.geometric(random.beta(a, b, won))
        left = [int((lives > age).sum()) for age in range(YEARS - year)]
        totals[year:] += left
        survivors.append(left[1:])
    return [won] * YEARS, totals, survivors


def covered(fit, true: np.ndarray) -> list[bool]:
    """Whether each interval holds the truth."""
    rows = fit.retention_by_period(int(SHOWN[-1]), n=2000)
    return [rows[t - 1].low <= rate <= rows[t - 1].high for t, rate in zip(SHOWN, true, strict=True)]


def main(firms: int = 300) -> None:
    """Print the coverage for every truth and both kinds of data."""
    print(f"{firms} firms; standard error at .95: {np.sqrt(0.95 * 0.05 / firms):.3f}")
    for a, b, won in TRUTHS:
        random, hits, refused = np.random.default_rng(1), {"totals": [], "cohorts": []}, 0
        true = retention_rate(a, b, SHOWN)
        for _ in range(firms):
            new, totals, survivors = drawn_firm(a, b, won, random)
            try:
                hits["totals"].append(covered(fit_retention_from_totals(new, totals), true))
                hits["cohorts"].append(covered(fit_retention(new[:-1], survivors[:-1]), true))
            except Refused:
                refused += 1
        for source, rows in hits.items():
            shares = "  ".join(f"{share:.3f}" for share in np.mean(rows, axis=0))
            print(f"a {a:<6} b {b:<7} {won:>4} a year, from {source:<8} {shares}   refused {refused}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
