"""What leaves the stage: the state as it stands, as a picture for a slide and as a page to take home."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit import disk
from toolkit.ids import safe_id
from toolkit.live.saved import here

if TYPE_CHECKING:
    from toolkit.live.stage import Stage

LOG = logging.getLogger(__name__)


def export(stage: Stage, message: Mapping[str, Any]) -> str:
    """PNG, SVG and take-home page of the state, beside the client's reports under a name of their own; says where."""
    from toolkit.live.slide import slide_of
    from toolkit.live.takehome import page_of

    stage.result = stage.run(stage.what_if, full=True)
    name = stage.words.text("live.texts.base") if not stage.what_if else getattr(here(stage), "name", "")
    picture, dots = slide_of(stage)
    files = {".png": dots, ".svg": picture, ".html": page_of(stage, name)}
    stem = safe_id(f"{stage.chapter}-{name or stage.words.text('takehome.scenario')}")
    try:
        stem = write_together(stage.exports, stem, files)
    except OSError:
        LOG.exception("nothing could be taken along")
        return stage.words.text("takehome.not_written", None, folder=str(stage.exports))
    return stage.words.text("takehome.exported", None, name=stem, folder=str(stage.exports))


def write_together(folder: Path, stem: str, files: Mapping[str, str | bytes]) -> str:
    """Write files that differ in their endings under the first name that none of them has yet; returns that name."""
    folder.mkdir(parents=True, exist_ok=True)
    names = itertools.chain([stem], (f"{stem}-{number}" for number in itertools.count(2)))
    free = next(name for name in names if not any((folder / f"{name}{ending}").exists() for ending in files))
    for ending, content in files.items():
        disk.write(folder / f"{free}{ending}", content)
    return free


ACTS = {"export": export}
