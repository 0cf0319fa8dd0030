"""What a client reads: every text is there in every language, is used, and reads as people there write."""

import ast
import json
import re
import shutil
import string
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import date
from fnmatch import fnmatch
from functools import cache
from importlib import import_module
from itertools import product
from pathlib import Path

import pytest
from babel.numbers import parse_decimal
from hypothesis import given
from hypothesis import strategies as some

from toolkit import claims, client, doors, drivers, form, page, units, words, worth
from toolkit import refusals as refusals_module
from toolkit import scenarios, store
from toolkit.doors.section import Doors, as_periods
from toolkit.finding import Refusal
from toolkit.front import data
from toolkit.live import Stage
from toolkit.units import COUNT, DAYS, MONEY, MONTHS, POINTS, RATIO, SHARE, YEARS, Estimate, Unit, units_of
from toolkit.words import LOCALES, Words, fields_of

ROOT = Path(words.__file__).resolve().parent.parent
FOLDERS = {path.name: path for path in sorted(words.FOLDER.iterdir()) if path.is_dir()}
LANGUAGES = [name for name in FOLDERS if "_" not in name]
OVERLAYS = [name for name in FOLDERS if "_" in name]
ADDRESSES = ("u", "je")
NAMES_WITH_DIGITS = ("UTF-8", "python3")
STYLES = {"", "exact", "signed", "between", "spoken", "about", "score", "bare", "cents", "short", "per", "courses", "finer", "score"}


# The texts as they stand in the files ---------------------------------------------------------


def none(problems: Iterable[object]) -> None:
    """Fail with every problem on a line of its own."""
    found = sorted({str(problem) for problem in problems})
    assert not found, "\n".join([f"{len(found)} problems:", *found])


def leaves(table: Mapping, path: str = "") -> Iterator[tuple[str, str | dict]]:
    """Every text with its dotted key; the two forms of address are one text."""
    for key, value in table.items():
        if isinstance(value, dict) and not set(value) & set(ADDRESSES):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield path + key, value


@cache
def texts(folder: str) -> dict[str, str | dict]:
    """All texts of a folder of words: dotted key → text."""
    files = sorted(FOLDERS[folder].glob("*.toml"))
    return {f"{f.stem}.{key}": text for f in files for key, text in leaves(tomllib.loads(f.read_text("utf-8")))}


def forms(text: str | dict) -> list[str]:
    return list(text.values()) if isinstance(text, dict) else [text]


def all_texts() -> list[tuple[str, str, str]]:
    """Folder, key and text of everything there is, either form of address apart."""
    return [(folder, key, form) for folder in FOLDERS for key, text in texts(folder).items() for form in forms(text)]


