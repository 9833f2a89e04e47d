# SPDX-License-Identifier: EUPL-1.2
"""Two processes: one that ends is followed by another, and what ends it again and again is set apart."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from rekenschap.adapters.ciphers.aes_gcm import AesGcm
from rekenschap.adapters.disks import PosixDisk
from rekenschap.errors import ExitCode
from rekenschap.frontdoor.inbox import Frame, FrameSeal, Inbox, Kind, recover
from rekenschap.frontdoor.link import Heard, WorkerProcess

DEADLY = Path(__file__).with_name("deadly.py")


def frame(body: bytes) -> Frame:
    return Frame(kind=Kind.TRACES_JSON, source="", systems=(), received_at=0, body=body)


async def worked_off(
    home: Path, groups: list[list[bytes]], command: list[str]
) -> tuple[list[str], int | None]:
    """Put groups in an inbox, one after another, and wait until a worker has worked off each."""
    disk = PosixDisk(home / "inbox")
    disk.make_directory("")
    inbox = Inbox(disk, FrameSeal(AesGcm(), bytes(32)), recover(disk))
    said: list[str] = []
    done = [0]
    heard = Heard(ready=lambda: None, done=lambda n: done.append(max(n, done[-1])), said=said.append)
    worker = WorkerProcess(command, heard, span=lambda: (done[-1], inbox.end))
    keeping = asyncio.create_task(worker.keep())
    for group in groups:
        inbox.put([frame(body) for body in group])
        worker.durable(inbox.end)
        while done[-1] < inbox.end and not keeping.done():
            await asyncio.sleep(0.02)
    worker.end()
    await asyncio.wait_for(keeping, 60)
    inbox.advance(done[-1], durably=True)
    return said, worker.exit_code


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines() if path.exists() else []


def test_everything_is_taken_in_order_and_the_worker_ends_well(tmp_path):
    groups = [[b"a", b"b"], [b"c"], [b"d", b"e", b"f"]]
    said, code = asyncio.run(worked_off(tmp_path, groups, [sys.executable, str(DEADLY), str(tmp_path)]))
    assert (said, code) == ([], ExitCode.FINE)
    assert lines(tmp_path / "taken") == [b"a", b"b", b"c", b"d", b"e", b"f"]


def test_a_request_that_cannot_be_taken_in_is_set_apart_and_said_and_those_around_it_go_on(tmp_path):
    groups = [[b"a", b"poison 1", b"b"], [b"c", b"poison 2"]]
    said, code = asyncio.run(worked_off(tmp_path, groups, [sys.executable, str(DEADLY), str(tmp_path)]))
    assert code == ExitCode.FINE
    assert lines(tmp_path / "apart") == [b"poison 1", b"poison 2"]
    assert sorted(set(lines(tmp_path / "taken"))) == [b"a", b"b", b"c"]
    assert said == ["one request is set apart whole, in quarantine, for ValueError"] * 2


def test_requests_that_cannot_be_prepared_are_taken_in_their_turn_and_once(tmp_path):
    groups = [[b"a", b"unready", b"b"], [b"c"], [b"d", b"unready poison"], [b"e"]]
    said, code = asyncio.run(worked_off(tmp_path, groups, [sys.executable, str(DEADLY), str(tmp_path)]))
    assert (said, code) == ([], ExitCode.FINE)
    assert lines(tmp_path / "taken") == [b"a", b"unready", b"b", b"c", b"d", b"unready poison", b"e"]


@pytest.mark.slow
def test_a_request_that_ends_worker_after_worker_is_set_apart_in_the_end(tmp_path):
    groups = [[b"a", b"deadly", b"b"], [b"c"]]
    said, code = asyncio.run(worked_off(tmp_path, groups, [sys.executable, str(DEADLY), str(tmp_path)]))
    assert code == ExitCode.FINE
    assert lines(tmp_path / "apart") == [b"deadly"]
    assert sorted(set(lines(tmp_path / "taken"))) == [b"a", b"b", b"c"]
    assert said == ["one request is set apart whole, in quarantine, for ending the worker"]


def test_a_worker_that_never_begins_is_not_started_again_and_its_code_is_kept(tmp_path):
    command = [sys.executable, "-c", "import sys; sys.exit(4)"]
    assert asyncio.run(worked_off(tmp_path, [[b"a"]], command)) == ([], ExitCode.TROUBLE)


def test_an_alarm_is_not_followed_by_another_worker(tmp_path):
    command = [sys.executable, "-c", "import sys; print('ready', flush=True); sys.exit(5)"]
    assert asyncio.run(worked_off(tmp_path, [[b"a"]], command)) == ([], ExitCode.ALARM)


ENDING = """
import sys
from rekenschap.frontdoor.link import WorkerLine
line = WorkerLine(sys.stdin.buffer, sys.stdout.buffer)
line.wait(0, patience=0.2)
sys.exit(4)
"""


def test_a_worker_that_ends_by_itself_while_its_line_is_open_leaves_with_its_own_code():
    for _ in range(5):
        worker = subprocess.Popen([sys.executable, "-c", ENDING], stdin=subprocess.PIPE)
        worker.stdin.write(b"begin 0 0 0 -1\n")
        worker.stdin.flush()
        assert worker.wait(30) == ExitCode.TROUBLE
        worker.stdin.close()
