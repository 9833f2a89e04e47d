# SPDX-License-Identifier: EUPL-1.2
"""One row of the weekly alerts as people read it: whom it is about, its line, and its terms.

Decides nothing and counts nothing; a row of a device or an address is about nobody, and gives nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from rekenschap.detect.telling.channels import Words, words_of
from rekenschap.detect.words import number_en, number_nl, short, span_en, span_nl
from rekenschap.model.finding import Term
from rekenschap.model.ids import Pseudonym
from rekenschap.sql.query import InTwo

_PERSON = {"staff": "staff", "account": "staff", "subject": "subject", "household": "subject"}
"""Whom an alert of each domain is about; a household is called by one of those who live there."""

_DONE = {
    "looks": ("{who} bekeek {span} {count} keer gegevens", "{who} looked {count} times {span}"),
    "sent": (
        "{who} liet {span} {count} keer gegevens naar buiten gaan",
        "{who} sent data out {count} times {span}",
    ),
    "staff": ("{count} medewerkers bekeken {who} {span}", "{count} members of staff looked at {who} {span}"),
    "accounts": ("{count} accounts werkten {span}", "{count} accounts were at work {span}"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An alert in words. `terms` sum to the score of the row."""

    about: Pseudonym
    words: Words
    line: InTwo
    terms: tuple[Term, ...]
    score: float
    week: int
    days: int
    looks: tuple[int, ...]


def told_of(row: dict[str, object]) -> Told | None:
    """Tell a row of `ALERTS`; None when it is about no person."""
    domain = _PERSON.get(str(row["domain"]))
    if domain is None:
        return None
    about = Pseudonym(domain=domain, hi=_whole(row["about"]))
    words, days = words_of(str(row["channel"])), _whole(row["window_days"])
    looks = row["look"]
    assert isinstance(looks, list)  # noqa: S101 - a column of lists
    line = _line(words, about, row, days)
    return Told(
        about=about, words=words, line=line, terms=_terms(row, words, days), score=_number(row["score"]),
        week=_whole(row["week"]), days=days, looks=tuple(looks),
    )  # fmt: skip


def _line(words: Words, about: Pseudonym, row: dict[str, object], days: int) -> InTwo:
    count, usual, who = _whole(row["count"]), _number(row["usual"]), short(about.domain, about.hi)
    done_nl, done_en = _DONE[words.counts]
    nl = done_nl.format(who=who, count=count, span=span_nl(days))
    en = done_en.format(who=who, count=count, span=span_en(days))
    return InTwo(
        nl=f"{nl}, {words.sentence.nl}. Gewoonlijk is dat {number_nl(usual)}.",
        en=f"{en}, {words.sentence.en}. Usually it is {number_en(usual)}.",
    )


def _terms(row: dict[str, object], words: Words, days: int) -> tuple[Term, ...]:
    """Give what the count weighs, and (against) what it costs that all were asked; together the score."""
    score, p = _number(row["score"]), _number(row["p"])
    alone = -log(p) if p > 0 else score
    count, usual = _whole(row["count"]), _number(row["usual"])
    stands_out = Term(
        name="stands_out",
        value=alone,
        nl=f"{words.title.nl}: {count} {span_nl(days)}; gewoonlijk {number_nl(usual)}",
        en=f"{words.title.en}: {count} {span_en(days)}; usually {number_en(usual)}",
    )
    if alone == score:
        return (stands_out,)
    price = Term(
        name="tests_done",
        value=score - alone,
        nl="wij vroegen dit die week over iedereen, dan valt eerder iets op",
        en="we asked this of everybody that week, so chance has a hand",
    )
    return stands_out, price


def _whole(value: object) -> int:
    assert isinstance(value, int)  # noqa: S101 - a column of whole numbers
    return value


def _number(value: object) -> float:
    assert isinstance(value, float)  # noqa: S101 - a column of numbers
    return value