def variables(text: str) -> frozenset[tuple[str, str]]:
    """The variables of a text with their paths, and how each is to be written."""
    return frozenset((name, style or "") for _, name, style, _ in string.Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_exactly_the_texts_that_dutch_has(language):
    here, dutch = set(texts(language)), set(texts("nl"))
    none([f"missing: {key}" for key in dutch - here] + [f"too many: {key}" for key in here - dutch])


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_changes_texts_of_its_language_and_adds_none(overlay):
    language = texts(overlay.split("_")[0])
    none(key for key, text in texts(overlay).items() if language.get(key, text) == text)


def test_every_locale_has_words_and_all_words_have_a_locale():
    assert {locale.split("_")[0] for locale in LOCALES} == set(LANGUAGES)
    assert set(OVERLAYS) <= set(LOCALES)


def test_no_text_has_a_digit_of_its_own():
    def bare(text):
        return re.sub("|".join((r"\{[^}]*\}", *NAMES_WITH_DIGITS)), "", text)

    none((folder, key) for folder, key, text in all_texts() if re.search(r"\d", bare(text)))


def test_no_text_is_empty_or_has_stray_blanks():
    # three blanks part two things to type
    stray = re.compile(r"^$|^ | $|(?<! )  (?! )| {4}|\n")
    none((folder, key) for folder, key, text in all_texts() if stray.search(text))


@pytest.mark.parametrize("folder", [name for name in FOLDERS if name != "nl"])
def test_a_text_names_the_same_variables_as_in_dutch(folder):
    def named(text):
        return {variables(form) for form in forms(text)}

    none(key for key, text in texts(folder).items() if named(text) != named(texts("nl").get(key, "")))


def test_where_a_text_has_forms_of_address_it_has_both_with_the_same_variables():
    pairs = [(folder, key, text) for folder in FOLDERS for key, text in texts(folder).items() if isinstance(text, dict)]
    assert pairs
    none((f, k) for f, k, text in pairs if set(text) != set(ADDRESSES) or len(set(map(variables, forms(text)))) > 1)


@pytest.mark.parametrize(("address", "other"), [("u", r"je|jij|jou|jouw"), ("je", r"u|uw")])
def test_nobody_is_addressed_in_the_other_form(address, other):
    # refusals always say "u": the command line refuses before it knows who reads
    said = {
        (folder, key): text[address] if isinstance(text, dict) else text
        for folder in FOLDERS
        if folder.split("_")[0] == "nl"
        for key, text in texts(folder).items()
        if not (address == "je" and refusal_of(key))
    }
    none(place for place, text in said.items() if re.search(rf"\b({other})\b", text, re.IGNORECASE))


def refusal_of(key: str) -> str | None:
    """The refusal that a text belongs to, with those that all share or with its chapter's."""
    match = re.fullmatch(r"(?:\w+\.)?refusals\.(\w+)\.(?:says|allowed|try)", key)
    return match and match[1]


# The variables of the texts --------------------------------------------------------------------

# What the code passes by name; a text of a chapter also has the fields of its result.
PASSED = {
    "claims.*.said": {"low", "high"},
    "claims.*.known": {"low", "high"},
    "common.between": {"low", "high"},
    "common.spoken_share": {"some", "all"},
    "common.value_with_interval": {"value", "low", "high"},
    "common.origins.log": {"file"},
    "data.part": {"label", "value"},
    "data.default": {"value"},
    "data.block": {"label", "value"},
    "data.column": {"column"},
    "data.scale": {"low", "high"},
    "data.periods": {"first", "last"},
    "doors.pictures.*.source": {"origin"},
    "doors.live.titles.*": {"retention_per_year", "target_retention", "points_to_target"},
    "live.*": {"label", "value", "given", "name"},
    "live.guess.somebody": {"number"},
    "live.from_to": {"low", "high"},
    "live.swing": {"low_input", "high_input", "low", "high"},
    "live.out_of_bounds": {"bounds"},
    "live.must_be": {"wanted"},
    "live.not_within_reach": {"wanted", "low", "high", "lowest", "highest"},
    "sleepers.pictures.*.source": {"origin"},
    "sleepers.pictures.parts.cost": {"cost"},
    "doors.pictures.parts.now": {"rate"},
    "doors.pictures.parts.at_target": {"rate"},
    "doors.pictures.parts.each_square": {"customers"},
    "doors.pictures.parts.goes_anyway": {"customers"},
    "doors.pictures.parts.saved": {"customers"},
    "drivers.ends.other.*": {"label"},
    "drivers.pictures.*.source": {"origin"},
    "drivers.pictures.parts.*": {"share", "answer", "score", "low", "high"},
    "fields.intro.*": {"name", "low", "high", "values"},
    "front.document_title": {"client"},
    "front.subtitle": {"period", "date"},
    "log.refusals.ambiguous_*": {"line_one", "line_other"},
    "refusals.where.*": {"value"},
    "takehome.how.two_together": {"first", "second"},
    "takehome.exported": {"name", "folder"},
    "takehome.not_written": {"folder"},
    "takehome.refusals.*": {"given"},
    "worth.pictures.*.source*": {"origin"},
    "worth.pictures.parts.constant": {"rate"},
    "worth.pictures.parts.own_ratio": {"win", "keep", "ratio"},
}
# Chapters whose sentences are held against their results by a test of their own, test_<chapter>_chapter.py or
# test_<name>.py; those of the press in test_press_words.py.
HELD_ELSEWHERE = {"answers", "drivers", "index", "lab", "press", "session", "sleepers", "strategies", "worth"}
ABOUT = {"doors": doors.TwoDoors, "worth": worth.CustomerWorth, "drivers": drivers.WhatDrives}  # the result that the sentences of a chapter are about
SENTENCES = ("verdicts", "findings", "figures", "actions", "minds", "notes", "pictures")


def passed(key: str) -> set[str]:
    return {name for pattern, names in PASSED.items() if fnmatch(key, pattern) for name in names}


def exists(kind: type, path: str) -> bool:
    """Whether a result has the field or property that a dotted path names, down into an estimate."""
    name, *part = path.split(".")
    if part and not ("Estimate" in str(kind.__annotations__.get(name)) and part[0] in Estimate.__annotations__):
        return False
    return name in {field.name for field in fields(kind)} or isinstance(getattr(kind, name, None), property)


def test_every_variable_is_passed_or_is_a_field_of_what_the_text_is_about():
    unknown = []
    for folder, key, text in all_texts():
        chapter, group, *_ = key.split(".")
        if chapter in HELD_ELSEWHERE:
            continue
        about = ABOUT[chapter] if chapter in ABOUT and group in SENTENCES else None
        for name, style in variables(text) if not refusal_of(key) else ():
            path = f"{name}.low" if style == "between" else name  # only an estimate has two ends
            if name not in passed(key) and not (about and exists(about, path)):
                unknown.append((folder, key, name))
    none(unknown)


def test_a_style_after_a_colon_is_known_and_fits_its_unit():
    nouns = set(Words("nl_NL").entry("common.nouns"))
    here = [(key, text) for _, key, text in all_texts() if key.split(".")[0] not in HELD_ELSEWHERE]
    used = {(key, name, style) for key, text in here for name, style in variables(text)}
    none((key, style) for key, _, style in used if style not in STYLES | nouns)
    counts = dict.fromkeys([*nouns, "about"], COUNT)
    fits, results = counts | {"spoken": SHARE}, units_of(doors.TwoDoors)
    about = {(key, name, style) for key, name, style in used if key.startswith("doors.") and style in fits}
    unit = {name: COUNT if name.endswith(".n") else results.get(name.split(".")[0]) for _, name, _ in about}
    none(found for found in about if unit[found[1]] not in (fits[found[2]], None))


def test_a_claim_that_names_a_range_has_one():
    ranges = {claim.name: {"low": claim.low, "high": claim.high} for claim in claims.published()}
    said = [(key, text) for _, key, text in all_texts() if key.startswith("claims.")]
    named = [(key.split(".")[1], end) for key, text in said for end, _ in variables(text)]
    assert named
    none((name, end) for name, end in named if ranges[name][end] is None)


# What the code says, over many clients ------------------------------------------------------------


def counts() -> Iterator[dict]:
    """Stated counts of one year, from nobody to many, with and without everything that may be left out."""
    for start, new in product((0, 1, 5, 20, 300, 30_000), (0, 1, 40)):
        for lost in {0, min(1, start), min(new, start), round(0.4 * start), start}:
            for extra in ({}, {"won_and_gone": 4, "reactivated": 1, "won_by_recommendation": new}, {"reactivated": 3}):
                yield {"start": start, "new": new, "lost": lost} | extra


def money() -> list[tuple[dict, dict]]:
    """What may be known besides counts: in `[doors]` and in `[economics]`."""
    per_customer, recurring = {"turnover_per_customer": 20_000}, {"start": 10, "contraction": 1, "expansion": 4}
    return [
        ({}, {}),
        (per_customer | {"target_retention": 0.62}, {}),
        (per_customer | {"target_retention": 0.97}, {"gross_margin": 0.4, "cost_to_win": 900}),
        (per_customer | {"turnover": recurring}, {"gross_margin": 0.4}),
    ]


def series(*lost: int) -> dict:
    """Years of so many customers lost of a thousand, each replaced."""
    years = [{"from": f"{2020 + n}-01-01", "to": f"{2020 + n}-12-31", "start": 1000} for n in range(len(lost))]
    return {"periods": [year | {"new": gone, "lost": gone} for year, gone in zip(years, lost, strict=True)]}


def quarter() -> dict:
    """One quarter in which many come back of those who went before."""
    span = {"from": "2024-10-01", "to": "2024-12-31"}
    return {"periods": [span | {"start": 1000, "new": 20, "lost": 200, "reactivated": 150}]}


def analysed(section: dict, **economics) -> doors.TwoDoors:
    read = Doors.model_validate(section)
    return doors.analyse(read, as_periods(read, date(2024, 1, 1), date(2024, 12, 31)), **economics)


@pytest.fixture(scope="module")
def results() -> list[doors.TwoDoors]:
    """Results of all kinds of clients, one for each set of things said of one, of several, or of none."""
    found = [analysed(c | extra, **economics) for c, (extra, economics) in product(counts(), money())]
    found += [analysed(series(*lost)) for lost in ((100, 110), (100, 100), (100, 250), (250, 100), (500, 560))]
    found += [analysed(quarter() | given, **economics) for given, economics in money() if "turnover" not in given]
    logged = doors.results(client.load(ROOT / "templates" / "clients" / "living"))
    found += [logged, replace(logged, top_share=0.12), replace(logged, top_share=0.5)]

    def kind(result):
        return repr(said(result)), *(min(getattr(result, name), 2) for name in ("start", "lost", "came_in", "gap"))

    return list({kind(result): result for result in found}.values())


PICTURES = {"in_and_out": doors.balance_title, "two_leaks": doors.leak_title, "deciles": doors.decile_title}


def said(result: doors.TwoDoors) -> dict[str, list[str]]:
    """The names that the chapter says about a result, by the group of words they stand in."""
    names = {
        "verdicts": [doors.verdict(result)],
        "findings": doors.worth_saying(result),
        "figures": doors.key_figures(result),
        "actions": doors.actions(result),
        "minds": [doors.change_of_mind(result)],
    }
    titles = {f"pictures.{name}.titles": [title(result)] for name, title in PICTURES.items()}
    return {group: [f.name for f in found if f] for group, found in (names | titles).items()}


def test_everything_the_chapter_can_say_has_words_and_all_its_words_are_said(results):
    spoken: dict[str, set[str]] = {}
    for result in results:
        for group, names in said(result).items():
            spoken.setdefault(group, set()).update(names)
    there = {(group, name) for group in spoken for name in Words("nl_NL").entry(f"doors.{group}")}
    said_of = {(group, name) for group, names in spoken.items() for name in names}
    none([f"no words: {key}" for key in said_of - there] + [f"never said: {key}" for key in there - said_of])


def sentences(result: doors.TwoDoors, language: Words) -> Iterator[tuple[str, str]]:
    for group, names in said(result).items():
        for name in names:
            entry = language.entry(f"doors.{group}.{name}")
            parts = [f".{part}" for part in entry] if group == "figures" else [""]
            keys = [f"{group}.{name}{part}" for part in parts]
            yield from ((key, language.text(f"doors.{key}", result)) for key in keys)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_is_whole_and_no_title_is_longer_than_fourteen_words(locale, results):
    words_of = {address: Words(locale, address=address) for address in ADDRESSES}
    unknown, noun = words_of["u"].text("common.unknown"), words_of["u"].entry("common.nouns.customers")
    broken = re.compile(
        rf"{unknown}|[{{}}]|\b(None|nan|inf)\b|\b1\xa0{noun['other']}\b|(?<!\d)([02-9]|\d+\d)\xa0{noun['one']}\b"
    )
    wrong = set()
    for place, result in enumerate(results):
        for key, sentence in sentences(result, words_of[ADDRESSES[place % 2]]):
            if broken.search(sentence) or ".titles." in key and len(sentence.split()) > page.MOST_WORDS_IN_TITLE:
                wrong.add((key, sentence))
    none(wrong)


# Every text is used ---------------------------------------------------------------------------------

# Example clients whose pages together show everything; what is set over each.
WALKS = [
    *(("retention-250", {"client.origin": origin}) for origin in ("own", "fictional", "generated")),
    ("retention-250", {"client.id": "firm", "doors.source": "Own books", "doors.won_by_recommendation": 9}),
    ("retention-250", {"doors.won_and_gone": 3, "doors.reactivated": 2, "doors.end": 262}),
    ("leak-50", {"economics.cost_to_win": 900, "economics.gross_margin": "40%"}),
    ("leak-50", {}),
    ("widening", {}),
    ("widening", {"strategies.grow.budget": 0}),
    ("ameritrade", {"worth.retention_per": "quarter"}),
    ("ameritrade", {"worth.retention": "99%", "economics.cost_to_win": 900}),
    ("ameritrade", {"worth.retention": "50%", "economics.cost_to_win": 900}),
    ("verwarming-claes", {"worth.programme": 9000}),
    ("living", {"log.duplicates": "keep", "log.delimiter": ";", "log.decimal": ",", "log.columns.channel": "Klantnr"}),
    ("living", {"log.date_format": "%d-%m-%Y"}),
    ("cdnow", {}),
    ("mobi", {}),
    ("pxl-c", {}),
]


def sources() -> Iterator[tuple[Path, ast.Module]]:
    """The code, module by module."""
    for path in sorted((ROOT / "toolkit").rglob("*.py")):
        yield path, parsed(path)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def literals() -> set[str]:
    """Every text in the code that could be a key."""
    nodes = (node for _, tree in sources() for node in ast.walk(tree))
    return {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str) and "." in n.value}


