"""The first thing in a client's own process: no chance but the client's own, and no secret to tell.

A secret that stands in the environment can reach no output, not even of a cell that
prints the environment, for it is not there any more. The working directory is left as
it is: the one from which the command was given, so that nothing depends on it.
"""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from fnmatch import fnmatchcase

import numpy

NEEDED = (
    *("PATH", "HOME", "USERPROFILE", "USER", "USERNAME", "LOGNAME", "SHELL"),
    *("TMPDIR", "TEMP", "TMP", "LANG", "LANGUAGE", "LC_*", "TZ", "TZDIR", "LD_LIBRARY_PATH", "DYLD_*"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "APPDATA", "LOCALAPPDATA", "PROGRAM*"),
    *("NUMBER_OF_PROCESSORS", "PROCESSOR_*", "DISPLAY", "TERM", "NO_COLOR"),
    *("PYTHON*", "VIRTUAL_ENV", "CONDA_PREFIX", "JUPYTER_*PATH", "JUPYTER_*DIR", "JUPYTER_PLATFORM_DIRS", "IPYTHONDIR"),
    *("MPLCONFIGDIR", "MPLBACKEND", "XDG_*", "*_NUM_THREADS"),
    *("COVERAGE_*", "COV_CORE_*", "PYTEST_XDIST_WORKER"),
    "TOOLKIT_*",
)
"""What Python, Jupyter, matplotlib, the system, its tests and this toolkit may need, by name."""
SECRET = ("*TOKEN*", "*SECRET*", "*PASSW*", "*_KEY", "*_KEYS", "*CREDENTIAL*")


def start(seed: int) -> None:
    """Seed Python's and numpy's shared generators and take everything from the environment that nobody needs."""
    random.seed(seed)
    numpy.random.seed(seed % 2**32)  # noqa: NPY002: what a cell may use without asking
    needed = kept(os.environ)
    for name in [name for name in os.environ if name not in needed]:
        del os.environ[name]


def kept(environ: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that a client's process keeps: what is on the list and does not sound like a secret.

    >>> kept({"PATH": "/bin", "LC_ALL": "C", "DATABASE_URL": "x", "JUPYTER_TOKEN": "x", "TOOLKIT_API_KEY": "x"})
    {'PATH': '/bin', 'LC_ALL': 'C'}
    """

    def on(name: str, patterns: tuple[str, ...]) -> bool:
        return any(fnmatchcase(name.upper(), pattern) for pattern in patterns)

    return {name: value for name, value in environ.items() if on(name, NEEDED) and not on(name, SECRET)}
