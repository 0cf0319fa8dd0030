"""The lab around the stage: working copies with the code folded away, and a page to start from."""

from __future__ import annotations

import json

import nbformat
import pytest
from browser import ROOT
from click.testing import CliRunner
from conftest import client_text, make_client, write_client

from toolkit import __main__ as command_line
from toolkit import lab, scenarios
from toolkit.finding import Refused
from toolkit.lab import copies, server, start
from toolkit.scenarios import Scenario
from toolkit.words import LOCALES, Words


def cells(path) -> list:
    """The cells of a notebook."""
    return nbformat.read(path, as_version=4).cells


# working copies ------------------------------------------------------------------------------


def test_a_copy_stands_for_every_notebook_of_the_client_with_its_parameters(tmp_path):
    client = make_client(tmp_path / "firm")
    folder = lab.copy_notebooks(client, "nl_BE", tmp_path / "copies")
    assert {path.stem for path in folder.iterdir()} == {"front", "doors", "session", "data"}
    for path in folder.iterdir():
        (given,) = (cell for cell in cells(path) if "parameters" in cell.metadata.get("tags", ()))
        said: dict = {}
        exec(given.source, said)
        assert (said["client_file"], said["locale"], said["what_if"]) == (str(client.file.resolve()), "nl_BE", {})


def test_in_the_room_no_code_and_no_note_for_the_facilitator_is_in_sight(tmp_path):
    folder = lab.copy_notebooks(make_client(tmp_path / "firm"), "nl_BE", tmp_path / "copies", code=False)
    for path in folder.iterdir():
        assert all(cell.cell_type == "code" and cell.metadata.jupyter.source_hidden for cell in cells(path))


def test_for_the_analyst_code_and_notes_stand_as_they_were_shipped(tmp_path):
    folder = lab.copy_notebooks(make_client(tmp_path / "firm"), "nl_BE", tmp_path / "copies", code=True)
    shipped, copied = cells(ROOT / "notebooks" / "doors.ipynb"), cells(folder / "doors.ipynb")
    assert [cell.source for cell in copied[:1] + copied[2:]] == [cell.source for cell in shipped[:1] + shipped[2:]]
    assert not any("jupyter" in cell.metadata for cell in copied)


def test_an_existing_copy_is_left_as_it_is(tmp_path):
    client = make_client(tmp_path / "firm")
    (tmp_path / "copies").mkdir()
    (tmp_path / "copies" / "doors.ipynb").write_text("mine")
    lab.copy_notebooks(client, "nl_BE", tmp_path / "copies")
    assert (tmp_path / "copies" / "doors.ipynb").read_text() == "mine"


def test_every_notebook_leads_back_to_the_start_and_to_the_others_in_reading_order(tmp_path):
    client = make_client(tmp_path / "firm")
    folder = lab.copy_notebooks(client, "en_GB", tmp_path / "copies", code=False, start="../start.md")
    assert cells(folder / "doors.ipynb")[0].source == (
        "[← Start](../start.md) · [Page one](front.ipynb) · **The two doors** · [In the session](session.ipynb) · [Annex A](data.ipynb)"
    )


# the start page ------------------------------------------------------------------------------


@pytest.fixture
def firms(tmp_path):
    """Two clients, one of which is refused."""
    good = write_client(tmp_path / "good", client_text(name='"Zon | [Maan](x) <b>"')).parent
    bad = write_client(tmp_path / "bad", client_text("start = 10\nnew = -1\nlost = 2")).parent
    return str(good), str(bad)


def test_the_start_page_lists_each_client_with_its_state_and_its_chapters(firms, tmp_path):
    good = firms[0]
    scenarios.save(scenarios.session_file(f"{good}/client.toml"), Scenario("Een", "doors"))
    (tmp_path / "reports" / "good" / "nl_BE").mkdir(parents=True)
    (tmp_path / "reports" / "good" / "nl_BE" / "report.html").touch()
    row = start.start_page(start.guests([good], None), tmp_path / "reports").splitlines()[-1]
    assert "invulbestand in orde, 1\xa0scenario, rapport gemaakt" in row
    assert row.index("(<good/front.ipynb>)") < row.index("[De twee deuren](<good/doors.ipynb>)") < row.index("(<good/data.ipynb>)")


def test_a_name_can_be_no_markup_of_the_start_page(firms, tmp_path):
    row = start.start_page(start.guests(firms[:1], None), tmp_path).splitlines()[-1]
    assert r"**Zon \| \[Maan\](x) &lt;b&gt;**" in row


def test_a_client_that_is_refused_says_why_in_one_line_and_has_no_links(firms, tmp_path):
    good, bad = start.start_page(start.guests(firms, None), tmp_path).splitlines()[-2:]
    assert "doors.ipynb" in good and "geweigerd: client.toml" in bad and "doors.new" in bad and ".ipynb" not in bad


