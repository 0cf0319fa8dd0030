"""The `[survey]` section of a client file: which column holds the answers to which question.

The least that a survey needs is its file, its items and one outcome:

    [survey]
    file = "answers.csv"
    [survey.items]
    keeps_agreements = "V1"
    speed = "V2"
    [survey.outcomes]
    recommendation = "V20"

What is left out is recognised from the file, and the report says how it was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from toolkit.intake.log import Column, Name
from toolkit.units import Count

STANDARD_ITEMS = {
    "keeps_agreements": "answers.items.keeps_agreements",
    "speed": "answers.items.speed",
    "range": "answers.items.range",
    "delivery_time": "answers.items.delivery_time",
    "price_quality": "answers.items.price_quality",
    "website": "answers.items.website",
    "complaint_handling": "answers.items.complaint_handling",
    "information": "answers.items.information",
    "friendliness": "answers.items.friendliness",
    "warns_ahead": "answers.items.warns_ahead",
    "offers_solution": "answers.items.offers_solution",
    "exceeds_expectations": "answers.items.exceeds_expectations",
}
"""The twelve drivers of article A5, each with the place of its label in the words."""

STANDARD_OUTCOMES = {
    "recommendation": "answers.outcomes.recommendation",
    "recommendation_verbal": "answers.outcomes.recommendation_verbal",
    "attachment": "answers.outcomes.attachment",
    "satisfaction": "answers.outcomes.satisfaction",
}
"""The outcomes that are known by name; `recommendation` is the question from 0 to 10."""

REASONS = {
    "not_answered": "answers.reasons.not_answered",
    "dont_know": "answers.reasons.dont_know",
    "not_applicable": "answers.reasons.not_applicable",
    "not_asked": "answers.reasons.not_asked",
    "dropped_out": "answers.reasons.dropped_out",
}
"""Why an answer is missing, each with the place of its label in the words."""

STANDARD_LEVELS = {
    "satisfaction": (
        "answers.levels.satisfaction.very_dissatisfied",
        "answers.levels.satisfaction.rather_dissatisfied",
        "answers.levels.satisfaction.neutral",
        "answers.levels.satisfaction.rather_satisfied",
        "answers.levels.satisfaction.very_satisfied",
    ),
    "expectations": (
        "answers.levels.expectations.not_at_all_met",
        "answers.levels.expectations.rather_not_met",
        "answers.levels.expectations.met",
        "answers.levels.expectations.rather_exceeded",
        "answers.levels.expectations.fully_exceeded",
    ),
    "recommendation": (
        "answers.levels.recommendation.certainly_against",
        "answers.levels.recommendation.rather_against",
        "answers.levels.recommendation.neutral",
        "answers.levels.recommendation.rather_for",
        "answers.levels.recommendation.certainly_for",
    ),
    "attachment": (
        "answers.levels.attachment.not_at_all",
        "answers.levels.attachment.rather_not",
        "answers.levels.attachment.neutral",
        "answers.levels.attachment.rather",
        "answers.levels.attachment.strongly",
    ),
}
"""The five answers of the standard questionnaire's scales, from worst to best, by the places of their labels."""

Reason = Literal["not_answered", "dont_know", "not_applicable", "not_asked", "dropped_out"]


def _read_codes(value: Any) -> Any:
    """Codes of no answer: a list of them, or a table from code to reason."""
    if isinstance(value, Mapping):
        return {str(code): reason for code, reason in value.items()}
    many = value if isinstance(value, list | tuple) else [value]
    if any(isinstance(code, bool) or not isinstance(code, int | float | str) for code in many):
        raise PydanticCustomError("not_missing_codes", "{given}", {"given": str(value)})
    return {str(code): "not_answered" for code in many}


