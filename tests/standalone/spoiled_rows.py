# SPDX-License-Identifier: EUPL-1.2
"""Schemas and kinds that no honest writer writes, in a log that signed them all the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from rekenschap.model.schema_text import schema_text
from tests.standalone.both import Log, schema_row
from tests.standalone.small import ENTRY, LOOK, ROWS
from tests.standalone.spoiled import KEYS, Trial


def schemas() -> Iterator[Trial]:
    """Sign a schema that no writer writes."""
    text = schema_text(LOOK)
    first = '{"kind":"bytes","name":"fact_id","required":true,"width":16}'
    for name, other in (
        ("another order", json.dumps(dict(reversed(json.loads(text).items())), separators=(",", ":"))),
        ("spaces", json.dumps(json.loads(text), sort_keys=True)),
        ("a newline", text + "\n"),
        ("a name twice", text.replace('"happened"', '"columns":[],"happened"')),
        ("a name too many", text[:-1] + ',"x":1}'),
        ("no version", text.replace(',"version":1', "")),
        ("version 0", text.replace('"version":1', '"version":0')),
        ("version 1.0", text.replace('"version":1', '"version":1.0')),
        ("version true", text.replace('"version":1', '"version":true')),
        ("version -1", text.replace('"version":1', '"version":-1')),
        ("version 999999999", text.replace('"version":1', '"version":999999999')),
        ("version 1000000000", text.replace('"version":1', '"version":1000000000')),
        ("a relation that is a list", text.replace('"relation":"look"', '"relation":["look"]')),
        ("a relation in capitals", text.replace('"relation":"look"', '"relation":"Look"')),
        ("a relation of 63 letters", text.replace('"relation":"look"', f'"relation":"{"l" * 63}"')),
        ("a relation of 64 letters", text.replace('"relation":"look"', f'"relation":"{"l" * 64}"')),
        ("no relation", text.replace('"relation":"look"', '"relation":""')),
        ("the relation schema", text.replace('"relation":"look"', '"relation":"schema"')),
        ("the relation erasure", text.replace('"relation":"look"', '"relation":"erasure"')),
        ("happened is nothing", text.replace('"happened":"looked_at"', '"happened":""')),
        ("happened is null", text.replace('"happened":"looked_at"', '"happened":null')),
        ("happened is a sentence", text.replace('"happened":"looked_at"', '"happened":"then and there"')),
        ("an unknown kind", text.replace('"kind":"flag"', '"kind":"float"')),
        ("kind u32", text.replace('"kind":"flag"', '"kind":"u32"')),
        ("kind null", text.replace('"kind":"flag"', '"kind":null')),
        ("kind a list", text.replace('"kind":"flag"', '"kind":["flag"]')),
        ("two columns of one name", text.replace('"name":"subject"', '"name":"staff"')),
        ("a column in capitals", text.replace('"name":"staff"', '"name":"Staff"')),
        ("a column name with a line end", text.replace('"name":"staff"', '"name":"staff\\n"')),
        ("a column name that is a number", text.replace('"name":"staff"', '"name":5')),
        ("no columns", '{"columns":[],"happened":"","relation":"look","version":1}'),
        ("columns null", '{"columns":null,"happened":"","relation":"look","version":1}'),
        ("columns an object", '{"columns":{},"happened":"","relation":"look","version":1}'),
        ("a column that is a text", '{"columns":["x"],"happened":"","relation":"look","version":1}'),
        ("a column that is null", '{"columns":[null],"happened":"","relation":"look","version":1}'),
        ("one column", '{"columns":[' + first + '],"happened":"","relation":"look","version":1}'),
        ("required 1", text.replace('"required":true', '"required":1', 1)),
        ("no width", text.replace(',"width":16', "")),
        ("width 0", text.replace('"width":16', '"width":0')),
        ("width -1", text.replace('"width":16', '"width":-1')),
        ("width 16.0", text.replace('"width":16', '"width":16.0')),
        ("width true", text.replace('"width":16', '"width":true')),
        ("width 9999", text.replace('"width":16', '"width":9999')),
        ("width 10000", text.replace('"width":16', '"width":10000')),
        ("a width of a flag", text.replace('urgent","required":false', 'urgent","required":false,"width":1')),
        ("a domain of a flag", text.replace('{"kind":"flag"', '{"domain":"x","kind":"flag"')),
        ("no domain", text.replace('"domain":"staff",', "")),
        ("an empty domain", text.replace('"domain":"staff"', '"domain":""')),
        ("a domain of capitals", text.replace('"domain":"staff"', '"domain":"STAFF"')),
        ("a domain that is null", text.replace('"domain":"staff"', '"domain":null')),
        ("an escape", text.replace("staff", "st\\u0061ff")),
        ("a letter beyond ASCII", text.replace("staff", "stäff")),
        ("a list", "[]"),
        ("null", "null"),
        ("a number", "5"),
        ("nothing", ""),
        ("no JSON", "look"),
        ("nested beyond reason", "[" * 100_000),
        ("NaN", text.replace('"version":1', '"version":NaN')),
    ):  # fmt: skip
        log = Log(rows=(schema_row(other), *ROWS[1:]))
        yield f"schema: {name}", log.proof_text(ENTRY, 0), KEYS
        yield f"schema alone: {name}", log.proof_text(0, None), KEYS
    for name, row in (
        ("number 0", schema_row(text, 0)),
        ("number 2", schema_row(text, 2)),
        ("not UTF-8", schema_row(text.replace("staff", "HERE").encode().replace(b"HERE", b"\xff"))),
        ("NULL for the number", b"AEL1" + bytes(5) + b"\x01" + schema_row(text)[10:]),
        ("NULL and zero for the number", b"AEL1" + bytes(5) + b"\x01" + schema_row(text, 0)[10:]),
        ("NULL for the text", b"AEL1" + bytes(5) + b"\x02" + bytes([0, 0, 0, 1]) + bytes(4)),
        ("a spare bit", b"AEL1" + bytes(5) + b"\x04" + schema_row(text)[10:]),
        ("kind 1", b"AEL1\x01" + schema_row(text)[5:]),
        ("a schema of its own", b"AEL1\x00\x00\x00\x00\x01" + schema_row(text)[9:]),
        ("another magic", b"AEL2" + schema_row(text)[4:]),
        ("a byte more", schema_row(text) + b"x"),
        ("nine bytes", schema_row(text)[:9]),
        ("nothing", b""),
    ):
        log = Log(rows=(row, *ROWS[1:]))
        yield f"schema row: {name}", log.proof_text(ENTRY, 0), KEYS
        yield f"schema row alone: {name}", log.proof_text(0, None), KEYS


def kinds() -> Iterator[Trial]:
    """Give each relation with a kind of its own each kind."""
    for relation in ("look", "erasure", "hold", "key_event", "schema"):
        text = schema_text(LOOK).replace('"relation":"look"', f'"relation":"{relation}"')
        for kind in range(6):
            row = b"AEL1" + bytes([kind]) + ROWS[2][5:]
            log = Log(rows=(schema_row(text), row, row))
            yield f"kind {kind} under relation {relation}", log.proof_text(ENTRY, 0), KEYS


def rows() -> Iterator[Trial]:
    """Sign a row in a spelling that no writer writes."""
    full, empty = ROWS[1], ROWS[2]
    nulls, urgent = 9, 11 + 16 + 4 + 8 + 8 + 16 + 16 + 4 + 4 + 4 + 8
    trace, end = urgent + 1, urgent + 4
    for name, row in (
        ("as it was", full),
        ("a flag of 00", _with(full, urgent, b"\x00")),
        ("a flag of 02", _with(full, urgent, b"\x02")),
        ("a flag of ff", _with(full, urgent, b"\xff")),
        ("NULL over a text", _with(full, nulls, bytes([1 << 6]))),
        ("NULL over a flag", _with(full, nulls + 1, bytes([1 << 2]))),
        ("NULL over bytes that are zero", _with(_with(full, trace, bytes(3)), nulls + 1, bytes([1 << 3]))),
        ("a required column that is NULL", _with(empty, nulls, bytes([empty[nulls] | 2]))),
        ("a spare bit", _with(full, nulls + 1, bytes([full[nulls + 1] | 1 << 4]))),
        ("the highest spare bit", _with(full, nulls + 1, bytes([full[nulls + 1] | 1 << 7]))),
        ("a text that is longer", _with(full, 11 + 16 + 3, b"\x08")),
        ("a text that is shorter", _with(full, 11 + 16 + 3, b"\x06")),
        ("a text of 4 GiB", _with(full, 11 + 16, b"\xff\xff\xff\xff")),
        ("a text that is not UTF-8", _with(full, end, b"\xff")),
        ("a text with a null byte", _with(full, end, b"\x00")),
        ("half a character in a text", _with(full, end, b"\xed\xa0\x80")),
        ("a letter in too many bytes", _with(full, end, b"\xc1\x81")),
        ("a byte more", full + b"x"),
        ("a byte less", full[:-1]),
        ("no tail", full[:end]),
        ("half a fixed part", full[:40]),
        ("no fixed part", full[:11]),
        ("no bitmap", full[:9]),
        ("half a head", full[:5]),
        ("another magic", b"AEL2" + full[4:]),
        ("another schema", _with(full, 8, b"\x02")),
        ("nothing", b""),
    ):
        log = Log(rows=(ROWS[0], row, *ROWS[2:]))
        yield f"row: {name}", log.proof_text(ENTRY, 0), KEYS


def _with(row: bytes, at: int, other: bytes) -> bytes:
    return row[:at] + other + row[at + len(other) :]


SIGNED: dict[str, Callable[[], Iterator[Trial]]] = {each.__name__: each for each in (schemas, kinds, rows)}
