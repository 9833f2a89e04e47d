# SPDX-License-Identifier: EUPL-1.2
"""What the systems wrote down as tables: one for each relation, in the columns the relation declares."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.demo.paper.writing import Facts, check_facts, same
from rekenschap.model.columns import Column, Kind
from rekenschap.model.relations import RELATIONS
from rekenschap.tables import arrow_type


def drawn_tables(facts: list[Facts]) -> dict[str, pa.Table]:
    """Put the facts of each relation below one another; identifiers are text, as in the files.

    Empties `facts` as it goes: both together would be twice the memory of a large town.
    """
    tables: dict[str, pa.Table] = {}
    for name in [each for each in RELATIONS if any(one.relation == each for one in facts)]:
        tables[name] = pa.concat_tables([_table(one) for one in facts if one.relation == name])
        facts[:] = [each for each in facts if each.relation != name]
    return tables


def _table(facts: Facts) -> pa.Table:
    check_facts(facts)
    size = len(facts.moment)
    told = {**facts.columns, "source": same(facts.source, size)}
    fields = [pa.field(each.name, _type(each)) for each in RELATIONS[facts.relation].content]
    columns = [told[f.name].cast(f.type) if f.name in told else pa.nulls(size, f.type) for f in fields]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def _type(column: Column) -> pa.DataType:
    return pa.string() if column.kind is Kind.TOKEN else arrow_type(column)


def facts_in(tables: Mapping[str, pa.Table]) -> list[Facts]:
    """Give tables as facts again, source by source, in order of time within each."""
    return [
        each
        for name, table in tables.items()
        for source in pc.unique(table["source"]).to_pylist()
        for each in [_facts(name, source, table.filter(pc.equal(table["source"], source)))]
    ]


def _facts(name: str, source: str, table: pa.Table) -> Facts:
    happened = table[RELATIONS[name].happened].cast(pa.int64())
    columns = {
        each: table[each].combine_chunks()
        for each in table.column_names
        if each != "source" and table[each].null_count < table.num_rows
    }
    return Facts(relation=name, source=source, moment=np.asarray(pc.fill_null(happened, 0)), columns=columns)
