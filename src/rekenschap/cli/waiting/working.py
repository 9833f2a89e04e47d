# SPDX-License-Identifier: EUPL-1.2
"""What the commands on quarantine do: count, show without values, judge again, destroy after a count."""

from __future__ import annotations

import hashlib
import sys
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rekenschap.audit.intake import check_files, opened_door
from rekenschap.audit.sources.waiting import Worked, work_through
from rekenschap.cli.speak import program, say, say_json
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.contracts.otlp import as_json
from rekenschap.errors import ExitCode, RefusedError
from rekenschap.house import ORIGIN, House, right_now
from rekenschap.intake import (
    NO_FACT,
    TEXT,
    Pile,
    ProfileLines,
    Waiting,
    Which,
    lines_of,
    load_profile,
    masked,
    profile_names,
    profile_text,
)

_MARK = 9
"""Bytes of a digest that are shown, in base64: enough to tell files apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Of which house, and of which rows."""

    home: Path
    profile: str | None = None
    reason: str | None = None
    file: Path | None = None

    @property
    def which(self) -> Which:
        """The same, as quarantine knows it; raises ConfigurationError or SourceError."""
        digest = None
        if self.file is not None:
            check_files([self.file])
            with self.file.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").digest()
        return Which(reason=self.reason, profile=_id_of(self.profile), digest=digest)


def list_waiting(home: Path, profile: str | None, *, language: Language, as_json: bool) -> int:
    """Count what waits by reason; PENDING when anything does."""
    words, asked = words_in(language), Asked(home=home, profile=profile)
    with opened_door(_founded(home)) as door:
        piles = door.quarantine.piles(asked.which)
    count = sum(pile.count for pile in piles)
    lines = {name: _lines(name, profile) for name in {pile.profile for pile in piles}}
    if as_json:
        say_json({"waiting": count, "piles": [_pile_as_json(pile, lines[pile.profile]) for pile in piles]})
    else:
        say(words("waiting", count=words.number(count)) if count else words("waiting_nothing"))
        say(*(_pile(pile, lines[pile.profile], words) for pile in piles))
        if piles:
            say(words("waiting_next", program=program(), reason=piles[0].reason))
    return ExitCode.PENDING if count else ExitCode.FINE


def show(asked: Asked, *, most: int, in_clear: bool, language: Language) -> int:
    """Show rows, masked unless asked otherwise."""
    words = words_in(language)
    with opened_door(_founded(asked.home)) as door:
        keys = door.quarantine.keys(asked.which)
        if in_clear and keys:
            sys.stderr.write(words("waiting_in_clear") + "\n")
        for held in door.quarantine.waiting(keys[:most]):
            say(*_row(held, words, in_clear=in_clear))
    if len(keys) > most:
        say(words("waiting_more", count=words.number(len(keys) - most)))
    if not keys:
        say(words("waiting_nothing"))
    return ExitCode.FINE


def again(asked: Asked, *, language: Language, as_json: bool) -> int:
    """Judge again; PENDING when some of what was asked still waits."""
    words, house = words_in(language), _founded(asked.home)
    profile = None if asked.profile is None else load_profile(asked.profile)
    ledger = house.appending(origin=ORIGIN)
    told = work_through(house, asked.which, profile, ledger=ledger, now=right_now())
    with opened_door(house) as door:
        left = sum(pile.count for pile in door.quarantine.piles(asked.which))
    if as_json:
        say_json(_again_as_json(told, left))
    else:
        say(*_again(told, words))
    return ExitCode.PENDING if left else ExitCode.FINE


def destroy(asked: Asked, *, everything: bool, count: int | None, language: Language) -> int:
    """Count, or destroy when the count is said back; raises RefusedError when it is another."""
    words, which = words_in(language), asked.which
    if everything == (which != Which()):
        raise RefusedError(
            expected="what to destroy: --reason, --profile or --file, or else --everything",
            found="both" if everything else "none of these",
            remedy="name what you mean",
            rule="which",
        )
    with opened_door(_founded(asked.home)) as door:
        keys = door.quarantine.keys(which)
        if count is None:
            say(words("waiting_would_destroy", count=words.number(len(keys)), plain=len(keys)))
            return ExitCode.PENDING if keys else ExitCode.FINE
        if count != len(keys):
            raise RefusedError(
                expected=f"--count {len(keys)}, as many as wait now",
                found=f"{count}",
                remedy="look again at what waits",
                rule="count",
            )
        door.quarantine.remove_rows(keys)
    say(words("waiting_destroyed", count=words.number(len(keys))))
    return ExitCode.FINE


