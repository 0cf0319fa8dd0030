"""Self-test: published examples recomputed by this engine, so that a reader sees it count right."""

from __future__ import annotations

import numpy as np

from toolkit.drivers.methods import DECOMPOSITIONS
from toolkit.drivers.rows import Proof

# Correlations of the outcome with the drivers, correlations among the drivers above the
# diagonal, R² and Shapley values.
PUBLISHED = {
    # Azen & Budescu (2003), Psychological Methods 8
    "azen_budescu": (
        (0.6, 0.3, 0.4, 0.5),
        (0.8, 0.1, 0.3, 0.1, 0.1, 0.5),
        0.584352517986,
        (0.292176177683, 0.0758613515148, 0.0949108804172, 0.1214041083711),
    ),
    # Pedhazur (1997), Multiple Regression in Behavioral Research
    "pedhazur": (
        (0.33, 0.57, 0.50),
        (0.30, 0.41, 0.16),
        0.49647353307,
        (0.0440824330723, 0.265895303278, 0.186495796720),
    ),
}


def proofs() -> tuple[Proof, ...]:
    """The published examples, each with the largest difference between what is printed and what comes out.

    >>> [(proof.example, proof.largest_error < 1e-10) for proof in proofs()]
    [('azen_budescu', True), ('pedhazur', True)]
    """
    return tuple(_proof(name, *example) for name, example in PUBLISHED.items())


def _proof(
    name: str, with_outcome: tuple[float, ...], among: tuple[float, ...], r2: float, printed: tuple[float, ...]
) -> Proof:
    k = len(with_outcome)
    matrix = np.eye(k + 1)
    matrix[np.triu_indices(k, 1)] = among
    matrix[:k, k] = with_outcome
    matrix = matrix + np.triu(matrix, 1).T
    found = DECOMPOSITIONS["shapley"](matrix, [[i] for i in range(k)])
    return Proof(name, k, r2, float(found.sum()), float(np.abs(found - printed).max()))
