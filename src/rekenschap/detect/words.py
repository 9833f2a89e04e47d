# SPDX-License-Identifier: EUPL-1.2
"""The words of a finding: what was seen, what was searched, and one line for each term; Dutch first.

Knows numbers and short names only. It says *unexplained*, never why: that is for people to find out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rekenschap.detect.scan import Standing
from rekenschap.model.finding import Sentences
from rekenschap.model.ids import Pseudonym


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """A ground that was searched, with the words for it as they stand after "we searched for"."""

    ground: str
    nl: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the looks behind a finding add to its words."""

    subjects: int
    weak_looks: int
    days: int
    repeats: tuple[tuple[int, int], ...] = ()
    """Other subjects that were come back to: token and number of days."""


def sentences(standing: Standing, seen: Seen, searched: Sequence[Searched]) -> Sentences:
    """Give the two sentences of a finding in both languages."""
    seen_nl, seen_en = _SEEN[standing.rule](standing, seen)
    return Sentences(nl=(seen_nl, _searched_nl(seen, searched)), en=(seen_en, _searched_en(seen, searched)))


def span_nl(days: int) -> str:
    """Say a window in Dutch: `op één dag`, `in 6 weken`."""
    if days < 28 and days % 7:
        return "op één dag" if days == 1 else f"in {days} dagen"
    return "in één week" if days == 7 else f"in {-(-days // 7)} weken"


def span_en(days: int) -> str:
    """Say a window in English: `on one day`, `in 6 weeks`."""
    if days < 28 and days % 7:
        return "on one day" if days == 1 else f"in {days} days"
    return "in one week" if days == 7 else f"in {-(-days // 7)} weeks"


def number_en(value: float) -> str:
    """Write a mean as people say it: whole from ten up, one decimal below, never a row of zeros."""
    if value < 0.1:
        return "fewer than 0.1"
    return f"{value:.0f}" if value >= 10 or abs(value - round(value)) < 0.05 else f"{value:.1f}"


def number_nl(value: float) -> str:
    """Write a mean in Dutch, with a comma."""
    return number_en(value).replace("fewer than", "minder dan").replace(".", ",")


def short(domain: str, hi: int) -> str:
    """Give the short name of a token."""
    return Pseudonym(domain=domain, hi=hi).short


_NL = "zonder dat wij er werk bij vonden"
_EN = "without work that we could find"


def _by_staff(standing: Standing, seen: Seen) -> tuple[str, str]:
    name, usual = short("staff", standing.about), standing.expected
    whom_nl, whom_en = people_nl(standing.count), f"at {people_en(standing.count)}"
    if seen.subjects != standing.count:
        whom_nl = f"{standing.count} keer gegevens van samen {people_nl(seen.subjects)}"
        whom_en = f"{standing.count} times at {people_en(seen.subjects)} in all"
    peers_nl = "collega's" if standing.borrowed else "collega's met dezelfde functie"
    peers_en = "colleagues" if standing.borrowed else "colleagues in the same role"
    nl = (
        f"{name} bekeek {span_nl(seen.days)} {whom_nl} {_NL}; {peers_nl} deden dat "
        f"bij evenveel raadplegingen gemiddeld {number_nl(usual)} keer{_again_nl(seen)}."
    )
    en = (
        f"{name} looked {span_en(seen.days)} {whom_en} {_EN}; {peers_en} did so "
        f"{number_en(usual)} times on average with as many looks{_again_en(seen)}."
    )
    return nl, en


def _by_subject(standing: Standing, seen: Seen) -> tuple[str, str]:
    name, usual = short("subject", standing.about), standing.expected
    nl = (
        f"{standing.count} medewerkers bekeken {name} {span_nl(seen.days)} {_NL}; "
        f"bij andere personen die door evenveel medewerkers zijn bekeken, gemiddeld {number_nl(usual)}."
    )
    en = (
        f"{standing.count} members of staff looked at {name} {span_en(seen.days)} {_EN}; "
        f"for other people seen by as many, {number_en(usual)} on average."
    )
    return nl, en


def _repeats(standing: Standing, seen: Seen) -> tuple[str, str]:
    name, whom, usual = short("staff", standing.about), short("subject", standing.other), standing.expected
    others = int(standing.exposure) - standing.count
    met, known = (f" en op {others} met", f" and on {others} with") if others else ("", "")
    nl = (
        f"{name} bekeek {whom} {span_nl(seen.days)} op {standing.count} verschillende dagen {_NL}{met}; "
        f"bij collega's is dat gemiddeld {number_nl(usual)}{_again_nl(seen)}."
    )
    en = (
        f"{name} looked at {whom} on {standing.count} different days {span_en(seen.days)} {_EN}{known}; "
        f"for colleagues it is {number_en(usual)} on average{_again_en(seen)}."
    )
    return nl, en


_SEEN = {
    "unexplained_by_staff": _by_staff,
    "unexplained_by_subject": _by_subject,
    "unexplained_repeats": _repeats,
}


def _again_nl(seen: Seen) -> str:
    if len(seen.repeats) > 1:
        return f"; ook {len(seen.repeats)} personen op meer dagen"
    return "".join(f"; ook {short('subject', whom)} op {days} dagen" for whom, days in seen.repeats)


def _again_en(seen: Seen) -> str:
    if len(seen.repeats) > 1:
        return f"; also {len(seen.repeats)} people on several days"
    return "".join(f"; also {short('subject', whom)} on {days} days" for whom, days in seen.repeats)


def people_nl(count: int) -> str:
    """Count people in Dutch."""
    return "1 persoon" if count == 1 else f"{count} personen"


def people_en(count: int) -> str:
    """Count people in English."""
    return "1 person" if count == 1 else f"{count} people"


def _searched_nl(seen: Seen, searched: Sequence[Searched]) -> str:
    grounds = _listed([each.nl for each in searched], "en")
    if not grounds:
        return "Wij hadden geen gegevens over werk om in te zoeken."
    weak = seen.weak_looks
    where = "één raadpleging" if weak == 1 else f"{weak} raadplegingen"
    rest = f"; bij {where} vonden wij alleen een zwakke aanwijzing" if weak else ""
    return f"Wij zochten naar: {grounds}, en vonden niets{' dat genoeg zegt' if weak else ''}{rest}."


def _searched_en(seen: Seen, searched: Sequence[Searched]) -> str:
    grounds = _listed([each.en for each in searched], "and")
    if not grounds:
        return "We had no records of work to search."
    weak = seen.weak_looks
    rest = f"; for {weak} {'look' if weak == 1 else 'looks'} we found only a weak indication" if weak else ""
    return f"We searched for: {grounds}, and found nothing{' that says enough' if weak else ''}{rest}."


def _listed(names: list[str], last: str) -> str:
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
