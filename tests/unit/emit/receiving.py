# SPDX-License-Identifier: EUPL-1.2
"""A front door that writes down what it is told, and answers as it is told to."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

Answer = Callable[[str, dict[str, Any]], tuple[int, dict[str, str]]]


def records_in(path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    if path == "/v1/facts":
        return list(body["facts"])
    outer, inner, name = {
        "/v1/traces": ("resourceSpans", "scopeSpans", "spans"),
        "/v1/logs": ("resourceLogs", "scopeLogs", "logRecords"),
    }[path]
    return [record for each in body[outer] for scope in each[inner] for record in scope[name]]


def attributes(record: dict[str, Any]) -> dict[str, str]:
    return {each["key"]: each["value"]["stringValue"] for each in record["attributes"]}


class FrontDoor:
    """What came in: the records by path, and the headers of each request."""

    def __init__(self, answer: Answer | None = None) -> None:
        self.taken: dict[str, list[dict[str, Any]]] = {"/v1/traces": [], "/v1/logs": [], "/v1/facts": []}
        self.headers: list[dict[str, str]] = []
        self.answer: Answer = answer or (lambda path, body: (200, {}))
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def lines(self) -> list[dict[str, Any]]:
        return self.taken["/v1/traces"]

    @property
    def entries(self) -> list[dict[str, Any]]:
        return self.taken["/v1/logs"]

    def subjects(self) -> list[str]:
        return [attributes(each)["rekenschap.subject.id"] for each in self.entries]

    @contextmanager
    def open(self, port: int = 0) -> Iterator[FrontDoor]:
        server = ThreadingHTTPServer(("127.0.0.1", port), _handler_of(self))
        server.daemon_threads = True
        self.port = server.server_port
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _handler_of(door: FrontDoor) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(gzip.decompress(self.rfile.read(int(self.headers["Content-Length"]))))
            status, headers = door.answer(self.path, body)
            if status == 200:
                door.taken[self.path] += records_in(self.path, body)
                door.headers.append(dict(self.headers))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": "2"}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@contextmanager
def issuer(*, lasts: int) -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """An issuer of tokens: its address, and what it was asked; the tokens are `token-1` and so on."""
    asked: list[dict[str, list[str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            asked.append({**form, "authorization": [self.headers["Authorization"]]})
            given = json.dumps({"access_token": f"token-{len(asked)}", "expires_in": lasts}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(given)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/token", asked
        finally:
            server.shutdown()
            thread.join()
