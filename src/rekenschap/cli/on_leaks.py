# SPDX-License-Identifier: EUPL-1.2
"""The command `leak`: who is the common factor of a leaked list; nothing of the list is ever said back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from rekenschap.audit.answer import grounds_in
from rekenschap.audit.desk.leaking import as_json_of, read_list, source_of, window_of
from rekenschap.cli.speak import progress, say, say_json
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.detect.leak import Candidate, LeakAnswer
from rekenschap.errors import ConfigurationError, ExitCode, RefusedError, SourceError
from rekenschap.house import PERIOD, House, LedgerPlace

_LARGEST = 4_000_000
_IN_WORDS: dict[type[OSError], str] = {
    FileNotFoundError: "no file",
    IsADirectoryError: "a directory",
    PermissionError: "a file we may not read",
}


def leak(
    listed: Path, *, home: Path, first: str | None, last: str | None, seed: int, language: Language,
    as_json: bool,
) -> int:  # fmt: skip
    """Rank the staff who met the list in the window, and say how sure that is."""
    words, house = words_in(language), House.at(home)
    if not house.is_founded:
        raise RefusedError(
            expected="a house with a ledger", found="none", remedy="name it with --home", rule="home"
        )
    window = window_of(_day(first, "--from"), _day(last, "--until"))
    leaked = read_list(_text(listed), house.keys.pseudonym_key(PERIOD))
    place = LedgerPlace.of(house.root)
    place.check_anchored()
    with progress(words("step_leak"), quiet=as_json):
        ledger = place.ledger()
        grounds = grounds_in(house.root, ledger)
        found = source_of(ledger, house.engine(), leaked, window=window, seed=seed, grounds=grounds)
    if as_json:
        say_json({**as_json_of(found), "from": first, "until": last, "seed": seed})
    else:
        say(*_lines(found, words))
    return ExitCode.FINE


def _lines(found: LeakAnswer, words: Words) -> Iterator[str]:
    yield found.sentences.nl if words.language is Language.NL else found.sentences.en
    yield ""
    if found.ranking:
        yield words("leak_head", all=words.number(found.together))
        yield from (_line(each, words) for each in found.ranking)
    if found.lines and found.never_seen == found.lines:
        yield words("leak_unknown")
    yield words("leak_able", count=words.number(found.with_right))
    if found.shared:
        yield words("leak_shared", count=found.shared)


def _line(each: Candidate, words: Words) -> str:
    odds = words("leak_odds", one_in=words.number(each.one_in)) if each.one_in > 1 else words("leak_chance")
    own = f" {words('leak_own_work')}" if each.own_work else ""
    name = each.staff.short
    return words(
        "leak_line", name=name, without=each.unexplained, reason=each.explained,
        usual=_usual(each.expected, words), odds=odds, own=own,
    )  # fmt: skip


def _usual(expected: float, words: Words) -> str:
    return words("leak_little") if expected < 0.05 else words.decimal(expected)


def _day(told: str | None, option: str) -> date | None:
    try:
        return None if told is None else date.fromisoformat(told)
    except ValueError:
        raise ConfigurationError(
            expected=f"a day such as 2026-03-01 for {option}", found="another text", remedy="write it so"
        ) from None


def _text(listed: Path) -> str:
    """Read the list; from standard input when it is called `-`, so that it need not lie in a file."""
    try:
        read = sys.stdin.buffer.read(_LARGEST + 1) if str(listed) == "-" else _beginning(listed)
    except OSError as error:
        raise SourceError(
            expected="a list that can be read", found=_IN_WORDS.get(type(error), "one that cannot be read"),
            remedy="name another file",
        ) from None  # fmt: skip
    if len(read) > _LARGEST:
        raise SourceError(expected="a list of at most 4 MB", found="more", remedy="give a shorter list")
    try:
        return read.decode("utf-8")
    except UnicodeDecodeError:
        return read.decode("windows-1252", errors="replace")


def _beginning(listed: Path) -> bytes:
    with listed.open("rb") as opened:
        return opened.read(_LARGEST + 1)
