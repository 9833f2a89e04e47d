# SPDX-License-Identifier: EUPL-1.2
"""A PKCS#11 token: Ed25519 keys that never leave it, and one AES key that wraps what must live outside.

A program logs in once to a token, so its session is shared and one call at a time is made. A wrong PIN is
never tried again: a token locks itself after a few. Knows no files and no notes.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock
from typing import cast

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass
from pkcs11.mechanisms import GCMParams
from pkcs11.types import DecryptMixin, EncryptMixin, SignMixin

from rekenschap.errors import KeysError

# PrintableString("edwards25519"): how PKCS#11 3.0 names the curve; older modules know no other form.
_CURVE = b"\x13\x0cedwards25519"
_NONCE, _TAG = 12, 16
_POINT_HEADS = (b"", b"\x04\x20", b"\x03\x21\x00")  # bare, OCTET STRING, BIT STRING: modules differ
_POINT = 32
_SECRET = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
_PIN_WORDS = {"PinIncorrect", "PinInvalid", "PinLenRange"}
_GONE = {"DeviceError", "DeviceRemoved", "SessionClosed", "SessionHandleInvalid", "TokenNotPresent"}
_DAMAGED = {"GeneralError", "EncryptedDataInvalid", "EncryptedDataLenRange", "DataInvalid", "DataLenRange"}

_sessions: dict[tuple[str, str], tuple[str, pkcs11.Session]] = {}
_one_at_a_time = RLock()


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPlace:
    """Which token: the module of its maker, the label of the token, and its PIN."""

    module: str
    token: str
    pin: str = field(repr=False)


class Token:
    """The keys of one house in a token, all under `label`. Every method raises KeysError."""

    def __init__(self, place: TokenPlace, *, label: str) -> None:
        self._place = place
        self._label = label

    def public_key(self, name: str) -> bytes | None:
        """Give the 32 bytes of an Ed25519 public key; None when the token holds no such pair."""
        with self._opened() as session:
            if self._one(session, ObjectClass.PRIVATE_KEY, name) is None:
                return None
            public = self._one(session, ObjectClass.PUBLIC_KEY, name)
            return None if public is None else _point(bytes(public[Attribute.EC_POINT]))

    def make_pair(self, name: str) -> None:
        """Make an Ed25519 pair inside the token; its private half can never be read."""
        with self._opened() as session:
            curve = session.create_domain_parameters(
                KeyType.EC_EDWARDS, {Attribute.EC_PARAMS: _CURVE}, local=True
            )
            curve.generate_keypair(
                mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
                store=True,
                label=self._named(name),
                private_template=_SECRET,
            )

    def destroy_pair(self, name: str) -> None:
        """Destroy a pair, the private half first; one that is not there is fine."""
        with self._opened() as session:
            for kind in (ObjectClass.PRIVATE_KEY, ObjectClass.PUBLIC_KEY):
                found = self._one(session, kind, name)
                if found is not None:
                    found.destroy()

    def names(self) -> list[str]:
        """Give the names of the private keys of this house, sorted."""
        head = self._named("")
        with self._opened() as session:
            found = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
            labels = [str(each[Attribute.LABEL]) for each in found]
        return sorted(label.removeprefix(head) for label in labels if label.startswith(head))

    def sign(self, name: str, message: bytes) -> bytes:
        """Let the token sign the message with Ed25519."""
        with self._opened() as session:
            private = self._one(session, ObjectClass.PRIVATE_KEY, name)
            if private is None:
                raise _absent(name)
            return cast(SignMixin, private).sign(message, mechanism=Mechanism.EDDSA)

    def fresh(self, size: int) -> bytes:
        """Give random bytes of the token and of this machine together: neither alone decides."""
        with self._opened() as session:
            theirs = session.generate_random(size * 8)
        return bytes(a ^ b for a, b in zip(theirs, secrets.token_bytes(size), strict=True))

    def wrap(self, secret: bytes, *, name: str) -> bytes:
        """Encrypt a secret with the AES key of the token, bound to its name; the key is made at first use."""
        nonce = secrets.token_bytes(_NONCE)
        with self._opened() as session:
            key = self._one(session, ObjectClass.SECRET_KEY, "wrapping") or self._make_wrapping_key(session)
            closed = cast(EncryptMixin, key).encrypt(
                secret, mechanism=Mechanism.AES_GCM, mechanism_param=_gcm(nonce, name)
            )
        return nonce + cast(bytes, closed)

    def unwrap(self, wrapped: bytes, *, name: str) -> bytes:
        """Give back what was wrapped under this name; raises KeysError when it is damaged or another's."""
        nonce, closed = wrapped[:_NONCE], wrapped[_NONCE:]
        with self._opened() as session:
            key = self._one(session, ObjectClass.SECRET_KEY, "wrapping")
            if key is None:
                raise _absent("wrapping")
            try:
                opened = cast(DecryptMixin, key).decrypt(
                    closed, mechanism=Mechanism.AES_GCM, mechanism_param=_gcm(nonce, name)
                )
            except pkcs11.PKCS11Error as error:
                if type(error).__name__ not in _DAMAGED:
                    raise
                raise KeysError(
                    expected=f"{name} as this token wrapped it",
                    found="other bytes, or those of another token or name",
                    remedy="restore the key",
                ) from None
        return cast(bytes, opened)

    def _make_wrapping_key(self, session: pkcs11.Session) -> pkcs11.SecretKey:
        return session.generate_key(
            KeyType.AES,
            256,
            label=self._named("wrapping"),
            store=True,
            capabilities=MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT,
            template=_SECRET,
        )

    def _one(self, session: pkcs11.Session, kind: ObjectClass, name: str) -> pkcs11.Object | None:
        wanted = {Attribute.CLASS: kind, Attribute.LABEL: self._named(name)}
        found = list(session.get_objects(wanted))
        if len(found) > 1:
            raise KeysError(
                expected=f"one key {name} in the token",
                found=f"{len(found)}",
                remedy="find out who made the others, and remove them",
            )
        return found[0] if found else None

    def _named(self, name: str) -> str:
        return f"{self._label}/{name}"

    @contextmanager
    def _opened(self) -> Iterator[pkcs11.Session]:
        """Give the session; what the module says is told by its kind alone, never with a PIN or a path."""
        try:
            with _one_at_a_time:
                yield _session(self._place)
        except pkcs11.PKCS11Error as error:
            kind = type(error).__name__
            if kind in _GONE:
                _sessions.pop((self._place.module, self._place.token), None)
            raise _trouble(
                "NoModule" if kind == "PKCS11Error" else kind
            ) from None  # it has no code of its own
        except (OSError, RuntimeError):
            raise _trouble("NoModule") from None


