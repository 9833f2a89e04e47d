# SPDX-License-Identifier: EUPL-1.2
"""What `sources` says: a line or two per source, silent ones first, and that a source nobody connected is not
in the list."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from rekenschap.audit.sources.coverage import Watching, standing_in
from rekenschap.cli.speak import check_can_write, say, say_json
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.errors import ExitCode, RefusedError
from rekenschap.house import House, microseconds_now
from rekenschap.model.coverage import Blank, SourceStanding, Standing
from rekenschap.report.coverage import render_coverage

_MICROSECONDS = 1_000_000


def tell(home: Path, report: Path | None, *, language: Language, as_json: bool) -> int:
    """Say how every source stands now; PENDING when one is silent for longer than its rhythm allows."""
    words, house = words_in(language), _founded(home)
    if report is not None:
        check_can_write(report, "--report")
    standing = standing_in(house, at=microseconds_now())
    if report is not None:
        report.write_text(render_coverage(standing, language=language.value), encoding="utf-8")
    if as_json:
        say_json(as_json_of(standing))
    else:
        say(*_lines(standing, words))
        if report is not None:
            say(words("report", path=report))
    return ExitCode.PENDING if standing.findings else ExitCode.FINE


def watch(home: Path, *, every: int, language: Language, as_json: bool) -> int:
    """Say it within `every` seconds when a source falls silent, until stopped."""
    words, watching, over = words_in(language), Watching(_founded(home)), Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    while not over.is_set():
        at = microseconds_now()
        for name, hears in watching.ask(at=at):
            if as_json:
                say_json({"at": moment(at), "source": name, "hears": hears.value})
            else:
                say(words(f"sources_now_{hears.value}", at=moment(at), name=name))
        sys.stdout.flush()
        over.wait(every)
    return ExitCode.PENDING if watching.silent else ExitCode.FINE


def as_json_of(standing: Standing) -> dict[str, object]:
    """Give everything for a machine."""
    return {
        "at": moment(standing.at),
        "seen_until": moment(standing.until),
        "size": standing.size,
        "unsealed": standing.unsealed,
        "silent": [each.name for each in standing.findings],
        "sources": [_as_json(each, standing.until) for each in standing.sources],
        "not_shown": "sources that nobody connected and that sources.toml does not name",
    }


def _as_json(each: SourceStanding, at: int) -> dict[str, object]:
    rhythm, delays = each.rhythm, each.delays
    return {
        "name": each.name,
        "hears": each.hears.value,
        "declared": each.is_declared,
        "facts": each.facts,
        "last_happened": moment(each.last_at),
        "last_recorded": moment(each.recorded_at),
        "gap_seconds": None if each.recorded_at is None else (at - each.recorded_at) // _MICROSECONDS,
        "rhythm": None
        if rhythm is None
        else {
            "declared": rhythm.said or None,
            "busy_hours": rhythm.busy_hours or None,
            "allowed_minutes": round(rhythm.allowed, 1),
            "silent_minutes": round(rhythm.silence, 1),
        },
        "delay_seconds": None
        if delays is None
        else {"median": delays.median // _MICROSECONDS, "p95": delays.late // _MICROSECONDS},
        "clock_ahead": None
        if delays is None
        else {"facts": delays.early, "most_seconds": delays.most_early // _MICROSECONDS},
        "missing_numbers": each.missing,
        "quarantine": dict(each.quarantined),
        "without_subject": _share(each.subject),
        "without_actor": _share(each.actor),
        "without_purpose": _share(each.purpose),
        "warned": list(each.warned),
        "signs": [english for _, english in each.signs],
    }


def _share(blank: Blank) -> float | None:
    return None if blank.share is None else round(blank.share, 4)


def _lines(standing: Standing, words: Words) -> Iterator[str]:
    silent = len(standing.findings)
    yield words("sources", count=len(standing.sources), silent=silent)
    for each in standing.sources:
        yield words(f"sources_{each.hears.value}", name=each.name)
        yield from _about(each, standing.until, words)
    if standing.unsealed:
        yield words("sources_unsealed", count=words.number(standing.unsealed))
    if standing.until < standing.at:
        yield words("sources_until", until=moment(standing.until))
    yield words("sources_unseen")


def _about(each: SourceStanding, at: int, words: Words) -> Iterator[str]:
    if each.recorded_at is not None:
        gap = span(at - each.recorded_at, words)
        last = moment(each.last_at) or "-"
        yield words("sources_last", facts=words.number(each.facts), last=last, gap=gap)
    if each.rhythm is not None:
        allowed = span(round(60 * each.rhythm.allowed) * _MICROSECONDS, words)
        key = "sources_declared" if each.rhythm.said else "sources_learned"
        yield words(key, said=each.rhythm.said, allowed=allowed)
    if each.delays is not None:
        median, late = span(each.delays.median, words), span(each.delays.late, words)
        yield words("sources_delay", median=median, late=late)
        if each.delays.early:
            most = span(each.delays.most_early, words)
            yield words("sources_early", count=words.number(each.delays.early), most=most)
    for key, blank in (("subject", each.subject), ("actor", each.actor), ("purpose", each.purpose)):
        if blank.empty and blank.share is not None:
            yield words(f"sources_no_{key}", share=words.share(blank.share))
    for reason, count in sorted(each.quarantined.items()):
        yield words("sources_waiting", reason=reason, count=words.number(count))
    for dutch, english in each.signs:
        yield words("sources_sign", sign=dutch if words.language is Language.NL else english)


def span(microseconds: int, words: Words) -> str:
    """Write how long something is in its largest unit."""
    seconds = microseconds / _MICROSECONDS
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if abs(seconds) >= 2 * size:
            return words(f"span_{unit}", count=words.number(round(seconds / size)))
    return words("span_seconds", count=words.number(round(seconds)))


def moment(microseconds: int | None) -> str | None:
    """Write a moment as ISO 8601 in UTC."""
    if microseconds is None:
        return None
    return datetime.fromtimestamp(microseconds / _MICROSECONDS, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _founded(home: Path) -> House:
    house = House.at(home)
    if not house.is_founded:
        raise RefusedError(
            expected="a house with a ledger", found="none there", remedy="name it with --home", rule="home"
        )
    return house