def _read_scale(value: Any) -> Any:
    """A scale: the name of one, its lowest and highest number, or its answers from worst to best."""
    if isinstance(value, str) and value:
        return value
    many = tuple(value) if isinstance(value, list | tuple) else ()
    numbers = [one for one in many if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(many) == len(numbers) == 2 and -1e6 < numbers[0] < numbers[1] < 1e6:
        return float(numbers[0]), float(numbers[1])
    texts = {one.strip().casefold() for one in many if isinstance(one, str) and one.strip()}
    if len(many) == len(texts) >= 2:
        return many
    raise PydanticCustomError("not_a_scale", "{given}", {"given": str(value)})


Place = tuple[str, str]
Codes = Annotated[dict[str, Reason], BeforeValidator(_read_codes)]
Scale = Annotated[Any, BeforeValidator(_read_scale)]


class Part(BaseModel):
    """A frozen part of the section that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Question(Part):
    """One question: its column and, where the file does not say it, how its answers are to be read.

    `scale` is [lowest, highest], the name of a scale in `templates/questionnaire/scales.toml`,
    or a list of the answers from worst to best. `reversed`: the lowest answer is the best one.
    `label` names an item of your own per language.
    """

    column: Column = Field(examples=["V1"])
    scale: Scale | None = Field(default=None, examples=[[1, 5]])
    reversed: bool | None = Field(default=None, examples=[True])
    missing: Codes | None = Field(default=None, examples=[[99]])
    label: dict[Literal["nl", "en"], Name] | None = Field(default=None, examples=[{"nl": "Parkeren", "en": "Parking"}])


def _read_question(value: Any) -> Any:
    return {"column": value} if isinstance(value, str | int) and not isinstance(value, bool) else value


Asked = Annotated[Question, BeforeValidator(_read_question)]
Questions = dict[Name, Asked]


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, str | int) and not isinstance(value, bool) else value


Columns = Annotated[tuple[Column, ...], BeforeValidator(_one_or_more)]


class Survey(Part):
    """The `[survey]` section: the file, the questions in it, and what stands beside the answers.

    `stated` and every competitor rate items by the names that `[survey.items]` gives them.
    `missing` are codes that mean no answer in every question, as a list or with their reasons.
    """

    file: Name = Field(examples=["answers.csv"])
    items: Questions | None = Field(default=None, examples=[{"keeps_agreements": "V1", "speed": "V2"}])
    outcomes: Questions = Field(default={}, examples=[{"recommendation": "V20", "attachment": "V21"}])
    scale: Scale | None = Field(default=None, examples=["satisfaction_5"])
    missing: Codes | None = Field(default=None, examples=[[99]])
    weights: Column | None = Field(default=None, examples=["weight"])
    cluster: Column | None = Field(default=None, examples=["branch"])
    segments: Columns = Field(default=(), examples=[["region"]])
    wave: Column | None = Field(default=None, examples=["year"])
    customer_key: Column | None = Field(default=None, examples=["customer"])
    quotations: Columns = Field(default=(), examples=[["remarks"]])
    stated: Questions = Field(default={}, examples=[{"speed": "W2"}])
    competitors: dict[Name, Questions] = Field(default={}, examples=[{"Firm B": {"speed": "B2"}}])
    minimum: Count | None = Field(default=None, examples=[100])
    duplicates: Literal["keep", "drop"] | None = Field(default=None, examples=["drop"])
    sheet: Name | None = Field(default=None, examples=["Answers"])
    delimiter: Literal[";", ",", "tab"] | None = Field(default=None, examples=[";"])

    @model_validator(mode="after")
    def _names_agree(self) -> Survey:
        items, rated = self.items, {"stated": self.stated}
        rated |= {f"competitors.{name}": ratings for name, ratings in self.competitors.items()}
        for field, questions in rated.items():
            for name in questions:
                if items is not None and name not in items:
                    values = {"given": name, "items": ", ".join(items), "field": f"{field}.{name}"}
                    raise PydanticCustomError("not_an_item", "{given}", values)
        for name in self.outcomes:
            if name in (items or {}):
                raise PydanticCustomError("item_and_outcome", "{given}", {"given": name, "field": f"outcomes.{name}"})
        return self

    def questions(self) -> dict[Place, Question]:
        """Every question by its place in the section: its table and its name, such as `("items", "speed")`."""
        tables = {"items": self.items or {}, "outcomes": self.outcomes, "stated": self.stated}
        tables |= {f"competitors.{name}": table for name, table in self.competitors.items()}
        return {(table, name): question for table, asked in tables.items() for name, question in asked.items()}

    def others(self) -> dict[str, Column]:
        """The columns that are not questions, by their place in the section."""
        found = {key: getattr(self, key) for key in ("weights", "cluster", "wave", "customer_key")}
        for key in ("segments", "quotations"):
            found |= {f"{key}.{number}": column for number, column in enumerate(getattr(self, key), 1)}
        return {key: column for key, column in found.items() if column is not None}
