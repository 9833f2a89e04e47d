# SPDX-License-Identifier: EUPL-1.2
"""Acts: in the transaction of what was done or not at all, and in the ledger exactly once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow.compute as pc
import pytest
from django.db import transaction

from rekenschap.audit.desk.people import pseudonyms_of, reading
from rekenschap.casework.roles import Role
from rekenschap.errors import AlarmError, RefusedError
from rekenschap.house import House
from rekenschap_web import acts
from rekenschap_web.acts.bringing.delivering import deliver
from rekenschap_web.acts.models import Act
from rekenschap_web.acts.queries import trail_of
from rekenschap_web.people.may import NotAllowedError
from rekenschap_web.people.models import Person

People = Mapping[Role, Person]


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_is_refused(people: People) -> None:
    with pytest.raises(RefusedError, match="no transaction"):
        acts.record(by=people[Role.FG], verb="consulted", kind="finding", object="finding:1")


@pytest.mark.django_db(transaction=True)
def test_an_act_goes_with_what_is_undone(people: People) -> None:
    before = Act.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        acts.record(by=people[Role.FG], verb="consulted", kind="finding", object="finding:1")
        raise RuntimeError
    assert Act.objects.count() == before


def test_a_guarded_row_cannot_be_saved_without_an_act(people: People) -> None:
    one = people[Role.FG]
    one.is_locked = True
    with pytest.raises(RefusedError, match="changed by an act"):
        one.save()


def test_a_guarded_row_cannot_be_removed_without_an_act(people: People) -> None:
    one = Person(sub="other", name="Other", email="other@veldhaven.example")
    acts.recorded(one, by=people[Role.FG], verb="came_in")
    with pytest.raises(RefusedError, match="changed by an act"):
        one.delete()


def test_what_is_not_guarded_is_saved_as_ever(people: People) -> None:
    one = people[Role.FG]
    one.name = "Bram"
    one.save()
    assert Person.objects.get(pk=one.pk).name == "Bram"


def test_changes_of_one_row_are_counted(people: People) -> None:
    one = people[Role.FG]
    one.is_locked = True
    acts.recorded(one, by=people[Role.OPERATOR], verb="locked", because="zes keer mis")
    assert [each.revision for each in Act.objects.filter(object=one.act_object)] == [1, 2]


@pytest.mark.parametrize(
    "number",
    [
        "999990019",
        "999 990 019",
        "9999.90.019",
        "９９９９９００１９",
        "999/990/019",
        "999_990_019",
        "999   990\n019",
    ],
)
def test_a_reason_with_a_citizen_service_number_is_refused(people: People, number: str) -> None:
    with pytest.raises(RefusedError, match="citizen service number"):
        acts.record(
            by=people[Role.FG],
            verb="closed",
            kind="finding",
            object="finding:1",
            because=f"gaat over {number}",
        )


def test_every_waiting_act_comes_into_the_ledger_once(people: People, town_house: Path) -> None:
    house = House.at(town_house)
    acts.record(by=people[Role.FG], verb="consulted", kind="finding", object="finding:1", because="triage")
    waiting = Act.objects.filter(appended_at__isnull=True).count()
    before = len(reading(house).facts("act").table)
    assert deliver(house) == waiting
    assert deliver(house) == 0
    assert len(reading(house).facts("act").table) == before + waiting
    assert Act.objects.filter(appended_at__isnull=True).count() == 0


def test_a_line_that_was_brought_and_not_marked_is_not_doubled(people: People, town_house: Path) -> None:
    house = House.at(town_house)
    acts.record(by=people[Role.FG], verb="consulted", kind="finding", object="finding:2")
    deliver(house)
    before = len(reading(house).facts("act").table)
    Act.objects.update(appended_at=None)  # as after a crash between ledger and outbox
    deliver(house)
    assert len(reading(house).facts("act").table) == before


def test_an_act_names_who_did_it_by_the_pseudonym_the_sources_give(people: People, town_house: Path) -> None:
    house = House.at(town_house)
    fg = people[Role.FG]
    acts.record(by=fg, verb="signed", kind="month", object="month:2026-05", because="maandverslag")
    deliver(house)
    mine = pseudonyms_of(house, [fg.staff_id], "staff")[0]
    facts = reading(house).facts("act")
    signed = facts.table.filter(pc.equal(facts.table.column("verb"), "signed"))
    tokens = signed.column("staff").to_pylist()
    assert [int.from_bytes(token[:8], "big", signed=True) for token in tokens] == [mine.hi]


def test_a_line_the_desk_did_not_write_stops_the_worker(people: People, town_house: Path) -> None:
    acts.record(by=people[Role.FG], verb="consulted", kind="finding", object="finding:3")
    Act.objects.filter(object="finding:3").update(because="een ander")
    with pytest.raises(AlarmError, match="as the desk wrote it"):
        deliver(House.at(town_house))


def test_the_trail_of_a_thing_is_for_those_who_may_see_it(people: People) -> None:
    acts.record(by=people[Role.INTEGRITY_OFFICER], verb="consulted", kind="finding", object="finding:4")
    assert [line.who for line in trail_of("finding:4", people[Role.FG])] == [
        people[Role.INTEGRITY_OFFICER].name
    ]
    with pytest.raises(NotAllowedError):
        trail_of("finding:4", people[Role.STAFF])
