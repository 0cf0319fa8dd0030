"""The rules of the house: who may import whom, what is pure, how large things are, what is registered by its name."""

from __future__ import annotations

import ast
import doctest
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT

from toolkit.client import CHAPTERS, Client
from toolkit.doors.section import Section
from toolkit.words import LOCALES

TOOLKIT = ROOT / "toolkit"
FILES = sorted(TOOLKIT.rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LANGUAGES = sorted({locale.split("_")[0] for locale in LOCALES})

SHOWN = {
    "__init__",
    "findings",
    "findings_annex",
    "offers",
    "pictures",
    "pictures_annex",
    "pictures_map",
    "tables",
    "onstage",
}  # every other module of a chapter is numbers-like
SCIENCE = {"numpy", "scipy", "pandas", "pydantic", "pydantic_core"}
SHARED = {"toolkit.units", "toolkit.ranges", "toolkit.finding", "toolkit.whatif"}
UPSTREAM = {
    "doors": set(),
    "worth": {"doors"},
    "strategies": {"doors", "worth"},
    "sleepers": {"doors", "worth"},
    "drivers": {"doors", "worth"},
}
COMPOSED = {"front", "data", "session"}  # notebooks of what the chapters offer
TAGS = {"parameters", "annex", "skip-execution"}
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "__import__"}
IMPURE_NAMES = {"Path", "os", "environ", "random", "time", "tempfile", "subprocess", "shutil", "warnings", "logging"}
CLOCKS = {"now", "today", "utcnow", "time", "perf_counter", "monotonic"}


# what stands in the files --------------------------------------------------------------------


@cache
def tree(path: Path) -> ast.Module:
    """A module as a tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    """The dotted name of a module."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> frozenset[str]:
    """All modules of the toolkit."""
    return frozenset(map(name_of, FILES))


def imports(path: Path, *, anywhere: bool = True) -> Iterator[str]:
    """The modules that a module imports; without `anywhere` only those it imports when it is itself imported."""
    nodes = ast.walk(tree(path)) if anywhere else at_import(tree(path).body)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules() else node.module


def at_import(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module that run when it is imported, without those for type checkers."""
    for node in body:
        if isinstance(node, ast.If) and not for_type_checkers(node):
            yield from at_import(node.body + node.orelse)
        elif not isinstance(node, ast.If):
            yield node


def for_type_checkers(node: ast.If) -> bool:
    """Whether a condition holds for type checkers only."""
    return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def only_for_types(path: Path) -> set[str]:
    """The modules that a module imports for type checkers only."""
    found = set()
    for node in tree(path).body:
        if isinstance(node, ast.If) and for_type_checkers(node):
            found |= {inner.module for inner in node.body if isinstance(inner, ast.ImportFrom)}
    return found


def chapter_files(shown: bool) -> list[Path]:
    """The modules of all chapters: those that show, or those that are numbers-like."""
    return [
        path for name in CHAPTERS for path in sorted((TOOLKIT / name).glob("*.py")) if (path.stem in SHOWN) is shown
    ]


def functions(path: Path) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function of a module by its name within it."""

    def within(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, ast.FunctionDef]]:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                if not isinstance(node, ast.ClassDef):
                    yield prefix + node.name, node
                yield from within(node.body, f"{prefix}{node.name}.")

    yield from within(tree(path).body, "")


def ids(paths: list[Path]) -> list[str]:
    """Paths as test names."""
    return [path.relative_to(ROOT).as_posix() for path in paths]


def for_each(paths: list[Path]):
    """A test for each of these files."""
    return pytest.mark.parametrize("path", paths, ids=ids(paths))


# one direction -------------------------------------------------------------------------------


@for_each(chapter_files(shown=False))
def test_numbers_import_science_units_and_numbers_upstream_and_nothing_else(path: Path):
    chapter = path.parent.name
    for module in set(imports(path)) - only_for_types(path):
        top, *rest = module.split(".")
        if top != "toolkit":
            assert top in sys.stdlib_module_names or top in SCIENCE or top == "statsmodels", module
        elif module not in SHARED:
            assert len(rest) >= 2 and rest[0] in {chapter, *UPSTREAM[chapter]} and rest[1] not in SHOWN, module


@for_each(chapter_files(shown=False))
def test_statsmodels_is_imported_inside_the_function_that_needs_it(path: Path):
    assert not [module for module in imports(path, anywhere=False) if module.startswith("statsmodels")]