def run_notebook(name: str, file: Path, locale: str, what_if: Mapping) -> None:
    """Run a notebook's cells, the live one too, for one client in one locale."""
    scope: dict = {}
    for cell in json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), scope)
        if "parameters" in cell["metadata"].get("tags", ()):
            scope |= {"client_file": str(file), "locale": locale, "what_if": what_if}


def walk(locale: str, folder: Path) -> None:
    """Show everything there is to show, in one locale."""
    fresh = form.write_client_file("Firm", folder, locale)
    examples = ROOT / "templates" / "clients"
    for file, what_if in [(fresh, {}), *((examples / name / "client.toml", set_over) for name, set_over in WALKS)]:
        for name in (*client.load(file, what_if).chapters, "front", "data"):
            run_notebook(name, file, locale, what_if)
    language = Words(locale)
    for section, model in client.Client.model_fields.items():
        for name, field in form._model(model.annotation).model_fields.items():
            for choice in form._choices(field.annotation):
                data.shown(choice, None, f"{fields_of(section)}.{field.alias or name}", language)
    list(data._missing(client.Client.model_construct(**dict.fromkeys(client.Client.model_fields)), language))
    language.refusal(Refusal("missing", file="client.toml", field="doors", row=1, column="one"))
    nouns = {style for _, _, text in all_texts() for _, style in variables(text)} - STYLES
    counted = (unit for unit in vars(units).values() if isinstance(unit, Unit) and hasattr(Words, f"_{unit.name}"))
    for unit, value in product(counted, (0.01, 1, 2)):
        for style in ("", *(nouns if unit is COUNT else ())):
            language.quantity(value, unit, style)


