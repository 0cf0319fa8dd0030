"""How fast the value chapter computes, as a ratio to a plain way of doing the same in the same run.

    python benchmarks/worth.py

Medians over repeats, in milliseconds. The ratio, not the milliseconds, is what
carries over to another machine.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from time import perf_counter

import numpy as np
from scipy.optimize import minimize

from toolkit.worth import fit as fit_module
from toolkit.worth.fit import fit_retention, fit_retention_from_totals
from toolkit.worth.payback import expected_write_off
from toolkit.worth.retention import residual_value
from toolkit.worth.uncertainty import Counted, Range, carried, draw
from toolkit.worth.value import customer_value

NEW, TOTALS = [10_000] * 5, [10_000, 18_000, 24_480, 29_787, 34_178]
SURVIVORS = [869, 743, 653, 593, 551, 517, 491]
INPUTS = {
    "margin": Range(80, 125, likely=100),
    "retention": Counted(200, 250),
    "cost": Range(100, 200),
    "discount": Range(0.08, 0.12, scale="share"),
}


def milliseconds(work: Callable[[], object], repeats: int) -> float:
    """The median time of one call."""
    times = []
    for _ in range(repeats):
        start = perf_counter()
        work()
        times.append(1e3 * (perf_counter() - start))
    return statistics.median(times)


def score_of_totals() -> Callable:
    """The likelihood that the fit from totals climbs, taken from the fit itself."""
    caught, original = [], fit_module.fitted
    fit_module.fitted = lambda score, *rest: caught.append(score) or original(score, *rest)
    try:
        fit_retention_from_totals(NEW, TOTALS)
    finally:
        fit_module.fitted = original
    return caught[0]


def net_worth(margin, retention, cost, discount):
    """What a customer not yet won is worth, less what winning costs."""
    return customer_value(margin, retention, discount, timing="not_yet_won") - cost


def one_by_one(drawn: dict[str, np.ndarray]) -> list[float]:
    """The same value, one draw at a time in plain Python arithmetic."""
    rows = zip(*(drawn[name].tolist() for name in INPUTS), strict=True)
    return [m * (1 + d) / (1 + d - r) - c for m, r, c, d in rows]


def summed(a: float, b: float) -> float:
    """The residual value of one fitted curve, summed over 200 renewals."""
    t = np.arange(1, 201)
    return float(np.sum(np.cumprod((b + t - 1) / (a + b + t - 1)) * 1.1 ** -(t - 1.0)))


def line(what: str, ours: float, other: str, theirs: float) -> None:
    """One printed comparison."""
    print(f"{what:<52}{ours:9.2f} ms   {theirs / ours:8.1f} × as fast as {other} ({theirs:.1f} ms)")


def main() -> None:
    """Print every comparison."""
    score = score_of_totals()

    def simplex() -> object:
        options = {"xatol": 1e-10, "fatol": 1e-10, "maxiter": 5000}
        return minimize(lambda x: -score(x)[0], [1.0, -1.0], method="Nelder-Mead", options=options)

    line(
        "fit from two lines of an annual report",
        milliseconds(lambda: fit_retention_from_totals(NEW, TOTALS), 50),
        "a simplex on the same likelihood",
        milliseconds(simplex, 5),
    )
    line(
        "fit to one cohort of seven years",
        milliseconds(lambda: fit_retention(1000, SURVIVORS), 50),
        "that simplex",
        milliseconds(simplex, 5),
    )
    drawn = draw(INPUTS)
    line(
        "10,000 draws of a value, from ranges to interval",
        milliseconds(lambda: carried(net_worth, INPUTS), 30),
        "10,000 calls one by one",
        milliseconds(lambda: [net_worth(*row) for row in zip(*drawn.values(), strict=True)], 1),
    )
    line(
        "  of which the closed form",
        milliseconds(lambda: net_worth(**drawn), 50),
        "plain arithmetic one by one",
        milliseconds(lambda: one_by_one(drawn), 10),
    )
    line(
        "10,000 draws of a write-off",
        milliseconds(
            lambda: expected_write_off(drawn["cost"] * 20, drawn["margin"], drawn["retention"], drawn["discount"]), 30
        ),
        "10,000 calls one by one",
        milliseconds(
            lambda: [expected_write_off(20 * c, m, r, d) for m, r, c, d in zip(*drawn.values(), strict=True)], 1
        ),
    )
    curve = fit_retention_from_totals(NEW, TOTALS)
    a, b = curve.draws(10_000, 0)
    line(
        "10,000 draws of a fitted curve and its residual value",
        milliseconds(lambda: residual_value(*curve.draws(10_000, 0), 1, 0.1, 100), 20),
        "10,000 sums over 200 renewals",
        milliseconds(lambda: [summed(*pair) for pair in zip(a, b, strict=True)], 1),
    )
    refit = 10_000 * milliseconds(lambda: fit_retention_from_totals(NEW, TOTALS), 10)
    line(
        "the same",
        milliseconds(lambda: residual_value(*curve.draws(10_000, 0), 1, 0.1, 100), 20),
        "refitting every draw, from ten refits",
        refit,
    )


if __name__ == "__main__":
    main()
