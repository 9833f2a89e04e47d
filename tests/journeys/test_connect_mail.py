# SPDX-License-Identifier: EUPL-1.2
"""A real postfix, set up as the page says, with the filter between its two servers; and its log."""

import os
import re
import signal
import smtplib
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import orjson
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from rekenschap.house import House
from tests.journeys.commands import rekenschap
from tests.servers import postfix
from tests.unit.mail.messages import BSNS, message, xlsx

PAGE = (Path(__file__).parents[2] / "docs/how-to/connect-mail.md").read_text(encoding="utf-8")
OURS, THEIRS = "m.devries@gemeente.example", "piet@example.org"


def shown(language: str) -> str:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[0]


def block(language: str) -> str:
    return "".join(line.removeprefix("   ") for line in shown(language).splitlines(keepends=True))


class Outside:
    """Where the mail goes in the end."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], bytes]] = []

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.taken.append((list(envelope.rcpt_tos), bytes(envelope.content)))
        return "250 ok"


@dataclass
class Town:
    """A mail server with a filter, and the world outside."""

    server: postfix.PostfixServer
    outside: Outside
    folder: Path
    settings: Path

    def send(self, to: list[str], raw: bytes) -> None:
        with smtplib.SMTP("127.0.0.1", self.server.port, timeout=30) as client:
            client.sendmail(OURS, to, raw)

    def profile(self) -> Path:
        """The profile with the ports of this town in it."""
        shipped = files("rekenschap.intake.profiles.disclosures").joinpath("postfix.yaml").read_text("utf-8")
        ports = " ".join(re.findall(r'= "127.0.0.1:(\d+)"', self.settings.read_text()))
        path = self.folder / "postfix.yaml"
        path.write_text(shipped.replace("    home_country: NL\n", f'    filter_ports: "{ports}"\n'))
        return path

    def facts(self) -> list[dict[str, object]]:
        days = (self.folder / "spool").glob("disclosures-*.jsonl")
        return [orjson.loads(line) for day in days for line in day.read_bytes().splitlines()]

    @contextmanager
    def filter(self) -> Iterator[subprocess.Popen[str]]:
        child = subprocess.Popen(
            [sys.executable, "-m", "rekenschap", "mail-filter", "serve", "--settings", str(self.settings)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert child.stdout is not None
            said = child.stdout.readline()
            assert "postfilter" in said, child.stderr.read() if child.stderr else ""
            yield child
        finally:
            child.kill()
            child.communicate()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    if reason := postfix.why_not():
        pytest.skip(reason)
    outside = Outside()
    sink = Controller(outside, hostname="127.0.0.1", port=postfix.free_port(), ready_timeout=30)
    sink.start()
    ports = {"10025": str(postfix.free_port()), "10026": str(postfix.free_port())}

    def with_ports(text: str) -> str:
        return re.sub("10025|10026", lambda found: ports[found[0]], text)

    settings = tmp_path / "mail-filter.toml"
    settings.write_text(with_ports(block("toml")).replace("/var/spool/rekenschap", "spool"))
    try:
        main = with_ports(block("ini")).splitlines()
        with postfix.running(main, with_ports(block("cfg")), relay=sink.port) as server:
            yield Town(server=server, outside=outside, folder=tmp_path, settings=settings)
    finally:
        sink.stop()


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 150
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    assert true()


def body_of(raw: bytes) -> bytes:
    return raw.partition(b"\r\n\r\n")[2]


def disclosures(home: Path) -> list[dict[str, object]]:
    return list(House.at(home).ledger(origin="x.example/l").facts("disclosure").table.to_pylist())


def test_a_message_is_counted_and_arrives_unchanged_and_the_log_tells_it_too(town: Town, tmp_path: Path):
    raw = message(
        "Zie bijlage, ook 999990019\r\n.met een punt", lijst_xlsx=xlsx(BSNS), lijst_csv=b"999990056\n"
    )
    with town.filter():
        town.send([THEIRS, "anna@firma.de"], raw)
        until(lambda: sum(len(to) for to, _ in town.outside.taken) == 2)
        until(lambda: len(town.facts()) == 2)
        until(lambda: town.server.log.read_text().count("status=sent") == 4)
    assert {body_of(content) for _, content in town.outside.taken} == {body_of(raw)}
    assert {(fact["subjects"], fact["destination_kind"]) for fact in town.facts()} == {
        (5, "external"),
        (5, "abroad"),
    }
    kept = b"".join(path.read_bytes() for path in (tmp_path / "spool").rglob("*.jsonl"))
    assert not [bsn for bsn in BSNS if bsn.encode() in kept]
    (day,) = (tmp_path / "spool").glob("disclosures-*.jsonl")
    home = tmp_path / "house"
    ran = rekenschap("intake", day, "--profile", "native-jsonl", "--home", home)
    assert ran.code == 0, ran.err
    assert sorted(fact["subjects"] for fact in disclosures(home)) == [5, 5]
    ran = rekenschap("intake", town.server.log, "--profile", town.profile(), "--home", home)
    assert ran.code == 0, ran.err
    logged = [fact for fact in disclosures(home) if fact["source"] == "postfix"]
    assert sorted(fact["destination_kind"] for fact in logged) == ["abroad", "external"]
    assert len({fact["destination"] for fact in disclosures(home)}) == 2
    assert len({fact["staff"] for fact in disclosures(home)}) == 1
    counted = [fact for fact in disclosures(home) if fact["source"] == "mail-filter"]
    assert {(fact["kinds"], fact["jurisdiction"]) for fact in counted} == {("bsn", None), ("bsn", "DE")}


def test_mail_passes_at_once_while_the_filter_is_down(town: Town):
    began = time.monotonic()
    town.send([THEIRS], message("999990019"))
    until(lambda: len(town.outside.taken) == 1)
    assert time.monotonic() - began < 30
    assert town.facts() == []
    assert town.server.queued() == 0


def test_mail_passes_while_the_filter_hangs(town: Town):
    with town.filter() as child:
        child.send_signal(signal.SIGSTOP)
        town.send([THEIRS], message("999990019"))
        until(lambda: len(town.outside.taken) == 1)
    assert town.facts() == []


def test_a_filter_that_is_killed_loses_no_mail_and_no_count_of_what_it_passed_on(town: Town):
    sent = 12
    with town.filter() as child:
        for number in range(sent):
            town.send([f"p{number}@example.org"], message("999990019"))
            if number == sent // 2:
                os.kill(child.pid, signal.SIGKILL)
        until(lambda: len({to[0] for to, _ in town.outside.taken}) == sent)
        child.wait(30)
    with town.filter():
        town.send(["last@example.org"], message("999990019"))
        until(lambda: any(fact["destination"] == "last@example.org" for fact in town.facts()))
        until(lambda: len({to[0] for to, _ in town.outside.taken}) == sent + 1)
    noted = [fact["destination"] for fact in town.facts()]
    # Killed between the answer of the next server and its own, mail goes out twice; then it is counted twice.
    assert Counter(noted) <= Counter(to[0] for to, _ in town.outside.taken)
    assert not list((town.folder / "spool" / "pending").iterdir())


def test_a_stop_in_good_order_says_so(town: Town):
    with town.filter() as child:
        town.send([THEIRS], message())
        until(lambda: len(town.facts()) == 1)
        child.send_signal(signal.SIGTERM)
        out, err = child.communicate(timeout=30)
    assert child.returncode == 0, err
    assert "Gestopt" in out
