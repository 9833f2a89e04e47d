# SPDX-License-Identifier: EUPL-1.2
"""A log is followed while it grows, is rotated, and while who follows is killed."""

import gzip
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from rekenschap.house import House, LedgerPlace, check_house
from tests.journeys.commands import rekenschap
from tests.journeys.test_sources_commands import look

PAGE = (Path(__file__).parents[2] / "docs/how-to/follow-a-file-that-grows.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"```console\n\$ (.*?)\n(.*?)```", PAGE, re.DOTALL)
FOLLOW = ("intake", "follow", "looks.jsonl", "--profile", "native-jsonl")


def append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.write(text)


def minutes(folder: Path) -> list[int]:
    """The minute of every look in the ledger, which must be sound."""
    check_house(House.at(folder / "rekenschap-home"))
    facts = LedgerPlace.of(folder / "rekenschap-home").ledger().facts("consultation").table
    return sorted(fact.minute for fact in facts.column("looked_at").to_pylist())


class Follower:
    """The command as a service."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "rekenschap", *FOLLOW, "--every", "0.2", "--language", "en"]
        self.process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
        assert "Files that we follow: 1" in self.line()

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        said = self.process.communicate(timeout=60)[0]
        if how is signal.SIGTERM:
            assert "Stopped." in said
        return self.process.returncode


def test_the_page_runs_as_written(tmp_path):
    log = tmp_path / "looks.jsonl"
    append(log, look(1) + look(2))
    for at, (command, shown) in enumerate(CONSOLE):
        if at:
            append(log, look(3) + look(4)[:20])
        ran = rekenschap(*command.split()[1:], cwd=tmp_path)
        assert (ran.code, ran.out) == (0, shown), ran
    assert minutes(tmp_path) == [1, 2, 3]


def test_a_log_is_followed_through_a_rotation_and_ends_cleanly(tmp_path):
    log = tmp_path / "looks.jsonl"
    append(log, look(1))
    follower = Follower(tmp_path)
    assert "1 new" in follower.line()
    append(log, look(2))
    log.rename(tmp_path / "looks.jsonl.1")
    append(tmp_path / "looks.jsonl.1", look(3))
    append(log, look(4))
    seen = 0
    while seen < 3:
        seen += int(re.search(r"(\d+) new", follower.line())[1])
    assert follower.stop() == 0
    (tmp_path / "looks.jsonl.1.gz").write_bytes(gzip.compress((tmp_path / "looks.jsonl.1").read_bytes()))
    (tmp_path / "looks.jsonl.1").unlink()
    ran = rekenschap(*FOLLOW, "--once", cwd=tmp_path)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert minutes(tmp_path) == [1, 2, 3, 4]


@pytest.mark.slow
def test_killed_again_and_again_it_takes_nothing_twice_and_loses_nothing(tmp_path):
    log = tmp_path / "looks.jsonl"
    append(log, "")
    for minute in range(6):
        follower = Follower(tmp_path)
        append(log, look(2 * minute) + look(2 * minute + 1))
        time.sleep(0.15 * minute)
        follower.stop(signal.SIGKILL)
        if minute == 3:
            log.rename(tmp_path / "looks.jsonl.1")
    assert rekenschap(*FOLLOW, "--once", cwd=tmp_path).code == 0
    assert Counter(minutes(tmp_path)) == Counter(range(12))


def test_logrotate_itself_moves_and_packs(tmp_path):
    rotate = shutil.which("logrotate") or shutil.which("/usr/sbin/logrotate")
    if rotate is None:
        pytest.skip("no logrotate: apt install logrotate")
    log, rules = tmp_path / "looks.jsonl", tmp_path / "rules"
    for way in ("create", "copytruncate"):
        rules.write_text(f"{log} {{\n  rotate 7\n  size 1\n  compress\n  delaycompress\n  {way}\n}}\n")
        rules.chmod(0o600)
        for minute in range(3):
            base = 10 * (way == "create") + 3 * minute
            append(log, look(base) + look(base + 1))
            assert rekenschap(*FOLLOW, "--once", cwd=tmp_path).code == 0
            append(log, look(base + 2))
            state = tmp_path / "state"
            subprocess.run([rotate, "--state", state, rules], check=True, timeout=60)
    assert rekenschap(*FOLLOW, "--once", cwd=tmp_path).code == 0
    assert Counter(minutes(tmp_path)) == Counter([*range(9), *range(10, 19)])


def test_a_bad_row_waits_with_its_line_in_the_whole_file(tmp_path):
    log = tmp_path / "looks.jsonl"
    append(log, look(1) + look(2))
    rekenschap(*FOLLOW, "--once", cwd=tmp_path)
    append(log, look(3, looked_at="later"))
    ran = rekenschap(*FOLLOW, "--once", "--language", "en", cwd=tmp_path)
    assert (ran.code, "quarantine time-unreadable: 1" in ran.out) == (6, True)
    shown = rekenschap("quarantine", "show", "time-unreadable", "--language", "en", cwd=tmp_path)
    assert shown.out.startswith("line 3 of ")


def test_a_file_that_went_away_is_told(tmp_path):
    log = tmp_path / "looks.jsonl"
    append(log, look(1))
    rekenschap(*FOLLOW, "--once", cwd=tmp_path)
    log.unlink()
    ran = rekenschap(*FOLLOW, "--once", "--language", "en", cwd=tmp_path)
    assert (ran.code, "went away before we read its end" in ran.err) == (6, True)


def test_a_kind_that_needs_the_whole_file_is_refused(tmp_path):
    (tmp_path / "log.xes").write_text("<log/>")
    ran = rekenschap("intake", "follow", "log.xes", "--profile", "coselog-receipt", "--once", cwd=tmp_path)
    assert (ran.code, "needs a whole file" in ran.err) == (3, True)


def test_a_bsn_in_the_name_of_a_file_is_neither_said_nor_kept(tmp_path):
    append(tmp_path / "looks-999990019.jsonl", look(1))
    followed = rekenschap("intake", "follow", "looks-999990019.jsonl", *FOLLOW[3:], "--once", cwd=tmp_path)
    taken = rekenschap("intake", "looks-999990019.jsonl", *FOLLOW[3:], "--json", cwd=tmp_path)
    absent = rekenschap("intake", "gone-999990019.jsonl", *FOLLOW[3:], cwd=tmp_path)
    assert (followed.code, taken.code, absent.code) == (0, 0, 4)
    said = [text for ran in (followed, taken, absent) for text in (ran.out, ran.err)]
    assert "looks-999999999.jsonl" in followed.out
    assert "999990019" not in "".join(said)
    kept = [path for path in (tmp_path / "rekenschap-home").rglob("*") if path.is_file()]
    assert not [path.name for path in kept if b"999990019" in path.read_bytes()]
