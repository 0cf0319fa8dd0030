"""A folder of a thousand clients to try the press on: doors and worth, and twenty of them broken.

    python benchmarks/thousand.py FOLDER          a thousand clients
    python benchmarks/thousand.py FOLDER 100      fewer; the twenty broken ones are among them from forty on

Sizes, languages, currencies and branches differ; same number, same files. Then, for instance:

    python -m toolkit report FOLDER --keep-going --jobs 2 --out reports
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

BRANCHES = {
    "nl_BE": ("Bakkerij", "Schrijnwerkerij", "Fietsatelier", "Drukkerij", "Dakwerken", "Boekhouding", "Kinésitherapie"),
    "nl_NL": ("Loodgieter", "Rijwielhandel", "Hoveniersbedrijf", "Makelaardij", "Tandartspraktijk", "Softwarehuis"),
    "en_GB": ("Plumbing", "Joinery", "Garden Centre", "Dental Practice", "Accountants", "Print Works"),
}
NAMES = ("Peeters", "Claes", "De Vries", "Jansen", "O'Brien", "Ørsted & Zn", 'Van "Rik" Damme', "Smith", "Çelik", "Maes")
CURRENCIES = {"nl_BE": ("EUR",), "nl_NL": ("EUR",), "en_GB": ("GBP", "EUR", "USD", "CHF")}


@dataclass(frozen=True)
class Made:
    """The files of one client: its client file, and others by name."""

    toml: str | bytes
    others: tuple[tuple[str, str | bytes], ...] = ()


def client(number: int) -> Made:
    """One sound client, the same for the same number."""
    chance = Random(number)
    locale = chance.choice(tuple(BRANCHES))
    locales = [locale, *(["en_GB"] if locale != "en_GB" and chance.random() < 0.1 else [])]
    start = round(10 ** chance.uniform(1.3, 4.5))
    lost = round(start * chance.uniform(0.05, 0.35))
    new = round(start * chance.uniform(0.02, 0.4))
    spend = round(10 ** chance.uniform(1.7, 4))
    name = f"{chance.choice(BRANCHES[locale])} {chance.choice(NAMES)} {number}".replace('"', '\\"')
    return Made(f"""[client]
name = "{name}"
locales = {str(locales).replace("'", '"')}
currency = "{chance.choice(CURRENCIES[locale])}"
period = {{ from = 2024-01-01, to = 2024-12-31 }}
report_date = 2025-01-31
origin = "generated"

[economics]
gross_margin = "{chance.randint(15, 70)}%"
cost_to_win = {round(spend * chance.uniform(0.05, 1.2), 2)}
discount = "{chance.randint(6, 14)}%"

[doors]
start = {start}
new = {new}
lost = {lost}
end = {start + new - lost}
turnover_per_customer = {spend}
target_retention = "{chance.randint(70, 97)}%"

[worth]
""")


LOG = '\n[log]\nfile = "log.csv"\ncolumns = { customer = "klant", date = "dag", amount = "bedrag" }\n'
FROM_LOG = '[doors]\nevery = "year"\nwindow = 365\n' + LOG
ROWS = "klant;dag;bedrag\n" + "".join(f"K{n % 40};{2020 + n % 5}-0{1 + n % 9}-11;{n}.50\n" for n in range(400))


def with_log(made: Made, *others: tuple[str, str | bytes]) -> Made:
    """The same client with its counts from a log instead."""
    head = str(made.toml).split("[doors]")[0]
    return Made(head + FROM_LOG, others)


def put(old: str, new: str) -> Callable[[Made], Made]:
    """A way to break a client file: the first line that begins with a text becomes another."""

    def change(made: Made) -> Made:
        lines = str(made.toml).splitlines()
        place = next(n for n, line in enumerate(lines) if line.startswith(old))
        return replace(made, toml="\n".join([*lines[:place], new, *lines[place + 1 :]]) + "\n")

    return change


BROKEN: dict[str, Callable[[Made], Made]] = {
    "no TOML": lambda made: replace(made, toml=str(made.toml).replace("[doors]", "[doors")),
    "empty file": lambda made: replace(made, toml=""),
    "not text": lambda made: replace(made, toml=b"\x89PNG\r\n\x1a\n\x00\xff\xfe"),
    "another encoding": lambda made: replace(made, toml=str(made.toml).replace("name = \"", "name = \"é").encode("latin-1", "replace")),
    "a key twice": put("lost", "lost = 1\nlost = 2"),
    "unknown key": put("lost", "lots = 12"),
    "unknown section": put("[worth]", "[wealth]"),
    "no section": lambda made: replace(made, toml=str(made.toml).split("[economics]")[0]),
    "no name": put("name", ""),
    "unknown language": put("locales", 'locales = ["fr_BE"]'),
    "unknown currency": put("currency", 'currency = "BEF2"'),
    "period backwards": put("period", "period = { from = 2024-12-31, to = 2024-01-01 }"),
    "reported before the end": put("report_date", "report_date = 2024-06-30"),
    "counts that do not add up": put("end", "end = 123456789"),
    "more lost than there were": put("lost", "lost = 99999999"),
    "a share that is none": put("target_retention", 'target_retention = "185%"'),
    "same id": put("[client]", '[client]\nid = "the-same-id"'),
    "data file missing": lambda made: with_log(made),
    "damaged log": lambda made: with_log(made, ("log.csv", b"PK\x03\x04" + bytes(range(256)) * 4)),
    "a column missing": lambda made: with_log(made, ("log.csv", ROWS.replace("bedrag", "prijs", 1))),
}


def write(folder: Path, count: int) -> dict[str, str]:
    """Write the clients, each in a folder of its own; what is wrong with which, by folder."""
    every = max(count // len(BROKEN), 2)
    places = {n * every + every // 2: kind for n, kind in enumerate(BROKEN) if n * every + every // 2 < count}
    twin = next((n for n, kind in places.items() if kind == "same id"), None)
    for number in range(count):
        made = client(number)
        if number in places:
            made = BROKEN[places[number]](made)
        elif twin is not None and number == twin - 1:
            made = BROKEN["same id"](made)
        home = folder / f"client-{number:04d}"
        home.mkdir(parents=True)
        for name, content in (("client.toml", made.toml), *made.others):
            (home / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return {f"client-{number:04d}": kind for number, kind in places.items()}


def main() -> None:
    """Write the clients that the command line asks for, and say which are broken and how."""
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    count = int(sys.argv[2]) if len(sys.argv) == 3 else 1000
    for name, kind in write(Path(sys.argv[1]), count).items():
        print(f"{name}  {kind}")


if __name__ == "__main__":
    main()
