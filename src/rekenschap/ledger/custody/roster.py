# SPDX-License-Identifier: EUPL-1.2
"""Which keys count in which role, from which size on, and who must sign to change that.

| Change | Signed by |
| --- | --- |
| keys of the log begin | all of them |
| keys of the log are added | all there are, and all new ones |
| keys of the log are retired | all there are; or those that stay, and as many officers as an order needs |
| officers begin | all of them: two at least |
| officers are added | as many officers as an order needs, and all new ones |
| officers are retired | as many officers as an order needs |
| witnesses, every change | as many officers as an order needs; without officers all keys of the log |

An entry at place e counts for checkpoints of more than e entries. A key never comes back once it was retired.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rekenschap.errors import InconsistentError, VerificationError, WrongSignatureError
from rekenschap.ledger.custody.key_statements import KeyAction, KeyStatement, Role
from rekenschap.ledger.custody.publickeys import PublicKey
from rekenschap.ledger.custody.statements import signed_by
from rekenschap.tlog.note import Note
from rekenschap.tlog.vkey import SignatureKind

FEWEST_OFFICERS = 2
_SIGNING = (SignatureKind.ED25519, SignatureKind.ML_DSA_44)
_EVIDENCE = "keep the ledger as evidence and ask the officers what they signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySpan:
    """A key, its role, and the sizes it counts for: from `since` up to, not including, `until`."""

    key: PublicKey
    role: Role
    since: int
    until: int | None = None

    def counts_at(self, size: int) -> bool:
        """Say whether the key counts for a checkpoint of this size."""
        return self.since <= size and (self.until is None or size < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """All keys a ledger has had, and how many officers an order needs now (0: there are no officers)."""

    origin: str
    spans: tuple[KeySpan, ...] = ()
    needed: int = 0

    def current(self, role: Role) -> tuple[PublicKey, ...]:
        """Give the keys that count in a role now."""
        return tuple(span.key for span in self.spans if span.role is role and span.until is None)

    def check_officers(self, note: Note, *, entry: int) -> tuple[PublicKey, ...]:
        """Give the officers who signed; raises WrongSignatureError when they are too few."""
        officers = signed_by(note, self.current(Role.OFFICER))
        if not self.needed or len(officers) < self.needed:
            raise WrongSignatureError(
                expected=f"the signatures of {self.needed or FEWEST_OFFICERS} officers of this ledger",
                found=f"{len(officers)} at entry {entry}",
                remedy=_EVIDENCE,
                entry=entry,
            )
        return officers

    def after(self, statement: KeyStatement, note: Note, *, entry: int) -> Roster:
        """Give the roster from the next entry on; raises VerificationError when this may not be."""
        changed = self.drafted(statement, entry=entry)
        self._check_signed(statement, note, entry)
        return changed

    def drafted(self, statement: KeyStatement, *, entry: int) -> Roster:
        """Give what the roster would be, whoever signs; raises InconsistentError when it may never be."""
        changed = self._changed(statement, entry)
        self._check_names(statement, entry)
        for role in (Role.LEDGER, Role.OFFICER):
            if changed.has_begun(role):
                changed._check_enough(role, entry)
        return changed

    def has_begun(self, role: Role) -> bool:
        """Say whether the ledger has ever had keys in this role."""
        return any(span.role is role for span in self.spans)

    def _changed(self, statement: KeyStatement, entry: int) -> Roster:
        role, keys = statement.role, statement.keys
        if (statement.action is KeyAction.BEGIN) == self.has_begun(role):
            raise _refused(f"keys of role {role} to begin once, and before all else", statement.action, entry)
        if statement.action is KeyAction.RETIRE:
            spans = self._retired(statement, entry)
        else:
            known = {(span.key.kind, span.key.key.public_key) for span in self.spans}
            if any((key.kind, key.key.public_key) in known for key in keys):
                raise _refused("keys that this ledger never had before", "one it has or had", entry)
            first = 0 if statement.action is KeyAction.BEGIN else entry + 1
            spans = (*self.spans, *(KeySpan(key=key, role=role, since=first) for key in keys))
        return replace(self, spans=spans, needed=statement.needed if role is Role.OFFICER else self.needed)

    def _retired(self, statement: KeyStatement, entry: int) -> tuple[KeySpan, ...]:
        leaving = {key.key for key in statement.keys}
        current = {key.key for key in self.current(statement.role)}
        if not leaving <= current:
            raise _refused(f"keys that count as {statement.role} now", "another one to retire", entry)
        return tuple(
            replace(span, until=entry + 1)
            if span.role is statement.role and span.until is None and span.key.key in leaving
            else span
            for span in self.spans
        )

    def _check_names(self, statement: KeyStatement, entry: int) -> None:
        if any((key.name == self.origin) != (statement.role is Role.LEDGER) for key in statement.keys):
            raise _refused("keys of the log under its origin, and others under another name", "other", entry)
        if statement.role is not Role.WITNESS and any(key.kind not in _SIGNING for key in statement.keys):
            raise _refused("keys of Ed25519 or ML-DSA-44", "a key of a witness", entry)
        if statement.role is not Role.OFFICER and statement.needed:
            raise _refused("a number of officers with officers only", "one with others", entry)

    def _check_signed(self, statement: KeyStatement, note: Note, entry: int) -> None:
        current, new = self.current(statement.role), statement.keys
        match statement.role, statement.action:
            case (_, KeyAction.BEGIN) if statement.role is not Role.WITNESS:
                _check_all(note, new, entry)
            case Role.LEDGER, KeyAction.ADD:
                _check_all(note, (*current, *new), entry)
            case Role.LEDGER, _:
                self._check_retired_log(statement, note, entry)
            case Role.OFFICER, KeyAction.ADD:
                self.check_officers(note, entry=entry)
                _check_all(note, new, entry)
            case Role.WITNESS, _ if not self.needed:
                _check_all(note, self.current(Role.LEDGER), entry)
            case _:
                self.check_officers(note, entry=entry)

    def _check_retired_log(self, statement: KeyStatement, note: Note, entry: int) -> None:
        """A key that was lost or stolen need not sign its own end: then officers do."""
        current, leaving = self.current(Role.LEDGER), {key.key for key in statement.keys}
        staying = [key for key in current if key.key not in leaving]
        _check_all(note, staying, entry)
        if len(signed_by(note, current)) < len(current):
            self.check_officers(note, entry=entry)

    def _check_enough(self, role: Role, entry: int) -> None:
        keys = self.current(role)
        if role is Role.LEDGER and not any(key.kind is SignatureKind.ED25519 for key in keys):
            raise _refused("at least one key of Ed25519 to sign checkpoints", "none", entry)
        if role is Role.OFFICER:
            names = {key.name for key in keys}
            if not FEWEST_OFFICERS <= self.needed <= len(names):
                raise _refused(
                    f"at least {FEWEST_OFFICERS} officers to an order, and no more than there are",
                    f"{self.needed} of {len(names)}",
                    entry,
                )
            if len(names) != len(keys):
                raise _refused("one key for each officer", "one officer twice", entry)


def _check_all(note: Note, keys: Sequence[PublicKey], entry: int) -> None:
    """Raise WrongSignatureError unless every key signed; without keys nobody could."""
    absent = _absent(keys, signed_by(note, keys))
    if absent or not keys:
        raise WrongSignatureError(
            expected="the signature of every key that must agree to other keys",
            found=f"none of {absent[0].name} ({absent[0].kind.name})" if absent else "no such key",
            remedy=_EVIDENCE,
            entry=entry,
        )


def _absent(keys: Iterable[PublicKey], signed: Iterable[PublicKey]) -> list[PublicKey]:
    held = {key.key for key in signed}
    return [key for key in keys if key.key not in held]


def _refused(expected: str, found: str, entry: int) -> VerificationError:
    return InconsistentError(
        expected=expected, found=f"{found} at entry {entry}", remedy=_EVIDENCE, entry=entry
    )
