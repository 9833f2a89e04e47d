# SPDX-License-Identifier: EUPL-1.2
"""The filter between a client and a server, without postfix: what goes in comes out, whatever happens."""

import asyncio
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from rekenschap.adapters.sources.mail import Destinations
from rekenschap.errors import ConfigurationError
from rekenschap.mail.filter import Counter, PassingOn
from rekenschap.mail.settings import FilterSettings, read_settings
from rekenschap.mail.spool import Spool
from tests.unit.mail.messages import message

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
OURS, THEIRS = "m.devries@gemeente.example", "piet@example.org"


class Next:
    """The server behind the filter."""

    def __init__(self, refuse: str = "", answer: str = "250 2.0.0 queued as 7") -> None:
        self.taken: list[bytes] = []
        self.refuse, self.answer = refuse, answer

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ):
        if self.refuse and self.refuse in address:
            return "550 5.1.1 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope):  # noqa: N802
        self.taken.append(bytes(envelope.content))
        return self.answer


class Patient(SMTP):
    line_length_limit = 1 << 20


class Town:
    """A filter and the server behind it, in a loop of their own."""

    def __init__(self, spool: Path, behind: Next) -> None:
        self.spool, self.behind, self.troubles = spool, behind, list[str]()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._next = self._run(
            self._listen(lambda: Patient(behind, enable_SMTPUTF8=True, data_size_limit=None))
        )
        settings = FilterSettings(
            listen=("127.0.0.1", 0),
            onward=self._next.sockets[0].getsockname(),
            spool=spool,
            source="mail-filter",
            destinations=Destinations(own=("gemeente.example",)),
        )
        self.counter = Counter(settings, clock=lambda: NOW, trouble=self.troubles.append)
        self._filter = self._run(self._listen(lambda: PassingOn(self.counter)))
        self.port = self._filter.sockets[0].getsockname()[1]

    async def _listen(self, factory):
        return await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)

    def _run(self, awaitable):
        return asyncio.run_coroutine_threadsafe(awaitable, self._loop).result(30)

    def stop_next(self) -> None:
        self._loop.call_soon_threadsafe(self._next.close)
        self._run(asyncio.sleep(0.05))

    def facts(self) -> list[dict[str, object]]:
        days = self.spool.glob("disclosures-*.jsonl")
        return [orjson.loads(line) for day in days for line in day.read_bytes().splitlines()]

    async def _end(self) -> None:
        self._filter.close()
        self._next.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def close(self) -> None:
        self.counter.close()
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@contextmanager
def town(spool: Path, behind: Next | None = None) -> Iterator[Town]:
    made = Town(spool, behind or Next())
    try:
        yield made
    finally:
        made.close()


def test_a_message_comes_out_as_it_went_in(tmp_path: Path):
    odd = b"Subject: x\r\n\r\n.dot\r\n..\r\n8bit \xc3\xab \xff\r\n" + b"x" * 5_000 + b"\r\n\r\nend\r\n"
    with town(tmp_path / "spool") as at, smtplib.SMTP("127.0.0.1", at.port) as client:
        client.sendmail(OURS, [THEIRS], odd)
        client.sendmail(OURS, [THEIRS], message("999990019 en 999990020"))
        assert at.behind.taken[0] == odd
        assert [fact["subjects"] for fact in at.facts()] == [0, 2]
        assert at.facts()[1]["staff"] == "m.devries"
        assert at.facts()[1]["destination_kind"] == "external"
        assert b"999990019" not in b"".join(path.read_bytes() for path in at.spool.rglob("*.jsonl"))


def test_mail_of_a_stranger_is_passed_on_and_not_noted(tmp_path: Path):
    with town(tmp_path / "spool") as at, smtplib.SMTP("127.0.0.1", at.port) as client:
        client.sendmail(THEIRS, [OURS], message("999990019"))
        client.sendmail("", [OURS], message("not delivered"))
        assert len(at.behind.taken) == 2
        assert at.facts() == []


def test_a_recipient_that_is_refused_gets_no_fact_and_the_client_is_told(tmp_path: Path):
    with town(tmp_path / "spool", Next(refuse="weg@")) as at, smtplib.SMTP("127.0.0.1", at.port) as client:
        refused = client.sendmail(OURS, [THEIRS, "weg@example.org"], message())
        assert list(refused) == ["weg@example.org"]
        assert [fact["destination"] for fact in at.facts()] == [THEIRS]


