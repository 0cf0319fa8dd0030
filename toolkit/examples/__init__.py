"""Generated example data: seeded, so that the same call gives the same bytes."""

from toolkit.examples.living import living_log, write_living_log
from toolkit.examples.living_answers import living_answers, write_living_answers
from toolkit.examples.pxl import DRIVERS, PRINTED, SIZES, pxl_study, share_exceeded

__all__ = ["DRIVERS", "PRINTED", "SIZES", "living_answers", "living_log", "pxl_study", "share_exceeded",
           "write_living_answers", "write_living_log"]
