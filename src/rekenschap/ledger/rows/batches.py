# SPDX-License-Identifier: EUPL-1.2
"""AEL1 for a record batch in fact form, of any size, in one call of machine code, with the extra `fast`.

Gives the same bytes as `encoding.encode`; judges itself that Arrow's own rules and `required` hold.
"""

from __future__ import annotations

import ctypes
from functools import cache
from threading import Lock
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rekenschap.ledger.rows.code.agreed import Form
from rekenschap.ledger.rows.encoding import Layout, layout_of
from rekenschap.model.columns import Relation

_QUICK = 1_000
"""Rows up to which the interpreter is kept meanwhile: to give it away and get it back takes longer."""
_FIELDS = 10  # of an ArrowArray, 8 bytes each
_RELEASE = 8
_MOST = (1 << 31) - 1
_ONE_AT_A_TIME = Lock()


class Written(NamedTuple):
    """Encoded rows: the length of each as packed big-endian u32, and their bytes."""

    lengths: bytes
    blob: memoryview


class BatchPlan(NamedTuple):
    """What to do with each column of a relation."""

    columns: npt.NDArray[np.int64]
    line: npt.NDArray[np.uint8]
    fixed: int


def batch_plan(relation: Relation, *, head: bytes) -> BatchPlan | None:
    """Make the plan of a relation whose rows begin with `head`; None without the extra `fast`."""
    code = _made()
    if code is None:
        return None
    layout: Layout = layout_of(relation.columns)
    columns = [
        (code.codes[each.form], each.width, column.required)
        for each, column in zip(layout, relation, strict=True)
    ]
    line = head + bytes(-(-len(layout) // 8))
    fixed = len(line) + sum(each.width for each in layout)
    return BatchPlan(np.array(columns, dtype=np.int64), np.frombuffer(line, dtype=np.uint8), fixed)


def write_batch(batch: pa.RecordBatch, plan: BatchPlan) -> Written | None:
    """Encode at least one row of a batch in fact form; None when it is not as it should be, or too large."""
    code = _made()
    try:
        batch.validate(full=True)
    except pa.ArrowInvalid:
        return None
    if code is None or not batch.num_rows or batch.num_columns != len(plan.columns):
        return None
    exported = (ctypes.c_int64 * _FIELDS)()
    batch._export_to_c(ctypes.addressof(exported))
    try:
        return code.written(exported, batch.num_rows, plan)
    finally:
        _RELEASED(exported[_RELEASE])(ctypes.addressof(exported))


_RELEASED = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class _Code:
    """The machine code; two doors to it, through one of which other threads go on meanwhile."""

    def __init__(self, engine: object, most: int, write: int, codes: dict[Form, int]) -> None:
        self._engine, self.codes = engine, codes  # the code lives as long as its engine
        far, pointer = ctypes.c_int64, ctypes.c_void_p
        self._most = ctypes.PYFUNCTYPE(far, pointer, pointer, far)(most)
        given = (far, pointer, pointer, far, pointer, far, far, pointer, pointer)
        self._quick, self._slow = ctypes.PYFUNCTYPE(*given)(write), ctypes.CFUNCTYPE(*given)(write)

    def written(self, exported: object, rows: int, plan: BatchPlan) -> Written | None:
        array, columns, many = ctypes.addressof(exported), _address(plan.columns), len(plan.columns)  # type: ignore[arg-type]
        most = rows * plan.fixed + self._most(array, columns, many)
        if most > _MOST:
            return None
        blob, lengths = np.empty(most, dtype=np.uint8), np.empty(rows, dtype=np.uint32)
        write = self._quick if rows <= _QUICK else self._slow
        found = write(
            array,
            columns,
            many,
            _address(plan.line),
            len(plan.line),
            plan.fixed,
            _address(blob),
            _address(lengths),
        )
        return Written(lengths.tobytes(), blob[:found].data) if found >= 0 else None


def _address(numbers: npt.NDArray[np.generic]) -> int:
    address: int = numbers.__array_interface__["data"][0]
    return address


@cache
def _once() -> _Code | None:
    try:
        from rekenschap.ledger.rows.code.batches import CODES, MOST, WRITE, machine_code
    except ImportError:
        return None
    engine = machine_code()
    return _Code(engine, engine.get_function_address(MOST), engine.get_function_address(WRITE), CODES)


def _made() -> _Code | None:
    with _ONE_AT_A_TIME:
        return _once()
