# SPDX-License-Identifier: EUPL-1.2
"""What each fixed figure is called, what it says, and what may be behind a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rekenschap.sql.query import InTwo


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A fixed figure: what it is called, what it says, and what may be behind a change."""

    key: str
    is_share: bool
    title: InTwo
    explanation: InTwo
    causes: tuple[InTwo, ...]


def _indicator(
    key: str, nl: str, en: str, *, share: bool, says: tuple[str, str], causes: Sequence[tuple[str, str]]
) -> Indicator:
    return Indicator(
        key=key,
        is_share=share,
        title=InTwo(nl=nl, en=en),
        explanation=InTwo(nl=says[0], en=says[1]),
        causes=tuple(InTwo(nl=one, en=other) for one, other in causes),
    )


INDICATORS: tuple[Indicator, ...] = (
    _indicator(
        "looks",
        "Aantal raadplegingen",
        "Number of looks",
        share=False,
        says=(
            "Hoe vaak een medewerker deze maand gegevens van iemand bekeek.",
            "How often a member of staff looked at somebody's data this month.",
        ),
        causes=(
            (
                "Er was meer of minder werk, bijvoorbeeld door verkiezingen of aanslagen.",
                "There was more or less work, for instance for elections or tax bills.",
            ),
            ("Een systeem is aangesloten of viel stil.", "A system was connected or fell silent."),
        ),
    ),
    _indicator(
        "explained",
        "Verklaard door werk",
        "Explained by work",
        share=True,
        says=(
            "Bij welk deel wij werk vonden dat de raadpleging verklaart.",
            "For which share we found work that explains the look.",
        ),
        causes=(
            ("Een bron met werk mist of komt te laat.", "A source of work is missing or late."),
            ("Nieuw werk staat nog in geen enkel systeem.", "New work is in no system yet."),
            (
                "Iemand kijkt zonder dat zijn werk erom vraagt.",
                "Somebody looks without work that asks for it.",
            ),
        ),
    ),
    _indicator(
        "other_key",
        "Gezocht op iets anders dan het BSN",
        "Searched by something other than the BSN",
        share=True,
        says=(
            "Bij welk deel is gezocht op naam, adres, kenteken of een lijst.",
            "For which share the search was by name, address, plate or a list.",
        ),
        causes=(
            (
                "Aan de balie of telefoon is het BSN niet bekend.",
                "At the counter or telephone the BSN is unknown.",
            ),
            ("Een werkwijze is veranderd. Vraag het team ernaar.", "A way of working changed. Ask the team."),
            (
                "Iemand zoekt mensen die niet bij zijn werk horen.",
                "Somebody searches people unrelated to work.",
            ),
        ),
    ),
    _indicator(
        "outside_hours",
        "Buiten kantoortijd",
        "Outside office hours",
        share=True,
        says=(
            "Welk deel tussen 19.00 en 06.00 uur of in het weekend was.",
            "Which share was between 19:00 and 06:00 or in the weekend.",
        ),
        causes=(
            (
                "Er was een avondopenstelling of een piekdienst.",
                "There was an evening opening or a peak shift.",
            ),
            ("Mensen werken thuis op andere uren.", "People work other hours at home."),
            ("Iemand kijkt op uren dat collega's er niet zijn.", "Somebody looks when colleagues are away."),
        ),
    ),
    _indicator(
        "most_looked_at",
        "Meest bekeken persoon",
        "Most viewed citizen",
        share=False,
        says=(
            "Hoe vaak de meest bekeken persoon is bekeken.",
            "How often the most viewed citizen was looked at.",
        ),
        causes=(
            ("Deze persoon heeft veel lopende zaken.", "This citizen has many zaken going on."),
            ("Deze persoon was in het nieuws.", "This citizen was in the news."),
            (
                "Er is een testpersoon gebruikt in het echte systeem.",
                "A test person was used in the real system.",
            ),
        ),
    ),
    _indicator(
        "per_person",
        "Raadplegingen per actieve medewerker",
        "Looks per active member of staff",
        share=False,
        says=(
            "Hoe vaak een medewerker die keek, gemiddeld keek.",
            "How often a member of staff who looked did so on average.",
        ),
        causes=(
            ("Het werk is over minder of meer mensen verdeeld.", "Work was shared by fewer or more people."),
            ("Iemand haalt lijsten op in plaats van één persoon.", "Somebody fetches lists, not one person."),
        ),
    ),
    _indicator(
        "most_looking",
        "Meeste raadplegingen door één medewerker",
        "Most looks by one member of staff",
        share=False,
        says=(
            "Hoe vaak de medewerker keek die het vaakst keek.",
            "How often the member of staff looked who looked most.",
        ),
        causes=(
            ("Iemand deed een project of een grote controle.", "Somebody did a project or a large check."),
            ("Meer mensen werken onder één account.", "Several people work under one account."),
            ("Iemand opent veel dossiers achter elkaar.", "Somebody opens many files in a row."),
        ),
    ),
    _indicator(
        "refused",
        "Afgebroken vragen",
        "Broken-off questions",
        share=False,
        says=(
            "Hoe vaak een systeem een vraag weigerde omdat het mandaat ontbrak.",
            "How often a system refused a question for want of a mandate.",
        ),
        causes=(
            (
                "Rechten zijn veranderd en nog niet bekend bij het team.",
                "Rights changed and the team does not know.",
            ),
            (
                "Iemand probeert gegevens buiten het eigen werk.",
                "Somebody tries data outside their own work.",
            ),
        ),
    ),
)
"""The fixed figures, in the order of the report."""
