# SPDX-License-Identifier: EUPL-1.2
"""The house of this desk, opened once in each process; what was derived anew is opened again."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from django.conf import settings

from rekenschap.audit.deriving import Derived, newest_in
from rekenschap.audit.desk.people import pseudonyms_of
from rekenschap.errors import RekenschapError
from rekenschap.house import House
from rekenschap.model.ids import Pseudonym
from rekenschap_web.people.models import Person

_houses: dict[Path, House] = {}
_newest: dict[Path, tuple[str, Derived]] = {}
_turn = Lock()


def house() -> House:
    """Give the house that the settings name."""
    root = Path(settings.REKENSCHAP_HOME)
    with _turn:
        if root not in _houses:
            _houses[root] = House.at(root)
        return _houses[root]


def derived() -> Derived:
    """Give the newest derivation; raises StoreError when there is none yet."""
    root = Path(settings.REKENSCHAP_HOME)
    name = newest_in(root)
    with _turn:
        known = _newest.get(root)
        if known is None or known[0] != name or not known[1].folder.exists():
            _newest[root] = name, Derived.open(root)
        return _newest[root][1]


def forget() -> None:
    """Open everything anew when it is asked for next: another house, or one that was derived again."""
    with _turn:
        _houses.clear()
        _newest.clear()


def own(person: Person) -> Pseudonym | None:
    """Give the pseudonym of somebody with a staff number."""
    if not person.staff_id:
        return None
    return pseudonyms_of(house(), [person.staff_id], "staff")[0]


def own_name(person: Person) -> str:
    """Give the pseudonym of somebody as a text, such as `staff:-4821…`; empty where there is no house."""
    try:
        found = own(person)
    except RekenschapError:
        return ""
    return "" if found is None else f"{found.domain}:{found.hi}"
