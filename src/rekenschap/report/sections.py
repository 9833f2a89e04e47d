# SPDX-License-Identifier: EUPL-1.2
"""What came in, how much is explained, is the ledger sound: the sections as lines, pictures and tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rekenschap.model.explanation import GroundShare, Standing, Weight
from rekenschap.report.charts import coverage_chart, ground_chart, week_chart
from rekenschap.report.content import Period, ReportContent, SourceSystem
from rekenschap.report.parts import Picture, Table, picture
from rekenschap.report.texts import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeSection:
    """What came in and what is not seen."""

    lead: str
    more: str
    systems: Picture | None
    relations: Table
    quarantine: Table | None
    not_covered: tuple[str, ...]
    not_received: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesSection:
    """The explained share beside its null: over all, per week and per ground."""

    lead: str
    more: str
    weeks: Picture | None
    grounds: Picture | None
    exact: Table
    has_shared_accounts: bool


def intake_section(content: ReportContent, words: Words) -> IntakeSection:
    """Say what came in from where, what was set apart, and what is not covered."""
    systems = content.coverage.systems
    facts = words.number(sum(x.facts for x in systems))
    refused = sum(x.count for x in content.quarantined)
    key = "intake.quarantine"
    return IntakeSection(
        lead=words.say("intake.answer", facts=facts, systems=words.say_count("intake.systems", len(systems))),
        more=words.say(f"{key}_none") if refused == 0 else words.say_count(key, refused),
        systems=_systems_picture(systems, content.period, words) if systems else None,
        relations=_tallies(content, words),
        quarantine=_quarantine(content, words) if refused else None,
        not_covered=tuple(x.within(words.language) for x in content.coverage.not_covered),
        not_received=tuple(x.within(words.language) for x in content.coverage.not_received),
    )


def shares_section(content: ReportContent, words: Words) -> SharesSection:
    """Say which share is explained, and which share chance would explain."""
    shares = content.shares
    explained, null = words.share(shares.explained), words.share(shares.null_explained)
    return SharesSection(
        lead=words.say("shares.answer", looks=words.number(shares.looks), explained=explained),
        more=words.say("shares.answer_null", null=null),
        weeks=_weeks_picture(content, words) if content.weeks else None,
        grounds=_grounds_picture(content, words) if shares.grounds else None,
        exact=_exact(content, words),
        has_shared_accounts=shares.shared_account_looks > 0,
    )


def ground_name(ground: str, content: ReportContent, words: Words) -> str:
    """Give what a ground is called on the page, or its id when nobody named it."""
    return next((x.name.within(words.language) for x in content.grounds if x.ground == ground), ground)


def _systems_picture(systems: tuple[SourceSystem, ...], period: Period, words: Words) -> Picture:
    counted = words.say_count("intake.systems", len(systems))
    first, last = words.day(period.first), words.day(period.last)
    table = Table(
        name=words.say("intake.picture"),
        heads=tuple(words.say(f"intake.{x}") for x in ("system", "facts", "first", "last")),
        rows=tuple(
            (x.name, words.number(x.facts), _moment(x.first, words), _moment(x.last, words)) for x in systems
        ),
        numeric=(1,),
    )
    label = words.say("intake.picture_label", systems=counted, first=first, last=last)
    if not any(x.first and x.last for x in systems):
        return Picture(table=table)
    return picture(
        lambda width: coverage_chart(systems, words, width=width),
        language=words.language,
        label=label,
        table=table,
    )


def _moment(at: datetime | None, words: Words) -> str:
    return words.moment(at) if at is not None else words.say("table.never")


def _tallies(content: ReportContent, words: Words) -> Table:
    return Table(
        name=words.say("intake.relations"),
        heads=(words.say("intake.relation"), words.say("intake.facts")),
        rows=tuple((words.named("relations", x.name), words.number(x.count)) for x in content.relations),
        numeric=(1,),
        total=(words.say("table.total"), words.number(sum(x.count for x in content.relations))),
    )


def _quarantine(content: ReportContent, words: Words) -> Table:
    return Table(
        name=words.say("intake.quarantine"),
        heads=(words.say("intake.reason"), words.say("intake.facts")),
        rows=tuple((x.name, words.number(x.count)) for x in content.quarantined),
        numeric=(1,),
        total=(words.say("table.total"), words.number(sum(x.count for x in content.quarantined))),
    )


def _weeks_picture(content: ReportContent, words: Words) -> Picture:
    last = content.weeks[-1]
    explained, null = words.share(last.explained), words.share(last.null_explained)
    table = Table(
        name=words.say("shares.weeks"),
        heads=tuple(words.say(f"shares.{x}") for x in ("week", "looks", "explained", "null")),
        rows=tuple(
            (
                words.day(x.start),
                words.number(x.looks),
                words.share(x.explained),
                words.share(x.null_explained),
            )
            for x in content.weeks
        ),
        numeric=(1, 2, 3),
    )
    return picture(
        lambda width: week_chart(content.weeks, words, width=width),
        language=words.language,
        label=words.say("shares.weeks_label", explained=explained, null=null),
        table=table,
    )


def _grounds_picture(content: ReportContent, words: Words) -> Picture:
    ordered = sorted(content.shares.grounds, key=lambda x: -x.share)
    named = [(ground_name(x.ground, content, words), x) for x in ordered]
    # A trace explains nothing, so it is in the table only: often chance has more of it than real looks do.
    drawn = [(name, x) for name, x in named if x.weight is not Weight.TRACE] or named
    name, top = drawn[0]
    share, null = words.share(top.share), words.share(top.null_share)
    return picture(
        lambda width: ground_chart(drawn, words, width=width),
        language=words.language,
        label=words.say("shares.grounds_label", ground=name, share=share, null=null),
        table=_grounds_table(named, words),
    )


def _grounds_table(named: list[tuple[str, GroundShare]], words: Words) -> Table:
    return Table(
        name=words.say("shares.grounds"),
        heads=tuple(words.say(f"shares.{x}") for x in ("ground", "kind", "explained", "null", "strength")),
        rows=tuple(
            (
                name,
                _counts_as(x, words),
                words.share(x.share),
                words.share(x.null_share),
                words.decimal(x.strength),
            )
            for name, x in named
        ),
        numeric=(2, 3, 4),
    )


def _counts_as(share: GroundShare, words: Words) -> str:
    """Say what a ground counts as here: what its weight says, or less where it says too little."""
    if share.standing is Standing.STANDS:
        return words.say(f"shares.weight_{share.weight.value}")
    return words.say(f"shares.standing_{share.standing.value}", share=words.share(share.kept_back))


def _exact(content: ReportContent, words: Words) -> Table:
    shares = content.shares
    number, share = words.number, words.share
    rows = [
        ("all_looks", number(shares.looks), share(shares.explained), share(shares.null_explained)),
        (
            "first_looks",
            number(shares.first_looks),
            share(shares.first_explained),
            share(shares.first_null_explained),
        ),
        ("any_looks", "", share(shares.any_explained), share(shares.null_any_explained)),
        ("any_first_looks", "", share(shares.first_any_explained), share(shares.first_null_any_explained)),
        ("weak_only", "", share(shares.weak_only), ""),
        ("shared", number(shares.shared_account_looks), "", ""),
        ("all_accounts", "", share(shares.all_accounts_first_explained), ""),
    ]
    return Table(
        name=words.say("shares.exact"),
        heads=tuple(
            words.say(x) for x in ("shares.measure", "intake.facts", "shares.explained", "shares.null")
        ),
        rows=tuple((words.say(f"shares.{name}"), *cells) for name, *cells in rows),
        numeric=(1, 2, 3),
    )
