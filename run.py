#!/usr/bin/env python3
"""Set the toolkit up, once, and run it.

    python3 run.py               make the reports of all example clients
    python3 run.py test [...]    run the tests; what follows goes to pytest
    python3 run.py ...           anything else goes to `python -m toolkit`

Standard library only, in a syntax that old Pythons read too, so that any of them can say which one is needed.
What is installed where, and why: docs/setup.md.
"""
import sys

if sys.version_info < (3, 11):
    sys.exit("The toolkit needs Python 3.11, 3.12 or 3.13; this is Python %s (%s)."
             % (sys.version.split()[0], sys.executable))

import contextlib, errno, hashlib, os, re, shutil, subprocess, sysconfig, time  # noqa: E401
from collections import namedtuple
from importlib.util import find_spec
from pathlib import Path

LOCKS = {"toolkit": ("requirements.txt", "locks/examples.txt"), "tests": ("locks/tests.txt",)}
# Of the installers' own settings, those that say how packages are reached are kept; which ones is for the locks.
REACH = re.compile("INDEX|LINK|CERT|TLS|PROXY|HOST|HTTP|CACHE|TIMEOUT|RETR|KEYRING|OFFLINE|PIP_CONFIG_FILE")
# What the words of an installer, or of the system, mean to the person who waits; the most telling first.
REASONS = (
    (r"No space left|not enough space on the disk|quota exceeded",
     "The disk is full: free about 2 GB, then run the same command again."),
    (r"(?:Permission denied|Access is denied|Read-only file system|used by another process)(?:: '([^']*)')?",
     "%(what)s cannot be written: close what uses it, or copy the project into a folder of your own."),
    (r"Hash mismatch for (\S+)|DO NOT MATCH THE HASHES(?:.|\n)*?\n\s+(\S+) from ",
     "%(what)s is not the file that the lock names, so it was not installed: try another network or proxy."),
    (r"Failed to fetch: (\S+)|network was disabled|Max retries exceeded|ReadTimeoutError|IncompleteRead"
     r"|Retry\(total=0(?:.|\n)*distribution found for (\S+)",
     "%(what)s could not be fetched: check the network or the proxy, then run the same command again."),
    (r"distribution found for (\S+)|Because (\S+) has no (?:usable )?wheels",
     "%(what)s has no ready-made package for Python %(python)s on %(system)s: use Python 3.11, 3.12 or 3.13."))
BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "microsoft-edge-stable",
    "/snap/bin/chromium", "/opt/google/chrome/chrome", "/opt/microsoft/msedge/msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "chrome", "msedge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge")
WINDOWS_BROWSERS = (r"Google\Chrome\Application\chrome.exe", r"Chromium\Application\chrome.exe",
                    r"Microsoft\Edge\Application\msedge.exe")

Venv = namedtuple("Venv", "folder python pth examples")
Installer = namedtuple("Installer", "name create install")


class Stop(Exception):
    """The one line that the person at the keyboard gets instead of a result."""


def main(arguments, root):
    """Set up what the command needs, then become that command."""
    testing = arguments[:1] == ["test"]
    venv = set_up(root, ["toolkit", "tests"] if testing else ["toolkit"])
    environ = {key: value for key, value in os.environ.items() if key not in ("PYTHONHOME", "PYTHONPATH")}
    if not testing:
        return become([str(venv.python), "-P", "-m", "toolkit"] + (arguments or ["report"]), environ)
    environ["TOOLKIT_BROWSER"] = browser_for_tests(root) or ""
    os.chdir(root)
    return become([str(venv.python), "-P", "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"] + arguments[1:], environ)


def become(command, environ):
    """Let the command take this process's place; on Windows, where none can, wait for its exit code."""
    if os.name != "nt":
        os.execve(command[0], command, environ)
    process = subprocess.Popen(command, env=environ)
    while True:
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C reaches the command itself, which decides
            return process.wait()


def say(line):
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def reason(words):
    """The line for the person, from what an installer or the system said."""
    for pattern, line in REASONS:
        found = re.search(pattern, words)
        if found:
            what = next((group for group in found.groups() if group), "A file").strip("`,.")
            return line % {"what": what, "python": "%d.%d" % sys.version_info[:2], "system": sysconfig.get_platform()}
    return "The set-up failed: %s" % (words.strip().splitlines() or ["the installer gave no reason."])[-1].strip()