PLAYED = (
    {"do": "help"},
    {"do": "save"},
    {"do": "picture", "number": 0},
    {"do": "export"},
    {"do": "picture", "number": 0},
    {"do": "goal"},
    {"do": "save"},
    {"do": "type", "field": "doors.target_retention", "text": "79%"},
    {"do": "save", "name": "One", "who": "", "why": ""},
    {"do": "scenario", "name": "One"},
    {"do": "mark", "old": "One"},
    {"do": "scenario", "name": "One"},
    {"do": "mark", "old": "One"},
    {"do": "change", "old": "One", "name": "Two"},
    {"do": "delete", "old": "Two"},
)


def play(locale: str, folder: Path) -> None:
    """Do on the stage what a workshop does, and recall a scenario that the client no longer allows."""
    shutil.copytree(ROOT / "templates" / "clients" / "retention-250", folder / "played")
    stage = Stage(client.load(folder / "played"), "doors", locale)
    for message in PLAYED:
        stage.do(message)
    scenarios.save(scenarios.session_file(stage.client.file), scenarios.Scenario("Old", "doors", {"doors.start": 100}))
    stage.do({"do": "recall", "name": "Old"})


@pytest.fixture(scope="module")
def heard(tmp_path_factory) -> set[str]:
    """The keys that are looked up when everything is shown in Dutch, however deep; the other languages have the same keys."""
    found: set[str] = set()
    real = Words.entry

    def entry(self, key):
        entry = real(self, key)
        found.add(key)
        return entry

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Words, "entry", entry)
        patch.setenv(store.VARIABLE, str(tmp_path_factory.mktemp("store")))  # a chapter is computed once for all pages
        for module in (page, import_module("toolkit.live.stage")):
            patch.setattr(module, "display", lambda *shown, **more: None)
        walk("nl_BE", tmp_path_factory.mktemp("clients"))
        play("nl_BE", tmp_path_factory.mktemp("played"))
    return found


