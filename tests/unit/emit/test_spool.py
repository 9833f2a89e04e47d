# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from threading import Thread

import pytest

from rekenschap.emit import Emitter
from rekenschap.emit.spool import FULL_FILE, Spool, SpoolFile
from rekenschap.errors import StoreError
from tests.unit.emit.receiving import FrontDoor

LOOKER = Path(__file__).with_name("looker.py")


def left_by_somebody(folder: Path, payloads: list[bytes]) -> Path:
    """The file of a process that is gone."""
    file = SpoolFile.create(folder)
    file.sync(file.append(payloads) or 0)
    file.close()
    return file.path


def taken(folder: Path) -> list[bytes]:
    spool = Spool(folder, most_bytes=1 << 30)
    found = []
    for file in spool.files():
        for payload, end in file.frames(file.sent):
            found.append(payload)
            file.mark_sent(end)
        spool.done(file, tidy=True)
    spool.close()
    return found


def test_what_a_process_left_is_taken_over_once(tmp_path: Path):
    left_by_somebody(tmp_path, [b"one", b"two"])
    assert taken(tmp_path) == [b"one", b"two"]
    assert list(tmp_path.iterdir()) == []


def test_the_file_of_a_process_that_lives_is_left_alone(tmp_path: Path):
    file = SpoolFile.create(tmp_path)
    file.append([b"mine"])
    assert SpoolFile.taken_over(file.path) is None
    file.close()


@pytest.mark.parametrize("cut", range(1, 19))
def test_a_last_write_that_was_cut_short_takes_nothing_with_it(tmp_path: Path, cut: int):
    path = left_by_somebody(tmp_path, [b"one", b"two"])
    path.write_bytes(path.read_bytes()[:-cut])
    assert taken(tmp_path) == [b"one"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("zeros", [1, 7, 100, 5_000])
def test_zeros_that_a_power_cut_left_behind_are_no_looks(tmp_path: Path, zeros: int):
    path = left_by_somebody(tmp_path, [b"one"])
    path.write_bytes(path.read_bytes() + bytes(zeros))
    assert taken(tmp_path) == [b"one"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("flipped", range(19 * 3))
def test_a_flipped_bit_takes_one_look_with_it_and_is_kept_for_a_human(tmp_path: Path, flipped: int):
    path = left_by_somebody(tmp_path, [b"one", b"two", b"six"])
    content = bytearray(path.read_bytes())
    content[flipped] ^= 0x40
    path.write_bytes(content)
    assert taken(tmp_path) == [
        each for at, each in enumerate([b"one", b"two", b"six"]) if at != flipped // 19
    ]
    assert [each.suffix for each in tmp_path.iterdir()] == [".damaged"]


@pytest.mark.parametrize("zeros", [(0, 19), (19, 38), (0, 38), (5, 30)])
def test_a_page_of_zeros_holds_up_no_look_behind_it(tmp_path: Path, zeros: tuple[int, int]):
    path = left_by_somebody(tmp_path, [b"one", b"two", b"six"])
    content = bytearray(path.read_bytes())
    content[slice(*zeros)] = bytes(zeros[1] - zeros[0])
    path.write_bytes(content)
    assert taken(tmp_path)[-1] == b"six"
    assert [each.suffix for each in tmp_path.iterdir()] == [".damaged"]


@pytest.mark.parametrize("mark", [b"999999 1", b"999999", b"", b"-5 5", b"x y"])
def test_a_mark_that_is_none_passes_over_nothing(tmp_path: Path, mark: bytes):
    path = left_by_somebody(tmp_path, [b"one", b"two"])
    path.with_suffix(".sent").write_bytes(mark)
    assert taken(tmp_path) == [b"one", b"two"]


def test_a_write_that_finds_no_room_leaves_nothing_half(tmp_path: Path):
    spool = Spool(tmp_path, most_bytes=1 << 30)
    spool.sync(spool.append([b"first"]))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (80, before[1]))
    try:
        with pytest.raises(StoreError, match="expected a disk on which a look can be written down"):
            spool.append([b"x" * 100])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    spool.sync(spool.append([b"second"]))
    (file,) = spool.files()
    assert [payload for payload, _ in file.frames(0)] == [b"first", b"second"]
    spool.close()


def spoiled(folder: Path, *, payloads: int) -> Path:
    """A file of a process that is gone, with a byte changed in its second frame."""
    path = left_by_somebody(folder, [b"look %d" % number for number in range(payloads)])
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"look 1")] ^= 0xFF
    path.write_bytes(raw)
    return path


DELIVERER = """
import os, signal, sys
from itertools import islice
from pathlib import Path
from rekenschap.emit.spool import Spool
(file,) = Spool(Path(sys.argv[1]), most_bytes=1 << 30).files()
some = list(islice(file.frames(file.sent), int(sys.argv[2])))
file.mark_sent(some[-1][1])
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("delivered", [1, 2, 3])
def test_damage_is_not_forgotten_by_a_kill_after_it_was_passed(tmp_path: Path, delivered: int):
    spoiled(tmp_path, payloads=4)
    killed = subprocess.run([sys.executable, "-c", DELIVERER, tmp_path, str(delivered)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert taken(tmp_path) == [b"look 0", b"look 2", b"look 3"][delivered:]
    assert Spool(tmp_path, most_bytes=1 << 30).damaged() == 1


def test_a_damaged_file_is_kept_for_a_human_when_the_program_ends_just_then(tmp_path: Path):
    spoiled(tmp_path, payloads=3)
    spool = Spool(tmp_path, most_bytes=1 << 30)
    (file,) = spool.files()
    file.mark_sent(list(file.frames(file.sent))[-1][1])
    spool.close()
    assert spool.damaged() == 1


def test_files_that_end_while_others_write_lose_nothing(tmp_path: Path):
    spool = Spool(tmp_path, most_bytes=1 << 40)
    payload = b"x" * (FULL_FILE // 40)
    found: Counter[bytes] = Counter()
    writing = True

    def write(name: int) -> None:
        for number in range(60):
            spool.sync(spool.append([b"%d-%d|" % (name, number) + payload]))

    def deliver() -> None:
        while writing or spool.waiting_bytes():
            for file in spool.files():
                for each, end in file.frames(file.sent):
                    found[each.split(b"|")[0]] += 1
                    file.mark_sent(end)
                spool.done(file, tidy=True)

    writers = [Thread(target=write, args=(name,)) for name in range(4)]
    deliverer = Thread(target=deliver)
    for each in (*writers, deliverer):
        each.start()
    for each in writers:
        each.join()
    writing = False
    deliverer.join()
    spool.close()
    assert found == Counter(b"%d-%d" % (name, number) for name in range(4) for number in range(60))


def test_a_look_that_was_shown_survives_a_kill_and_comes_once(tmp_path: Path):
    shown: list[str] = []
    with FrontDoor().open() as door:
        for _ in range(6):
            program = subprocess.Popen(
                [sys.executable, LOOKER, door.url, tmp_path], stdout=subprocess.PIPE, text=True
            )
            time.sleep(0.6)
            program.kill()
            shown += program.communicate()[0].splitlines()
        rest = Emitter(door.url, spool=tmp_path, system="balie")
        assert rest.drain(60)
        rest.close()
        came = Counter(
            (each["spanId"], subject) for each, subject in zip(door.entries, door.subjects(), strict=True)
        )
    assert len(shown) > 50
    assert set(shown) <= {subject for _, subject in came}
    # A kill between delivery and its mark offers a look again: the very same one, which is one fact there.
    assert len(came) == len({subject for _, subject in came})
