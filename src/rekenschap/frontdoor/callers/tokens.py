# SPDX-License-Identifier: EUPL-1.2
"""Access tokens (RFC 9068) of OAuth clients: signed by a key of the issuer, for us, and not past their time.

The keys are found by discovery and kept; a token under a key nobody knows has them fetched again, not more
often than once in a while. An issuer that is silent is no reason to refuse tokens under keys we have.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from rekenschap.frontdoor.callers.sources import OAuth
from rekenschap.frontdoor.outcomes import NotTakenError, Outcome, unavailable

ALGORITHMS = ["RS256", "PS256", "ES256"]
Fetch = Callable[[str], Awaitable[Mapping[str, object]]]
"""Gets a JSON object from an address; raises OSError or ValueError."""

_DISCOVERY = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")
_FRESH = 3_600.0
_AGAIN = 2.0
_LEEWAY = 60
_LONGEST = 16_384
_REMEMBERED = 10_000
_TYPES = (None, "JWT", "at+jwt", "application/at+jwt")


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was found good: its client, until when (seconds UTC), the certificate it is bound to."""

    client: str
    until: float
    certificate: str | None


class Tokens:
    """Judges the tokens of one issuer; `now` is the time in seconds UTC."""

    def __init__(self, oauth: OAuth, fetch: Fetch) -> None:
        self._oauth, self._fetch = oauth, fetch
        self._keys: KeySet | None = None
        self._fetched = self._tried = float("-inf")
        self._good: dict[bytes, Token] = {}

    async def judge(self, text: str, now: float) -> Token:
        """Give what a token says; raises NotTakenError."""
        if len(text) > _LONGEST:
            raise not_known("a shorter token", "a long one")
        identity = hashlib.sha256(text.encode()).digest()
        known = self._good.get(identity)
        if known is None:
            known = await self._checked(text, now)
            if len(self._good) >= _REMEMBERED:
                self._good.clear()
            self._good[identity] = known
        if now > known.until + _LEEWAY:
            self._good.pop(identity, None)
            raise not_known("a token that still counts", "one that is past its time")
        return known

    async def _checked(self, text: str, now: float) -> Token:
        if self._keys is None or now - self._fetched > _FRESH:
            await self._renew(now)
        for last in (False, True):
            try:
                return self._read(text, now)
            except (InvalidKeyIdError, BadSignatureError) as unknown:
                # A key that is new to us: the issuer may have changed its keys a moment ago.
                if not last and await self._renew(now):
                    continue
                if isinstance(unknown, InvalidKeyIdError) and self._tried != now:
                    raise unavailable("a key we know", "one that may be new") from None
                raise _not_ours() from None
            except (JoseError, ValueError, TypeError, KeyError):
                raise _not_ours() from None
        raise _not_ours()

    def _read(self, text: str, now: float) -> Token:
        if self._keys is None:
            raise unavailable("the keys of the issuer of tokens", "none that could be fetched")
        token = jwt.decode(text, self._keys, algorithms=ALGORITHMS)
        claims = token.claims
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        kind = token.header.get("typ")
        until, begins = claims.get("exp"), claims.get("nbf", 0)
        client = claims.get("client_id") or claims.get("azp")
        if (
            claims.get("iss") != self._oauth.issuer
            or self._oauth.audience not in audiences
            or (kind.lower() if isinstance(kind, str) else kind) not in [t and t.lower() for t in _TYPES]
            or not isinstance(until, int | float)
            or not isinstance(begins, int | float)
            or begins > now + _LEEWAY
            or not isinstance(client, str)
        ):
            raise ValueError
        bound = claims.get("cnf")
        certificate = bound.get("x5t#S256") if isinstance(bound, dict) else None
        return Token(client, float(until), certificate if isinstance(certificate, str) else None)

    async def _renew(self, now: float) -> bool:
        """Fetch the keys again; says whether there are others now."""
        if now - self._tried < _AGAIN:
            return False
        self._tried = now
        try:
            keys = await self._discovered()
        except (OSError, ValueError, TypeError, KeyError, JoseError):
            return False
        is_new = self._keys is None or keys.as_dict() != self._keys.as_dict()
        self._keys, self._fetched = keys, now
        return is_new

    async def _discovered(self) -> KeySet:
        issuer = self._oauth.issuer.rstrip("/")
        for place in _DISCOVERY:
            try:
                told = await self._fetch(issuer + place)
            except (OSError, ValueError):
                if place == _DISCOVERY[-1]:
                    raise
                continue
            if told.get("issuer") != self._oauth.issuer:
                raise ValueError
            found = await self._fetch(str(told["jwks_uri"]))
            return KeySet.import_key_set(dict(found))  # type: ignore[arg-type]
        raise ValueError


def _not_ours() -> NotTakenError:
    return not_known("a token of the issuer, for this service", "another one")


def not_known(expected: str, found: str) -> NotTakenError:
    """Make the answer to somebody who does not show who they are."""
    return NotTakenError(
        Outcome.UNKNOWN_CALLER,
        expected=expected,
        found=found,
        remedy="see in sources.toml how this source shows who it is",
    )
