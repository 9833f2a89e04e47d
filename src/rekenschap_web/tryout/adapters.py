# SPDX-License-Identifier: EUPL-1.2
"""What the try-out provider says about its people: the claims that a real one is configured to give."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from allauth.account.adapter import DefaultAccountAdapter
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client
from django.conf import settings
from django.http import HttpRequest

from rekenschap_web.people.models import Person
from rekenschap_web.tryout.cast import residents
from rekenschap_web.tryout.founding import CITIZEN_CLIENT


class NobodyNew(DefaultAccountAdapter):
    """Only the cast."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class Claims(DefaultOIDCAdapter):
    """Adds role, team and staff number to what every provider says."""

    def get_issuer(self) -> str:
        """Give the address under which `serve` started us."""
        return str(settings.OWN_ADDRESS)

    def get_user_sub(self, client: Client, user: Person) -> str:
        """Give the name that stays the same in every house."""
        return user.sub

    def get_user_by_sub(self, client: Client, sub: str) -> Person | None:
        """Find the person of a name."""
        return Person.objects.filter(sub=sub).first()

    def get_claims(
        self,
        purpose: Literal["id_token", "userinfo"],
        user: Person,
        client: Client,
        scopes: Iterable[str],
        email: str | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Say who this is; of a citizen no more than the citizen page needs."""
        if client.id == CITIZEN_CLIENT:
            found = {each.word: each for each in residents(Path(settings.DESK_ROOM))}
            known = found.get(user.sub)
            more = {} if known is None else {"bsn": known.identifier, "acr": known.level}
            return {"sub": user.sub, **more}
        return {
            "sub": user.sub,
            "name": user.name,
            "email": user.email,
            "email_verified": True,
            "roles": sorted(user.roles),
            "team": user.team,
            "staff_id": user.staff_id,
        }
