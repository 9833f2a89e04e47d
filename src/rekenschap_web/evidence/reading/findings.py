# SPDX-License-Identifier: EUPL-1.2
"""One finding and all: what it rests on, the time around it, peers, relations."""

from __future__ import annotations

from statistics import median
from typing import cast

from rekenschap.audit.deriving import Part
from rekenschap.audit.deriving.told import Found
from rekenschap.errors import RefusedError
from rekenschap.model.ids import Pseudonym
from rekenschap.model.warrant import Warrant
from rekenschap_web.evidence.door import used
from rekenschap_web.evidence.house import derived
from rekenschap_web.evidence.reading.looks import EVERYTHING
from rekenschap_web.evidence.reading.shaping import (
    finding_view,
    local,
    look_view,
    work_view,
)
from rekenschap_web.evidence.views import (
    FindingView,
    Peers,
    PeerView,
    RelationView,
    SentView,
    Timeline,
)

_DRAWN = 2_000
"""Looks on one timeline; the finding's own are always among them."""


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
        rows = told.looks_of(found.about.hi, EVERYTHING, part).to_pylist()
        total = told.count_of(found.about.hi, EVERYTHING)["total"]
    else:
        rows = told.looks_at(found.about.hi, EVERYTHING, part).to_pylist()
        total = told.count_at(found.about.hi, EVERYTHING)["total"]
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


def sent(key: str, *, warrant: Warrant, named: str = "") -> tuple[SentView, ...]:
    """Give what left that a finding rests on, in the order of time."""
    found = _found(key)
    if not found.sent:
        return ()
    _used_for(found, warrant, named, "verstrekkingen")
    rows = derived().facts("disclosure").to_pylist()
    return tuple(
        SentView(
            entry=row["entry"],
            at=local(row["disclosed_at"]),
            kind=str(row["kind"] or ""),
            destination=str(row["destination_kind"] or ""),
            subjects=int(row["subjects"] or 0),
        )
        for row in sorted(rows, key=lambda row: row["disclosed_at"])
        if row["entry"] in found.sent
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
        warrant, named or f"finding:{found.key}", about=found.about,
        look=found.looks[0] if found.looks else None, fields=fields, gate=gate,
        verb="consulted relations" if gate else "consulted",
    )  # fmt: skip


def _relation(row: dict[str, object], other: Pseudonym) -> RelationView:
    return RelationView(
        kind=str(row["kind"]),
        one=Pseudonym(domain="subject", hi=cast("int", row["subject"])),
        other=other,
        since=local(row["valid_from"]),
        source=str(row["source"]),
        entry=cast("int", row["entry"]),
    )
