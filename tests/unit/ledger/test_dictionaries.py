# SPDX-License-Identifier: EUPL-1.2
"""Columns that are read as dictionaries are committed to as any others; one that is damaged is refused."""

import random

import numpy as np
import pyarrow as pa
import pytest

from rekenschap.ledger.rows.code.agreed import Form
from rekenschap.ledger.rows.commitments import commitments_of
from rekenschap.ledger.rows.encoding import field
from rekenschap.ledger.rows.lanes import lanes
from rekenschap.ledger.rows.tails import ends_of

LAYOUT = (field(Form.VAR), field(Form.I64), field(Form.VAR), field(Form.VAR))
HEAD = b"AEL1\x01\x00\x00\x00\x01"
SECRET = bytes(range(32))
ROWS = 9_000  # more than are encoded at once


def texts(different: int, *, nulls: bool, seed: int) -> pa.Array:
    source = random.Random(seed)  # noqa: S311 — test data
    pool = ["", *("é" * source.randrange(1, 40) + str(number) for number in range(different - 1))]
    pool += [None] if nulls else []
    return pa.array(source.choices(pool, k=ROWS), pa.string())


def columns(different: int, *, nulls: bool) -> list[pa.Array]:
    one, two, three = (texts(different, nulls=nulls and at != 1, seed=at) for at in range(3))
    return [one, pa.array(range(ROWS), pa.int64()), two, three]


def as_dictionaries(plain: list[pa.Array], *, pieces: int = 1) -> list[pa.ChunkedArray]:
    step = -(-ROWS // pieces)
    return [
        pa.chunked_array(
            [
                part if part.type == pa.int64() else part.dictionary_encode()
                for part in (each.slice(at, step) for at in range(0, ROWS, step))
            ]
        )
        for each in plain
    ]


def commit(given: list[pa.Array]) -> bytes:
    return commitments_of(given, LAYOUT, head=HEAD, secret=SECRET)


@pytest.mark.parametrize("nulls", [False, True])
@pytest.mark.parametrize("different", [1, 2, 30, 200])  # 200 make too many combinations to count out
@pytest.mark.parametrize("pieces", [1, 7])
def test_dictionaries_give_the_commitments_of_their_values(different: int, nulls: bool, pieces: int):
    plain = columns(different, nulls=nulls)
    assert commit(as_dictionaries(plain, pieces=pieces)) == commit(plain)


def test_without_wide_registers_dictionaries_give_the_same(monkeypatch: pytest.MonkeyPatch):
    plain = columns(30, nulls=True)
    expected = commit(plain)
    for room in ("commitments", "hashing"):
        monkeypatch.setattr(f"rekenschap.ledger.rows.{room}.lanes", lambda: None)
    assert commit(as_dictionaries(plain)) == expected


def test_dictionaries_of_one_column_leave_the_others_as_they_are():
    plain = columns(30, nulls=True)
    assert commit([plain[0].dictionary_encode(), *plain[1:]]) == commit(plain)


@pytest.mark.parametrize("index", [-1, 3, 2**31 - 1])
def test_a_value_that_is_not_in_its_dictionary_is_refused(index: int):
    if lanes() is None:
        pytest.skip("the extra fast is not installed, or this processor cannot")
    indices = pa.array(np.array([0, 1, index, 2], dtype=np.int32))
    broken = pa.DictionaryArray.from_arrays(indices, pa.array(["a", "b", "c"]), safe=False)
    with pytest.raises(IndexError):
        ends_of([broken])
