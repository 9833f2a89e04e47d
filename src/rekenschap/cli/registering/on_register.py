# SPDX-License-Identifier: EUPL-1.2
"""What the commands on the register do and say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rekenschap.audit.deriving import Derived
from rekenschap.audit.desk.people import reading
from rekenschap.audit.register import (
    Decided,
    Line,
    Report,
    planned,
    put_on_record,
    register_of,
    report_of,
)
from rekenschap.cli.exporting import moment_of
from rekenschap.cli.packing.on_packs import Decided as Asked
from rekenschap.cli.packing.on_packs import check_words, founded
from rekenschap.cli.speak import say, say_json
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.errors import ExitCode
from rekenschap.house import right_now
from rekenschap.register import Basis, Plan, Version, lacking

_MOST = 12
"""Lines of a table that are said; --json says all."""


_WHY = {
    Basis.NONE: "register_none_named",
    Basis.UNKNOWN: "register_unknown",
    Basis.NOT_THEN: "register_not_then",
}


def take(file: Path, asked: Asked | None, *, home: Path, language: Language, as_json: bool) -> int:
    """Say what a file would change, and put it on record unless it is only looked at or has problems."""
    if asked is not None:
        check_words(asked)
    words, house, now = words_in(language), founded(home), right_now()
    found = planned(file, register_of(house), now=now)
    wrong = bool(found.problems)
    if asked is not None and not wrong and found.versions:
        put_on_record(house, found.versions, Decided(by=asked.by, because=asked.because, at=now))
    if as_json:
        say_json(_plan_told(found) | {"on_record": asked is not None and not wrong})
    else:
        _say_plan(found, words, only_look=asked is None)
    return ExitCode.QUARANTINED if wrong else ExitCode.FINE


def list_all(home: Path, *, at: str, language: Language, as_json: bool) -> int:
    """Say which activities hold at a moment."""
    words, house = words_in(language), founded(home)
    asked = moment_of(at, "--at")
    moment = right_now() if asked is None else datetime.fromtimestamp(asked / 1_000_000, tz=UTC)
    holding = register_of(house).holding(moment)
    if as_json:
        say_json({"at": moment.isoformat(), "activities": [version_told(each) for each in holding]})
        return ExitCode.FINE
    if not holding:
        say(words("register_none"))
    for each in holding:
        _say_entry(each, words)
    return ExitCode.FINE


def _say_entry(each: Version, words: Words) -> None:
    days = words.number(each.retention_period or 0)
    told = {"number": each.key, "name": each.name, "edition": each.edition, "basis": each.legal_basis}
    say(words("register_line", law=each.law or words("register_no_law"), days=days, **told))
    if empty := lacking(each):
        say(words("register_lacks", fields=", ".join(words(f"register_field_{one}") for one in empty)))


def report(home: Path, *, language: Language, as_json: bool) -> int:
    """Say how looks and delivered sets stand to the register."""
    words, house = words_in(language), founded(home)
    register = register_of(house)
    found = report_of(reading(house), Derived.open(home), register, now=right_now())
    if as_json:
        say_json(_report_told(found))
        return ExitCode.FINE
    for kind, lines in (("looks", found.looks), ("sets", found.sets)):
        say(*_said_lines(kind, lines, words))
    say(words("register_idle", count=len(found.idle), keys=", ".join(found.idle)) if found.idle
        else words("register_none_idle"))  # fmt: skip
    return ExitCode.FINE


def version_told(version: Version) -> dict[str, object]:
    """Give a version as plain values, for JSON."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(version).items()
    }


def _said_lines(kind: str, lines: tuple[Line, ...], words: Words) -> Iterator[str]:
    every = Report.total(lines)
    based = Report.total(lines, Basis.KNOWN, Basis.AFTERWARDS)
    yield words(f"register_{kind}", count=words.number(every), based=words.number(based),
                share=words.share(based / every if every else 1.0),
                after=words.number(Report.total(lines, Basis.AFTERWARDS)))  # fmt: skip
    without: Counter[tuple[str, str, Basis]] = Counter()
    for each in lines:
        if not each.basis.counts:
            without[each.system, each.team, each.basis] += each.count
    for (system, team, basis), count in without.most_common(_MOST):
        yield words("register_without", system=system, team=team or words("register_no_team"),
                    count=words.number(count), why=words(_WHY[basis]))  # fmt: skip
    if len(without) > _MOST:
        yield words("register_more", count=len(without) - _MOST)


def _say_plan(found: Plan, words: Words, *, only_look: bool) -> None:
    for each in found.problems:
        field = words(f"register_field_{each.field}") if each.field else "-"
        say(words("register_problem", line=each.line, field=field, why=words(f"register_{each.reason}")))
    if found.problems:
        say(words("register_not_taken"))
        return
    for fresh in found.fresh:
        say(words("register_fresh", number=fresh.key, name=fresh.name))
    for new in found.changed:
        say(words("register_changed", number=new.key, name=new.name, edition=new.edition))
    told = {"fresh": len(found.fresh), "changed": len(found.changed), "same": found.same}
    say(words("register_would" if only_look else "register_taken", **told))
    if found.absent:
        say(words("register_absent", keys=", ".join(found.absent)))


def _plan_told(found: Plan) -> dict[str, object]:
    return {
        "fresh": [each.key for each in found.fresh],
        "changed": [each.key for each in found.changed],
        "same": found.same,
        "absent": list(found.absent),
        "problems": [asdict(each) for each in found.problems],
    }


def _report_told(found: Report) -> dict[str, object]:
    return {
        "size": found.size,
        "looks": [_line_told(each) for each in found.looks],
        "sets": [_line_told(each) for each in found.sets],
        "uses": [
            asdict(each) | {"last_at": each.last_at and each.last_at.isoformat()} for each in found.uses
        ],
        "idle": list(found.idle),
    }


def _line_told(line: Line) -> dict[str, object]:
    return asdict(line) | {"basis": line.basis.value}
