"""Which columns the tables of the strategies show; a style after a colon, as `toolkit.page` reads it."""

COURSES = (
    "kind",
    "acts_on",
    "present_rate:exact",
    "planned_rate:exact",
    "budget:finer",
    "best_budget:finer",
    "own:rounded",
    "next_euro:cents",
)
CASCADE = ("measure", "cost", "chance", "gain", "reached", "expected_cost", "expected_gain", "pays")
FLOWS = ("which", "kept", "lost", "won_back", "gone", "recommended", "won", "end", "growth", "spent", "value")
DETAILS = ("kind", "spend", "rate:range", "ceiling", "fixed_cost", "reward", "spend_per_head", "cost", "own:range", "chance_of_loss")
INDIFFERENCE = ("kind", "worth_a_point", "same_as_winning", "rate", "break_even_rate")
SPENDS = ("which", "win_spend", "win_rate", "keep_spend", "keep_rate", "value", "equity_per_prospect")
COSTS = ("which", "average_cost_to_win", "average_cost_to_keep", "ratio", "marginal_cost_to_win", "marginal_cost_to_keep")
SWINGS = ("name", "low_input", "high_input", "low", "high")
