# SPDX-License-Identifier: EUPL-1.2
"""What Veldhaven consists of: teams, registers, types of zaak, processing activities and the fixed cast.

Only lists; knows no numbers drawn and no dates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A kind of team: how many of every fifty staff, what most are called, where they look and why."""

    name: str
    weight: int
    role: str
    register: str = "klantbeeld"
    activity: str = "VA-11"


@dataclass(frozen=True, slots=True, kw_only=True)
class Zaaktype:
    """A type of zaak: who does it, how many arrive per member and working day, and how it goes."""

    name: str
    team: str
    rate: float
    steps: float  # mean number of steps
    gap: float  # mean working days between steps
    looks: float  # mean looks per step
    related: float  # share of looks at somebody of the household
    register: str
    activity: str
    channels: tuple[float, float, float, float]  # counter, call, post, portal
    queue: float = 0.0  # share that begins in the queue of the team
    appointment: float = 0.0  # share of steps done in an appointment


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A register that is looked in: the system that reports the look, and which fields it shows."""

    name: str
    source: str
    fields: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """An entry of the register of processing activities."""

    key: str
    name: str
    purpose: str
    legal_basis: str
    law: str
    categories: str
    owner: str
    retention_period: int  # days


@dataclass(frozen=True, slots=True, kw_only=True)
class CastMember:
    """Somebody who is in every town: an identifier, an invented name and one line."""

    key: str
    name: str
    line: str


TEAMS = (
    Team(
        name="burgerzaken",
        weight=7,
        role="medewerker burgerzaken",
        register="basisregistratie personen",
        activity="VA-01",
    ),
    Team(name="klantcontactcentrum", weight=7, role="medewerker klantcontact"),
    Team(
        name="belastingen",
        weight=7,
        role="medewerker belastingen",
        register="belastingregister",
        activity="VA-02",
    ),
    Team(
        name="maatschappelijke ondersteuning",
        weight=6,
        role="consulent",
        register="sociaal dossier",
        activity="VA-03",
    ),
    Team(
        name="werk en inkomen",
        weight=5,
        role="inkomensconsulent",
        register="sociaal dossier",
        activity="VA-04",
    ),
    Team(
        name="jeugd en onderwijs",
        weight=3,
        role="jeugdconsulent",
        register="sociaal dossier",
        activity="VA-05",
    ),
    Team(name="vergunningen", weight=4, role="vergunningverlener", register="zaaksysteem", activity="VA-06"),
    Team(name="handhaving", weight=3, role="handhaver", register="zaaksysteem", activity="VA-07"),
    Team(
        name="bezwaar en beroep",
        weight=2,
        role="juridisch medewerker",
        register="zaaksysteem",
        activity="VA-08",
    ),
    Team(name="documentbeheer", weight=2, role="medewerker post"),
    Team(name="ICT", weight=2, role="beheerder", register="zaaksysteem", activity="VA-09"),
    Team(name="staf", weight=2, role="adviseur", register="zaaksysteem", activity="VA-10"),
)

TEAM = {each.name: position for position, each in enumerate(TEAMS)}

REGISTERS = (
    Register(name="basisregistratie personen", source="burgerzaken", fields="naam,adres,geboortedatum,gezin"),
    Register(name="belastingregister", source="belastingen", fields="naam,adres,aanslag,betaling"),
    Register(name="sociaal dossier", source="sociaal", fields="naam,adres,inkomen,voorziening,verslag"),
    Register(name="zaaksysteem", source="zaken", fields="naam,zaak,documenten"),
    Register(name="klantbeeld", source="klantbeeld", fields="naam,adres,telefoon,lopende zaken"),
    Register(name="kentekenregister", source="kentekens", fields="kenteken,houder,adres,rijbewijsfoto"),
)

REGISTER = {each.name: position for position, each in enumerate(REGISTERS)}

SEARCH_KEYS = ("bsn", "name", "address", "plate", "zaak", "list", "other")
SEARCH_KEY = {each: position for position, each in enumerate(SEARCH_KEYS)}

CHANNELS = ("counter", "call", "post", "portal")

_DRAWN = """
| name                     | rate | steps | gap | looks | home | desk | call | post | web  | queue | met  |
burgerzaken
| verhuizing               | 0.55 | 1.6   | 1.5 | 1.8   | 0.22 | 0.2  | 0.05 | 0.1  | 0.65 | 0.4   | 0    |
| reisdocument             | 0.55 | 2     | 4   | 1.6   | 0.03 | 0.85 | 0    | 0    | 0.15 | 0     | 0    |
| uittreksel               | 0.3  | 1     | 1   | 1.4   | 0.05 | 0.3  | 0.1  | 0.1  | 0.5  | 0.5   | 0    |
| naturalisatie            | 0.05 | 4.5   | 7   | 2.6   | 0.12 | 0.8  | 0    | 0.1  | 0.1  | 0     | 0.2  |
belastingen
| kwijtschelding           | 0.45 | 2.4   | 4   | 2.4   | 0.15 | 0.05 | 0.15 | 0.3  | 0.5  | 0.3   | 0    |
| bezwaar tegen WOZ-waarde | 0.4  | 2.8   | 6   | 2.2   | 0.04 | 0    | 0.05 | 0.35 | 0.6  | 0.2   | 0    |
| betalingsregeling        | 0.4  | 2     | 5   | 2     | 0.06 | 0.05 | 0.55 | 0.1  | 0.3  | 0     | 0    |
maatschappelijke ondersteuning
| hulp in huis             | 0.45 | 3.4   | 5   | 2.5   | 0.16 | 0.1  | 0.35 | 0.25 | 0.3  | 0     | 0.18 |
| parkeerkaart             | 0.25 | 2.2   | 5   | 1.9   | 0.03 | 0.2  | 0.2  | 0.3  | 0.3  | 0     | 0    |
werk en inkomen
| bijstand                 | 0.4  | 3.8   | 3   | 2.8   | 0.2  | 0.15 | 0.2  | 0.15 | 0.5  | 0     | 0.15 |
| bijzondere bijstand      | 0.35 | 2.2   | 4   | 2.2   | 0.1  | 0.1  | 0.2  | 0.3  | 0.4  | 0.25  | 0    |
jeugd en onderwijs
| jeugdhulp                | 0.4  | 3.6   | 5   | 2.6   | 0.3  | 0.05 | 0.4  | 0.25 | 0.3  | 0     | 0.15 |
| leerplicht               | 0.35 | 2.2   | 4   | 2     | 0.3  | 0    | 0.3  | 0.3  | 0.4  | 0     | 0    |
vergunningen
| omgevingsvergunning      | 0.45 | 4.2   | 6   | 1.9   | 0.02 | 0.05 | 0.05 | 0.15 | 0.75 | 0     | 0    |
| parkeervergunning        | 0.6  | 1.3   | 2   | 1.8   | 0.05 | 0.1  | 0.1  | 0.1  | 0.7  | 0.5   | 0    |
handhaving
| melding overlast         | 0.6  | 2.2   | 3   | 1.9   | 0.1  | 0.05 | 0.5  | 0.05 | 0.4  | 0     | 0    |
| bestuurlijke boete       | 0.3  | 3     | 6   | 2     | 0.04 | 0    | 0.1  | 0.7  | 0.2  | 0     | 0    |
bezwaar en beroep
| bezwaarschrift           | 0.55 | 4     | 7   | 2.2   | 0.05 | 0    | 0    | 0.6  | 0.4  | 0     | 0    |
ICT
| storing bij een dossier  | 0.5  | 1.5   | 1   | 1.3   | 0    | 0    | 0.6  | 0    | 0.4  | 0.6   | 0    |
staf
| inzageverzoek            | 0.3  | 3     | 6   | 2.2   | 0.02 | 0.05 | 0    | 0.45 | 0.5  | 0     | 0    |
"""
"""Types of zaak under the team that does them. For each: arrivals per member and working day, mean steps,
mean working days between steps, mean looks per step, share of looks at somebody of the household, the ways it
comes in, the share that begins in the queue of the team, and the share of steps done in an appointment."""


def _zaaktypes(drawn: str) -> Iterator[Zaaktype]:
    team = ""
    for line in drawn.strip().splitlines()[1:]:
        if not line.startswith("|"):
            team = line
            continue
        name, *cells = (cell.strip() for cell in line.strip("| ").split("|"))
        rate, steps, gap, looks, home, desk, call, post, web, queue, met = map(float, cells)
        yield Zaaktype(
            name=name,
            team=team,
            rate=rate,
            steps=steps,
            gap=gap,
            looks=looks,
            related=home,
            register=TEAMS[TEAM[team]].register,
            activity=TEAMS[TEAM[team]].activity,
            channels=(desk, call, post, web),
            queue=queue,
            appointment=met,
        )


ZAAKTYPES = tuple(_zaaktypes(_DRAWN))

BY_PLATE = {"parkeervergunning": 0.35, "bestuurlijke boete": 0.4, "melding overlast": 0.15}
"""Share of the looks at a step that go into the register of plates, for the types of zaak about vehicles."""

PLATE_TEAMS = ("vergunningen", "handhaving")

STEP_KINDS = (
    "intake beoordelen",
    "gegevens aanvullen",
    "onderzoek",
    "advies",
    "besluit voorbereiden",
    "besluit",
)

CONTACT_ACTIVITY = "VA-11"
BATCH_ACTIVITY = "VA-12"

_REGISTERED = """
VA-01 | Bijhouding basisregistratie personen | persoonsgegevens bijhouden en documenten afgeven | e | 3650
      | Wet BRP art. 2.1; Paspoortwet | naam,adres,gezin,reisdocument | hoofd burgerzaken
