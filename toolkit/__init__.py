"""What a firm's front door and back door are worth, from its own figures.

In reading order:

- `open_client`  one typed client from its client file, or a clear refusal
- `Page`         the verbs of a page: title, given, say, table, draw, compare, record
- `doors`        the two doors: who came, went and stayed, and what the leak is worth
- `worth`        what a customer is worth, and what winning and keeping one may cost
- `sleepers`     customers won who fell silent, and what winning them cost that never came back
- `drivers`      what customers' answers go together with, and how sure that is
- `strategies`   where the budget should go: keep, win back, grow, win
- `front`        page 1, *in the session* and the annexes, composed from what the chapters offer
- `live`         the stage: sliders and pictures for a workshop
- `scenarios`    what was tried and guessed in a session, kept beside the client file
- `press`        notebooks in, reports out, client by client
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"
__all__ = ["Page", "doors", "drivers", "front", "live", "open_client", "press", "scenarios", "sleepers", "strategies", "worth"]

_PLACES = {"open_client": "toolkit.opening", "Page": "toolkit.page"}


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(importlib.import_module(_PLACES[name]), name)
    if name in __all__:
        return importlib.import_module(f"toolkit.{name}")
    raise AttributeError(f"module 'toolkit' has no attribute {name!r}")
