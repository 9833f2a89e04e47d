# SPDX-License-Identifier: EUPL-1.2
"""Opens the two doors: sockets, TLS with certificates that may be renewed meanwhile, and a quiet server."""

from __future__ import annotations

import asyncio
import hashlib
import os
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import cast

os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # it would write addresses of callers to standard error

import grpc
import grpc.aio
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from rekenschap.errors import ConfigurationError
from rekenschap.frontdoor.callers.sources import Tls
from rekenschap.frontdoor.doors.rpc import RpcDoor
from rekenschap.frontdoor.doors.web import CERTIFICATE, WebDoor

_MOST_LINES = 4_096
_LONGEST_HEAD = 1 << 16
_BACKLOG = 1_024
_MOST_CALLS, _CALLS_OF_ONE = 1_024, 128
_OPTIONS = (
    ("grpc.so_reuseport", 0),
    ("grpc.max_concurrent_streams", _CALLS_OF_ONE),
    # What a call may send before it is read; gRPC would make this ever larger by itself.
    ("grpc.http2.lookahead_bytes", 1 << 16),
    ("grpc.http2.bdp_probe", 0),
    # A gzip is taken out by us, within bounds; of another packing nothing is taken.
    ("grpc.per_message_decompression", 0),
    ("grpc.compression_enabled_algorithms_bitset", 0b101),
)
_SILENT = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"none": {"class": "logging.NullHandler"}},
    "loggers": {
        name: {"handlers": ["none"], "level": "CRITICAL", "propagate": False}
        for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "grpc", "asyncio")
    },
}
"""Nobody's log: what these would write may hold what was sent."""


class _Protocol(HttpToolsProtocol):
    """Notes the certificate of the line, and bounds the head of a request."""

    _certificate: str | None = None
    _head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        line = transport.get_extra_info("ssl_object")
        shown = None if line is None else line.getpeercert(binary_form=True)
        self._certificate = hashlib.sha256(shown).hexdigest() if shown else None

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head = 0
        if self._certificate is not None:
            cast(dict[str, object], self.scope)[CERTIFICATE] = self._certificate

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def _count(self, more: int) -> None:
        self._head += more
        if self._head > _LONGEST_HEAD:
            raise ValueError  # the parser turns it into a 400


class Certificates:
    """Our certificate and who vouches for those of sources, read again when their files change."""

    def __init__(self, tls: Tls) -> None:
        self._tls = tls
        self._seen = self._stamp()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        if tls.client_ca is not None:
            self.context.verify_mode = ssl.CERT_OPTIONAL
        try:
            self._load()
        except (OSError, ssl.SSLError):
            raise ConfigurationError(
                expected="in sources.toml certificate, key and client_ca in PEM, the key of that certificate",
                found="files that do not go together",
                remedy="correct them",
            ) from None

    def refresh(self) -> bool | None:
        """Read the files again when they changed: says whether they did, and None when they are not good."""
        stamp = self._stamp()
        if stamp == self._seen:
            return False
        self._seen = stamp
        try:
            self._load()
        except (OSError, ssl.SSLError):
            return None
        return True

    def for_grpc(self) -> grpc.ServerCredentials:
        """Give the same for gRPC, which either asks every caller for a certificate or nobody."""
        asks = self._tls.client_ca is not None
        return grpc.dynamic_ssl_server_credentials(  # type: ignore[no-any-return,attr-defined,unused-ignore]
            self._configuration(),
            self._again,  # type: ignore[arg-type]  # None: as it was
            require_client_authentication=asks,
        )

    def _again(self) -> grpc.ServerCertificateConfiguration | None:  # type: ignore[name-defined,unused-ignore]
        stamp = self._stamp()
        if stamp == self._given:
            return None
        try:
            return self._configuration()
        except OSError:
            return None

    def _configuration(self) -> grpc.ServerCertificateConfiguration:  # type: ignore[name-defined,unused-ignore]
        self._given = self._stamp()
        tls = self._tls
        roots = None if tls.client_ca is None else tls.client_ca.read_bytes()
        pair = (tls.key.read_bytes(), tls.certificate.read_bytes())
        return grpc.ssl_server_certificate_configuration([pair], root_certificates=roots)

    def _load(self) -> None:
        self.context.load_cert_chain(self._tls.certificate, self._tls.key)
        if self._tls.client_ca is not None:
            self.context.load_verify_locations(self._tls.client_ca)

    def _stamp(self) -> tuple[tuple[int, int], ...]:
        return tuple(_stamp_of(path) for path in (self._tls.certificate, self._tls.key, self._tls.client_ca))


@dataclass(slots=True)
class WebServer:
    """An open HTTP door."""

    server: asyncio.Server
    state: ServerState
    port: int

    @classmethod
    async def open(cls, door: WebDoor, *, host: str, port: int, tls: Certificates | None) -> WebServer:
        """Listen; raises ConfigurationError when that cannot be."""
        config = uvicorn.Config(
            door,
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=_SILENT,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            limit_concurrency=_MOST_LINES,
            timeout_keep_alive=75,
        )
        config.load()
        state, loop = ServerState(), asyncio.get_running_loop()
        listening = _bound(host, port)
        server = await loop.create_server(
            lambda: _Protocol(config=config, server_state=state, app_state={}, _loop=loop),
            sock=listening,
            ssl=None if tls is None else tls.context,
            backlog=_BACKLOG,
        )
        return cls(server, state, int(listening.getsockname()[1]))

    async def close(self, patience: float) -> None:
        """Let nobody in any more, and wait so many seconds for those who are."""
        self.server.close()
        for line in list(self.state.connections):
            line.shutdown()
        until = asyncio.get_running_loop().time() + patience
        while self.state.tasks and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.02)


async def open_grpc(
    door: RpcDoor, *, host: str, port: int, tls: Certificates | None
) -> tuple[grpc.aio.Server, int]:
    """Listen for gRPC; gives the server and its port. Raises ConfigurationError when that cannot be."""
    options = [*_OPTIONS, ("grpc.max_receive_message_length", door.most)]
    server = grpc.aio.server(options=options, maximum_concurrent_rpcs=_MOST_CALLS)
    server.add_generic_rpc_handlers(door.handlers())
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        if tls is None:
            got = server.add_insecure_port(address)
        else:
            got = server.add_secure_port(address, tls.for_grpc())
    except (RuntimeError, OSError):
        got = 0
    if not got:
        raise _not_free(port)
    await server.start()
    return server, got


def is_loopback(host: str) -> bool:
    """Say whether only programs of this machine can come in at an address."""
    return host in ("localhost", "::1") or host.startswith("127.")


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setblocking(False)
        listening.bind(address)
    except OSError:
        raise _not_free(port) from None
    return listening


def _not_free(port: int) -> ConfigurationError:
    return ConfigurationError(
        expected=f"a free port {port} on this machine",
        found="one that cannot be used",
        remedy="give another address or port",
    )


def _stamp_of(path: Path | None) -> tuple[int, int]:
    try:
        found = None if path is None else path.stat()
    except OSError:
        found = None
    return (0, 0) if found is None else (found.st_mtime_ns, found.st_ino)
