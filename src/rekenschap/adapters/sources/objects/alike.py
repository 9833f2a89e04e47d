# SPDX-License-Identifier: EUPL-1.2
"""Lines of JSON that are all alike, objects of texts with the keys of the first, read into columns at once.

Whatever is otherwise in one of them is left to who reads one line after another: numbers, objects in objects,
other keys, a key that comes twice, text that is no text.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.json as pa_json

from rekenschap.seams.source import MAX_COLUMNS

_FEW = 32
_OPEN, _CLOSE = b"{", b"}"


def texts_in(lines: Sequence[bytes]) -> pa.Table | None:
    """Give lines, none of them blank, as rows of text; None when they have to be read one by one."""
    names = _names(lines[0]) if len(lines) >= _FEW else ()
    if not names or min(lines)[:1] != _OPEN or max(lines)[:1] != _OPEN:
        return None
    raw = b"\n".join(lines)
    # A line that begins and ends so and holds texts only is one whole object: none goes on in the next.
    if not raw.endswith(_CLOSE) or raw.count(_CLOSE + b"\n") != len(lines) - 1:
        return None
    try:
        table = pa_json.read_json(
            io.BytesIO(raw),
            pa_json.ReadOptions(use_threads=False, block_size=len(raw) + 1),
            pa_json.ParseOptions(
                explicit_schema=pa.schema([(name, pa.string()) for name in names]),
                newlines_in_values=False,
                unexpected_field_behavior="error",
            ),
        ).combine_chunks()
        table.validate(full=True)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    return table if table.num_rows == len(lines) and not _has_empty(table) else None


def _names(line: bytes) -> tuple[str, ...]:
    try:
        read = orjson.loads(line)
    except orjson.JSONDecodeError:
        return ()
    if not isinstance(read, dict) or len(read) > MAX_COLUMNS:
        return ()
    return tuple(read)


def _has_empty(table: pa.Table) -> bool:
    """Tell whether a row has nothing at all: it may be an object without keys."""
    empty = np.ones(table.num_rows, dtype=bool)
    for column in table.columns:
        if not column.null_count:
            return False
        empty &= np.asarray(column.is_null())
    return bool(empty.any())
