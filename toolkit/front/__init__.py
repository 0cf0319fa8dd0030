"""Page 1 and annex A: composed from what the chapters offer, never a chapter of their own."""

from toolkit.front.data import data_given
from toolkit.front.page_one import page_one

__all__ = ["data_given", "page_one"]
