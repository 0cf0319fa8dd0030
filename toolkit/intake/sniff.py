"""Recognise how the cells of a text file were written: delimiter, decimal sign, dates.

Nothing here knows the client file or the database. What cannot be told apart
(1.234, 03/04/2024) is returned as more than one answer, never guessed.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path

DELIMITERS = {";": ";", "tab": "\t", ",": ",", "space": " "}

# Of all locales in CLDR, those that put the month first do so with slashes only
# (short date patterns, release 47): only slashes can leave day and month open.
DATE_FORMATS = {
    "%Y-%m-%d": r"\d{4}-\d{1,2}-\d{1,2}",
    "%d-%m-%Y": r"\d{1,2}-\d{1,2}-\d{4}",
    "%d/%m/%Y": r"\d{1,2}/\d{1,2}/\d{4}",
    "%m/%d/%Y": r"\d{1,2}/\d{1,2}/\d{4}",
    "%d.%m.%Y": r"\d{1,2}\.\d{1,2}\.\d{4}",
    "%Y/%m/%d": r"\d{4}/\d{1,2}/\d{1,2}",
    "%Y%m%d": r"\d{8}",
}

# A time of day behind the date; the day is taken as written, whatever the zone.
TIME = r"[ T]\d{1,2}:\d{2}(:\d{2}([.,]\d{1,9})?)?( ?[AaPp][Mm])?( ?(Z|UTC|[+-]\d{2}(:?\d{2})?))?$"

# Amounts by decimal sign; None is whole numbers. Grouped: thousands apart, by the other sign or a blank.
_BLANK = " \u00a0\u202f"
PLAIN_AMOUNT = {None: r"[-+]?\d+", ".": r"[-+]?\d*[.]?\d+", ",": r"[-+]?\d*[,]?\d+"}
GROUPED_AMOUNT = {
    None: rf"[-+]?\d{{1,3}}([{_BLANK}]\d{{3}})+",
    ".": rf"[-+]?\d{{1,3}}([,{_BLANK}]\d{{3}})+([.]\d+)?",
    ",": rf"[-+]?\d{{1,3}}([.{_BLANK}]\d{{3}})+([,]\d+)?",
}

_WHOLE_BELOW = 1 << 21
_BLOCKS, _BLOCK = 32, 1 << 16


def records(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """Row number and cells of every record that is not blank.

    A record is numbered by its first line, the first line of all being 1; its
    cells are None where the quoting is broken. `delimiter` is one of `DELIMITERS`;
    "space" is whitespace-aligned: cells are parted by any run of blanks.

        >>> list(records(["klant;dag\\n", "\\n", '1;"a;b"\\n'], ";"))
        [(1, ['klant', 'dag']), (3, ['1', 'a;b'])]
    """
    if delimiter == "space":
        yield from ((row, cells) for row, line in enumerate(lines, 1) if (cells := line.split()))
        return
    reader = csv.reader(lines, delimiter=DELIMITERS[delimiter], strict=True)
    while True:
        row = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield row, None
        else:
            if any(cell.strip() for cell in cells):
                yield row, cells


def sample(path: Path) -> tuple[list[str], list[str]]:
    """Lines of a UTF-8 file to recognise it by: those at its head, and those spread over it.

    Up to two mebibytes the whole file is taken; of a larger one equal blocks at
    equal distances, without the lines that they cut.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        if size <= _WHOLE_BELOW:
            lines = _lines(file.read())
            return lines[:1000], lines
        head = _lines(file.read(_BLOCK))[:-1]
        spread = list(head)
        for number in range(1, _BLOCKS):
            file.seek(number * (size - _BLOCK) // (_BLOCKS - 1))
            spread += _lines(file.read(_BLOCK))[1:-1]
    return head, spread


def _lines(block: bytes) -> list[str]:
    text = block.removeprefix(codecs.BOM_UTF8).decode("utf-8", errors="replace")
    return [line + "\n" for line in text.replace("\r\n", "\n").split("\n")]


def recognise_delimiter(head: list[str], wanted: Collection[str | int]) -> str:
    """The delimiter under which the first lines show the wanted columns; else the most regular.

    >>> recognise_delimiter(["klant;dag;bedrag\\n", "1;2024-01-31;12,50\\n"], ["klant", "bedrag"])
    ';'
    """

    def fit(delimiter: str) -> tuple[int, bool, float]:
        rows = [cells for _, cells in records(head, delimiter) if cells]
        if not rows:
            return 0, False, 0.0
        first = [cell.strip() for cell in rows[0]]
        found = sum(len(first) >= name if isinstance(name, int) else name in first for name in wanted)
        return found, len(first) >= 3, sum(len(cells) == len(first) for cells in rows) / len(rows)

    return max(DELIMITERS, key=fit)


def recognise_decimal(texts: Iterable[str]) -> tuple[str, ...]:
    """The decimal signs under which most amounts can be read: none, one, or both when open.

    >>> recognise_decimal(["1.234,56", "12"]), recognise_decimal(["1.234"]), recognise_decimal(["12"])
    ((',',), ('.', ','), ())
    """
    signed = [text for text in {text.strip() for text in texts} if not is_amount(text, None)]
    return _best({sign: sum(is_amount(text, sign) for text in signed) for sign in (".", ",")})


def is_amount(text: str, decimal: str | None) -> bool:
    """Whether a text is an amount under a decimal sign; None allows whole numbers only.

    >>> is_amount("1.234,56", ","), is_amount("12.50", ","), is_amount("1 234", None)
    (True, False, True)
    """
    pattern = f"(?:{PLAIN_AMOUNT[decimal]})|(?:{GROUPED_AMOUNT[decimal]})"
    return re.fullmatch(pattern, text, re.ASCII) is not None


def recognise_date_format(texts: Iterable[str]) -> tuple[str, ...]:
    """The patterns under which most dates can be read: none, one, or several when open.

    >>> recognise_date_format(["03/04/2024", "31/01/2024"]), recognise_date_format(["03/04/2024 10:15"])
    (('%d/%m/%Y',), ('%d/%m/%Y', '%m/%d/%Y'))
    """
    given = {re.sub(TIME, "", text.strip(), flags=re.ASCII) for text in texts}
    return _best({pattern: sum(is_date(text, pattern) for text in given) for pattern in DATE_FORMATS})


def is_date(text: str, pattern: str) -> bool:
    """Whether a text is a day of the calendar, written by one of `DATE_FORMATS`."""
    if not re.fullmatch(DATE_FORMATS[pattern], text, re.ASCII):
        return False
    try:
        return 1900 <= datetime.strptime(text, pattern).year < 2200
    except ValueError:
        return False


def _best(readable: dict[str, int]) -> tuple[str, ...]:
    most = max(readable.values())
    return tuple(name for name, count in readable.items() if count == most and most > 0)
