# SPDX-License-Identifier: EUPL-1.2
"""Reads from the claims of a provider what we must know of a person; an unknown role counts for nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rekenschap.casework.roles import Role
from rekenschap_web.settings.configured import DeskConfig, Oidc


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a provider tells about one person."""

    sub: str
    name: str
    email: str
    roles: frozenset[Role]
    team: str
    staff_id: str


def fault_in(extra: Mapping[str, object], oidc: Oidc) -> str:
    """Say what is wrong with the claims themselves; empty when all is well.

    The token must be of our provider, for us, and about the one userinfo is about (OpenID Connect Core 1.0,
    3.1.3.7 and 5.3.2): allauth does not compare these.
    """
    token, more = _table(extra.get("id_token")), _table(extra.get("userinfo"))
    audience = token.get("aud")
    if _text(token, "iss").rstrip("/") != oidc.issuer.rstrip("/"):
        return "issuer"
    if oidc.client_id not in (audience if isinstance(audience, list) else [audience]):
        return "audience"
    if not _text(token, "sub") or (more and _text(more, "sub") != _text(token, "sub")):
        return "subject"
    return ""


def told_in(extra: Mapping[str, object], config: DeskConfig) -> Told:
    """Read the claims as allauth keeps them: what userinfo says goes before the id token."""
    claims = {**_table(extra.get("id_token")), **_table(extra.get("userinfo"))}
    names = config.oidc
    assert names is not None  # noqa: S101 - without a provider nobody comes by this way
    return Told(
        sub=_text(claims, "sub"),
        name=_text(claims, "name") or _text(claims, "preferred_username") or _text(claims, "email"),
        email=_text(claims, "email").lower(),
        roles=_roles(claims, names, config.roles),
        team=_text(claims, names.team_claim),
        staff_id=_text(claims, names.staff_id_claim),
    )


def _roles(claims: Mapping[str, object], names: Oidc, known: Mapping[str, Role]) -> frozenset[Role]:
    told = claims.get(names.roles_claim, ())
    words = told.split() if isinstance(told, str) else told if isinstance(told, list) else []
    ours = {str(role): role for role in Role} | dict(known)
    return frozenset(ours[word] for word in words if isinstance(word, str) and word in ours)


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _text(claims: Mapping[str, object], name: str) -> str:
    value = claims.get(name, "")
    return value if isinstance(value, str) else ""
