"""What the bytes of a file are: text and in which encoding, Parquet, or nothing that can be read."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20
_SPREADSHEET = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_PARQUET, _GZIP = b"PAR1", b"\x1f\x8b"
_CP1252_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True)
class Bytes:
    """What the bytes of a file say: what it is, and how its text is encoded.

    `kind` is "text", "parquet" or the refusal's name; with "wrong_encoding", `row` is
    the first line that no encoding explains, where known. `plain` says that the file
    is UTF-8 with one kind of line end, so that it can be read as it stands.
    """

    kind: str
    encoding: str = "utf-8"
    plain: bool = True
    row: int | None = None


def recognise_bytes(path: Path) -> Bytes:
    """Tell text from other files, and its encoding: UTF-8, UTF-16 with a mark, else cp1252."""
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(_SPREADSHEET):
        return Bytes("spreadsheet_file")
    if head.startswith(_PARQUET):
        return Bytes("parquet")
    if head.startswith(_GZIP):
        return Bytes("binary_file")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _recognise_utf16(path)
    return _recognise_eight_bit(path)


def _recognise_utf16(path: Path) -> Bytes:
    try:
        with path.open(encoding="utf-16") as file:
            empty = True
            for chunk in iter(lambda: file.read(_CHUNK), ""):
                if "\0" in chunk:
                    return Bytes("binary_file")
                empty = empty and not chunk.strip()
    except UnicodeError:
        return Bytes("wrong_encoding")
    return Bytes("empty_log" if empty else "text", "utf-16", plain=False)


def _recognise_eight_bit(path: Path) -> Bytes:
    decoder, utf8, empty = codecs.getincrementaldecoder("utf-8-sig")(), True, True
    ends = set()
    for chunk in _chunks(path):
        if b"\0" in chunk:
            return Bytes("binary_file")
        utf8 = utf8 and _decodes(decoder, chunk)
        ends |= _line_ends(chunk)
        empty = empty and not chunk.removeprefix(codecs.BOM_UTF8).strip()
    if empty:
        return Bytes("empty_log")
    if utf8 and _decodes(decoder, b"", final=True):
        return Bytes("text", plain=len(ends) <= 1 and b"\r" not in ends)
    return _recognise_cp1252(path)


def _line_ends(chunk: bytes) -> set[bytes]:
    """Which line ends occur; counted, because most files have one kind."""
    if b"\r" not in chunk:
        return {b"\n"} if b"\n" in chunk else set()
    returns, feeds, pairs = (chunk.count(end) for end in (b"\r", b"\n", b"\r\n"))
    kinds = {b"\r\n": pairs, b"\r": returns - pairs, b"\n": feeds - pairs}
    return {end for end, count in kinds.items() if count}


def _recognise_cp1252(path: Path) -> Bytes:
    row = 1
    for chunk in _chunks(path):
        if found := _CP1252_UNDEFINED.search(chunk):
            return Bytes("wrong_encoding", row=row + chunk.count(b"\n", 0, found.start()))
        row += chunk.count(b"\n")
    return Bytes("text", "cp1252", plain=False)


def _chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, never parted between a carriage return and its line feed."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk + (file.read(1) if chunk.endswith(b"\r") else b"")


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def write_plain(path: Path, encoding: str, copy: Path) -> None:
    """Copy a text file as UTF-8 with line feeds; its line numbers stay what they were."""
    with path.open(encoding=encoding) as file, copy.open("w", encoding="utf-8", newline="\n") as out:
        for chunk in iter(lambda: file.read(_CHUNK), ""):
            out.write(chunk)
