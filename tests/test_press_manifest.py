"""The manifest: only ever added to, readable after any crash, and what `verify` holds the reports against."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path

import pytest
from browser import client_text, make_folder, run_cli
from hypothesis import given
from hypothesis import strategies as some
from pressing import write_clients

from toolkit.press import manifest


def record(client: str, started: str, status: str = "done", file: str = "") -> dict:
    """The least that a record is."""
    return {"client": client, "file": file or f"{client}.toml", "started": started, "status": status}


def test_a_line_is_added_and_nothing_that_stood_there_changes(tmp_path):
    path = tmp_path / "manifest.jsonl"
    for number in range(3):
        before = path.read_bytes() if number else b""
        manifest.append(path, record("é\n\u2028", str(number)))
        assert path.read_bytes().startswith(before)
    assert [one["client"] for one in manifest.records(tmp_path)] == ["é\n\u2028"] * 3


@given(cut=some.integers(1, 200), then=some.integers(1, 3))
def test_a_line_torn_by_a_crash_is_skipped_and_the_next_begins_on_a_line_of_its_own(tmp_path_factory, cut, then):
    out = tmp_path_factory.mktemp("out")
    path = out / "manifest.jsonl"
    for name in ("a", "b"):
        manifest.append(path, record(name, "1"))
    whole = path.read_bytes()
    path.write_bytes(whole[: max(len(whole) // 2, len(whole) - cut)])
    for number in range(then):
        manifest.append(path, record("c", str(number)))
    names = [one["client"] for one in manifest.records(out)]
    assert names in (["a", *"c" * then], ["a", "b", *"c" * then])
    assert (names[1] == "b") == (cut == 1)  # without its line's end alone, a record is whole


def test_the_newest_record_of_a_client_counts_whichever_manifest_it_stands_in(tmp_path):
    manifest.append(tmp_path / "manifest.jsonl", {"run": "x", "options": {}})
    manifest.append(tmp_path / "manifest.jsonl", record("a", "2025-01-03", "error"))
    manifest.append(tmp_path / "manifest-1-of-2.jsonl", record("a", "2025-01-02"))
    manifest.append(tmp_path / "manifest-2-of-2.jsonl", record("b", "2025-01-01"))
    found = manifest.latest(manifest.records(tmp_path))
    assert {name: one["status"] for name, one in found.items()} == {"a": "error", "b": "done"}


def test_a_client_that_was_refused_before_it_had_an_id_is_not_another_client():
    found = manifest.latest([record("", "1", "refused", file="a.toml"), record("a", "2", file="a.toml")])
    assert {name: one["status"] for name, one in found.items()} == {"a": "done"}


# verify ---------------------------------------------------------------------------


@cache
def batch() -> Path:
    """A folder with clients and their reports."""
    folder = make_folder("verify")
    clients = write_clients(folder / "clients", "an", "bo")
    run = run_cli("report", clients, "--out", folder / "out")
    assert run.returncode == 0, run.stderr
    return folder


@pytest.fixture
def out(tmp_path) -> Path:
    """A copy of it: the folder of reports."""
    shutil.copytree(batch(), tmp_path / "batch")
    return tmp_path / "batch" / "out"


def test_reports_that_are_as_they_were_made_are_said_to_be(out):
    run = run_cli("verify", out, "--locale", "en_GB")
    assert run.returncode == 0 and "2 checked" in run.stdout


def test_what_is_missing_changed_made_of_what_changed_or_unknown_is_said_of_every_client(out):
    (out / "an" / "nl_BE" / "report.html").write_text("mine")
    (out / "bo" / "nl_BE" / "results.json").unlink()
    (out / "bo" / "nl_BE" / "extra.html").write_text("")
    with (out.parent / "clients" / "bo" / "client.toml").open("a") as file:
        file.write("# a line\n")
    run = run_cli("verify", out, "--locale", "en_GB")
    assert run.returncode == 1
    said = run.stdout.splitlines()
    assert "an: an/nl_BE/report.html was changed" in said[0]
    assert "bo: bo/nl_BE/results.json is missing" in said[1] and "bo: client.toml was changed" in said[2]
    assert said[-1].strip() == "bo/nl_BE/extra.html" and len(said) == 5


def test_clients_that_are_not_there_any_more_do_not_matter(out):
    shutil.rmtree(out.parent / "clients")
    assert run_cli("verify", out).returncode == 0


def test_a_folder_without_a_manifest_is_refused(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        run = run_cli("verify", folder, "--locale", "en_GB")
        assert run.returncode == 2 and "no manifest" in run.stderr


def test_the_manifest_holds_no_number_that_is_not_one(tmp_path):
    with pytest.raises(ValueError, match="JSON"):
        manifest.append(tmp_path / "manifest.jsonl", {"seconds": float("nan")})
    assert json.dumps(manifest.records(tmp_path)) == "[]"


def test_a_client_that_is_refused_for_the_id_of_another_does_not_take_its_place(tmp_path):
    first, second = tmp_path / "clients" / "a", tmp_path / "clients" / "b"
    for folder in (first, second):
        folder.mkdir(parents=True)
        (folder / "client.toml").write_text(client_text("Twins").replace("[client]\n", '[client]\nid = "twin"\n'), "utf-8")
    for _ in range(2):
        run_cli("report", tmp_path / "clients", "--out", tmp_path / "out", "--keep-going", "--resume")
    newest = manifest.latest(manifest.records(tmp_path / "out"))
    assert {name: record["status"] for name, record in newest.items()} == {"twin": "current", "../clients/b/client.toml": "refused"}
