# SPDX-License-Identifier: EUPL-1.2
"""Files that grow and rotate in every way we know of, with a crash at every step."""

import gzip
import json
import os
import shutil
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from rekenschap.adapters.sources import READERS
from rekenschap.errors import RefusedError, SourceError
from rekenschap.intake import Profile, load_profile, parse_profile
from rekenschap.intake.following import Cursors, Followed, Following, growing
from tests.unit.intake.small_house import BSN, NOW, SmallHouse

COUNTED = """
id: counted
title: {nl: geteld, en: counted}
source: counted
readers: {csv: {}}
sequence: n
facts:
  - relation: consultation
    columns: {looked_at: t, staff: s, subject: b, register: {value: BRP}}
example: |
  t,s,b,n
  2026-03-02T09:00:00Z,m,x,1
expect: {}
"""


def row(minute: int, **other: object) -> str:
    told = {
        "relation": "consultation",
        "looked_at": f"2026-03-02T09:{minute:02}:00Z",
        "staff": "m.devries",
        "subject": BSN,
        "register": "BRP",
    }
    return json.dumps(told | other) + "\n"


class Desk:
    """A house that follows one file; a new `Following` each round, as after a restart."""

    def __init__(self, root: Path) -> None:
        self.house = SmallHouse(root)
        self.log = root / "log" / "looks.jsonl"
        self.log.parent.mkdir()
        self.profile: Profile = load_profile("native-jsonl")
        self.now: datetime = NOW
        self.most = 1 << 20
        self.lost = 0

    def write(self, *rows: str, to: Path | None = None) -> None:
        with (to or self.log).open("a", encoding="utf-8") as stream:
            stream.writelines(rows)

    def round(self) -> Followed:
        self.now += timedelta(minutes=1)
        cursors = Cursors(self.house.root / "sealed", sealing_key=bytes(32))
        following = Following(
            self.log,
            growing(self.profile, self.log, READERS),
            door=self.house.door,
            cursors=cursors,
            ledger=lambda: self.house.ledger,
            most=self.most,
        )
        try:
            told = following.round(self.now)
        finally:
            cursors.close()
        self.lost += told.lost
        return told

    def minutes(self, relation: str = "consultation") -> list[int]:
        """The minute of each look in the ledger; nothing may be there twice."""
        return sorted(fact["looked_at"].minute for fact in self.house.facts(relation))  # type: ignore[attr-defined]

    def beside(self, name: str) -> Path:
        return self.log.parent / name


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_only_whole_lines_are_taken_in_each_once(desk):
    desk.write(row(1), row(2), row(3)[:30])
    assert desk.round().accepted == 2
    assert desk.round().rows == 0
    desk.write(row(3)[30:])
    assert desk.round().accepted == 1
    assert desk.minutes() == [1, 2, 3]


def test_lines_are_counted_over_the_whole_file(desk):
    desk.write(row(1), row(2))
    desk.round()
    desk.write(row(3), row(4, looked_at="later"))
    assert desk.round().quarantined == {"time-unreadable": 1}
    (held,) = desk.house.door.quarantine.take()
    assert held.line == 4


def test_a_file_that_is_not_there_yet_is_waited_for(desk):
    assert desk.round().rows == 0
    desk.write(row(1))
    assert desk.round().accepted == 1


def test_a_renamed_file_is_read_to_its_end(desk):
    desk.write(row(1))
    desk.round()
    desk.write(row(2))
    desk.log.rename(desk.beside("looks.jsonl.1"))
    desk.write(row(3), to=desk.beside("looks.jsonl.1"))  # the program still has it open
    desk.write(row(4))
    desk.round()
    desk.write(row(5), to=desk.beside("looks.jsonl.1"))
    desk.round()
    assert (desk.minutes(), desk.lost) == ([1, 2, 3, 4, 5], 0)


def test_a_file_copied_and_cut_off_is_read_to_its_end_in_the_copy(desk):
    desk.write(row(1))
    desk.round()
    desk.write(row(2))
    shutil.copy(desk.log, desk.beside("looks.jsonl.1"))
    desk.log.write_text(row(3))
    desk.round()
    desk.write(row(4))
    desk.round()
    assert (desk.minutes(), desk.lost) == ([1, 2, 3, 4], 0)


