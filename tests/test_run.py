"""What `run.py` promises: two commands that work on a fresh machine, or one line that says what to do.

Every test works in a copy of the project with tiny locks, in a folder whose name has a space and an accent. uv is
played by a small program that makes real but empty environments; pip is the real one, fed from a local folder.
Nothing here reaches a network or the project's own environment.
"""
import ast
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

import run

ROOT = Path(run.__file__).resolve().parent
WAITING, SETTING_UP = "Another run is setting up; waiting for it ...\n", "Setting up (once, about a minute) ...\n"
posix = pytest.mark.skipif(os.name == "nt", reason="signals and orphans as POSIX knows them")

JOB = """
import importlib.util, json, os, sys
there = [name for name in ("tiny", "example") if importlib.util.find_spec(name)]
print(json.dumps([sys.argv[1:], os.getcwd(), there, os.environ.get("TOOLKIT_BROWSER")]))
sys.exit(int(os.environ.get("EXIT", 0)))
"""
INSTALLER = """
import json, os, pathlib, subprocess, sys, time
here, words = pathlib.Path(__file__).parent, sys.argv[1:]
with open(here / "calls", "a") as calls:
    calls.write(json.dumps([NAME] + words) + "\\n")
(here / "environ").write_text(json.dumps(dict(os.environ)))
while (here / "hold").exists():
    time.sleep(0.01)
if (here / "failure").exists() and NAME == "uv" and words[0] == "pip":
    sys.exit((here / "failure").read_text())
if NAME == "virtualenv" or words[0] == "venv":
    subprocess.check_call([sys.executable, "-m", "venv", "--without-pip", words[-1]])
    for site in pathlib.Path(words[-1]).glob("[lL]ib/**/site-packages"):
        for name, code in json.loads((here / "modules").read_text()).items():
            if name != "pip" or NAME == "virtualenv":
                (site / name).mkdir()
                (site / name / "__main__.py").write_text(code)
"""
# Runs run.py as a Python without ensurepip would, so that only what the test put on PATH can set up.
BARE = ("import sys, runpy; sys.modules['ensurepip'] = None; sys.argv = sys.argv[1:]; "
        "runpy.run_path(sys.argv[0], run_name='__main__')")


