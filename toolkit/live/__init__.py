"""The stage: sliders, one picture and three figures for a workshop, without code in sight."""

from toolkit.live.guess import Guesses, guess
from toolkit.live.stage import Stage, stage

__all__ = ["Guesses", "Stage", "guess", "stage"]
