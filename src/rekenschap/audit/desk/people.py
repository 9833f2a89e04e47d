# SPDX-License-Identifier: EUPL-1.2
"""From identifiers to the pseudonyms of a house, and back again for who may: the only way to a name."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Sequence

import pyarrow.compute as pc

from rekenschap.audit.intake import opened_door
from rekenschap.audit.sources.arriving import arrived_in
from rekenschap.errors import KeysError
from rekenschap.house import PERIOD, House
from rekenschap.intake import token_of
from rekenschap.intake.identifiers import normal_form
from rekenschap.ledger import Ledger
from rekenschap.model.ids import Pseudonym
from rekenschap.places import open_anchor, open_store


def reading(house: House) -> Ledger:
    """Open the ledger of a house for reading, as of its latest checkpoint."""
    return Ledger.open(store=open_store(house.config.store), anchor=open_anchor(house.config))


def pseudonyms_of(house: House, identifiers: Sequence[str], domain: str) -> tuple[Pseudonym, ...]:
    """Give the pseudonym of each identifier (staff number, BSN), in their order."""
    key = house.keys.pseudonym_key(PERIOD)
    return tuple(
        Pseudonym(domain=domain, hi=hi_of(token_of(key, domain, normal_form(each, domain))))
        for each in identifiers
    )


def hi_of(token: bytes) -> int:
    """Give the half of a token that SQL and pages know a person by."""
    return int.from_bytes(token[:8], "big", signed=True)


def whole_token(ledger: Ledger, entry: int, who: Pseudonym) -> bytes:
    """Give the whole token of a person from an entry where they stand; raises KeysError when they do not."""
    row = ledger.row(entry)
    for column in row.relation:
        value = row.values.get(column.name)
        if column.domain == who.domain and isinstance(value, str):
            token = urlsafe_b64decode(value + "=" * (-len(value) % 4))
            if hi_of(token) == who.hi:
                return token
    raise KeysError(
        expected=f"entry {entry} to be about this person",
        found="another",
        remedy="derive again and look there",
    )


def unsealed_token(house: House, entry: int, who: Pseudonym) -> bytes:
    """Give the whole token of a person from an entry that waits to be sealed; raises KeysError as above."""
    for facts in arrived_in(house, at=0, since=entry).unsealed:
        row = facts.table.filter(pc.equal(facts.entries, entry)).to_pylist()
        for column in facts.relation if row else ():
            token = row[0].get(column.name)
            if column.domain == who.domain and isinstance(token, bytes) and hi_of(token) == who.hi:
                return token
    return whole_token(reading(house), entry, who)  # it was sealed meanwhile


def original_of(house: House, entry: int, who: Pseudonym) -> str:
    """Open the seal on one identifier; raises KeysError when it was forgotten or was never kept."""
    token = whole_token(reading(house), entry, who)
    with opened_door(house) as door:
        return door.originals.unseal(token)
