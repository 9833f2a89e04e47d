# SPDX-License-Identifier: EUPL-1.2
"""What the desk may ask of the evidence. Every question takes a warrant, is checked, and leaves an act.

Only what names nobody (checkpoint, shares, systems, rules, causes) is given without one. `named` is what
acts call the thing on the page, where that is not its key: `finding:2026-0001`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from statistics import median
from typing import cast

from django.utils import timezone

from rekenschap.audit.deriving import Derived, Part, Span
from rekenschap.audit.deriving.told import Cause, Found
from rekenschap.audit.desk.people import original_of, pseudonyms_of, reading
from rekenschap.errors import RefusedError
from rekenschap.ledger.prove import prove
from rekenschap.model.ids import Pseudonym
from rekenschap.model.warrant import Warrant
from rekenschap_web.evidence.door import used
from rekenschap_web.evidence.house import derived, house, own
from rekenschap_web.evidence.lifting import check_live
from rekenschap_web.evidence.rules import grounds, rule, rules
from rekenschap_web.evidence.shaping import (
    both,
    day,
    finding_view,
    local,
    look_view,
    microseconds,
    severity_of,
    share_view,
    system_view,
    work_view,
)
from rekenschap_web.evidence.views import (
    CauseView,
    Checkpoint,
    FindingView,
    LooksPage,
    LookView,
    Page,
    Peers,
    PeerView,
    PreviewView,
    RelationView,
    Severity,
    ShareView,
    SystemView,
    Timeline,
)
from rekenschap_web.people.models import Person

__all__ = [
    "candidates_by_cause", "cause", "checkpoint", "entries_of_cause", "finding", "findings", "grounds",
    "looks",
    "looks_at", "looks_of", "looks_of_cause", "name_of", "own_looks", "peers", "preview", "proof",
    "pseudonyms_for",
    "relations", "rule", "rules", "sample", "shares", "systems", "team_of", "timeline",
]  # fmt: skip

_DRAWN = 2_000
"""Looks on one timeline; the finding's own are always among them."""

_PREVIEW_DAYS = 90
_EVERYTHING = Span()


def checkpoint() -> Checkpoint:
    """Say on which signed state everything here rests."""
    told = derived().manifest
    return Checkpoint(
        origin=told.origin, size=told.size, root=told.root, at=local(told.derived_at), version=told.version,
        seed=told.seed,
    )  # fmt: skip


# ── findings ─────────────────────────────────────────────────────────────────


def findings(*, warrant: Warrant) -> tuple[FindingView, ...]:
    """Give every finding, most telling first."""
    used(warrant, "findings:all")
    return tuple(finding_view(each) for each in derived().findings)


def finding(key: str, *, warrant: Warrant, named: str = "") -> FindingView:
    """Give one finding; raises RefusedError when this checkpoint has none of this key."""
    found = _found(key)
    _used_for(found, warrant, named, "bevinding")
    return finding_view(found)


def timeline(key: str, *, warrant: Warrant, named: str = "") -> Timeline:
    """Give the looks around a finding against the recorded work that explains the others."""
    found = _found(key)
    _used_for(found, warrant, named, "raadplegingen, werk")
    told, part = derived(), Part(most=_DRAWN)
    if found.about.domain == "staff":
        rows = told.looks_of(found.about.hi, _EVERYTHING, part).to_pylist()
        total = told.count_of(found.about.hi, _EVERYTHING)["total"]
    else:
        rows = told.looks_at(found.about.hi, _EVERYTHING, part).to_pylist()
        total = told.count_at(found.about.hi, _EVERYTHING)["total"]
    drawn = {row["look"] for row in rows}
    behind = [entry for entry in found.looks if entry not in drawn]
    rows += told.looks(behind).to_pylist() if behind else []
    looks = tuple(sorted((look_view(row) for row in rows), key=lambda each: (each.at, each.entry)))
    people = sorted({each.staff.hi for each in looks})
    work = told.explanations(people, [each.entry for each in looks if each.explained]).to_pylist()
    moments = {(row["work_entry"], row["ground"]): work_view(row) for row in work if row["work_at"]}
    return Timeline(
        looks=looks,
        work=tuple(sorted(moments.values(), key=lambda each: (each.at, each.entry))),
        first=looks[0].at if looks else local(found.first_at),
        last=looks[-1].at if looks else local(found.last_at),
        left_out=max(0, total - len(looks)),
    )


