# SPDX-License-Identifier: EUPL-1.2
"""Gives looks to a repository of audit messages of the organisation; that is a disclosure, and is told so.

Under pseudonyms made for this use, and without what is withheld from the citizen at this moment.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.citizens import Names
from rekenschap.audit.deriving import Derived
from rekenschap.audit.desk.facts import DeskFact, append_desk_facts
from rekenschap.audit.readers.offering import shown_looks
from rekenschap.contracts.audit_event import GivenLook
from rekenschap.house import ORIGIN, House
from rekenschap.model.relations import DISCLOSURE

SOURCE = "rekenschap-giving"


def looks_to_give(house: House, *, observer: str, since: int | None, now: datetime) -> Iterator[GivenLook]:
    """Give the looks of the newest derivation that may be seen, from `since` (µs UTC), in ledger order."""
    derived, key = Derived.open(house.root), Names.of(house.root)
    rows = derived.looks_between(derived.manifest.first_day, derived.manifest.last_day)
    shown = shown_looks(house, now=now)
    rows = rows.filter(pc.is_in(rows.column("look"), value_set=shown))
    if since is not None:
        rows = rows.filter(pa.array(np.asarray(rows.column("looked_at"), dtype=np.int64) >= since))
    for row in rows.to_pylist():
        yield GivenLook(
            reference=key.reference(row["look"]), looked_at=row["looked_at"],
            staff=_name(key.key, "staff", row["staff"]), role=row["role"] or "",
            subject=_name(key.key, "subject", row["subject"]), register=row["register"], fields=(),
            observer=observer,
        )  # fmt: skip


def tell_looks_given(house: House, *, by: str, subjects: int, size: int, now: datetime) -> None:
    """Tell the ledger who gave looks at how many people away, before they leave; raises StoreError."""
    fact = DeskFact(
        relation=DISCLOSURE.name,
        values={
            "disclosed_at": now, "staff": by, "kind": "export", "subjects": subjects, "size": size,
            "destination_kind": "internal", "kinds": "looks",
        },
    )  # fmt: skip
    append_desk_facts(house, [fact], ledger=house.appending(origin=ORIGIN), now=now, source=SOURCE)


def _name(key: bytes, domain: str, hi: int) -> str:
    told = f"audit-event/{domain}".encode() + b"\x00" + hi.to_bytes(8, "big", signed=True)
    return urlsafe_b64encode(hmac.digest(key, told, "sha256")[:15]).decode("ascii")
