"""Page 1, *in the session* and annex A: composed from what the chapters offer, never a chapter of their own."""

from toolkit.front.data import data_given
from toolkit.front.page_one import page_one
from toolkit.front.session import in_the_session
from toolkit.front.tried import has_session
from toolkit.front.tried import results as session_results

__all__ = ["data_given", "has_session", "in_the_session", "page_one", "session_results"]
