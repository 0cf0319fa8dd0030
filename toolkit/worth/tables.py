"""Which columns the tables of a customer's worth show; a style after a colon, as `toolkit.page` reads it."""

MOMENTS = ("name", "value:range")
PAID_BACK = ("way", "years:range")
STAYED = ("payments", "share", "unrecovered", "part")
BUDGETS = (
    "which",
    "acquisition_spend",
    "acquisition_rate",
    "retention_spend",
    "retention_rate",
    "value",
    "equity_per_prospect",
)
BUDGET_COSTS = (
    "which",
    "average_cost_to_win",
    "average_cost_to_keep",
    "marginal_cost_to_win",
    "marginal_cost_to_keep",
)
CLAIMED = ("name", "low", "high", "own:range", "place", "needed_retention", "needed_cost")
BY_TENURE = ("renewal", "seen", "retention:range", "constant", "value", "constant_value", "customers")
CONTRACT_MONTHS = ("month", "share", "leaving")
SWINGS = ("name", "low_input", "high_input", "low", "high")
