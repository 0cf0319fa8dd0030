"""The two doors in numbers: retention, leak, balance, and how many customers it takes to know.

`analyse` takes the section, its periods and the frames of a log, and returns one
frozen `TwoDoors`. Nothing here reads files, words or pictures.
"""

from __future__ import annotations

from dataclasses import fields

from toolkit.doors import rates
from toolkit.doors.flows import Flow, by_window, counted_flows, deciles, stated_flows
from toolkit.doors.leak import Basis, leaked, leaks, through
from toolkit.doors.result import TwoDoors
from toolkit.doors.section import Doors, Period
from toolkit.units import COUNT, MONEY, SHARE, Estimate, Money, Share
from toolkit.whatif import Swing, swings

CONFIDENCE = 0.95
STEP = 0.05  # A1's and A3's yardstick: five points of retention


def analyse(
    section: Doors,
    periods: tuple[Period, ...],
    *,
    gross_margin: Share | None = None,
    cost_to_win: Money | None = None,
    frames=None,
    seed: int = 0,
) -> TwoDoors:
    """What the two doors let in and out, and what it costs.

    `periods` are the stated counts, oldest first; with a log they are empty and
    `frames` are `toolkit.intake.log.LogFrames`. Rates hold for the last period,
    rates and money "per year" for a year; money is of the customers there at the
    start of the last period.
    """
    flows = stated_flows(periods) if frames is None else counted_flows(frames.flows)
    per_year = _per_year(flows, seed)
    found = _counts(section, flows, periods) | _rates(section, flows, per_year)
    turnover = section.turnover_per_customer
    if turnover is None:
        turnover = _turnover_per_customer(frames, flows)
    found |= _money(flows[-1], per_year, found["target_retention"], turnover, gross_margin)
    gone = flows[-1].won_and_gone
    found["cost_of_won_and_gone"] = gone * cost_to_win if gone and cost_to_win is not None else None
    found |= _turnover_kept(section) | _from_log(section, frames)
    return TwoDoors(**{field.name: found[field.name] for field in fields(TwoDoors)})


def _counts(section: Doors, flows: tuple[Flow, ...], periods: tuple[Period, ...]) -> dict:
    last = flows[-1]
    recommended = periods[-1].won_by_recommendation if periods else None
    won, came = last.new + last.won_and_gone, last.new + last.reactivated
    copied = ("start", "new", "won_and_gone", "reactivated", "lost", "end", "balance", "kept", "retention")
    return {name: getattr(last, name) for name in copied} | {
        "flows": flows,
        "first": flows[0].first,
        "last": last.last,
        "came_in": came,
        "gap": abs(last.balance),
        "won_by_recommendation": recommended,
        "recommended_share": recommended / won if recommended is not None and won else None,
        "per": {12: "year", 3: "quarter", 1: "month"}.get(round(last.years * 12), "period"),
        "every": section.every,
        "window": section.window,
    }


def _rates(section: Doors, flows: tuple[Flow, ...], per_year: Estimate | None) -> dict:
    last = flows[-1]
    trend, first_retention = _trend(flows)
    found: dict = {
        "churn": _rest(last.retention),
        "naive_retention": None,
        "retention_per_year": per_year,
        "churn_per_year": _rest(per_year),
        "lifetime": rates.lifetime(per_year.value) if per_year else None,
        "trend": trend,
        "first_retention": first_retention,
        "points_to_balance": (last.lost - last.new - last.reactivated) / last.start if last.start else None,
        "retention_in_balance": None,
        "target_retention": None,
        "target_given": section.target_retention is not None,
        "points_to_target": None,
        "step_points": STEP,
        "step_per_cent": STEP,
        "gain_of_step_points": STEP / per_year.value if per_year and 0 < per_year.value <= 1 - STEP else None,
        "with_step_points": per_year and min(1.0, per_year.value + STEP),
        "with_step_per_cent": per_year and min(1.0, per_year.value * (1 + STEP)),
        "confidence": CONFIDENCE,
    }
    if last.start:
        found["retention_in_balance"] = max(0.0, 1 - (last.new + last.reactivated) / last.start)
        if last.won_and_gone:
            # the ratio of article A3 with everyone ever won as "new": wrong, shown beside the right one
            found["naive_retention"] = (last.end - last.new - last.won_and_gone) / last.start
    if per_year:
        target = section.target_retention
        found["target_retention"] = target = min(1.0, per_year.value + STEP) if target is None else target
        found["points_to_target"] = target - per_year.value
    return found | _sizes(per_year, found["target_retention"])


def _sizes(per_year: Estimate | None, target: Share | None) -> dict:
    names = {"": "each other", "_from_present": "present", "_from_target": "target"}
    return {
        f"customers_to_tell{ending}": rates.customers_to_tell(per_year.value, target, against=against)
        if per_year
        else None
        for ending, against in names.items()
    }


def _rest(share: Estimate | None) -> Estimate | None:
    """Churn beside retention: one minus it, the interval turned round."""
    return through(share, lambda rate: 1 - rate) if share else None


