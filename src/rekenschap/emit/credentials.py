# SPDX-License-Identifier: EUPL-1.2
"""Being known at the front door by OAuth client credentials (RFC 6749, 4.4), with what Python brings."""

from __future__ import annotations

import base64
import json
import ssl
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from threading import Lock

_EARLY = 60.0
"""seconds before its end that a token is renewed"""
_PATIENCE = 30.0


class ClientCredentials:
    """Gives the Authorization header; asks the issuer for a token when the last one is about to end."""

    def __init__(
        self,
        token_url: str,
        *,
        client_id: str,
        secret: Callable[[], str],
        scope: str = "",
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._token_url, self._client_id, self._secret = token_url, client_id, secret
        self._scope, self._tls, self._clock = scope, tls, clock
        self._lock = Lock()
        self._token, self._until = "", 0.0

    def __call__(self) -> str:
        """Give the header's value; raises OSError when the issuer does not give a token."""
        with self._lock:
            if self._clock() >= self._until:
                self._token, lasts = self._ask()
                self._until = self._clock() + max(lasts - _EARLY, lasts / 2)
            return f"Bearer {self._token}"

    def _ask(self) -> tuple[str, float]:
        form = {"grant_type": "client_credentials", **({"scope": self._scope} if self._scope else {})}
        quoted = f"{urllib.parse.quote(self._client_id)}:{urllib.parse.quote(self._secret())}"
        asked = urllib.request.Request(  # noqa: S310 — the address is a setting, not input
            self._token_url,
            data=urllib.parse.urlencode(form).encode(),
            headers={"Authorization": f"Basic {base64.b64encode(quoted.encode()).decode()}"},
        )
        with urllib.request.urlopen(asked, timeout=_PATIENCE, context=self._tls) as answer:  # noqa: S310
            given = answer.read(1 << 20)
        try:
            found = json.loads(given)
            return str(found["access_token"]), float(found.get("expires_in", _EARLY))
        except (ValueError, KeyError, TypeError) as error:
            raise OSError("no token in the answer of the issuer") from error
