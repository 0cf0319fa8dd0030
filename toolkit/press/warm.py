"""What the fork server imports once, so that no client waits for it. No client data, no threads, no sockets.

Whatever the report of a client with one chapter needs is here; what only some clients need
(DuckDB, a reader of SPSS files, a chapter's own arithmetic) is imported by those. What
libraries make at their first use is made here too, in a rehearsal: one cell is run, one
picture drawn, one page rendered. Everything then stands in memory that all clients share.
"""

import gc
import os

os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")  # before matplotlib, as in a kernel

import nbformat
import tomli_w  # noqa: F401

import toolkit.doors.findings
import toolkit.doors.numbers
import toolkit.doors.offers
import toolkit.doors.pictures
import toolkit.doors.tables
import toolkit.front.data
import toolkit.front.page_one
import toolkit.opening
import toolkit.press.clean
from toolkit.page import _fragments
from toolkit.picture import svg
from toolkit.press.engine import InProcess
from toolkit.press.report import exporter
from toolkit.units import MONEY
from toolkit.words import LOCALES, Words


def _bars(figure, words, result):
    axes = figure.add_subplot()
    axes.set_xlabel("x")
    return lambda result: axes.barh(["a", "b"], result)


def _rehearse() -> None:
    """One notebook of one cell, run and rendered; one picture; the words, numbers and dates of every locale."""
    notebook = nbformat.v4.new_notebook(metadata={"papermill": {}})
    notebook.cells = [nbformat.v4.new_code_cell("import toolkit\n1")]
    nbformat.reads(nbformat.writes(notebook), as_version=4)
    InProcess.execute_notebook(notebook, "python3", progress_bar=False)
    exporter().from_notebook_node(notebook, {"report": {"chapters": []}})
    _fragments()
    for words in map(Words, LOCALES):
        words.quantity(1234.5, MONEY)
        svg(_bars, words, [1, 2])


_rehearse()
gc.collect()
gc.freeze()
