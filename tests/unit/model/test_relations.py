# SPDX-License-Identifier: EUPL-1.2
"""The declarations hold together: every other shape of a fact follows from them."""

import pytest

from rekenschap.errors import MalformedSchemaError
from rekenschap.model.columns import DOOR_COLUMNS, Kind
from rekenschap.model.relations import RELATIONS
from rekenschap.model.schema_text import relation_of, schema_text

EVERY = list(RELATIONS.values())


@pytest.mark.parametrize("relation", EVERY, ids=lambda r: r.name)
def test_a_relation_begins_with_identity_source_and_time_of_recording(relation):
    assert relation.names[:3] == ("fact_id", "source", "recorded_at")
    assert all(relation[name].required for name in ("fact_id", "source", "recorded_at"))


@pytest.mark.parametrize("relation", EVERY, ids=lambda r: r.name)
def test_the_moment_a_fact_happened_is_one_of_its_times(relation):
    assert relation[relation.happened].kind is Kind.TIME


@pytest.mark.parametrize("relation", EVERY, ids=lambda r: r.name)
def test_names_are_unique_and_every_column_says_what_it_means(relation):
    assert len(set(relation.names)) == len(relation.names)
    assert all(column.meaning for column in relation)


@pytest.mark.parametrize("relation", EVERY, ids=lambda r: r.name)
def test_tokens_codes_and_bytes_carry_what_their_kind_needs(relation):
    for column in relation:
        assert bool(column.domain) == (column.kind is Kind.TOKEN)
        assert bool(column.codes) == (column.kind is Kind.CODE)
        assert bool(column.width) == (column.kind is Kind.BYTES)


def test_the_processing_log_names_no_staff():
    domains = {column.domain for column in RELATIONS["processing"]}
    assert "staff" not in domains


def test_no_protected_attribute_is_a_column():
    protected = {"sex", "gender", "origin", "nationality", "religion", "health", "birth", "age", "union"}
    for relation in EVERY:
        assert not protected & {part for name in relation.names for part in name.split("_")}


@pytest.mark.parametrize("relation", EVERY, ids=lambda r: r.name)
def test_a_schema_text_read_back_encodes_the_same_columns(relation):
    again = relation_of(schema_text(relation))
    assert schema_text(again) == schema_text(relation)
    assert [(c.name, c.kind, c.width) for c in again] == [(c.name, c.kind, c.width) for c in relation]


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"relation":"x","version":1,"happened":"t","columns":[{}]}']
)
def test_what_is_not_a_schema_text_is_refused(text):
    with pytest.raises(MalformedSchemaError, match="expected the schema of a relation"):
        relation_of(text)


def test_the_source_fills_everything_but_the_door_columns():
    for relation in EVERY:
        assert {column.name for column in relation.content} == set(relation.names) - set(DOOR_COLUMNS)
