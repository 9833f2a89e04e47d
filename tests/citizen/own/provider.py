# SPDX-License-Identifier: EUPL-1.2
"""An OpenID Connect provider that is real: over HTTP, with signed tokens, which say what a test wants."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "rekenschap-citizen", "a secret for tests"


@dataclass(slots=True)
class Provider:
    """What it says of who signs in: in the signed token, and at userinfo."""

    issuer: str
    token: Mapping[str, object] = field(default_factory=dict)
    userinfo: Mapping[str, object] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))

    def answer(self, path: str) -> Mapping[str, object] | None:
        """Give what stands at an address; None where there is nothing."""
        at = self.issuer
        match path:
            case "/.well-known/openid-configuration":
                names = ("authorization", "token", "userinfo")
                return {"issuer": at, "jwks_uri": f"{at}/keys"} | {
                    f"{x}_endpoint": f"{at}/{x}" for x in names
                }
            case "/keys":
                return {"keys": [self.key.as_dict(private=False)]}
            case "/userinfo":
                return {"sub": "person", **self.userinfo}
            case "/token":
                return {
                    "access_token": "x",
                    "token_type": "Bearer",
                    "expires_in": 60,
                    "id_token": self.signed(),
                }
        return None

    def signed(self) -> str:
        """Sign a token of this moment."""
        now = int(time.time())
        plain = {"iss": self.issuer, "aud": CLIENT, "sub": "person", "iat": now, "exp": now + 60}
        return jwt.encode({"alg": "RS256", "kid": "one"}, {**plain, **self.token}, self.key)


@contextmanager
def running() -> Iterator[Provider]:
    """Serve a provider on this machine."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if asked.path == "/authorization":
                query = parse_qs(asked.query)
                back = urlencode({"code": "one", "state": query["state"][0]})
                self.send_response(302)
                self.send_header("Location", f"{query['redirect_uri'][0]}?{back}")
                self.end_headers()
                return
            told = provider.answer(asked.path)
            self.send_response(404 if told is None else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self.do_GET()

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        provider = Provider(issuer=f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield provider
        server.shutdown()
        thread.join()