def test_a_packed_file_is_read_to_its_end_and_its_last_line_without_an_end_too(desk):
    desk.write(row(1))
    desk.round()
    desk.write(row(2), row(3).rstrip("\n"))
    desk.beside("looks.jsonl.1.gz").write_bytes(gzip.compress(desk.log.read_bytes()))
    desk.log.unlink()
    desk.write(row(4))
    told = desk.round()
    assert (told.accepted, told.known) == (3, 0)
    for _ in range(2):
        assert desk.round().rows == 0
    assert (desk.minutes(), desk.lost) == ([1, 2, 3, 4], 0)


def test_a_file_that_is_just_being_packed_is_waited_for(desk):
    desk.write(row(1))
    desk.round()
    desk.write(row(2))
    whole = gzip.compress(desk.log.read_bytes())
    desk.log.rename(desk.beside("looks.jsonl.1"))
    desk.beside("looks.jsonl.1.gz").write_bytes(whole[:25])
    desk.round()
    desk.beside("looks.jsonl.1.gz").write_bytes(whole)
    desk.beside("looks.jsonl.1").unlink()
    desk.round()
    assert (desk.minutes(), desk.lost) == ([1, 2], 0)


def test_what_was_rotated_twice_while_nobody_followed_is_taken_in(desk):
    desk.write(row(1))
    desk.round()
    desk.write(row(2))
    desk.log.rename(desk.beside("looks.jsonl.2"))
    desk.write(row(3), to=desk.beside("looks.jsonl.1"))
    desk.write(row(4))
    later = (desk.now + timedelta(minutes=30)).timestamp()
    os.utime(desk.beside("looks.jsonl.1"), (later, later))
    desk.now += timedelta(hours=1)
    desk.round()
    assert (desk.minutes(), desk.lost) == ([1, 2, 3, 4], 0)


def test_older_files_of_the_rotation_are_no_concern_of_who_begins_to_follow(desk):
    desk.write(row(9), to=desk.beside("looks.jsonl.1"))
    old = (NOW - timedelta(days=1)).timestamp()
    os.utime(desk.beside("looks.jsonl.1"), (old, old))
    desk.write(row(1))
    desk.round()
    desk.round()
    assert desk.minutes() == [1]


def test_a_file_that_goes_away_before_its_end_was_read_is_told(desk):
    desk.write(row(1))
    desk.round()
    desk.log.unlink()
    assert desk.round().lost == 1
    assert desk.round().lost == 0


def test_a_rotated_file_that_was_read_to_its_end_may_go(desk):
    desk.write(row(1))
    desk.round()
    desk.log.rename(desk.beside("looks.jsonl.1"))
    desk.round()
    desk.beside("looks.jsonl.1").unlink()
    assert desk.round().lost == 0


def test_a_long_file_is_taken_in_slices(desk):
    desk.most = 400
    desk.write(*(row(minute) for minute in range(20)))
    assert desk.round().accepted == 20
    assert desk.minutes() == list(range(20))


@pytest.mark.parametrize("step", range(6))
def test_a_crash_anywhere_takes_nothing_twice_and_loses_nothing(desk, step, monkeypatch):
    desk.most = 400
    desk.write(row(1), row(2, looked_at="later"), row(3), row(4))
    left = [step]

    def broken_off_at(method):
        def doing(*arguments, **named):
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            return method(*arguments, **named)

        return doing

    with monkeypatch.context() as patch:
        patch.setattr(Cursors, "put", broken_off_at(Cursors.put))
        patch.setattr(type(desk.house.ledger), "append", broken_off_at(type(desk.house.ledger).append))
        with pytest.raises(KeyboardInterrupt):
            desk.round()
    desk.write(row(5))
    desk.round()
    assert desk.minutes() == [1, 3, 4, 5]
    (held,) = desk.house.door.quarantine.take()
    assert held.line == 2


