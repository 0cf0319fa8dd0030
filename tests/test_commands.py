"""The command line: what it does, what it says, what it returns, and that it leaves nothing behind when it refuses."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from conftest import COUNTS, FROM_LOG, LOG, ODD, ROOT, SHIPPED, client_text, write_client, write_log

from toolkit import __main__ as command_line
from toolkit import commands, doors, lab
from toolkit.client import load
from toolkit.finding import Refused
from toolkit.opening import refusal_lines
from toolkit.words import LOCALES

COMMANDS = ("new", "check", "report", "verify", "lab")


def run(*arguments: object) -> Result:
    """One command, in this process; it ends with an exit code and never with a traceback."""
    result = CliRunner().invoke(command_line.main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return result


def refused(path: Path) -> Refused:
    """What is wrong with a client."""
    with pytest.raises(Refused) as caught:
        doors.results(load(path))
    return caught.value


def everything_in(folder: Path) -> set[str]:
    """Every file and folder below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """A folder with a correct client file."""
    return write_client(tmp_path / "peeters").parent


# help ----------------------------------------------------------------------------------------


def test_the_help_names_every_command_and_what_a_client_is():
    for flag in ("--help", "-h"):
        result = run(flag)
        assert result.exit_code == 0
        assert all(re.search(rf"^  {name} +\S", result.output, re.MULTILINE) for name in COMMANDS)
        assert "client.toml" in result.output


def test_the_commands_are_new_check_report_verify_and_lab():
    assert set(command_line.main.commands) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_explains_every_argument_and_option(name: str):
    result, command = run(name, "--help"), command_line.main.commands[name]
    assert result.exit_code == 0
    assert command.help and command.help.strip().endswith(".")
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help and parameter.help.strip().endswith("."), parameter.name
            assert all(flag in result.output for flag in parameter.opts)
        else:
            assert parameter.make_metavar(click.Context(command)).strip("[].").upper() in result.output.upper()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("new", {"--locale", "--folder", "--example"}),
        ("check", {"--locale", "--set"}),
        ("lab", {"--locale", "--code", "--no-browser", "--port"}),
        ("report", {"--locale", "--set", "--out", "--pdf", "--engine", "--jobs", "--time-limit", "--memory-limit",
                    "--resume", "--keep-going", "--shard"}),
        ("verify", {"--locale"}),
    ],
)
def test_the_options_are_these(name: str, options: set[str]):
    found = {
        flag
        for parameter in command_line.main.commands[name].params
        if isinstance(parameter, click.Option)
        for flag in parameter.opts
    }
    assert found == options


def test_the_help_offers_the_locales_there_are():
    assert set(command_line.LOCALES) == set(LOCALES)


def test_help_comes_without_pandas_numpy_or_any_other_heavy_package():
    code = "import sys; from toolkit.__main__ import main; main(['--help'], standalone_mode=False); print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert not {"pandas", "numpy", "scipy", "matplotlib", "duckdb", "pydantic", "babel", "IPython"} & set(shown.split())


@pytest.mark.parametrize(
    "arguments",
    [("print",), ("report", "--locale", "fr_BE", "x"), ("report", "--engine", "steam"), ("check", "--zebra"), ("new",)],
)
def test_what_is_no_command_is_a_usage_error(arguments: tuple[str, ...]):
    assert run(*arguments).exit_code == 2


# check ---------------------------------------------------------------------------------------


def test_a_correct_client_is_ticked_and_nothing_is_written(tmp_path: Path, client: Path):
    before = everything_in(tmp_path)
    result = run("check", client)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "✓ peeters\n", "")
    assert everything_in(tmp_path) == before