def heed_ctrl_c():
    """Let a child heed Ctrl-C, also where the tests themselves were started in the background, which do not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Project:
    """A copy of the project with tiny locks, the programs that its runs find, and what these were told."""

    def __init__(self, folder):
        self.root, self.programs, self.elsewhere = folder / "my toolkit é", folder / "programs", folder / "elsewhere"
        for path in (self.root / "toolkit", self.root / "locks", self.programs, self.elsewhere):
            path.mkdir(parents=True)
        shutil.copy(ROOT / "run.py", self.root)
        (self.root / "toolkit" / "__main__.py").write_text(JOB)
        for lock in ("requirements.txt", "locks/examples.txt", "locks/tests.txt"):
            (self.root / lock).write_text("# %s: nothing\n" % lock)
        self.program("uv")
        (self.programs / "modules").write_text(json.dumps({"pytest": JOB, "pip": self.played("pip")}))

    def played(self, name):
        return "__file__, NAME = %r, %r\n%s" % (str(self.programs / "x"), name, INSTALLER)

    def program(self, name, code=None):
        """Put a program on the PATH of the runs."""
        script = self.programs / (name + ".py")
        script.write_text(code or self.played(name), "utf-8")
        if os.name == "nt":
            (self.programs / (name + ".cmd")).write_text('@"%s" "%s" %%*\n' % (sys.executable, script))
        else:
            (self.programs / name).write_text('#!/bin/sh\nexec "%s" "%s" "$@"\n' % (sys.executable, script))
            (self.programs / name).chmod(0o755)

    def start(self, *arguments, before=(), bare=True, **environ):
        kept = {key: os.environ[key] for key in ("SYSTEMROOT", "TEMP", "TMP") if key in os.environ}
        return subprocess.Popen(
            [*before, sys.executable, *(["-c", BARE] if bare else []), str(self.root / "run.py"), *arguments],
            cwd=self.elsewhere, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True, encoding="utf-8", preexec_fn=None if os.name == "nt" else heed_ctrl_c,
            env={**kept, "PATH": str(self.programs), "HOME": str(self.elsewhere), "PYTHONUTF8": "1", **environ})

    def run(self, *arguments, **environ):
        process = self.start(*arguments, **environ)
        out, err = process.communicate()
        return SimpleNamespace(code=process.returncode, job=json.loads(out) if out else None, lines=err.splitlines())

    def calls(self):
        calls = self.programs / "calls"
        return [json.loads(line) for line in calls.read_text().splitlines()] if calls.exists() else []

    def made(self):
        """How often an environment was made from nothing."""
        return sum(call[1] == "venv" or call[0] == "virtualenv" for call in self.calls())

    def hold(self):
        """Let the installers wait inside their work, until the answer is called."""
        (self.programs / "hold").touch()
        return (self.programs / "hold").unlink

    def until_called(self, process, before=0):
        while len(self.calls()) == before:
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.01)


@pytest.fixture
def project(tmp_path):
    project = Project(tmp_path)
    yield project
    (project.programs / "hold").unlink(missing_ok=True)


# Which Python

def test_an_old_python_can_read_run_py_far_enough_to_say_which_one_is_needed():
    source = (ROOT / "run.py").read_bytes().decode("ascii")
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.Nonlocal, ast.Starred, ast.YieldFrom,
             ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(source, feature_version=(3, 4))):
        assert not isinstance(node, newer), ast.unparse(node)
        assert not (isinstance(node, ast.Raise) and node.cause)
        assert not (isinstance(node, ast.FunctionDef) and (node.returns or node.args.kwonlyargs))
        assert not (isinstance(node, ast.arg) and node.annotation)
        assert not (isinstance(node, ast.Dict) and None in node.keys)


def test_every_old_python_on_this_machine_says_which_one_is_needed():
    names = ["python2", "python2.7"] + ["python3.%d" % minor for minor in range(11)]
    found = [shutil.which(name) for name in names] + [*Path.home().glob(".pyenv/versions/*/bin/python")]
    asked = 0
    for python in filter(None, found):
        version = subprocess.run([python, "-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"],
                                 capture_output=True, text=True)
        if version.returncode == 0 and tuple(map(int, version.stdout.split("."))) < (3, 11):
            told = subprocess.run([python, str(ROOT / "run.py")], capture_output=True, text=True, cwd=ROOT.parent)
            assert told.returncode == 1 and told.stdout == "" and told.stderr.count("\n") == 1
            assert told.stderr.startswith("The toolkit needs Python 3.11, 3.12 or 3.13; this is Python "
                                          + version.stdout.strip())
            asked += 1
    if not asked:
        pytest.skip("no Python older than 3.11 here")


def test_another_python_another_system_or_another_folder_needs_another_environment(monkeypatch, project):
    here = run.digest(project.root, "toolkit")
    shutil.copytree(project.root, project.elsewhere / "copy")
    assert run.digest(project.elsewhere / "copy", "toolkit") != here
    with monkeypatch.context() as other:
        other.setattr(run.sys, "implementation", SimpleNamespace(cache_tag="cpython-399"))
        assert run.digest(project.root, "toolkit") != here
    with monkeypatch.context() as other:
        other.setattr(run.sysconfig, "get_platform", lambda: "other-system")
        assert run.digest(project.root, "toolkit") != here
    assert run.digest(project.root, "toolkit") == here


# Setting up

def test_the_first_run_sets_up_from_the_locks_and_the_second_goes_straight_to_the_job(project):
    first = project.run("report", "clients/a.toml")
    assert first.lines[0] + "\n" == SETTING_UP and re.fullmatch(r"Set up in \d+ s\.", first.lines[1])
    assert first.job[:2] == [["report", "clients/a.toml"], str(project.elsewhere)]
    venv, root = run.venv_of(project.root), str(project.root)
    hashed = ["--require-hashes", "--only-binary", ":all:", "-r"]
    pip = ["uv", "pip", "install", "--compile-bytecode", "--python", str(venv.python)]
    calls = project.calls()
    assert calls == [
        ["uv", "venv", "--no-project", "--python", sys._base_executable, str(venv.folder)],
        pip + hashed + [os.path.join(root, "requirements.txt")],
        pip + ["--no-deps", "--target", str(venv.folder / "share" / "toolkit-examples")] + hashed
        + [os.path.join(root, "locks/examples.txt")]]
    second = project.run("lab")
    assert (second.job[0], second.lines, project.calls()) == (["lab"], [], calls)


def test_without_arguments_the_reports_are_made_and_the_exit_code_is_the_jobs(project):
    assert project.run().job[0] == ["report"]
    assert (project.run("--help").code, project.run("check", EXIT="2").code) == (0, 2)


@posix
def test_a_read_only_project_that_is_set_up_still_runs(project):
    project.run()
    (project.root / ".venv-lock").unlink()
    assert writing_forbidden(project, "--help").job[0] == ["--help"]


def test_neither_the_persons_settings_nor_their_python_path_change_what_is_installed(project):
    (project.elsewhere / "toolkit").mkdir()
    (project.elsewhere / "toolkit" / "__main__.py").write_text("raise SystemExit('the wrong toolkit')")
    result = project.run(PYTHONDONTWRITEBYTECODE="1", PYTHONPATH=str(project.elsewhere), UV_TARGET="x", PIP_TARGET="x",
                         UV_CONFIG_FILE="x", UV_INDEX_URL="https://mirror.example/simple", PIP_CERT="c.pem")
    assert result.code == 0
    told = json.loads((project.programs / "environ").read_text())
    gone = ["PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "UV_TARGET", "PIP_TARGET", "UV_CONFIG_FILE"]
    assert told.keys().isdisjoint(gone)
    assert (told["UV_NO_CONFIG"], told["PIP_USER"]) == ("1", "0")
    assert (told["UV_INDEX_URL"], told["PIP_CERT"]) == ("https://mirror.example/simple", "c.pem")


def rewrite(path, old, new):
    path.write_text(re.sub(old, new, path.read_text(), flags=re.M))


DAMAGE = {
    "half-made: no stamp": lambda root, venv: (venv.folder / "toolkit.stamp").unlink(),
    "cut off while installing": lambda root, venv: (venv.folder / "toolkit.stamp").write_text("begun"),
    "an empty folder": lambda root, venv: (shutil.rmtree(venv.folder), venv.folder.mkdir()),
    "a file in its place": lambda root, venv: (shutil.rmtree(venv.folder), venv.folder.write_text("my-env")),
    "no pyvenv.cfg": lambda root, venv: (venv.folder / "pyvenv.cfg").unlink(),
    "no python": lambda root, venv: venv.python.unlink(),
    "its Python is gone": lambda root, venv: rewrite(venv.folder / "pyvenv.cfg", "^home = .*", "home = /gone"),
    "the packages are gone": lambda root, venv: shutil.rmtree(venv.pth.parent),
    "another toolkit lock": lambda root, venv: (root / "requirements.txt").write_text("# newer\n"),
    "another examples lock": lambda root, venv: (root / "locks" / "examples.txt").write_text("# newer\n"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_an_environment_that_is_not_as_it_should_be_is_made_anew(project, damage):
    project.run()
    damage(project.root, run.venv_of(project.root))
    assert (project.run("--help").job[0], project.made()) == (["--help"], 2)
    assert (project.run("--help").job[0], project.made()) == (["--help"], 2)
    assert sorted(path.name for path in project.root.glob(".venv*")) == [".venv", ".venv-lock", ".venv-log"]


@pytest.mark.parametrize("carry", [shutil.move, shutil.copytree])
def test_a_project_that_was_moved_or_copied_gets_its_own_environment_and_its_own_toolkit(project, carry):
    project.run()
    was, project.root = project.root, project.root.with_name("somewhere else")
    carry(was, project.root)
    rewrite(project.root / "toolkit" / "__main__.py", r"sys\.argv\[1:\]", "'the new place'")
    assert (project.run().job[0], project.made()) == ("the new place", 2)


def test_a_set_up_that_fails_leaves_the_environment_that_was_there(project):
    project.run()
    lock, before = project.root / "requirements.txt", (project.root / "requirements.txt").read_text()
    lock.write_text("# newer\n")
    (project.programs / "failure").write_text("error: Failed to fetch: `https://packages.example/tiny/`")
    failed = project.run()
    log = project.root / ".venv-log"
    assert (failed.code, failed.job, failed.lines[1:]) == (1, None, [
        "https://packages.example/tiny/ could not be fetched: check the network or the proxy, "
        "then run the same command again. The log: %s" % log])
    assert "Failed to fetch" in log.read_text("utf-8") and not (project.root / ".venv-old").exists()
    lock.write_text(before)
    again = project.run()
    assert (again.code, again.lines, project.made()) == (0, [], 2)


def test_a_set_up_that_was_cut_off_twice_still_finds_its_way(project):
    project.run()
    (project.root / ".venv").rename(project.root / ".venv-old")
    (project.root / ".venv" / "lib").mkdir(parents=True)
    assert project.run().code == 0
    assert not (project.root / ".venv-old").exists()


# Two at once, and cut short

def test_of_two_runs_at_once_the_second_waits_and_then_finds_all_done(project):
    release = project.hold()
    first = project.start("first")
    project.until_called(first)
    second = project.start("second")
    assert second.stderr.readline() == WAITING
    release()
    outs = [json.loads(process.communicate()[0])[0] for process in (first, second)]
    assert (outs, project.made()) == ([["first"], ["second"]], 1)


@posix
def test_after_a_killed_run_the_next_one_waits_until_its_installer_has_ended(project):
    release = project.hold()
    killed = project.start()
    project.until_called(killed)
    killed.kill()
    killed.wait()
    following = project.start()
    assert following.stderr.readline() == WAITING
    release()
    assert following.communicate()[1].startswith(SETTING_UP) and following.returncode == 0
    assert project.made() == 2


@posix
def test_ctrl_c_stops_without_a_traceback_and_leaves_nothing_half_made(project):
    project.hold()
    process = project.start()
    project.until_called(process)
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate() == ("", SETTING_UP + "\nStopped.\n")
    assert process.returncode == 130 and not (project.root / ".venv").exists()


# What the machine lacks

def writing_forbidden(project, *arguments):
    """Run with the project's folder read-only, for root too."""
    before = []
    if getattr(os, "geteuid", lambda: 1)() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root writes everywhere, and there is no setpriv to give that up")
        before = [shutil.which("setpriv"), "--bounding-set=-dac_override"]
    project.root.chmod(0o555)
    try:
        return project.run(*arguments, before=before)
    finally:
        project.root.chmod(0o755)


