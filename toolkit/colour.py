"""A client's own colour, made dark enough to be read on white."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toolkit.client import Client

BLUE = "#0b5cad"  # where a client names no colour of its own; as in the pictures
WHITE = "#ffffff"
LEAST = 4.5  # of text on its ground: WCAG 2.2, success criterion 1.4.3


def is_colour(text: str) -> bool:
    """Whether a text is a colour as `#0a7d4f`.

    >>> is_colour("#0a7d4f"), is_colour("green")
    (True, False)
    """
    return re.fullmatch("#[0-9a-fA-F]{6}", text) is not None


def contrast(one: str, other: str = WHITE) -> float:
    """How far two colours differ in lightness, from 1 to 21.

    Source: WCAG 2.2, definitions of contrast ratio and relative luminance.

    >>> contrast("#000000")
    21.0
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in bytes.fromhex(colour[1:]))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def darkened(colour: str) -> str:
    """The colour itself where it can be read on white, else the lightest darker one of the same hue that can.

    >>> darkened("#0a7d4f"), darkened("#ffcc00")
    ('#0a7d4f', '#8f7200')
    """
    parts = bytes.fromhex(colour[1:])
    shades = ("#" + bytes(round(part * step / 100) for part in parts).hex() for step in range(100, -1, -1))
    return next(shade for shade in shades if contrast(shade) >= LEAST)


def accent_of(client: Client) -> str:
    """The colour for a client's stage: its own, darkened where it must be, else blue."""
    given = client.client.accent
    return darkened(given) if given else BLUE
