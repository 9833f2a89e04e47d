# SPDX-License-Identifier: EUPL-1.2
"""Who watches is watched: looks at evidence go through the same chain as everybody's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from rekenschap.audit.deriving import Derived, Part, Span, derive
from rekenschap.casework.roles import Role
from rekenschap.house import House, right_now
from rekenschap.model.ids import Pseudonym
from rekenschap.model.warrant import Because, Warrant
from rekenschap_web import acts
from rekenschap_web.acts.bringing.delivering import deliver
from rekenschap_web.acts.models import Act
from rekenschap_web.evidence import desk
from rekenschap_web.evidence import house as opened
from rekenschap_web.people.models import Person

People = Mapping[Role, Person]


def _warrant(person: Person, because: Because, investigation: str | None = None) -> Warrant:
    return Warrant(
        id=f"{person.sub}-{because}", person=person.sub, because=because, words="om dit onderzoek te doen",
        investigation=investigation, until=timezone.now() + timedelta(hours=1),
    )  # fmt: skip


def _desk_looks(derived: Derived, person: Person) -> list[dict[str, object]]:
    mine = opened.own(person)
    assert mine is not None
    rows = derived.looks_of(mine.hi, Span(), Part(most=1000)).to_pylist()
    return [row for row in rows if row["register"] == "rekenschap-desk"]


@pytest.mark.slow
@pytest.mark.django_db
def test_a_look_for_an_investigation_is_explained_and_one_without_work_is_not(
    people: People, town_house: Path
) -> None:
    opened.forget()
    officer, ciso = people[Role.INTEGRITY_OFFICER], people[Role.CISO]
    first, second = (each for each in opened.derived().findings[:2])
    about = acts.About(who=first.about, look=first.looks[0])
    acts.record(
        by=people[Role.SECOND_OFFICER], verb="opened", kind="investigation", object="investigation:2026-0001",
        work=[
            acts.OpenedZaak(zaak="investigation:2026-0001", about=about, handler=officer.staff_id),
            acts.Assigned(
                zaak="investigation:2026-0001", to=officer.staff_id, by=people[Role.SECOND_OFFICER].staff_id
            ),
        ],
    )  # fmt: skip
    desk.finding(first.key, warrant=_warrant(officer, Because.INVESTIGATION, "2026-0001"))
    desk.finding(second.key, warrant=_warrant(ciso, Because.TRIAGE))
    subject = next(each for each in opened.derived().findings if each.about.domain == "subject").about
    desk.looks_at(subject, warrant=_warrant(ciso, Because.TRIAGE))

    house = House.at(town_house)
    deliver(house)
    derived = derive(house, seed=1, now=right_now())

    explained, *others = _desk_looks(derived, officer)
    assert not others
    assert explained["explained"] is True
    assert explained["best_ground"] in ("assignment", "registered_handler")
    bare = _desk_looks(derived, ciso)
    assert [row["explained"] for row in bare] == [False, False]
    assert subject.hi in [row["subject"] for row in bare]  # the citizen, by the token every source gives


@pytest.mark.django_db
def test_a_person_sees_the_own_looks_and_no_consultation_is_made_of_it(
    people: People, town_house: Path
) -> None:
    opened.forget()
    one = people[Role.STAFF]
    page = desk.own_looks(one, warrant=_warrant(one, Because.OWN_LOOKS))
    assert page.total >= len(page.looks) > 0
    assert {each.staff for each in page.looks} == {opened.own(one)}
    act = Act.objects.get(verb="consulted")
    assert act.work == []


@pytest.mark.django_db
def test_every_look_names_a_pseudonym_and_never_a_number_of_staff(people: People, town_house: Path) -> None:
    opened.forget()
    found = desk.findings(warrant=_warrant(people[Role.FG], Because.TRIAGE))
    assert all(isinstance(each.about, Pseudonym) for each in found)
    assert not any(people[Role.STAFF].staff_id in repr(each) for each in found)
