"""Files that two programs and a crash may meet."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from toolkit import disk

HOLD = "import sys; from pathlib import Path; from toolkit.disk import locked\nwith locked(Path(sys.argv[1]), shared='shared' in sys.argv):\n print('held', flush=True); sys.stdin.read()"


@pytest.fixture
def held(tmp_path):
    """Another program that holds a lock, shared or alone, until it is told to end."""
    started = []

    def hold(path, *how):
        started.append(subprocess.Popen([sys.executable, "-c", HOLD, str(path), *how], stdin=-1, stdout=-1, text=True))
        assert started[-1].stdout.readline() == "held\n"
        return started[-1]

    yield hold
    for process in started:
        process.kill()
        process.communicate()


def test_a_file_is_replaced_as_a_whole(tmp_path):
    path = tmp_path / "report.html"
    disk.write(path, "één")
    disk.write(path, b"twee")
    assert path.read_bytes() == b"twee" and os.listdir(tmp_path) == ["report.html"]


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_where_writing_fails_the_old_file_stays_and_nothing_lies_beside_it(tmp_path, monkeypatch, fails):
    path = tmp_path / "report.html"
    disk.write(path, "oud")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, fails, full)
    with pytest.raises(OSError, match="No space"):
        disk.write(path, "nieuw")
    assert path.read_text() == "oud" and os.listdir(tmp_path) == ["report.html"]


def test_the_way_to_a_file_may_lead_through_another_folder(tmp_path):
    (tmp_path / "unfinished").mkdir()
    disk.write(tmp_path / "a.txt", "a", by_way_of=tmp_path / "unfinished")
    assert (tmp_path / "a.txt").read_text() == "a" and os.listdir(tmp_path / "unfinished") == []


@pytest.mark.skipif(os.name == "nt", reason="permissions of another kind")
def test_others_may_read_what_the_user_lets_them_read(tmp_path):
    old = os.umask(0o022)
    try:
        disk.write(tmp_path / "a.txt", "a")
    finally:
        os.umask(old)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o644


def test_a_lock_is_held_by_one_until_that_one_ends_however_it_ends(tmp_path, held):
    path = tmp_path / "lock"
    other = held(path)
    with pytest.raises(disk.Busy), disk.locked(path):
        pass
    other.kill()
    with disk.locked(path, patience=5):
        pass


@pytest.mark.skipif(os.name == "nt", reason="there no lock is shared")
def test_several_may_share_a_lock_but_none_has_it_alone_meanwhile(tmp_path, held):
    path = tmp_path / "lock"
    held(path, "shared")
    with disk.locked(path, shared=True):
        with pytest.raises(disk.Busy), disk.locked(path):
            pass