# The environment: ready, or made anew.

def venv_of(root):
    """Where things stand in the environment of the project at `root`, whether there or not."""
    folder = root / ".venv"
    bases = {"base": str(folder), "platbase": str(folder)}
    python = Path(sysconfig.get_path("scripts", "venv", bases), "python.exe" if os.name == "nt" else "python")
    pth = Path(sysconfig.get_path("purelib", "venv", bases), "toolkit.pth")
    return Venv(folder, python, pth, folder / "share" / "toolkit-examples")


def stamp_of(venv, name):
    return venv.folder / (name + ".stamp")


def digest(root, name):
    """What a set's stamp must say: its locks, for this version of Python, on this system, in this folder."""
    place = [os.fsencode(part) for part in (root, sys.implementation.cache_tag, sysconfig.get_platform())]
    return hashlib.sha256(b"\0".join(place + [(root / lock).read_bytes() for lock in LOCKS[name]])).hexdigest()


def is_ready(root, name):
    """Whether a set stands in the environment, complete; reads a few small files and starts nothing."""
    venv, wanted = venv_of(root), digest(root, name)
    try:
        home = re.search(r"^home *= *(.*?) *$", (venv.folder / "pyvenv.cfg").read_text("utf-8", "replace"), re.M)
        whole = home and os.path.isdir(home.group(1)) and venv.python.exists() and venv.pth.exists()
        return bool(whole) and stamp_of(venv, name).read_text("ascii", "replace") == wanted
    except OSError:
        return False


def set_up(root, wanted):
    """Bring the environment to the wanted sets: tests that were never there are added to what stands,
    anything else that is not as it should be (half-made, moved, outdated) is made anew."""
    venv = venv_of(root)
    if all(is_ready(root, name) for name in wanted):
        return venv
    with locked(root / ".venv-lock"):
        missing = [name for name in wanted if not is_ready(root, name)]
        if not missing:
            return venv
        begun = time.monotonic()
        say("Setting up (once, about a minute) ...")
        with open(root / ".venv-log", "wb") as log:
            add = missing == ["tests"] and not stamp_of(venv, "tests").exists() and installers(venv, anew=False)
            with contextlib.nullcontext() if add else set_aside(venv.folder):
                with_any(add or installers(venv, anew=True), root, missing if add else wanted, log)
        say("Set up in %d s." % (time.monotonic() - begun))
    return venv


@contextlib.contextmanager
def set_aside(folder):
    """Keep the old environment until the new one stands; bring it back if that fails."""
    old = folder.with_name(folder.name + "-old")
    if os.path.lexists(folder) and not os.path.lexists(old):  # else a try was cut off, and `folder` is its rubble
        folder.rename(old)
    try:
        yield
    except BaseException:
        remove(folder)
        if os.path.lexists(old):
            old.rename(folder)
        raise
    remove(old)


def remove(path):
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def locked(path):
    """Hold the project's lock, or wait for it aloud. The system frees it when this process and the installer that
    it started, which inherits it, have ended, however they ended."""
    with open(path, "wb") as handle:
        os.set_inheritable(handle.fileno(), True)
        if not try_lock(handle):
            say("Another run is setting up; waiting for it ...")
            while not try_lock(handle):
                time.sleep(0.2)
        yield


def try_lock(handle):
    """Whether the lock is ours; a file system that cannot lock is taken as it is."""
    try:
        if os.name == "nt":
            import msvcrt
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
    return True


# The installers: uv where it is on PATH, else pip.

def installers(venv, anew):
    """Those that can make an environment anew, or add to the one that stands (pip: where it is inside)."""
    python, uv, virtualenv = sys._base_executable, shutil.which("uv"), shutil.which("virtualenv")
    inside, folder, found = str(venv.python), str(venv.folder), []
    if uv:
        found.append(Installer("uv", [uv, "venv", "--no-project", "--python", python, folder],
                               [uv, "pip", "install", "--compile-bytecode", "--python", inside]))
    create = ([python, "-I", "-m", "venv", folder] if find_spec("venv") and find_spec("ensurepip")
              else [virtualenv, "--python", python, folder] if virtualenv else None)
    if create if anew else (venv.pth.parent / "pip").is_dir():
        found.append(Installer("pip", create, [inside, "-I", "-m", "pip", "install"]))
    if anew and not found:
        raise Stop("This Python (%s) cannot make environments: `apt install python3-venv` on Debian or Ubuntu, "
                   "elsewhere install uv; then run the same command again." % python)
    return found


