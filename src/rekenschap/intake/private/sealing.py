# SPDX-License-Identifier: EUPL-1.2
"""The originals of pseudonyms, each under a random key of its own, and those keys in a second file.

Forgetting a person is destroying one key in the second file: no copy of the first can be read any more.
A forgotten token is not sealed again when the same person comes by in a later file.
A few at a time have a row each (all of them had before version 2 of these files); many at a time go in packs,
where the key of each is a one-time pad: see `packs`. In which pack each is, `places` knows (version 3).
"""

from __future__ import annotations

import hmac
import os
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from rekenschap.errors import KeysError
from rekenschap.intake.private.files import open_private, told, whole
from rekenschap.intake.private.packs import Part, packed, text_in
from rekenschap.intake.private.places import RUNS, TREE, Places, first_of, tokens_in_runs
from rekenschap.intake.private.remembered import Tokens, halves, raw_tokens
from rekenschap.seams.cipher import Cipher
from rekenschap.tables import TOKEN_WIDTH

ORIGINALS = "originals.sqlite"
KEYS = "original-keys.sqlite"
_LABEL, _LABEL_OF_SUMS = b"rekenschap/original-key/v1", b"rekenschap/originals/v2"
_ORIGINALS = """CREATE TABLE IF NOT EXISTS originals
    (token BLOB NOT NULL UNIQUE, domain TEXT NOT NULL, period TEXT NOT NULL, sealed BLOB NOT NULL)"""
_KEYS = "CREATE TABLE IF NOT EXISTS keys (token BLOB NOT NULL UNIQUE, wrapped BLOB)"
_SUMS = """CREATE TABLE IF NOT EXISTS packs
    (number INTEGER PRIMARY KEY, period TEXT NOT NULL, sealed BLOB NOT NULL)"""
