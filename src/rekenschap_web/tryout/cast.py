# SPDX-License-Identifier: EUPL-1.2
"""Who can sign in at the try-out: invented people of the invented town, one for each role."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from rekenschap.casework.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """Somebody of the town who signs in; `word` is both the short name and the password of the try-out."""

    word: str
    name: str
    role: Role
    team: str = ""
    staff_id: str = ""

    @property
    def email(self) -> str:
        """The mail address, in a domain that does not exist."""
        return f"{self.word}@veldhaven.example"

    @property
    def roles(self) -> frozenset[Role]:
        """What this person is there for."""
        return frozenset({Role.STAFF, self.role})


CAST = (
    Player(
        word="integriteit",
        name="Noor el Idrissi",
        role=Role.INTEGRITY_OFFICER,
        team="staf",
        staff_id="mw-0016",
    ),
    Player(
        word="manager", name="Els Brandsma", role=Role.TEAM_MANAGER, team="burgerzaken", staff_id="mw-0001"
    ),
    Player(word="fg", name="Bram Koster", role=Role.FG, team="staf", staff_id="mw-0039"),
    Player(word="medewerker", name="Ruud Hoekstra", role=Role.STAFF, team="burgerzaken", staff_id="mw-0031"),
    Player(
        word="tweede",
        name="Jeroen Bakker",
        role=Role.SECOND_OFFICER,
        team="bezwaar en beroep",
        staff_id="mw-0013",
    ),
    Player(word="ciso", name="Karin Smit", role=Role.CISO, team="ICT", staff_id="mw-0015"),
    Player(word="auditor", name="Wim Terpstra", role=Role.AUDITOR),
    Player(word="beheer", name="Daan Visser", role=Role.OPERATOR, team="ICT", staff_id="mw-0038"),
)
"""Those of the town whom every page and picture knows, and four more that the desk needs."""


CITIZENS_FILE = "tryout-citizens.json"
"""In the room of the desk: citizens whom `serve` found in the town, so that there is something to see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """A citizen of the town who signs in at the citizen page; has no role, and no place at the desk."""

    word: str
    name: str
    identifier: str
    level: str = "midden"

    @property
    def email(self) -> str:
        """The mail address, in a domain that does not exist."""
        return f"{self.word}@veldhaven.example"


_ALWAYS = Resident(word="burger", name="Truus van der Meulen", identifier="K-000123")


def residents(room: Path) -> tuple[Resident, ...]:
    """Give the citizens who can sign in: the one of every town, and those `serve` found."""
    try:
        told = json.loads((room / CITIZENS_FILE).read_text(encoding="utf-8"))
        return (_ALWAYS, *(Resident(**each) for each in told))
    except (OSError, ValueError, TypeError):
        return (_ALWAYS,)


def player_of(role: Role) -> Player:
    """Give the one who plays a role."""
    return next(player for player in CAST if player.role is role)
