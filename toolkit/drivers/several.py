"""Several tests at once: corrections that keep the promise of each test for all of them."""

from __future__ import annotations

import numpy as np


def holm(p_values: np.ndarray) -> np.ndarray:
    """Corrected p-values (m,): any under α keeps the chance of a single false one under α.

    Holm (1979), *Scandinavian Journal of Statistics* 6.

    >>> holm(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    p_values = np.asarray(p_values, float)
    order = np.argsort(p_values, kind="stable")
    corrected = np.empty(len(p_values))
    corrected[order] = np.maximum.accumulate(p_values[order] * np.arange(len(p_values), 0, -1))
    return np.minimum(corrected, 1)


def benjamini_hochberg(p_values: np.ndarray) -> np.ndarray:
    """Corrected p-values (m,): of those under q, at most a share q is false on average.

    Benjamini & Hochberg (1995), *Journal of the Royal Statistical Society B* 57.

    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    p_values = np.asarray(p_values, float)
    order = np.argsort(-p_values, kind="stable")
    corrected = np.empty(len(p_values))
    scale = len(p_values) / np.arange(len(p_values), 0, -1)
    corrected[order] = np.minimum.accumulate(p_values[order] * scale)
    return np.minimum(corrected, 1)