@posix
def test_a_folder_that_cannot_be_written_is_said_in_one_line(project):
    result = writing_forbidden(project)
    assert (result.code, result.lines) == (1, [
        "%s cannot be written: close what uses it, or copy the project into a folder of your own."
        % (project.root / ".venv-lock")])


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device here that is always full")
def test_a_full_disk_is_said_in_one_line(project):
    (project.root / ".venv-log").symlink_to("/dev/full")
    result = project.run()
    assert (result.code, result.lines[1:]) == (
        1, ["The disk is full: free about 2 GB, then run the same command again."])


def test_a_python_that_cannot_make_environments_is_said_in_one_line(project):
    (project.programs / "uv").unlink()
    result = project.run()
    assert (result.code, result.lines[1:]) == (1, [
        "This Python (%s) cannot make environments: `apt install python3-venv` on Debian or Ubuntu, "
        "elsewhere install uv; then run the same command again." % sys._base_executable])


def test_where_uv_cannot_do_it_pip_does_in_an_environment_of_virtualenv_if_need_be(project):
    project.program("virtualenv")
    (project.programs / "failure").write_text("error: unexpected argument")
    result = project.run("--help")
    assert (result.lines[1], result.job[0]) == ("uv could not do it; trying pip ...", ["--help"])
    assert [call[0] for call in project.calls()] == ["uv", "uv", "virtualenv", "pip", "pip"]


