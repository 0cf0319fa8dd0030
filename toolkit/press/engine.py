"""A papermill engine that runs a notebook in this process: a fresh IPython shell, no kernel to start.

One process serves one client, so nothing of one client can reach another. The
outputs equal those of a real kernel, which stays available as `engine="kernel"`.
"""

from __future__ import annotations

import atexit
import contextlib
import io
from typing import Any

import pandas
import papermill
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_output
from papermill.engines import Engine, papermill_engines
from traitlets import Type
from traitlets.config import Config

NAME = "fast"
SKIP = "skip-execution"


class _Publisher(DisplayPublisher):
    """Collects what a cell displays."""

    def publish(self, data: dict, metadata: dict | None = None, **more: Any) -> None:
        if not more.get("update"):
            self.shell.shown.append(new_output("display_data", data=data, metadata=metadata or {}))


class _Hook(DisplayHook):
    """Collects the value of a cell's last line."""

    def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
        count = self.shell.execution_count - 1
        output = new_output(
            "execute_result", data=format_dict, metadata=md_dict or {}, execution_count=count
        )
        self.shell.shown.append(output)

    def write_output_prompt(self) -> None:
        """Nothing: a notebook shows no prompt text."""

    def finish_displayhook(self) -> None:
        """Nothing to flush."""


class _Shell(InteractiveShell):
    """A shell that keeps what is shown and prints nothing."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)
    shown: list = []

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        self.shown.append(
            new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb))
        )

    def enable_gui(self, gui: str | None = None) -> None:
        """No event loop here."""


class InProcess(Engine):
    """Runs the cells one by one; papermill keeps its injection, metadata and error marks."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> None:
        """Run every code cell but the live ones, and stop at the first that fails."""
        _Shell.clear_instance()
        config = Config({"HistoryManager": {"enabled": False}})
        shell = _Shell.instance(config=config, user_ns={})
        try:
            for index, cell in enumerate(nb_man.nb.cells):
                if cell.cell_type != "code" or SKIP in cell.metadata.get("tags", ()):
                    continue
                nb_man.cell_start(cell, index)
                failed = _run(shell, cell)
                nb_man.cell_complete(cell, index)
                if failed:
                    nb_man.cell_exception(cell, index)
                    break
        finally:
            shell.atexit_operations()
            atexit.unregister(shell.atexit_operations)
            _Shell.clear_instance()


def _run(shell: _Shell, cell: Any) -> bool:
    """Run one cell, put what it showed into it, and say whether it failed."""
    shell.shown = []
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        outcome = shell.run_cell(cell.source, store_history=True)
    streams = [new_output("stream", name="stdout", text=printed.getvalue())] if printed.getvalue() else []
    cell.outputs = [*streams, *shell.shown]
    cell.execution_count = shell.execution_count - 1
    return not outcome.success


def register() -> None:
    """Make the engine known to papermill under its name."""
    papermill_engines.register(NAME, InProcess)


def run(notebook: str, parameters: dict[str, Any], *, engine: str = NAME) -> Any:
    """An executed copy of a notebook; raises papermill's `PapermillExecutionError` where a cell fails."""
    register()
    pandas.set_option("display.max_columns", 20)  # what pandas takes where it finds a kernel
    return papermill.execute_notebook(
        notebook,
        None,
        parameters=parameters,
        engine_name=NAME if engine == NAME else None,
        kernel_name="python3",
        progress_bar=False,
    )