def test_what_is_wrong_with_several_clients_is_said_at_once_each_in_its_own_language(tmp_path: Path, client: Path):
    dutch = write_client(tmp_path / "dutch", client_text(f"{COUNTS}\ntarget_retention = 85", currency='"euro"'))
    english = write_client(tmp_path / "english", client_text(FROM_LOG, more=LOG, locales='["en_GB"]'))
    write_log(tmp_path / "english", "an;2023-01-01;five\nan;2023-01-02;5,00")
    result = run("check", dutch, english, client, tmp_path / "nobody")
    assert result.exit_code == 2
    for path, locale in ((dutch, "nl_BE"), (english, "en_GB"), (tmp_path / "nobody", "nl_BE")):
        lines = [f"  {line}\n" for line in refusal_lines(refused(path), locale)]
        assert f"\n{path}\n{''.join(lines)}" in result.stderr
    assert "client.currency" in result.stderr and '"85%"' in result.stderr and "five" in result.stderr
    assert result.stdout == "✓ peeters\n"


def test_a_locale_asked_for_is_the_language_of_the_refusals(tmp_path: Path):
    path = write_client(tmp_path, client_text(currency='"euro"'))
    for locale in LOCALES:
        (line,) = refusal_lines(refused(path), locale)
        assert run("check", path, "--locale", locale).stderr == f"\n{path}\n  {line}\n"


def test_every_line_of_a_file_that_is_wrong_throughout_is_in_one_answer():
    result = run("check", ODD / "everything_wrong.toml")
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1 + 20


def test_two_ids_that_differ_in_case_only_are_refused(tmp_path: Path):
    one = write_client(tmp_path / "a", client_text(id='"Peeters"'))
    other = write_client(tmp_path / "b", client_text(id='"peeters"'))
    before = everything_in(tmp_path)
    for command in (("check",), ("report", "--out", tmp_path / "out")):
        result = run(*command, one, other)
        assert result.exit_code == 2
        assert str(one) in result.stderr and str(other) in result.stderr and "client.id" in result.stderr
    assert everything_in(tmp_path) == before


def test_the_same_path_twice_is_one_client(client: Path):
    assert run("check", client, client).stdout == "✓ peeters\n"


def test_without_a_client_the_shipped_examples_are_meant():
    assert {Path(path) for path in command_line._examples()} == set(SHIPPED)


# settings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pair", "value"),
    [
        ("doors.target_retention=85%", "85%"),
        ("doors.target_retention=0.85", 0.85),
        ("doors.start=250", 250),
        ("client.confidential=false", False),
        ('client.name="An"', "An"),
        ("client.name=An & Zn", "An & Zn"),
        ("client.name=a=b", "a=b"),
        ("doors.start=1\nx=2", "1\nx=2"),
        (f"doors.start={'9' * 5000}", "9" * 5000),
        ('client.name="half', '"half'),
    ],
)
def test_a_setting_is_a_toml_value_where_it_is_one_and_else_text(pair: str, value: object):
    (found,) = commands.settings_from([pair]).values()
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize("pair", ["doors.start", "doors.start=", "doors.start=  ", ""])
def test_a_setting_without_a_value_is_refused(client: Path, pair: str):
    with pytest.raises(Refused) as caught:
        commands.settings_from([pair])
    assert [refusal.name for refusal in caught.value.refusals] == ["what_if_without_value"]
    assert run("check", client, "--set", pair).exit_code == 2