def test_when_all_installers_fail_the_first_one_says_why(project):
    project.program("virtualenv", "raise SystemExit('virtualenv is broken')")
    (project.programs / "failure").write_text("uv is too old")
    result = project.run()
    assert result.lines[1:] == ["uv could not do it; trying pip ...",
                                "The set-up failed: uv is too old The log: %s" % (project.root / ".venv-log")]


UV_FETCH = """error: Request failed after 3 retries in 4.4s
  cause: Failed to fetch: http://127.0.0.1:9/simple/comm/
  cause: tcp connect error
  cause: Connection refused (os error 111)"""
UV_OFFLINE = """error: No solution found when resolving dependencies
  cause: Because annotated-types was not found in the cache and you require annotated-types==0.8.0, we can [...]
hint: Packages were unavailable because the network was disabled. [...]"""
UV_WHEEL = """error: No solution found when resolving dependencies
  cause: Because pyyaml==6.0.3 has no usable wheels and you require pyyaml==6.0.3, we can conclude that [...]"""
UV_PLATFORM = """error: No solution found when resolving dependencies
  cause: Because pywin32==308 has no wheels with a matching platform tag (e.g., `manylinux_2_36_x86_64`) and [...]"""
UV_HASH = """error: Failed to download `lifetimes==0.11.3`
  cause: Hash mismatch for `lifetimes==0.11.3`"""
