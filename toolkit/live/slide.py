"""The state of a stage as a picture for a slide: sixteen by nine, with title, the three figures and the source."""

from __future__ import annotations

import textwrap
from typing import Any

from matplotlib.figure import Figure

from toolkit.live.caption import Caption, caption
from toolkit.live.stage import Stage
from toolkit.picture import BLUE, GREY, INK, Picture, Show, png, svg

SIZE, DOTS = (9.6, 5.4), 200  # inches, and dots per inch: 1920 × 1080
TITLE_WIDTH, SOURCE_WIDTH, FIGURE_WIDTH = 62, 150, 26  # characters on a line


def slide_of(stage: Stage) -> tuple[str, bytes]:
    """The picture in sight for a slide, as SVG text and as PNG; raises `Refused` where its caption is not complete."""
    said, look = caption(stage), stage.look(stage.result)
    drawn = _composed(stage.drawn, said, look["numbers"])
    about = {"Title": said.title, "Description": said.alt, "Source": said.source}
    given = (drawn, stage.words, stage.base, *stage.reach)
    return (
        svg(*given, size=SIZE, name="slide", now=stage.result, about=about),
        png(*given, size=SIZE, dots=DOTS, now=stage.result, about=about),
    )


def _composed(picture: Picture, said: Caption, numbers: list[dict[str, str]]) -> Picture:
    """A picture within a slide: title above, figures at its right, source below."""

    def slide(figure: Figure, words: Any, result: Any, *reach: Any) -> Show:
        grid = figure.add_gridspec(3, 3, height_ratios=(0.17, 0.75, 0.08), width_ratios=(0.02, 0.69, 0.29), wspace=0, hspace=0)
        title = "\n".join(textwrap.wrap(said.title, TITLE_WIDTH))
        figure.text(0.03, 0.94, title, size=16, weight="bold", color=INK, va="top")
        for place, (number, colour) in enumerate(zip(numbers, (INK, BLUE, INK), strict=True)):
            top = 0.78 - 0.23 * place
            figure.text(0.73, top, _wrapped(number["label"]), size=10, color=GREY, va="bottom")
            figure.text(0.73, top - 0.015, number["value"], size=20, weight="bold", color=colour, va="top")
            figure.text(0.73, top - 0.09, _wrapped(number["between"]), size=9, color=GREY, va="top")
        figure.text(0.03, 0.03, "\n".join(textwrap.wrap(said.source, SOURCE_WIDTH)), size=8, color=GREY)
        return picture(figure.add_subfigure(grid[1, 1]), words, result, *reach)

    return slide


def _wrapped(text: str) -> str:
    """A label beside the picture, on as many lines as it takes."""
    return "\n".join(textwrap.wrap(text, FIGURE_WIDTH))
