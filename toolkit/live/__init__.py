"""The stage: sliders, one picture and three figures for a workshop, without code in sight."""

from toolkit.live.stage import Stage, stage

__all__ = ["Stage", "stage"]
