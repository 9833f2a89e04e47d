# SPDX-License-Identifier: EUPL-1.2
"""A list leaks from the demo town: who looked it up stands out, a handler of the people on it does not."""

from collections import Counter
from pathlib import Path

import pytest

from rekenschap.audit.demo import Demo, run_demo
from rekenschap.intake import token_of
from rekenschap.model.ids import Pseudonym
from tests.journeys.commands import rekenschap


@pytest.fixture(scope="module")
def shown(tmp_path_factory) -> Demo:
    return run_demo(tmp_path_factory.mktemp("leak") / "demo", seed=1, told=lambda *_: None)


def looked_up(shown: Demo, story: str) -> tuple[str, list[str]]:
    """The member of staff of a story, and whom they looked up for it, in order."""
    rows = [each for each in shown.town.truth.to_pylist() if each["story"] == story]
    who = Counter(each["staff"] for each in rows).most_common(1)[0][0]
    return who, list(dict.fromkeys(each["citizen"] for each in rows if each["staff"] == who))


def short(shown: Demo, staff: str) -> str:
    from rekenschap.house import PERIOD, House

    token = token_of(House.at(shown.directory / "house").keys.pseudonym_key(PERIOD), "staff", staff)
    return Pseudonym(domain="staff", hi=int.from_bytes(token[:8], "big", signed=True)).short


def ask(shown: Demo, tmp_path: Path, people: list[str], *more: str):
    listed = tmp_path / "list.txt"
    listed.write_text("klantnummer\n" + "\n".join(people) + "\n", encoding="utf-8")
    return rekenschap("leak", listed, "--home", shown.directory / "house", "--json", *more)


def test_who_looked_the_list_up_without_a_reason_stands_out(shown, tmp_path):
    who, people = looked_up(shown, "S01")
    ran = ask(shown, tmp_path, [people[0], people[3], people[5], "K-000007", "K-000011"])
    first = ran.told["ranking"][0]
    assert ran.code == 0
    assert (first["staff"], first["stands_out"]) == (short(shown, who), True)
    assert ran.told["permuted"]["stood_out"] <= 0.05
    assert len(ran.told["ranking"]) >= 2


def test_no_one_of_the_list_is_said_back(shown, tmp_path):
    _, people = looked_up(shown, "S01")
    ran = ask(shown, tmp_path, people[:4], "--language", "en")
    assert not [one for one in people if one in ran.out + ran.err]


def test_a_handler_of_everybody_on_the_list_does_not_stand_out(shown, tmp_path):
    rows = [each for each in shown.town.truth.to_pylist() if each["story"] is None and not each["system"]]
    work = Counter((each["staff"], each["citizen"]) for each in rows)
    handler = Counter(staff for staff, _ in work).most_common(5)[4][0]
    people = [citizen for (staff, citizen), _ in work.most_common() if staff == handler][:6]
    told = ask(shown, tmp_path, people).told
    assert not [each for each in told["ranking"] if each["stands_out"]]
    assert next(each for each in told["ranking"] if each["staff"] == short(shown, handler))["explained"] >= 4


def test_before_the_looks_nobody_looked(shown, tmp_path):
    _, people = looked_up(shown, "S01")
    told = ask(shown, tmp_path, people[:3], "--from", "2020-01-01", "--until", "2020-12-31").told
    assert (told["ranking"], told["standing"], told["never_seen"]) == ([], "nobody", 3)


def test_a_window_that_ends_before_it_begins_is_refused(shown, tmp_path):
    ran = ask(shown, tmp_path, ["K-000001"], "--from", "2026-03-01", "--until", "2026-01-01")
    assert ran.code == 4
    assert "window" in ran.err


@pytest.mark.parametrize(
    ("name", "holds", "found"),
    [
        ("scan.pdf", b"%PDF-1.7\n\x00\x01\x02\xff\xfe", "found a file that is no text"),
        ("absent.txt", None, "found no file"),
        ("empty.txt", b"", "found 0"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(shown, tmp_path, name, holds, found):
    listed = tmp_path / name
    if holds is not None:
        listed.write_bytes(holds)
    ran = rekenschap("leak", listed, "--home", shown.directory / "house", "--language", "en")
    assert (ran.code, ran.out) == (4, "")
    assert found in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_list_of_people_nobody_knows_says_to_look_at_the_list(shown, tmp_path):
    listed = tmp_path / "list.txt"
    listed.write_text("niemand-1\nniemand-2\n", encoding="utf-8")
    ran = rekenschap("leak", listed, "--home", shown.directory / "house", "--language", "en")
    assert ran.code == 0
    assert "Check the list" in ran.out
