"""How long does exact LMG take, and a thousand resamples, beside pingouin where it can follow?

    OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 python benchmarks/drivers_speed.py
    ... --short                                     without pingouin at sixteen drivers

7,000 respondents, the best of three runs (of one for pingouin). Targets on one core: 16
drivers 0.1 s, 20 in 0.6 s, 22 in 3 s; 1,000 resamples at 10 drivers in 0.4 s; at
least 20 times as fast as pingouin at 12 and 50 times at 16, in the same run.
"""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Callable
from time import perf_counter

import numpy as np

from toolkit.drivers import METHODS, grow_tree, importances
from toolkit.drivers.ends import both_ends
from toolkit.drivers.methods.association import association
from toolkit.drivers.methods.dominance import dominance
from toolkit.drivers.methods.shapley import shapley
from toolkit.drivers.missing import missing_ways
from toolkit.drivers.noise import noise_bar
from toolkit.drivers.replicates import covariances
from toolkit.drivers.sample import read_sample
from toolkit.drivers.tree_stability import tree_stability
from toolkit.examples import DRIVERS, pxl_study

TARGETS = {16: 0.1, 20: 0.6, 22: 3.0}
FASTER = {12: 20, 16: 50}


def seconds(call: Callable[[], object], times: int = 3) -> float:
    """The shortest of a few runs."""
    spent = []
    for _ in range(times):
        start = perf_counter()
        call()
        spent.append(perf_counter() - start)
    return min(spent)


def survey(k: int, n: int = 7000) -> tuple[np.ndarray, np.ndarray]:
    """Answers of n respondents to k items with a halo, and an outcome."""
    rng = np.random.default_rng(k)
    answers = rng.standard_normal((n, k)) + rng.standard_normal((n, 1))
    return answers, answers @ np.linspace(1, 0, k) + 3 * rng.standard_normal(n)


def exact(short: bool) -> None:
    """Exact LMG by number of drivers."""
    follows = importlib.util.find_spec("pingouin") is not None
    print(f"{'drivers':>8} {'seconds':>9} {'target':>7} {'pingouin':>9} {'times':>7} {'target':>7}")
    for k in (8, 12, 16, 20, 22):
        answers, outcome = survey(k)
        own = seconds(lambda a=answers, o=outcome: METHODS["shapley"](a, o))
        line = f"{k:8d} {own:9.4f} {TARGETS.get(k, ''):>7}"
        if follows and k <= (12 if short else 16):
            from pingouin import linear_regression

            other = seconds(lambda a=answers, o=outcome: linear_regression(a, o, relimp=True), times=1)
            line += f" {other:9.2f} {other / own:7.0f} {FASTER.get(k, ''):>7}"
        print(line, flush=True)


def resamples() -> None:
    """A thousand resamples, alone and as part of `importances`."""
    for k, target in ((10, "0.4"), (12, "none")):
        answers, outcome = survey(k)
        sample, players = read_sample(answers, outcome), [[i] for i in range(k)]
        batch = seconds(lambda s=sample, p=players: shapley(association(covariances(s, 1000, 0)), p))
        whole = seconds(lambda a=answers, o=outcome: importances(a, o))
        print(f"1,000 resamples, {k} drivers: {batch:.3f} s (target {target}); importances {whole:.3f} s")
    answers, outcome = survey(30)
    print(f"sampled orders, 30 drivers: {seconds(lambda: METHODS['shapley'](answers, outcome)):.3f} s")


def chapter() -> None:
    """Everything that a chapter asks of the rebuilt study: 7,000 answers, twelve drivers."""
    study = pxl_study(company_effects=True)
    answers, company = study[list(DRIVERS)], study["company"]
    attached, outcome = study["attachment"] == 5, study["recommendation"]
    gappy = answers.astype(float).mask(np.random.default_rng(1).random(answers.shape) < 0.05)
    tree = grow_tree(answers, attached)
    parts = {
        "importances, companies": lambda: importances(answers, outcome, clusters=company),
        "importances, respondents": lambda: importances(answers, outcome),
        "noise driver": lambda: noise_bar(answers, outcome, clusters=company),
        "dominance, ordinal": lambda: dominance(answers, outcome),
        "dominance, both ends": lambda: [dominance(answers, outcome == 5), dominance(answers, outcome <= 2)],
        "both ends, bootstrap": lambda: both_ends(answers, outcome == 5, outcome <= 2),
        "both ends, companies": lambda: both_ends(answers, outcome == 5, outcome <= 2, clusters=company),
        "missing answers four ways": lambda: missing_ways(gappy, outcome),
        "tree": lambda: grow_tree(answers, attached),
        "tree again, 200 times": lambda: tree_stability(tree, clusters=company),
    }
    total = 0.0
    for name, part in parts.items():
        spent = seconds(part, times=1)
        total += spent
        print(f"{name:28s} {spent:7.2f} s", flush=True)
    print(f"{'everything':28s} {total:7.2f} s (target 60)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="without pingouin at sixteen drivers")
    exact(parser.parse_args().short)
    resamples()
    chapter()
