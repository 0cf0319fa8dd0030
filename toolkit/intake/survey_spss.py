"""Reads one SPSS file in a process of its own: on some damaged files the library takes its whole process down.

Run by path as a script, it writes the table and what the file says of it to standard output, pickled.
"""

from __future__ import annotations

import pickle
import sys


def main(path: str) -> None:
    """Write a file's table and what it says of its columns; ends with a traceback where it cannot be read."""
    import pyreadstat

    options = {"user_missing": True, "disable_datetime_conversion": True}
    try:
        frame, meta = pyreadstat.read_sav(path, **options)
    except Exception:  # older files do not name their encoding, and the library raises whatever it stumbles over
        frame, meta = pyreadstat.read_sav(path, **options, encoding="cp1252")
    said = {
        "names": meta.column_names,
        "labels": meta.variable_value_labels,
        "missing": meta.missing_ranges,
        "questions": meta.column_labels,
    }
    sys.stdout.buffer.write(pickle.dumps((frame, said)))


if __name__ == "__main__":
    main(sys.argv[1])
