# SPDX-License-Identifier: EUPL-1.2
"""Any orders, one after another: what stays is what no order named, it can be proven, and the check holds."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from rekenschap.adapters.anchors import MemoryAnchor
from rekenschap.adapters.stores import MemoryStore
from rekenschap.ledger import Ledger
from rekenschap.ledger.check import check
from rekenschap.ledger.custody import Ranges
from rekenschap.ledger.keeping import authority_of, put_statement
from rekenschap.ledger.keeping.ceremonies import begin_log_keys, draft_officers
from rekenschap.ledger.keeping.erasing import erase
from rekenschap.ledger.prove import prove, verify
from rekenschap.model.relations import CONSULTATION, ZAAK
from tests.custody import ANNA, BRAM, NOW, TODAY, order, public, signed
from tests.ledgers import KEYS, ORIGIN, facts, verifiers

LOOKS, ZAKEN, AGAIN = range(1, 13), range(14, 20), range(20, 25)
FACTS = {*LOOKS, *ZAKEN, *AGAIN}


def made() -> tuple[Ledger, MemoryStore, MemoryAnchor]:
    store, anchor = MemoryStore(), MemoryAnchor()
    ledger = Ledger.create(store=store, anchor=anchor, keys=KEYS, origin=ORIGIN)
    ledger.append([(CONSULTATION, facts(CONSULTATION, 12, 1)), (ZAAK, facts(ZAAK, 6, 1))])
    ledger.append([(CONSULTATION, facts(CONSULTATION, 5, 2))])
    begin_log_keys(ledger, KEYS, at=NOW)
    text = draft_officers(ledger, public(ANNA, BRAM), needed=2, at=NOW)
    put_statement(ledger, signed(text, (ANNA, BRAM)), at=NOW)
    return ledger, store, anchor


@settings(max_examples=15)
@given(st.lists(st.sets(st.sampled_from(sorted(FACTS)), min_size=1), min_size=1, max_size=4))
def test_what_stays_is_what_no_order_named(orders: list[set[int]]):
    ledger, store, anchor = made()
    rows = {name: ledger.facts(name) for name in ("consultation", "zaak")}
    left = set(FACTS)
    for at, entries in enumerate(orders):
        head = authority_of(ledger).next_head(size=ledger.size, written=TODAY)
        text = order(head, entries=Ranges.of((entry, entry + 1) for entry in entries)).to_text()
        _, done = erase(ledger, signed(text, (ANNA, BRAM)), at=NOW + at)
        assert done.rows == len(entries & left)
        left -= entries
    for name, before in rows.items():
        kept = [row for row, entry in enumerate(before.entries.to_pylist()) if entry in left]
        after = ledger.facts(name)
        assert after.table == before.table.take(pa.array(kept, pa.int64()))
        assert after.entries == before.entries.take(pa.array(kept, pa.int64()))
    found = check(store, anchor=anchor, verifiers=verifiers(), workers=1)
    assert (found.erased, found.pending) == (len(FACTS - left), 0)
    for entry in sorted(left)[:3]:
        assert verify(prove(ledger, entry), verifiers()).entry == entry
