# SPDX-License-Identifier: EUPL-1.2
"""The logs of mail servers are followed: a delivery finds its message in what came before it."""

import gzip

import pytest

from rekenschap.intake import load_profile
from tests.unit.intake.following.test_following import Desk

DAY = "2026-03-02T09:{minute:02}:00+01:00 post postfix"


def begun(queue: str, sender: str, minute: int = 0) -> str:
    day = DAY.format(minute=minute)
    return f"{day}/qmgr[8]: {queue}: from=<{sender}>, size=48213, nrcpt=1 (queue active)\n"


def sent(queue: str, to: str, minute: int = 1) -> str:
    relay = "mx.example.org[192.0.2.1]:25"
    day = DAY.format(minute=minute)
    return f"{day}/smtp[9]: {queue}: to=<{to}>, relay={relay}, delay=1, dsn=2.0.0, status=sent (ok)\n"


@pytest.fixture
def desk(tmp_path):
    found = Desk(tmp_path)
    found.profile = load_profile("postfix")
    found.log = found.beside("mail.log")
    return found


def told(desk: Desk) -> list[tuple[int, bool]]:
    """The minute of each disclosure, and whether its member of staff is known; nothing is there twice."""
    facts = desk.house.facts("disclosure")
    return sorted((fact["disclosed_at"].minute, fact["staff"] is not None) for fact in facts)  # type: ignore[attr-defined]


def test_a_delivery_finds_its_message_in_an_earlier_round(desk):
    desk.write(begun("4AB0C1D2E3", "m.devries@gemeente.example"))
    assert desk.round().accepted == 0
    desk.write(sent("4AB0C1D2E3", "piet@example.org"))
    assert desk.round().accepted == 1
    desk.write(sent("4AB0C1D2E3", "anna@firma.de", 2), begun("5AB0C1D2E4", "a.bakker@gemeente.example", 2))
    desk.write("\xff no line of postfix\n")
    assert desk.round().accepted == 1
    desk.write(sent("5AB0C1D2E4", "anna@firma.de", 3))
    assert desk.round().accepted == 1
    assert told(desk) == [(1, True), (2, True), (3, True)]


def test_a_delivery_finds_its_message_in_the_file_that_was_rotated_away(desk):
    desk.write(begun("4AB0C1D2E3", "m.devries@gemeente.example"))
    desk.round()
    desk.log.rename(desk.beside("mail.log.1"))
    desk.write(sent("4AB0C1D2E3", "piet@example.org"))
    desk.round()
    assert told(desk) == [(1, True)]


def test_of_a_message_that_is_too_long_ago_the_sender_is_not_known(desk):
    desk.write(begun("4AB0C1D2E3", "m.devries@gemeente.example"))
    desk.round()
    desk.beside("mail.log.1.gz").write_bytes(gzip.compress(desk.log.read_bytes()))
    desk.log.unlink()
    desk.write(sent("4AB0C1D2E3", "piet@example.org"))
    seen = desk.round()
    assert seen.accepted + sum(seen.quarantined.values()) == 1
    assert told(desk) in ([], [(1, False)])


HEAD = (
    "#Software: Microsoft Exchange Server\n"
    "#Fields: date-time,event-id,recipient-address,message-id,sender-address,total-bytes\n"
)


def event(minute: int, to: str = "piet@example.org") -> str:
    return (
        f"2026-03-02T08:{minute:02}:00.123Z,SENDEXTERNAL,{to},<{minute}@x>,m.devries@gemeente.example,48213\n"
    )


def test_the_message_tracking_of_exchange_is_followed_under_its_names(desk):
    desk.profile = load_profile("exchange")
    desk.log = desk.beside("MSGTRK2026030208-1.LOG")
    desk.write(HEAD[:20])
    assert desk.round().rows == 0
    desk.write(HEAD[20:60])
    assert desk.round().rows == 0
    desk.write(HEAD[60:] + event(1))
    assert desk.round().accepted == 1
    desk.write(event(2), event(3, "piet@example.org;anna@firma.de"), "not,a,row\n")
    seen = desk.round()
    assert (seen.accepted, seen.quarantined) == (3, {"wrong-number-of-columns": 1})
    (held,) = desk.house.door.quarantine.take()
    assert held.line == 6
    assert told(desk) == [(1, True), (2, True), (3, True), (3, True)]
