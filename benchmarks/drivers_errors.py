"""How often are drivers, pairs and trees found where there is nothing, and A5's tree where it is?

    python benchmarks/drivers_errors.py            # 2,000 noise samples, 100 studies: some minutes
    python benchmarks/drivers_errors.py --short    # 300 noise samples, 20 studies

Targets: a tree splits pure noise in at most 6 of 100 samples (11 five-level drivers,
500 respondents, α .05; binary, rare and skewed outcomes); on the rebuilt study it
refines A5's partition in every draw and is exactly its four leaves in at least 90 of
100; any driver or pair found on pure noise: family-wise at most .06. Adjusted Wald
holds the recommendation score in about 95 of 100.
"""

from __future__ import annotations

import argparse

import numpy as np

from toolkit.drivers import grow_tree, importances, recommendation
from toolkit.drivers.ends import both_ends
from toolkit.drivers.ranks import pairwise
from toolkit.drivers.signs import signs
from toolkit.examples import DRIVERS, PRINTED, pxl_study

OUTCOMES = {
    "binary": lambda rng, n: rng.random(n) < 0.5,
    "rare (5 %)": lambda rng, n: rng.random(n) < 0.05,
    "rare (2 %)": lambda rng, n: rng.random(n) < 0.02,
    "skewed, five levels": lambda rng, n: np.searchsorted([0.6, 0.85, 0.94, 0.98], rng.random(n)),
}
DRIVER_SHAPES = {"uniform": [0.2, 0.4, 0.6, 0.8], "skewed": [0.02, 0.06, 0.16, 0.5]}


def line(name: str, hits: int, of: int) -> None:
    """A rate with its standard error."""
    rate = hits / of
    print(f"{name:52s} {rate:6.1%} ± {np.sqrt(max(rate * (1 - rate), 1e-9) / of):.1%}  ({hits} of {of})", flush=True)


def tree_noise(samples: int) -> None:
    """Root splits on pure noise."""
    for shape, cuts in DRIVER_SHAPES.items():
        for name, draw in OUTCOMES.items():
            rng = np.random.default_rng(11)
            hits = 0
            for _ in range(samples):
                answers, outcome = np.searchsorted(cuts, rng.random((500, 11))), draw(rng, 500)
                hits += len(np.unique(outcome)) > 1 and bool(grow_tree(answers, outcome, alpha=0.05).splits)
            line(f"tree splits noise: {shape} drivers, {name}", hits, samples)


def tree_study(draws: int) -> None:
    """A5's partition on the rebuilt study, at the default alpha."""
    for outcome in PRINTED:
        refined = exact = 0
        for seed in range(draws):
            study = pxl_study(seed)
            tree = grow_tree(study[list(DRIVERS)], study[outcome] == 5)
            agreements, exceeded = study["keeps_agreements"], study["exceeds_expectations"] >= 4
            cells = np.select([(agreements == 5) & exceeded, agreements == 5, agreements == 4], [3, 2, 1], 0)
            places = tree.leaf_of()
            pure = all(len(np.unique(cells[places == leaf])) == 1 for leaf in range(len(tree.leaves)))
            refined, exact = refined + pure, exact + (pure and len(tree.leaves) == 4)
        line(f"tree refines A5's partition: {outcome}", refined, draws)
        line(f"tree is exactly A5's four leaves: {outcome}", exact, draws)


def families(samples: int) -> None:
    """Any driver, pair or end found on pure noise, after Holm."""
    rng = np.random.default_rng(12)
    found = np.zeros(4, int)
    for number in range(5 * samples):
        answers = np.searchsorted(DRIVER_SHAPES["skewed"], rng.random((300, 8))).astype(float)
        outcome = np.searchsorted([0.1, 0.25, 0.5, 0.8], rng.random(300))
        companies = np.repeat(np.arange(12), 25)
        found[0] += any(row.p < 0.05 for row in signs(answers, outcome))
        found[1] += any(row.p < 0.05 for row in signs(answers, outcome, clusters=companies))
        if number >= samples:
            continue
        ends = both_ends(answers, outcome == 4, outcome <= 1, resamples=300)
        found[2] += any(row.p < 0.05 for row in ends.rows)
        alike = answers + rng.standard_normal((300, 8))
        equal = alike.sum(axis=1) + 6 * rng.standard_normal(300)
        found[3] += any(pair.p < 0.05 for pair in pairwise(importances(alike, equal, resamples=300)))
    names = ("signs", "signs, 12 companies", "both ends", "pairs of equal drivers")
    for name, hits, times in zip(names, found, (5, 5, 1, 1), strict=True):
        line(f"family-wise error after Holm: {name}", int(hits), times * samples)


def recommendations(samples: int) -> None:
    """Coverage of the adjusted interval, and of the plain one for comparison."""
    rng = np.random.default_rng(13)
    for n, shares in ((10, (0.86, 0.10, 0.04)), (50, (0.4, 0.4, 0.2)), (200, (0.7, 0.25, 0.05))):
        truth, adjusted, plain = shares[0] - shares[2], 0, 0
        for counts in rng.multinomial(n, shares, 10 * samples):
            result = recommendation(*counts)
            adjusted += result.low <= truth <= result.high
            plain += abs(result.score - truth) <= 1.96 * result.standard_error
        line(f"adjusted Wald holds the score, n = {n}", adjusted, 10 * samples)
        line(f"plain Wald holds the score, n = {n}", plain, 10 * samples)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="300 noise samples, 20 studies")
    short = parser.parse_args().short
    tree_noise(300 if short else 2000)
    tree_study(20 if short else 100)
    families(300 if short else 1000)
    recommendations(300 if short else 2000)