def peers(key: str, *, warrant: Warrant, named: str = "") -> Peers:
    """Compare the member of staff of a finding with everybody in the same role."""
    found = _found(key)
    _used_for(found, warrant, named, "vergelijking")
    if found.about.domain != "staff" or not found.role:
        return Peers(role=found.role, people=(), median=0.0, highest_other=0, own=0)
    people = tuple(
        PeerView(
            short=Pseudonym(domain="staff", hi=row["staff"]).short,
            unexplained=row["unexplained_visits"],
            highlighted=row["staff"] == found.about.hi,
        )
        for row in derived().people_with_role(found.role).to_pylist()
    )
    others = [each.unexplained for each in people if not each.highlighted]
    return Peers(
        role=found.role,
        people=people,
        median=float(median(others)) if others else 0.0,
        highest_other=max(others, default=0),
        own=next((each.unexplained for each in people if each.highlighted), 0),
    )


def relations(key: str, *, warrant: Warrant, named: str = "") -> tuple[RelationView, ...]:
    """Give how the people of a finding are connected; needs a warrant made for `relations:<number>`.

    The number is that of `named` (`finding:<number>`), else the key.
    """
    found = _found(key)
    _used_for(found, warrant, named, "relaties", gate=f"relations:{named.partition(':')[2] or key}")
    told = derived()
    looked = told.looks(found.looks).to_pylist()
    staff = sorted({row["staff"] for row in looked})
    subjects = {row["subject"] for row in looked}
    selves = told.selves_of(staff).to_pylist()
    people = subjects | {row["subject"] for row in selves}
    rows = told.relations_of(sorted(people), most=5_000).to_pylist()
    found_rows = {
        row["entry"]: row
        for row in rows
        if row["other_subject"] in people and row["subject"] < row["other_subject"]
    }
    return (
        *(_relation(row, Pseudonym(domain="staff", hi=row["staff"])) for row in selves),
        *(
            _relation(row, Pseudonym(domain="subject", hi=row["other_subject"]))
            for row in found_rows.values()
        ),
    )


# ── looks ────────────────────────────────────────────────────────────────────


def looks(entries: Sequence[int], *, warrant: Warrant, named: str) -> tuple[LookView, ...]:
    """Give single looks by their entries, in the order of time; `named` is what they are looked at for."""
    used(warrant, named)
    return tuple(look_view(row) for row in derived().looks(entries).to_pylist())


def looks_of(
    staff: Pseudonym,
    *,
    warrant: Warrant,
    first: datetime | None = None,
    last: datetime | None = None,
    page: Page | None = None,
    named: str = "",
) -> LooksPage:
    """Give looks by one member of staff, newest first."""
    used(warrant, named or _name(staff), about=staff, fields="raadplegingen")
    return _looks_of(staff.hi, _span(first, last), page or Page())


def looks_at(
    subject: Pseudonym,
    *,
    warrant: Warrant,
    first: datetime | None = None,
    last: datetime | None = None,
    page: Page | None = None,
    named: str = "",
) -> LooksPage:
    """Give looks at one subject, newest first."""
    used(warrant, named or _name(subject), about=subject, fields="raadplegingen")
    told, span, page = derived(), _span(first, last), page or Page()
    rows = told.looks_at(subject.hi, span, _part(page)).to_pylist()
    return _page_of(rows, told.count_at(subject.hi, span), page)