VA-02 | Gemeentelijke belastingen | belasting opleggen, innen en kwijtschelden | e | 2555
      | Gemeentewet art. 216 | naam,adres,woning,betaling | hoofd belastingen
VA-03 | Maatschappelijke ondersteuning | voorzieningen toekennen | e | 5475
      | Wmo 2015 art. 2.3.2 | naam,adres,voorziening | hoofd sociaal domein
VA-04 | Inkomensondersteuning | bijstand beoordelen en uitkeren | e | 3650
      | Participatiewet art. 11 | naam,adres,inkomen,gezin | hoofd sociaal domein
VA-05 | Jeugd en onderwijs | jeugdhulp en leerplicht | e | 5475
      | Jeugdwet art. 2.3; Leerplichtwet art. 16 | naam,adres,gezin,school | hoofd sociaal domein
VA-06 | Vergunningen | vergunningen beoordelen | c | 3650
      | Omgevingswet art. 5.1 | naam,adres,perceel | hoofd ruimte
VA-07 | Toezicht en handhaving | toezien op regels in de openbare ruimte | e | 1825
      | Awb titel 5.2 | naam,adres,melding | hoofd ruimte
VA-08 | Bezwaar en beroep | bezwaren behandelen | c | 3650
      | Awb hoofdstuk 7 | naam,adres,besluit | hoofd juridische zaken
