# SPDX-License-Identifier: EUPL-1.2
"""Identifiers to keyed pseudonyms: HMAC-SHA-256(key of the period, domain 0x00 identifier), first 16 bytes.

Works on distinct identifiers only. An identifier is stripped of space around it; the BSN of a subject becomes
its nine digits, however it was written. Nothing else is changed: `A.Jansen` and `a.jansen` are two people
until the source agrees.
"""

from __future__ import annotations

import hmac

import pyarrow as pa

from rekenschap.intake.fields.numbers_in_text import as_bsn
from rekenschap.intake.private.sealing import SealedOriginals
from rekenschap.tables import TOKEN_WIDTH

_REMEMBERED = 500_000
_AT_ONCE = 100_000


class Pseudonyms:
    """Makes tokens and puts the originals away; `sealed` is None where nothing may be kept (an example)."""

    def __init__(self, key: bytes, sealed: SealedOriginals | None) -> None:
        self._key = key
        self._sealed = sealed
        self._known: dict[tuple[str, str], bytes] = {}
        self._fresh: dict[str, dict[bytes, str]] = {}
        self._waiting = 0

    def tokens_of(self, identifiers: pa.Array, domain: str) -> pa.Array:
        """Give the token of each identifier; null stays null. Call `put_away` before a token is stored."""
        coded = identifiers.dictionary_encode()
        tokens = self._tokens([normal_form(x, domain) for x in coded.dictionary.to_pylist()], domain)
        dictionary = pa.array(tokens, pa.binary(TOKEN_WIDTH))
        return dictionary.take(coded.indices)

    def tokens_of_records(self, records: pa.Array) -> pa.Array:
        """Give the token of each record (text or bytes); the records themselves are kept elsewhere."""
        begin, key = b"record\0", self._key
        tokens = [
            hmac.digest(key, begin + raw, "sha256")[:TOKEN_WIDTH]
            for raw in records.cast(pa.binary()).to_pylist()
        ]
        return pa.array(tokens, pa.binary(TOKEN_WIDTH))

    def put_away(self) -> None:
        """Seal the originals of all tokens made so far; on return they are on disk."""
        if self._sealed is not None:
            self._sealed.seal(self._fresh)
        self._fresh.clear()
        self._waiting = 0

    def _tokens(self, originals: list[str], domain: str) -> list[bytes]:
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        fresh = {x: token_of(self._key, domain, x) for x in originals if (domain, x) not in self._known}
        self._known.update({(domain, original): token for original, token in fresh.items()})
        self._fresh.setdefault(domain, {}).update({token: original for original, token in fresh.items()})
        self._waiting += len(fresh)
        if self._waiting >= _AT_ONCE:
            self.put_away()
        return [self._known[domain, x] for x in originals]


def token_of(key: bytes, domain: str, original: str) -> bytes:
    """Give the token of one identifier in normal form."""
    return hmac.digest(key, domain.encode() + b"\0" + original.encode(), "sha256")[:TOKEN_WIDTH]


def normal_form(identifier: str, domain: str) -> str:
    """Strip space, and in domain `subject` write a BSN in its nine digits."""
    stripped = identifier.strip()
    return (as_bsn(stripped) or stripped) if domain == "subject" else stripped
