"""Pictures: drawn once, shown in print, on the stage and on a page that stays alive.

A picture is a function `picture(figure, words, result, *reach)` that draws what
stands still and returns `show(result)`, which draws what moves. Print calls both
once; the stage draws the still part once and only the moving part at every step.
Only what `show` adds may move: titles belong to the page, limits stand still.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import escape

import matplotlib as mpl
import seaborn
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from toolkit.words import Words

BLUE, RED, GREEN, AMBER = "#0b5cad", "#c2410c", "#0f766e", "#b7791f"
LIGHT_BLUE = "#6f9fd0"  # measured too, but not the first thing to see
INK, GREY, PALE = "#1f2933", "#5f6b7a", "#d5dbe3"
SIZE = (5.4, 2.9)  # inches: its ten-point labels can still be read on a phone
Show = Callable[[Any], None]
Picture = Callable[..., Show]


def _style() -> dict[str, Any]:
    return seaborn.axes_style("white") | {
        "axes.edgecolor": PALE,
        "axes.labelcolor": INK,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "font.family": ["DejaVu Sans"],
        "font.size": 10,
        "svg.fonttype": "none",
        "text.color": INK,
        "text.parse_math": False,
        "xtick.color": INK,
        "ytick.color": INK,
    }


def svg(
    picture: Picture,
    words: Words,
    result: Any,
    *reach: Any,
    size: tuple[float, float] = SIZE,
    name: str = "",
    now: Any = None,
    about: Mapping[str, str] | None = None,
) -> str:
    """A picture as SVG text, the same bytes for the same input; `name` keeps its ids apart on a page.

    With `now` it shows that result above the base case; `about` goes with it as `Title` and `Description`.
    """
    with mpl.rc_context(_style()):
        figure = Figure(figsize=size)
        picture(figure, words, result, *reach)(result if now is None else now)
        text = _export(figure, name or picture.__name__)
    if not about:
        return text
    inside = f"<title>{escape(about['Title'])}</title><desc>{escape(about['Description'])}</desc>"
    return re.sub(r"^<svg[^>]*>", lambda tag: tag[0] + inside, text, count=1)


def png(
    picture: Picture,
    words: Words,
    result: Any,
    *reach: Any,
    size: tuple[float, float] = SIZE,
    dots: int = 200,
    now: Any = None,
    about: Mapping[str, str] | None = None,
) -> bytes:
    """A picture as PNG, `dots` to the inch, otherwise as `svg`."""
    target = io.BytesIO()
    with mpl.rc_context(_style()):
        figure = Figure(figsize=size, facecolor="white")
        picture(figure, words, result, *reach)(result if now is None else now)
        figure.savefig(target, format="png", dpi=dots, metadata={"Software": None, **(about or {})})
    return target.getvalue()


class Moving:
    """A picture whose still part is drawn once and whose moving part is drawn anew at every step.

    >>> from matplotlib.figure import Figure
    >>> def dot(figure, words, result):
    ...     axes = figure.add_subplot(xlim=(0, 1), ylim=(0, 1))
    ...     return lambda result: axes.plot([result], [result], "o") and None
    >>> moving = Moving(dot, None, 0.5)
    >>> moving.svg(0.2) == moving.svg(0.2) != moving.svg(0.4)
    True

    `still` is the part that stands still, as SVG text; `above` gives the moving part, which lies over it.
    """

    def __init__(
        self, picture: Picture, words: Words | None, base: Any, *reach: Any, size: tuple[float, float] = SIZE
    ):
        self._name = picture.__name__
        with mpl.rc_context(_style()):
            self._figure = Figure(figsize=size)
            self._show = picture(self._figure, words, base, *reach)
            self._still = _artists(self._figure)
            self.still = _export(self._figure, self._name)
            self._seen = {artist: artist.get_visible() for artist in self._still}

    def svg(self, result: Any) -> str:
        """The whole picture for a result; only what `show` adds is drawn anew."""
        above = self.above(result)
        inner = above[above.index(">", above.index("<svg")) + 1 : above.rindex("</svg>")]
        return self.still[: self.still.rindex("</svg>")] + inner + "</svg>"

    def above(self, result: Any) -> str:
        """The moving part for a result, as SVG text of the same size as the still part."""
        with mpl.rc_context(_style()):
            for axes in self._figure.axes:
                axes.set_prop_cycle(None)
            try:
                self._show(result)
                for artist in self._still:
                    artist.set_visible(False)
                return _export(self._figure, f"{self._name}-moving")
            finally:
                for artist in _artists(self._figure):
                    if artist in self._seen:
                        artist.set_visible(self._seen[artist])
                    else:
                        artist.remove()


def renamed(text: str, name: str) -> str:
    """A picture with ids of its own, for a page that shows it more than once.

    >>> renamed('<a id="b"/><use href="#b"/>', "first")
    '<a id="first-b"/><use href="#first-b"/>'
    """
    return re.sub(r"<[^>]+>", lambda tag: re.sub(r'( id="|href="#|url\(#)', rf"\g<1>{name}-", tag[0]), text)


def _artists(figure: Figure) -> list[Artist]:
    """Everything drawn on a figure but the axes themselves."""
    found = [artist for artist in figure.get_children() if artist not in figure.axes]
    for axes in figure.axes:
        found += axes.get_children()
    return found


def _export(figure: Figure, salt: str) -> str:
    """A figure as an inline SVG: no prologue, no dates, no ids that nothing refers to."""
    target = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": salt}):
        figure.savefig(
            target,
            format="svg",
            transparent=True,
            metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
        )
    text = target.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    used = set(re.findall(r'(?:xlink:href="#|href="#|url\(#)([^")]+)', text))

    def own_ids(tag: re.Match[str]) -> str:
        kept = re.sub(
            r' id="([^"]*)"', lambda found: f' id="{salt}-{found[1]}"' if found[1] in used else "", tag[0]
        )
        return re.sub(r'((?:xlink:)?href="#|url\(#)', rf"\g<1>{salt}-", kept)

    text = re.sub(r"<[^>]+>", own_ids, text)  # inside tags only: a label may say anything
    text = re.sub(r"<defs>\s*<style[^>]*>[^<]*</style>\s*</defs>", "", text)
    text = text.replace("<svg ", '<svg style="stroke-linejoin:round" ', 1)
    text = re.sub(r"'DejaVu Sans'", "'DejaVu Sans', Verdana, sans-serif", text)
    for side in ("width", "height"):
        text = re.sub(rf'(<svg\b[^>]*?) {side}="[^"]*pt"', r"\1", text, count=1)
    return re.sub(r"\s*\n\s*", "\n", text).strip()
