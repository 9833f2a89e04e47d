# SPDX-License-Identifier: EUPL-1.2
"""A check of some rows, of the rows since, or in several goes: each sees what it says it looks at."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rekenschap.errors import (
    ForkError,
    InconsistentError,
    RefusedError,
    VerificationError,
    WrongLeafError,
    WrongSignatureError,
)
from rekenschap.ledger.check import CheckReport, Mode, check
from rekenschap.ledger.segments import Segment
from rekenschap.model.relations import CONSULTATION
from tests.attack.test_rows import changed
from tests.ledgers import KEYS, STRANGER, Place, facts, make_place, verifiers

COUNTS = (700, 300, 900, 40, 10)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return make_place(tmp_path_factory.mktemp("modes") / "ledger", COUNTS)


@pytest.fixture
def ledger(honest: Place, tmp_path: Path) -> Place:
    return honest.copy(tmp_path / "copy")


def checked(place: Place, **how: object) -> CheckReport:
    return check(place.store, anchor=place.anchor, verifiers=verifiers(), **how)  # type: ignore[arg-type]


def tamper(place: Place, segment: Segment, row: int = 3, *, commit: bool = False) -> int:
    place.overwrite(segment, changed(place.rows(segment), row))
    if commit:
        place.recommit(segment)
    return segment.first + row


def looks(place: Place) -> list[Segment]:
    return [each for each in place.segments() if each.relation != "schema"]


def test_a_sample_reads_some_rows_and_every_tile(ledger: Place):
    whole, some = checked(ledger), checked(ledger, sample=2, seed=1)
    assert (whole.mode, some.mode) == (Mode.FULL, Mode.SAMPLE)
    assert (some.size, some.root, some.checkpoints) == (whole.size, whole.root, whole.checkpoints)
    assert 2 < some.rows_hashed < whole.rows_hashed == whole.size


def test_a_sample_of_all_runs_reads_every_row(ledger: Place):
    assert checked(ledger, sample=99).rows_hashed == ledger.ledger().size


def test_what_a_sample_draws_follows_from_its_seed(ledger: Place):
    entry = tamper(ledger, looks(ledger)[2])
    seen = []
    for seed in range(12):
        try:
            checked(ledger, sample=3, seed=seed)
            seen.append(False)
        except WrongLeafError as alarm:
            assert alarm.entry == entry
            seen.append(True)
    assert True in seen
    assert False in seen


def test_a_sample_sees_rows_and_commitments_that_were_changed_together(ledger: Place):
    for segment in looks(ledger)[:3]:
        copy = ledger.copy(ledger.path.parent / f"copy-{segment.first}")
        entry = tamper(copy, segment, commit=True)
        with pytest.raises(VerificationError) as alarm:
            checked(copy, sample=99)
        assert alarm.value.entry is not None
        assert alarm.value.entry <= entry < alarm.value.entry + 256


def test_a_sample_sees_every_tile_that_lies(ledger: Place):
    for name in ledger.store.names("tile/1/"):
        blob = ledger.store.get(name)
        ledger.flip(name, len(blob) - 1)
        with pytest.raises(VerificationError):
            checked(ledger, sample=0)
        ledger.write(name, blob)
    assert checked(ledger, sample=0)


def test_since_reads_what_came_after_and_the_tree_before(ledger: Place):
    for size, note in ledger.anchor.history():
        report = checked(ledger, since=note)
        assert report.mode is Mode.SINCE
        assert report.size - size <= report.rows_hashed <= report.size - size + 2 + size % 2


def test_since_sees_a_row_that_was_changed_later_and_not_one_before(ledger: Place):
    size, note = ledger.anchor.history()[2]
    before = next(each for each in looks(ledger) if each.first < size)
    after = next(each for each in looks(ledger) if each.first >= size)
    tamper(ledger, before)
    assert checked(ledger, since=note)
    entry = tamper(ledger, after)
    with pytest.raises(WrongLeafError) as alarm:
        checked(ledger, since=note)
    assert alarm.value.entry == entry


def test_since_sees_a_schema_that_was_changed_before(ledger: Place):
    _, note = ledger.anchor.history()[3]
    schema = next(each for each in ledger.segments() if each.relation == "schema")
    ledger.flip(schema.pack, 3)
    with pytest.raises(VerificationError):
        checked(ledger, since=note)


def test_since_refuses_a_checkpoint_of_another_history(ledger: Place, tmp_path: Path):
    other = make_place(tmp_path / "other", (701, 300))
    with pytest.raises(ForkError, match="signed then"):
        checked(ledger, since=other.anchor.history()[1][1])


def test_since_refuses_a_checkpoint_of_a_stranger_and_a_larger_one(ledger: Place, tmp_path: Path):
    other = Place(tmp_path / "other")
    shutil.copytree(ledger.path, other.path)
    other.ledger().append([(CONSULTATION, facts(count=3, seed=77))])
    with pytest.raises(InconsistentError, match="at least"):
        checked(ledger, since=other.anchor.history()[-1][1])
    with pytest.raises(WrongSignatureError):
        check(ledger.store, verifiers=verifiers(STRANGER), since=ledger.anchor.history()[1][1])
    assert KEYS is not STRANGER


class BrokenOffError(Exception):
    pass


def broken_off(place: Place, state: Path, after: int) -> None:
    """Check until so many runs are done, and stop there."""
    left = [after]

    def stop(_done: int, _of: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise BrokenOffError

    with pytest.raises(BrokenOffError):
        checked(place, resume=state, progress=stop)


@pytest.mark.parametrize("after", [1, 4, 9])
def test_a_check_that_was_broken_off_goes_on_where_it_was(ledger: Place, tmp_path: Path, after: int):
    state, whole = tmp_path / "state.json", checked(ledger)
    broken_off(ledger, state, after)
    done = json.loads(state.read_text())["size"]
    assert 0 < done < ledger.ledger().size
    seen: list[int] = []
    found = checked(ledger, resume=state, progress=lambda at, _: seen.append(at))
    assert min(seen) > done
    assert found == whole
    assert not state.exists()


def test_what_is_changed_after_the_break_is_seen(ledger: Place, tmp_path: Path):
    state = tmp_path / "state.json"
    broken_off(ledger, state, 4)
    entry = tamper(ledger, looks(ledger)[-1])
    with pytest.raises(WrongLeafError) as alarm:
        checked(ledger, resume=state)
    assert alarm.value.entry == entry


def test_a_note_of_another_checkpoint_or_of_nothing_is_refused(ledger: Place, tmp_path: Path):
    state = tmp_path / "state.json"
    broken_off(ledger, state, 4)
    ledger.ledger().append([(CONSULTATION, facts(count=3, seed=77))])
    with pytest.raises(RefusedError, match="another ledger"):
        checked(ledger, resume=state)
    for text in ("", "{}", "[]", '{"format": 3}'):
        state.write_text(text)
        with pytest.raises(RefusedError, match="broken off"):
            checked(ledger, resume=state)


def test_choices_that_do_not_go_together_are_refused(ledger: Place, tmp_path: Path):
    with pytest.raises(RefusedError, match="one of"):
        checked(ledger, sample=1, resume=tmp_path / "state.json")


def test_two_threads_find_what_one_finds(ledger: Place):
    assert checked(ledger, workers=2) == checked(ledger, workers=1)
    entry = tamper(ledger, looks(ledger)[3])
    tamper(ledger, looks(ledger)[5])
    with pytest.raises(WrongLeafError) as alarm:
        checked(ledger, workers=2)
    assert alarm.value.entry == entry


def test_ctrl_c_leaves_no_process_behind(ledger: Place, tmp_path: Path):
    """The signal reaches the whole group, as from a terminal; what was begun is ended, and nothing stays."""
    script = (
        "import sys; from pathlib import Path; from tests.ledgers import Place, verifiers\n"
        "from rekenschap.ledger.check import check\n"
        "def halt(*_): print('begun', flush=True); import time; time.sleep(30)\n"
        "if __name__ == '__main__':\n"
        "    check(Place(Path(sys.argv[1])).store, verifiers=verifiers(), workers=2, progress=halt)\n"
    )
    program = tmp_path / "program.py"
    program.write_text(script)
    command = [sys.executable, str(program), str(ledger.path)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, env=environment
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"begun\n"
        os.killpg(child.pid, signal.SIGINT)
        _, said = child.communicate(timeout=60)
    assert said.count(b"KeyboardInterrupt") == 1
    assert _is_gone(child.pid)


def _is_gone(group: int) -> bool:
    """Whether a group of processes ends within ten seconds."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
