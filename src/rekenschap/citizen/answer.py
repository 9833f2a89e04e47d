# SPDX-License-Identifier: EUPL-1.2
"""The answer to *who looked at my data*: what is withheld is gone before anything is counted or numbered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from rekenschap.citizen.look import Activity, Look, Spell, Why
from rekenschap.citizen.rules import Rules, activity_at, is_withheld

PAGE = 20
"""items on one page"""
ANSWER_WITHIN = timedelta(days=30)
"""GDPR art. 12(3) gives a month; it counts from when we knew of the look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One look as the citizen reads it."""

    reference: str
    at: datetime
    why: Why
    about: str
    department: str
    """empty: shown as the organisation"""
    fields: tuple[str, ...]
    register: str
    activity: str
    activity_name: str
    purpose: str
    law: str
    legal_basis: str
    answer_by: date | None
    """for what is not explained: when we promised to know more"""
    on_behalf: str = ""
    """empty: the organisation itself"""

    @property
    def is_explained(self) -> bool:
        """Whether we know why."""
        return self.answer_by is None

    def told(self) -> dict[str, object]:
        """Give it as plain values, for JSON."""
        return {**asdict(self), "at": self.at.isoformat(), "why": str(self.why), "fields": list(self.fields),
                "answer_by": self.answer_by and self.answer_by.isoformat()}  # fmt: skip

    @classmethod
    def of(cls, told: Mapping[str, object]) -> Item:
        """Read what `told` gave."""
        by, fields = told["answer_by"], told["fields"]
        plain = {name: str(told[name]) for name in _TEXTS}
        return cls(
            **plain,
            at=datetime.fromisoformat(str(told["at"])),
            why=Why(str(told["why"])),
            fields=tuple(map(str, fields)) if isinstance(fields, list) else (),
            answer_by=None if by is None else date.fromisoformat(str(by)),
            on_behalf=str(told.get("on_behalf") or ""),
        )


_TEXTS = (
    "reference", "about", "department", "register", "activity", "activity_name", "purpose", "law",
    "legal_basis",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """How often in one month."""

    first: date
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Everything one citizen may see. `as_of` and `since` are the same for everybody."""

    organisation: str
    as_of: datetime
    since: date
    items: tuple[Item, ...]

    @property
    def explained(self) -> int:
        """Of how many looks we know why."""
        return sum(1 for each in self.items if each.is_explained)

    @property
    def unexplained(self) -> int:
        """Of how many we do not know why yet."""
        return len(self.items) - self.explained

    def item(self, reference: str) -> Item | None:
        """Find one item; what is withheld and what never was are both None."""
        return next((each for each in self.items if each.reference == reference), None)

    def months(self) -> tuple[Month, ...]:
        """Count by month, from the first of the period to the last, with the empty ones."""
        counts: dict[date, int] = {}
        at, last = self.since.replace(day=1), self.as_of.date().replace(day=1)
        while at <= last:
            counts[at] = 0
            at = (at + timedelta(days=32)).replace(day=1)
        for each in self.items:
            month = each.at.date().replace(day=1)
            counts[month] = counts.get(month, 0) + 1
        return tuple(Month(first=first, count=counts[first]) for first in sorted(counts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A part of the items, and how many parts there are."""

    number: int
    pages: int
    items: tuple[Item, ...]


def answer_of(
    looks: Sequence[Look],
    rules: Rules,
    *,
    empty: Answer,
    investigated: Sequence[Spell] = (),
) -> Answer:
    """Put the looks at one citizen into an answer, newest first; `empty` says for whom and over what time."""
    shown = [
        each for each in looks if each.at.date() >= empty.since and not is_withheld(each, rules, investigated)
    ]
    shown.sort(key=lambda each: (each.at, each.reference), reverse=True)
    return replace(empty, items=tuple(_item(each, rules) for each in shown))


def page_of(answer: Answer, number: int) -> Page:
    """Give one page; a number that is none gives the nearest."""
    pages = max(1, -(-len(answer.items) // PAGE))
    here = min(max(1, number), pages)
    return Page(number=here, pages=pages, items=answer.items[(here - 1) * PAGE : here * PAGE])


def _item(look: Look, rules: Rules) -> Item:
    activity: Activity | None = activity_at(rules, look.activity, look.at)
    explained = look.is_explained
    known = activity if explained else None
    is_large = look.department in rules.departments
    return Item(
        reference=look.reference,
        at=look.at,
        why=look.why if explained else Why.UNKNOWN,
        about=look.about if explained else "",
        department=look.department if explained and is_large else "",
        fields=look.fields,
        register=look.register,
        activity=known.key if known else "",
        activity_name=known.name if known else "",
        purpose=known.purpose if known else "",
        law=known.law if known else "",
        legal_basis=known.legal_basis if known else "",
        on_behalf=known.on_behalf if known else "",
        answer_by=None if explained else (look.known_at + ANSWER_WITHIN).date(),
    )