def with_any(tools, root, names, log):
    """Let the first installer that can do it do it; if none can, the first one's failure is the one to tell."""
    failures = []
    for tool in tools:
        try:
            if failures:
                say("%s could not do it; trying %s ..." % (tools[0].name, tool.name))
            return install(tool, root, names, log)
        except Stop as failure:
            failures.append(failure)
    raise failures[0]


def install(tool, root, names, log):
    """Install each set and then stamp it; the project itself is used from where it stands. A stamp that is
    there without its digest tells of an install that was cut off."""
    venv = venv_of(root)
    if "toolkit" in names:
        remove(venv.folder)
        call(tool.create, root, log)
        venv.pth.write_text(os.path.relpath(root, venv.pth.parent) + "\n", "ascii")
    for name in names:
        stamp_of(venv, name).write_text("begun", "ascii")
        for lock in LOCKS[name]:
            beside = ["--no-deps", "--target", str(venv.examples)] if lock == "locks/examples.txt" else []
            hashed = ["--require-hashes", "--only-binary", ":all:", "-r", str(root / lock)]
            call(tool.install + beside + hashed, root, log)
        finished = venv.folder / "finished"
        finished.write_text(digest(root, name), "ascii")
        os.replace(finished, stamp_of(venv, name))


def call(command, root, log):
    """Run an installer, its words going to the log; stops with the line that its failure comes down to."""
    environ = {key: value for key, value in os.environ.items()
               if not key.startswith(("PYTHON", "UV_", "PIP_")) or REACH.search(key)}
    environ.update(UV_NO_CONFIG="1", PIP_USER="0", PIP_NO_INPUT="1", NO_COLOR="1", DEBIAN_FRONTEND="noninteractive")
    log.write(("$ %s\n" % " ".join(command)).encode("utf-8", "replace"))
    log.flush()
    start = log.tell()
    try:
        code = subprocess.call(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=root, env=environ,
                               close_fds=False)
    except OSError as error:
        raise Stop("%s cannot be run: %s" % (command[0], error))
    if code:
        said = Path(log.name).read_bytes()[start:].decode("utf-8", "replace")
        raise Stop("%s The log: %s" % (reason(said), log.name))


# The browser that the tests drive.

def find_browser():
    """Any Chrome, Chromium or Edge: TOOLKIT_BROWSER, else on PATH or in the usual places of the three systems."""
    named = os.environ.get("TOOLKIT_BROWSER")
    homes = [os.environ[key] for key in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA") if key in os.environ]
    places = BROWSERS + tuple(os.path.join(home, name) for home in homes for name in WINDOWS_BROWSERS)
    found = next(filter(None, map(shutil.which, [named] if named else places)), None)
    if named and not found:
        raise Stop("TOOLKIT_BROWSER names %s, which is not a program here." % named)
    return found


def browser_for_tests(root):
    """The browser, or None, said aloud; root on Debian gets one installed; with CI=true there must be one."""
    if not find_browser() and shutil.which("apt-get") and getattr(os, "geteuid", lambda: 1)() == 0:
        say("No browser found; installing Debian's chromium ...")
        with locked(root / ".venv-lock"), open(root / ".venv-log", "wb") as log:
            try:
                call(["apt-get", "update"], root, log)
                call(["apt-get", "install", "-y", "chromium"], root, log)
            except Stop as stop:
                say(str(stop))
    browser = find_browser()
    if not browser and os.environ.get("CI") == "true":
        raise Stop("No Chrome, Chromium or Edge found: with CI=true that is a failure, for the browser tests must run.")
    if not browser:
        say("NO BROWSER: the browser tests are skipped. Install Chrome, Chromium or Edge, "
            "or name one in TOOLKIT_BROWSER.")
    return browser


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent))
    except KeyboardInterrupt:
        say("\nStopped.")
        sys.exit(130)
    except Stop as stop:
        sys.exit(str(stop))
    except OSError as error:
        sys.exit(reason(str(error)))
