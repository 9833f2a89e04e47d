# SPDX-License-Identifier: EUPL-1.2
"""Quarantine is worked through as the page says, and as somebody would who makes mistakes."""

import re
import shlex
from pathlib import Path

import pytest

from tests.journeys.commands import rekenschap

PAGE = (Path(__file__).parents[2] / "docs/how-to/what-to-do-with-quarantine.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(yaml|csv|console)\n(.*?)```", PAGE, re.DOTALL)


def as_on_the_page(said: str) -> str:
    """What differs from day to day, and the file, as the page writes it."""
    dated = re.sub(r"since \d{4}-\d\d-\d\d \d\d:\d\dZ", "since …", said)
    return re.sub(r"(line \d+ of) [\w+/=]+,", r"\1 …,", dated)


@pytest.fixture
def desk(tmp_path):
    """The profile and the file of the page, taken in."""
    (tmp_path / "desk.yaml").write_text(BLOCKS[0][1], encoding="utf-8")
    (tmp_path / "looks.csv").write_text(BLOCKS[1][1], encoding="utf-8")
    assert rekenschap("intake", "looks.csv", "--profile", "desk.yaml", cwd=tmp_path).code == 6
    return tmp_path


def mend(folder: Path) -> None:
    profile = folder / "desk.yaml"
    lines = profile.read_text(encoding="utf-8").splitlines()
    (mended,) = [text for language, text in BLOCKS if language == "yaml"][1:]
    assert lines[7].startswith("      looked_at:"), "the page says that it is line 8"
    lines[7] = mended.rstrip("\n")
    profile.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_the_page_runs_as_written(tmp_path):
    (tmp_path / "desk.yaml").write_text(BLOCKS[0][1], encoding="utf-8")
    (tmp_path / "looks.csv").write_text(BLOCKS[1][1], encoding="utf-8")
    for language, text in BLOCKS[2:]:
        if language == "yaml":
            mend(tmp_path)
            continue
        command, _, shown = text.partition("\n")
        words = shlex.split(command.removeprefix("$ "))
        ran = rekenschap(*words[1:], cwd=tmp_path)
        said = as_on_the_page(ran.out)
        assert all(line in said.splitlines() for line in shown.splitlines()), (command, said, ran.err)
    assert rekenschap("quarantine", cwd=tmp_path).code == 0
    assert "python" not in PAGE.lower()


def test_what_waits_is_told_to_a_machine_and_ends_with_6(desk):
    ran = rekenschap("quarantine", "--json", "--profile", "desk.yaml", cwd=desk)
    (pile,) = ran.told["piles"]
    assert (ran.code, ran.told["waiting"], pile["count"], pile["lines"]) == (6, 2, 2, [8])


def test_without_its_file_the_line_of_a_profile_of_ones_own_is_not_known(desk):
    ran = rekenschap("quarantine", "--language", "en", cwd=desk)
    assert "give --profile with its file" in ran.out


def test_nothing_in_clear_is_shown_unless_asked(desk):
    masked = rekenschap("quarantine", "show", "time-unreadable", cwd=desk)
    assert "m.devries" not in masked.out + masked.err
    assert "999990019" not in masked.out
    clear = rekenschap("quarantine", "show", "time-unreadable", "--in-clear", "--language", "en", cwd=desk)
    assert '"who":"m.devries"' in clear.out
    assert "holder of the keys" in clear.err


def test_a_row_more_than_meant_is_not_destroyed(desk):
    ran = rekenschap("quarantine", "destroy", "--everything", "--count", "1", cwd=desk)
    assert (ran.code, "expected --count 2" in ran.err) == (3, True)
    assert rekenschap("quarantine", "--json", cwd=desk).told["waiting"] == 2


def test_destroying_asks_which(desk):
    assert rekenschap("quarantine", "destroy", cwd=desk).code == 3


def test_rows_of_one_file_are_destroyed(desk):
    ran = rekenschap("quarantine", "destroy", "--file", "looks.csv", "--count", "2", cwd=desk)
    assert ran.code == 0
    assert rekenschap("quarantine", "--json", cwd=desk).told["waiting"] == 0


def test_judging_again_without_the_file_of_the_profile_asks_for_it(desk):
    ran = rekenschap("quarantine", "again", "--json", cwd=desk)
    assert (ran.code, ran.told["judged"], ran.told["profile_unknown"]) == (6, 0, {"desk": 2})


def test_a_file_offered_again_with_the_mended_profile_takes_its_rows_out(desk):
    mend(desk)
    rekenschap("intake", "looks.csv", "--profile", "desk.yaml", cwd=desk)
    assert rekenschap("quarantine", "--json", cwd=desk).told["waiting"] == 1
