# SPDX-License-Identifier: EUPL-1.2
"""The page that says what we see and what we do not: every source we know, silent ones first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from importlib.metadata import version
from math import log1p
from zoneinfo import ZoneInfo

from rekenschap.model.coverage import Blank, Hears, SourceStanding, Standing
from rekenschap.report.charts import arrivals_chart
from rekenschap.report.content import Day, Strip
from rekenschap.report.page import whole_page
from rekenschap.report.parts import Picture, Table, picture
from rekenschap.report.texts import Words, words_of
from rekenschap.tables import ZONE

_DAYS = 28
_EPOCH = date(1970, 1, 1)
_MICROSECONDS = 1_000_000
_UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60))


def render_coverage(standing: Standing, *, language: str) -> str:
    """Render the page in `nl` or `en`; ConfigurationError on another language."""
    words = words_of(language)
    return whole_page(
        "coverage.html",
        words,
        standing=standing,
        made_at=_local(standing.at),
        zone=ZONE,
        version=version("rekenschap"),
        lead=_lead(standing, words),
        silent=[_silence(each, standing.until, words) for each in standing.findings],
        strips=_strips(standing, words) if standing.sources else None,
        late=_late(standing, words),
        blanks=_blanks(standing, words),
        waiting=_waiting(standing, words),
        signs=[_sign(sign, words) for each in standing.sources for sign in each.signs],
    )


def strips_of(standing: Standing) -> tuple[Strip, ...]:
    """Give the last days of every source, the day of the page last."""
    today = _local(standing.at).date()
    return tuple(
        Strip(
            name=each.name,
            days=tuple(_day(each, today - timedelta(days=back)) for back in range(_DAYS - 1, -1, -1)),
        )
        for each in standing.sources
    )


def _day(each: SourceStanding, on: date) -> Day:
    facts = each.days.get((on - _EPOCH).days, 0)
    if facts:
        return Day(on=on, kind="came", much=log1p(facts) / log1p(max(each.days.values())))
    after = each.recorded_at is None or on > _local(each.recorded_at).date()
    return Day(on=on, kind="silent" if each.is_finding and after else "none")


def _lead(standing: Standing, words: Words) -> str:
    count = len(standing.sources)
    if not count:
        return words.say("coverage.answer_none")
    heard = sum(each.hears is Hears.HEARD for each in standing.sources)
    sources = words.say_count("coverage.sources", count)
    answer = words.say("coverage.answer", heard=words.number(heard), sources=sources)
    unknown = sum(each.hears is Hears.UNKNOWN for each in standing.sources)
    return f"{answer} {words.say_count('coverage.unsure', unknown)}" if unknown else answer


def _silence(each: SourceStanding, at: int, words: Words) -> str:
    if each.recorded_at is None:
        return words.say("coverage.never", name=each.name)
    allowed = "" if each.rhythm is None else _span(round(60 * each.rhythm.allowed) * _MICROSECONDS, words)
    return words.say(
        "coverage.silence", name=each.name, gap=_span(at - each.recorded_at, words), allowed=allowed
    )


def _strips(standing: Standing, words: Words) -> Picture:
    strips = strips_of(standing)
    return picture(
        lambda width: arrivals_chart(strips, words, width=width),
        language=words.language,
        label=words.say("coverage.picture_label", sources=words.say_count("coverage.sources", len(strips))),
        table=_table(
            "coverage.picture",
            ("source", "state", "facts", "last", "gap", "allowed"),
            [_stand(each, standing.until, words) for each in standing.sources],
            words,
            numeric=(2,),
        ),
        key=words.say("coverage.key"),
    )


def _stand(each: SourceStanding, at: int, words: Words) -> tuple[str, ...]:
    return (
        each.name,
        words.say(f"coverage.hears_{each.hears.value}"),
        words.number(each.facts),
        _moment(each.recorded_at, words),
        "–" if each.recorded_at is None else _span(at - each.recorded_at, words),
        _rhythm(each, words),
    )


def _rhythm(each: SourceStanding, words: Words) -> str:
    if each.rhythm is None:
        return words.say("coverage.no_rhythm")
    allowed = _span(round(60 * each.rhythm.allowed) * _MICROSECONDS, words)
    key = "coverage.rhythm_declared" if each.rhythm.said else "coverage.rhythm_learned"
    return words.say(key, allowed=allowed)


def _late(standing: Standing, words: Words) -> Table | None:
    rows = [
        (
            each.name,
            _span(each.delays.median, words),
            _span(each.delays.late, words),
            words.say("coverage.early_none")
            if not each.delays.early
            else words.say(
                "coverage.early_some",
                count=words.number(each.delays.early),
                most=_span(each.delays.most_early, words),
            ),
        )
        for each in standing.sources
        if each.delays is not None
    ]
    return _table("coverage.late", ("source", "median", "p95", "clock"), rows, words) if rows else None


def _blanks(standing: Standing, words: Words) -> Table | None:
    rows = [
        (
            each.name,
            words.number(each.missing),
            *(_share(blank, words) for blank in (each.subject, each.actor, each.purpose)),
        )
        for each in standing.sources
        if each.subject.asked or each.missing
    ]
    heads = ("source", "missing", "no_subject", "no_actor", "no_purpose")
    return _table("coverage.blanks", heads, rows, words, numeric=(1, 2, 3, 4)) if rows else None


def _waiting(standing: Standing, words: Words) -> Table | None:
    rows = [
        (each.name, reason, words.number(count))
        for each in standing.sources
        for reason, count in sorted(each.quarantined.items())
    ]
    return (
        _table("coverage.waiting", ("source", "reason", "facts"), rows, words, numeric=(2,)) if rows else None
    )


def _table(
    name: str,
    heads: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    words: Words,
    *,
    numeric: tuple[int, ...] = (),
) -> Table:
    say: Callable[[str], str] = lambda head: words.say(f"coverage.head_{head}")  # noqa: E731
    return Table(name=words.say(name), heads=tuple(map(say, heads)), rows=tuple(rows), numeric=numeric)


def _share(blank: Blank, words: Words) -> str:
    return "–" if blank.share is None else words.share(blank.share)


def _sign(sign: tuple[str, str], words: Words) -> str:
    return sign[0] if words.language == "nl" else sign[1]


def _span(microseconds: int, words: Words) -> str:
    seconds = microseconds / _MICROSECONDS
    for unit, size in _UNITS:
        if abs(seconds) >= 2 * size:
            return words.say(f"coverage.span_{unit}", count=words.number(round(seconds / size)))
    return words.say("coverage.span_seconds", count=words.number(round(seconds)))


def _moment(microseconds: int | None, words: Words) -> str:
    return words.say("table.never") if microseconds is None else words.moment(_local(microseconds))


def _local(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / _MICROSECONDS, tz=ZoneInfo(ZONE))
