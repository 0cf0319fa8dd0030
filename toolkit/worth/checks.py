"""What the formulas refuse: small tests that answer with a `Refusal` or with nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from toolkit.finding import Refusal, Refused
from toolkit.units import SHARE, Unit


def refuse(*problems: Refusal | None) -> None:
    """Raise all problems together; nothing happens when there are none.

    >>> refuse(None, within("discount", 0.1, 0))
    """
    if found := [problem for problem in problems if problem]:
        raise Refused(found)


def numbers(**given: Any) -> tuple[np.ndarray, ...]:
    """The named values as arrays of floats; whatever is missing, infinite or no number is refused.

    So are arrays whose shapes do not go together.

    >>> numbers(margin=100, retention=[0.8, 0.9])
    (array(100.), array([0.8, 0.9]))
    """
    arrays, problems = [], []
    for name, value in given.items():
        try:
            array = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            array = np.array(np.nan)
        if array.dtype == object or not np.isfinite(array).all():
            problems.append(Refusal("not_a_number", field=name, given=value))
        arrays.append(array)
    refuse(*problems, _apart(dict(zip(given, arrays, strict=True))))
    return tuple(arrays)


def one_number(name: str, value: Any) -> float:
    """A single number; a list or an array is refused like whatever is no number."""
    (array,) = numbers(**{name: value})
    refuse(Refusal("not_a_number", field=name, given=array.tolist()) if array.ndim else None)
    return array.item()


def _apart(arrays: dict[str, np.ndarray]) -> Refusal | None:
    """A refusal of the first array that does not broadcast with those before it."""
    shape: tuple[int, ...] = ()
    if all(array.shape == shape for array in arrays.values()):
        return None
    for name, array in arrays.items():
        try:
            shape = np.broadcast_shapes(shape, array.shape)
        except ValueError:
            values = {"other": _size(shape)}
            return Refusal("shapes_disagree", field=name, given=_size(array.shape), values=values)
    return None


def _size(shape: tuple[int, ...]) -> str:
    """The shape of an array as text.

    >>> _size((3,)), _size((2, 3))
    ('3', '2 × 3')
    """
    return " × ".join(map(str, shape))


def within(
    name: str, values: Any, low: float | None = None, high: float | None = None, *, refusal: str = "out_of_bounds"
) -> Refusal | None:
    """A refusal when any value lies outside `low`–`high` (ends included), naming the first that does.

    >>> within("retention", [0.8, 1.2], 0, 1).given
    1.2
    """
    array = np.asarray(values, dtype=float)
    outside = (array < (-np.inf if low is None else low)) | (array > (np.inf if high is None else high))
    if not outside.any():
        return None
    unit = SHARE if (low, high) == (0, 1) else Unit("ratio", low, high)
    return Refusal(refusal, field=name, given=first(array, outside), values={"unit": unit})


def whole(name: str, values: Any, low: int = 1) -> Refusal | None:
    """A refusal when any value is not a whole number of at least `low`."""
    array = np.asarray(values, dtype=float)
    broken = array != np.floor(array)
    if broken.any():
        return Refusal("not_a_count", field=name, given=first(array, broken))
    return within(name, array, low)


def one_of(name: str, value: Any, choices: Any) -> Refusal | None:
    """A refusal when `value` is none of the choices."""
    if isinstance(value, str) and value in choices:
        return None
    return Refusal("not_one_of", field=name, given=value, values={"expected": ", ".join(choices)})


def first(array: np.ndarray, where: np.ndarray) -> float:
    """The first value at which `where` holds."""
    return float(np.atleast_1d(array)[np.atleast_1d(where)][0])


def plain(values: np.ndarray, name: str = "value") -> Any:
    """A float for a single number, the array otherwise; a number too large to be one is refused."""
    array = np.asarray(values, dtype=float) + 0.0  # a zero has no sign
    if not np.isfinite(array).all():
        raise Refused([Refusal("value_too_large", field=name)])
    return array.item() if array.ndim == 0 else array
