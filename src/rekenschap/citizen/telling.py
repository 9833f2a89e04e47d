# SPDX-License-Identifier: EUPL-1.2
"""From an answer to sentences in Dutch or English; what pages, files and letters say is said here once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rekenschap.citizen.answer import Answer, Item
from rekenschap.citizen.look import Activity, Why
from rekenschap.citizen.words_en import EN
from rekenschap.citizen.words_nl import NL

LANGUAGES: Mapping[str, Mapping[str, str]] = {"nl": NL, "en": EN}
ZONE = ZoneInfo("Europe/Amsterdam")
_MONTHS = {
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
           "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One item in words."""

    reference: str
    heading: str
    promise: str
    """for what is not explained: when an answer comes"""
    moment: str
    who: str
    behalf: str
    fields: str
    register: str
    law: str
    purpose: str
    is_explained: bool

    def rows(self, say: Telling) -> tuple[tuple[str, str], ...]:
        """Give it as questions and answers, in the order of the page; without those that have none."""
        told = (
            (say("who"), self.who), (say("behalf"), self.behalf), (say("what"), self.fields),
            (say("where"), self.register), (say("goal"), self.purpose), (say("law"), self.law),
        )  # fmt: skip
        return tuple((name, value) for name, value in told if value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """The sentences of one language."""

    language: str

    @classmethod
    def in_language(cls, language: str) -> Telling:
        """Give the telling of a language; of another than those we know, Dutch."""
        return cls(language=language if language in LANGUAGES else "nl")

    def __call__(self, key: str, **given: object) -> str:
        """Give a sentence with its gaps filled."""
        return LANGUAGES[self.language][key].format(**given)

    def day(self, at: date) -> str:
        """Write a day: `12 november 2026`."""
        return f"{at.day} {_MONTHS[self.language][at.month - 1]} {at.year}"

    def moment(self, at: datetime) -> str:
        """Write a moment by the clock of the organisation: `12 november 2026, 10:20`."""
        here = at.astimezone(ZONE)
        return f"{self.day(here.date())}, {here:%H:%M}"

    def month(self, first: date, *, short: bool = False) -> str:
        """Write a month."""
        name = _MONTHS[self.language][first.month - 1]
        if short:
            return "mrt" if name == "maart" else name[:3]
        return f"{name} {first.year}"

    def listed(self, parts: Sequence[str]) -> str:
        """Join words as a sentence does: `naam, adres en geboortedatum`."""
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self('and')} {parts[-1]}"

    def item(self, item: Item, answer: Answer) -> Told:
        """Put one item into words."""
        fields = self.listed(item.fields)
        return Told(
            reference=item.reference,
            heading=self._heading(item),
            promise="" if item.answer_by is None else self._promise(item.answer_by, answer),
            moment=self.moment(item.at),
            who=self._who(item, answer),
            behalf=(item.on_behalf or answer.organisation) if item.is_explained else "",
            fields=_capital(fields) or self("what_none"),
            register=_capital(item.register),
            law=self.law(item.law, item.legal_basis) if item.is_explained else "",
            purpose=_capital(item.purpose),
            is_explained=item.is_explained,
        )

    def summary(self, answer: Answer) -> tuple[str, ...]:
        """Give the answer in two sentences or three."""
        many, since = len(answer.items), self.day(answer.since)
        if not many:
            return (self("none", since=since),)
        counted = self("count_one" if many == 1 else "count_many", since=since, many=many)
        if not answer.unexplained:
            return counted, self("known_one" if many == 1 else "known_all")
        if not answer.explained:
            return counted, self("known_none")
        return counted, self("known_some", many=answer.explained), self("open_some", many=answer.unexplained)

    def hidden(self) -> tuple[str, ...]:
        """Say what is not shown and why: the same words for everybody."""
        return tuple(self(key) for key in ("hidden_first", "hidden_later", "hidden_names", "hidden_systems"))

    def _heading(self, item: Item) -> str:
        if item.why is Why.ZAAK and item.about:
            return self("why_zaak_about", about=item.about)
        return self(f"why_{item.why}")

    def _who(self, item: Item, answer: Answer) -> str:
        if not item.is_explained:
            return self("who_open")
        if item.why is Why.SYSTEM:
            return self("who_system", organisation=answer.organisation)
        return _capital(item.department or answer.organisation)

    def law(self, law: str, legal_basis: str) -> str:
        """Say under which law something is done, and what kind of ground that is."""
        if not law:
            return self("law_none")
        return f"{law}. {self(f'basis_{legal_basis}')}" if legal_basis in _BASES else law

    def activity(self, activity: Activity, organisation: str) -> tuple[tuple[str, str], ...]:
        """Give an activity of the register as questions and answers; without those that have none."""
        kept = self._kept(activity.retention_days, activity.retention_law)
        told = (
            (self("goal"), _capital(activity.purpose)),
            (self("law"), self.law(activity.law, activity.legal_basis)),
            (self("behalf"), activity.on_behalf or organisation),
            (self("activity_people"), _capital(self.listed(activity.people))),
            (self("what"), _capital(self.listed(activity.categories))),
            (self("activity_recipients"), _capital(self.listed(activity.recipients))),
            (self("activity_transfers"), self.listed(activity.transfers)),
            (self("activity_kept"), kept),
            (self("activity_looks_kept"), self._kept(activity.looks_days, "")),
            (self("activity_key"), activity.key),
        )
        return tuple((name, value) for name, value in told if value)

    def _kept(self, days: int | None, law: str) -> str:
        if days is None:
            return ""
        years = round(days / 365.25)
        whole = bool(years) and abs(days - years * 365) <= years
        many, unit = (years, "years") if whole else (days, "days")
        said = self(f"{unit}_one" if many == 1 else f"{unit}_many", many=many)
        return f"{said} ({law})" if law else said

    def _promise(self, by: date, answer: Answer) -> str:
        late = by < answer.as_of.astimezone(ZONE).date()
        return self("answer_late" if late else "answer_by", day=self.day(by))


_BASES = frozenset("abcdef")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
