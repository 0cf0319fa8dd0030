"""Names of a package that are imported when they are asked for, so that reading a client file stays light."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any


def importer(package: str, places: Mapping[str, str]) -> Callable[[str], Any]:
    """A package's `__getattr__`: `places` says in which module each name stands; a module's own name is that module.

    >>> importer("toolkit.doors", {"analyse": "toolkit.doors.numbers"})("analyse").__name__
    'analyse'
    """
    modules = {place.rpartition(".")[2]: place for place in places.values() if place.startswith(package)}

    def find(name: str) -> Any:
        if name in places:
            return getattr(importlib.import_module(places[name]), name)
        if name == "tables" or name in modules:
            return importlib.import_module(modules.get(name, f"{package}.{name}"))
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return find


def within(package: str, names: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The module of every name, from the names that each module of a package has to give.

    >>> within("toolkit.doors", {"numbers": ("analyse",)})
    {'analyse': 'toolkit.doors.numbers'}
    """
    return {name: f"{package}.{module}" for module, these in names.items() for name in these}
