# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from rekenschap.emit import Address, ClientCredentials, Emitter, Guarantee, Health
from rekenschap.emit.trace import current, trace_in
from rekenschap.errors import ConfigurationError, RefusedError, StoreError
from tests.unit.emit.receiving import FrontDoor, attributes, issuer

ACTIVITY = "https://register.example/verwerkingsactiviteiten/7"
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def door() -> Iterator[FrontDoor]:
    with FrontDoor().open() as opened:
        yield opened


@pytest.fixture
def looks(door: FrontDoor, tmp_path: Path) -> Iterator[Emitter]:
    made = Emitter(door.url, spool=tmp_path / "looks", system="balie")
    yield made
    made.close()


def waiting(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("*.looks")))


def test_a_look_gives_a_line_without_staff_and_an_entry_that_refers_to_it(door: FrontDoor, looks: Emitter):
    with looks.look(
        staff="m.devries", register="BRP", zaak="Z-2026-1", processing_activity=ACTIVITY, search_key="bsn"
    ) as looking:
        looking.about("999990019", fields=("adres", "naam"))
    assert looks.drain(10)
    (line,), (entry,) = door.lines, door.entries
    assert (line["traceId"], line["spanId"]) == (entry["traceId"], entry["spanId"])
    assert attributes(line) == {
        "dpl.core.processing_activity_id": ACTIVITY,
        "dpl.core.data_subject_id": "999990019",
        "dpl.core.data_subject_id_type": "bsn",
    }
    assert "m.devries" not in str(line)
    assert attributes(entry) == {
        "rekenschap.staff.id": "m.devries",
        "rekenschap.subject.id": "999990019",
        "rekenschap.subject.type": "bsn",
        "rekenschap.zaak.id": "Z-2026-1",
        "rekenschap.register": "BRP",
        "rekenschap.fields": "adres,naam",
        "rekenschap.search_key": "bsn",
        "rekenschap.processing_activity": ACTIVITY,
    }


def test_each_of_several_persons_is_a_step_below_the_search(door: FrontDoor, looks: Emitter):
    with looks.look(staff="m.devries", register="BRP", processing_activity=ACTIVITY) as looking:
        for who in ("klant-1", "klant-2", "klant-3"):
            looking.about(who)
    assert looks.drain(10)
    search, *steps = door.lines
    assert "dpl.core.data_subject_id" not in attributes(search)
    assert [each["parentSpanId"] for each in steps] == [search["spanId"]] * 3
    assert door.subjects() == ["klant-1", "klant-2", "klant-3"]


def test_who_is_found_beside_the_one_who_was_asked_for_is_a_step_of_his_own(door: FrontDoor, looks: Emitter):
    with looks.look(staff="m", register="BRP", subject="klant-1", guarantee=Guarantee.BEFORE_ACT) as looking:
        looking.about("klant-2")
    assert looks.drain(10)
    assert door.subjects() == ["klant-1", "klant-2"]
    assert len({each["spanId"] for each in door.entries}) == 2


def test_a_search_that_finds_nobody_is_a_line_and_no_entry(door: FrontDoor, looks: Emitter):
    with looks.look(staff="m.devries", register="BRP", processing_activity=ACTIVITY):
        pass
    assert looks.drain(10)
    assert (len(door.lines), door.entries) == (1, [])


def test_before_the_act_a_look_is_on_disk_when_the_block_begins(tmp_path: Path):
    looks = Emitter(NOWHERE, spool=tmp_path, system="balie", guarantee=Guarantee.BEFORE_ACT)
    with looks.look(staff="m.devries", register="BRP", subject="klant-1"):
        assert b"klant-1" in waiting(tmp_path)
    with (
        pytest.raises(RefusedError, match="expected whose data it is"),
        looks.look(staff="m", register="BRP"),
    ):
        raise AssertionError("the act must not begin")
    looks.close()


def test_before_showing_a_look_is_on_disk_when_the_block_ends(tmp_path: Path):
    looks = Emitter(NOWHERE, spool=tmp_path, system="balie")
    with looks.look(staff="m.devries", register="BRP", subject="klant-1"):
        assert b"klant-1" not in waiting(tmp_path)
    assert b"klant-1" in waiting(tmp_path)
    looks.close()


