# SPDX-License-Identifier: EUPL-1.2
"""What is drawn beside a finding: the looks, the work that was recorded around them, and the peers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.answer import Answer, moment
from rekenschap.model.finding import Finding
from rekenschap.model.ids import Pseudonym
from rekenschap.model.relations import RELATIONS
from rekenschap.report.content import FindingStory, Look, Peer, Work
from rekenschap.tables import ZONE

_MOST = 5_000
"""Of more looks or work than this every n-th is told, evenly over time; those of the finding all are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """All looks with their verdict and best explanation, ready to pick one finding's part from."""

    looks: pa.Table
    happened: Mapping[str, pa.Table]
    explanation: pa.Table

    @classmethod
    def of(cls, answered: Answer) -> Scene:
        """Put looks beside their verdicts; both are one row per look."""
        explained = answered.explained
        verdict = explained.verdict.select(["look", "explained", "weak_only", "best_ground"])
        late = explained.late_work.select(["look", "ground", "days_later"])
        looks = explained.look.join(verdict, "look")
        return cls(
            looks=looks.join(late, ["look", "best_ground"], ["look", "ground"]).combine_chunks(),
            happened={
                name: rows.select(["entry", RELATIONS[name].happened])
                for name, rows in answered.facts.items()
            },
            explanation=explained.explanation,
        )

    def story(self, finding: Finding) -> FindingStory:
        """Tell one finding."""
        about = "staff" if finding.about.domain == "staff" else "subject"
        theirs = self.looks.filter(pc.field(about) == finding.about.hi).sort_by("looked_at")
        return FindingStory(
            finding=finding,
            looks=self._looks(theirs, finding),
            work=self._work(theirs),
            peers=self._peers(finding) if about == "staff" else (),
        )

    def _looks(self, theirs: pa.Table, finding: Finding) -> tuple[Look, ...]:
        """Give the looks of the finding and, as far as they can be drawn, the others of the same person."""
        behind = pc.is_in(theirs.column("look"), value_set=pa.array(finding.looks, pa.int64()))
        rest = _thinned(theirs.filter(pc.invert(behind)))
        rows = pa.concat_tables([theirs.filter(behind), rest]).sort_by("looked_at").to_pylist()
        return tuple(
            Look(
                entry=row["look"],
                at=_local(row["looked_at"]),
                explained=row["explained"],
                weak=row["weak_only"],
                ground=row["best_ground"],
                days_later=row["days_later"] or 0,
                staff=None if finding.about.domain == "staff" else _short("staff", row["staff"]),
                subject=None if finding.about.domain == "subject" else _short("subject", row["subject"]),
            )
            for row in rows
        )

    def _work(self, theirs: pa.Table) -> tuple[Work, ...]:
        """Give the recorded work that explains the others of these looks, one moment each."""
        carried = self.explanation.filter(
            pc.and_(
                pc.is_in(self.explanation.column("look"), value_set=theirs.column("look").combine_chunks()),
                pc.equal(self.explanation.column("weight"), "full"),
            )
        )
        moments: dict[tuple[str, int], Work] = {}
        for name in pc.unique(carried.column("work_relation")).to_pylist():
            part = carried.filter(pc.field("work_relation") == name)
            happened = self.happened[name].rename_columns(["work_entry", "at"])
            met = part.join(happened, "work_entry")
            for row in _thinned(met.sort_by("at")).to_pylist():
                if row["at"] is not None:
                    moments[name, row["work_entry"]] = Work(at=_local(row["at"]), ground=row["ground"])
        return tuple(sorted(moments.values(), key=lambda work: work.at))

    def _peers(self, finding: Finding) -> tuple[Peer, ...]:
        """Give the unexplained visits of everybody with the same role, the most first."""
        own = self.looks.filter(pc.field("staff") == finding.about.hi)
        roles = pc.drop_null(pc.unique(own.column("role"))).to_pylist()
        same = self.looks.filter(
            pc.is_in(self.looks.column("role"), value_set=pa.array(roles[-1:], pa.string()))
        )
        counted = _unexplained_visits(same)
        return tuple(
            Peer(
                name=_short("staff", staff),
                unexplained=n,
                highlighted=staff == finding.about.hi,
            )
            for staff, n in sorted(counted.items(), key=lambda pair: -pair[1])
        )


def _short(domain: str, hi: int) -> str:
    return Pseudonym(domain=domain, hi=hi).short


def _thinned(rows: pa.Table) -> pa.Table:
    step = -(-len(rows) // _MOST)
    return rows if step <= 1 else rows.take(pa.array(range(0, len(rows), step), pa.int64()))


def _unexplained_visits(looks: pa.Table) -> dict[int, int]:
    """Count for each member of staff the visits (a subject on a day) without an explanation; 0 counts too."""
    visits = looks.group_by(["staff", "subject", "happened_day"]).aggregate([("explained", "max")])
    per_person = visits.append_column(
        "open", pc.invert(visits.column("explained_max")).cast(pa.int64())
    ).group_by("staff").aggregate([("open", "sum")])  # fmt: skip
    return dict(
        zip(per_person.column("staff").to_pylist(), per_person.column("open_sum").to_pylist(), strict=True)
    )


def _local(microseconds: int) -> datetime:
    at = moment(microseconds)
    if at is None:
        raise AssertionError("a look without a time cannot pass the door")
    return at.astimezone(ZoneInfo(ZONE))
