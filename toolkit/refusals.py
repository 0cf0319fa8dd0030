"""What pydantic finds wrong with a client file, as refusals of ours."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from toolkit.finding import Refusal
from toolkit.units import SHARE, Unit


def refusals_of(error: ValidationError, model: type[BaseModel], file: str) -> list[Refusal]:
    """One refusal for each problem; `model` is what the whole file was read as."""
    return [_refusal(problem, model, file) for problem in error.errors()]


def _refusal(problem: Mapping[str, Any], model: type[BaseModel], file: str) -> Refusal:
    """One of pydantic's errors as a refusal of ours."""
    loc, context = problem["loc"], problem.get("ctx", {})
    values = {key: value for key, value in context.items() if key not in ("given", "error", "field")}
    field = ".".join(str(part + 1) if isinstance(part, int) else part for part in loc)
    if context.get("field"):
        field = f"{field}.{context['field']}" if field else context["field"]
    name, given = _NAMES.get(problem["type"], problem["type"]), context.get("given", problem["input"])
    if problem["type"] == "extra_forbidden":
        allowed = _fields_at(model, loc[:-1])
        close = difflib.get_close_matches(str(loc[-1]), allowed, 1, 0.5)
        values = {"allowed_keys": ", ".join(allowed)}
        name, given = ("misspelt_key" if close else "unknown_key"), str(loc[-1])
        values |= {"suggestion": close[0]} if close else {}
    elif problem["type"] == "literal_error":
        values = {"expected": context["expected"].replace("'", '"').replace(" or ", ", ")}
    elif name == "out_of_bounds" and _MARGINS.intersection(loc) and str(given).lstrip().startswith("-"):
        name = "margin_below_nothing"
    elif "given" not in context and problem["type"] not in _NAMES:
        name = "does_not_fit"
    if name in ("missing", "not_a_section", "not_a_list") or isinstance(given, dict | list):
        given = ""
    return Refusal(name, file=file, field=field, given=given, values=values)


# refusals of a share that a formula or a section found, where no field's unit says that it is one
_OF_SHARES = frozenset(
    "ceiling_below_rate growth_diverges rate_below_floor response_points_disagree response_points_too_steep "
    "retention_out_of_reach value_unbounded".split()
)
_MARGINS = frozenset(("margin", "gross_margin", "margins_by_tenure"))
_AS_IN_THE_FILE = ("not_", "share_as_percentage", "amount_with_currency", "period_missing")


def unit_given(refusal: Refusal) -> Unit | None:
    """The unit of what was given, so that it reads as the field does; None for a plain number.

    >>> unit_given(Refusal("ceiling_below_rate", given=0.1)).name
    'share'
    """
    unit = refusal.values.get("unit")
    if isinstance(unit, Unit):
        return unit
    return SHARE if refusal.name in _OF_SHARES else None


def said_raw(refusal: Refusal) -> bool:
    """Whether what was given is quoted as it stood, because how it is written is what is wrong; years are too."""
    return refusal.name.startswith(_AS_IN_THE_FILE)


_NAMES = {
    "missing": "missing",
    "model_type": "not_a_section",
    "model_attributes_type": "not_a_section",
    "dict_type": "not_a_section",
    "tuple_type": "not_a_list",
    "list_type": "not_a_list",
    "too_short": "empty_list",
    "string_type": "not_text",
    "string_too_short": "empty_text",
    "string_too_long": "long_text",
    "bool_type": "not_yes_or_no",
    "bool_parsing": "not_yes_or_no",
    "literal_error": "not_one_of",
}


def _fields_at(model: Any, loc: tuple[Any, ...]) -> list[str]:
    """The keys that the client file allows at a place."""
    for part in loc:
        if isinstance(part, str) and isinstance(model, type) and part in _keys(model):
            model = _model_in(_keys(model)[part].annotation)
    return list(_keys(model)) if isinstance(model, type) else []


def _keys(model: type[BaseModel]) -> dict[str, Any]:
    return {name.rstrip("_"): field for name, field in model.model_fields.items()}


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