def _session(place: TokenPlace) -> pkcs11.Session:
    at = (place.module, place.token)
    if at not in _sessions:
        token = pkcs11.lib(place.module).get_token(token_label=place.token)
        _sessions[at] = (place.pin, token.open(rw=True, user_pin=place.pin))
    pin, session = _sessions[at]
    if not secrets.compare_digest(pin.encode(), place.pin.encode()):
        raise _trouble("PinIncorrect")
    return session


def _gcm(nonce: bytes, name: str) -> GCMParams:
    return GCMParams(nonce, name.encode(), _TAG * 8)


def _point(stored: bytes) -> bytes:
    for head in _POINT_HEADS:
        if len(stored) == len(head) + _POINT and stored.startswith(head):
            return stored[len(head) :]
    raise KeysError(
        expected="a public key of 32 bytes in the token",
        found=f"{len(stored)} bytes in another form",
        remedy="report which module this is",
    )


def _absent(name: str) -> KeysError:
    return KeysError(
        expected=f"the key {name} in the token",
        found="none",
        remedy="connect the token this ledger was begun with, or restore its backup",
    )


def _trouble(kind: str) -> KeysError:
    if kind in _PIN_WORDS:
        expected, found = "the PIN of the token", "another"
        remedy = "correct the file or variable it comes from before trying again: a token locks itself"
    elif kind == "PinLocked":
        expected, found, remedy = "a token that can be opened", "a locked one", "let its officer unlock it"
    elif kind in ("NoSuchToken", "TokenNotPresent", "TokenNotRecognised"):
        expected, found, remedy = "the token that was named", "none", "connect it, or correct its name"
    elif kind == "NoModule":
        expected, found = "the PKCS#11 module that was named", "none that loads"
        remedy = "install it, or correct its path"
    else:
        expected, found, remedy = "a token that works", f"the error {kind}", "look at its own log"
    return KeysError(expected=expected, found=found, remedy=remedy)
