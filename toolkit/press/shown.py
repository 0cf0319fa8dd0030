"""What cells show, kept as a front end keeps it: printed text in its place, displays that are updated, lists cleared."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from nbformat.v4 import new_output


class Shown:
    """What the cells of one notebook show, as a front end keeps it: one list a cell, and what has a name to update."""

    def __init__(self) -> None:
        self.streams = {name: _Stream(self, name) for name in ("stdout", "stderr")}
        self._named: dict[str, list[Any]] = {}
        self.next_cell()

    def next_cell(self) -> None:
        """Begin the list of another cell."""
        self.outputs: list[Any] = []
        self._clear_first = False

    def add(self, output: Any) -> None:
        """Add one output; what was printed before it comes first, and a neighbour of the same stream takes it in."""
        if output.output_type != "stream":
            self.flush()
        if self._clear_first:
            self._empty()
        last = self.outputs[-1] if self.outputs else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            last.text += output.text
        else:
            self.outputs.append(output)

    def flush(self) -> None:
        """Show what was printed so far, as a kernel does before it shows anything else."""
        for stream in self.streams.values():
            stream.flush()

    def display(self, data: Mapping, metadata: Mapping, name: str | None, *, update: bool) -> None:
        """Add what a cell displays, or put it in the place of what was displayed under the same name."""
        self.flush()
        for output in self._named.get(name, ()) if name else ():
            output.update(new_output("display_data", data=data, metadata=metadata))
        if not update:
            output = new_output("display_data", data=data, metadata=metadata)
            self.add(output)
            if name:
                self._named.setdefault(name, []).append(output)

    def clear(self, *, wait: bool) -> None:
        """Take away what this cell has shown: now, or when it shows the next thing."""
        self.flush()
        self._clear_first = True
        if not wait:
            self._empty()

    def _empty(self) -> None:
        gone = {id(output) for output in self.outputs}
        for outputs in self._named.values():
            outputs[:] = [output for output in outputs if id(output) not in gone]
        self.outputs.clear()
        self._clear_first = False


class _Stream(io.TextIOBase):
    """What a cell prints, kept until something else is shown or the cell ends."""

    encoding = "UTF-8"
    errors = "strict"

    def __init__(self, shown: Shown, name: str):
        self._shown, self.name, self._written = shown, name, []

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._written.append(text)
        return len(text)

    def flush(self) -> None:
        text = "".join(self._written)
        self._written.clear()
        if text:
            self._shown.add(new_output("stream", name=self.name, text=text))