def test_names_of_a_csv_stand_over_every_slice_and_quotes_may_hold_ends_of_lines(desk):
    desk.profile = parse_profile(COUNTED)
    desk.log = desk.beside("looks.csv")
    desk.write("t,s,b,n\n", f"2026-03-02T09:01:00Z,m,{BSN},1\n")
    assert desk.round().accepted == 1
    desk.write(f'2026-03-02T09:02:00Z,"m\ndevries",{BSN},2\n2026-03-02T09:03:00Z,"m\n')
    assert desk.round().rows == 1
    desk.write(f'devries",{BSN},3\n2026-03-02T09:04:00Z,m,{BSN},x\n')
    desk.round()
    assert desk.minutes() == [1, 2, 3]
    (held,) = desk.house.door.quarantine.take()
    assert (held.line, held.reason) == (7, "count-unreadable")


def test_numbers_of_a_counting_are_told_once_also_after_a_crash(desk, monkeypatch):
    desk.profile = parse_profile(COUNTED)
    desk.log = desk.beside("looks.csv")
    desk.write("t,s,b,n\n", *(f"2026-03-02T09:0{at}:00Z,m,{BSN},{at}\n" for at in (1, 2, 3)))
    puts = [0]
    put = Cursors.put

    def broken_off(self, cursor):
        puts[0] += 1
        if puts[0] == 2:
            raise KeyboardInterrupt
        put(self, cursor)

    with monkeypatch.context() as patch:
        patch.setattr(Cursors, "put", broken_off)
        with pytest.raises(KeyboardInterrupt):
            desk.round()
    desk.write(f"2026-03-02T09:04:00Z,m,{BSN},4\n")
    desk.round()
    told = [
        (each["kind"], each["first_number"], each["last_number"]) for each in desk.house.facts("delivery")
    ]
    assert told == [("first", 1, 3), ("first", 4, 4)]


def test_a_new_file_with_the_same_names_and_nothing_else_yet_is_another_file(desk):
    desk.profile = parse_profile(COUNTED)
    desk.log = desk.beside("looks.csv")
    desk.write("t,s,b,n\n")
    desk.round()
    desk.write(f"2026-03-02T09:01:00Z,m,{BSN},1\n")
    desk.log.rename(desk.beside("looks.csv.1"))
    desk.write("t,s,b,n\n", f"2026-03-02T09:02:00Z,m,{BSN},2\n")
    desk.round()
    assert (desk.minutes(), desk.lost) == ([1, 2], 0)


def test_a_file_that_is_not_of_the_profile_is_refused_and_nothing_is_noted(desk):
    desk.write('{"other": "thing"}\n')
    with pytest.raises(SourceError, match="columns of profile"):
        desk.round()


def test_a_profile_that_needs_the_whole_file_is_refused(desk):
    with pytest.raises(RefusedError, match="needs a whole file"):
        growing(load_profile("coselog-receipt"), Path("looks.xes"), READERS)


def test_the_name_of_a_file_stands_nowhere_in_clear(desk):
    desk.log = desk.beside(f"looks-{BSN}.jsonl")
    desk.write(row(1))
    assert desk.round().accepted == 1
    kept = (desk.house.root / "sealed" / "following.sqlite").read_bytes()
    assert BSN.encode() not in kept
    assert b"looks" not in kept
    desk.write(row(2))
    assert desk.round().accepted == 1


def test_a_path_that_an_earlier_version_kept_in_clear_is_hashed_and_goes_on(desk):
    desk.log = desk.beside(f"looks-{BSN}.jsonl")
    desk.write(row(1))
    desk.round()
    file = desk.house.root / "sealed" / "following.sqlite"
    connection = sqlite3.connect(file)
    connection.execute("UPDATE followed SET path = ?", (str(desk.log.absolute()),))
    connection.commit()
    connection.close()
    assert BSN.encode() in file.read_bytes()
    desk.write(row(2))
    assert desk.round().accepted == 1
    assert BSN.encode() not in file.read_bytes()
    assert desk.minutes() == [1, 2]


def test_zeros_that_a_power_cut_left_break_their_own_line_alone(desk):
    desk.write(row(1))
    desk.round()
    desk.write("\0" * 4_096 + "\n", row(2), row(3)[:20] + "\0" * 30 + "\n", row(4))
    seen = desk.round()
    assert (seen.accepted, seen.quarantined) == (2, {"text-unreadable": 2})
    assert sorted(each.line for each in desk.house.door.quarantine.take()) == [2, 4]
    assert desk.minutes() == [1, 2, 4]
