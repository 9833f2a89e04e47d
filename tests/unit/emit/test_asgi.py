# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rekenschap.emit import Emitter
from rekenschap.emit.asgi import LooksMiddleware
from tests.unit.emit.receiving import FrontDoor, attributes

HEADERS = [(b"traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")]


@pytest.fixture
def door() -> Iterator[FrontDoor]:
    with FrontDoor().open() as opened:
        yield opened


def program(looks: Emitter, folder: Path, seen: list[bytes]) -> Callable[..., Any]:
    """Looks at two people, then answers in two parts, looking at a third in between."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for who in ("klant-1", "klant-2"):
            with looks.look(
                staff="m", register="BRP", subject=who, processing_activity="https://r.example/1"
            ):
                pass
        await send({"type": "http.response.start", "status": 200, "headers": []})
        seen.append(b"".join(path.read_bytes() for path in folder.glob("*.looks")))
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        with looks.look(staff="m", register="BRP", subject="klant-3"):
            pass
        await send({"type": "http.response.body", "body": b"second"})

    return app


def answer_of(app: Any, headers: list[tuple[bytes, bytes]]) -> tuple[int, bytes]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def run() -> None:
        await app({"type": "http", "headers": headers}, None, send)

    asyncio.run(run())
    return sent[0]["status"], b"".join(each.get("body", b"") for each in sent[1:])


def test_no_part_of_an_answer_leaves_before_its_looks_are_on_disk(door: FrontDoor, tmp_path: Path):
    seen: list[bytes] = []
    looks = Emitter(door.url, spool=tmp_path, system="balie")
    app = LooksMiddleware(program(looks, tmp_path, seen), emitter=looks)
    assert answer_of(app, HEADERS) == (200, b"firstsecond")
    assert b"klant-1" in seen[0]
    assert b"klant-2" in seen[0]
    assert looks.drain(10)
    looks.close()
    assert door.subjects() == ["klant-1", "klant-2", "klant-3"]
    assert {each["traceId"] for each in door.entries} == {"0af7651916cd43dd8448eb211c80319c"}
    assert {each["parentSpanId"] for each in door.lines} == {"b7ad6b7169203331"}


@pytest.mark.parametrize("headers", [[], HEADERS * 2])
def test_without_one_caller_the_looks_of_a_request_share_a_trace_of_their_own(
    door: FrontDoor, tmp_path: Path, headers: list[tuple[bytes, bytes]]
):
    looks = Emitter(door.url, spool=tmp_path, system="balie")
    answer_of(LooksMiddleware(program(looks, tmp_path, []), emitter=looks), headers)
    assert looks.drain(10)
    looks.close()
    assert len({each["traceId"] for each in door.entries}) == 1
    assert not any("parentSpanId" in each for each in door.lines)
    assert attributes(door.entries[0])["rekenschap.staff.id"] == "m"


def test_when_looks_cannot_be_made_durable_the_reader_gets_a_sentence_and_no_data(tmp_path: Path):
    looks = Emitter("http://127.0.0.1:9", spool=tmp_path, system="balie")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        with looks.look(staff="m", register="BRP", subject="klant-1"):
            pass
        for file in looks._spool.files():
            file.broken = True  # what a disk does that refuses to sync
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"naam en adres"})

    status, body = answer_of(LooksMiddleware(app, emitter=looks), [])
    looks.close()
    assert status == 503
    assert b"naam en adres" not in body
    assert "het lukt niet om vast te leggen" in body.decode()
