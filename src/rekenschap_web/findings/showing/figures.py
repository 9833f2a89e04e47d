# SPDX-License-Identifier: EUPL-1.2
"""The figures of findings: the drawings of the report, fed with what the desk may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from statistics import median_low

from django.utils.translation import gettext as _

from rekenschap.model.finding import Finding
from rekenschap.report.charts import MOST_LINES, peers_chart, timeline_chart, trend_chart
from rekenschap.report.content import Look, Peer, Work
from rekenschap.report.parts import Table
from rekenschap.report.story import Step, steps_of
from rekenschap.report.texts import Words
from rekenschap_web.design.charts import Figure, figure
from rekenschap_web.design.words import words_here
from rekenschap_web.evidence.views import FindingView, LookView, Peers, ShareView, Timeline

_ROWS = 60


def steps(view: FindingView) -> tuple[Step, ...]:
    """Add the terms of a finding up, one by one, to its score."""
    finding = Finding(
        rule=view.rule,
        about=view.about,
        terms=view.terms,
        sentences=view.sentences,
        looks=view.looks,
        searched=tuple(each.ground for each in view.searched),
    )
    return steps_of(finding, words_here())


def timeline_figure(view: FindingView, timeline: Timeline) -> Figure:
    """Draw looks against work."""
    words = words_here()
    looks = [
        Look(entry=x.entry, at=x.at, explained=x.explained, weak=x.weak, ground=x.ground or None)
        for x in timeline.looks
    ]
    work = [Work(at=x.at, ground=x.ground) for x in timeline.work]
    lines = sum(not (x.explained or x.weak) for x in looks)
    return figure(
        question=words.say("findings.timeline"),
        answer=_timeline_answer(looks, words),
        chart=lambda width: timeline_chart(looks, work, words, width=width),
        table=_looks_table(view, timeline, words),
        key=words.say("findings.timeline_key") if lines <= MOST_LINES else "",
    )


def _timeline_answer(looks: Sequence[Look], words: Words) -> str:
    if not looks:
        return _("Er zijn in deze tijd geen raadplegingen.")
    times = [x.at for x in looks]
    unexplained = sum(not (x.explained or x.weak) for x in looks)
    first, last = words.day(min(times)), words.day(max(times))
    return words.say(
        "findings.timeline_day" if first == last else "findings.timeline_answer",
        unexplained=words.say_count("findings.timeline_looks", unexplained),
        explained=words.number(len(looks) - unexplained),
        first=first,
        last=last,
    )


def _looks_table(view: FindingView, timeline: Timeline, words: Words) -> Table:
    basis = frozenset(view.looks)
    ranked = sorted(timeline.looks, key=lambda x: (x.entry not in basis, x.explained, x.at))
    shown = sorted(ranked[: max(_ROWS, len(basis))], key=lambda x: (x.at, x.entry))
    return Table(
        name=words.say("findings.looks"),
        heads=tuple(
            words.say(f"findings.look_{name}")
            for name in ("entry", "at", "staff", "subject", "state", "basis")
        ),
        rows=tuple(_look_row(x, words, counts=x.entry in basis) for x in shown),
        numeric=(0,),
    )


def _look_row(look: LookView, words: Words, *, counts: bool) -> tuple[str, ...]:
    return (
        words.number(look.entry),
        words.moment(look.at),
        look.staff.short,
        look.subject.short,
        look.sentence.said(words.language),
        words.say("findings.yes" if counts else "findings.no"),
    )


def peers_figure(view: FindingView, peers: Peers) -> Figure:
    """Draw the comparison with everybody in the same role."""
    words = words_here()
    own, group = words.say("findings.own_series"), words.say("findings.peer_series")
    people = [Peer(name=x.short, unexplained=x.unexplained, highlighted=x.highlighted) for x in peers.people]
    others = [x.unexplained for x in people if not x.highlighted]
    is_subject = view.about.domain == "subject"
    return figure(
        question=words.say("findings.peers_subject" if is_subject else "findings.peers"),
        answer=words.say(
            "findings.peers_answer",
            peers=words.say_count("findings.peers", len(others)),
            middle=words.number(median_low(others) if others else 0),
            top=words.number(peers.highest_other),
            own=words.number(peers.own),
        ),
        chart=lambda width: peers_chart(people, words, width=width),
        table=Table(
            name=words.say("findings.peers"),
            heads=(words.say("findings.peer"), words.say("findings.peer_count")),
            rows=tuple(
                (f"{x.name} ({own if x.highlighted else group})", words.number(x.unexplained)) for x in people
            ),
            numeric=(1,),
        ),
        key=words.say("findings.peers_key"),
    )


def trend_figure(weeks: Sequence[ShareView], findings: dict[date, int]) -> Figure | None:
    """Draw per week what nothing explains, and the findings; None before there are two weeks."""
    rows = [(x.first, x.unexplained, findings.get(x.first, 0)) for x in weeks if x.first is not None]
    if len(rows) < 2:
        return None
    words, last = words_here(), [x for x in weeks if x.first is not None][-1]
    answer = _(
        "Van de %(looks)s raadplegingen in de week van %(week)s zijn er %(explained)s verklaard (%(share)s). "
        "%(unexplained)s zijn niet verklaard."
    ) % {
        "looks": words.number(last.looks),
        "week": words.day(rows[-1][0]),
        "explained": words.number(last.looks - last.unexplained),
        "share": words.share(last.explained),
        "unexplained": words.number(last.unexplained),
    }
    return figure(
        question=_("Gaat het de goede kant op?"),
        answer=answer,
        chart=lambda width: trend_chart(rows, words, width=width),
        table=Table(
            name=_("Niet verklaard en bevindingen, per week"),
            heads=(words.say("trend.week"), words.say("trend.unexplained"), words.say("trend.findings")),
            rows=tuple((words.short_day(week), words.number(a), words.number(b)) for week, a, b in rows),
            numeric=(1, 2),
        ),
    )
