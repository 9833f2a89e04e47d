# SPDX-License-Identifier: EUPL-1.2
"""Any relation, any row, any size of log, any keys: what was written is read back alike by both readers."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from rekenschap.ledger.rows.code.agreed import Form
from rekenschap.ledger.rows.decoding import Value
from rekenschap.ledger.rows.encoding import head_of, layout_of
from rekenschap.model.columns import Column, Kind, Relation
from rekenschap.model.schema_text import schema_text
from tests.ael1 import reference
from tests.standalone.both import LOG, LOG_PQ, WITNESS, WITNESS_PQ, Log, agreed, keys_of, schema_row
from tests.standalone.small import ENTRY, SCHEMA, SMALL

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
VALUES = {
    Form.I64: st.integers(-(2**63), 2**63 - 1),
    Form.DAY: st.integers(-(2**31), 2**31 - 1),
    Form.FLAG: st.booleans(),
    Form.VAR: st.one_of(st.text(max_size=20).map(str.encode), st.binary(max_size=5)),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def relations(draw: st.DrawFn) -> Relation:
    kinds = st.sampled_from([*Kind])
    columns = tuple(
        Column(
            name=name,
            kind=(kind := draw(kinds)),
            meaning="",
            required=draw(st.booleans()),
            width=draw(st.integers(1, 40)) if kind is Kind.BYTES else 0,
            domain=draw(st.sampled_from(["", "staff"])) if kind is Kind.TOKEN else "",
        )
        for name in draw(st.lists(NAMES, min_size=1, max_size=20, unique=True))
    )
    name, version = draw(NAMES.filter(lambda each: each != "schema")), draw(st.integers(1, 999_999_999))
    return Relation(name=name, version=version, meaning="", law="", happened=columns[0].name, columns=columns)


@st.composite
def logs(draw: st.DrawFn) -> tuple[Log, int, int]:
    """A log in which one entry is a schema and a later one a row of it; all others are noise."""
    relation, number = draw(relations()), draw(st.integers(1, 2**32 - 1))
    size = draw(st.integers(2, 40))
    schema = draw(st.integers(0, size - 2))
    entry = draw(st.integers(schema + 1, size - 1))
    values: tuple[Value, ...] = tuple(
        draw(st.none() | VALUES.get(each.form, st.binary(min_size=each.width, max_size=each.width)))
        for each in layout_of(relation.columns)
    )
    kind = {"erasure": 2, "hold": 3, "key_event": 4}.get(relation.name, 1)
    rows = [b"noise"] * size
    rows[schema] = schema_row(schema_text(relation), number)
    rows[entry] = reference(values, layout_of(relation.columns), head_of(kind, number))
    return Log(rows=tuple(rows), timestamp=draw(st.integers(0, 2**63 - 1))), entry, schema


@given(logs())
@settings(max_examples=300, deadline=None)
def test_what_was_written_is_read_alike(made: tuple[Log, int, int]):
    log, entry, schema = made
    outcome = agreed(log.proof_text(entry, schema), keys_of(LOG))
    assert outcome.says == "holds" or "UTF-8" in outcome.why
    assert agreed(log.proof_text(schema, None), keys_of(LOG)).says == "holds"


@given(
    made=logs(),
    signers=st.lists(st.sampled_from([LOG, LOG_PQ, WITNESS, WITNESS_PQ]), min_size=1, max_size=5),
    trusted=st.lists(
        st.sampled_from([LOG, LOG_PQ, WITNESS, WITNESS_PQ]), min_size=1, max_size=4, unique=True
    ),
)
@settings(max_examples=100, deadline=None)
def test_any_signers_before_any_keys_have_one_answer(made, signers, trusted):
    log, entry, schema = made
    signed = Log(rows=log.rows, signers=tuple(signers), timestamp=log.timestamp)
    outcome = agreed(signed.proof_text(entry, schema), keys_of(*trusted))
    own = {key.kind for key in trusted if key in (LOG, LOG_PQ)}
    enough = bool(own) and own <= {key.kind for key in signers if key in (LOG, LOG_PQ)}
    assert (outcome.says == "holds") == enough or "UTF-8" in outcome.why


@given(
    place=st.sampled_from(
        [(), ("checkpoint",), ("entry",), ("format",), ("schema",), ("version",)]
        + [(part, name) for part in ("entry", "schema") for name in ("index", "path", "row", "salt")]
    ),
    value=JSON,
)
@settings(max_examples=500, deadline=None)
def test_any_value_in_any_place_has_one_answer(place: tuple[str, ...], value: object):
    proof = SMALL.proof(ENTRY, SCHEMA)
    if not place:
        assert agreed(json.dumps(value), keys_of(LOG)).says == "alarm"
        return
    inner = proof if len(place) == 1 else proof[place[0]]
    same = type(inner[place[-1]]) is type(value) and inner[place[-1]] == value
    inner[place[-1]] = value
    assert (agreed(json.dumps(proof), keys_of(LOG)).says == "holds") == same


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_is_refused_by_both(text: str):
    assert agreed(text, keys_of(LOG)).says == "alarm"
