"""Which columns the tables of the two doors show; a style after a colon, as `toolkit.page` reads it."""

FLOWS = (
    "period",
    "start",
    "new",
    "won_and_gone",
    "reactivated",
    "lost",
    "end",
    "balance:signed",
    "retention:range",
)
MAIN_LEAKS = ("span", "now:rounded", "at_target:rounded", "saved:rounded")
LEAKS = ("basis", "years", "replaced", "now:range", "at_target", "saved:range")
BY_WINDOW = ("window", "factor", "start", "lost", "end", "retention:range")
DECILES = ("number", "customers", "turnover", "turnover_share", "lost", "churn", "lost_turnover")
SWINGS = ("name", "low_input", "high_input", "low", "high")
