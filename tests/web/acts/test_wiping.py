# SPDX-License-Identifier: EUPL-1.2
"""What people wrote at the desk goes when its term ends: the case at once, the acts on it by order."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from rekenschap.adapters.keys.own_file import make_own_key
from rekenschap.audit.desk.people import reading
from rekenschap.audit.register import DESK_ACTIVITY, Decided, lapsing, put_on_record, register_of, wishes_of
from rekenschap.casework.roles import Role
from rekenschap.errors import AlarmError
from rekenschap.house import ORIGIN, House, right_now
from rekenschap.ledger.custody.orders import Rule
from rekenschap.ledger.custody.publickeys import verifier_of
from rekenschap.ledger.keeping import authority_of, put_statement
from rekenschap.ledger.keeping.ceremonies import begin_log_keys, draft_officers
from rekenschap.ledger.keeping.drafting import draft_orders
from rekenschap.ledger.keeping.erasing import erase
from rekenschap.register import Version
from rekenschap_web import acts
from rekenschap_web.acts.bringing.checking import check_desk
from rekenschap_web.acts.bringing.delivering import deliver
from rekenschap_web.acts.bringing.following import drop_erased_acts
from rekenschap_web.acts.models import Act
from rekenschap_web.citizens.actions import tell_again
from rekenschap_web.citizens.models import CitizenQuestion
from rekenschap_web.evidence import house as opened
from rekenschap_web.investigations.models import Investigation, Note
from rekenschap_web.people.models import Person
from rekenschap_web.register.lapsing import wipe_due
from tests.custody import signed

NOW = datetime.now(tz=UTC)
TERM = 30
LATER = NOW + timedelta(days=TERM + 10)
DRAWER = "07abcdefghjkmnpqrst"
People = Mapping[Role, Person]


@pytest.fixture
def house(people: People, town_house: Path) -> House:
    """A desk with a term for its own casework."""
    opened.forget()
    _forget_others(town_house)
    made = House.at(town_house)
    casework = Version(
        key=DESK_ACTIVITY, edition=1, name="Toezicht", purpose="nagaan of terecht is gekeken",
        legal_basis="e", law="AVG art. 24", valid_from=NOW - timedelta(days=1), retention_period=TERM,
        retention_law="Selectielijst 2020, 14.1",
    )  # fmt: skip
    put_on_record(made, (casework,), Decided(by="a.bakker", because="vastgesteld", at=NOW))
    return made


def investigation(people: People, *, state: str = "closed") -> Investigation:
    """One that two people closed, or one that still runs, with a note."""
    fg, officer = people[Role.SECOND_OFFICER], people[Role.INTEGRITY_OFFICER]
    over = {
        "proposed_by": officer, "proposed_at": NOW, "closed_by": fg, "closed_at": NOW,
        "reason": "verklaard_werk", "words": "geheim van de zaak",
    }  # fmt: skip
    row = Investigation(
        number=f"2026-{state}", finding="2026-0001", about="staff:1", looks=[1], because="geheim begin",
        state=state, opened_by=officer, opened_at=NOW, **(over if state == "closed" else {}),
    )  # fmt: skip
    acts.recorded(row, by=officer, verb="opened", because="geheim begin")
    note = Note(investigation=row, text="geheime notitie", written_by=officer, written_at=NOW)
    acts.recorded(note, by=officer, verb="noted")
    return row


def question(people: People) -> CitizenQuestion:
    row = CitizenQuestion(
        number="V-1", asked_as="abcdefghjkmnpq", drawer=DRAWER, words="waarom keek u", asked_at=NOW, due=NOW,
        answer="u belde ons", answered_by=people[Role.FG], answered_at=NOW,
    )  # fmt: skip
    return acts.recorded(row, by=people[Role.FG], verb="answered")


def test_a_case_that_is_over_goes_as_a_whole_when_its_term_ended(house: House, people: People) -> None:
    investigation(people)
    question(people)
    tell_again()
    told = Path(settings.REKENSCHAP_HOME) / "citizen" / "told" / f"{DRAWER}.json"
    assert told.is_file()
    assert wipe_due(now=NOW + timedelta(days=TERM - 1)) == 0
    assert wipe_due(now=LATER) == 3
    assert not Investigation.objects.exists()
    assert not Note.objects.exists()
    assert not CitizenQuestion.objects.exists()
    tell_again()
    assert not told.exists(), "it goes from the page of the citizen too"
    last = Act.objects.filter(verb="wiped").order_by("number").values_list("kind", "because")
    because = f"{DESK_ACTIVITY} {TERM}"
    assert set(last) == {("note", because), ("investigation", because), ("citizen_question", because)}
    assert wipe_due(now=LATER) == 0


def test_what_still_runs_stays_with_all_that_belongs_to_it(house: House, people: People) -> None:
    investigation(people, state="open")
    assert wipe_due(now=LATER) == 0
    assert Note.objects.count() == 1


def test_without_a_term_in_the_register_nothing_goes(people: People, town_house: Path) -> None:
    opened.forget()
    _forget_others(town_house)
    investigation(people)
    assert wipe_due(now=LATER) == 0
    assert Investigation.objects.exists()


def test_officers_erase_the_acts_and_the_desk_follows(house: House, people: People, tmp_path: Path) -> None:
    investigation(people)
    deliver(house)
    assert wipe_due(now=LATER) == 2
    deliver(house)
    check_desk()
    assert drop_erased_acts(house) == 0
    before = Act.objects.count()
    _erase(house, tmp_path)
    found = check_desk()
    assert found.waiting == 0, "what officers erased there is no alarm here"
    assert drop_erased_acts(house) == before - Act.objects.count() == 2
    assert not Act.objects.filter(because__contains="geheim").exists()
    kept = reading(house).facts("act").table.column("because").to_pylist()
    assert not [each for each in kept if each and "geheim" in each]
    check_desk()


def test_an_act_that_is_gone_from_the_ledger_otherwise_stays_an_alarm(house: House, people: People) -> None:
    deliver(house)
    row = investigation(people)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE acts_act SET appended_at = acted_at")
    assert drop_erased_acts(house) == 0
    with pytest.raises(AlarmError, match="of the desk in the ledger"):
        check_desk()
    assert Act.objects.filter(object=row.act_object).exists()


def _forget_others(town_house: Path) -> None:
    """Take the house as it was founded: each test has a database of its own."""
    kept = town_house.with_name("founded")
    if kept.exists():
        shutil.rmtree(town_house)
        shutil.copytree(kept, town_house, symlinks=True)
    else:
        shutil.copytree(town_house, kept, symlinks=True)


def _erase(house: House, keys: Path) -> None:
    """Order as the register would in that many days; by a court, for no clock here is that late."""
    at = int(right_now().timestamp() * 1_000_000)
    ledger = house.ledger(origin=ORIGIN)
    officers = [make_own_key(keys / f"{name}.key", f"veldhaven.example/{name}") for name in ("anna", "bram")]
    begin_log_keys(ledger, house.keys, at=at)
    public = [verifier_of(each.key.to_text()) for each in officers]
    put_statement(ledger, signed(draft_officers(ledger, public, needed=2, at=at), officers), at=at)
    due = lapsing(ledger, authority_of(ledger), register_of(house), now=LATER, others={})
    wishes = [
        replace(each, rule=Rule.COURT, term=0)
        for each in wishes_of(due, now=LATER)
        if DESK_ACTIVITY in each.reason
    ]
    (text,) = draft_orders(ledger, authority_of(ledger), wishes, at=at)
    erase(ledger, signed(text, officers), at=at)