PIP_FETCH = """WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after \
connection broken by 'NewConnectionError([...] [Errno -2] Name or service not known')': /simple/annotated-types/
ERROR: Could not find a version that satisfies the requirement annotated-types==0.8.0 (from versions: none)
ERROR: No matching distribution found for annotated-types==0.8.0"""
PIP_WHEEL = """WARNING: Retrying (Retry(total=4, connect=None, read=None, redirect=None, status=None)) after [...]
ERROR: Could not find a version that satisfies the requirement pywin32==308 (from versions: none)
ERROR: No matching distribution found for pywin32==308"""
PIP_HASH = """ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated \
the package versions, please update the hashes. [...]
    lifetimes==0.11.3 from https://packages.example/Lifetimes-0.11.3-py3-none-any.whl (from -r bad.txt (line 1)):
        Expected sha256 000000"""
DISK = "[WinError 112] There is not enough space on the disk: 'C:\\x'"
IN_USE = "[WinError 5] Access is denied: 'C:\\x\\.venv' -> 'C:\\x\\.venv-old'"


@pytest.mark.parametrize("words, line", [
    (UV_FETCH, "http://127.0.0.1:9/simple/comm/ could not be fetched: check the network or the proxy, "
               "then run the same command again."),
    (UV_OFFLINE, "A file could not be fetched: check the network or the proxy, then run the same command again."),
    (PIP_FETCH, "annotated-types==0.8.0 could not be fetched: check the network or the proxy, "
                "then run the same command again."),
    (UV_WHEEL, "pyyaml==6.0.3 has no ready-made package for Python 3.14 on your-system: "
               "use Python 3.11, 3.12 or 3.13."),
    (UV_PLATFORM, "pywin32==308 has no ready-made package for Python 3.14 on your-system: "
                  "use Python 3.11, 3.12 or 3.13."),
    (PIP_WHEEL, "pywin32==308 has no ready-made package for Python 3.14 on your-system: "
                "use Python 3.11, 3.12 or 3.13."),
    (UV_HASH, "lifetimes==0.11.3 is not the file that the lock names, so it was not installed: "
              "try another network or proxy."),
    (PIP_HASH, "lifetimes==0.11.3 is not the file that the lock names, so it was not installed: "
               "try another network or proxy."),
    (DISK, "The disk is full: free about 2 GB, then run the same command again."),
    (IN_USE, "C:\\x\\.venv cannot be written: close what uses it, "
             "or copy the project into a folder of your own."),
    ("first\n  the last word\n\n", "The set-up failed: the last word"),
    ("", "The set-up failed: the installer gave no reason."),
])
def test_an_installers_words_come_down_to_one_line(monkeypatch, words, line):
    """Words as uv 0.13.9 and pip 23.2.1 and 24.2 printed them, and Windows' own."""
    monkeypatch.setattr(run.sys, "version_info", (3, 14, 0))
    monkeypatch.setattr(run.sysconfig, "get_platform", lambda: "your-system")
    assert run.reason(words) == line