@pytest.mark.parametrize("answer", ["451 4.3.0 later", "554 5.7.1 never"])
def test_a_message_that_the_next_server_refuses_is_refused_with_its_words(tmp_path: Path, answer: str):
    with town(tmp_path / "spool", Next(answer=answer)) as at, smtplib.SMTP("127.0.0.1", at.port) as client:
        with pytest.raises(smtplib.SMTPDataError) as told:
            client.sendmail(OURS, [THEIRS], message("999990019"))
        assert told.value.smtp_code == int(answer[:3])
        assert at.facts() == []
        assert list((at.spool / "pending").iterdir()) == []


def test_while_the_next_server_is_away_the_client_must_try_again(tmp_path: Path):
    with town(tmp_path / "spool") as at:
        at.stop_next()
        with smtplib.SMTP("127.0.0.1", at.port) as client:
            code, _ = client.ehlo()
            assert 400 <= code < 500
        assert at.facts() == []


def test_mail_goes_on_when_nothing_can_be_noted(tmp_path: Path):
    with town(tmp_path / "spool") as at, smtplib.SMTP("127.0.0.1", at.port) as client:
        (at.spool / "pending").rmdir()
        (at.spool / "pending").write_text("a file in the way")
        client.sendmail(OURS, [THEIRS], message("999990019"))
        assert len(at.behind.taken) == 1
        assert at.counter.unnoted == 1
        assert at.troubles
        assert "999990019" not in " ".join(at.troubles)


def test_an_address_that_is_no_text_stops_nothing(tmp_path: Path):
    with town(tmp_path / "spool") as at, socket.create_connection(("127.0.0.1", at.port), timeout=30) as raw:
        said = raw.makefile("rb")

        def ask(line: bytes) -> bytes:
            raw.sendall(line + b"\r\n")
            answer = said.readline()
            while answer[3:4] == b"-":
                answer = said.readline()
            return answer

        assert said.readline().startswith(b"220")
        assert ask(b"EHLO x").startswith(b"250")
        assert ask(b"MAIL FROM:<jos\xe9@gemeente.example>").startswith(b"250")
        assert ask(b"RCPT TO:<ren\xff\xe9@example.org>").startswith(b"250")
        assert ask(b"DATA").startswith(b"354")
        assert ask(b"Subject: x\r\n\r\n999990019\r\n.").startswith(b"250")
        assert len(at.behind.taken) == 1
        assert [fact["subjects"] for fact in at.facts()] == [1]


def test_mail_goes_on_when_noting_fails_in_a_way_nobody_thought_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> None:
        raise ValueError("m.devries@gemeente.example")

    with town(tmp_path / "spool") as at, smtplib.SMTP("127.0.0.1", at.port) as client:
        monkeypatch.setattr(at.counter.spool, "begin", broken)
        client.sendmail(OURS, [THEIRS], message("999990019"))
        assert len(at.behind.taken) == 1
        assert at.troubles == ["ValueError"]


def test_mail_goes_on_when_counting_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("rekenschap.mail.filter.count", broken)
    with town(tmp_path / "spool") as at, smtplib.SMTP("127.0.0.1", at.port) as client:
        client.sendmail(OURS, [THEIRS], message("999990019"))
        assert len(at.behind.taken) == 1
        assert "subjects" not in at.facts()[0]


def test_a_stop_in_the_middle_leaves_a_note_that_counts_as_sent(tmp_path: Path):
    Spool(tmp_path).begin([{"relation": "disclosure", "kind": "mail"}])
    later = Spool(tmp_path)
    assert later.recover(NOW) == 1
    assert later.recover(NOW) == 0
    assert (tmp_path / "disclosures-20260601.jsonl").read_bytes().count(b"\n") == 1


def test_the_spool_is_of_the_filter_alone(tmp_path: Path):
    spool = Spool(tmp_path / "spool")
    spool.sent(spool.begin([{"kind": "mail"}]), NOW)
    assert (tmp_path / "spool").stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "spool").rglob("*"))


GOOD = 'listen = "127.0.0.1:1"\nonward = "127.0.0.1:2"\nown_domains = ["x.example"]\n'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("listen", "lisen", "did you mean listen"),
        (":1", "", "a host and a port"),
        ('["x.example"]', "[]", "own_domains"),
        ('["x.example"]', "3", "a list of domains"),
        ("listen", "[", "a TOML file"),
    ],
)
def test_settings_with_a_slip_are_refused(tmp_path: Path, old: str, new: str, said: str):
    path = tmp_path / "mail-filter.toml"
    path.write_text(GOOD)
    assert read_settings(path).spool == tmp_path / "spool"
    path.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(ConfigurationError, match=said):
        read_settings(path)
