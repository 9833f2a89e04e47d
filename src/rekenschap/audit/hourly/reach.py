# SPDX-License-Identifier: EUPL-1.2
"""All facts that a ground can reach from some looks, by key: subject, zaak, household, and who and when.

A ground of a pack that goes further than this explains less in an hour than in the next run over everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.hourly.shelf import Keys, Shelf, Whole, mixed
from rekenschap.model.relations import SEARCHED_RELATIONS
from rekenschap.tables import work_schema

_ON_DAY = ("staff", "happened_day")

KEYS: Mapping[str, Keys] = {
    "consultation": {"subject": ("subject",), "on_day": _ON_DAY},
    "zaak": {"subject": ("subject",), "zaak": ("zaak",)},
    "task": {"subject": ("subject",), "zaak": ("zaak",)},
    "contact": {"subject": ("subject",), "zaak": ("zaak",), "on_day": _ON_DAY},
    "assignment": {"zaak": ("zaak",)},
    "relation": {"subject": ("subject",), "other_subject": ("other_subject",)},
    "presence": {"staff": ("staff",)},
    "act": {"look": ("look",)},
    "staff": {},
    "authorisation": {},
    "disclosure": {},
    "shielding": {},
}
"""What is kept, and by which keys it is found; what has no key is read whole."""

_NONE: Whole = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The shelves of all relations below `folder`."""

    folder: Path

    def shelf(self, name: str) -> Shelf:
        """Give the shelf of a relation."""
        schema = work_schema(SEARCHED_RELATIONS[name])
        return Shelf(folder=self.folder / name, schema=schema, keys=KEYS[name])

    def add(self, part: str, name: str, rows: Iterable[pa.Table]) -> None:
        """Keep facts of a relation (work form) as the part `part`; others than in KEYS are not kept."""
        if name in KEYS:
            self.shelf(name).add(part, rows)

    def whole(self, *names: str) -> dict[str, pa.Table]:
        """Give all facts of some relations."""
        return {name: self.shelf(name).everything() for name in names}

    def around(self, looks: pa.Table) -> dict[str, pa.Table]:
        """Give every fact that a ground can reach from these looks (work form of `consultation`)."""
        subjects, named = numbers(looks, "subject"), numbers(looks, "zaak")
        on_day = days_of(looks)
        related = self.shelf("relation").with_keys({"subject": subjects, "other_subject": subjects})
        beside = self.shelf("consultation").with_keys({"subject": subjects, "on_day": on_day})
        people = union(
            subjects, numbers(related, "subject"), numbers(related, "other_subject"),
            numbers(_same_day(beside, looks), "subject"),
        )  # fmt: skip
        zaken = self.shelf("zaak").with_keys({"subject": people, "zaak": named})
        known = union(numbers(zaken, "zaak"), named)
        assigned = self.shelf("assignment").with_key("zaak", known)
        tasks = self.shelf("task").with_keys({"subject": people, "zaak": known})
        present = union(*(numbers(each, "staff") for each in (looks, assigned, tasks)))
        return {
            "consultation": beside,
            "relation": related,
            "zaak": zaken,
            "assignment": assigned,
            "task": tasks,
            "contact": self.shelf("contact").with_keys({"subject": people, "zaak": known, "on_day": on_day}),
            "presence": self.shelf("presence").with_key("staff", present),
            "act": self.shelf("act").with_key("look", numbers(looks, "entry")),
            "staff": self.shelf("staff").everything(),
        }


def numbers(rows: pa.Table, name: str) -> Whole:
    """Give the different values of a column, without null."""
    found: Whole = np.asarray(pc.unique(rows.column(name).drop_null()), dtype=np.int64)
    return found


def union(*many: Whole) -> Whole:
    """Give the different values of all."""
    return np.unique(np.concatenate([*many, _NONE]))


def days_of(rows: pa.Table, *, beside: int = 1) -> Whole:
    """Give the keys of who and when, and of so many days `beside`: a call may begin before midnight."""
    known = rows.filter(pc.and_(*(pc.is_valid(rows.column(name)) for name in _ON_DAY)))
    staff, day = (np.asarray(known.column(name), dtype=np.int64) for name in _ON_DAY)
    return union(*(mixed(staff, day + each) for each in range(-beside, beside + 1)))


def _same_day(beside: pa.Table, looks: pa.Table) -> pa.Table:
    """Keep the looks by the same people on the same days: whose work may tell that a name was mistaken."""
    own = np.unique(mixed(*(np.asarray(looks.column(name), dtype=np.int64) for name in _ON_DAY)))
    theirs = mixed(*(np.asarray(beside.column(name), dtype=np.int64) for name in _ON_DAY))
    return beside.filter(pa.array(np.isin(theirs, own)))
