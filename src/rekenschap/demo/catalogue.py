# SPDX-License-Identifier: EUPL-1.2
"""What Veldhaven consists of: teams, registers, types of zaak, processing activities and the fixed cast.

Only lists; knows no numbers drawn and no dates.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A kind of team: how many of every fifty members of staff are in it, and what most of them are called."""

    name: str
    weight: int
    role: str


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
    Team(name="burgerzaken", weight=7, role="medewerker burgerzaken"),
    Team(name="klantcontactcentrum", weight=7, role="medewerker klantcontact"),
    Team(name="belastingen", weight=7, role="medewerker belastingen"),
    Team(name="maatschappelijke ondersteuning", weight=6, role="consulent"),
    Team(name="werk en inkomen", weight=5, role="inkomensconsulent"),
    Team(name="jeugd en onderwijs", weight=3, role="jeugdconsulent"),
    Team(name="vergunningen", weight=4, role="vergunningverlener"),
    Team(name="handhaving", weight=3, role="handhaver"),
    Team(name="bezwaar en beroep", weight=2, role="juridisch medewerker"),
    Team(name="documentbeheer", weight=2, role="medewerker post"),
    Team(name="ICT", weight=2, role="beheerder"),
    Team(name="staf", weight=2, role="adviseur"),
)

TEAM = {each.name: position for position, each in enumerate(TEAMS)}

REGISTERS = (
    Register(name="basisregistratie personen", source="burgerzaken", fields="naam,adres,geboortedatum,gezin"),
    Register(name="belastingregister", source="belastingen", fields="naam,adres,aanslag,betaling"),
    Register(name="sociaal dossier", source="sociaal", fields="naam,adres,inkomen,voorziening,verslag"),
    Register(name="zaaksysteem", source="zaken", fields="naam,zaak,documenten"),
    Register(name="klantbeeld", source="klantbeeld", fields="naam,adres,telefoon,lopende zaken"),
)

REGISTER = {each.name: position for position, each in enumerate(REGISTERS)}

SEARCH_KEYS = ("bsn", "name", "address", "plate", "zaak", "list", "other")
SEARCH_KEY = {each: position for position, each in enumerate(SEARCH_KEYS)}

CHANNELS = ("counter", "call", "post", "portal")

_BRP, _TAX, _SOCIAL, _ZAKEN = (REGISTERS[each].name for each in range(4))

ZAAKTYPES = (
    Zaaktype(name="verhuizing", team="burgerzaken", rate=0.55, steps=1.6, gap=1.5, looks=1.8, related=0.22,
             register=_BRP, activity="VA-01", channels=(0.2, 0.05, 0.1, 0.65), queue=0.4),
    Zaaktype(name="reisdocument", team="burgerzaken", rate=0.55, steps=2.0, gap=4, looks=1.6, related=0.03,
             register=_BRP, activity="VA-01", channels=(0.85, 0, 0, 0.15)),
    Zaaktype(name="uittreksel", team="burgerzaken", rate=0.3, steps=1.0, gap=1, looks=1.4, related=0.05,
             register=_BRP, activity="VA-01", channels=(0.3, 0.1, 0.1, 0.5), queue=0.5),
    Zaaktype(name="naturalisatie", team="burgerzaken", rate=0.05, steps=4.5, gap=7, looks=2.6, related=0.12,
             register=_BRP, activity="VA-01", channels=(0.8, 0, 0.1, 0.1), appointment=0.2),
    Zaaktype(name="kwijtschelding", team="belastingen", rate=0.45, steps=2.4, gap=4, looks=2.4, related=0.15,
             register=_TAX, activity="VA-02", channels=(0.05, 0.15, 0.3, 0.5), queue=0.3),
    Zaaktype(name="bezwaar tegen WOZ-waarde", team="belastingen", rate=0.4, steps=2.8, gap=6, looks=2.2, related=0.04,
             register=_TAX, activity="VA-02", channels=(0, 0.05, 0.35, 0.6), queue=0.2),
    Zaaktype(name="betalingsregeling", team="belastingen", rate=0.4, steps=2.0, gap=5, looks=2.0, related=0.06,
             register=_TAX, activity="VA-02", channels=(0.05, 0.55, 0.1, 0.3)),
    Zaaktype(name="hulp in huis", team="maatschappelijke ondersteuning", rate=0.45, steps=3.4, gap=5, looks=2.5,
             related=0.16, register=_SOCIAL, activity="VA-03", channels=(0.1, 0.35, 0.25, 0.3), appointment=0.18),
    Zaaktype(name="parkeerkaart", team="maatschappelijke ondersteuning", rate=0.25, steps=2.2, gap=5, looks=1.9,
             related=0.03, register=_SOCIAL, activity="VA-03", channels=(0.2, 0.2, 0.3, 0.3)),
    Zaaktype(name="bijstand", team="werk en inkomen", rate=0.4, steps=3.8, gap=3, looks=2.8, related=0.2,
             register=_SOCIAL, activity="VA-04", channels=(0.15, 0.2, 0.15, 0.5), appointment=0.15),
    Zaaktype(name="bijzondere bijstand", team="werk en inkomen", rate=0.35, steps=2.2, gap=4, looks=2.2, related=0.1,
             register=_SOCIAL, activity="VA-04", channels=(0.1, 0.2, 0.3, 0.4), queue=0.25),
    Zaaktype(name="jeugdhulp", team="jeugd en onderwijs", rate=0.4, steps=3.6, gap=5, looks=2.6, related=0.3,
             register=_SOCIAL, activity="VA-05", channels=(0.05, 0.4, 0.25, 0.3), appointment=0.15),
    Zaaktype(name="leerplicht", team="jeugd en onderwijs", rate=0.35, steps=2.2, gap=4, looks=2.0, related=0.3,
             register=_SOCIAL, activity="VA-05", channels=(0, 0.3, 0.3, 0.4)),
    Zaaktype(name="omgevingsvergunning", team="vergunningen", rate=0.45, steps=4.2, gap=6, looks=1.9, related=0.02,
             register=_ZAKEN, activity="VA-06", channels=(0.05, 0.05, 0.15, 0.75)),
    Zaaktype(name="parkeervergunning", team="vergunningen", rate=0.6, steps=1.3, gap=2, looks=1.8, related=0.05,
             register=_ZAKEN, activity="VA-06", channels=(0.1, 0.1, 0.1, 0.7), queue=0.5),
    Zaaktype(name="melding overlast", team="handhaving", rate=0.6, steps=2.2, gap=3, looks=1.9, related=0.1,
             register=_ZAKEN, activity="VA-07", channels=(0.05, 0.5, 0.05, 0.4)),
    Zaaktype(name="bestuurlijke boete", team="handhaving", rate=0.3, steps=3.0, gap=6, looks=2.0, related=0.04,
             register=_ZAKEN, activity="VA-07", channels=(0, 0.1, 0.7, 0.2)),
    Zaaktype(name="bezwaarschrift", team="bezwaar en beroep", rate=0.55, steps=4.0, gap=7, looks=2.2, related=0.05,
             register=_ZAKEN, activity="VA-08", channels=(0, 0, 0.6, 0.4)),
    Zaaktype(name="storing bij een dossier", team="ICT", rate=0.5, steps=1.5, gap=1, looks=1.3, related=0,
             register=_ZAKEN, activity="VA-09", channels=(0, 0.6, 0, 0.4), queue=0.6),
    Zaaktype(name="inzageverzoek", team="staf", rate=0.3, steps=3.0, gap=6, looks=2.2, related=0.02,
             register=_ZAKEN, activity="VA-10", channels=(0.05, 0, 0.45, 0.5)),
)  # fmt: skip

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

