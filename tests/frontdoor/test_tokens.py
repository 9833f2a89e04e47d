# SPDX-License-Identifier: EUPL-1.2
"""Sources that show a token (OAuth 2 client credentials) of a real OpenID provider, whose keys change."""

import json
import socket
import subprocess
import urllib.parse
import urllib.request
from collections import Counter
from contextlib import contextmanager

import grpc
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.frontdoor.looks import in_protobuf, post
from tests.frontdoor.service import Service

AUDIENCE = "urn:rekenschap:frontdoor"
EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"


class Provider:
    """An OpenID provider on a port of this machine."""

    def __init__(self, folder) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def running(self, key: str):
        command = ["node", "provider.js", str(self.port), key, "desk-1", "desk-2", "stranger"]
        child = subprocess.Popen(command, cwd=self._folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            assert child.stdout is not None
            while b"ready" not in (line := child.stdout.readline()):
                assert line, "the provider did not start"
            yield
        finally:
            child.kill()
            child.communicate()

    def token(self, client: str, audience: str = AUDIENCE) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": client,
            "client_secret": client * 2,
            "resource": audience,
        }
        data = urllib.parse.urlencode(form).encode()
        with urllib.request.urlopen(f"{self.issuer}/token", data=data, timeout=30) as answer:  # noqa: S310
            return json.load(answer)["access_token"]


@pytest.fixture
def provider(javascript):
    return Provider(javascript)


@pytest.fixture
def home(tmp_path, provider):
    folder = tmp_path / "house"
    folder.mkdir()
    (folder / "sources.toml").write_text(f"""
[oauth]
issuer = "{provider.issuer}"
audience = "{AUDIENCE}"

[[source]]
name = "desk"
systems = ["balie"]
clients = ["desk-1", "desk-2"]
""")
    return folder


def sent(service: Service, token: str | None, subject: str) -> int:
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    return post(f"{service.web}/v1/traces", in_protobuf([subject]), headers=headers)[0]


@pytest.mark.slow
def test_a_source_is_known_by_its_token_and_the_keys_of_the_issuer_change_without_loss(provider, home):
    with Service(home) as service:
        with provider.running("key-1"):
            one, two = provider.token("desk-1"), provider.token("desk-2")
            assert sent(service, one, "K-1") == 200
            assert sent(service, two, "K-2") == 200
            assert sent(service, None, "K-3") == 401
            assert sent(service, "abc", "K-3") == 401
            assert sent(service, one[:-9] + "AAAAAAAAA", "K-3") == 401
            assert sent(service, provider.token("stranger"), "K-3") == 403
            assert sent(service, provider.token("desk-1", "urn:another:service"), "K-3") == 401
            with grpc.insecure_channel(service.rpc) as channel:
                shown = (("authorization", f"Bearer {one}"),)
                assert channel.unary_unary(EXPORT)(in_protobuf(["K-4"]), metadata=shown) == b""
                with pytest.raises(grpc.RpcError) as told:
                    channel.unary_unary(EXPORT)(in_protobuf(["K-3"]))
                assert told.value.code() is grpc.StatusCode.UNAUTHENTICATED
        # The provider is away: what it signed before still counts.
        assert sent(service, two, "K-5") == 200
        with provider.running("key-2"):
            renewed = provider.token("desk-1")
            # Right away, or after being told to come back: never refused for good.
            told = []
            service.wait_until(lambda: told.append(sent(service, renewed, "K-6")) or told[-1] == 200)
            assert set(told) <= {200, 503}
        assert service.stop() == 0
        assert service.originals() == Counter(["K-1", "K-2", "K-4", "K-5", "K-6"])
        assert one not in service.said


@pytest.mark.slow
def test_a_token_that_somebody_else_signed_or_for_another_time_is_not_taken(provider, home):
    with provider.running("key-1"), Service(home) as service:
        good = provider.token("desk-1")
        assert sent(service, good, "K-1") == 200
        ours = RSAKey.generate_key(2048, {"kid": "key-1"})
        claims = {"iss": provider.issuer, "aud": AUDIENCE, "client_id": "desk-1", "exp": 2**40}
        forged = jwt.encode({"alg": "RS256", "kid": "key-1", "typ": "at+jwt"}, claims, ours)
        assert sent(service, forged, "K-2") == 401
        unsigned = jwt.encode({"alg": "RS256", "kid": "key-9", "typ": "at+jwt"}, claims, ours)
        assert sent(service, unsigned, "K-2") in (401, 503)
        head, body, _ = good.split(".")
        nothing = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0"  # {"alg":"none","typ":"at+jwt"}
        assert sent(service, f"{nothing}.{body}.", "K-2") == 401
        assert sent(service, f"{head}.{body}.", "K-2") == 401
        assert service.stop() == 0
        assert service.originals() == Counter(["K-1"])


@pytest.mark.slow
def test_an_issuer_that_is_not_there_yet_is_no_reason_to_lose_anything(provider, home):
    with Service(home) as service:
        with provider.running("key-1"):
            token = provider.token("desk-1")
        assert sent(service, token, "K-1") == 503
        with provider.running("key-1"):
            service.wait_until(lambda: sent(service, provider.token("desk-1"), "K-1") == 200)
        assert service.stop() == 0
        assert service.originals() == Counter(["K-1"])
