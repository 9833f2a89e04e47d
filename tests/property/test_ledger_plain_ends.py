# SPDX-License-Identifier: EUPL-1.2
"""Many rows of plain texts are hashed without being written out, and to the same bytes as when they are."""

import random
from hashlib import sha256

import pyarrow as pa
import pytest

from rekenschap.ledger.rows.code.agreed import Form
from rekenschap.ledger.rows.commitments import commitments_with, digests_without_salt
from rekenschap.ledger.rows.encoding import encode, field
from rekenschap.ledger.rows.tails import ends_of

ROWS = 8_192
LAYOUT = (field(Form.VAR), field(Form.I64), field(Form.VAR))
HEAD = b"head"


def columns(*, texts: int, rows: int = ROWS) -> list[pa.Array]:
    """Draw three columns, the first of so many different texts; the last is empty now and then."""
    chosen = random.Random(texts)  # noqa: S311
    first = [f"naam {chosen.randrange(texts)}" for _ in range(rows)]
    last = [chosen.choice(["BRP", "é", "", None]) for _ in range(rows)]
    return [pa.array(first), pa.array(range(rows), pa.int64()), pa.array(last, pa.string())]


@pytest.mark.parametrize("texts", [1, 7, 40, ROWS])
def test_the_hashes_are_those_of_the_rows(texts: int) -> None:
    some = columns(texts=texts)
    rows = encode(some, LAYOUT, head=HEAD)
    salts = bytes(range(16)) * ROWS
    found, salted = (
        digests_without_salt(some, LAYOUT, head=HEAD),
        commitments_with(some, LAYOUT, head=HEAD, salts=salts),
    )
    for at in range(ROWS):
        assert found[32 * at : 32 * at + 32] == sha256(rows[at]).digest()
        assert salted[32 * at : 32 * at + 32] == sha256(salts[:16] + rows[at]).digest()


def test_texts_that_hardly_come_twice_are_not_sought_for() -> None:
    some = columns(texts=ROWS)
    assert ends_of([some[0], some[2]]) is None
    assert ends_of(columns(texts=3)[::2]) is not None
    assert ends_of(columns(texts=3, rows=ROWS - 1)[::2]) is None


def test_texts_that_turn_out_to_differ_are_written_out() -> None:
    few, many = columns(texts=1)[0], pa.array([f"{at}" for at in range(ROWS)])
    later = pa.concat_arrays([few.slice(0, 1_024), many.slice(1_024)])
    others = pa.array([f"{at % 1_024}" for at in range(ROWS)])
    assert ends_of([later, others]) is None
