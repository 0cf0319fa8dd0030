"""What a customer is worth in numbers: `analyse` takes the section and what others know, and returns one record.

Nothing here reads files, words or pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from toolkit.finding import Refused
from toolkit.ranges import middle
from toolkit.units import MONEY, SHARE, Estimate, Share, Unit
from toolkit.whatif import Swing, swings
from toolkit.worth import extras
from toolkit.worth.both import CONFIDENCE, Both
from toolkit.worth.inputs import Situation, situation
from toolkit.worth.leverage import levers, profit_lever, said
from toolkit.worth.payoff import best_spending, spending, unpaid, winning
from toolkit.worth.programme import programme
from toolkit.worth.result import CustomerWorth
from toolkit.worth.rows import Moment
from toolkit.worth.section import PER_YEAR, Worth
from toolkit.worth.series import Series, series_of
from toolkit.worth.state import State
from toolkit.worth.tenures import average, present, tenures

DRAWS = 10_000
STANDS = {"not_yet_won": -0.25, "end_of_period": 0.0, "just_paid": 0.25, "renewal_due": 0.75}
POINTS, PART = 0.05, 0.1  # how far an input without a range of its own is moved
UNITS = {
    "margin": MONEY,
    "turnover_per_customer": MONEY,
    "gross_margin": SHARE,
    "retention": SHARE,
    "discount": SHARE,
    "cost_to_win": MONEY,
    "cost_to_keep": MONEY,
}
LEAST_DISCOUNT = 0.005


def analyse(
    section: Worth,
    economics: Mapping[str, Any],
    *,
    doors: Any = None,
    claims: Iterable[Any] = (),
    draws: int = DRAWS,
    seed: int = 0,
    full: bool = True,
    series: Series = series_of,
) -> CustomerWorth:
    """What a customer of this client is worth, and what follows from it.

    `economics` holds `discount` (a year), and where known `gross_margin`, `cost_to_win`,
    `cost_to_keep`: numbers or ranges. `doors` is the result of the two doors, where there
    is one; `claims` are the published ones; `series` fits the curve of `[worth.report]` or `[worth.cohorts]`.
    Without `full` only what a picture or the stage shows is computed, each figure as otherwise.
    Raises `Refused` for figures that no value follows from.
    """
    known = situation(section, economics, doors, series)
    both = Both(known.at_centre(), known.drawn(draws, seed) if known.unsure else None, known.behind)
    claims = tuple(claims)
    found = _given(known, section, both) | _values(both) | {"said": said(claims)}
    yearly = found["retention_per_year"].value
    found |= winning(both) | spending(both) | levers(both, yearly, claims, full=full)
    found |= tenures(known, both, draws=draws, seed=seed)
    if full:
        found |= _told(section, known, both, found, doors)
    return CustomerWorth(**found, swings=_swings(known, yearly))


def _told(section: Worth, known: Situation, both: Both, found: Mapping[str, Any], doors: Any) -> dict[str, Any]:
    """What is told in words and tables only: no picture and no bar of the stage shows it."""
    mid, per_year, kept = both.mid, known.per_year, found["retention"].value
    yearly, margin = found["retention_per_year"].value, found["margin_per_year"].value
    return {
        **(_base(both, known.customers) if known.curve is None else present(known, both)),
        **unpaid(both, known.won_per_year),
        **best_spending(mid, section.responses),
        **profit_lever(known.customers, known.won_per_year, margin, yearly, mid.cost_to_win),
        **extras.contract(section.contract, mid, per_year, known.at_start or known.customers),
        **extras.recommendation(section.recommendation, mid, per_year, doors),
        **extras.profile(section.margins_by_tenure, mid, known.curve, kept),
        **programme(section.programme, known, both),
        **_other_reading(section, known),
    }


def _given(known: Situation, section: Worth, both: Both) -> dict[str, Any]:
    """The inputs as they were understood."""
    per_year, mid = known.per_year, both.mid

    def kept(state: State) -> Any:
        return state.kept if state.pair is None else average(state, known.by_tenure)

    def kept_a_year(state: State) -> Any:
        return state.retention_per_year if state.pair is None else kept(state) ** per_year

    def stated(figure: Callable[[State], Any]) -> Estimate:
        return both.estimate(figure, counted=False)

    retention = both.estimate(kept)
    constant = known.curve is None and retention.value < 1
    return {
        "period": section.period,
        "retention_from": known.retention_from,
        "fit_problem": known.fit_problem,
        "series_years": known.series,
        "per_year": per_year,
        "confidence": CONFIDENCE,
        "margin": stated(lambda state: state.margin),
        "margin_per_year": stated(lambda state: state.margin * per_year),
        "retention": retention,
        "retention_per_year": both.estimate(kept_a_year),
        "discount": float(mid.discount),
        "discount_per_year": stated(lambda state: state.discount_per_year),
        "growth_per_year": section.margin_growth,
        "horizon": section.horizon,
        "lifetime": 1 / (1 - retention.value) / per_year if constant else None,
        "customers": known.customers,
        "won_per_year": known.won_per_year,
        **{
            name: stated(lambda state, name=name: getattr(state, name))
            for name in ("cost_to_win", "cost_to_keep")
            if getattr(mid, name) is not None
        },
    }


def _values(both: Both) -> dict[str, Any]:
    """The value of a customer at each named moment; never averaged."""
    values = {name: both.estimate(lambda state, name=name: state.value(name)) for name in STANDS}
    found = values | {"moments": tuple(Moment(name, STANDS[name], value) for name, value in values.items())}
    if both.mid.cost_to_keep is None:
        return found
    return found | {"after_keeping": both.estimate(lambda state: state.ceiling)}


def _base(both: Both, customers: int | None) -> dict[str, Any]:
    """What everyone present is worth just before the next renewal, at one constant retention."""
    if not customers:
        return {}
    found = {"base_value": both.estimate(lambda state: customers * state.value("renewal_due"))}
    if both.mid.cost_to_keep is None:
        return found
    return found | {"base_after_keeping": both.estimate(lambda state: customers * state.left("renewal_due"))}


def _other_reading(section: Worth, known: Situation) -> dict[str, Any]:
    """What the stated retention would mean if it held for the other span: a quarter instead of a year, or the reverse."""
    if section.retention is None or section.period == "year":
        return {}
    read = section.retention_per or section.period
    other = "year" if read != "year" else section.period
    kept = middle(section.retention) ** PER_YEAR[other]
    value = float(known.state({**_plain(known), "retention": kept}).value("not_yet_won"))
    return {"other_period": other, "other_retention": kept, "other_value": value}


def _plain(known: Situation) -> dict[str, Any]:
    """Every input at its likeliest or middle value."""
    return {name: getattr(given, "central", given) for name, given in known.inputs.items()}


def _swings(known: Situation, kept: Share) -> tuple[Swing, ...]:
    """What a customer not yet won leaves after winning and keeping, where known; one assumption varied at a time."""
    base, mid = _plain(known), known.at_centre()
    base.setdefault("retention", kept)

    def worth(**values: float) -> float:
        state = known.state(values, mid.pair)
        if mid.pair is not None:
            state = state.moved(points=values["retention"] - kept) if values["retention"] != kept else state
        return float(state.ceiling - (values.get("cost_to_win") or 0.0))

    found = []
    for name in base:
        try:
            found += swings(worth, MONEY, base, {name: _reach(name, known.inputs.get(name), base[name])})
        except Refused:
            continue  # an end at which payments add up to no finite sum
    return tuple(sorted(found, key=lambda swing: -swing.size))


def _reach(name: str, given: Any, base: float) -> tuple[float, float, Unit]:
    """The 10th and 90th percentile of an unsure input; a fixed step either way for one that was stated."""
    unit = UNITS[name]
    if hasattr(given, "quantile"):
        low, high = (float(end) for end in given.quantile([0.1, 0.9]))
        return low, high, unit
    if unit is MONEY:
        return base * (1 - PART), base * (1 + PART), unit
    if name == "discount":
        return max(base - POINTS / 2, min(base, LEAST_DISCOUNT)), base + POINTS / 2, unit
    return max(0.0, base - POINTS), min(1.0, base + POINTS), unit
