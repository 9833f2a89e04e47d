# SPDX-License-Identifier: EUPL-1.2
"""What an investigation takes out of the house: a file to check elsewhere, and a draft to keep entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.deriving.reading import Span
from rekenschap.audit.desk.evidence_file import make
from rekenschap.audit.desk.people import reading
from rekenschap.errors import RefusedError
from rekenschap.house import microseconds_now
from rekenschap.ledger.custody import Ranges
from rekenschap.ledger.keeping import authority_of
from rekenschap.ledger.keeping.drafting import Wish, draft_orders
from rekenschap.model.custody import OrderAction
from rekenschap.model.ids import Pseudonym
from rekenschap.model.warrant import Warrant
from rekenschap.report.evidence_file import EvidenceContent
from rekenschap_web.acts.models import Act
from rekenschap_web.evidence.door import used
from rekenschap_web.evidence.house import derived, house
from rekenschap_web.evidence.reading.shaping import local, look_view
from rekenschap_web.evidence.views import Both, Timeline, WorkView

_READS = ("consulted", "proved", "file_made")
LAW = "AVG art. 17 lid 3 onder e"


_DAY = 86_400_000_000
_AROUND = 14 * _DAY
_MOST_WORK = 400
_WORK = {
    "zaak": Both(nl="zaak", en="zaak"),
    "task": Both(nl="taak", en="task"),
    "contact": Both(nl="contact", en="contact"),
    "assignment": Both(nl="toewijzing van een zaak", en="assignment of a zaak"),
}


def affair(entries: Sequence[int], *, about: Pseudonym, warrant: Warrant, named: str) -> Timeline:
    """Give these looks, and all recorded work around the same people in those weeks, by whomever.

    Rests on the looks alone: a finding that later facts took away leaves an investigation as it is.
    """
    used(warrant, named, about=about, look=entries[0] if entries else None, fields="raadplegingen, werk")
    told = derived()
    rows = told.looks(entries).to_pylist()
    looks = tuple(look_view(row) for row in rows)
    moments = [row["looked_at"] for row in rows] or [0]
    span = Span(first=min(moments) - _AROUND, last=max(moments) + _AROUND)
    work = told.work_around(sorted({row["subject"] for row in rows}), span, most=_MOST_WORK).to_pylist()
    return Timeline(
        looks=looks,
        work=tuple(_work_view(row) for row in work),
        first=local(span.first),
        last=local(span.last),
    )


def _work_view(row: Mapping[str, object]) -> WorkView:
    relation, staff = str(row["relation"]), row["staff"]
    who = f" ({Pseudonym(domain='staff', hi=staff).short})" if isinstance(staff, int) else ""
    title = _WORK.get(relation, Both(nl=relation, en=relation))
    return WorkView(
        entry=int(str(row["entry"])),
        at=local(row["work_at"]),
        kind=relation,
        ground="",
        title=Both(nl=f"{title.nl}{who}", en=f"{title.en}{who}"),
        source=str(row["source"] or ""),
    )


def evidence_file(entries: Sequence[int], *, content: EvidenceContent, warrant: Warrant, named: str) -> bytes:
    """Set the file of these entries with their proofs: words of the desk, facts of the ledger."""
    used(warrant, named, fields="bewijsdossier", verb="file_made")
    keys = house().public_keys_path.read_text(encoding="utf-8")
    return make(reading(house()), entries, content=content, keys=keys)


def acts_entries(objects: Sequence[str]) -> tuple[int, ...]:
    """Find the entries in the ledger of the acts that changed these things; what still waits is not there."""
    wanted = Act.objects.filter(object__in=objects).exclude(verb__in=_READS).values_list("act", flat=True)
    facts = reading(house()).facts("act")
    if "act" not in facts.table.column_names:
        return ()
    held = pc.is_in(
        facts.table.column("act"), value_set=pa.array([each.bytes for each in wanted], pa.binary(16))
    )
    return tuple(sorted(pc.filter(facts.entries, held.combine_chunks()).to_pylist()))


def hold_order(entries: Sequence[int], *, reference: str, warrant: Warrant, named: str) -> str:
    """Draft the order that nothing of these entries may be erased, for officers to sign.

    Where no officers were named yet it is the command that drafts it: nobody can sign before the ceremony.
    """
    used(warrant, named)
    ranges, ledger = Ranges.of((entry, entry + 1) for entry in entries), reading(house())
    authority = authority_of(ledger)
    wish = Wish(action=OrderAction.HOLD, law=LAW, reason=reference, entries=ranges)
    if not authority.needed:
        return (
            f"rekenschap order hold --entries {ranges.to_text()} --reason {reference} "
            f'--law "{LAW}" --out order.txt\n'
        )
    return draft_orders(ledger, authority, [wish], at=microseconds_now())[0]


def check_entries(entries: Sequence[int]) -> None:
    """Raise RefusedError when there is nothing to keep or to prove."""
    if not entries:
        raise RefusedError(
            expected="at least one entry of the ledger",
            found="none",
            remedy="choose looks first",
            rule="dossier",
        )
