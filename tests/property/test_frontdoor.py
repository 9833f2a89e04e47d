# SPDX-License-Identifier: EUPL-1.2
"""Whatever is sent: the front door answers, the good record beside it is taken in, and nobody is named."""

import asyncio
import gzip
import json
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import monotonic

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

pytest.importorskip("uvicorn")
pytest.importorskip("grpc")

from rekenschap.adapters.ciphers.aes_gcm import AesGcm
from rekenschap.adapters.disks import PosixDisk
from rekenschap.audit.frontdoor import contracts
from rekenschap.audit.intake import opened_door
from rekenschap.frontdoor.callers.gate import Gate
from rekenschap.frontdoor.desk import Clocks, Desk, GroupCommit
from rekenschap.frontdoor.doors.web import WebDoor
from rekenschap.frontdoor.inbox import Frame, FrameSeal, Inbox, InboxReader, Kind, recover
from rekenschap.frontdoor.taking import Taker
from rekenschap.frontdoor.working import Worker
from rekenschap.house import House
from tests.frontdoor.looks import in_json, in_protobuf

KINDS = [Kind.TRACES_PROTOBUF, Kind.TRACES_JSON, Kind.LOGS_PROTOBUF, Kind.LOGS_JSON]
NAME = "Zwaantje-Zevenblad"
"""Stands in whatever is sent, and nowhere in what comes back."""


def now() -> datetime:
    return datetime.now(UTC)


class Line:
    """A worker's line that hears nothing and remembers what was said."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def said(self, text: str) -> None:
        self.words.append(text)


class Place:
    """A house with its front door, in one process."""

    def __init__(self, home, door, ledger) -> None:
        disk = PosixDisk(home / "inbox")
        disk.make_directory("")
        self.seal = FrameSeal(AesGcm(), bytes(32))
        self.inbox = Inbox(disk, self.seal, recover(disk))
        self.reader = InboxReader(disk, self.seal, start=self.inbox.done)
        self.line, self.faults = Line(), []
        self.ledger, self.door = ledger, door
        taker = Taker(door=door, ledger=ledger, contracts=contracts(), clock=now)
        self.worker = Worker(self.reader, taker, self.line)  # type: ignore[arg-type]
        self.home = home
        self.good = 0

    async def answers(self, requests) -> list[tuple[int, bytes]]:
        """Send requests at once, each as path, headers and body."""
        with ThreadPoolExecutor(1) as thread:
            commit = GroupCommit(self.inbox, thread, told=lambda end: None)
            desk = Desk(Gate(self.home, no_fetch), commit, Clocks(now, monotonic), is_working=lambda: True)
            web = WebDoor(desk, fault=self.faults.append)
            return list(await asyncio.gather(*(one(web, *each) for each in requests)))

    def work_off(self) -> None:
        frames = [frame for _, frame in self.reader.take(self.inbox.end, most=1 << 30)]
        self.worker._take(frames)


async def no_fetch(address: str):
    raise OSError(address)


async def one(web: WebDoor, path: str, headers: list[tuple[bytes, bytes]], body: bytes) -> tuple[int, bytes]:
    sent: list[dict] = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    await web({"type": "http", "method": "POST", "path": path, "headers": headers}, receive, send)
    return sent[0]["status"], sent[1]["body"] + repr(sent[0]["headers"]).encode()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    home = tmp_path_factory.mktemp("fuzz") / "house"
    house = House.at(home)
    ledger = house.ledger(origin="rekenschap.example/ledger")
    with opened_door(house) as door:
        yield Place(home, door, ledger)


def in_text(value: object) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


texts = st.one_of(st.text(max_size=30), st.just(NAME), st.just("999990019"), st.just("rekenschap.staff.id"))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)


@st.composite
def spoiled_json(draw) -> bytes:
    """A request in JSON with something else in some of its places."""
    request = in_json([NAME, f"{NAME}-2"])
    for _ in range(draw(st.integers(1, 4))):
        at = request
        path = []
        while isinstance(at, dict | list) and at and (not path or draw(st.integers(0, 5))):
            key = (
                draw(st.sampled_from(sorted(at)))
                if isinstance(at, dict)
                else draw(st.integers(0, len(at) - 1))
            )
            path.append((at, key))
            at = at[key]
        if path:
            holder, key = path[-1]
            holder[key] = draw(values)
    return in_text(request)


@st.composite
def spoiled_protobuf(draw) -> bytes:
    """A request in protobuf with bytes changed, taken away, put in or doubled."""
    body = bytearray(in_protobuf([NAME, f"{NAME}-2"]))
    chance = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311
    for _ in range(draw(st.integers(1, 6))):
        at = chance.randrange(len(body) or 1)
        match draw(st.integers(0, 3)):
            case 0 if body:
                body[at] = chance.randrange(256)
            case 1:
                del body[at : at + chance.randrange(1, 9)]
            case 2:
                body[at:at] = chance.randbytes(chance.randrange(1, 9))
            case _:
                body += body[: chance.randrange(1, len(body) + 1)]
    return bytes(body[:100_000])


bodies = st.one_of(
    st.tuples(st.just(b"application/json"), st.one_of(spoiled_json(), values.map(in_text))),
    st.tuples(st.just(b"application/x-protobuf"), st.one_of(spoiled_protobuf(), st.binary(max_size=200))),
    st.tuples(st.sampled_from([b"application/json", b"text/plain", b""]), st.binary(max_size=60)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    what=bodies,
    path=st.sampled_from(["/v1/traces", "/v1/logs"]),
    packed=st.sampled_from([b"", b"", b"", b"gzip", b"gzip-not", b"br"]),
    unseen=st.sampled_from(sorted(KINDS)),
)
def test_nothing_that_is_sent_stops_what_is_good_or_comes_back_in_words(
    place, capfd, what, path, packed, unseen
):
    kind, body = what
    headers = [(b"content-type", kind)]
    if packed:
        headers.append((b"content-encoding", packed.removesuffix(b"-not")))
        body = gzip.compress(body) if packed == b"gzip" else body
    place.good += 1
    good = in_json([f"K-{place.good}"])
    fine = [(b"content-type", b"application/json")]
    told = asyncio.run(
        place.answers([(path, headers, body), ("/v1/traces", fine, json.dumps(good).encode())])
    )
    event(f"status {told[0][0]}")
    assert told[1][0] == 200
    assert told[0][0] in (200, 400, 415)
    # And should it come past the door unseen, under any name:
    place.inbox.put([Frame(kind=unseen, source="", systems=(), received_at=0, body=what[1])])
    place.work_off()
    facts = place.ledger.facts("consultation").table
    taken = {place.door.originals.unseal(each) for each in facts.column("subject").to_pylist()}
    assert f"K-{place.good}" in taken
    assert place.faults == []
    said = capfd.readouterr()
    everything = [*(text for _, text in told), *place.line.words, said.out, said.err]
    for text in everything:
        assert NAME not in (text if isinstance(text, str) else text.decode("utf-8", "replace"))
    assert not place.line.words, "our own reader gave up on a whole request"