VA-09 | Beheer van systemen | storingen oplossen | f | 365
      | AVG art. 32 | naam,dossier | hoofd ICT
VA-10 | Rechten van betrokkenen | verzoeken om inzage beantwoorden | c | 1825
      | AVG art. 15 | naam,adres,raadplegingen | functionaris gegevensbescherming
VA-11 | Klantcontact | vragen beantwoorden en afspraken maken | e | 730
      | Awb art. 2:3 | naam,adres,lopende zaken | hoofd dienstverlening
VA-12 | Nachtelijke gegevenslevering | wijzigingen doorgeven aan eigen systemen | e | 365
      | Wet BRP art. 1.7 | naam,adres | hoofd ICT
"""
"""The register of processing activities, two lines an entry: key, name, purpose, legal basis, days kept; then
law, categories and owner."""


def _activities(registered: str) -> Iterator[Activity]:
    lines = [[cell.strip() for cell in line.split("|")] for line in registered.strip().splitlines()]
    for (key, name, purpose, basis, days), (_, law, categories, owner) in zip(
        lines[::2], lines[1::2], strict=True
    ):
        yield Activity(
            key=key,
            name=name,
            purpose=purpose,
            legal_basis=basis,
            law=law,
            categories=categories,
            owner=owner,
            retention_period=int(days),
        )


ACTIVITIES = tuple(_activities(_REGISTERED))

NOT_CONNECTED = ("e-mail", "papier", "archief", "gedeelde schijf", "chat")
"""Systems of the town hall that report nothing; the demo says so beside every share."""

AGENCIES = ("Uitzendpunt Noord", "Detabureau De Brug", "Flexhuis")

SYSTEM_ACCOUNT = "sys-nachtlevering"

CAST = (
    CastMember(
        key="mw-0017", name="Sanne Wiersma", line="inkomensconsulent; behandelt aanvragen voor bijstand"
    ),
    CastMember(
        key="mw-0005", name="Henk Postma", line="teamleider werk en inkomen; bekijkt elke week een steekproef"
    ),
    CastMember(key="mw-0016", name="Noor el Idrissi", line="integriteitsfunctionaris; krijgt de bevindingen"),
    CastMember(
        key="mw-0039",
        name="Bram Koster",
        line="functionaris gegevensbescherming; beantwoordt inzageverzoeken",
    ),
    CastMember(
        key="K-000123", name="Truus van der Meulen", line="inwoner; vroeg bijstand aan en wil weten wie keek"
    ),
    CastMember(
        key="mw-0031", name="Ruud Hoekstra", line="medewerker burgerzaken; kijkt vaker dan zijn werk vraagt"
    ),
)
"""The same six people in every town, test, page and picture; all invented."""


def cast_position(key: str) -> int:
    """Give the row of a member of the cast among the staff or the citizens."""
    return int(key.partition("-")[2]) - 1