# With the real pip

def wheel(folder, name):
    """Put a wheel of one empty module on the shelf; returns its line in a lock."""
    path, info = folder / (name + "-1.0-py3-none-any.whl"), name + "-1.0.dist-info/"
    files = {name + ".py": "", info + "METADATA": "Metadata-Version: 2.1\nName: %s\nVersion: 1.0\n" % name,
             info + "WHEEL": "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    files[info + "RECORD"] = "".join("%s,,\n" % inside for inside in [*files, info + "RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for inside, text in files.items():
            archive.writestr(inside, text)
    return "%s==1.0 --hash=sha256:%s\n" % (name, hashlib.sha256(path.read_bytes()).hexdigest())


@pytest.fixture(scope="module")
def environment_with_pip(tmp_path_factory):
    folder = tmp_path_factory.mktemp("with pip") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    return folder


@pytest.fixture
def shelf(project, environment_with_pip):
    """The project with a package in two locks, on a local shelf that the real pip installs from; no uv, and a
    virtualenv that copies an environment."""
    (project.programs / "uv").unlink()
    project.program("virtualenv", "import shutil, sys\nshutil.copytree(%r, sys.argv[-1], symlinks=True)"
                    % str(environment_with_pip))
    for lock, name in [("requirements.txt", "tiny"), ("locks/examples.txt", "example")]:
        (project.root / lock).write_text(wheel(project.elsewhere, name))
    project.pip = {"PIP_FIND_LINKS": str(project.elsewhere), "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    return project


def test_a_plain_python_installs_the_locks_with_pip_and_the_example_data_stay_beside(shelf):
    (shelf.programs / "virtualenv").unlink()
    assert shelf.run(bare=False, **shelf.pip).job[2] == ["tiny"]
    assert (run.venv_of(shelf.root).examples / "example.py").exists()


@pytest.mark.parametrize("lock, line", [
    ("tiny==1.0 --hash=sha256:" + 64 * "0", "tiny==1.0 is not the file that the lock names, so it was not installed:"),
    ("tiny==2.0 --hash=sha256:" + 64 * "0", "tiny==2.0 has no ready-made package for Python 3."),
    ("tiny==1.0", "The set-up failed: ")], ids=["another hash", "no wheel", "no hash"])
def test_pip_refuses_what_the_lock_does_not_name(shelf, lock, line):
    (shelf.root / "requirements.txt").write_text(lock + "\n")
    result = shelf.run(**shelf.pip)
    assert result.code == 1 and result.lines[1].startswith(line) and len(result.lines) == 2


def test_without_a_network_pip_says_what_could_not_be_fetched(shelf):
    closed = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1"}
    assert shelf.run(**closed).lines[1:] == [
        "tiny==1.0 could not be fetched: check the network or the proxy, then run the same command again. "
        "The log: %s" % (shelf.root / ".venv-log")]


# The tests' own command

def test_the_test_command_adds_the_tests_packages_and_runs_pytest_in_the_project(project):
    project.run()
    project.program("chromium", "")
    result = project.run("test", "-x", "tests/test_units.py", EXIT="5")
    assert result.job[:2] == [["-q", "-n", "2", "--dist", "loadfile", "-x", "tests/test_units.py"], str(project.root)]
    assert (Path(result.job[3]).stem, result.code) == ("chromium", 5)
    assert (project.made(), project.calls()[-1][-1]) == (1, str(project.root / "locks" / "tests.txt"))
    assert (project.run("test").lines, project.run().lines) == ([], [])


def test_another_tests_lock_makes_a_new_environment_and_does_not_concern_the_toolkit(project):
    project.program("chromium", "")
    project.run("test")
    (project.root / "locks" / "tests.txt").write_text("# newer\n")
    assert (project.run().lines, project.made()) == ([], 1)
    assert (project.run("test").code, project.made()) == (0, 2)


@posix
def test_tests_packages_whose_install_was_killed_make_a_new_environment_and_do_not_concern_the_toolkit(project):
    project.program("chromium", "")
    project.run()
    release, before = project.hold(), len(project.calls())
    process = project.start("test")
    project.until_called(process, before)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    release()
    assert (project.run().lines, project.made()) == ([], 1)
    assert (project.run("test").code, project.made()) == (0, 2)


def test_where_nothing_can_add_to_the_environment_it_is_made_anew(project):
    project.run()
    project.program("chromium", "")
    project.program("virtualenv")
    (project.programs / "uv").unlink()
    assert (project.run("test").code, project.made()) == (0, 2)


# The browser

@pytest.fixture
def bare_machine(project, monkeypatch):
    """No browser anywhere; an apt-get that would install one; root where `monkeypatch` says so."""
    for name in ("TOOLKIT_BROWSER", "CI", "PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(project.programs))
    monkeypatch.setattr(run, "BROWSERS", ("chromium", "msedge"))
    monkeypatch.setattr(run.os, "geteuid", lambda: 1000, raising=False)
    return project


def test_any_browser_on_path_is_found_and_the_one_named_goes_first(bare_machine, monkeypatch):
    assert run.find_browser() is None
    bare_machine.program("msedge", "")
    assert Path(run.find_browser()).stem == "msedge"
    bare_machine.program("mine", "")
    monkeypatch.setenv("TOOLKIT_BROWSER", "mine")
    assert Path(run.find_browser()).stem == "mine"
    monkeypatch.setenv("TOOLKIT_BROWSER", "gone")
    with pytest.raises(run.Stop, match="TOOLKIT_BROWSER names gone, which is not a program here."):
        run.find_browser()


def test_a_browser_in_the_usual_place_of_windows_is_found(bare_machine, monkeypatch):
    monkeypatch.setenv("PROGRAMFILES(X86)", str(bare_machine.elsewhere))
    edge = Path(os.path.join(str(bare_machine.elsewhere), run.WINDOWS_BROWSERS[2]))
    edge.parent.mkdir(parents=True, exist_ok=True)
    edge.touch(mode=0o755)
    assert run.find_browser() == str(edge)


def test_without_a_browser_the_skipping_is_said_aloud_and_in_ci_it_is_a_failure(bare_machine, monkeypatch, capsys):
    assert run.browser_for_tests(bare_machine.root) is None
    assert capsys.readouterr().err == ("NO BROWSER: the browser tests are skipped. Install Chrome, Chromium or Edge, "
                                       "or name one in TOOLKIT_BROWSER.\n")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(run.Stop, match="with CI=true that is a failure"):
        run.browser_for_tests(bare_machine.root)


APT = """
import sys, pathlib
here = pathlib.Path(__file__).parent
with open(here / "apt", "a") as told:
    told.write(" ".join(sys.argv[1:]) + ";")
"""


@posix
def test_root_on_debian_gets_chromium_and_nobody_else_does(bare_machine, monkeypatch, capsys):
    bare_machine.program("apt-get", APT + "if sys.argv[1] == 'install':\n    (here / 'uv').rename(here / 'chromium')\n")
    assert run.browser_for_tests(bare_machine.root) is None and not (bare_machine.programs / "apt").exists()
    monkeypatch.setattr(run.os, "geteuid", lambda: 0)
    assert Path(run.browser_for_tests(bare_machine.root)).name == "chromium"
    assert (bare_machine.programs / "apt").read_text() == "update;install -y chromium;"
    assert capsys.readouterr().err.endswith("No browser found; installing Debian's chromium ...\n")


@posix
def test_a_browser_that_cannot_be_installed_is_said_with_its_log(bare_machine, monkeypatch, capsys):
    bare_machine.program("apt-get", APT + "sys.exit('E: no such package')")
    monkeypatch.setattr(run.os, "geteuid", lambda: 0)
    assert run.browser_for_tests(bare_machine.root) is None
    assert capsys.readouterr().err.splitlines()[1] == (
        "The set-up failed: E: no such package The log: %s" % (bare_machine.root / ".venv-log"))


# The locks, and what CI runs

def locked_versions(path):
    return re.findall(r"^([\w.-]+)==(\S+)(?: ; (.*?))? \\\n    --hash=", path.read_text("utf-8"), re.M)


def test_every_line_of_every_lock_is_hashed_and_names_no_place_to_fetch_from():
    for lock in [path for paths in run.LOCKS.values() for path in paths]:
        lines = (ROOT / lock).read_text("utf-8").splitlines()
        assert all(re.match(r"[\w.-]+==\S+ .*\\$|    --hash=sha256:[0-9a-f]{64}( \\)?$|    #", line) for line in lines)
        assert sum(line[0] != " " for line in lines) == len(locked_versions(ROOT / lock)) > 0


def test_the_tests_lock_leaves_the_toolkits_versions_as_they_are():
    toolkit = {name: version for name, version, only in locked_versions(ROOT / "requirements.txt") if not only}
    tests = locked_versions(ROOT / "locks" / "tests.txt")
    assert {name: version for name, version, _ in tests if name in toolkit}.items() <= toolkit.items()


def test_ci_runs_the_two_commands_of_the_readme_and_nothing_else():
    script = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    readme = re.findall(r"^(python3 run\.py(?: test)?) *(?:#.*)?$", (ROOT / "README.md").read_text("utf-8"), re.M)
    commands = [line for line in script if line and not line.startswith("#")]
    assert commands == ["set -eu", 'cd "$(dirname "$0")/.."', "python3 run.py test", "python3 run.py"]
    assert set(readme) == {"python3 run.py test", "python3 run.py"}


@posix
@pytest.mark.parametrize("failing, told", [("", ["run.py test", "run.py"]), ("run.py test", ["run.py test"]),
                                           ("run.py", ["run.py test", "run.py"])])
def test_ci_fails_when_either_command_does(project, failing, told):
    shutil.copytree(ROOT / ".ci", project.root / ".ci")
    project.program("python3", "import os, sys\nprint(' '.join(sys.argv[1:]))\nassert os.path.exists('run.py')\n"
                               "sys.exit(' '.join(sys.argv[1:]) == %r)" % failing)
    result = subprocess.run(["bash", str(project.root / ".ci" / "run")], cwd=project.elsewhere, capture_output=True,
                            text=True, env={"PATH": "%s:/usr/bin:/bin" % project.programs})
    assert (result.stdout.splitlines(), result.returncode) == (told, int(bool(failing)))
