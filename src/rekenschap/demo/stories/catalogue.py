# SPDX-License-Identifier: EUPL-1.2
"""Every scenario that can be planted: its key, a line in each language, how often it happens, if it hides.

Only a list; knows no way of drawing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One scenario: its key in the catalogue of scenarios, and one line in each language."""

    key: str
    name: str
    dutch: str
    english: str
    rate: float  # episodes per 1,000 staff and year
    hiding: bool = False  # whether who does it takes care to look like work


ALL = (
    Story(
        key="S01",
        name="adressen voor een buitenstaander",
        dutch="Een medewerker zoekt elke week adressen op van mensen buiten zijn werk.",
        english="Week after week a member of staff looks up addresses of people unrelated to his work.",
        rate=0.3,
    ),
    Story(
        key="S04",
        name="een ruzie thuis",
        dutch="Een medewerker bekijkt telkens weer hetzelfde huishouden, ook in de avond.",
        english="A member of staff keeps returning to one household, in the evening too.",
        rate=0.6,
    ),
    Story(
        key="S06",
        name="een bekende inwoner in het nieuws",
        dutch="Na een nieuwsbericht bekijken veel medewerkers uit veel teams dezelfde bekende inwoner.",
        english="After a news item staff from many teams look at the same well-known resident.",
        rate=0.1,
    ),
    Story(
        key="S08",
        name="honderden mensen op één middag",
        dutch="Een medewerker opent op één middag honderden dossiers achter elkaar.",
        english="A member of staff opens hundreds of files in a row on one afternoon.",
        rate=0.1,
    ),
    Story(
        key="S14",
        name="oude zaken vóór het einde van een contract",
        dutch="Een ingehuurde medewerker opent aan het einde van het contract veel oude zaken van anderen.",
        english="A hired member of staff opens many old zaken of others in the last weeks of the contract.",
        rate=0.15,
    ),
)
"""The stories of the demo: one of each tells what the program is for."""

_FURTHER = """
S02 | één keer onder druk | 0.8 | plain
  | Een medewerker zoekt één keer iemand op omdat een kennis daarop aandringt.
  | A member of staff looks somebody up once, because an acquaintance insists.
S03 | kentekens | 0.15 | plain
  | Een medewerker zoekt kentekens op waar geen boete of vergunning bij hoort.
  | A member of staff looks up number plates that no fine or permit asked for.
S05 | dicht bij huis | 1.0 | plain
  | Een medewerker bekijkt buren, familie, een collega of een nieuwe partner.
  | A member of staff looks at neighbours, family, a colleague or a new partner.
S07 | iemand die afgeschermd is | 0.1 | plain
  | Een medewerker bekijkt iemand van wie de gegevens zijn afgeschermd.
  | A member of staff looks at somebody whose data is shielded.
S09 | een lijst per e-mail | 0.1 | plain
  | Een medewerker maakt een lijst van honderden mensen en mailt die naar buiten.
  | A member of staff makes a list of hundreds of people and mails it to an outsider.
S10 | op een stick of papier | 0.1 | plain
  | Een medewerker verzamelt dossiers en neemt ze mee op een stick, op papier of als foto.
  | A member of staff gathers files and takes them along on a stick, on paper or as a picture.
S11 | naar een site in het buitenland | 0.05 | plain
  | Een medewerker verzamelt dossiers en zet ze op een site in het buitenland.
  | A member of staff gathers files and puts them on a site abroad.
S12 | thuis verder werken | 1.5 | plain
  | Een medewerker mailt eigen zaken naar het eigen adres om thuis verder te werken.
  | A member of staff mails own zaken to the own address to work on at home.
S13 | een te ruim recht | 0.3 | plain
  | Een medewerker leest in een register waar het werk niet om vraagt.
  | A member of staff reads in a register that the work does not ask for.
S15 | andermans account | 0.15 | plain
  | Iemand kijkt onder het account van een collega die er niet is.
  | Somebody looks under the account of a colleague who is away.
S16 | van elders | 0.1 | plain
  | Een account kijkt op vrije dagen, van een onbekend apparaat en een andere plaats.
  | An account looks on days off, from an unknown device and another place.
S18 | verzonnen werk | 0.2 | hiding
  | Een medewerker maakt zelf de zaak, taak, notitie of afspraak die het kijken verklaart.
  | A member of staff makes the zaak, task, note or appointment that explains the look.
S20 | een leidinggevende leest mee | 0.15 | hiding
  | Een leidinggevende leest in zaken van het team zonder dat het om toezicht gaat.
  | A lead reads in zaken of the team, and it is no oversight.
S23 | een systeemaccount | 0.05 | plain
  | Een beheerder kijkt onder het account van de nachtelijke levering.
  | An administrator looks under the account of the nightly run.
S26 | langzaam | 0.2 | hiding
  | Een medewerker kijkt een keer per week of twee weken, heel lang.
  | A member of staff looks once in a week or two, for a long time.
S01-call | tijdens andermans gesprek | 0.1 | hiding
  | Een medewerker zoekt adressen op terwijl iemand anders aan de lijn is.
  | A member of staff looks up addresses while somebody else is on the line.
S01-near | dicht bij eigen werk | 0.1 | hiding
  | Een medewerker bekijkt mensen uit de straat van mensen in eigen zaken.
  | A member of staff looks at people in the street of people in own zaken.
S04-name | onder dezelfde naam | 0.1 | hiding
  | Een medewerker bekijkt telkens iemand alsof de naamlijst de verkeerde gaf.
  | A member of staff keeps looking at somebody as if the list of names gave the wrong one.
S04-closed | na sluiting | 0.2 | hiding
  | Een medewerker leest verder over mensen van wie de eigen zaak al lang gesloten is.
  | A member of staff reads on about people whose zaak is closed long since.
"""
"""The others, three lines each: key, name, rate, plain or hiding; then the line in Dutch and in English."""


def _further(listed: str) -> Iterator[Story]:
    lines = listed.strip().splitlines()
    for head, dutch, english in zip(lines[::3], lines[1::3], lines[2::3], strict=True):
        key, name, rate, hiding = (cell.strip() for cell in head.split("|"))
        yield Story(
            key=key,
            name=name,
            dutch=dutch.strip(" |"),
            english=english.strip(" |"),
            rate=float(rate),
            hiding=hiding == "hiding",
        )


SCENARIOS = tuple(sorted((*ALL, *_further(_FURTHER)), key=lambda each: each.key))
"""Every scenario. Together their rates are some five a year for each 1,000 staff, and S12 beside.

Where records are kept, reports and dismissals come to two to six. How that is divided is an assumption:
curiosity and carelessness are common, selling and harvesting are rare.
"""

KEYS = tuple(each.key for each in SCENARIOS)

SCENARIO = {each.key: each for each in SCENARIOS}