@for_each([path for path in chapter_files(shown=True) if path.stem in ("findings", "offers")])
def test_what_is_worth_saying_is_chosen_without_any_language_or_page(path: Path):
    found = set(imports(path))
    assert found.isdisjoint({"toolkit.words", "toolkit.page", "toolkit.client", "toolkit.record"})
    if path.stem == "findings":
        assert not {
            module for module in found if module.startswith(("matplotlib", "toolkit.picture", "pandas", "numpy"))
        }
        assert not {module for module in found if module.endswith((".pictures", ".offers"))}


@for_each([path for path in chapter_files(shown=True) if path.stem == "pictures"])
def test_pictures_know_results_and_words_and_no_raw_data(path: Path):
    tops = {module.split(".")[0] for module in imports(path)}
    assert tops.isdisjoint({"pandas", "duckdb", "scipy"})
    assert set(imports(path)).isdisjoint({"toolkit.client", "toolkit.page", "toolkit.intake.log"})


def test_the_client_imports_the_section_of_a_chapter_and_nothing_else_of_it():
    found = {
        module
        for module in imports(TOOLKIT / "client.py")
        if module.split(".")[1:2] and module.split(".")[1] in CHAPTERS
    }
    assert found == {f"toolkit.{name}.section" for name in CHAPTERS}


def test_only_the_command_line_imports_the_press():
    allowed = {"toolkit.__main__", "toolkit.commands"}
    found = {name_of(path) for path in FILES if any(module.startswith("toolkit.press") for module in imports(path))}
    assert {name for name in found - allowed if not name.startswith("toolkit.press")} == set()


def test_the_intake_knows_neither_clients_nor_words_nor_pages():
    for path in (TOOLKIT / "intake").glob("*.py"):
        assert set(imports(path)).isdisjoint({"toolkit.client", "toolkit.words", "toolkit.page", "toolkit.commands"}), (
            path
        )


@pytest.mark.parametrize(
    ("upstream", "downstream"),
    [
        ("units", "finding words client page"),
        ("finding", "words client page"),
        ("whatif", "words client page"),
        ("words", "client page record picture"),
        ("client", "page front press commands form opening picture"),
        ("record", "page client"),
        ("picture", "page client"),
        ("page", "front press commands"),
    ],
)
def test_nothing_downstream_is_imported_upstream(upstream: str, downstream: str):
    found = set(imports(TOOLKIT / f"{upstream}.py"))
    assert not {
        module
        for module in found
        for name in downstream.split()
        if module == f"toolkit.{name}" or module.startswith(f"toolkit.{name}.")
    }


def test_no_module_imports_itself_by_way_of_others():
    graph = {
        name_of(path): {module for module in imports(path, anywhere=False) if module in modules()} for path in FILES
    }
    done: set[str] = set()

    def walk(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " → ".join((*way[way.index(name) :], name))
        if name not in done:
            for module in graph[name]:
                walk(module, (*way, name))
            done.add(name)

    for name in graph:
        walk(name, ())


@for_each([*FILES, *NOTEBOOKS])
def test_nobody_uses_pyplot(path: Path):
    assert "pyplot" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import toolkit", {"pandas", "numpy", "pydantic", "matplotlib"}),
        ("import toolkit.__main__", {"pandas", "numpy", "pydantic", "matplotlib", "babel", "duckdb", "IPython"}),
        ("import toolkit.client", {"pandas", "scipy", "matplotlib", "duckdb", "IPython", "nbconvert"}),
        ("import toolkit.form", {"pandas", "scipy", "matplotlib", "duckdb", "IPython", "nbconvert"}),
        ("import toolkit.doors.numbers", {"matplotlib", "babel", "IPython", "duckdb", "statsmodels"}),
    ],
)
def test_what_is_imported_brings_only_what_it_needs(code: str, absent: set[str]):
    command = [sys.executable, "-c", f"import sys; {code}; print(*sys.modules)"]
    brought = set(subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.split())
    assert not absent & brought


# purity --------------------------------------------------------------------------------------

PURE = [
    *chapter_files(shown=False),
    *(path for path in chapter_files(shown=True) if path.stem in ("findings", "offers", "tables")),
]
PURE += [TOOLKIT / f"{name}.py" for name in ("units", "finding", "whatif", "record")]