def _founded(home: Path) -> House:
    house = House.at(home)
    if not house.is_founded:
        raise RefusedError(
            expected="a house with a ledger", found="none there", remedy="name it with --home", rule="home"
        )
    return house


def _id_of(profile: str | None) -> str | None:
    return None if profile is None else load_profile(profile).id


def _lines(name: str, given: str | None) -> ProfileLines | None:
    """Read where a profile says what; None when its file was not given and it does not come along."""
    if given is not None:
        return lines_of(profile_text(given))
    return lines_of(profile_text(name)) if name in profile_names() else None


def _pile(pile: Pile, lines: ProfileLines | None, words: Words) -> str:
    about = ".".join(filter(None, (pile.relation, pile.column)))
    at = () if lines is None or not pile.column else lines.of(pile.relation, pile.column)
    told = [
        words("waiting_pile", reason=pile.reason, count=words.number(pile.count), profile=pile.profile),
        words("waiting_origin", origin=pile.origin) if pile.origin else "",
        words("waiting_column", column=about) if about else "",
        words("waiting_line", lines=", ".join(map(str, at))) if at else "",
        words("waiting_give_profile") if lines is None and pile.column else "",
        words("waiting_since", since=_moment(pile.oldest)) if pile.oldest else "",
        words("waiting_no_fact") if pile.reason == NO_FACT else "",
    ]
    return "".join(told)


def _pile_as_json(pile: Pile, lines: ProfileLines | None) -> Mapping[str, object]:
    return {
        "reason": pile.reason,
        "count": pile.count,
        "profile": pile.profile,
        "origin": pile.origin,
        "relation": pile.relation,
        "column": pile.column,
        "lines": list(lines.of(pile.relation, pile.column)) if lines and pile.column else [],
        "oldest": None if pile.oldest is None else _moment(pile.oldest),
    }


def _row(held: Waiting, words: Words, *, in_clear: bool) -> list[str]:
    mark = b64encode(held.digest[:_MARK]).decode()
    head = words("waiting_row", line=words.number(held.row.line), file=mark, column=held.row.column or "-")
    if in_clear:
        return [head, "   " + held.row.original.decode(errors="replace")]
    shapes = masked(as_json(held.row.original), is_row=held.row.form != TEXT)
    return [head, *(f"   {name} = {shape}" if name else f"   {shape}" for name, shape in shapes.items())]


def _again(told: Worked, words: Words) -> list[str]:
    again, number = told.again, words.number
    lines = [
        words("again", judged=number(again.judged), gone=number(again.gone), accepted=number(again.accepted))
    ]
    lines += [
        words("again_stays", reason=reason, count=number(count))
        for reason, count in sorted(again.staying.items())
    ]
    if again.without_facts:
        lines.append(words("again_no_fact", count=number(again.without_facts)))
    if again.not_judged:
        lines.append(words("again_with_file", count=number(again.not_judged)))
    lines += [
        words("again_unknown", profile=name, count=number(count))
        for name, count in sorted(told.unknown.items())
    ]
    return lines


def _again_as_json(told: Worked, left: int) -> Mapping[str, object]:
    again = told.again
    return {
        "judged": again.judged,
        "gone": again.gone,
        "accepted": again.accepted,
        "known": again.known,
        "staying": dict(again.staying),
        "no_fact": again.without_facts,
        "with_file": again.not_judged,
        "profile_unknown": told.unknown,
        "left": left,
    }


def _moment(microseconds: int) -> str:
    return f"{datetime.fromtimestamp(microseconds / 1_000_000, tz=UTC):%Y-%m-%d %H:%M}Z"
