# SPDX-License-Identifier: EUPL-1.2
"""Identifiers to keyed pseudonyms: HMAC-SHA-256(key of the period, domain 0x00 identifier), first 16 bytes.

Works on distinct identifiers only. An identifier is stripped of space around it; the BSN of a subject becomes
its nine digits, however it was written. Nothing else is changed: `A.Jansen` and `a.jansen` are two people
until the source agrees.
"""

from __future__ import annotations

import hmac
from threading import Lock

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.intake.fields.coded import compact, is_coded
from rekenschap.intake.fields.octets import is_number_of, is_solid
from rekenschap.intake.private.remembered import Remembered, halves, raw_tokens
from rekenschap.intake.private.sealing import Originals, SealedOriginals
from rekenschap.ledger.rows.keyed import keyed_hashes
from rekenschap.model.bsn import as_bsn
from rekenschap.tables import TOKEN_WIDTH

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
        self._met = Remembered()
        self._fresh: list[Originals] = []
        self._waiting = 0
        self._noting, self._putting = Lock(), Lock()

    def tokens_of(self, identifiers: pa.Array, domain: str) -> pa.Array:
        """Give the token of each identifier; null stays null. Call `put_away` before a token is stored."""
        coded = compact(identifiers) if is_coded(identifiers) else identifiers.dictionary_encode()
        originals = normal_forms(coded.dictionary, domain)
        tokens = _tokens(self._key, originals, domain.encode() + b"\0")
        self._note(tokens, originals, domain)
        return tokens.take(coded.indices)

    def tokens_of_records(self, records: pa.Array) -> pa.Array:
        """Give the token of each record (text or bytes); the records themselves are kept elsewhere."""
        return _tokens(self._key, records, b"record\0")

    def put_away(self) -> None:
        """Seal the originals of all tokens made so far; on return they are on disk."""
        with self._putting:  # whoever comes while others put some of these away waits for them
            with self._noting:
                fresh, self._fresh, self._waiting = self._fresh, [], 0
            if self._sealed is None or not fresh:
                return
            try:
                self._sealed.put(fresh)
            except BaseException:
                with self._noting:
                    self._fresh = fresh + self._fresh
                raise

    def _note(self, tokens: pa.Array, originals: pa.Array, domain: str) -> None:
        """Keep the originals that are not remembered as put away."""
        if self._sealed is None or not len(tokens):
            return
        with self._noting:
            at = np.flatnonzero(self._met.meet(halves(raw_tokens(tokens))))
            if at.size:
                some = tokens if at.size == len(tokens) else tokens.take(pa.array(at))
                texts = originals if at.size == len(tokens) else originals.take(pa.array(at))
                self._fresh.append(Originals(domain=domain, tokens=some, texts=texts))
                self._waiting += at.size
            many = self._waiting >= _AT_ONCE
        if many:
            self.put_away()


def token_of(key: bytes, domain: str, original: str) -> bytes:
    """Give the token of one identifier in normal form."""
    return hmac.digest(key, domain.encode() + b"\0" + original.encode(), "sha256")[:TOKEN_WIDTH]


def normal_form(identifier: str, domain: str) -> str:
    """Strip space, and in domain `subject` write a BSN in its nine digits."""
    stripped = identifier.strip()
    return (as_bsn(stripped) or stripped) if domain == "subject" else stripped


def normal_forms(identifiers: pa.StringArray, domain: str) -> pa.StringArray:
    """Give the normal form of each: only those that may have another than their own are looked at closely."""
    solid = is_solid(identifiers)
    if solid and (domain != "subject" or is_number_of(identifiers, 9)):
        return identifiers
    same = pa.repeat(True, len(identifiers)) if solid else pc.match_substring_regex(identifiers, _PLAIN)
    if domain == "subject":
        maybe = pc.and_(same, pc.invert(pc.match_substring_regex(identifiers, _NINE)))
        if pc.any(maybe).as_py():
            left = pc.if_else(maybe, identifiers, "")
            same = pc.and_(same, pc.invert(pc.match_substring_regex(left, _EIGHT_DIGITS)))
    if pc.all(same).as_py():
        return identifiers
    strange = pc.invert(same)
    forms = [normal_form(each, domain) for each in identifiers.filter(strange).to_pylist()]
    return pc.replace_with_mask(identifiers, strange, pa.array(forms, pa.string()))


def _tokens(key: bytes, messages: pa.Array, begin: bytes) -> pa.Array:
    short = np.ascontiguousarray(keyed_hashes(key, messages, begin=begin)[:, :TOKEN_WIDTH])
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(TOKEN_WIDTH), len(messages), [None, pa.py_buffer(short)]
    )
