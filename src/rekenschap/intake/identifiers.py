# SPDX-License-Identifier: EUPL-1.2
"""Identifiers to keyed pseudonyms: HMAC-SHA-256(key of the period, domain 0x00 identifier), first 16 bytes.

Works on distinct identifiers only. An identifier is stripped of space around it; the BSN of a subject becomes
its nine digits, however it was written. Nothing else is changed: `A.Jansen` and `a.jansen` are two people
until the source agrees.
"""

from __future__ import annotations

import hmac

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.intake.fields.numbers_in_text import as_bsn
from rekenschap.intake.private.sealing import SealedOriginals
from rekenschap.ledger.rows.keyed import keyed_hashes
from rekenschap.tables import TOKEN_WIDTH

_REMEMBERED = 250_000
"""Identifiers of the past that are remembered at least; at most twice as many."""

_AT_ONCE = 100_000
_PLAIN = r"^[!-~]([ -~]*[!-~])?$"
"""ASCII without space around it: nothing to strip, and the same in every normal form of Unicode."""

_NINE = r"^[0-9]{9}$"
_EIGHT_DIGITS = r"([0-9][^0-9]*){8}"
"""What has fewer digits than that is no BSN, however it is written."""


class Pseudonyms:
    """Makes tokens and puts the originals away; `sealed` is None where nothing may be kept (an example)."""

    def __init__(self, key: bytes, sealed: SealedOriginals | None) -> None:
        self._key = key
        self._sealed = sealed
        self._known: dict[str, dict[str, bytes]] = {}
        self._before: dict[str, dict[str, bytes]] = {}
        self._remembered = 0
        self._fresh: dict[str, dict[bytes, str]] = {}
        self._waiting = 0

    def tokens_of(self, identifiers: pa.Array, domain: str) -> pa.Array:
        """Give the token of each identifier; null stays null. Call `put_away` before a token is stored."""
        coded = identifiers.dictionary_encode()
        tokens = self._tokens(coded.dictionary.to_pylist(), domain)
        return pa.array(tokens, pa.binary(TOKEN_WIDTH)).take(coded.indices)

    def tokens_of_records(self, records: pa.Array) -> pa.Array:
        """Give the token of each record (text or bytes); the records themselves are kept elsewhere."""
        return _as_column(self._key, records.cast(pa.binary()), b"record\0")

    def put_away(self) -> None:
        """Seal the originals of all tokens made so far; on return they are on disk."""
        if self._sealed is not None:
            self._sealed.seal(self._fresh)
        self._fresh.clear()
        self._waiting = 0

    def _tokens(self, written: list[str], domain: str) -> list[bytes]:
        """Give the token of each distinct identifier, as it is written."""
        if self._remembered > _REMEMBERED:
            self._before, self._known, self._remembered = self._known, {}, 0
        known = self._known.setdefault(domain, {})
        strange = [text for text in written if text not in known]
        if strange:
            before = self._before.get(domain, {})
            again = {text: before[text] for text in strange if text in before}
            fresh = self._made([text for text in strange if text not in again], domain)
            known |= again | fresh
            self._remembered += len(strange)
            if self._waiting >= _AT_ONCE:
                self.put_away()
        return [known[text] for text in written]

    def _made(self, written: list[str], domain: str) -> dict[str, bytes]:
        """Make the tokens of identifiers that are not remembered, and keep their originals to be sealed."""
        originals = normal_forms(written, domain)
        tokens: list[bytes] = _as_column(
            self._key, pa.array(originals, pa.binary()), domain.encode() + b"\0"
        ).to_pylist()
        fresh = self._fresh.setdefault(domain, {})
        before = len(fresh)
        fresh.update(zip(tokens, originals, strict=True))
        self._waiting += len(fresh) - before
        return dict(zip(written, tokens, strict=True))


def token_of(key: bytes, domain: str, original: str) -> bytes:
    """Give the token of one identifier in normal form."""
    return hmac.digest(key, domain.encode() + b"\0" + original.encode(), "sha256")[:TOKEN_WIDTH]


def normal_form(identifier: str, domain: str) -> str:
    """Strip space, and in domain `subject` write a BSN in its nine digits."""
    stripped = identifier.strip()
    return (as_bsn(stripped) or stripped) if domain == "subject" else stripped


def normal_forms(identifiers: list[str], domain: str) -> list[str]:
    """Give the normal form of each: only those that may have another than their own are looked at closely."""
    texts = pa.array(identifiers, pa.string())
    same = pc.match_substring_regex(texts, _PLAIN)
    if domain == "subject":
        no_bsn = pc.invert(pc.match_substring_regex(texts, _EIGHT_DIGITS))
        same = pc.and_(same, pc.or_(pc.match_substring_regex(texts, _NINE), no_bsn))
    forms = list(identifiers)
    for at in np.flatnonzero(~np.asarray(same)).tolist():
        forms[at] = normal_form(forms[at], domain)
    return forms


def _as_column(key: bytes, messages: pa.Array, begin: bytes) -> pa.Array:
    short = keyed_hashes(key, messages, begin=begin)[:, :TOKEN_WIDTH]
    packed = pa.py_buffer(np.ascontiguousarray(short))
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(TOKEN_WIDTH), len(messages), [None, packed])
