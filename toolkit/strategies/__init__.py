"""Where the budget should go: keep, win back, grow, win."""

from toolkit.strategies.cascade import Measure, best_order, cascade, worth_starting
from toolkit.strategies.flow import Situation, Strategy, flow
from toolkit.strategies.plan import plan_ranges, plan_value
from toolkit.strategies.split import best_split, next_euro

__all__ = [
    "Measure",
    "Situation",
    "Strategy",
    "best_order",
    "best_split",
    "cascade",
    "flow",
    "next_euro",
    "plan_ranges",
    "plan_value",
    "worth_starting",
]