def field_keys() -> Iterator[str]:
    """The key of every field of every section of a client file."""
    for section, model in client.Client.model_fields.items():
        for name, field in form._model(model.annotation).model_fields.items():
            yield f"{fields_of(section)}.{field.alias or name}"


def test_every_text_is_used(heard, results):
    published = {f"claims.{claim.name}.{part}" for claim in claims.published() for part in ("said", "known", "trail")}
    groups = {f"doors.{group}.{name}" for result in results for group, names in said(result).items() for name in names}
    whole = groups | {key for key in heard if key.startswith("common.nouns.")} | {"common.per"}
    whole |= {key.rpartition(".")[0] for key in heard if key.startswith("common.units.")}  # one and more are one word
    given = {f"{key}.label" for key in field_keys()}  # annex A reads back whatever a client file may give
    used = heard | literals() | published | whole | given

    def is_used(key):
        elsewhere = key.split(".")[0] in HELD_ELSEWHERE
        return elsewhere or key in used or key.rpartition(".")[0] in whole or refusal_of(key)

    none(key for key in texts("nl") if not is_used(key))


def test_every_key_that_the_code_names_exists():
    texts_asked = (c for _, tree in sources() for _, c in calls(tree) if getattr(c.func, "attr", "") == "text")
    keys = {str(getattr(call.args[0], "value", "")) for call in texts_asked}
    files = {path.stem for path in FOLDERS["nl"].glob("*.toml")}
    named = {key for key in keys if "." in key and key.split(".")[0] in files}
    assert named
    none(named - set(texts("nl")))


