# SPDX-License-Identifier: EUPL-1.2
"""Rows encoded a few at a time, or committed to as they stand in a journal, are those encoded by column."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.ledger.rows.commitments import commitments_of
from rekenschap.ledger.rows.encoded import commit_encoded
from rekenschap.ledger.rows.encoding import encode, head_of, layout_of
from rekenschap.ledger.rows.few import encode_few, plan_of
from rekenschap.ledger.segments import columns_of
from rekenschap.model.relations import RELATIONS
from tests.ledgers import facts

HEAD = head_of(1, 77)


@given(
    relation=st.sampled_from(sorted(RELATIONS)),
    count=st.integers(1, 90),
    seed=st.integers(0, 2**32 - 1),
    start=st.integers(0, 20),
    width=st.integers(1, 70),
)
def test_a_few_rows_are_encoded_as_many_are(relation: str, count: int, seed: int, start: int, width: int):
    declared = RELATIONS[relation]
    rows = facts(declared, count, seed).slice(min(start, count - 1), width)
    columns, layout = columns_of(rows, declared), layout_of(declared.columns)
    wanted = encode(columns, layout, head=HEAD)
    found = [row for part in rows.to_batches() for row in encode_few(part, plan_of(declared), head=HEAD)]
    assert found == [wanted[at] for at in range(len(wanted))]
    lengths = b"".join(len(row).to_bytes(4, "big") for row in found)
    secret = seed.to_bytes(32, "big")
    again = commit_encoded(b"".join(found), lengths, secret=secret, first=0)
    assert again == commitments_of(columns, layout, head=HEAD, secret=secret)
    tail = commit_encoded(found[-1], lengths[-4:], secret=secret, first=len(found) - 1)
    assert tail == again[-32:]


@given(seed=st.integers(0, 2**32 - 1), cut=st.integers(1, 99))
def test_rows_in_several_pieces_are_the_same(seed: int, cut: int):
    declared = RELATIONS["consultation"]
    whole = facts(declared, 100, seed)
    rows = pa.concat_tables([whole.slice(0, cut), whole.slice(cut)])
    found = [row for part in rows.to_batches() for row in encode_few(part, plan_of(declared), head=HEAD)]
    wanted = encode(columns_of(whole, declared), layout_of(declared.columns), head=HEAD)
    assert found == [wanted[at] for at in range(100)]
