# SPDX-License-Identifier: EUPL-1.2
"""A real `rekenschap read serve`, in processes of its own, and what it answers."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rekenschap.cli.serving.ports import free_port
from tests.journeys.commands import rekenschap


@dataclass(frozen=True)
class Got:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def told(self) -> dict:
        """The JSON in it."""
        return json.loads(self.body)


@dataclass
class Readers:
    """The service of a house, with a token for each client; a context that leaves no process behind."""

    home: Path
    tokens: dict[str, str] = field(default_factory=dict)
    port: int = 0
    _child: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        """All that its programs wrote."""
        return self.home.with_suffix(".said").read_text()

    def add(self, name: str, *words: str) -> str:
        """Add a client as an operator would."""
        ran = rekenschap("read", "client", name, *words, "--home", self.home)
        assert ran.code == 0, ran.err
        self.tokens[name] = ran.out.splitlines()[-1].strip()
        return self.tokens[name]

    def __enter__(self) -> Readers:
        self.port = free_port(0)
        words = ["read", "serve", "--home", str(self.home), "--port", str(self.port), "--language", "en"]
        with self.home.with_suffix(".said").open("ab") as said:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "rekenschap", *words], stdout=subprocess.PIPE, stderr=said
            )
        assert self._child.stdout is not None
        assert str(self.port) in self._child.stdout.readline().decode(), self.said
        self._until(lambda: (self.home / "read" / "offered" / "latest").is_file())
        self._until(lambda: (self.home / "read" / "clerk.sock").is_socket())
        return self

    def _until(self, holds) -> None:
        until = time.monotonic() + 60
        while not holds():
            assert time.monotonic() < until, self.said
            time.sleep(0.1)

    def __exit__(self, *_: object) -> None:
        self.stop()

    def ended(self) -> int:
        """Wait until it ends by itself; gives its exit code."""
        assert self._child is not None
        return self._child.wait(60)

    def stop(self) -> int:
        """Ask it to end; gives its exit code."""
        child, self._child = self._child, None
        if child is None:
            return 0
        child.terminate()
        code = child.wait(60)
        child.stdout.close()
        return code

    def ask(
        self,
        path: str,
        told: object = None,
        *,
        client: str = "",
        method: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Got:
        """Ask something as a client."""
        body = None if told is None else told if isinstance(told, bytes) else json.dumps(told).encode()
        more = {"Authorization": f"Bearer {self.tokens[client]}"} if client else {}
        if body is not None:
            more["Content-Type"] = "application/json"
        asked = urllib.request.Request(  # noqa: S310 - ours
            self.address + path, data=body, headers={**more, **(headers or {})},
            method=method or ("GET" if body is None else "POST"),
        )  # fmt: skip
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
                return Got(answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read())
        except urllib.error.HTTPError as error:
            return Got(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())