def test_an_error_of_the_system_is_told_without_its_words(door: FrontDoor, looks: Emitter):
    with (
        pytest.raises(ValueError, match="999990019"),
        looks.look(staff="m", register="BRP", subject="klant-1", processing_activity=ACTIVITY),
    ):
        raise ValueError("no such person: 999990019")
    assert looks.drain(10)
    assert door.lines[0]["status"] == {"code": 2}
    assert attributes(door.lines[0])["exception.type"] == "ValueError"
    assert "999990019" not in str(door.taken)


def test_a_function_that_gives_data_is_written_down_before_it_gives(door: FrontDoor, looks: Emitter):
    @looks.shows(staff="who", subject=lambda person: person and person["bsn"], register="BRP")
    def person_at(address: str, *, who: str) -> dict[str, str] | None:
        return {"bsn": "999990019"} if address == "Dorpsstraat 1" else None

    assert person_at("Dorpsstraat 1", who="m.devries") == {"bsn": "999990019"}
    assert person_at("Nergens 2", who="m.devries") is None
    assert looks.drain(10)
    assert door.subjects() == ["999990019"]


def test_a_caller_that_does_not_sample_is_written_down_all_the_same(door: FrontDoor, looks: Emitter):
    caller = trace_in("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")
    step = current.set(caller)
    with looks.look(staff="m", register="BRP", subject="klant-1", processing_activity=ACTIVITY) as looking:
        assert looking.headers["traceparent"].startswith("00-0af7651916cd43dd8448eb211c80319c-")
        assert looking.headers["traceparent"].endswith("-00")
    current.reset(step)
    assert looks.drain(10)
    assert door.lines[0]["parentSpanId"] == "b7ad6b7169203331"
    assert door.lines[0]["traceId"] == "0af7651916cd43dd8448eb211c80319c"


def test_what_cannot_be_written_is_not_shown(tmp_path: Path):
    looks = Emitter(NOWHERE, spool=tmp_path, system="balie", most_waiting_bytes=0)
    shown = []
    with pytest.raises(StoreError, match="no more room"):
        with looks.look(staff="m", register="BRP", subject="klant-1"):
            pass
        shown.append("klant-1")
    assert shown == []
    looks.close()


def test_looks_wait_for_a_door_that_is_shut_and_come_once(tmp_path: Path):
    with FrontDoor().open() as first:
        port = first.port
    looks = Emitter(f"http://127.0.0.1:{port}", spool=tmp_path, system="balie")
    for number in range(20):
        with looks.look(staff="m", register="BRP", subject=f"klant-{number}"):
            pass
    assert not looks.drain(0.5)
    assert looks.health().trouble == "the front door did not answer"
    with FrontDoor().open(port) as door:
        assert looks.drain(30)
        assert sorted(door.subjects()) == sorted(f"klant-{number}" for number in range(20))
    assert looks.health() == Health(delivered=20, refused=0, waiting_bytes=0, damaged=0, trouble=None)
    looks.close()
    assert waiting(tmp_path) == b""


def test_a_door_that_asks_for_time_gets_it(tmp_path: Path):
    asked: list[float] = []

    def busy_at_first(path: str, body: object) -> tuple[int, dict[str, str]]:
        asked.append(time.monotonic())
        return (200, {}) if len(asked) > 1 else (503, {"Retry-After": "1"})

    with FrontDoor(busy_at_first).open() as door:
        looks = Emitter(door.url, spool=tmp_path, system="balie")
        with looks.look(staff="m", register="BRP", subject="klant-1"):
            pass
        assert looks.drain(20)
        looks.close()
        assert door.subjects() == ["klant-1"]
    assert asked[1] - asked[0] >= 1


def test_one_look_nobody_takes_does_not_hold_up_the_others(tmp_path: Path):
    with FrontDoor(lambda path, body: (400 if "klant-13" in str(body) else 200, {})).open() as door:
        looks = Emitter(door.url, spool=tmp_path, system="balie")
        for number in range(30):
            with looks.look(staff="m", register="BRP", subject=f"klant-{number}"):
                pass
        assert looks.drain(30)
        health = looks.health()
        looks.close()
        assert set(door.subjects()) == {f"klant-{n}" for n in range(30)} - {"klant-13"}
    assert (health.delivered, health.refused) == (29, 1)
    assert b"klant-13" in (tmp_path / "refused.looks").read_bytes()


