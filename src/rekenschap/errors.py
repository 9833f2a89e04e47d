# SPDX-License-Identifier: EUPL-1.2
"""Every error this library raises; three families for three audiences.

RekenschapError
├─ RefusedError                a rule says no: shown to the person who asked       exit 3
│   ├─ NotAuthorisedError      the authorisation does not cover this
│   ├─ NoWarrantError          the ledger is read under a warrant only
│   └─ ShieldedError           hidden from this reader, for a time and on a ground
├─ TroubleError                the world misbehaves: for the operator              exit 4
│   ├─ ConfigurationError      settings, profiles, query folders
│   ├─ SourceError             a file or system that feeds the intake
│   ├─ StoreError              the place where a ledger is kept
│   ├─ EngineError             a statement failed; names it, never its values
│   ├─ KeysError               a key is missing, destroyed or of another kind
│   ├─ WitnessError            a witness that is silent or does not know this log
│   │   └─ WitnessSizeError    it knows a checkpoint of another size than we thought
│   ├─ TimestampError          a timestamp authority that does not answer as it should
│   └─ RejectedRecordError     finished, but rows went to quarantine               exit 6
└─ AlarmError                  evidence may be damaged: stop, wake someone         exit 5
    ├─ VerificationError       something does not match what was signed
    │   ├─ WrongRootError  WrongLeafError  WrongSignatureError  InconsistentError
    │   └─ MalformedProofError  MalformedCheckpointError  MalformedSchemaError  MalformedStatementError
    └─ ForkError               the anchor holds a checkpoint we did not sign

The sentence is built from fields: "expected X, found Y; do Z". A field describes a
value (its kind, length, position) and never repeats a personal one.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What a command answers to the shell."""

    FINE = 0
    USAGE = 2
    REFUSED = 3
    TROUBLE = 4
    ALARM = 5
    QUARANTINED = 6
    PENDING = 6
    """the same to the shell: done, and something still waits for somebody"""


class RekenschapError(Exception):
    """The root: what was expected, what was found, what to do about it."""

    exit_code: ClassVar[ExitCode] = ExitCode.TROUBLE

    def __init__(self, *, expected: str, found: str, remedy: str) -> None:
        self.expected = expected
        self.found = found
        self.remedy = remedy
        super().__init__(expected, found, remedy)

    def __str__(self) -> str:
        return f"expected {self.expected}, found {self.found}; {self.remedy}"

    def __reduce__(self) -> tuple[object, ...]:
        """Survive pickling: a worker process hands its error back whole."""
        return _revive, (type(self), self.__dict__.copy())


def _revive(kind: type[RekenschapError], fields: Mapping[str, object]) -> RekenschapError:
    error = kind.__new__(kind)
    error.__dict__.update(fields)
    return error


# ── refused ──────────────────────────────────────────────────────────────────


class RefusedError(RekenschapError):
    """A rule says no; `rule` names it and the sentence is safe to show."""

    exit_code = ExitCode.REFUSED

    def __init__(self, *, expected: str, found: str, remedy: str, rule: str = "") -> None:
        super().__init__(expected=expected, found=found, remedy=remedy)
        self.rule = rule


class NotAuthorisedError(RefusedError):
    """The authorisation of the one who asks does not cover what is asked."""


class NoWarrantError(RefusedError):
    """The ledger is read under a warrant: none was given, or it does not cover this."""


class ShieldedError(RefusedError):
    """The entry is shielded from this reader at this time."""


# ── trouble ──────────────────────────────────────────────────────────────────


class TroubleError(RekenschapError):
    """The world misbehaves; `retryable` says whether the same call may work later."""

    def __init__(self, *, expected: str, found: str, remedy: str, retryable: bool = False) -> None:
        super().__init__(expected=expected, found=found, remedy=remedy)
        self.retryable = retryable


class ConfigurationError(TroubleError):
    """A setting, source profile or query folder does not say what it must."""


class SourceError(TroubleError):
    """A file or system that feeds the intake cannot be read as its profile says."""


class StoreError(TroubleError):
    """The place where a ledger is kept refuses, is full, or holds something else."""


class KeysError(TroubleError):
    """A key is missing, destroyed, or of another kind than asked."""


class WitnessError(TroubleError):
    """A witness does not answer, does not know this log, or answers something else."""


class WitnessSizeError(WitnessError):
    """The witness cosigned a checkpoint of `size` last: another one than the request continues."""

    def __init__(self, *, expected: str, found: str, remedy: str, size: int) -> None:
        super().__init__(expected=expected, found=found, remedy=remedy, retryable=True)
        self.size = size


class TimestampError(TroubleError):
    """A timestamp authority does not answer, refuses, or answers something else."""


class EngineError(TroubleError):
    """A statement failed; engines print values in their messages, so only its name is kept."""

    def __init__(
        self,
        *,
        expected: str,
        found: str,
        remedy: str,
        retryable: bool = False,
        statement_id: str = "",
        sql_state: str = "",
    ) -> None:
        super().__init__(expected=expected, found=found, remedy=remedy, retryable=retryable)
        self.statement_id = statement_id
        self.sql_state = sql_state


class RejectedRecordError(TroubleError):
    """Rows went to quarantine: how many for each reason code, never their content."""

    exit_code = ExitCode.QUARANTINED

    def __init__(self, *, reasons: Mapping[str, int], accepted: int = 0, remedy: str = "") -> None:
        self.reasons = dict(sorted(reasons.items()))
        self.accepted = accepted
        counted = ", ".join(f"{code}: {count}" for code, count in self.reasons.items())
        super().__init__(
            expected="every row to fit its relation",
            found=f"{self.rejected} rows in quarantine ({counted}) beside {accepted} accepted",
            remedy=remedy or "correct them at the source and offer the file again",
        )

    @property
    def rejected(self) -> int:
        """How many rows were put in quarantine."""
        return sum(self.reasons.values())


# ── alarm ────────────────────────────────────────────────────────────────────


class AlarmError(RekenschapError):
    """Evidence may be damaged; no general handler catches this."""

    exit_code = ExitCode.ALARM


class VerificationError(AlarmError):
    """What is stored does not match what was signed; `entry` is its position, when known."""

    def __init__(self, *, expected: str, found: str, remedy: str, entry: int | None = None) -> None:
        super().__init__(expected=expected, found=found, remedy=remedy)
        self.entry = entry


class WrongRootError(VerificationError):
    """The tree over the stored leaves has another root than the checkpoint says."""


class WrongLeafError(VerificationError):
    """The bytes of an entry give another leaf than the tree holds."""


class WrongSignatureError(VerificationError):
    """A checkpoint is not signed by the key that was given."""


class InconsistentError(VerificationError):
    """A later checkpoint does not contain the earlier one unchanged."""


class MalformedProofError(VerificationError):
    """A proof has the wrong number of hashes, or is not a proof."""


class MalformedCheckpointError(VerificationError):
    """A checkpoint does not have the lines its format asks for."""


class MalformedSchemaError(VerificationError):
    """The text that should describe the columns of a relation does not."""


class MalformedStatementError(VerificationError):
    """A statement about keys, or an order, does not have the lines its format asks for."""


class ForkError(AlarmError):
    """The anchor holds a checkpoint that this ledger did not sign."""
