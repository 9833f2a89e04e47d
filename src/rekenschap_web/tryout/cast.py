# SPDX-License-Identifier: EUPL-1.2
"""Who can sign in at the try-out: invented people of the invented town, one for each role."""

from __future__ import annotations

from dataclasses import dataclass

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


def player_of(role: Role) -> Player:
    """Give the one who plays a role."""
    return next(player for player in CAST if player.role is role)