# Refusals ---------------------------------------------------------------------------------------------

MAKERS = {"Refusal", "_refuse", "PydanticCustomError"}
ALWAYS = {"given", "file", "field", "row", "column"}

# Refusals whose name does not stand where they are made.
COMPUTED = {
    "does_not_fit", "misspelt_key", "unknown_key", *refusals_module._NAMES.values(),
    "missing_file", "missing_example_data", "unreadable_file", "spreadsheet_file", "binary_file", "wrong_encoding",
    "damaged_file", "empty_log", "column_missing", "column_misspelt", "column_twice", "column_beyond",
    "ambiguous_dates", "ambiguous_decimal", "missing_customers", "unreadable_dates", "unreadable_amounts",
    "dates_after_until", "broken_quotes", "uneven_rows",
}  # fmt: skip


def calls(node: ast.AST, function: str = "") -> Iterator[tuple[str, ast.Call]]:
    """Every call with arguments, and the innermost function it stands in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and child.args:
            yield function, child
        yield from calls(child, child.name if isinstance(child, ast.FunctionDef) else function)


def names_given(call: ast.Call) -> list[str]:
    """The names of a refusal, where they stand in the call that makes it."""
    name = call.args[0]
    options = [name.body, name.orelse] if isinstance(name, ast.IfExp) else [name]
    return [option.value for option in options if isinstance(option, ast.Constant)]


def values_given(call: ast.Call) -> set[str] | None:
    """The names of the values that a refusal is made with, where they stand in the call."""
    by_name = {keyword.arg: keyword.value for keyword in call.keywords}
    if call.func.id == "Refusal":
        tables = [by_name["values"]] if "values" in by_name else []
    elif call.func.id == "PydanticCustomError":
        tables = call.args[2:3]
    else:
        return set(by_name)
    if not all(isinstance(table, ast.Dict) and None not in table.keys for table in tables):
        return None
    return {key.value for table in tables for key in table.keys}


@cache
def mentioned(folder: Path) -> set[str]:
    """Every name that anything is given under in the modules of a folder."""
    nodes = [node for path, tree in sources() if path.parent == folder for node in ast.walk(tree)]
    keys = {key.value for n in nodes if isinstance(n, ast.Dict) for key in n.keys if isinstance(key, ast.Constant)}
    set_later = {n.slice.value for n in nodes if isinstance(n, ast.Subscript) and isinstance(n.slice, ast.Constant)}
    return keys | set_later | {n.arg for n in nodes if isinstance(n, ast.keyword) and n.arg}


@cache
def refusals() -> dict[str, set[str]]:
    """Every refusal that a client can meet, with the names of its values; where computed, as far as one can see."""
    found: dict[str, set[str]] = {}
    for path, tree in sources():
        computed = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)} & COMPUTED
        made = [(name, None) for name in computed]
        for function, call in calls(tree):
            if getattr(call.func, "id", "") in MAKERS and function not in MAKERS:
                made += [(name, values_given(call)) for name in names_given(call)]
        for name, values in made:
            values = mentioned(path.parent) if values is None or name in COMPUTED else values
            found[name] = found.get(name, values) & values
    return {name: values | ALWAYS | ({"bounds"} if "unit" in values else set()) for name, values in found.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_says_what_stands_there_what_is_allowed_and_what_to_try(language):
    there = {key.split("refusals.")[1] for key in texts(language) if refusal_of(key)}
    none({f"{name}.{part}" for name in {*refusals(), *COMPUTED} for part in ("says", "allowed", "try")} - there)


def test_every_refusal_that_has_words_is_made_somewhere():
    trees = (tree for _, tree in sources())
    written = {n.value for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    none({*map(refusal_of, texts("nl")), *COMPUTED} - written)


def test_what_a_refusal_mentions_is_supplied():
    supplied, wrong = refusals(), []
    for folder, key, text in all_texts():
        name = refusal_of(key)
        if name in supplied:
            known = supplied[name] | passed(key)
            wrong += [(folder, key, given) for given, _ in variables(text) if given not in known]
    none(wrong)


def test_a_refusal_reads_as_one_paragraph_that_begins_with_where():
    refusal = Refusal("not_a_count", file="client.toml", field="doors.start", given=-1)
    assert Words("en_GB").refusal(refusal) == (
        "client.toml, field doors.start: -1 is not a count. A count is a whole number, zero or more. "
        "Round to whole customers, without separators or quotation marks."
    )


def test_bounds_are_said_in_the_unit_of_the_field():
    refusal = Refusal("out_of_bounds", field="doors.window", given=0, values={"unit": DAYS})
    assert "van 1\xa0dag tot 3.660\xa0dagen" in Words("nl_BE").refusal(refusal)


# Looking up ------------------------------------------------------------------------------------------------


def test_a_locale_is_laid_over_its_language():
    currency = "fields.client.currency.label"
    assert (Words("nl_BE").text(currency), Words("nl_NL").text(currency)) == ("Munt", "Valuta")
    assert Words("nl_BE").text("common.yes") == Words("nl_NL").text("common.yes") == "ja"


def test_a_reader_is_addressed_as_the_client_file_says():
    level, key = analysed({"start": 300, "new": 9, "lost": 9}), "doors.verdicts.in_balance"
    assert Words("nl_NL", address="je").text(key, level) == "Je wint evenveel klanten als je er verliest."
    assert Words("nl_NL", address="u").text(key, level) == "U wint evenveel klanten als u er verliest."


def test_a_text_that_is_missing_is_named_with_its_locale():
    with pytest.raises(KeyError, match="nl_BE: doors.findings.nonsense"):
        Words("nl_BE").text("doors.findings.nonsense")
    assert not Words("nl_BE").has("doors.findings.nonsense")


# Quantities, as a reader there writes them -------------------------------------------------------------


def shown(value, unit, style="", locale="nl_BE", **more) -> str:
    """A quantity with its no-break spaces made visible."""
    return Words(locale, **more).quantity(value, unit, style).replace("\u00a0", "_")


@pytest.mark.parametrize(
    ("value", "unit", "style", "text"),
    [
        (300_000, MONEY, "", "€_300.000"),
        (748_110, MONEY, "", "€_750.000"),
        (748_110, MONEY, "exact", "€_748.110"),
        (1_234_567, MONEY, "", "€_1,2_miljoen"),
        (999_999, MONEY, "", "€_1_miljoen"),
        (2_000_000_000, MONEY, "", "€_2_miljard"),
        (12.5, MONEY, "exact", "€_12,50"),
        (-600, MONEY, "", "€_\u2212600"),
        (-1_200_000, MONEY, "signed", "€_\u22121,2_miljoen"),
        (0.254, SHARE, "exact", "25,4%"),
        (0.254, SHARE, "", "25%"),
        (0.004, SHARE, "", "0,4%"),
        (0.8, SHARE, "spoken", "8 op de 10"),
        (0.81, SHARE, "spoken", "8 op de 10"),
        (0.67, SHARE, "spoken", "67 op de 100"),
        (1.0, SHARE, "spoken", "100%"),
        (0.0, SHARE, "spoken", "0%"),
        (0.05, POINTS, "", "5_procentpunt"),
        (0.01, POINTS, "", "1_procentpunt"),
        (0.05, POINTS, "score", "5_punten"),
        (0.01, POINTS, "score", "1_punt"),
        (-0.013, POINTS, "signed", "\u22121,3_procentpunt"),
        (1, COUNT, "customers", "1_klant"),
        (23_570, COUNT, "customers", "23.570_klanten"),
        (20_952, COUNT, "about", "21.000"),
        (906, COUNT, "about", "910"),
        (-15, COUNT, "signed", "\u221215"),
        (10, COUNT, "signed", "+10"),
        (0, COUNT, "signed", "0"),
        (1, MONTHS, "", "1_maand"),
        (5.5, MONTHS, "", "5,5_maanden"),
        (4, YEARS, "", "4_jaar"),
        (182, DAYS, "", "182_dagen"),
        (3.62, RATIO, "", "3,6"),
        (float("inf"), YEARS, "", "onbegrensd"),
        (None, MONEY, "", "niet bekend"),
        (date(2025, 1, 31), None, "", "31 januari 2025"),
        (Estimate(0.8, 0.746, 0.845, 250), SHARE, "", "80%"),
    ],
)
def test_a_quantity_as_a_belgian_reads_it(value, unit, style, text):
    assert shown(value, unit, style) == text == shown(value, unit, style, "nl_NL")


@pytest.mark.parametrize(
    ("value", "unit", "style", "text"),
    [
        (300_000, MONEY, "", "€300,000"),
        (1_234_567, MONEY, "", "€1.2_million"),
        (-600, MONEY, "", "\u2212€600"),
        (0.254, SHARE, "exact", "25.4%"),
        (0.8, SHARE, "spoken", "8 in 10"),
        (0.05, POINTS, "", "5_percentage points"),
        (0.01, POINTS, "", "1_percentage point"),
        (0.01, POINTS, "score", "1_point"),
        (0.85 - 0.84, POINTS, "", "1_percentage point"),
        (1.02, YEARS, "", "1_year"),
        (2.5, YEARS, "", "2.5_years"),
        (1, COUNT, "customers_more", "1_more customer"),
        (date(2025, 1, 31), None, "", "31 January 2025"),
    ],
)
def test_a_quantity_as_a_briton_reads_it(value, unit, style, text):
    assert shown(value, unit, style, "en_GB") == text


@pytest.mark.parametrize(
    ("locale", "currency", "text"),
    [
        ("en_GB", "GBP", "£1,500"),
        ("en_GB", "CHF", "CHF_1,500"),
        ("nl_BE", "GBP", "£_1.500"),
        ("nl_BE", "USD", "US$_1.500"),
        ("nl_BE", "CHF", "CHF_1.500"),
    ],
)
def test_the_sign_of_a_currency_stands_where_the_reader_expects_it(locale, currency, text):
    assert shown(1_500, MONEY, "", locale, currency=currency) == text


def test_a_plural_follows_the_figure_that_is_shown():
    assert shown(0.6, COUNT, "customers") == "1_klant"
    assert shown(1.02, MONTHS) == "1_maand"


def test_nothing_is_never_given_a_plus():
    assert shown(0.3, MONEY, "signed") == "€_0"
    assert shown(0.3, MONEY, "signed", "en_GB", currency="GBP") == "£0"
    assert shown(-0.3, MONEY, "signed") == "€_0"


def test_what_is_nearly_all_or_nearly_none_is_not_called_so():
    assert shown(1.0, SHARE) == "100%"
    assert shown(0.996, SHARE) == "99,6%"
    assert "100" not in shown(0.9999, SHARE)
    assert shown(0.0, SHARE) == "0%"
    assert shown(0.0001, SHARE) not in ("0%", "0,0%")


THIN = "\u2009–\u2009"  # a dash between thin spaces


@pytest.mark.parametrize(
    ("first", "last", "dutch", "english"),
    [
        (date(2024, 1, 1), date(2024, 12, 31), "2024", "2024"),
        (date(1997, 10, 1), date(1997, 12, 31), "4e kwartaal 1997", "4th quarter 1997"),
        (date(2024, 2, 1), date(2024, 2, 29), "februari 2024", "February 2024"),
        (date(2024, 7, 1), date(2024, 7, 9), f"1 jul 2024{THIN}9 jul 2024", f"1 Jul 2024{THIN}9 Jul 2024"),
    ],
)
def test_a_period_is_called_by_its_calendar_name(first, last, dutch, english):
    assert (Words("nl_BE").period(first, last), Words("en_GB").period(first, last)) == (dutch, english)


def test_a_quarter_on_an_axis_is_short():
    quarter = date(1997, 10, 1), date(1997, 12, 31), "short"
    assert (Words("nl_NL").period(*quarter), Words("en_GB").period(*quarter)) == ("K4\n1997", "Q4\n1997")


@pytest.mark.parametrize("locale", LOCALES)
@given(value=some.integers(-(10**12), 10**12))
def test_whole_money_reads_back_as_it_was_written(locale, value):
    written = Words(locale).quantity(value, MONEY, "exact").replace("\u2212", "-")
    assert parse_decimal(re.sub("[€\u00a0]", "", written), locale=locale, strict=True) == value


@pytest.mark.parametrize("locale", LOCALES)
@given(value=some.floats(-1e14, 1e14), unit=some.sampled_from([MONEY, POINTS, COUNT, YEARS, RATIO]))
def test_no_quantity_breaks_over_two_lines_or_has_a_hyphen_for_a_minus(locale, value, unit):
    for style in ("", "exact", "signed"):
        written = Words(locale).quantity(value, unit, style)
        assert not re.search(r"\d[ -]|[€-] |-\d", written)


@given(value=some.floats(0.005, 0.995, exclude_min=True, exclude_max=True))
def test_a_spoken_share_is_within_half_a_hundredth_of_the_truth_or_a_fortieth_when_out_of_ten(value):
    some_of, all_of = map(int, Words("en_GB").quantity(value, SHARE, "spoken").split(" in "))
    assert abs(some_of / all_of - value) <= (0.025 if all_of == 10 else 0.005) + 1e-9
