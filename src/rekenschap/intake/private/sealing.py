# SPDX-License-Identifier: EUPL-1.2
"""The originals of pseudonyms, each under a random key of its own, and those keys in a second file.

Forgetting a person is emptying one row of the second file: no copy of the first can be read any more.
A forgotten token is not sealed again when the same person comes by in a later file.
"""

from __future__ import annotations

import hmac
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from rekenschap.errors import KeysError
from rekenschap.intake.private.files import open_private, told, whole
from rekenschap.seams.cipher import Cipher

ORIGINALS = "originals.sqlite"
KEYS = "original-keys.sqlite"
_LABEL = b"rekenschap/original-key/v1"
_ORIGINALS = """CREATE TABLE IF NOT EXISTS originals
    (token BLOB NOT NULL UNIQUE, domain TEXT NOT NULL, period TEXT NOT NULL, sealed BLOB NOT NULL)"""
_KEYS = "CREATE TABLE IF NOT EXISTS keys (token BLOB NOT NULL UNIQUE, wrapped BLOB)"
_AT_ONCE = 500


class SealedOriginals:
    """The two files in `folder`, for one period of pseudonyms."""

    def __init__(self, folder: Path, *, cipher: Cipher, sealing_key: bytes, period: str) -> None:
        self._cipher = cipher
        self._wrapping_key = hmac.digest(sealing_key, _LABEL, "sha256")
        self._period = period
        self._originals = open_private(folder / ORIGINALS, _ORIGINALS)
        self._keys = open_private(folder / KEYS, _KEYS)

    def seal(self, originals: Mapping[str, Mapping[bytes, str]]) -> None:
        """Put away the originals (text by token, by domain) that are new; on return they are on disk.

        All domains go under one write: each write costs several syncs of the disk.
        """
        known = self._known([token for texts in originals.values() for token in texts])
        fresh = [
            (token, domain, text)
            for domain, texts in originals.items()
            for token, text in texts.items()
            if token not in known
        ]
        if not fresh:
            return
        keys = {token: os.urandom(32) for token, _, _ in fresh}
        wrapped = [(t, self._cipher.seal(self._wrapping_key, key, bound_to=t)) for t, key in keys.items()]
        sealed = [
            (t, domain, self._period, self._cipher.seal(keys[t], x.encode(), bound_to=self._bond(domain, t)))
            for t, domain, x in fresh
        ]
        with whole(self._keys), whole(self._originals):  # the keys last: an original counts when it has one
            self._originals.executemany("INSERT OR REPLACE INTO originals VALUES (?, ?, ?, ?)", sealed)
            self._keys.executemany("INSERT INTO keys VALUES (?, ?)", wrapped)

    def unseal(self, token: bytes) -> str:
        """Give the original of a token; raises KeysError when it was forgotten or never came by."""
        with told(self._keys):
            key = self._keys.execute("SELECT wrapped FROM keys WHERE token = ?", (token,)).fetchone()
            row = self._originals.execute(
                "SELECT domain, period, sealed FROM originals WHERE token = ?", (token,)
            ).fetchone()
        if not key or not key[0] or not row:
            found = "one that was forgotten" if key else "none"
            raise KeysError(expected="a sealed original", found=found, remedy="ask the source, if you may")
        domain, period, sealed = row
        own_key = self._cipher.unseal(self._wrapping_key, key[0], bound_to=token)
        return self._cipher.unseal(own_key, sealed, bound_to=_bond(domain, period, token)).decode()

    def forget(self, token: bytes) -> None:
        """Destroy the key of one original and then its sealed text; a token nobody knows is fine."""
        with whole(self._keys):
            self._keys.execute("INSERT OR REPLACE INTO keys VALUES (?, NULL)", (token,))
        with whole(self._originals):
            self._originals.execute("DELETE FROM originals WHERE token = ?", (token,))

    def close(self) -> None:
        """Let go of both files."""
        self._originals.close()
        self._keys.close()

    def _known(self, tokens: Sequence[bytes]) -> set[bytes]:
        found: set[bytes] = set()
        with told(self._keys):
            for some in _batches(tokens):
                places = ",".join("?" * len(some))
                rows = self._keys.execute(f"SELECT token FROM keys WHERE token IN ({places})", some)  # noqa: S608
                found.update(token for (token,) in rows)
        return found

    def _bond(self, domain: str, token: bytes) -> bytes:
        return _bond(domain, self._period, token)


def openable(folder: Path) -> set[bytes] | None:
    """Give the tokens that have both a sealed text and a key; None when neither file is there."""
    if not any((folder / name).exists() for name in (ORIGINALS, KEYS)):
        return None
    held = []
    for name, query in (
        (ORIGINALS, "SELECT token FROM originals WHERE length(sealed)"),
        (KEYS, "SELECT token FROM keys WHERE length(wrapped)"),
    ):
        try:
            with closing(sqlite3.connect(f"{(folder / name).absolute().as_uri()}?mode=ro", uri=True)) as base:
                held.append({token for (token,) in base.execute(query)})
        except sqlite3.Error:
            held.append(set())  # gone, or no longer what it was: nothing in it can be opened
    return held[0] & held[1]


def _bond(domain: str, period: str, token: bytes) -> bytes:
    return b"|".join((domain.encode(), period.encode(), token))


def _batches(tokens: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (tokens[at : at + _AT_ONCE] for at in range(0, len(tokens), _AT_ONCE))
