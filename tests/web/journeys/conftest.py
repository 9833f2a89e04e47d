# SPDX-License-Identifier: EUPL-1.2
"""The desk as the worker leaves it in the morning, and what the ledger says in the evening."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from rekenschap.audit.deriving import derive
from rekenschap.audit.desk.people import reading
from rekenschap.casework.roles import Role
from rekenschap_web.acts.bringing.delivering import deliver
from rekenschap_web.acts.system import system_person
from rekenschap_web.evidence import house
from rekenschap_web.evidence.desk import checkpoint
from rekenschap_web.evidence.reading.shaping import finding_view
from rekenschap_web.findings.actions import take_over
from rekenschap_web.findings.models import FindingRecord
from rekenschap_web.people.models import Person
from rekenschap_web.people.pseudonyms import own_pseudonym


@dataclass
class Desk:
    """The desk with its people, and the ledger under it."""

    people: Mapping[Role, Person]
    clients: Mapping[Role, Client]
    home: Path

    def of(self, role: Role) -> Client:
        return self.clients[role]

    def finding_about(self, role: Role) -> FindingRecord:
        return FindingRecord.objects.filter(about=own_pseudonym(self.people[role]), state="open").first()

    def evening(self) -> int:
        """The worker brings what was done to the ledger, and derives anew."""
        brought = deliver(house.house())
        derive(house.house(), seed=1, now=timezone.now())
        house.forget()
        return brought

    def acts(self, verb: str) -> list[dict[str, object]]:
        """The acts with this verb, as the ledger holds them."""
        facts = reading(house.house()).facts("act")
        return [row for row in facts.table.to_pylist() if row["verb"] == verb]


@pytest.fixture
def desk(
    transactional_db: None,
    made_town: Path,
    tmp_path: Path,
    people: Mapping[Role, Person],
    settings: LazySettings,
) -> Desk:
    """The town in a house of its own for each test: what one journey adds to the ledger no other sees."""
    settings.REKENSCHAP_HOME = tmp_path / "house"
    shutil.copytree(made_town, settings.REKENSCHAP_HOME, symlinks=True)
    house.forget()
    for person in people.values():
        person.own_pseudonym = ""
    found = [finding_view(each) for each in house.derived().findings]
    take_over(by=system_person(), findings=found, checkpoint=checkpoint(), now=timezone.now())
    clients = {}
    for role, person in people.items():
        clients[role] = Client()
        clients[role].force_login(person)
    return Desk(people=people, clients=clients, home=settings.REKENSCHAP_HOME)


class Letterbox:
    """What a mail server of somebody else took in."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], Message]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        told = BytesParser().parsebytes(envelope.original_content or b"")
        self.letters.append((list(envelope.rcpt_tos), told))
        return "250 OK"


@pytest.fixture
def mail(settings: LazySettings) -> Iterator[Callable[[], list[tuple[list[str], Message]]]]:
    """A real mail server on this machine, and what it was given."""
    box = Letterbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield lambda: box.letters
    server.stop()
