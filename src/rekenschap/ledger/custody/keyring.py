# SPDX-License-Identifier: EUPL-1.2
"""Which signatures a checkpoint of some size needs, for a reader who holds one key of the log, old or new.

Every change of the keys was signed by all keys of its time, and every signature covers the whole chain of
statements before it. So one key the reader trusts, of any time, vouches for all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from rekenschap.errors import WrongSignatureError
from rekenschap.ledger.custody.authority import Authority
from rekenschap.ledger.custody.key_statements import Role
from rekenschap.ledger.custody.publickeys import PublicKey
from rekenschap.ledger.custody.roster import KeySpan
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.note import KnownSignature, Note, Verifier, open_checkpoint
from rekenschap.tlog.vkey import SignatureKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """The keys of one log by size, and the witnesses the reader knows."""

    origin: str
    spans: tuple[KeySpan, ...]
    """Empty when the ledger says nothing about its keys: then those of the reader count for ever."""
    trusted: tuple[Verifier, ...]
    witnesses: tuple[Verifier, ...]

    @classmethod
    def of(cls, trusted: Sequence[Verifier], authority: Authority) -> Self:
        """Join the keys a reader trusts (of the log, of officers, of witnesses) with what the ledger says.

        Raises WrongSignatureError when the ledger does not have one of them in its role. Officers sign with
        plain Ed25519, which no witness does: so a reader who gives their keys sees it when others took over.
        """
        origin = authority.origin
        spans = tuple(span for span in authority.roster.spans if span.role is Role.LEDGER)
        own = tuple(key for key in trusted if key.name == origin)
        for key in own if spans else ():
            if not any(_same(key, span) for span in spans):
                raise _unknown("the public key that was given", "the keys this ledger has had")
        officers = [span for span in authority.roster.spans if span.role is Role.OFFICER]
        for key in trusted:
            is_officer = key.name != origin and key.kind is SignatureKind.ED25519
            if is_officer and not any(_same(key, span) for span in officers):
                raise _unknown(f"the key of {key.name} that was given", "the officers this ledger has had")
        return cls(
            origin=origin,
            spans=spans if own else (),
            trusted=own,
            witnesses=tuple(
                key for key in trusted if key.name != origin and key.kind is not SignatureKind.ED25519
            ),
        )

    def keys_at(self, size: int) -> tuple[Verifier, ...]:
        """Give the keys of the log that count for a checkpoint of this size."""
        if not self.spans:
            return self.trusted
        return tuple(span.key for span in self.spans if span.counts_at(size))

    def opened(self, raw: bytes) -> tuple[Checkpoint, tuple[KnownSignature, ...]]:
        """Open a checkpoint signed by every key that counts at its size; raises WrongSignatureError.

        Without a word of the ledger about its keys: by a key of every kind of which the reader has one.
        """
        size = Checkpoint.from_text(Note.from_bytes(raw).text).size
        keys = self.keys_at(size)
        try:
            checkpoint, held = open_checkpoint(
                raw, origin=self.origin, log_keys=keys, witness_keys=self.witnesses
            )
        except WrongSignatureError as error:
            raise self._unsigned(size, error.found) from error
        signed = {(each.name, each.key_id) for each in held}
        absent = [key for key in keys if (key.name, key.key_id) not in signed]
        if not self.spans:
            kinds = {key.kind for key in keys if key not in absent}
            absent = [key for key in absent if key.kind not in kinds]
        if absent:
            raise self._unsigned(size, f"none of the key of kind {absent[0].kind.name} that counts then")
        return checkpoint, held

    def _unsigned(self, size: int, found: str) -> WrongSignatureError:
        return WrongSignatureError(
            expected=f"the checkpoint of size {size} to be signed by every key of the log at that size",
            found=found,
            remedy="keep the checkpoint as evidence and raise the alarm",
        )


def _unknown(key: str, among: str) -> WrongSignatureError:
    return WrongSignatureError(
        expected=f"{key} among {among}",
        found="other keys only",
        remedy="keep the ledger as evidence: somebody may have begun another in its name",
    )


def _same(key: Verifier, span: KeySpan) -> bool:
    """Say whether a trusted key is that of the span; four bytes of key id alone would be easy to meet."""
    return isinstance(key, PublicKey) and key.key == span.key.key
