# SPDX-License-Identifier: EUPL-1.2
"""From a certificate or a token to the source that sends; reads sources.toml again when it changed."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from rekenschap.errors import ConfigurationError
from rekenschap.frontdoor.callers.rates import Rates
from rekenschap.frontdoor.callers.sources import ANYBODY, FILE_NAME, Callers, OAuth, Source, read_callers
from rekenschap.frontdoor.callers.tokens import Fetch, Tokens, not_known
from rekenschap.frontdoor.outcomes import NotTakenError, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a caller shows: the SHA-256 (hex) of the certificate of the line, and the token of the request."""

    certificate: str | None = None
    token: str | None = None


class Gate:
    """Knows who may send at this moment."""

    def __init__(self, home: Path, fetch: Fetch) -> None:
        self._home, self._fetch = home, fetch
        self._seen = self._stamp()
        self.callers: Callers = read_callers(home)
        self._rates = Rates()
        self._tokens = self._tokens_of(self.callers.oauth)

    async def admit(self, shown: Credentials, *, now: float, ticks: float) -> Source:
        """Give who sends; raises NotTakenError. `now` is in seconds UTC, `ticks` never goes back."""
        source = await self._source(shown, now)
        self._rates.count(source, ticks)
        return source

    def refresh(self) -> bool | None:
        """Read sources.toml again when it changed: says whether it did, and None when it is not good.

        What counted before then goes on counting. Raises nothing.
        """
        stamp = self._stamp()
        if stamp == self._seen:
            return False
        self._seen = stamp
        try:
            callers = read_callers(self._home)
        except ConfigurationError:
            return None
        if callers.is_open and not self.callers.is_open:
            return None  # a file that is gone for a moment opens no door
        if callers.oauth != self.callers.oauth:
            self._tokens = self._tokens_of(callers.oauth)
        self.callers = callers
        return True

    async def _source(self, shown: Credentials, now: float) -> Source:
        if self.callers.is_open:
            return ANYBODY
        if shown.token is not None and self._tokens is not None:
            token = await self._tokens.judge(shown.token, now)
            if token.certificate is not None and token.certificate != _thumbprint(shown.certificate):
                raise not_known("the certificate its token is bound to", "another or none")
            source = self.callers.by_client.get(token.client)
        elif shown.certificate is not None:
            source = self.callers.by_certificate.get(shown.certificate)
        else:
            raise not_known("a certificate or a token", "neither")
        if source is None:
            raise NotTakenError(
                Outcome.FORBIDDEN,
                expected=f"a source that {FILE_NAME} names",
                found="another",
                remedy="add its certificate or client there",
            )
        return source

    def _tokens_of(self, oauth: OAuth | None) -> Tokens | None:
        return None if oauth is None else Tokens(oauth, self._fetch)

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = (self._home / FILE_NAME).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


def _thumbprint(certificate: str | None) -> str | None:
    if certificate is None:
        return None
    return base64.urlsafe_b64encode(bytes.fromhex(certificate)).rstrip(b"=").decode()