@for_each(PURE)
def test_numbers_and_findings_touch_no_file_no_clock_and_no_chance_of_their_own(path: Path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in IMPURE_CALLS, f"line {node.lineno}"
        if isinstance(node, ast.Name):
            assert node.id not in IMPURE_NAMES or node.id in assigned(path), f"line {node.lineno}: {node.id}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in CLOCKS, f"line {node.lineno}: {node.func.attr}"
            if node.func.attr == "default_rng":
                assert node.args or node.keywords, f"line {node.lineno}: a generator without a seed"
    assert not {module.split(".")[0] for module in imports(path)} & {
        "pathlib",
        "os",
        "random",
        "time",
        "io",
        "shutil",
        "subprocess",
    }


def assigned(path: Path) -> set[str]:
    """The names that a module gives to things of its own."""
    return {node.id for node in ast.walk(tree(path)) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


@for_each(FILES)
def test_no_function_changes_what_stands_outside_it(path: Path):
    assert not [node.lineno for node in ast.walk(tree(path)) if isinstance(node, ast.Global | ast.Nonlocal)]


@for_each([path for path in FILES if path.stem != "warm"])  # what the fork server imports once: that is its work
def test_nothing_happens_at_import(path: Path):
    allowed = (
        ast.FunctionDef,
        ast.AsyncFunctionDef,
        ast.ClassDef,
        ast.Import,
        ast.ImportFrom,
        ast.Assign,
        ast.AnnAssign,
    )
    for number, node in enumerate(tree(path).body):
        if isinstance(node, ast.If):
            assert for_type_checkers(node) or ast.unparse(node.test) == "__name__ == '__main__'", f"line {node.lineno}"
        elif isinstance(node, ast.Expr):
            described = number == 0 or isinstance(tree(path).body[number - 1], ast.Assign | ast.AnnAssign)
            assert described and isinstance(node.value, ast.Constant), f"line {node.lineno}"
        else:
            assert isinstance(node, allowed), f"line {node.lineno}"
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            called = {
                inner.func.attr
                for inner in ast.walk(node.value)
                if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute)
            }
            assert not called & {
                "read_text",
                "read_bytes",
                "glob",
                "iterdir",
                "exists",
                "loads",
                "run",
                "default_rng",
            }, f"line {node.lineno}"


# sizes ---------------------------------------------------------------------------------------


@for_each([*FILES, ROOT / "run.py"])
def test_a_module_is_short_enough_to_see(path: Path):
    limit = 250 if path.parent != ROOT else 350  # run.py stands alone: it cannot import anything of its own
    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit


@for_each(FILES)
def test_the_body_of_a_function_is_at_most_forty_lines(path: Path):
    long = {}
    for name, node in functions(path):
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        if body and body[-1].end_lineno - body[0].lineno + 1 > 40:
            long[name] = body[-1].end_lineno - body[0].lineno + 1
    assert not long


# docstrings ----------------------------------------------------------------------------------


def is_sentence(text: str | None) -> bool:
    """Whether a docstring starts with one sentence, on a line of its own."""
    first = (text or "").strip().split("\n\n")[0].replace("\n", " ")
    return bool(re.fullmatch(r".*[.:?…]", first)) and len(first) >= 10


@for_each(FILES)
def test_everything_public_starts_with_a_sentence_that_says_what_it_is(path: Path):
    module = tree(path)
    silent = [] if is_sentence(ast.get_docstring(module)) else ["the module"]
    for node in module.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            inner = [one for one in node.body if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")]
            silent += [f"{node.name}.{one.name}" for one in inner if not is_sentence(ast.get_docstring(one))]
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            silent += [] if is_sentence(ast.get_docstring(node)) else [node.name]
    assert not silent


@for_each([path for path in FILES if path.stem not in ("__main__", "warm")])
def test_the_examples_in_docstrings_are_true(path: Path):
    found = doctest.testmod(importlib.import_module(name_of(path)))
    assert found.failed == 0


def test_there_are_examples_in_the_docstrings():
    finder = doctest.DocTestFinder()
    found = [
        example
        for path in chapter_files(shown=False)
        for example in finder.find(importlib.import_module(name_of(path)))
        if example.examples
    ]
    assert len(found) >= 5


# notebooks -----------------------------------------------------------------------------------


def cells(path: Path) -> list[dict]:
    """The cells of a notebook, the source of each as one text."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell | {"source": "".join(cell["source"])} for cell in notebook["cells"]]


def code(path: Path) -> list[dict]:
    """The code cells of a notebook."""
    return [cell for cell in cells(path) if cell["cell_type"] == "code"]


@for_each(NOTEBOOKS)
def test_a_notebook_is_stored_without_outputs(path: Path):
    assert [(cell["outputs"], cell["execution_count"]) for cell in code(path)] == [([], None)] * len(code(path))


@for_each(NOTEBOOKS)
def test_a_cell_is_at_most_five_lines_and_only_composes(path: Path):
    for cell in code(path):
        assert len(cell["source"].splitlines()) <= 5, cell["source"]
        kinds = (
            ast.FunctionDef,
            ast.ClassDef,
            ast.Lambda,
            ast.For,
            ast.While,
            ast.If,
            ast.IfExp,
            ast.Try,
            ast.With,
            ast.comprehension,
        )
        assert not [node for node in ast.walk(ast.parse(cell["source"])) if isinstance(node, kinds)], cell["source"]


@for_each(NOTEBOOKS)
def test_no_result_is_typed_into_a_notebook(path: Path):
    for cell in code(path):
        typed = [
            node
            for node in ast.walk(ast.parse(cell["source"]))
            if isinstance(node, ast.Constant) and type(node.value) in (int, float)
        ]
        assert not typed, cell["source"]


@for_each(NOTEBOOKS)
def test_cells_have_no_other_tags_than_the_three_and_one_of_them_holds_the_three_parameters(path: Path):
    tags = [tag for cell in cells(path) for tag in cell["metadata"].get("tags", [])]
    assert set(tags) <= TAGS
    (parameters,) = (cell for cell in code(path) if "parameters" in cell["metadata"].get("tags", []))
    names = [target.id for node in ast.parse(parameters["source"]).body for target in node.targets]
    assert names == ["client_file", "locale", "what_if"]
    (shipped,) = (
        node.value.value for node in ast.parse(parameters["source"]).body if node.targets[0].id == "client_file"
    )
    assert (path.parent / shipped).is_file()


@for_each(NOTEBOOKS)
def test_cells_have_lasting_names(path: Path):
    names = [cell["id"] for cell in cells(path)]
    assert len(set(names)) == len(names)


# names are the registration ------------------------------------------------------------------

OFFERED = {
    "results",
    "worth_saying",
    "verdict",
    "key_figures",
    "actions",
    "change_of_mind",
    "best_picture",
    "own_figures",
}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_has_its_folder_its_notebook_its_words_and_its_section(chapter: str):
    assert (TOOLKIT / chapter / "__init__.py").is_file()
    assert (ROOT / "notebooks" / f"{chapter}.ipynb").is_file()
    for language in LANGUAGES:
        assert (ROOT / "templates" / "words" / language / f"{chapter}.toml").is_file()
    section = next(part for part in Client.model_fields[chapter].annotation.__args__ if isinstance(part, type))
    assert issubclass(section, Section) and section.__module__ == f"toolkit.{chapter}.section"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_offers_to_page_1_what_page_1_asks_for(chapter: str):
    module = importlib.import_module(f"toolkit.{chapter}")
    assert not {name for name in OFFERED if not callable(getattr(module, name, None))}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_is_somewhere_upstream_or_downstream_of_the_others(chapter: str):
    assert chapter in UPSTREAM


def test_there_is_no_notebook_that_is_neither_a_chapter_nor_composed_of_chapters():
    assert {path.stem for path in NOTEBOOKS} - COMPOSED == set(CHAPTERS)


def test_every_part_of_a_client_is_frozen_and_refuses_unknown_keys():
    parts = [
        part
        for field in Client.model_fields.values()
        for part in (field.annotation, *getattr(field.annotation, "__args__", ()))
        if isinstance(part, type)
    ]
    for part in (Client, *parts):
        if hasattr(part, "model_config"):
            assert part.model_config.get("frozen") and part.model_config.get("extra") == "forbid", part


def test_the_public_names_are_those_that_the_first_docstring_lists():
    import toolkit

    listed = re.findall(r"^- `(\w+)`", toolkit.__doc__, re.MULTILINE)
    assert sorted(listed) == sorted(toolkit.__all__)
    assert all(getattr(toolkit, name) for name in listed)
