# SPDX-License-Identifier: EUPL-1.2
"""Two readers, one answer: whatever is done to a proof, both accept it with the same fact or both refuse it.

REKENSCHAP_MUTATIONS sets how many random changes are tried (20,000 if nothing is said).
"""

import base64
import json
import os
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from tests.standalone.both import LOG, LOG_PQ, WITNESS, WITNESS_PQ, Log, agreed, keys_of
from tests.standalone.small import ENTRY, ROWS, SCHEMA, SMALL
from tests.standalone.spoiled import ALL
from tests.standalone.spoiled_rows import SIGNED

MUTATIONS = int(os.environ.get("REKENSCHAP_MUTATIONS", "20000"))
KEYS = keys_of(LOG)
BY_HAND = ALL | SIGNED
PLACES = [(part, field) for part in ("entry", "schema") for field in ("row", "salt", "path")]


@pytest.mark.parametrize("group", BY_HAND)
def test_a_proof_spoiled_by_hand_has_one_answer(group: str):
    said = Counter(agreed(text, keys).says for _, text, keys in BY_HAND[group]())
    assert said["alarm"] + said["trouble"] > 0
    assert said["holds"] > 0 or group == "spellings"


def test_every_bit_of_the_file_has_one_answer():
    """Flip each bit of a small proof: only white space may change without an alarm."""
    text = SMALL.proof_text(ENTRY, SCHEMA).encode()
    said: Counter[str] = Counter()
    for at in range(len(text)):
        for bit in range(8):
            flipped = text[:at] + bytes([text[at] ^ 1 << bit]) + text[at + 1 :]
            try:
                outcome = agreed(flipped.decode(), KEYS)
            except UnicodeDecodeError:
                continue  # neither reader gets further than this
            said[outcome.says] += 1
            assert outcome.says == "alarm" or text[at : at + 1].isspace(), at
    assert said["alarm"] > 7 * len(text) * 0.8


@pytest.mark.parametrize("part, field", PLACES)
def test_every_bit_of_the_bytes_inside_raises_the_alarm(part: str, field: str):
    proof = SMALL.proof(ENTRY, SCHEMA)
    inner = proof[part]
    for held, put in _bytes_of(inner, field):
        for at in range(8 * len(held)):
            assert agreed(json.dumps(proof | {part: put(_flipped(held, at))}), KEYS).says == "alarm"


@pytest.mark.parametrize("signer", [LOG, LOG_PQ, WITNESS, WITNESS_PQ], ids=lambda each: each.kind.name)
def test_every_byte_of_a_signature_raises_the_alarm(signer):
    signers = (LOG,) if signer is LOG else (LOG, signer)
    log = Log(rows=ROWS, signers=signers, timestamp=1_790_000_000)
    proof = log.proof(ENTRY, SCHEMA)
    note = base64.b64decode(str(proof["checkpoint"]))
    body = note[: -len(note.split(b" ")[-1])]
    packed = base64.b64decode(note.split(b" ")[-1])
    for at in range(4, len(packed)):
        spoiled = body + base64.b64encode(_flipped(packed, 8 * at + at % 8)) + b"\n"
        text = json.dumps(proof | {"checkpoint": base64.b64encode(spoiled).decode()})
        assert agreed(text, keys_of(*signers)).says == "alarm"


@pytest.mark.parametrize("entry", [1, 2, 3])
def test_every_bit_of_a_row_that_a_log_signed_has_one_answer(entry: int):
    """The log commits to the spoiled row itself, so that only the reading of the row can refuse it."""
    said = Counter(
        agreed(Log(rows=(ROWS[0], _flipped(ROWS[entry], at))).proof_text(1, 0), KEYS).says
        for at in range(8 * len(ROWS[entry]))
    )
    assert said["holds"] > 100
    assert said["alarm"] > 100


def test_every_bit_of_a_schema_that_a_log_signed_has_one_answer():
    said = Counter(
        agreed(Log(rows=(_flipped(ROWS[0], at), ROWS[1])).proof_text(1, 0), KEYS).says
        for at in range(8 * len(ROWS[0]))
    )
    assert said["holds"] > 100
    assert said["alarm"] > 1000


def test_random_changes_have_one_answer():
    """Cut, copy, swap and overwrite pieces of the file, of its notes, of rows and schemas a log signed."""
    random = Random(20261122)  # noqa: S311 — nothing secret
    said = Counter[str]()
    while said.total() < MUTATIONS:
        for text in _changed(random):
            said[agreed(text, KEYS).says] += 1
    assert said["holds"] > MUTATIONS // 100
    assert said["alarm"] > MUTATIONS // 4


def _changed(random: Random) -> Iterator[str]:
    proof = SMALL.proof(ENTRY, SCHEMA)
    yield _mutated(json.dumps(proof).encode(), random).decode("utf-8", "replace")
    note = _mutated(base64.b64decode(str(proof["checkpoint"])), random)
    yield json.dumps(proof | {"checkpoint": base64.b64encode(note).decode()})
    row = _mutated(random.choice(ROWS[1:4]), random)
    yield Log(rows=(ROWS[0], row)).proof_text(1, 0)
    yield Log(rows=(_mutated(ROWS[0], random), ROWS[1])).proof_text(1, 0)
    fresh = ROWS[1][:9] + random.randbytes(random.randrange(150))
    yield Log(rows=(ROWS[0], fresh)).proof_text(1, 0)


def _mutated(raw: bytes, random: Random) -> bytes:
    for _ in range(random.choice((1, 1, 2, 5))):
        at, to = sorted(random.randrange(len(raw) + 1) for _ in range(2))
        piece = raw[at : min(to, at + 12)]
        raw = random.choice(
            (
                lambda: raw[:at] + raw[at + len(piece) :],  # noqa: B023
                lambda: raw[:at] + piece + raw[at:],  # noqa: B023
                lambda: raw[:to] + piece + raw[to:],  # noqa: B023
                lambda: raw[:at] + random.randbytes(len(piece)) + raw[at + len(piece) :],  # noqa: B023
                lambda: _flipped(raw, random.randrange(8 * len(raw))) if raw else raw,  # noqa: B023
                lambda: raw[:at] + piece[::-1] + raw[at + len(piece) :],  # noqa: B023
                lambda: raw[:at] + bytes(len(piece)) + raw[at + len(piece) :],  # noqa: B023
                lambda: raw[:at] + str(random.choice((0, 1, 2, 255, 2**31, 2**63))).encode() + raw[at:],  # noqa: B023
            )
        )()
    return raw


def _flipped(raw: bytes, bit: int) -> bytes:
    spoiled = bytearray(raw)
    spoiled[bit // 8] ^= 1 << bit % 8
    return bytes(spoiled)


def _bytes_of(inner, field):
    """Give each value of a field as bytes, and how to put another in its place."""
    if field != "path":
        yield base64.b64decode(inner[field]), lambda raw: inner | {field: base64.b64encode(raw).decode()}
        return
    for at, hash_ in enumerate(inner["path"]):
        before, after = inner["path"][:at], inner["path"][at + 1 :]

        def put(raw, before=before, after=after):
            return inner | {"path": [*before, base64.b64encode(raw).decode(), *after]}

        yield base64.b64decode(hash_), put
