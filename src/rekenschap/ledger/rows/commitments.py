# SPDX-License-Identifier: EUPL-1.2
"""From rows to commitments: C = SHA-256(salt | row), with salts that follow from one secret per segment.

A commitment tells nothing about its row to who has no secret: destroying 32 bytes makes a whole segment
unreadable from its hashes. Knows no tree and no file.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rekenschap.ledger.rows.encoding import Layout, encode

SALT_SIZE = 16
SECRET_SIZE = 32
COMMITMENT_SIZE = 32
_SALT_LABEL = b"rekenschap/salt/v1"
_PIECE = 16_384  # rows at once: fits the cache, where larger pieces wait for memory


def salts_of(secret: bytes, count: int, *, first: int = 0) -> bytes:
    """Give `count` packed 16-byte salts from row `first` on: the AES-256-CTR key stream of the secret."""
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_SALT_LABEL).derive(secret)
    stream = Cipher(algorithms.AES256(key), modes.CTR(first.to_bytes(16, "big"))).encryptor()
    return stream.update(bytes(SALT_SIZE * count)) + stream.finalize()


def commitments_of(columns: Sequence[pa.Array], layout: Layout, *, head: bytes, secret: bytes) -> bytes:
    """Commit to each row of the columns of one segment; packed 32-byte commitments in row order."""
    count = len(columns[0])
    salts = np.frombuffer(salts_of(secret, count), dtype=np.uint8).reshape(count, SALT_SIZE)
    pieces = [
        encode(
            [column.slice(at, _PIECE) for column in columns],
            layout,
            head=head,
            before=salts[at : at + _PIECE],
        ).digests()
        for at in range(0, count, _PIECE)
    ]
    return b"".join(pieces)