@pytest.mark.parametrize(
    "pair",
    ["doors.target_retention=85", "doors.zebra=3", "zebra=3", "=3", "doors=3", "doors.start=10", "doors.start=-1"],
)
def test_a_setting_that_does_not_fit_is_refused_before_anything_runs(tmp_path: Path, client: Path, pair: str):
    result = run("report", client, "--set", pair, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert result.stderr.strip()
    assert not (tmp_path / "out").exists()


# new and lab ---------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", LOCALES)
def test_new_writes_a_file_that_check_passes_in_the_language_asked_for(tmp_path: Path, locale: str):
    made = run("new", "Bakkerij Peeters", "--folder", tmp_path, "--locale", locale)
    assert (made.exit_code, made.stdout.strip()) == (0, str(tmp_path / "bakkerij-peeters" / "client.toml"))
    assert load(tmp_path / "bakkerij-peeters").client.locales == (locale,)
    again = run("new", "Bakkerij Peeters", "--folder", tmp_path, "--locale", locale)
    assert again.exit_code == 2 and "client.toml" in again.stderr


@pytest.mark.parametrize("name", ["../peeters", "CON", "a/b", ""])
def test_new_refuses_a_name_that_is_no_folder_and_writes_nothing(tmp_path: Path, name: str):
    result = run("new", name, "--folder", tmp_path / "here", "--locale", "en_GB")
    assert result.exit_code == 2 and result.stderr.strip()
    assert everything_in(tmp_path) == set()


def test_new_in_a_file_or_in_a_name_too_long_for_a_folder_is_refused(tmp_path: Path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / ("a" * 5000)):
        assert run("new", "Peeters", "--folder", folder).exit_code == 2


def test_lab_refuses_a_client_that_is_not_there_or_not_right(tmp_path: Path):
    assert run("lab", tmp_path / "nobody").exit_code == 2
    assert run("lab", write_client(tmp_path, client_text(currency='"euro"'))).exit_code == 2


def test_lab_listens_on_this_machine_only_keeps_its_token_and_asks_the_network_nothing(tmp_path: Path):
    command, environment = lab.lab_command(
        tmp_path, tmp_path / "settings", browser=False, port=8899, environ={"PYTHONPATH": "mine"}
    )
    assert {
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=8899",
        "--no-browser",
        f"--ServerApp.root_dir={tmp_path}",
    } <= set(command)
    assert not [part for part in command if "token" in part or "password" in part]
    assert environment["PYTHONPATH"].split(os.pathsep) == [str(ROOT), "mine"]
    quiet = json.loads((tmp_path / "settings" / "labconfig" / "page_config.json").read_text())["disabledExtensions"]
    assert quiet["@jupyterlab/apputils-extension:announcements"] is True


def test_lab_copies_the_notebooks_for_a_client_and_leaves_copies_that_are_there(tmp_path: Path, client: Path):
    folder = lab.copy_notebooks(load(client), "en_GB", tmp_path / "lab")
    (notebook,) = folder.glob("doors.ipynb")
    assert str(client / "client.toml") in json.loads(notebook.read_text())["cells"][1]["source"].__str__().replace(
        "\\\\", "\\"
    )
    notebook.write_text("mine")
    lab.copy_notebooks(load(client), "en_GB", tmp_path / "lab")
    assert notebook.read_text() == "mine"


# report --------------------------------------------------------------------------------------


def test_a_report_is_a_page_its_numbers_and_its_notebook_in_every_language_asked_for(tmp_path: Path, client: Path):
    out = tmp_path / "out"
    result = run(
        "report", client, "--locale", "nl_BE", "--locale", "en_GB", "--out", out, "--set", "doors.target_retention=90%"
    )
    assert result.exit_code == 0
    made = {
        f"peeters/{locale}/{name}"
        for locale in ("nl_BE", "en_GB")
        for name in ("report.html", "report.ipynb", "results.json")
    }
    made |= {"manifest.jsonl", "index.html"}
    assert {path for path in everything_in(out) if (out / path).is_file() and ".press" not in path} == made
    assert result.stdout.count("report.html") == 2
    numbers = json.loads((out / "peeters" / "en_GB" / "results.json").read_text(encoding="utf-8"))
    assert numbers["what_if"] == {"doors.target_retention": "90%"}
    (target,) = (one for one in numbers["chapters"]["doors"]["numbers"] if one["name"] == "target_retention")
    assert target["value"] == 0.9


def test_numbers_ranges_and_days_may_be_set_as_well_as_percentages(tmp_path):
    given = {
        "doors.target_retention": "0.85",
        "economics.gross_margin": "{ low = 0.3, high = 0.4 }",
        "economics.cost_to_win": "900",
        "client.report_date": "2025-03-01",
    }
    pairs = [part for name, value in given.items() for part in ("--set", f"{name}={value}")]
    result = run("report", ROOT / "templates" / "clients" / "leak-50", "--locale", "nl_BE", "--out", tmp_path, *pairs)
    assert result.exit_code == 0, result.output
    found = json.loads((tmp_path / "leak-50" / "nl_BE" / "results.json").read_text("utf-8"))
    assert found["what_if"]["doors.target_retention"] == 0.85 and found["report_date"] == "2025-03-01"
    assert found["what_if"]["economics.gross_margin"] == {"low": 0.3, "high": 0.4}


@pytest.fixture
def unwritable(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """An output folder that cannot be written, in the way that the test names."""
    match request.param:
        case "a file in its place":
            (tmp_path / "out").write_text("mine")
        case "a file above it":
            (tmp_path / "file").write_text("mine")
            return tmp_path / "file" / "out"
        case "a name too long":
            return tmp_path / ("a" * 5000)
        case "a link to nowhere":
            if os.name == "nt":
                pytest.skip("links need rights on Windows")
            (tmp_path / "out").symlink_to(tmp_path / "nowhere")
        case "a file in the client's place":
            (tmp_path / "out").mkdir()
            (tmp_path / "out" / "peeters").write_text("mine")
        case "a file in the locale's place":
            (tmp_path / "out" / "peeters").mkdir(parents=True)
            (tmp_path / "out" / "peeters" / "nl_BE").write_text("mine")
        case "read only":
            if os.name == "nt" or os.geteuid() == 0:
                pytest.skip("nothing is read-only for root")
            (tmp_path / "out").mkdir(mode=0o555)
    return tmp_path / "out"


PLACES = [
    "a file in its place",
    "a file above it",
    "a name too long",
    "a link to nowhere",
    "a file in the client's place",
    "a file in the locale's place",
    "read only",
]


@pytest.mark.parametrize("unwritable", PLACES, indirect=True)
def test_an_output_folder_that_cannot_be_written_is_refused_before_anything_is_made(
    tmp_path: Path, client: Path, unwritable: Path
):
    other = write_client(tmp_path / "acme").parent
    before = everything_in(tmp_path)
    result = run("report", other, client, "--locale", "nl_BE", "--out", unwritable)
    assert result.exit_code == 2
    assert "--out" in result.stderr
    assert everything_in(tmp_path) == before


def test_one_client_that_is_refused_keeps_every_report_from_being_made(tmp_path: Path, client: Path):
    wrong = write_client(tmp_path / "wrong", client_text(FROM_LOG, more=LOG))
    write_log(tmp_path / "wrong", "an;gisteren;5,00")
    result = run("report", client, wrong, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert str(wrong) in result.stderr and "gisteren" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        ("--jobs", "0"),
        ("--jobs", "many"),
        ("--time-limit", "0"),
        ("--time-limit", "nan"),
        ("--memory-limit", "-1"),
        ("--engine", "toolkit"),
        *(("--shard", shard) for shard in ("0/4", "5/4", "2", "1/", "a/b", "-1/2", "1/0", "²/4", "")),
    ],
)
def test_an_option_that_makes_no_sense_is_refused_in_one_line_before_anything_is_read(tmp_path: Path, wrong):
    result = run("report", tmp_path, *wrong, "--out", tmp_path / "out")
    assert result.exit_code == 2 and wrong[0] in result.stderr.splitlines()[-1]
    assert everything_in(tmp_path) == set()


@pytest.mark.parametrize(("arguments", "code"), [(("check", "nobody"), 2), (("new", "peeters", "--folder", "here"), 0)])
def test_the_program_itself_ends_with_the_same_codes(tmp_path: Path, arguments: tuple[str, ...], code: int):
    done = subprocess.run(
        [sys.executable, "-m", "toolkit", *arguments], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == code
    assert "Traceback" not in done.stderr
