# SPDX-License-Identifier: EUPL-1.2
"""Producers in other programs append through the socket, and are told the same as producers inside."""

import socket
import threading
from pathlib import Path

import pyarrow as pa
import pytest

from rekenschap.adapters.sequencing import DistantSequencer, SequencerSocket
from rekenschap.adapters.sequencing import server as room
from rekenschap.errors import ForkError, RefusedError, StoreError
from rekenschap.ledger import Receipt
from rekenschap.ledger.sequencer import Sequencer
from rekenschap.model.custody import ERASURE
from rekenschap.model.relations import CONSULTATION
from tests.ledgers import facts
from tests.sequencers import begun, identities, ids, on_disk, opened


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "socket"


class Inside:
    def __init__(self) -> None:
        self.rows: list[pa.Table] = []
        self.trouble: Exception | None = None

    def append(self, relation, rows) -> Receipt:
        if self.trouble is not None:
            raise self.trouble
        self.rows.append(rows)
        return Receipt(first=7, size=7 + rows.num_rows)


def test_many_producers_append_through_one_socket(tmp_path: Path, place: Path):
    house, disk = on_disk(tmp_path / "ledger")
    begun(house)
    tables = [facts(count=1 + seed % 7, seed=seed) for seed in range(24)]
    receipts: dict[int, Receipt] = {}

    def produce(producer: int) -> None:
        with DistantSequencer(place) as distant:
            for number in range(producer, 24, 4):
                receipts[number] = distant.append(CONSULTATION, tables[number])

    with Sequencer.start(house, disk) as sequencer, SequencerSocket(place, sequencer):
        threads = [threading.Thread(target=produce, args=(n,)) for n in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    ledger = opened(house)
    kept = identities(ledger, "consultation")
    assert len(receipts) == 24
    for number, receipt in receipts.items():
        assert kept[receipt.first - 1 : receipt.size - 1] == ids(tables[number])


def test_an_error_comes_out_as_it_went_in(place: Path):
    inside = Inside()
    with SequencerSocket(place, inside), DistantSequencer(place) as distant:
        for trouble in (
            RefusedError(expected="a", found="b", remedy="c", rule="d"),
            StoreError(expected="a", found="b", remedy="c", retryable=True),
            ForkError(expected="a", found="é", remedy="c"),
        ):
            inside.trouble = trouble
            with pytest.raises(type(trouble)) as found:
                distant.append(CONSULTATION, facts(count=1))
            assert found.value.__dict__ == trouble.__dict__
        inside.trouble = None
        assert distant.append(CONSULTATION, facts(count=2)) == Receipt(first=7, size=9)


def test_the_same_request_twice_is_one_append_with_one_receipt(place: Path):
    inside = Inside()
    with SequencerSocket(place, inside):
        receipts = []
        for _ in range(2):
            with DistantSequencer(place) as distant:
                receipts.append(distant.append(CONSULTATION, facts(count=3)))
    assert receipts == [Receipt(first=7, size=10)] * 2
    assert len(inside.rows) == 1


def test_only_the_owner_may_come_in(place: Path):
    with SequencerSocket(place, Inside()):
        assert place.stat().st_mode & 0o777 == 0o600
    assert not place.exists()


def test_what_a_ledger_says_about_itself_does_not_come_through(place: Path):
    inside = Inside()
    with (
        SequencerSocket(place, inside),
        DistantSequencer(place) as distant,
        pytest.raises(RefusedError, match="a source can report"),
    ):
        distant.append(ERASURE, facts(ERASURE, 1))
    assert inside.rows == []


@pytest.mark.parametrize(
    "message", [b"", b"\0", b"\x0cconsultation", b"\x0cconsultation\xff\xff\xff\xff\x08", b"\xff"]
)
def test_other_bytes_are_refused_and_the_line_stays_open(place: Path, message: bytes):
    with SequencerSocket(place, Inside()), socket.socket(socket.AF_UNIX) as line:
        line.connect(str(place))
        for _ in range(2):
            line.sendall(len(message).to_bytes(4, "big") + message)
            length = int.from_bytes(line.recv(4, socket.MSG_WAITALL), "big")
            answer = line.recv(length, socket.MSG_WAITALL)
            assert answer[:1] == b"\1"
            assert b"RefusedError" in answer


def test_a_message_that_is_too_large_is_not_even_read(place: Path):
    with SequencerSocket(place, Inside()), socket.socket(socket.AF_UNIX) as line:
        line.connect(str(place))
        line.sendall(b"\xff\xff\xff\xff")
        assert b"at most" in line.recv(4096)
        assert line.recv(1) == b""


def test_who_hangs_up_halfway_leaves_nothing(place: Path):
    inside = Inside()
    with SequencerSocket(place, inside):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(place))
            line.sendall(b"\0\0\1\0half")
        with DistantSequencer(place) as distant:
            distant.append(CONSULTATION, facts(count=1))
    assert len(inside.rows) == 1


def test_there_are_no_more_lines_than_fit(place: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(room, "MOST_LINES", 2)
    with SequencerSocket(place, Inside()):
        lines = [DistantSequencer(place) for _ in range(3)]
        for each in lines[:2]:
            each.append(CONSULTATION, facts(count=1))
        with pytest.raises(StoreError, match="a sequencer that answers"):
            lines[2].append(CONSULTATION, facts(count=1))
        lines[0].close()
        for each in lines:
            each.close()


def test_a_socket_that_nobody_stands_behind_is_trouble(place: Path):
    with DistantSequencer(place) as distant:
        with pytest.raises(StoreError, match="see whether it runs"):
            distant.append(CONSULTATION, facts(count=1))
        with SequencerSocket(place, Inside()):
            distant.append(CONSULTATION, facts(count=1))
        with pytest.raises(StoreError, match="see whether it runs"):
            distant.append(CONSULTATION, facts(count=1))


def test_the_socket_of_a_program_that_is_gone_is_replaced_and_another_is_not(place: Path):
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(place))
    with SequencerSocket(place, Inside()):
        with pytest.raises(StoreError, match="another sequencer's"):
            SequencerSocket(place, Inside())
        with DistantSequencer(place) as distant:
            distant.append(CONSULTATION, facts(count=1))
    place.write_text("a file of somebody")
    with pytest.raises(StoreError, match="something else"):
        SequencerSocket(place, Inside())
    assert place.read_text() == "a file of somebody"


def test_a_path_that_is_too_long_is_one_sentence(tmp_path: Path):
    with pytest.raises(StoreError, match="name a short path"):
        SequencerSocket(tmp_path / ("x" * 200), Inside())
