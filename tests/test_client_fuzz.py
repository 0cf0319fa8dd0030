"""Whatever a client file or a log may say, it is read, or refused in words that exist in every locale."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import tomli_w
from conftest import FROM_LOG, LOG, client_text, make_client, write_client
from hypothesis import example, given, settings
from hypothesis import strategies as some

from toolkit import doors
from toolkit.client import Client, load
from toolkit.finding import Refused
from toolkit.ids import is_safe
from toolkit.opening import refusal_lines
from toolkit.words import LOCALES

ASKED = settings().max_examples  # by the profile
SCALARS = (
    some.booleans()
    | some.integers(-(10**6), 10**6)
    | some.integers(-(2**63), 2**63)
    | some.floats()
    | some.sampled_from(
        ["", "85%", "101%", "u", "year", "nl_BE", "EUR", "log.csv", "2024-01-01", "{given}", "CON", "%d", "keep"]
    )
    | some.text(max_size=10)
    | some.dates()
    | some.datetimes()
    | some.times()
)
VALUES = some.recursive(
    SCALARS,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
RIGHT: dict[str, dict[str, Any]] = {
    "client": {
        "id": "peeters", "name": "Peeters", "locales": ["nl_BE"], "currency": "EUR", "report_date": date(2025, 1, 31),
        "period": {"from": date(2024, 1, 1), "to": date(2024, 12, 31)}, "address": "je", "confidential": True,
        "origin": "own",
    },
    "economics": {"gross_margin": 0.4, "cost_to_win": 900},
    "doors": {
        "start": 250, "new": 60, "won_and_gone": 3, "reactivated": 0, "lost": 50, "end": 260,
        "won_by_recommendation": 9, "turnover_per_customer": 100.0, "target_retention": "85%", "source": "boekhouding",
        "turnover": {"start": 10.0, "contraction": 0.6, "churned": 0.9, "expansion": 1.8},
        "periods": [{"from": date(2024, 1, 1), "to": date(2024, 12, 31), "start": 250, "new": 60, "lost": 50}],
        "every": "year", "window": 90,
    },
    "log": {
        "file": "nothing.csv", "columns": {"customer": "klant", "date": "datum", "amount": "bedrag"},
        "duplicates": "keep", "delimiter": ";", "decimal": ",", "date_format": "%d-%m-%Y",
    },
}  # fmt: skip
PLACES = [(section, key) for section, fields in RIGHT.items() for key in fields]
TEXTS = some.text(max_size=200) | some.lists(
    some.sampled_from(
        [
            "[client]",
            "[doors]",
            "[[doors.periods]]",
            "[log]",
            "[",
            "]",
            "=",
            "start",
            "new",
            "lost",
            "1",
            '"',
            "\n",
            " ",
            "{",
            "}",
            ",",
            "2024-01-01",
            "nl_BE",
            "\\",
            "#",
            "'''",
        ]
    )
    | some.text(max_size=3),
    max_size=40,
).map(" ".join)


def read_or_refused(path: Path) -> Client | None:
    """The client, or None where it is refused; a refusal reads well in every locale."""
    try:
        return load(path)
    except Refused as refused:
        assert refused.refusals
        for locale in LOCALES:
            assert all(refusal_lines(refused, locale))
        return None


@settings(max_examples=3 * ASKED)
@given(
    changes=some.dictionaries(some.sampled_from(PLACES), some.none() | VALUES, max_size=6),
    left=some.sets(some.sampled_from(PLACES)),
)
@example(changes={}, left=set())
def test_whatever_stands_at_a_field_it_is_read_or_refused(tmp_path: Path, changes: dict, left: set):
    raw = {
        section: {key: value for key, value in fields.items() if (section, key) not in left}
        for section, fields in RIGHT.items()
    }
    for (section, key), value in changes.items():
        raw[section].pop(key, None)
        if value is not None:
            raw[section][key] = value
    client = read_or_refused(write_client(tmp_path, tomli_w.dumps(raw)))
    assert client is None or is_safe(client.id)


@settings(max_examples=2 * ASKED)
@given(raw=some.dictionaries(some.sampled_from([*RIGHT, "zebra"]) | some.text(max_size=5), VALUES, max_size=5))
def test_whatever_toml_it_is_it_is_read_or_refused(tmp_path: Path, raw: dict):
    read_or_refused(write_client(tmp_path, tomli_w.dumps(raw)))


@settings(max_examples=3 * ASKED)
@given(text=TEXTS.map(str.encode) | some.binary(max_size=60) | TEXTS.map(lambda text: (client_text() + text).encode()))
def test_whatever_bytes_they_are_they_are_read_or_refused(tmp_path: Path, text: bytes):
    read_or_refused(write_client(tmp_path, text))


@settings(max_examples=ASKED // 3)
@given(
    rows=some.lists(
        some.lists(
            some.sampled_from(
                [
                    "an",
                    "bo",
                    "2023-01-01",
                    "2024-02-30",
                    "31/12/2023",
                    "5,00",
                    "1.234",
                    '"',
                    ";",
                    "€ 5",
                    "-1",
                    "nan",
                    "'",
                    "{given}",
                ]
            )
            | some.text(max_size=5),
            max_size=4,
        ).map(";".join),
        max_size=12,
    )
)
def test_whatever_a_log_says_it_is_counted_or_refused(tmp_path: Path, rows: list[str]):
    (tmp_path / "log.csv").write_bytes(
        "\n".join(["klant;datum;bedrag", "k0;2022-01-01;1,00", *rows]).encode("utf-8", "surrogatepass")
    )
    client = make_client(tmp_path, client_text(FROM_LOG, more=LOG))
    try:
        assert doors.results(client).flows
    except Refused as refused:
        for locale in LOCALES:
            assert all(refusal_lines(refused, locale))
