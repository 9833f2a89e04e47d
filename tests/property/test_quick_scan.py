# SPDX-License-Identifier: EUPL-1.2
"""What is read in machine code in one go gives the rows that are read without it, whatever anybody sends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import pytest
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from rekenschap.contracts.otlp import BodyKind, rows_of
from rekenschap.contracts.otlp.quick import scanning
from rekenschap.contracts.otlp.quick.scanning import Plan, gathered, scanned
from rekenschap.contracts.otlp.wire import LENGTH, Wire
from tests.property.test_contracts_otlp import requests

pytestmark = pytest.mark.skipif(scanning._code() is None, reason="needs the extra fast")
LOOK = {"rekenschap.staff.id": "m.devries", "rekenschap.subject.id": "999990019", "status": "ok"}


def both_ways(bodies: Sequence[bytes], kind: BodyKind) -> tuple[object, object]:
    quick, of_body = rows_of(bodies, kind=kind)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "_code", lambda: None)
        slow, as_before = rows_of(bodies, kind=kind)
    assert quick.schema == slow.schema
    return (quick.to_pylist(), of_body.to_pylist()), (slow.to_pylist(), as_before.to_pylist())


@st.composite
def bodies(draw: st.DrawFn) -> tuple[list[bytes], BodyKind]:
    """Requests of one signal, some of them more than once, some with bytes that were changed on the way."""
    signal = draw(st.sampled_from(["traces", "logs"]))
    found = []
    for message in draw(st.lists(requests(signal), min_size=1, max_size=3)):
        body = bytearray(cast(Message, message).SerializeToString())
        for at, octet in draw(st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), max_size=2)):
            if body:
                body[at % len(body)] = octet
        found += [bytes(body)] * draw(st.sampled_from([1, 2, 40]))
    return found, cast(BodyKind, f"{signal}-protobuf")


@given(given_bodies=bodies())
def test_rows_are_the_same_with_machine_code_and_without(given_bodies: tuple[list[bytes], BodyKind]) -> None:
    quick, slow = both_ways(*given_bodies)
    assert quick == slow


def look(**more: object) -> bytes:
    request = ExportLogsServiceRequest()
    log = (
        request.resource_logs.add().scope_logs.add().log_records.add(time_unix_nano=1_760_000_000_000_000_000)
    )
    for key, value in (LOOK | more).items():
        attribute = log.attributes.add(key=key)
        if isinstance(value, int):
            attribute.value.int_value = value
        elif isinstance(value, str):
            attribute.value.string_value = value
    return request.SerializeToString()


@pytest.mark.parametrize(
    "odd",
    [
        {"rekenschap.zaak.id": 12},
        {"x" * 200: "a long key is passed over"},
        {"rekenschap.fields": "é" * 100},
        {"rekenschap.zaak.id": None},
        {"adl.core.request": "{}"},
        {"event.name": "adl.access_evaluation"},
        {"dpl.": "nothing behind it"},
        {"rekenschap.staff.id": "m" * 200},
    ],
)
def test_an_odd_record_stands_in_its_place_between_the_others(odd: dict[str, object]) -> None:
    some = [look(**{"rekenschap.zaak.id": f"Z-{number}"}) for number in range(100)]
    quick, slow = both_ways([*some[:40], look(**odd), *some[40:], look(**odd)], "logs-protobuf")
    assert quick == slow


def test_a_key_that_comes_twice_and_text_that_is_no_text_are_found_as_before() -> None:
    body = look()
    at = body.index(b"m.devries")
    unreadable = body[:at] + b"\xff" + body[at + 1 :]
    twice = body.replace(b"rekenschap.subject.id", b"rekenschap.staff.id\x0a\x00")
    for odd in (unreadable, twice):
        quick, slow = both_ways([look()] * 99 + [odd], "logs-protobuf")
        assert quick == slow


def test_places_beyond_the_bytes_never_reach_the_code() -> None:
    wire, plan = Wire(bytes(8)), Plan(((1, LENGTH),), (b"key",), 6, 99)
    for start, end in ((-1, 2), (0, 9), (4, 3)):
        places = np.array([start]), np.array([end])
        with pytest.raises(IndexError):
            scanned(wire, *places, plan=plan)
        if start >= 0:
            with pytest.raises(IndexError):
                gathered(wire, *places)
