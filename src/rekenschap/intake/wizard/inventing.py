# SPDX-License-Identifier: EUPL-1.2
"""Invents the rows of an example: people and zaken of nobody, in the form the file has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from rekenschap.intake.wizard.guessing import Filled, Guess
from rekenschap.model.columns import Column, Kind

_FIRST = datetime(2026, 3, 2, 9, 15)  # noqa: DTZ001  a local time, as an export writes it
_STEP, _LASTS = timedelta(days=1, minutes=7), timedelta(hours=1)
_LATER = frozenset({"ended_at", "valid_until", "closed_at", "done_at"})
_TOKENS = {
    "staff": ("m.devries", "a.bakker"),
    "subject": ("999990019", "999990020"),
    "zaak": ("Z-1", "Z-2"),
    "task": ("T-1", "T-2"),
    "device": ("WP-01", "WP-02"),
}
_TEXTS = {
    "team": ("Burgerzaken", "Zorg"),
    "role": ("medewerker balie", "consulent"),
    "right": ("BRP inzien", "Suwinet inkijk"),
    "fields": ("naam, adres", "geboortedatum"),
    "place": ("hoofdingang", "parkeergarage"),
    "zaaktype": ("paspoort aanvragen", "verhuizing"),
    "register": ("BRP", "BRP"),
}


def invented(guess: Guess, zone: str) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Give rows of the example by column of the file, and the facts expected of them, in clear."""
    rows: list[dict[str, str]] = []
    facts: list[dict[str, str]] = []
    for number in range(2):
        row = {name: values[0] for name, values in guess.when.items()}
        fact: dict[str, str] = {}
        if guess.counted_by:
            row[guess.counted_by] = str(number + 1)
        for name, filled in guess.columns.items():
            written, expected = _value(guess.relation[name], filled, number, zone)
            if len(written) == 1 and filled.sources[0] in row:  # one column of the file fills several
                written, expected = [], row[filled.sources[0]]
            row |= dict(zip(filled.sources, written, strict=False))
            fact[name] = expected
        rows.append(row)
        facts.append(fact)
    if guess.when:
        other = rows[0] | dict.fromkeys(guess.when, "iets anders")
        rows.append(other | ({guess.counted_by: "3"} if guess.counted_by else {}))
    return rows, facts


def _value(column: Column, filled: Filled, number: int, zone: str) -> tuple[list[str], str]:
    """Give what the columns of the file hold, and what the fact then says."""
    if filled.value is not None:
        return [], filled.value
    if column.kind is Kind.TIME:
        return _time(column, filled, number, zone)
    if filled.mapping:
        text = sorted(filled.mapping)[number % len(filled.mapping)]
        return [text], filled.mapping[text]
    text = _plain(column, number)
    parts = [text, *("" for _ in filled.sources[1:])]
    return parts, text


def _plain(column: Column, number: int) -> str:
    if column.kind is Kind.TOKEN:
        return _TOKENS.get(column.domain, (f"{column.domain}-1", f"{column.domain}-2"))[number]
    if column.kind is Kind.CODE:
        return column.codes[number % len(column.codes)]
    if column.kind is Kind.COUNT:
        return str(number + 1)
    if column.kind is Kind.FLAG:
        return "true"
    if column.kind is Kind.BYTES:
        return f"{number + 1:0{2 * column.width}x}"
    return _TEXTS.get(column.name, ("voorbeeld", "voorbeeld"))[number]


def _time(column: Column, filled: Filled, number: int, zone: str) -> tuple[list[str], str]:
    local = _FIRST + number * _STEP + (_LASTS if column.name in _LATER else timedelta())
    form = filled.formats[0] if filled.formats else "%Y-%m-%d %H:%M:%S"
    if form == "iso":
        form = "%Y-%m-%d %H:%M:%S"
    written = local.strftime(form)
    moment = datetime.strptime(written, form).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    expected = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    if len(filled.sources) == 1:
        return [written], expected
    day, _, clock = written.partition(" ")
    return [day, clock, *("" for _ in filled.sources[2:])], expected
