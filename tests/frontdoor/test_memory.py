# SPDX-License-Identifier: EUPL-1.2
"""Many large messages at once, as they are and in gzip: what is held of them stays within bounds."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest

from tests.frontdoor.looks import in_protobuf, post
from tests.frontdoor.service import Service

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
MIB = 1 << 20
AT_ONCE, ROUNDS = 6, 7
"""Channels, each with so many calls at once: 588 MiB of messages in all."""
HELD_AT_MOST = 450
"""MiB. Less than all messages at once, and a good deal more than what is held: 90 to 360, as they come in."""


def largest_ever(process: int) -> int:
    """How much memory a process has held at most, in MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM:"))) >> 10


def outcomes(address: str, body: bytes, **how: object) -> list[grpc.StatusCode]:
    """Send a body in many calls at once, over several channels; give how each ended."""
    ended: list[grpc.StatusCode] = []
    options = [("grpc.max_send_message_length", -1), ("grpc.use_local_subchannel_pool", 1)]

    def send(_: int) -> None:
        with grpc.insecure_channel(address, options=options) as channel:
            calls = [channel.unary_unary(EXPORT).future(body, timeout=120, **how) for _ in range(ROUNDS)]
            ended.extend(call.code() for call in calls)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(send, range(AT_ONCE)))
    return ended


@pytest.mark.slow
@pytest.mark.parametrize("packed", [False, True], ids=["as it is", "in gzip"])
def test_many_large_messages_at_once_do_not_grow_memory_past_the_bound(tmp_path, packed):
    how = {"compression": grpc.Compression.Gzip} if packed else {}
    with Service(tmp_path / "house", "--waiting", "64") as service:
        assert outcomes(service.rpc, in_protobuf(["K-1"]), **how) == [grpc.StatusCode.OK] * AT_ONCE * ROUNDS
        before = largest_ever(service.process)
        unknown = b"\xfa\x7f" + b"\x80\x80\x80\x07"  # a field nobody knows, of 14 MiB
        ended = set(outcomes(service.rpc, unknown + bytes(14 * MIB), **how))
        assert ended <= {
            grpc.StatusCode.OK,
            grpc.StatusCode.INVALID_ARGUMENT,
            grpc.StatusCode.RESOURCE_EXHAUSTED,
            grpc.StatusCode.UNAVAILABLE,
        }
        assert largest_ever(service.process) - before < HELD_AT_MOST


@pytest.mark.parametrize("address", ["/v1/traces", "/v1/facts"])
def test_what_is_refused_over_http_is_let_go_of(tmp_path, address):
    with Service(tmp_path / "house") as service:
        sizes = []
        for _ in range(8):
            kind = "application/json" if address == "/v1/facts" else ""
            assert post(f"{service.web}{address}", b"\xff" * (14 * MIB), kind=kind)[0] == 400
            sizes.append(largest_ever(service.process))
        assert sizes[-1] - sizes[0] < 30


def test_a_message_that_is_too_long_or_a_bomb_is_refused_and_the_next_is_taken(tmp_path):
    with Service(tmp_path / "house") as service, grpc.insecure_channel(service.rpc) as channel:
        export = channel.unary_unary(EXPORT)
        before = largest_ever(service.process)
        for body, how in (
            (bytes(17 * MIB), {}),
            (bytes(400 * MIB), {"compression": grpc.Compression.Gzip}),
        ):
            with pytest.raises(grpc.RpcError) as told:
                export(body, timeout=120, **how)
            assert told.value.code() in (grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.OUT_OF_RANGE)
        assert largest_ever(service.process) - before < 100
        assert export(in_protobuf(["K-1"]), compression=grpc.Compression.Gzip) == b""
        with pytest.raises(grpc.RpcError) as told:
            export(in_protobuf(["K-1"]), compression=grpc.Compression.Deflate)
        assert told.value.code() is grpc.StatusCode.UNIMPLEMENTED
        assert service.stop() == 0, service.said
        assert sum(service.originals().values()) == 1
