# SPDX-License-Identifier: EUPL-1.2
"""The trust policy (C2SP tlog-policy): which logs, which witnesses, and how many of these are enough.

Counts signatures that were checked already; knows no network, and gives the addresses in a policy no meaning.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from rekenschap.errors import ConfigurationError, KeysError, WrongSignatureError
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.note import KnownSignature, Note, Verifier, open_checkpoint
from rekenschap.tlog.text import from_decimal
from rekenschap.tlog.vkey import SignatureKind, VerifierKey

NONE = "none"
MAX_POLICY_SIZE = 1_000_000
MAX_DEFINED = 90
"""Logs, witnesses or groups we read at most; the spec asks for at least 32, a note carries 100 signatures."""

_ALLOWED = re.compile(rb"[\t\n\x20-\x7e\x80-\xff]*")
_GAP = re.compile("[ \t]+")
_LOG_KINDS = (SignatureKind.ED25519, SignatureKind.ML_DSA_44)
_WITNESS_KINDS = (SignatureKind.ED25519_COSIGNATURE, SignatureKind.ML_DSA_44)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLog:
    """A log whose checkpoints count; the name of the key is its origin."""

    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWitness:
    """A witness under the name it has inside this policy only; `url` is its submission prefix."""

    name: str
    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Some witnesses and groups, of which `threshold` have to agree."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Logs, witnesses, groups in an order in which each is defined before it is named, and the quorum.

    Raises ConfigurationError when names or keys do not fit together.
    """

    logs: tuple[KnownLog, ...] = ()
    witnesses: tuple[KnownWitness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str = NONE

    def __post_init__(self) -> None:
        _check_keys(self)
        defined = {NONE}
        for witness in self.witnesses:
            _define(witness.name, defined)
        taken: set[str] = set()
        for group in self.groups:
            _check_members(group, defined, taken)
            _define(group.name, defined)
        if self.quorum not in defined:
            raise _malformed("a quorum of none or of a name defined above it", "another name")

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Read a policy file; raises ConfigurationError that names the line."""
        if len(raw) > MAX_POLICY_SIZE or not _ALLOWED.fullmatch(raw):
            raise _malformed("a policy in plain lines", "a larger file or control characters")
        # Octets above 0x7f are opaque: those that are no UTF-8 stay apart from each other as they are.
        text = raw.decode("utf-8", "surrogateescape")
        if not text.endswith("\n"):
            raise _malformed("each line to end with a newline", "a last line that is cut off")
        lines = _Lines()
        for number, line in enumerate(text.split("\n")[:-1], start=1):
            try:
                lines.read(line)
            except (ConfigurationError, KeysError) as error:
                raise _malformed(f"{error.expected} on line {number}", error.found) from error
        logs, witnesses, groups, quorum = lines.parts()
        return cls(logs=logs, witnesses=witnesses, groups=groups, quorum=quorum)

    def to_bytes(self) -> bytes:
        """Write the policy as other implementations read it."""
        lines = [f"log {each.key.to_text()} {each.url}" for each in self.logs]
        lines += [f"witness {each.name} {each.key.to_text()} {each.url}" for each in self.witnesses]
        lines += [f"group {each.name} {each.threshold} {' '.join(each.members)}" for each in self.groups]
        lines.append(f"quorum {self.quorum}")
        return "".join(f"{line.rstrip(' ')}\n" for line in lines).encode("utf-8", "surrogateescape")

    def satisfied_by(self, held: Iterable[KnownSignature]) -> bool:
        """Say whether these signatures, checked already, hold the quorum; logs do not count towards it."""
        signed = {(each.name, each.key_id) for each in held}
        agreed = {each.name for each in self.witnesses if (each.key.name, each.key.key_id) in signed}
        for group in self.groups:
            if sum(member in agreed for member in group.members) >= group.threshold:
                agreed.add(group.name)
        return self.quorum == NONE or self.quorum in agreed

    def missing(self, held: Iterable[KnownSignature]) -> tuple[str, ...]:
        """Name the witnesses that are not among these signatures, in the order of the policy."""
        signed = {(each.name, each.key_id) for each in held}
        return tuple(each.name for each in self.witnesses if (each.key.name, each.key.key_id) not in signed)


def open_under(
    raw: bytes,
    policy: Policy,
    *,
    verifier_of: Callable[[VerifierKey], Verifier],
    logs: Sequence[Verifier] = (),
) -> tuple[Checkpoint, tuple[KnownSignature, ...]]:
    """Read a signed checkpoint and believe it only if a known log signed it and the quorum cosigned it.

    `logs` are keys known from elsewhere, beside those in the policy. Raises WrongSignatureError or
    MalformedCheckpointError.
    """
    # 1. Any one of the listed logs; the name of its key is the origin.
    origin = Checkpoint.from_text(Note.from_bytes(raw).text).origin
    log_keys = {(key.name, key.key_id): key for key in logs if key.name == origin}
    for each in policy.logs:
        if each.key.name == origin:
            log_keys.setdefault((each.key.name, each.key.key_id), verifier_of(each.key))
    witness_keys = [verifier_of(each.key) for each in policy.witnesses]
    checkpoint, held = open_checkpoint(
        raw, origin=origin, log_keys=[*log_keys.values()], witness_keys=witness_keys
    )
    # 2. Enough witnesses.
    if not policy.satisfied_by(held):
        missing = policy.missing(held)
        raise WrongSignatureError(
            expected=f"the cosignatures of quorum {_shown(policy.quorum)} over the checkpoint of size "
            f"{checkpoint.size}",
            found=f"{len(policy.witnesses) - len(missing)} of {len(policy.witnesses)} witnesses, "
            f"without {', '.join(map(_shown, missing))}",
            remedy="wait for the witnesses; until they sign, treat what is newer as unwitnessed",
        )
    return checkpoint, held


class _Lines:
    """Reads a policy line by line; a name counts from the line that defines it on."""

    def __init__(self) -> None:
        self._logs: list[KnownLog] = []
        self._witnesses: list[KnownWitness] = []
        self._groups: list[Group] = []
        self._quorum: list[str] = []
        self._defined = {NONE}

    def read(self, line: str) -> None:
        match _GAP.split(line.strip(" \t")):
            case [""]:
                pass
            case [word, *_] if word.startswith("#"):
                pass
            case ["log", key, *url] if len(url) < 2:
                self._logs.append(KnownLog(key=VerifierKey.from_text(key), url="".join(url)))
            case ["witness", name, key, *url] if len(url) < 2:
                _define(name, self._defined)
                known = VerifierKey.from_text(key)
                self._witnesses.append(KnownWitness(name=name, key=known, url="".join(url)))
            case ["group", name, threshold, *members] if members:
                if {*members} - self._defined:
                    raise _malformed("a group of names defined on lines above it", "another name")
                self._groups.append(
                    Group(name=name, threshold=_threshold(threshold, len(members)), members=tuple(members))
                )
                _define(name, self._defined)
            case ["quorum", name]:
                if name not in self._defined:
                    raise _malformed("a quorum of none or of a name defined above it", "another name")
                self._quorum.append(name)
            case _:
                raise _malformed("a line that begins with log, witness, group or quorum", "another line")

    def parts(self) -> tuple[tuple[KnownLog, ...], tuple[KnownWitness, ...], tuple[Group, ...], str]:
        if len(self._quorum) != 1:
            raise _malformed("exactly one quorum line", f"{len(self._quorum)}")
        return tuple(self._logs), tuple(self._witnesses), tuple(self._groups), self._quorum[0]


def _threshold(text: str, members: int) -> int:
    threshold = {"any": 1, "all": members}.get(text) or from_decimal(text)
    if threshold is None:
        raise _malformed("any, all or a number before the members of a group", "another word")
    return threshold


def _check_keys(policy: Policy) -> None:
    if max(len(policy.logs), len(policy.witnesses), len(policy.groups)) > MAX_DEFINED:
        raise _malformed(f"at most {MAX_DEFINED} logs, witnesses and groups", "more")
    if any(each.key.kind not in _LOG_KINDS for each in policy.logs):
        raise _malformed("keys of type 1 or 6 for logs", "a key of another type")
    if any(each.key.kind not in _WITNESS_KINDS for each in policy.witnesses):
        raise _malformed("keys of type 4 or 6 for witnesses", "a key of another type")
    # The same public key under two names is one key (C2SP). A log that cosigns its own checkpoints is no
    # second party: its ML-DSA signature has the form of a cosignature and would count as one.
    keys = [each.key.public_key for each in policy.logs] + [each.key.public_key for each in policy.witnesses]
    if len({*keys}) != len(keys):
        raise _malformed("each public key once", "one that stands there twice")


def _check_members(group: Group, defined: set[str], taken: set[str]) -> None:
    if not 1 <= group.threshold <= len(group.members):
        raise _malformed(
            f"a threshold of 1 up to {len(group.members)} for group {_shown(group.name)}", "another number"
        )
    for member in group.members:
        # Each name in one group only: a witness adds to the quorum in one way.
        if member == NONE or member not in defined or member in taken:
            raise _malformed(
                f"members of group {_shown(group.name)} that are defined before it and in no other group",
                f"the member {_shown(member)}",
            )
        taken.add(member)


def _define(name: str, defined: set[str]) -> None:
    raw = name.encode("utf-8", "surrogateescape")
    if not _ALLOWED.fullmatch(raw) or len(raw.split()) != 1 or raw.startswith(b"#"):
        raise _malformed("names of one word", "another text")
    if name in defined:
        raise _malformed("each name defined once, and none not at all", "a name that is taken")
    defined.add(name)


def _shown(name: str) -> str:
    return name.encode("utf-8", "replace").decode()


def _malformed(expected: str, found: str) -> ConfigurationError:
    return ConfigurationError(
        expected=expected,
        found=found,
        remedy="correct the witness policy, in the form of c2sp.org/tlog-policy",
    )
