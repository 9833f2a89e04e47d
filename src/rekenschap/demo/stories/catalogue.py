# SPDX-License-Identifier: EUPL-1.2
"""Every scenario that can be planted: its key, a line in each language, how often it happens, if it hides.

Only a list; knows no way of drawing.
"""

from __future__ import annotations

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

SCENARIOS = ALL

KEYS = tuple(each.key for each in SCENARIOS)

SCENARIO = {each.key: each for each in SCENARIOS}
