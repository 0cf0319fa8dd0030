"""What the press says: a word for every status, a sentence for every cause, and nothing that is never said."""

from __future__ import annotations

import ast
import tomllib

import pytest
from conftest import ROOT

from toolkit.press import batch
from toolkit.press.job import DONE, STATUSES, Outcome
from toolkit.press.progress import closing, line
from toolkit.words import FOLDER, LOCALES, Words

TEXTS = tomllib.loads((FOLDER / "nl" / "press.toml").read_text("utf-8"))


def in_the_code() -> set[str]:
    """Every text in the code of the press and of the command line."""
    paths = [*(ROOT / "toolkit" / "press").glob("*.py"), ROOT / "toolkit" / "commands.py"]
    nodes = (node for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_every_status_has_a_word_and_every_failure_a_cause():
    assert set(TEXTS["status"]) == set(STATUSES)
    assert set(TEXTS["causes"]) == set(STATUSES) - set(DONE) | {"segfault"}


def test_every_text_is_used():
    said = in_the_code()
    for group in ("summary", "verify", "progress"):
        assert not {name for name in TEXTS[group] if name not in said and f"press.{group}.{name}" not in said}
    assert set(TEXTS["refusals"]) <= said


@pytest.mark.parametrize("locale", LOCALES)
def test_a_cause_is_one_sentence_in_the_readers_language(locale):
    words = Words(locale)
    for status in set(STATUSES) - set(DONE):
        cause = "30" if status == "time_out" else "SIGKILL"
        sentence = batch.cause_of(Outcome("a", status=status, cause=cause), words)
        assert sentence[0].isupper() and sentence[-1] in ".?" or status == "refused"
        assert "\n" not in sentence and "{" not in sentence
    assert {batch.cause_of(Outcome("a", status=status), words) for status in DONE} == {""}


def test_a_crash_of_compiled_code_is_called_so():
    words = Words("en_GB")
    assert "crashed" in batch.cause_of(Outcome("a", status="killed", cause="SIGSEGV"), words)
    assert "crashed" not in batch.cause_of(Outcome("a", status="killed", cause="SIGKILL"), words)


def test_how_far_it_is_reads_as_a_sentence_would_in_any_language_and_never_divides_by_nothing():
    for locale in LOCALES:
        for done, seconds in ((0, 0), (1, 0), (0, 5), (5, 5), (5, 5000), (9, 1)):
            assert "{" not in line(Words(locale), "making", done, 0, 9, seconds)
    assert line(Words("nl_BE"), "making", 120, 3, 1000, 40) == "120 van 1.000 · 3 mislukt · 3,0 per seconde · nog 5 min"


def test_the_table_at_the_end_has_a_line_for_every_status_that_there_is():
    outcomes = [Outcome("a", status="done"), Outcome("b", status="done"), Outcome("c", status="time_out")]
    shown = closing(Words("en_GB"), outcomes)
    assert [text.split() for text in shown] == [["made", "2"], ["took", "too", "long", "1"]]
