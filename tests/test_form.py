"""`new` writes a commented client file: correct as it stands, with every field there is and an example of each."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import BaseModel

from toolkit import doors
from toolkit.client import Client, load
from toolkit.doors.section import Doors, Period
from toolkit.finding import Refused
from toolkit.form import client_file_text, describe, toml, write_client_file
from toolkit.ids import is_safe
from toolkit.words import LOCALES, Words

HEADER = re.compile(r"(# )?\[+([\w.]+)\]+")
FIELD = re.compile(r"(# )?(\w+) = (.+)")


def lines_of(text: str) -> dict[str, dict[str, tuple[bool, str]]]:
    """What stands in a new file: section → field → whether it is filled in, and its example."""
    found: dict[str, dict[str, tuple[bool, str]]] = {}
    section = ""
    for line in text.splitlines():
        if header := HEADER.fullmatch(line):
            section = header[2]
            found[section] = {}
        elif field := FIELD.fullmatch(line):
            found[section][field[2]] = (field[1] is None, field[3])
    return found


def section_model(section: str) -> type[BaseModel]:
    """The model of a section of the client file."""
    if section == "doors.periods":
        return Period
    annotation = Client.model_fields[section].annotation
    return next(
        part
        for part in (annotation, *getattr(annotation, "__args__", ()))
        if isinstance(part, type) and issubclass(part, BaseModel)
    )


def names(model: type[BaseModel]) -> set[str]:
    """The fields of a model as a client file writes them."""
    return {field.alias or name for name, field in model.model_fields.items()}


def as_file(sections: dict[str, dict[str, tuple[bool, str]]]) -> str:
    """The filled-in lines of a file as TOML."""
    lines = []
    for section, fields in sections.items():
        shown = [f"{name} = {value}" for name, (filled, value) in fields.items() if filled]
        header = f"[[{section}]]" if section == "doors.periods" else f"[{section}]"
        lines += [header, *shown] if shown else []
    return "\n".join(lines)


def refused(folder: Path, text: str) -> list[tuple[str, str]]:
    """What is wrong with a client file: names and fields."""
    path = folder / "client.toml"
    path.write_text(text, encoding="utf-8")
    try:
        load(path)
    except Refused as problem:
        return [(refusal.name, refusal.field) for refusal in problem.refusals]
    return []


@pytest.fixture(scope="module")
def sections() -> dict[str, dict[str, tuple[bool, str]]]:
    """The lines of a new file."""
    return lines_of(client_file_text("Bakkerij Peeters", "peeters", "nl_BE"))


# the file as it stands -----------------------------------------------------------------------


@pytest.mark.parametrize("locale", LOCALES)
def test_a_new_file_passes_the_check_and_shows_the_example_of_article_a3(tmp_path: Path, locale: str):
    path = write_client_file("Bakkerij Peeters", tmp_path, locale)
    client = load(path)
    assert path == tmp_path / "bakkerij-peeters" / "client.toml"
    assert (client.client.name, client.client.locales, client.client.origin) == (
        "Bakkerij Peeters",
        (locale,),
        "fictional",
    )
    assert doors.results(client).retention.value == 0.8


def test_it_has_every_field_of_every_section(sections):
    for section in Client.model_fields:
        missing = names(section_model(section)) - set(sections[section]) - {"periods", "cascade"}
        assert not missing, section
    assert set(sections["doors.periods"]) == names(Period)


def test_each_field_comes_with_its_unit_its_bounds_and_whether_it_is_needed():
    text = client_file_text("Bakkerij Peeters", "peeters", "en_GB").splitlines()
    (line,) = (line for line, after in pairwise(text) if after.startswith("# target_retention = "))
    assert line.endswith("(share, from 0% to 100%, optional)")
    words = Words("en_GB")
    assert "required" in describe("client.name", section_model("client").model_fields["name"], words)
    assert "quarter" in describe("doors.every", Doors.model_fields["every"], words)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_field_has_a_line_of_help_above_it_in_the_language_asked_for(locale: str):
    text = client_file_text("Bakkerij Peeters", "peeters", locale).splitlines()
    in_series = False
    for before, line in pairwise(text):
        in_series = "[[" in line or (in_series and not HEADER.fullmatch(line))
        if FIELD.fullmatch(line) and not in_series:
            assert re.fullmatch(r"# .+ \(.+\)", before), line


def test_the_three_languages_differ_in_their_comments_only(tmp_path: Path):
    texts = {locale: client_file_text("Peeters", "peeters", locale) for locale in LOCALES}
    assert len(set(texts.values())) >= 2
    said = [{key: value for key, value in tomllib.loads(text).items() if key != "client"} for text in texts.values()]
    assert said[0] == said[1] == said[2]


# the examples in it --------------------------------------------------------------------------

EVERY = [
    (section, name) for section in Client.model_fields for name in sorted(names(section_model(section)) - {"periods", "cascade"})
]


def needed(section: str) -> set[str]:
    """The fields that a section cannot do without."""
    return {field.alias or name for name, field in section_model(section).model_fields.items() if field.is_required()}


@pytest.mark.parametrize(("section", "name"), EVERY)
def test_an_example_that_stands_commented_out_may_be_filled_in_as_it_is(
    tmp_path: Path, sections, section: str, name: str
):
    changed: dict[str, Any] = {key: dict(fields) for key, fields in sections.items()}
    for filled in {name, *needed(section)}:
        changed[section][filled] = (True, sections[section][filled][1])
    dotted = f"{section}.{name}"
    assert not [
        field for _, field in refused(tmp_path, as_file(changed)) if field == dotted or field.startswith(f"{dotted}.")
    ]


def test_the_series_may_take_the_place_of_the_counts(tmp_path: Path, sections):
    changed = {key: dict(fields) for key, fields in sections.items() if key not in ("log", "doors")}
    changed["doors.periods"] = {name: (True, value) for name, (_, value) in sections["doors.periods"].items()}
    assert refused(tmp_path, as_file(changed)) == []


def test_the_log_may_take_the_place_of_the_counts(tmp_path: Path, sections):
    changed = {key: dict(fields) for key, fields in sections.items() if key != "doors.periods"}
    changed["log"] = {name: (True, value) for name, (_, value) in sections["log"].items()}
    changed["doors"] = {
        name: (True, value) for name, (_, value) in sections["doors"].items() if name in ("every", "window")
    }
    assert refused(tmp_path, as_file(changed)) == []


# its name and its place ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Bakkerij Peeters & Zn.",
        'De "Gouden" Leeuw',
        "Café ’t Hoekje 🥖",
        "Ægir \t Oy",
        "C:N",
        "x" * 121,
        "name = 3",
        "$PATH {0} %s",
        "con!",
        "Jan... & Co",
        "🥖",
        "Client – BV",
        "a\U000e0001b",
    ],
)
def test_any_name_gives_a_file_that_passes_the_check_under_a_safe_folder_or_is_refused(tmp_path: Path, name: str):
    try:
        path = write_client_file(name, tmp_path, "nl_BE")
    except Refused:
        assert list(tmp_path.iterdir()) == []
    else:
        assert is_safe(path.parent.name)
        assert load(path).id == path.parent.name


@given(some.text(max_size=150))
def test_whatever_the_name_the_file_written_is_one_that_can_be_read(tmp_path_factory, name: str):
    folder = tmp_path_factory.mktemp("new")
    try:
        path = write_client_file(name, folder, "en_GB")
    except Refused:
        assert list(folder.iterdir()) == []
    else:
        assert load(path).client.locales == ("en_GB",)


@pytest.mark.parametrize("name", ["../peeters", "a/b", "a\\b", "CON", "con", "lpt1", "..", "", "   ", "a/../../b"])
def test_a_name_that_cannot_be_a_folder_is_refused_and_nothing_is_made(tmp_path: Path, name: str):
    with pytest.raises(Refused) as caught:
        write_client_file(name, tmp_path / "in", "nl_BE")
    assert [refusal.name for refusal in caught.value.refusals] == ["unsafe_id"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../peeters", "CON", "aux", "a/b"])
def test_the_name_suggested_instead_would_do(tmp_path: Path, name: str):
    with pytest.raises(Refused) as caught:
        write_client_file(name, tmp_path, "nl_BE")
    assert write_client_file(caught.value.refusals[0].values["suggestion"], tmp_path, "nl_BE").exists()


def test_nothing_is_overwritten(tmp_path: Path):
    path = write_client_file("Peeters", tmp_path, "nl_BE")
    path.write_text("mine")
    with pytest.raises(Refused) as caught:
        write_client_file("Peeters", tmp_path, "nl_BE")
    assert [refusal.name for refusal in caught.value.refusals] == ["exists_already"]
    assert path.read_text() == "mine"


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / ("a" * 5000)):
        with pytest.raises(Refused) as caught:
            write_client_file("Peeters", folder, "nl_BE")
        assert [refusal.name for refusal in caught.value.refusals] == ["cannot_write"]


TOML = some.recursive(
    some.booleans()
    | some.integers(-(2**40), 2**40)
    | some.floats(allow_nan=False, allow_infinity=False)
    | some.text(some.characters(codec="utf-8"), max_size=20)
    | some.dates(),
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(some.from_regex(r"[a-z_]{1,8}", fullmatch=True), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(TOML)
def test_a_value_written_as_toml_is_read_back_as_it_was(value: Any):
    assert tomllib.loads(f"value = {toml(value)}")["value"] == value


def test_the_example_of_competitors_is_correct_toml_with_its_name_between_quotation_marks():
    line = lines_of(client_file_text("Nova", "nova", "nl_BE"))["survey"]["competitors"][1]
    assert tomllib.loads(f"competitors = {line}") == {"competitors": {"Firm B": {"speed": "B2"}}}
