# SPDX-License-Identifier: EUPL-1.2
"""What the systems wrote down as tables: one for each relation, in the columns the relation declares."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from rekenschap.demo.paper.writing import Facts, check_facts, same
from rekenschap.model.columns import Column, Kind
from rekenschap.model.relations import RELATIONS
from rekenschap.tables import arrow_type


def drawn_tables(facts: Sequence[Facts]) -> dict[str, pa.Table]:
    """Put the facts of each relation below one another; identifiers are text, as in the files."""
    names = [each for each in RELATIONS if any(one.relation == each for one in facts)]
    return {name: pa.concat_tables([_table(one) for one in facts if one.relation == name]) for name in names}


def _table(facts: Facts) -> pa.Table:
    check_facts(facts)
    size = len(facts.moment)
    told = {**facts.columns, "source": same(facts.source, size)}
    fields = [pa.field(each.name, _type(each)) for each in RELATIONS[facts.relation].content]
    columns = [told[f.name].cast(f.type) if f.name in told else pa.nulls(size, f.type) for f in fields]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def _type(column: Column) -> pa.DataType:
    return pa.string() if column.kind is Kind.TOKEN else arrow_type(column)