_PADS = "CREATE TABLE IF NOT EXISTS packs (number INTEGER PRIMARY KEY, wrapped BLOB NOT NULL)"
_MANY, _PACK = 256, 4_096
"""From so many new originals on they go in packs, with so many in each at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Originals:
    """Texts of one domain, with the token of each."""

    domain: str
    tokens: pa.FixedSizeBinaryArray
    texts: pa.StringArray


class SealedOriginals:
    """The two files in `folder`, for one period of pseudonyms."""

    def __init__(self, folder: Path, *, cipher: Cipher, sealing_key: bytes, period: str) -> None:
        self._cipher = cipher
        self._wrapping_key = hmac.digest(sealing_key, _LABEL, "sha256")
        self._sums_key = hmac.digest(sealing_key, _LABEL_OF_SUMS, "sha256")
        self._period = period
        self._originals = open_private(folder / ORIGINALS, _ORIGINALS, _SUMS)
        self._keys = open_private(folder / KEYS, _KEYS, _PADS, TREE, RUNS)
        self._places = Places(self._keys)

    def seal(self, originals: Mapping[str, Mapping[bytes, str]]) -> None:
        """Put away originals (text by token, by domain), as `put` does."""
        self.put(
            [
                Originals(
                    domain=domain,
                    tokens=pa.array(texts, pa.binary(TOKEN_WIDTH)),
                    texts=pa.array(texts.values(), pa.string()),
                )
                for domain, texts in originals.items()
            ]
        )

    def put(self, originals: Sequence[Originals]) -> None:
        """Put away the originals that are new; on return they are on disk.

        All domains go under one write: each write costs several syncs of the disk.
        """
        tokens = halves(b"".join([raw_tokens(each.tokens) for each in originals]))
        texts = pa.concat_arrays([each.texts for each in originals])
        try:
            self._put(tokens, texts, [each.domain for each in originals for _ in range(len(each.tokens))])
        except BaseException:
            self._places = Places(self._keys)  # what it saw of this write is not there
            raise

    def _put(self, tokens: Tokens, texts: pa.StringArray, domains: Sequence[str]) -> None:
        with told(self._keys):
            fresh = np.flatnonzero(~self._places.known(tokens) & first_of(tokens))
        if not fresh.size:
            return
        left = texts.take(pa.array(fresh))
        if fresh.size >= _MANY:
            self._put_packs(tokens[fresh], left)
        else:
            rows = [(tokens[at].tobytes(), domains[at]) for at in fresh.tolist()]
            self._put_rows(rows, left.to_pylist())

    def _put_rows(self, fresh: Sequence[tuple[bytes, str]], texts: list[str]) -> None:
        keys = {token: os.urandom(32) for token, _ in fresh}
        wrapped = [(t, self._cipher.seal(self._wrapping_key, key, bound_to=t)) for t, key in keys.items()]
        sealed = [
            (t, domain, self._period, self._cipher.seal(keys[t], x.encode(), bound_to=self._bond(domain, t)))
            for (t, domain), x in zip(fresh, texts, strict=True)
        ]
        with whole(self._keys), whole(self._originals):  # the keys last: an original counts when it has one
            self._originals.executemany("INSERT OR REPLACE INTO originals VALUES (?, ?, ?, ?)", sealed)
            self._keys.executemany("INSERT INTO keys VALUES (?, ?)", wrapped)

    def _put_packs(self, tokens: Tokens, texts: pa.StringArray) -> None:
        with whole(self._keys), whole(self._originals):  # the keys last, here too
            number = self._keys.execute("SELECT coalesce(max(number), 0) FROM packs").fetchone()[0]
            packs = np.arange(len(tokens), dtype=np.uint32) // _PACK + number + 1
            for at in range(0, len(tokens), _PACK):
                number += 1
                some = tokens[at : at + _PACK]
                sums, pads = packed(some.tobytes(), texts.slice(at, _PACK))
                sealed = self._sealed_sums(sums, number, self._period)
                self._originals.execute(
                    "INSERT OR REPLACE INTO packs VALUES (?, ?, ?)", (number, self._period, sealed)
                )
                wrapped = self._wrapped_pads(pads, number)
                self._keys.execute("INSERT INTO packs VALUES (?, ?)", (number, wrapped))
            self._places.add(tokens, packs.astype(np.uint32))

    def unseal(self, token: bytes) -> str:
        """Give the original of a token; raises KeysError when it was forgotten or never came by."""
        with told(self._keys):
            key = self._keys.execute("SELECT wrapped FROM keys WHERE token = ?", (token,)).fetchone()
            row = self._originals.execute(
                "SELECT domain, period, sealed FROM originals WHERE token = ?", (token,)
            ).fetchone()
        if not key and (text := self._unpacked(token)) is not None:
            return text
        if not key or not key[0] or not row:
            found = "one that was forgotten" if key else "none"
            raise KeysError(expected="a sealed original", found=found, remedy="ask the source, if you may")
        domain, period, sealed = row
        own_key = self._cipher.unseal(self._wrapping_key, key[0], bound_to=token)
        return self._cipher.unseal(own_key, sealed, bound_to=_bond(domain, period, token)).decode()

    def forget(self, token: bytes) -> None:
        """Destroy the key of one original and then its sealed text; a token nobody knows is fine."""
        with whole(self._keys):
            numbers = self._places.packs(token)
            for number in numbers:
                pads = self._pads(number).without(token)
                self._keys.execute(
                    "UPDATE packs SET wrapped = ? WHERE number = ?",
                    (self._wrapped_pads(pads, number), number),
                )
            self._places.forget(token)
            self._keys.execute("INSERT OR REPLACE INTO keys VALUES (?, NULL)", (token,))
        with whole(self._originals):
            self._originals.execute("DELETE FROM originals WHERE token = ?", (token,))
            for number in numbers:
                if (found := self._sums(number)) is not None:
                    sums, period = found
                    sealed = self._sealed_sums(sums.without(token), number, period)
                    self._originals.execute("UPDATE packs SET sealed = ? WHERE number = ?", (sealed, number))

    def close(self) -> None:
        """Let go of both files."""
        self._originals.close()
        self._keys.close()

    def _unpacked(self, token: bytes) -> str | None:
        """Give the text of a token in a pack, if it is in one."""
        with told(self._keys):
            number = next(iter(self._places.packs(token)), None)
            found = None if number is None else self._sums(number)
            return None if number is None or found is None else text_in(found[0], self._pads(number), token)

    def _pads(self, number: int) -> Part:
        (wrapped,) = self._keys.execute("SELECT wrapped FROM packs WHERE number = ?", (number,)).fetchone()
        return Part.read(self._cipher.unseal(self._wrapping_key, wrapped, bound_to=_bond_of_pack(number)))

    def _sums(self, number: int) -> tuple[Part, str] | None:
        row = self._originals.execute(
            "SELECT period, sealed FROM packs WHERE number = ?", (number,)
        ).fetchone()
        if row is None:
            return None
        period, sealed = row
        bond = _bond_of_pack(number, period)
        return Part.read(self._cipher.unseal(self._sums_key, sealed, bound_to=bond)), period

    def _wrapped_pads(self, pads: Part, number: int) -> bytes:
        return self._cipher.seal(self._wrapping_key, pads.written(), bound_to=_bond_of_pack(number))

    def _sealed_sums(self, sums: Part, number: int, period: str) -> bytes:
        bond = _bond_of_pack(number, period)
        return self._cipher.seal(self._sums_key, sums.written(), bound_to=bond)

    def _bond(self, domain: str, token: bytes) -> bytes:
        return _bond(domain, self._period, token)


def openable(folder: Path) -> set[bytes] | None:
    """Give the tokens that have both a sealed text and a key; None when neither file is there."""
    if not any((folder / name).exists() for name in (ORIGINALS, KEYS)):
        return None
    with_text = _told(folder / ORIGINALS, "SELECT token FROM originals WHERE length(sealed)")
    with_key = _told(folder / KEYS, "SELECT token FROM keys WHERE length(wrapped)")
    packs = {number for (number,) in _told(folder / ORIGINALS, "SELECT number FROM packs")}
    padded = {number for (number,) in _told(folder / KEYS, "SELECT number FROM packs")}
    places = _told(folder / KEYS, "SELECT token, pack FROM places JOIN packs ON number = pack")
    in_packs = {token for token, number in places if number in packs}
    whole_packs = {int(number) for number in packs & padded}
    runs = tokens_in_runs(_told(folder / KEYS, "SELECT tokens, packs FROM runs"))
    in_packs |= {token for token, number in runs if number in whole_packs}
    return {token for (token,) in with_text & with_key} | in_packs


def _told(path: Path, query: str) -> set[tuple[bytes, ...]]:
    """Ask a file that may be gone, older, or no longer what it was: then nothing in it can be opened."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base:
            return set(base.execute(query))
    except sqlite3.Error:
        return set()


def _bond_of_pack(number: int, period: str = "") -> bytes:
    return b"|".join((b"pack", period.encode(), number.to_bytes(8, "big")))


def _bond(domain: str, period: str, token: bytes) -> bytes:
    return b"|".join((domain.encode(), period.encode(), token))
