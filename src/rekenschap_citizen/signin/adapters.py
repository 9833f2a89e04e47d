# SPDX-License-Identifier: EUPL-1.2
"""Where django-allauth asks us: it proves that the provider spoke; who comes in is decided here.

No account is made and no claim is kept. A session knows a drawer, and when it began.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.utils import timezone

from rekenschap.citizen.mandating import Bond, MandateStep, Step
from rekenschap.errors import StoreError
from rekenschap_citizen.place.box import drawn, leave_step
from rekenschap_citizen.place.clerk import drawer_of
from rekenschap_citizen.place.configured import Oidc
from rekenschap_citizen.signin.levels import is_enough
from rekenschap_citizen.signin.sessions import WHOLE, begin


class NobodyNew(DefaultAccountAdapter):
    """There are no accounts here."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class Citizens(DefaultSocialAccountAdapter):
    """Begins a session for whom the provider names, when it is sure enough."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never: `pre_social_login` answers for everybody."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in, or say why not; always ends the sign-in here, so that allauth keeps nothing."""
        oidc, place = settings.CITIZEN.oidc, Path(settings.CITIZEN_PLACE)
        if oidc is None:
            raise ImmediateHttpResponse(_refused(request, "refused"))
        token, more = told_in(sociallogin.account.extra_data)
        identifier = more.get(oidc.subject_claim, token.get(oidc.subject_claim))
        if fault_in(token, more, oidc) or not isinstance(identifier, str) or not identifier.strip():
            raise ImmediateHttpResponse(_refused(request, "refused"))
        if not is_enough(token.get(oidc.level_claim), oidc.at_least):
            raise ImmediateHttpResponse(_refused(request, "refused_level"))
        try:
            _begin(request, place, identifier, _represented(token, oidc))
        except (StoreError, OSError):
            raise ImmediateHttpResponse(render(request, "citizen/silent.html", status=503)) from None
        raise ImmediateHttpResponse(redirect("page:looks"))


def told_in(extra: Mapping[str, object]) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """Give the claims of the signed token, and those of userinfo."""
    return _table(extra.get("id_token")), _table(extra.get("userinfo"))


def fault_in(token: Mapping[str, object], more: Mapping[str, object], oidc: Oidc) -> str:
    """Say what is wrong with the claims themselves; empty when all is well.

    The token must be of our provider, for us, and about the one userinfo is about (OpenID Connect Core 1.0,
    3.1.3.7 and 5.3.2): allauth does not compare these.
    """
    audience = token.get("aud")
    if str(token.get("iss", "")).rstrip("/") != oidc.issuer.rstrip("/"):
        return "issuer"
    if oidc.client_id not in (audience if isinstance(audience, list) else [audience]):
        return "audience"
    if not token.get("sub") or (more and more.get("sub") != token.get("sub")):
        return "subject"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Represented:
    """Whom somebody signs in for, and as what."""

    identifier: str
    bond: Bond


def _represented(token: Mapping[str, object], oidc: Oidc) -> Represented | None:
    """Read it from the signed token alone; None when somebody comes for themselves."""
    told = token.get(oidc.represented_claim) if oidc.represented_claim else None
    if not isinstance(told, str) or not told.strip():
        return None
    bond = token.get(oidc.bond_claim)
    known = isinstance(bond, str) and bond in set(Bond)
    return Represented(identifier=told, bond=Bond(str(bond)) if known else Bond.OTHER)


def _begin(request: HttpRequest, place: Path, identifier: str, represented: Represented | None) -> None:
    """Begin a session; one for somebody else is told to the ledger first."""
    own = drawer_of(place, identifier)
    theirs = own if represented is None else drawer_of(place, represented.identifier)
    if represented is None or theirs == own:
        begin(request, own)
        return
    now = timezone.now()
    step = MandateStep(
        id=drawn(), mandate=drawn(), step=Step.USED, bond=represented.bond, giver=theirs, taker=own,
        until=now + WHOLE, at=now,
    )  # fmt: skip
    leave_step(place, step)
    begin(request, theirs, acting=str(represented.bond))


def _refused(request: HttpRequest, because: str) -> object:
    request.session.flush()
    return render(request, "citizen/refused.html", {"because": because}, status=403)


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
