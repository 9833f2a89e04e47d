# SPDX-License-Identifier: EUPL-1.2
"""Somebody with a hand in the database of the desk changes, removes or adds a line: `check` names it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from rekenschap.casework.roles import Role
from rekenschap.errors import AlarmError
from rekenschap.house import House
from rekenschap_web import acts
from rekenschap_web.acts.bringing.checking import check_desk
from rekenschap_web.acts.bringing.delivering import deliver
from rekenschap_web.acts.models import Act
from rekenschap_web.evidence import house as opened
from rekenschap_web.people.models import Person

People = Mapping[Role, Person]


@pytest.fixture
def desk(people: People, town_house: Path) -> Person:
    """A desk of which everything is in the ledger; gives the one whose row is attacked."""
    opened.forget()
    one = people[Role.STAFF]
    one.is_locked = True
    acts.recorded(one, by=people[Role.OPERATOR], verb="locked", because="zes keer een verkeerd wachtwoord")
    # the ledger of a module is shared: what other tests brought is not in this database
    _forget_others(town_house)
    deliver(House.at(town_house))
    return one


def _forget_others(town_house: Path) -> None:
    """Take the house as it was founded: each test has a database of its own."""
    kept = town_house.with_name("founded")
    if kept.exists():
        shutil.rmtree(town_house)
        shutil.copytree(kept, town_house, symlinks=True)
    else:
        shutil.copytree(town_house, kept, symlinks=True)


def _sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_desk_nobody_touched_is_fine(desk: Person) -> None:
    found = check_desk()
    assert (found.waiting, found.rows) == (0, Person.objects.count())
    assert found.acts == Act.objects.count()


def test_what_waits_for_the_ledger_is_counted_apart(desk: Person) -> None:
    acts.record(by=desk, verb="consulted", kind="finding", object="finding:1")
    assert check_desk().waiting == 1


def test_a_changed_vote_is_named(desk: Person) -> None:
    _sql("UPDATE people_person SET is_locked = %s WHERE id = %s", False, desk.pk)
    with pytest.raises(AlarmError, match=f"{desk.act_object} as act .* other guarded fields"):
        check_desk()


def test_a_changed_audit_line_is_named(desk: Person) -> None:
    _sql("UPDATE acts_act SET because = %s WHERE verb = 'locked'", "vergissing")
    with pytest.raises(AlarmError, match="in the database of the desk as the desk wrote it"):
        check_desk()


def test_a_changed_audit_line_with_a_good_seal_is_not_in_the_ledger(desk: Person) -> None:
    from rekenschap_web.acts.sealing import seal_of

    act = Act.objects.get(verb="locked")
    act.because = "vergissing"
    act.seal = seal_of(act)  # whoever holds the key of the desk as well
    act.save()
    with pytest.raises(AlarmError, match=f"act {act.number} of the desk in the ledger, found none like it"):
        check_desk()


def test_a_removed_audit_line_is_named_by_its_entry(desk: Person) -> None:
    _sql("DELETE FROM acts_act WHERE verb = 'locked'")
    with pytest.raises(
        AlarmError, match=r"the act of entry \d+ in the database of the desk, found none"
    ) as told:
        check_desk()
    assert told.value.entry is not None


def test_an_added_audit_line_is_named(desk: Person) -> None:
    _sql(
        "INSERT INTO acts_act (act, acted_at, person_id, staff, verb, kind, object, because, warrant,"
        " investigation, work, seal) SELECT %s, acted_at, person_id, staff, 'approved', kind, object,"
        " because, warrant, investigation, work, seal FROM acts_act WHERE verb = 'locked'",
        "0" * 32,
    )
    with pytest.raises(AlarmError, match="as the desk wrote it"):
        check_desk()


def test_a_row_without_an_act_is_named(desk: Person) -> None:
    _sql(
        "INSERT INTO people_person"
        " (password, sub, name, email, roles_written, team, staff_id, is_locked, made_at)"
        " SELECT password, 'x', 'X', 'x@veldhaven.example', 'fg', team, staff_id, is_locked, made_at"
        " FROM people_person WHERE id = %s",
        desk.pk,
    )
    with pytest.raises(AlarmError, match=r"an act for every row of people_person, found .* without one"):
        check_desk()


def test_a_row_that_is_gone_is_named(desk: Person) -> None:
    gone = Person(sub="gone", name="Gone", email="gone@veldhaven.example")
    acts.recorded(gone, by=desk, verb="came_in")
    deliver(House.at(Path(settings.REKENSCHAP_HOME)))
    check_desk()
    _sql("DELETE FROM people_person WHERE id = %s", gone.pk)
    with pytest.raises(AlarmError, match=f"{gone.act_object} as act .* no such row any more"):
        check_desk()


def test_a_row_that_was_taken_away_with_an_act_is_fine(desk: Person) -> None:
    gone = Person(sub="gone", name="Gone", email="gone@veldhaven.example")
    acts.recorded(gone, by=desk, verb="came_in")
    acts.removed(gone, by=desk, because="uit dienst")
    deliver(House.at(Path(settings.REKENSCHAP_HOME)))
    assert check_desk().waiting == 0