def own_looks(
    person: Person,
    *,
    warrant: Warrant,
    first: datetime | None = None,
    last: datetime | None = None,
    page: Page | None = None,
) -> LooksPage:
    """Give somebody the own looks; raises RefusedError for those of another."""
    if warrant.person != person.sub:
        raise RefusedError(
            expected="the own looks of who asks",
            found="those of another",
            remedy="sign in yourself",
            rule="own_looks",
        )
    mine = own(person)
    used(warrant, f"person:{person.pk}", about=mine, fields="eigen raadplegingen")
    if mine is None:
        return LooksPage(looks=(), total=0, explained=0, weak=0, page=page or Page())
    return _looks_of(mine.hi, _span(first, last), page or Page())


def sample(
    *, first: datetime, last: datetime, size: int, seed: int, warrant: Warrant, named: str = "sample:looks"
) -> tuple[LookView, ...]:
    """Draw looks by lot."""
    used(warrant, named)
    told = derived()
    return tuple(
        look_view(row)
        for row in told.looks(told.sample(_span(first, last), size=size, seed=seed)).to_pylist()
    )


def team_of(team: str, *, warrant: Warrant) -> tuple[PeerView, ...]:
    """Give the people of a team with their unexplained visits, the most first."""
    used(warrant, f"team:{team}")
    return tuple(
        PeerView(
            short=Pseudonym(domain="staff", hi=row["staff"]).short, unexplained=row["unexplained_visits"]
        )
        for row in derived().people_of_team(team).to_pylist()
    )


# ── what names nobody ────────────────────────────────────────────────────────


def shares(*, by: str = "system") -> tuple[ShareView, ...]:
    """Give the explained share by system, week, month or team, or `all`; or `month+team`, `month+system`."""
    return tuple(share_view(each) for each in derived().shares if each.by == by)


def systems() -> tuple[SystemView, ...]:
    """Give every source with how it stands."""
    return tuple(system_view(each) for each in derived().systems)


def candidates_by_cause() -> tuple[CauseView, ...]:
    """Give unexplained looks that probably have one cause, those with most looks first."""
    told = derived()
    return tuple(_cause_view(each, told) for each in told.causes)


def cause(name: str) -> CauseView:
    """Give one cause; raises RefusedError when this checkpoint has none of this name."""
    told = derived()
    return _cause_view(_caused(told, name), told)


def looks_of_cause(name: str, *, warrant: Warrant, page: Page | None = None) -> tuple[LookView, ...]:
    """Give looks of a cause, in the order of the ledger."""
    used(warrant, f"cause:{name}", fields="raadplegingen")
    told, part = derived(), _part(page or Page())
    _caused(told, name)
    entries = told.looks_of_cause(name).column("look").to_pylist()[part.first : part.first + part.most]
    return tuple(look_view(row) for row in told.looks(entries).to_pylist())


def entries_of_cause(name: str) -> tuple[int, ...]:
    """Give the entries of the looks of a cause: to settle them, or to draw some by lot."""
    told = derived()
    _caused(told, name)
    return tuple(told.looks_of_cause(name).column("look").to_pylist())


def preview(name: str, *, known: Collection[int], warrant: Warrant) -> PreviewView:
    """Say what settling a cause would explain, and which of the looks of `known` misuse it would hide."""
    used(warrant, f"cause:{name}", fields="voorvertoning")
    told = derived()
    one = _caused(told, name)
    mine = set(told.looks_of_cause(name).column("look").to_pylist())
    overall = next(each for each in told.shares if each.by == "all")
    return PreviewView(
        days=_PREVIEW_DAYS,
        would_explain=one.recent,
        of_unexplained=overall.looks - overall.explained,
        would_hide=tuple(sorted(mine & set(known))),
        findings=tuple(each.key for each in told.findings if mine & set(each.looks)),
    )


# ── proofs and names ─────────────────────────────────────────────────────────


def proof(entry: int, *, warrant: Warrant, named: str = "") -> bytes:
    """Give the proof file of one entry; it carries the row itself."""
    used(warrant, named or f"entry:{entry}", fields="bewijs", verb="proved")
    return prove(reading(house()), entry).encode("utf-8")


