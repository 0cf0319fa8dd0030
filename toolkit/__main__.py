"""The command line: new · check · report · verify · lab.

Exit codes: 0 done, 1 something failed, 2 refused before running, 130 stopped.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

LOCALES = ("nl_BE", "nl_NL", "en_GB")  # as in toolkit.words, which --help has no time to import
ROOT = Path(__file__).resolve().parent.parent
FAILED, REFUSED = 1, 2

locale_option = click.option(
    "--locale",
    "locales",
    multiple=True,
    type=click.Choice(LOCALES),
    help="Language of the report; may be given more than once. Default: those in the client file.",
)
set_option = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Change one field of every client for this run, e.g. doors.target_retention=85%.",
)
clients_argument = click.argument("clients", nargs=-1, type=click.Path())


def _shard(context: click.Context, option: click.Parameter, given: str | None) -> tuple[int, int] | None:
    """Which part of how many, from I/N."""
    first, slash, parts = ("1/1" if given is None else given).partition("/")
    if not (slash and first.isdecimal() and parts.isdecimal() and 1 <= int(first) <= int(parts) <= 10_000):
        raise click.BadParameter(f"{given!r} is no part of a whole; write for example 2/4.")
    return (int(first), int(parts)) if given is not None else None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """What a firm's front door and back door are worth, from its own figures.

    CLIENT is a client file, a folder with a client.toml in it, or a folder of such folders and files.
    """


@main.command()
@click.argument("name")
@click.option("--locale", type=click.Choice(LOCALES), default="nl_BE", show_default=True, help="Language.")
@click.option("--folder", type=click.Path(path_type=Path), default=Path(), help="Where to make it.")
@click.option("--example", type=click.Choice(("pxl",)), help="Instead: NAME-a to NAME-l and NAME-pooled, a generated study.")
def new(name: str, locale: str, folder: Path, example: str | None) -> None:
    """Write a commented client file, NAME/client.toml: every field with unit, bounds and help."""
    if example:
        from toolkit.examples.pxl_clients import write_pxl_clients

        return _refusing(lambda: click.echo("\n".join(map(str, write_pxl_clients(name, folder)))), locale)
    from toolkit.form import write_client_file

    _refusing(lambda: click.echo(write_client_file(name, folder, locale)), locale)


@main.command()
@clients_argument
@locale_option
@set_option
def check(clients: tuple[str, ...], locales: tuple[str, ...], settings: tuple[str, ...]) -> None:
    """Read clients and their data, and list everything that would be refused. Nothing is written."""
    from toolkit.commands import check_clients

    sys.exit(check_clients(clients or _examples(), locales, settings))


@main.command()
@clients_argument
@locale_option
@set_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=ROOT / "reports",
    help="Where the reports go. Default: the project's own folder of reports.",
)
@click.option("--pdf", is_flag=True, help="Also print a PDF, through the Chromium, Chrome or Edge found.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Clients at a time. Default: one per processor, at most 8.")
@click.option(
    "--time-limit",
    type=click.IntRange(1, 1_000_000),
    default=1800,
    show_default=True,
    metavar="S",
    help="Seconds that checking or making one client may take.",
)
@click.option(
    "--memory-limit",
    type=click.IntRange(64, 1_000_000),
    metavar="MB",
    help="Memory that one client may take, in MB (Linux). Default: no limit.",
)
@click.option("--resume", is_flag=True, help="Make only what is unfinished, or made of something that changed.")
@click.option("--keep-going", is_flag=True, help="Make the clients that are right, even when others are refused.")
@click.option("--shard", metavar="I/N", callback=_shard, help="Only the I-th of N parts of the clients, e.g. 2/4.")
@click.option(
    "--engine",
    type=click.Choice(("fast", "kernel")),
    help="How notebooks run: in the client's own process, or each in a Jupyter kernel. Default: fast on Linux.",
)
def report(clients: tuple[str, ...], locales: tuple[str, ...], settings: tuple[str, ...], out: Path, **asked) -> None:
    """Make the reports of one or many clients, or of a folder of clients; without CLIENT of all shipped examples."""
    from toolkit.commands import report_clients
    from toolkit.press.batch import Options, cpus

    fallback = {"jobs": cpus(), "memory_limit": 0, "engine": "fast" if sys.platform == "linux" else "kernel"}
    if asked["memory_limit"] and sys.platform != "linux":
        raise click.BadParameter("only Linux can limit the memory of one client.", param_hint="--memory-limit")
    options = Options(locales=locales, **{name: fallback.get(name) if value is None else value for name, value in asked.items()})
    code = report_clients(clients or _examples(), settings, out=out, options=options)
    if not clients and code == 0:
        click.echo("To work with them live: python3 run.py lab")
    sys.exit(code)


@main.command()
@click.argument("reports", type=click.Path(path_type=Path), default=ROOT / "reports")
@click.option("--locale", type=click.Choice(LOCALES), help="Language of what is said. Default: nl_BE.")
def verify(reports: Path, locale: str | None) -> None:
    """Hold the reports in a folder against the manifest: what is missing, changed, or made of what changed since."""
    from toolkit.commands import verify_reports

    sys.exit(verify_reports(reports, locale))


@main.command()
@clients_argument
@click.option("--locale", type=click.Choice(LOCALES), help="Language. Default: each client's first.")
@click.option("--code", is_flag=True, help="For the analyst: leave the code in sight.")
@click.option("--no-browser", is_flag=True, help="Print the address instead of opening it.")
@click.option("--port", type=int, default=8888, show_default=True, help="Port on this machine.")
def lab(clients: tuple[str, ...], locale: str | None, code: bool, no_browser: bool, port: int) -> None:
    """Open JupyterLab for a session, on this machine only; without CLIENT on the shipped examples.

    A start page leads to the chapters of every client. The notebooks are working copies; a CLIENT that is a
    folder of clients stands for all of them.
    """
    from toolkit.lab import open_lab
    from toolkit.press.batch import client_paths

    paths = client_paths(clients) or list(_examples())
    how = {"reports": ROOT / "reports", "browser": not no_browser, "port": port, "code": code}
    _refusing(lambda: sys.exit(open_lab(paths, locale, **how)), locale, paths[0])


def _examples() -> tuple[str, ...]:
    return tuple(str(path.parent) for path in sorted((ROOT / "templates" / "clients").glob("*/client.toml")))


def _refusing(act, locale: str | None, client: str | None = None) -> None:
    """Run a command whose refusals are shown in one locale."""
    from toolkit.finding import Refused

    try:
        act()
    except Refused as refused:
        from toolkit.client import language_hint
        from toolkit.opening import refusal_lines

        hint = locale or (language_hint(client) if client else None) or "nl_BE"
        for line in refusal_lines(refused, hint):
            click.echo(line, err=True)
        sys.exit(REFUSED)


if __name__ == "__main__":
    main(prog_name="python3 run.py")
