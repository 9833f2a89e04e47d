# SPDX-License-Identifier: EUPL-1.2
"""One finding as a page part: its sentences, its terms added up, looks against work, and the peers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from statistics import median_low

from rekenschap.model.finding import Finding
from rekenschap.report.charts import MOST_LINES, peers_chart, timeline_chart
from rekenschap.report.content import FindingStory, Look, Peer, ReportContent
from rekenschap.report.parts import Picture, Table, picture
from rekenschap.report.sections import ground_name
from rekenschap.report.texts import Words

PICTURES = 10
"""Findings that get pictures; those after them get the same figures in tables."""
_ROWS = 60
_MOST_ROWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A term in the running total: `left` and `width` are percentages of the whole bar."""

    line: str
    points: str
    label: str
    left: float
    width: float
    lowers: bool
    is_sum: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingPart:
    """All that is printed of one finding."""

    number: int
    title: str
    about: str
    seen: str
    not_found: str
    score: str
    terms_answer: str
    steps: tuple[Step, ...]
    searched: tuple[str, ...]
    timeline_answer: str
    timeline: Picture | None
    peers_title: str
    peers_answer: str
    peers: Picture | None
    looks: Table | None
    more_looks: str


def finding_part(number: int, content: ReportContent, words: Words) -> FindingPart:
    """Lay out the finding with this number (from 1) in the order of the report."""
    story = content.findings[number - 1]
    finding = story.finding
    seen, not_found = finding.sentences.nl if words.language == "nl" else finding.sentences.en
    domain = finding.about.domain
    about_key = f"findings.{domain}"
    short = finding.about.short
    score = words.decimal(finding.score)
    drawn = number <= PICTURES
    return FindingPart(
        number=number,
        title=words.say("findings.finding", number=words.number(number)),
        about=words.say(about_key, name=short) if about_key in words.lines else short,
        seen=seen,
        not_found=not_found,
        score=score,
        terms_answer=words.say("findings.terms_answer", score=score),
        steps=steps_of(finding, words),
        searched=tuple(ground_name(x, content, words) for x in finding.searched),
        timeline_answer=_summary(story.looks, words),
        timeline=_timeline(story, content, words) if drawn and story.looks else None,
        peers_title=words.say("findings.peers_subject" if domain == "subject" else "findings.peers"),
        peers_answer=_peers_summary(story.peers, words),
        peers=_peers(story.peers, words, drawn=drawn) if story.peers else None,
        looks=_looks_table(story, content, words) if story.looks else None,
        more_looks=_more_looks(story, words),
    )


def steps_of(finding: Finding, words: Words) -> tuple[Step, ...]:
    """Add the terms up one by one, and end with their sum."""
    ends = list(accumulate((x.value for x in finding.terms), initial=0.0))
    low, high = min(ends), max(ends)
    scale = 100 / ((high - low) or 1.0)

    def step(line: str, begin: float, end: float, *, is_sum: bool = False) -> Step:
        label = words.say("findings.bar_label", begin=words.decimal(begin), end=words.decimal(end))
        left, width = (min(begin, end) - low) * scale, abs(end - begin) * scale
        return Step(
            line=line,
            points=words.decimal(end - begin),
            label=label,
            left=round(left, 2),
            width=round(max(width, 0.5), 2),
            lowers=end < begin,
            is_sum=is_sum,
        )

    terms = [
        step(term.nl if words.language == "nl" else term.en, begin, end)
        for term, begin, end in zip(finding.terms, ends, ends[1:], strict=False)
    ]
    return (*terms, step(words.say("findings.sum"), 0.0, finding.score, is_sum=True))


def _summary(looks: tuple[Look, ...], words: Words) -> str:
    if not looks:
        return ""
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


def _timeline(story: FindingStory, content: ReportContent, words: Words) -> Picture:
    lines = sum(not (x.explained or x.weak) for x in story.looks)
    return picture(
        lambda width: timeline_chart(story.looks, story.work, words, width=width),
        language=words.language,
        label=words.say("findings.timeline_label", summary=_summary(story.looks, words)),
        table=_looks_table(story, content, words),
        key=words.say("findings.timeline_key") if lines <= MOST_LINES else "",
    )


def _peers_summary(peers: tuple[Peer, ...], words: Words) -> str:
    others = [x.unexplained for x in peers if not x.highlighted]
    own = [x.unexplained for x in peers if x.highlighted]
    if not others or not own:
        return ""
    return words.say(
        "findings.peers_answer",
        peers=words.say_count("findings.peers", len(others)),
        middle=words.number(median_low(others)),
        top=words.number(max(others)),
        own=words.number(own[0]),
    )


def _peers(peers: tuple[Peer, ...], words: Words, *, drawn: bool) -> Picture:
    ordered = sorted(peers, key=lambda x: (-x.unexplained, not x.highlighted))
    group, own = words.say("findings.peer_series"), words.say("findings.own_series")
    table = Table(
        name=words.say("findings.peers"),
        heads=(words.say("findings.peer"), words.say("findings.peer_count")),
        rows=tuple(
            (f"{x.name or ''} ({own if x.highlighted else group})".strip(), words.number(x.unexplained))
            for x in ordered
        ),
        numeric=(1,),
    )
    if not drawn:
        return Picture(table=table)
    return picture(
        lambda width: peers_chart(peers, words, width=width),
        language=words.language,
        label=words.say("findings.peers_label", summary=_peers_summary(peers, words)),
        table=table,
        key=words.say("findings.peers_key"),
    )


def _looks_table(story: FindingStory, content: ReportContent, words: Words) -> Table:
    basis = set(story.finding.looks)
    shown = _shown(story)
    columns = {
        "entry": [words.number(x.entry) for x in shown],
        "at": [words.moment(x.at) for x in shown],
        "staff": [x.staff or "" for x in shown],
        "subject": [x.subject or "" for x in shown],
        "state": [_state(x, content, words) for x in shown],
        "basis": [words.say("findings.yes" if x.entry in basis else "findings.no") for x in shown],
    }
    told = {name: cells for name, cells in columns.items() if any(cells)}
    return Table(
        name=words.say("findings.looks"),
        heads=tuple(words.say(f"findings.look_{name}") for name in told),
        rows=tuple(zip(*told.values(), strict=True)),
        numeric=(0,),
    )


def _shown(story: FindingStory) -> list[Look]:
    """Take the looks it rests on first, fill up with the others, and put them in order of time."""
    basis = set(story.finding.looks)
    ranked = sorted(story.looks, key=lambda x: (x.entry not in basis, x.explained, x.at))
    rows = min(max(_ROWS, len(basis)), _MOST_ROWS)
    return sorted(ranked[:rows], key=lambda x: (x.at, x.entry))


def _more_looks(story: FindingStory, words: Words) -> str:
    count, shown = len(story.looks), len(_shown(story))
    if count == shown:
        return ""
    return words.say("findings.more_looks", shown=words.number(shown), count=words.number(count))


def _state(look: Look, content: ReportContent, words: Words) -> str:
    ground = words.say("findings.unknown_ground")
    if look.ground is not None:
        ground = ground_name(look.ground, content, words)
    if look.days_later:
        later = words.say_count("findings.recorded_later", look.days_later)
        ground = f"{ground}, {later}"
    if look.weak:
        return words.say("findings.weak", ground=ground)
    return (
        words.say("findings.explained", ground=ground)
        if look.explained
        else words.say("findings.unexplained")
    )