def test_many_threads_lose_and_double_nothing(door: FrontDoor, looks: Emitter):
    def some(thread: int) -> None:
        for number in range(50):
            with looks.look(staff="m", register="BRP", subject=f"klant-{thread}-{number}"):
                pass

    threads = [Thread(target=some, args=(each,)) for each in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert looks.drain(30)
    assert sorted(door.subjects()) == sorted(f"klant-{t}-{n}" for t in range(8) for n in range(50))


def test_looks_lie_where_only_their_own_account_can_read_them(looks: Emitter, tmp_path: Path):
    with looks.look(staff="m", register="BRP", subject="klant-1"):
        pass
    (file,) = (tmp_path / "looks").glob("*.looks")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "looks").stat().st_mode) == 0o700


def test_a_child_of_the_process_writes_a_file_of_its_own(door: FrontDoor, looks: Emitter):
    with looks.look(staff="m", register="BRP", subject="klant-parent"):
        pass
    child = os.fork()
    if child == 0:
        try:
            with looks.look(staff="m", register="BRP", subject="klant-child"):
                pass
            os._exit(0 if looks.drain(20) else 1)
        except BaseException:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    assert looks.drain(20)
    assert sorted(door.subjects()) == ["klant-child", "klant-parent"]


def test_what_was_damaged_is_told_and_holds_up_nothing(door: FrontDoor, tmp_path: Path):
    gone = Emitter(NOWHERE, spool=tmp_path, system="balie")
    for number in range(5):
        with gone.look(staff="m", register="BRP", subject=f"klant-{number}"):
            pass
    gone.close()
    (path,) = tmp_path.glob("*.looks")
    content = bytearray(path.read_bytes())
    content[0:40] = bytes(40)
    path.write_bytes(content)
    looks = Emitter(door.url, spool=tmp_path, system="balie")
    assert not looks.drain(10)
    assert (looks.health().delivered, looks.health().damaged) == (4, 1)
    with looks.look(staff="m", register="BRP", subject="klant-5"):
        pass
    looks.drain(10)
    looks.close()
    assert door.subjects() == [f"klant-{number}" for number in range(1, 6)]


def test_a_number_of_a_citizen_that_a_program_counts_with_gets_its_zeros_back(
    door: FrontDoor, looks: Emitter
):
    with looks.look(staff="m", register="BRP") as looking:
        looking.about(1234)
        looking.about(77, subject_type="klantnummer")
    assert looks.drain(10)
    assert door.subjects() == ["000001234", "77"]


def test_nobody_is_no_member_of_staff(looks: Emitter):
    with pytest.raises(RefusedError, match="expected the account"), looks.look(staff="", register="BRP"):
        raise AssertionError("nothing must be shown")


def test_text_that_cannot_be_written_loses_a_sign_and_not_the_look(door: FrontDoor, looks: Emitter):
    with looks.look(staff="m", register="BRP", subject="klant-\ud800"):
        pass
    assert looks.drain(10)
    assert door.subjects() == ["klant-?"]


def test_an_address_that_is_none_is_refused():
    with pytest.raises(ConfigurationError, match="expected the address of a front door"):
        Emitter("door.example", spool="unused", system="balie")


def test_a_token_is_asked_for_once_and_again_when_it_ends(door: FrontDoor, tmp_path: Path):
    now = [0.0]
    with issuer(lasts=300) as (url, asked):
        tokens = ClientCredentials(url, client_id="balie", secret=lambda: "geheim", clock=lambda: now[0])
        looks = Emitter(Address(url=door.url, authorisation=tokens), spool=tmp_path, system="balie")
        for moment in (0.0, 239.0, 241.0):
            now[0] = moment
            with looks.look(staff="m", register="BRP", subject=f"klant-{moment}"):
                pass
            assert looks.drain(10)
        looks.close()
    assert [each["Authorization"] for each in door.headers] == [f"Bearer token-{n}" for n in (1, 1, 2)]
    assert [each["grant_type"] for each in asked] == [["client_credentials"]] * 2


def test_without_a_token_looks_wait(door: FrontDoor, tmp_path: Path):
    tokens = ClientCredentials("http://127.0.0.1:9/token", client_id="balie", secret=lambda: "geheim")
    looks = Emitter(Address(url=door.url, authorisation=tokens), spool=tmp_path, system="balie")
    with looks.look(staff="m", register="BRP", subject="klant-1"):
        pass
    assert not looks.drain(0.5)
    looks.close()
    assert b"klant-1" in waiting(tmp_path)
    assert door.entries == []
