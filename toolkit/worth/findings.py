"""What is worth saying about a customer's worth, most important first, in no language.

A finding's sentence stands in `templates/words/<language>/worth.toml` under the
same name, filled from the fields of `CustomerWorth`.
"""

from __future__ import annotations

from toolkit.finding import Finding
from toolkit.worth.result import CustomerWorth

SAME = 0.05  # years: less disappears in the rounding
MATTERS = 0.01  # a share: less is not worth a sentence
MOST_YEARS = 50  # on average a customer; beyond it is beyond any horizon
NO_USE = ("worth_nothing", "keeping_costs_more")  # a customer leaves nothing


def state(result: CustomerWorth) -> str:
    """Whether winning a customer pays, after the cost of keeping where that is known."""
    if result.margin.value <= 0:
        return "worth_nothing"
    if result.ceiling.value <= 0:
        return "keeping_costs_more"
    if result.net_value is None or not result.cost_to_win.value:
        return "ceiling_only"
    if result.net_value.low > 0:
        return "winning_pays"
    return "winning_loses" if result.net_value.high < 0 else "winning_in_doubt"


def _back(result: CustomerWorth) -> list[str]:
    """When what winning cost comes back, and what of it never does."""
    if result.net_value is None or not result.cost_to_win.value or state(result) in NO_USE:
        return []
    simple, surviving = result.payback_simple, result.payback_surviving
    if surviving is None:
        names = ["never_back" if simple is None else "never_back_with_leavers"]
    else:
        names = ["back_after_both" if surviving.value - simple.value >= SAME else "back_after"]
    if result.write_off_unknown:
        names.append(f"{result.write_off_unknown}_{result.period}")
    elif simple is not None and result.never_pays_back.value >= MATTERS:
        names.append("written_off" if result.write_off_per_year is None else "written_off_per_year")
    return names


def _lever(result: CustomerWorth) -> list[str]:
    """What points of retention do here, beside what is published."""
    if result.uplift_points is None:
        return ["no_room"] if result.margin.value > 0 and result.retention_per_year.value > 1 - result.step_points else []
    quoted = next((row for row in result.claimed if row.name == "five_points"), None)
    if quoted is None:
        return []
    where = "nobody_leaves" if result.step_keeps_all else quoted.place
    names = [f"lever_{where}{'_net' if result.net_of_winning else ''}"]
    if where in ("below", "above"):
        names.append("band_needs" if quoted.needed_retention is not None else "band_never")
    return names


def _spending(result: CustomerWorth) -> list[str]:
    """Winning against keeping."""
    names = ["own_ratio"] if result.ratio is not None else []
    if result.cost_to_keep is not None and not result.cost_to_keep.value:
        names.append("keeping_free")
    if result.budgets:
        names.append("best_spending" if result.best_ratio is not None else "best_without_winning")
    return names


def _staying(result: CustomerWorth) -> list[str]:
    """Whether retention rises with tenure, and what the whole base is worth."""
    if result.by_tenure:
        names = ["rises" if result.rises else "no_rise_seen"]
        if result.base_value is not None and result.margin.value > 0:
            names.append("constant_misses" if result.rises else "base_value")
        return names
    names = ["base_value"] if result.base_value is not None and result.margin.value > 0 else []
    return [*names, f"fit_{result.fit_problem}" if result.fit_problem else "constant_assumed"]


def worth_saying(result: CustomerWorth) -> list[Finding]:
    """What carries the chapter, most important first."""
    first = f"{state(result)}{'_kept' if counts_keeping(result) and state(result) not in NO_USE else ''}"
    names = [first, *_forever(result), *_back(result), *_lever(result), *_spending(result)]
    names += [*_staying(result), *_reading(result)]
    return [Finding(name, result) for name in names]


def counts_keeping(result: CustomerWorth) -> bool:
    """Whether the cost of keeping takes something off what a customer is worth."""
    return result.cost_to_keep is not None and result.cost_to_keep.value > 0


def _forever(result: CustomerWorth) -> list[str]:
    """Whether customers stay longer than anyone can look ahead; nothing where a horizon is given."""
    if result.horizon is not None or result.margin.value <= 0:
        return []
    if result.retention.value >= 1:
        return ["nobody_leaves"]
    return ["stays_beyond"] if result.lifetime is not None and result.lifetime > MOST_YEARS else []


def _reading(result: CustomerWorth) -> list[str]:
    """How the figures were read: the span of retention, a horizon, growth."""
    conditions = {
        f"other_reading_{result.other_period}": result.other_period is not None and result.margin.value > 0,
        "horizon": result.horizon is not None,
        "growth": bool(result.growth_per_year),
        "bought_again": result.retention_from == "log",
    }
    return [name for name, holds in conditions.items() if holds]


def besides(result: CustomerWorth) -> list[Finding]:
    """What only some clients know: contracts, recommendation, profit by tenure, a programme."""
    country, direction = result.contract_country, result.profile_direction
    lasting, customers = result.programme_points_lasting, result.programme_customers
    programme = "programme" if None not in (lasting, customers) else "programme_points" if lasting is not None else None
    conditions = {
        f"contract_{country or 'between_firms'}": result.contract_total is not None,
        "contract_differs": result.contract_total is not None,
        "renewal_hidden": result.base_churn is not None,
        "recommended": result.recommended is not None,
        "recommending": result.from_recommending is not None,
        "followers": result.loss_with_followers is not None,
        f"profile_{direction}": direction is not None and result.profile_at_stake is not None,
        "profile_nothing": direction is not None and result.profile_at_stake is None,
        programme or "programme_never": result.programme is not None and state(result) not in NO_USE,
    }
    return [Finding(name, result) for name, holds in conditions.items() if holds]


def moments_title(result: CustomerWorth) -> Finding | None:
    """The title of the timeline; None where a customer brings nothing."""
    if result.margin.value <= 0:
        return None
    return Finding("before_keeping" if counts_keeping(result) else "worth", result)


def money_back_title(result: CustomerWorth) -> Finding | None:
    """The title of the picture of the money coming back; None without a cost to win, or without a margin."""
    if not result.cost_to_win or not result.cost_to_win.value or state(result) in NO_USE:
        return None
    return Finding("never" if result.payback_surviving is None else "back", result)


def lever_title(result: CustomerWorth) -> Finding | None:
    """The title of the picture of the lever, against the first of its bands; None where no step is possible."""
    if not result.claimed:
        return None
    if result.step_keeps_all:
        return Finding("nobody_leaves", result)
    return Finding(result.claimed[0].place, result)


def ratio_title(result: CustomerWorth) -> Finding | None:
    """The title of winning against keeping; None without both costs."""
    return None if result.ratio is None else Finding("ratio", result)


def tenure_title(result: CustomerWorth) -> Finding | None:
    """The title of retention by tenure; None where the figures tell no more than one rate."""
    return Finding("rises" if result.rises else "unclear", result) if result.by_tenure else None


def third_in_print(result: CustomerWorth) -> dict[str, Finding | None]:
    """The titles of the pictures that share the third place in print: only the first that there is has one."""
    titles = {"tenure": tenure_title(result), "ratio": ratio_title(result), "money_back": money_back_title(result)}
    first = next((name for name, title in titles.items() if title), None)
    return {name: title if name == first else None for name, title in titles.items()}
