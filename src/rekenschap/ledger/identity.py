# SPDX-License-Identifier: EUPL-1.2
"""Who a fact is: an identity that follows from what it says, so the same fact twice is one fact.

The moment of recording is no part of it. Knows nothing of salts: identities of facts are only as secret
as the tokens in them.
"""

from __future__ import annotations

from typing import cast

import numpy as np
import pyarrow as pa

from rekenschap.errors import RefusedError
from rekenschap.ledger.rows.commitments import digests_without_salt
from rekenschap.ledger.rows.encoding import layout_of
from rekenschap.model.columns import Relation
from rekenschap.tables import arrow_type, fact_schema

ID_SIZE = 16
_LABEL = b"rekenschap/fact/v1"


def with_identity(content: pa.Table, relation: Relation, *, recorded_at: int) -> pa.Table:
    """Add fact_id and recorded_at (µs UTC) to the content columns of facts; gives whole facts in fact form.

    Raises RefusedError when the content does not have the columns of the relation.
    """
    wanted = pa.schema([pa.field(c.name, arrow_type(c), nullable=not c.required) for c in relation.content])
    columns = {name: content.column(name) for name in _checked(content, wanted).names}
    columns["fact_id"] = fact_ids(content, relation)
    columns["recorded_at"] = pa.repeat(
        pa.scalar(recorded_at, pa.int64()).cast(arrow_type(relation["recorded_at"])), content.num_rows
    )
    return pa.Table.from_arrays([columns[c.name] for c in relation], schema=fact_schema(relation))


def fact_ids(content: pa.Table, relation: Relation) -> pa.Array:
    """Give the identity of each row: the first 16 bytes of SHA-256 over relation, version and content."""
    name = relation.name.encode()
    head = _LABEL + bytes([len(name)]) + name + relation.version.to_bytes(4, "big")
    columns = [content.column(c.name) for c in relation.content]
    digests = digests_without_salt(columns, layout_of(relation.content), head=head)
    count = content.num_rows
    short = np.frombuffer(digests, dtype=np.uint8).reshape(count, 32)[:, :ID_SIZE].tobytes()
    return cast(
        pa.Array, pa.FixedSizeBinaryArray.from_buffers(pa.binary(ID_SIZE), count, [None, pa.py_buffer(short)])
    )


def _checked(content: pa.Table, wanted: pa.Schema) -> pa.Schema:
    for each in wanted:
        if each.name not in content.column_names or content.schema.field(each.name).type != each.type:
            raise RefusedError(
                expected=f"the column {each.name} as {each.type}",
                found="no such column or another type",
                remedy="convert the rows to fact form first",
                rule="fact form",
            )
    return wanted