def name_of(pseudonym: Pseudonym, *, warrant: Warrant, lifting_id: str) -> str:
    """Open the seal on a name; refuses without a lifting that two people agreed on and that still holds."""
    person = used(
        warrant,
        f"lifting:{lifting_id}",
        about=pseudonym,
        look=_a_look(pseudonym),
        fields="naam",
        verb="unsealed",
    )
    check_live(lifting_id, pseudonym=pseudonym, person=person, now=timezone.now())
    entry = _a_look(pseudonym)
    if entry is None:
        raise RefusedError(
            expected="a person with a look in the ledger", found="none", remedy="derive again", rule="lifting"
        )
    return original_of(house(), entry, pseudonym)


def pseudonyms_for(
    texts: Sequence[str], domain: str, *, warrant: Warrant, named: str = "leak:list"
) -> tuple[Pseudonym, ...]:
    """Give the pseudonym of each identifier (BSN, staff number), in their order."""
    used(warrant, named, fields="pseudoniemen")
    return pseudonyms_of(house(), texts, domain)


# ── the small steps ──────────────────────────────────────────────────────────


def _found(key: str) -> Found:
    found = derived().finding(key)
    if found is None:
        raise RefusedError(
            expected="a finding of the latest checkpoint",
            found="none of this name",
            remedy="look at the work list: later work may have explained it",
            rule="finding",
        )
    return found


def _used_for(found: Found, warrant: Warrant, named: str, fields: str, *, gate: str = "") -> None:
    used(
        warrant, named or f"finding:{found.key}", about=found.about, look=found.looks[0],
        fields=fields, gate=gate,
        verb="consulted relations" if gate else "consulted",
    )  # fmt: skip


def _name(who: Pseudonym) -> str:
    return f"{who.domain}:{who.hi}"


def _a_look(who: Pseudonym) -> int | None:
    told = derived()
    if who.domain == "subject":
        return told.look_at(who.hi)
    found = told.looks_of(who.hi, _EVERYTHING, Part(most=1)).column("look").to_pylist()
    return found[0] if found else None


def _looks_of(staff: int, span: Span, page: Page) -> LooksPage:
    told = derived()
    return _page_of(told.looks_of(staff, span, _part(page)).to_pylist(), told.count_of(staff, span), page)


def _page_of(rows: list[dict[str, object]], counted: object, page: Page) -> LooksPage:
    counts = cast("dict[str, int]", counted)
    return LooksPage(
        looks=tuple(look_view(row) for row in rows),
        total=counts["total"], explained=counts["explained"], weak=counts["weak"], page=page,
    )  # fmt: skip


def _part(page: Page) -> Part:
    return Part(first=(max(1, page.number) - 1) * page.size, most=page.size)


def _span(first: datetime | None, last: datetime | None) -> Span:
    return Span(
        first=_EVERYTHING.first if first is None else microseconds(first),
        last=_EVERYTHING.last if last is None else microseconds(last),
    )


def _relation(row: dict[str, object], other: Pseudonym) -> RelationView:
    return RelationView(
        kind=str(row["kind"]),
        one=Pseudonym(domain="subject", hi=cast("int", row["subject"])),
        other=other,
        since=local(row["valid_from"]),
        source=str(row["source"]),
        entry=cast("int", row["entry"]),
    )


def _caused(told: Derived, name: str) -> Cause:
    found = told.cause(name)
    if found is None:
        raise RefusedError(
            expected="a cause of the latest checkpoint",
            found="none of this name",
            remedy="look at the list of causes: it may have been mended",
            rule="cause",
        )
    return found


def _cause_view(one: Cause, told: Derived) -> CauseView:
    scores = [each.score for each in told.findings if each.key in one.findings]
    return CauseView(
        id=one.id,
        kind=one.kind,
        name=both(one.name),
        source=one.source,
        system=one.system,
        team=", ".join(one.teams),
        since=day(one.first_day),
        until=day(one.last_day),
        looks=one.looks,
        staff=one.staff,
        usual_share=one.usual_share,
        share=one.share,
        would_explain=one.recent,
        findings=one.findings,
        severity=severity_of(max(scores)) if scores else Severity.LOW,
    )