ACTIVITIES = (
    Activity(key="VA-01", name="Bijhouding basisregistratie personen", purpose="persoonsgegevens bijhouden en documenten afgeven",
             legal_basis="e", law="Wet BRP art. 2.1; Paspoortwet", categories="naam,adres,gezin,reisdocument", owner="hoofd burgerzaken", retention_period=3650),
    Activity(key="VA-02", name="Gemeentelijke belastingen", purpose="belasting opleggen, innen en kwijtschelden",
             legal_basis="e", law="Gemeentewet art. 216", categories="naam,adres,woning,betaling", owner="hoofd belastingen", retention_period=2555),
    Activity(key="VA-03", name="Maatschappelijke ondersteuning", purpose="voorzieningen toekennen",
             legal_basis="e", law="Wmo 2015 art. 2.3.2", categories="naam,adres,voorziening", owner="hoofd sociaal domein", retention_period=5475),
    Activity(key="VA-04", name="Inkomensondersteuning", purpose="bijstand beoordelen en uitkeren",
             legal_basis="e", law="Participatiewet art. 11", categories="naam,adres,inkomen,gezin", owner="hoofd sociaal domein", retention_period=3650),
    Activity(key="VA-05", name="Jeugd en onderwijs", purpose="jeugdhulp en leerplicht",
             legal_basis="e", law="Jeugdwet art. 2.3; Leerplichtwet art. 16", categories="naam,adres,gezin,school", owner="hoofd sociaal domein", retention_period=5475),
    Activity(key="VA-06", name="Vergunningen", purpose="vergunningen beoordelen",
             legal_basis="c", law="Omgevingswet art. 5.1", categories="naam,adres,perceel", owner="hoofd ruimte", retention_period=3650),
    Activity(key="VA-07", name="Toezicht en handhaving", purpose="toezien op regels in de openbare ruimte",
             legal_basis="e", law="Awb titel 5.2", categories="naam,adres,melding", owner="hoofd ruimte", retention_period=1825),
    Activity(key="VA-08", name="Bezwaar en beroep", purpose="bezwaren behandelen",
             legal_basis="c", law="Awb hoofdstuk 7", categories="naam,adres,besluit", owner="hoofd juridische zaken", retention_period=3650),
    Activity(key="VA-09", name="Beheer van systemen", purpose="storingen oplossen",
             legal_basis="f", law="AVG art. 32", categories="naam,dossier", owner="hoofd ICT", retention_period=365),
    Activity(key="VA-10", name="Rechten van betrokkenen", purpose="verzoeken om inzage beantwoorden",
             legal_basis="c", law="AVG art. 15", categories="naam,adres,raadplegingen", owner="functionaris gegevensbescherming", retention_period=1825),
    Activity(key="VA-11", name="Klantcontact", purpose="vragen beantwoorden en afspraken maken",
             legal_basis="e", law="Awb art. 2:3", categories="naam,adres,lopende zaken", owner="hoofd dienstverlening", retention_period=730),
    Activity(key="VA-12", name="Nachtelijke gegevenslevering", purpose="wijzigingen doorgeven aan eigen systemen",
             legal_basis="e", law="Wet BRP art. 1.7", categories="naam,adres", owner="hoofd ICT", retention_period=365),
)  # fmt: skip

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
