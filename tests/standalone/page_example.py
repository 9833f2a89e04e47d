# SPDX-License-Identifier: EUPL-1.2
"""The worked example of docs/reference/ledger-format.md, computed with hashes and nothing of ours.

python -m tests.standalone.page_example prints it.
"""

from __future__ import annotations

import base64
import sys
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ORIGIN = "example.org/page"
WITNESS = "witness.example.org"
SECRET = bytes(range(32))
RECORDED_AT = 1_790_000_000_000_000
TIME = 1_790_000_060
SCHEMA = (
    '{"columns":[{"kind":"bytes","name":"fact_id","required":true,"width":16},'
    '{"kind":"text","name":"source","required":true},'
    '{"kind":"time","name":"recorded_at","required":true},'
    '{"domain":"staff","kind":"token","name":"staff","required":true},'
    '{"kind":"text","name":"why","required":false},'
    '{"kind":"flag","name":"urgent","required":false}],'
    '"happened":"recorded_at","relation":"look","version":1}'
)
LOG_KEY = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
WITNESS_KEY = Ed25519PrivateKey.from_private_bytes(b"\x02" * 32)


def hashed(raw: bytes) -> bytes:
    return sha256(raw).digest()


def to_hex(raw: bytes) -> str:
    """Write bytes in groups of four, so that no nine digits stand in a row."""
    text = raw.hex()
    return " ".join(text[at : at + 8] for at in range(0, len(text), 8))


def to_base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def u32(number: int) -> bytes:
    return number.to_bytes(4, "big")


def fact(source: str, staff: bytes, why: str | None, urgent: bool | None) -> list[tuple[bytes, str]]:
    """Give the row of a look in pieces, each with what it is."""
    no_why, no_urgent = why is None, urgent is None
    said, reason = source.encode(), (why or "").encode()
    fixed = [
        (u32(len(said)), f"source: {len(said)} bytes in the tail"),
        (staff, "staff"),
        (u32(len(reason)), "why: NULL" if no_why else f"why: {len(reason)} bytes in the tail"),
        (bytes([bool(urgent)]), "urgent: NULL" if no_urgent else f"urgent: {str(urgent).lower()}"),
    ]
    tail = [(said, "the tail: source"), (reason, "the tail: why")]
    # The identity is over all columns but fact_id and recorded_at, with a bitmap of their own.
    body = bytes([no_why << 2 | no_urgent << 3]) + b"".join(raw for raw, _ in fixed + tail)
    head = [
        (b"AEL1", '"AEL1"'),
        (b"\x01", "kind: a fact"),
        (u32(1), "schema_no"),
        (bytes([no_why << 4 | no_urgent << 5]), "bitmap"),
        (hashed(b"rekenschap/fact/v1" + b"\x04look" + u32(1) + body)[:16], "fact_id"),
    ]
    recorded = [(RECORDED_AT.to_bytes(8, "big"), "recorded_at")]
    return [each for each in head + fixed[:1] + recorded + fixed[1:] + tail if each[0]]


def pieces(parts: list[tuple[bytes, str]]) -> str:
    return "\n".join(f"{to_hex(raw):<36} {what}" for raw, what in parts)


SCHEMA_ROW = b"AEL1" + bytes(5) + b"\x00" + u32(1) + u32(len(SCHEMA)) + SCHEMA.encode()
FIRST = fact("BRP", bytes(range(16)), None, True)
SECOND = fact("BRP", bytes(range(16, 32)), "balie é", None)
ROWS = [SCHEMA_ROW, *(b"".join(raw for raw, _ in parts) for parts in (FIRST, SECOND))]
KEY = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"rekenschap/salt/v1").derive(SECRET)
STREAM = Cipher(algorithms.AES256(KEY), modes.CTR(bytes(16))).encryptor().update(bytes(16 * len(ROWS)))
SALTS = [STREAM[16 * at : 16 * at + 16] for at in range(len(ROWS))]
COMMITMENTS = [hashed(salt + row) for salt, row in zip(SALTS, ROWS, strict=True)]
LEAVES = [hashed(b"\x00" + each) for each in COMMITMENTS]
NODE = hashed(b"\x01" + LEAVES[0] + LEAVES[1])
ROOT = hashed(b"\x01" + NODE + LEAVES[2])
TEXT = f"{ORIGIN}\n3\n{to_base64(ROOT)}\n"