def _money(last: Flow, per_year: Estimate | None, target, turnover, margin) -> dict:
    names = ("leak", "leak_at_target", "saved", "saved_in_five_years", "spend_per_customer", "worth_a_point")
    found: dict = dict.fromkeys(names) | {"leaks": (), "swings": (), "basis": None}
    found |= {"turnover_per_customer": turnover, "gross_margin": margin, "turnover_at_stake": None}
    found["margin_per_customer"] = None
    if turnover is None:
        return found
    found["turnover_at_stake"] = last.start * turnover
    each: dict[Basis, Money] = {"turnover": turnover}
    if margin is not None:
        each["margin"] = found["margin_per_customer"] = turnover * margin
    found["basis"] = basis = "margin" if margin is not None else "turnover"
    if per_year is None:
        return found
    table = leaks(last.start, each, per_year, target)
    year, five, _ = (row for row in table if row.basis == basis)
    return found | {
        "leaks": table,
        "leak": year.now,
        "leak_at_target": year.at_target,
        "saved": year.saved,
        "saved_in_five_years": five.saved,
        "spend_per_customer": Estimate(
            *(end / last.start for end in (year.saved.value, year.saved.low, year.saved.high)), last.start
        ),
        "worth_a_point": last.start * each[basis] / 100,
        "swings": _swings(last.start, per_year, turnover, margin),
    }


def _turnover_kept(section: Doors) -> dict:
    given = section.turnover
    kept = given and rates.revenue_retention(given.start, given.contraction, given.churned, given.expansion)
    gross, net = kept or (None, None)
    return {"gross_revenue_retention": gross, "net_revenue_retention": net}


def _from_log(section: Doors, frames) -> dict:
    found: dict = {"turnover_retention": None, "deciles": (), "by_window": ()}
    found |= {"top_share": None, "top_lost_turnover": None}
    if frames is None:
        return found
    base, lost = (float(frames.flows[name].iloc[-1]) for name in ("base_turnover", "lost_turnover"))
    tenths = deciles(frames.deciles)
    if base > 0:
        found["turnover_retention"] = 1 - lost / base
    if tenths:
        found |= {"top_share": tenths[0].turnover_share, "top_lost_turnover": tenths[0].lost_turnover}
    return found | {"deciles": tenths, "by_window": by_window(frames.by_window)}


def _last_year(flows: tuple[Flow, ...]) -> list[Flow]:
    """The latest flows, without a gap between them, that together last at most a year; one at least."""
    taken: list[Flow] = []
    for flow in reversed(flows):
        longer = taken and sum(f.years for f in taken) + flow.years > 1 + 1e-9
        gap = taken and (taken[-1].first - flow.last).days > 1
        if longer or gap or not flow.start:
            break
        taken.append(flow)
    return taken[::-1]


def _per_year(flows: tuple[Flow, ...], seed: int) -> Estimate | None:
    """Retention in a year from the flows of the last year; None while nobody could leave."""
    year = _last_year(flows)
    if not year:
        return None
    return rates.chained(
        [(f.kept, f.start) for f in year], sum(f.years for f in year), seed=seed, confidence=CONFIDENCE
    )


def _trend(flows: tuple[Flow, ...]) -> tuple[Estimate | None, Estimate | None]:
    """Change of retention from the first to the last period of the same length, and where it began."""
    same = [f for f in flows if f.retention and abs(f.years - flows[-1].years) < 0.02]
    if len(same) < 2 or same[-1] is not flows[-1]:
        return None, None
    return rates.difference(same[-1].retention, same[0].retention), same[0].retention


def _turnover_per_customer(frames, flows: tuple[Flow, ...]) -> float | None:
    """Turnover of the last year of a log over the average number of customers in it, a year."""
    year = _last_year(flows)
    if frames is None or not year:
        return None
    average = sum((f.start + f.end) / 2 * f.years for f in year)
    turnover = float(frames.flows["turnover"].tail(len(year)).sum())
    return turnover / average if average and turnover > 0 else None


def _swings(customers: int, per_year: Estimate, turnover: Money, margin: Share | None) -> tuple[Swing, ...]:
    """The leak of one year with one assumption varied at a time."""
    base = {"retention_per_year": per_year.value, "turnover_per_customer": turnover, "customers": customers}
    reach = {
        "retention_per_year": (max(0.0, per_year.value - STEP), min(1.0, per_year.value + STEP), SHARE),
        "turnover_per_customer": (turnover * 0.9, turnover * 1.1, MONEY),
        "customers": (round(customers * 0.9), round(customers * 1.1), COUNT),
    }
    if margin is not None:
        base["gross_margin"] = margin
        reach["gross_margin"] = (max(0.0, margin - STEP), min(1.0, margin + STEP), SHARE)

    def outcome(retention_per_year, turnover_per_customer, customers, gross_margin=1.0):
        return leaked(
            customers, turnover_per_customer * gross_margin, retention_per_year, years=1, replaced=False
        )

    return swings(outcome, MONEY, base, reach)
