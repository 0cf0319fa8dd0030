"""How often the intervals of driver shares hold the truth: printed simulations.

    python benchmarks/drivers_coverage.py            # 500 samples a row: some minutes
    python benchmarks/drivers_coverage.py --short    # 100 samples a row

Answers are five-point items, skewed towards satisfaction and correlated by a halo.
Independent respondents: the percentile bootstrap. Respondents of twelve companies of
unequal size, with company effects on answers, outcome and slopes: the jackknife over
companies. The truth is the share in one sample of two million answers (or of 24,000
companies). Target: 92.5–97 % for drivers whose true share is at least .01.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from toolkit.drivers import METHODS, importances

SLOPES = np.array([0.60, 0.35, 0.25, 0.15, 0.10, 0.05])
HALO = np.array([0.4, 0.4, 0.4, 0.4, 0.1, 0.05])
"""Share of each driver's variance that all drivers have in common."""
SIZES = np.array([1480, 1130, 905, 760, 620, 510, 430, 345, 280, 235, 180, 125])
CUTS = {"symmetric": [-1.5, -0.5, 0.5, 1.5], "skewed": [-2.2, -1.6, -0.9, 0.1]}


def five_points(latent: np.ndarray, shape: str) -> np.ndarray:
    """Latent normal answers cut into the five points of a scale."""
    return 1.0 + np.searchsorted(CUTS[shape], latent)


def respondents(n: int, shape: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Independent respondents: answers (n, 6) and an outcome on five points."""
    halo = rng.standard_normal((n, 1))
    latent = np.sqrt(HALO) * halo + np.sqrt(1 - HALO) * rng.standard_normal((n, len(SLOPES)))
    outcome = latent @ SLOPES / 1.2 + 0.8 * rng.standard_normal(n)
    return five_points(latent, shape), five_points(outcome, shape)


def companies(sizes: np.ndarray, shape: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Respondents of companies with their own level, outcome and slopes."""
    clusters = np.repeat(np.arange(len(sizes)), sizes)
    shape_of = (len(sizes), len(SLOPES))
    levels, slopes = 0.3 * rng.standard_normal(shape_of), SLOPES + 0.12 * rng.standard_normal(shape_of)
    halo = rng.standard_normal((len(clusters), 1))
    latent = np.sqrt(HALO) * halo + np.sqrt(1 - HALO) * rng.standard_normal((len(clusters), len(SLOPES)))
    latent += levels[clusters]
    outcome = (latent * slopes[clusters]).sum(axis=1) / 1.2 + 0.8 * rng.standard_normal(len(clusters))
    outcome += 0.2 * rng.standard_normal(len(sizes))[clusters]
    return five_points(latent, shape), five_points(outcome, shape), clusters


def truth(method: str, draw, repeats: int) -> np.ndarray:
    """Shares in the population: the mean over a few very large samples."""
    values = np.array([METHODS[method](*draw()) for _ in range(repeats)])
    return values.sum(axis=0) / values.sum()


def report(name: str, true: np.ndarray, hits: np.ndarray) -> None:
    """One line: coverage per driver with its standard error, drivers under .01 in brackets."""
    rate = hits.mean(axis=0)
    error = np.sqrt(0.95 * 0.05 / len(hits))
    cells = [f"{r:6.1%}" if t >= 0.01 else f"({r:5.1%})" for t, r in zip(true, rate, strict=True)]
    print(f"{name:44s} {' '.join(cells)}  ± {error:.1%}", flush=True)


def main(samples: int, resamples: int) -> None:
    rng = np.random.default_rng(20)
    for method in ("shapley", "relative_weights"):
        for shape in CUTS:
            true = truth(method, lambda s=shape: respondents(400_000, s, rng), 5)
            print(f"\n{method}, {shape}: true shares {true.round(3)}")
            for n in (150, 300, 1000):
                hits = [_holds(true, importances(*respondents(n, shape, rng), method=method, resamples=resamples))
                        for _ in range(samples)]
                report(f"independent, n = {n}", true, np.array(hits))
            many = np.tile(SIZES, 50)
            true = truth(method, lambda s=shape, m=many: companies(m, s, rng)[:2], 40)
            print(f"with companies: true shares {true.round(3)}")
            hits = []
            for _ in range(samples):
                answers, outcome, clusters = companies(SIZES // 4, shape, rng)
                hits.append(_holds(true, importances(answers, outcome, method=method, clusters=clusters)))
            report("clustered, 12 companies of unequal size", true, np.array(hits))


def _holds(true: np.ndarray, result) -> np.ndarray:
    return np.array([row.low <= t <= row.high for t, row in zip(true, result, strict=True)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="100 samples a row")
    arguments = parser.parse_args()
    sys.exit(main(100 if arguments.short else 500, 500 if arguments.short else 1000))