def verifier(name: str, kind: int, key: Ed25519PrivateKey) -> tuple[bytes, str]:
    """Give the id of a public key and its line."""
    material = bytes([kind]) + key.public_key().public_bytes_raw()
    key_id = hashed(name.encode() + b"\n" + material)[:4]
    return key_id, f"{name}+{key_id.hex()}+{to_base64(material)}"


LOG_ID, LOG_LINE = verifier(ORIGIN, 1, LOG_KEY)
WITNESS_ID, WITNESS_LINE = verifier(WITNESS, 4, WITNESS_KEY)
COSIGNED = f"cosignature/v1\ntime {TIME}\n{TEXT}"
NOTE = (
    f"{TEXT}\n"
    f"— {ORIGIN} {to_base64(LOG_ID + LOG_KEY.sign(TEXT.encode()))}\n"
    f"— {WITNESS} {to_base64(WITNESS_ID + TIME.to_bytes(8, 'big') + WITNESS_KEY.sign(COSIGNED.encode()))}\n"
)
ML_DSA_MESSAGE = [
    (b"subtree/v1\n\x00", 'label "subtree/v1", 0A, 00'),
    (bytes([len(ORIGIN)]), "length of the key's name"),
    (ORIGIN.encode(), "the key's name"),
    (bytes(8), "time: 0"),
    (bytes([len(ORIGIN)]), "length of the origin"),
    (ORIGIN.encode(), "the origin"),
    (bytes(8), "first leaf: 0"),
    ((3).to_bytes(8, "big"), "the leaf after the last: 3"),
    (ROOT, "the root"),
]


def block(text: str) -> str:
    return f"```\n{text}\n```\n"


def values(name: str, raws: list[bytes]) -> str:
    return "\n".join(f"{name}({at}) {to_base64(raw)}" for at, raw in enumerate(raws))


def example() -> str:
    """Write the section of the page, from the salts to the cosigned note."""
    folded = SCHEMA.replace("},{", "},\n{").replace('],"happened"', '],\n"happened"')
    three = (("salt", SALTS), ("C", COMMITMENTS), ("leaf", LEAVES))
    return f"""\
Three entries of one run: a schema and two looks. The secret of the run is the bytes 00 to 1f. Bytes are in
hexadecimal, in groups of four, or in base64. The text of the schema, here folded, in truth on one line:

{block(folded)}
Its row is `41454c31 00 00000000 00 00000001` (magic, kind, schema_no, bitmap, number), the length
`{u32(len(SCHEMA)).hex()}` ({len(SCHEMA)} bytes), and those bytes. The row of entry 1, in which `why` is NULL:

{block(pieces(FIRST))}
The row of entry 2, in which `urgent` is NULL:

{block(pieces(SECOND))}
Salts, commitments and leaves:

{block(f"key     {to_base64(KEY)}" + "".join(chr(10) + values(*each) for each in three))}
The tree of three leaves, and the text that is signed:

{
        block(
            f"node    SHA-256(01 | leaf(0) | leaf(1)) = {to_base64(NODE)}"
            f"{chr(10)}root    SHA-256(01 | node | leaf(2))    = {to_base64(ROOT)}"
        )
    }
{block(TEXT.rstrip())}
The path of entry 1 is leaf(0), leaf(2); that of entry 2 is node. Public keys, from the Ed25519 seeds of 32
bytes 01 (the log) and 32 bytes 02 (a witness, kind 4):

{block(LOG_LINE + chr(10) + WITNESS_LINE)}
The note, signed by the log and cosigned by the witness at {TIME}; it ends with a newline:

{block(NOTE.rstrip())}
What the ML-DSA-44 key of the log would sign for it:

{block(pieces(ML_DSA_MESSAGE))}"""


if __name__ == "__main__":
    sys.stdout.write(example())