def test_a_session_file_that_is_refused_is_told_on_the_start_page(firms, tmp_path):
    scenarios.save(scenarios.session_file(f"{firms[0]}/client.toml"), Scenario("Een", "worth"))
    row = start.start_page(start.guests(firms[:1], None), tmp_path).splitlines()[-1]
    assert "client.session.toml" in row and ".ipynb" not in row


def test_a_session_makes_the_page_and_a_folder_for_each_client_that_is_not_refused(firms, tmp_path):
    (tmp_path / "session").mkdir()
    page = start.make_session(start.guests(firms, None), tmp_path / "session", tmp_path)
    assert page.name == "start.md" and sorted(path.name for path in page.parent.iterdir()) == ["good", "start.md"]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_is_written_in_the_language_of_the_clients(firms, tmp_path, locale):
    page = start.start_page(start.guests(firms, locale), tmp_path)
    assert page.startswith(f"# {Words(locale).text('lab.title')}\n")
    assert all(Words(locale).text(f"lab.columns.{name}") in page for name in ("client", "state", "chapters"))


def test_every_word_of_the_lab_has_its_use():
    used = {"title", "intro", "show", "back", "in_order", "scenarios", "reported", "refused", "pages", "columns"}
    assert set(Words("nl_NL").entry("lab")) == used and set(Words("nl_NL").entry("lab.pages")) == {"front", "data"}


# the command ---------------------------------------------------------------------------------


def opened(monkeypatch, *arguments):
    """What the command line would open, and how it ended."""
    asked = []
    monkeypatch.setattr(lab, "open_lab", lambda paths, locale, **how: asked.append((paths, locale, how)) or 0)
    result = CliRunner().invoke(command_line.main, ["lab", *arguments])
    return asked, result


def test_without_a_client_the_lab_opens_on_the_examples(monkeypatch):
    ((paths, locale, how),), _ = opened(monkeypatch)
    assert len(paths) > 5 and locale is None and not how["code"]


def test_a_folder_of_clients_stands_for_all_of_them_and_session_files_for_none(monkeypatch, tmp_path, firms):
    (tmp_path / "third.toml").write_text(client_text(), "utf-8")
    (tmp_path / "third.session.toml").write_text("", "utf-8")
    ((paths, _, _),), _ = opened(monkeypatch, str(tmp_path))
    assert paths == sorted([str(firms[0]), str(firms[1]), str(tmp_path / "third.toml")])


def test_one_client_that_is_refused_is_refused_before_anything_opens(firms, tmp_path):
    with pytest.raises(Refused):
        server.open_lab([firms[1]], None, reports=tmp_path / "reports")
    assert not (tmp_path / "reports").exists()


def test_every_session_has_a_folder_of_its_own(tmp_path):
    assert [server._numbered(tmp_path / "lab").name for _ in range(3)] == ["1", "2", "3"]


def test_the_lab_listens_on_this_machine_only_keeps_its_token_and_asks_nobody(tmp_path):
    command, environment = lab.lab_command(tmp_path, tmp_path / "s", browser=False, port=8899, environ={}, code=False)
    assert "--ServerApp.ip=127.0.0.1" in command and not any("token" in part or "password" in part for part in command)
    off = json.loads((tmp_path / "s" / "labconfig" / "page_config.json").read_text())["disabledExtensions"]
    assert {"@jupyterlab/apputils-extension:announcements", "@jupyterlab/extensionmanager-extension"} <= set(off)
    assert environment["JUPYTER_CONFIG_DIR"] == str(tmp_path / "s")


def test_the_terminal_of_the_lab_shows_what_goes_wrong_and_ctrl_c_asks_nothing(tmp_path):
    command, _ = lab.lab_command(tmp_path, tmp_path / "s", browser=False, port=8899, environ={}, code=False)
    assert {"--Application.log_level=ERROR", "--ServerApp.answer_yes=True"} <= set(command)


def test_with_code_the_analyst_keeps_a_lab_as_it_was_set(tmp_path):
    _, environment = lab.lab_command(tmp_path, tmp_path / "s", browser=False, port=8899, environ={}, code=True)
    assert "JUPYTER_CONFIG_DIR" not in environment and not (tmp_path / "s" / "custom").exists()
    assert set(server.overrides(Words("nl_BE"), code=True)) < set(server.overrides(Words("nl_BE"), code=False))


def test_the_button_that_shows_everything_is_in_the_language_of_the_room():
    buttons = server.overrides(Words("en_GB"), code=False)["@jupyterlab/notebook-extension:panel"]["toolbar"]
    assert [button["label"] for button in buttons if not button.get("disabled")] == ["▶ Show everything"]


def test_copies_are_in_the_reading_order_of_the_report(tmp_path):
    from toolkit.press.report import READING_ORDER

    order = copies.walk_through(make_client(tmp_path))
    assert list(order) == [name for name in READING_ORDER if name in order]
