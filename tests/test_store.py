"""The run's result store: a chapter is computed once a run, and never taken from a run that read something else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import FROM_LOG, LOG, client_text, make_client, write_log

from toolkit import doors, store
from toolkit.doors.section import Doors

SECTION = Doors(start=250, new=60, lost=50)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run with a store: its private folder."""
    folder = tmp_path / "store"
    folder.mkdir()
    monkeypatch.setenv(store.VARIABLE, str(folder))
    return folder


class Counter:
    """A computation that counts how often it is done."""

    def __init__(self, result: object = "result"):
        self.times, self.result = 0, result

    def __call__(self) -> object:
        self.times += 1
        return self.result


def test_within_a_run_a_chapter_is_computed_once(run):
    compute = Counter({"retention": 0.8})
    assert store.once("doors", (SECTION,), compute) == store.once("doors", (SECTION,), compute) == {"retention": 0.8}
    assert compute.times == 1


def test_without_a_store_it_is_computed_every_time(monkeypatch):
    monkeypatch.delenv(store.VARIABLE, raising=False)
    compute = Counter()
    store.once("doors", (SECTION,), compute)
    store.once("doors", (SECTION,), compute)
    assert compute.times == 2


def test_nothing_is_a_result_too(run):
    compute = Counter(None)
    assert store.once("doors", (SECTION,), compute) is store.once("doors", (SECTION,), compute) is None
    assert compute.times == 1


def test_another_section_another_chapter_and_another_input_are_computed_anew(run):
    compute = Counter()
    store.once("doors", (SECTION,), compute)
    store.once("worth", (SECTION,), compute)
    store.once("doors", (Doors(start=250, new=60, lost=51),), compute)
    store.once("doors", (SECTION, 7), compute)
    assert compute.times == 4


def test_a_data_file_that_changed_is_read_again(run, tmp_path):
    data, compute = tmp_path / "log.csv", Counter()
    data.write_text("a")
    os.utime(data, ns=(10**18, 10**18))
    store.once("doors", (data,), compute)
    store.once("doors", (data,), compute)
    assert compute.times == 1
    os.utime(data, ns=(10**18 + 1, 10**18 + 1))
    store.once("doors", (data,), compute)
    data.write_text("ab")
    store.once("doors", (data,), compute)
    assert compute.times == 3


def test_two_files_of_one_size_and_time_in_different_folders_are_two(tmp_path):
    for name in ("a", "b"):
        write_log(tmp_path / name, "k;2024-01-01;1,00")
        os.utime(tmp_path / name / "log.csv", ns=(10**18, 10**18))
    assert store.key(tmp_path / "a" / "log.csv") != store.key(tmp_path / "b" / "log.csv")


def test_an_error_leaves_nothing_behind(run):
    def fail() -> object:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.once("doors", (SECTION,), fail)
    assert list(run.iterdir()) == []


def test_only_whole_results_ever_stand_in_the_store(run):
    store.once("doors", (SECTION,), Counter())
    (only,) = run.iterdir()
    assert (only.suffix, only.name.startswith("doors-")) == (".pickle", True)


def test_a_clients_result_is_the_same_with_a_store_and_without(run, tmp_path, monkeypatch):
    write_log(tmp_path / "c", "an;2023-01-01;5,00\nan;2024-02-01;5,00\nbo;2023-11-01;7,00")
    client = make_client(tmp_path / "c", client_text(FROM_LOG, more=LOG))
    first, again = doors.results(client), doors.results(client)
    monkeypatch.delenv(store.VARIABLE)
    assert first == again == doors.results(client)


def test_margin_and_period_belong_to_what_a_result_depends_on(run, tmp_path):
    plain = make_client(tmp_path / "a", client_text("start = 250\nnew = 60\nlost = 50\nturnover_per_customer = 100"))
    rich = make_client(
        tmp_path / "b",
        client_text(
            "start = 250\nnew = 60\nlost = 50\nturnover_per_customer = 100", more='[economics]\ngross_margin = "40%"'
        ),
    )
    short = make_client(
        tmp_path / "c", client_text("start = 250\nnew = 60\nlost = 50", period="{ from = 2024-01-01, to = 2024-06-30 }")
    )
    assert doors.results(plain).basis == "turnover"
    assert doors.results(rich).basis == "margin"
    assert doors.results(short).retention_per_year.value == pytest.approx(0.64)
