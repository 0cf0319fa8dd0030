"""Customers who went to sleep soon after they were won, and what that costs."""

from toolkit.sleepers.numbers import call_first, expected_reactivation, payback_curve, waterfall, write_off_by
from toolkit.sleepers.recency import best_contact_rule, stop_contacting_at, value_by_recency

__all__ = [
    "best_contact_rule",
    "call_first",
    "expected_reactivation",
    "payback_curve",
    "stop_contacting_at",
    "value_by_recency",
    "waterfall",
    "write_off_by",
]
