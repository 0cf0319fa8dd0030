"""A papermill engine that runs a notebook in this process: a fresh shell, no kernel to start.

One process serves one client, so nothing of one client can reach another. The shell
is the very class that a kernel has; only where it sends what a cell shows differs, so
that the outputs equal those of a real kernel, which stays available as `engine="kernel"`.

What differs, and stays so: what a program started by a cell writes past Python goes to
the terminal, a widget has no state to restore, and no event loop runs around a cell.
"""

from __future__ import annotations

import atexit
import builtins
import contextlib
import getpass
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Any

import papermill
from ipykernel import compiler, zmqshell
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import json_packer, json_unpacker
from nbformat.v4 import new_output
from papermill.engines import Engine, papermill_engines
from traitlets import Any as AnyValue
from traitlets import Type
from traitlets.config import Config

from toolkit.press.shown import Shown

NAME = "fast"
SKIP = "skip-execution"
EXPECTED = "raises-exception"  # a cell with this tag may fail, as Jupyter has it
INLINE = "module://matplotlib_inline.backend_inline"


class _Publisher(DisplayPublisher):
    """Sends what a cell displays to where the shell keeps it."""

    def publish(self, data: dict, metadata: dict | None = None, **more: Any) -> None:
        self._validate_data(data, metadata)
        name = (more.get("transient") or {}).get("display_id")
        self.shell.shown.display(sent(data), sent(metadata or {}), name, update=bool(more.get("update")))

    def clear_output(self, wait: bool = False) -> None:
        self.shell.shown.clear(wait=wait)


class _Hook(DisplayHook):
    """Sends the value of a cell's last line to where the shell keeps it."""

    msg: dict | None = None  # while a value is being shown; the name is the kernel's

    def start_displayhook(self) -> None:
        self.msg = {}

    def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
        content = {"data": sent(format_dict), "metadata": sent(md_dict or {})}
        self.shell.shown.add(new_output("execute_result", execution_count=self.prompt_count, **content))

    def write_output_prompt(self) -> None:
        """Nothing: a notebook shows no prompt text."""

    def finish_displayhook(self) -> None:
        self.msg = None


class _Compiler(compiler.XCachingCompiler):
    """Names cells for tracebacks and warnings as a kernel does, but without the number of the process."""

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        return f"ipykernel/{PurePath(super().get_code_name(raw_code, code, number)).name}"


class ZMQInteractiveShell(zmqshell.ZMQInteractiveShell):
    """A kernel's shell that keeps what is shown instead of sending it; libraries know a kernel by this name."""

    compiler_class = Type(_Compiler)
    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)
    shown = AnyValue()

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        told = {"ename": str(etype.__name__), "evalue": str(evalue), "traceback": list(stb)}
        self.shown.add(new_output("error", **told))
        self._last_traceback_during_displayhook = self.displayhook.msg is not None
        self._last_traceback = stb

    def ask_exit(self) -> None:
        """Nothing: a notebook is run to its end."""

    def enable_gui(self, gui: str | None = None) -> None:
        """No event loop here."""


def sent(content: Any) -> Any:
    """Content as it arrives at a front end: through the JSON that a kernel's messages are written in.

    >>> sent({"list": (1, 2), "image": b"ab"})
    {'list': [1, 2], 'image': 'YWI='}
    """
    return json_unpacker(json_packer(content))


class InProcess(Engine):
    """Runs the cells one by one; papermill keeps its injection, metadata and error marks."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> None:
        """Run every code cell but the live ones, and stop at the first that fails."""
        with _shell() as shell:
            for index, cell in enumerate(nb_man.nb.cells):
                tags = cell.metadata.get("tags", ())
                if cell.cell_type != "code" or SKIP in tags or not cell.source.strip():
                    continue
                nb_man.cell_start(cell, index)
                failed = not _run(shell, cell) and EXPECTED not in tags
                if failed:
                    nb_man.cell_exception(cell, index)
                nb_man.cell_complete(cell, index)
                if failed:
                    break


@contextlib.contextmanager
def _shell() -> Iterator[ZMQInteractiveShell]:
    """A shell for one notebook, in a process that looks to its cells as a kernel's does."""
    asking, environ = (builtins.input, getpass.getpass), dict(os.environ)
    ZMQInteractiveShell.clear_instance()
    settings = Config({"HistoryManager": {"enabled": False}})
    shell = ZMQInteractiveShell.instance(config=settings, user_ns={}, shown=Shown())
    builtins.input, getpass.getpass = _refusing("raw_input"), _refusing("getpass")
    try:
        _choose_inline(shell)
        yield shell
    finally:
        builtins.input, getpass.getpass = asking
        os.environ.clear()
        os.environ.update(environ)
        shell.atexit_operations()
        atexit.unregister(shell.atexit_operations)
        shell.restore_sys_module_state()
        ZMQInteractiveShell.clear_instance()


def _run(shell: ZMQInteractiveShell, cell: Any) -> bool:
    """Run one cell, put what it showed into it, and say whether it went well."""
    shown = shell.shown
    shown.next_cell()
    out, err = shown.streams.values()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        outcome = shell.run_cell(cell.source, store_history=True)
    shown.flush()
    cell.outputs = shown.outputs
    cell.execution_count = shell.execution_count - 1
    return outcome.success and not shell._last_traceback_during_displayhook


def _refusing(name: str) -> Callable[..., str]:
    """What asks a person something where nobody sits: it refuses, in a kernel's own words."""

    def refuse(*_: object, **__: object) -> str:
        raise StdinNotImplementedError(f"{name} was called, but this frontend does not support input requests.")

    return refuse


def _choose_inline(shell: ZMQInteractiveShell) -> None:
    """Let libraries that came in before the shell find what they would have found in a kernel."""
    os.environ.setdefault("MPLBACKEND", INLINE)
    if matplotlib := sys.modules.get("matplotlib"):
        matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]
    if backend := sys.modules.get("matplotlib_inline.backend_inline"):
        backend.InlineBackend.clear_instance()
        matplotlib.interactive(True)
        for name in ("other", INLINE):  # it sets up a shell only where the name is new to it
            backend.configure_inline_support(shell, name)
    if pandas := sys.modules.get("pandas"):
        pandas.set_option("display.max_columns", 20)  # what pandas takes where it finds a kernel


def register() -> None:
    """Make the engine known to papermill under its name."""
    papermill_engines.register(NAME, InProcess)


def run(notebook: str, parameters: dict[str, Any], *, engine: str = NAME) -> Any:
    """An executed copy of a notebook; raises papermill's `PapermillExecutionError` where a cell fails."""
    register()
    return papermill.execute_notebook(
        notebook,
        None,
        parameters=parameters,
        engine_name=NAME if engine == NAME else None,
        kernel_name="python3",
        progress_bar=False,
    )
