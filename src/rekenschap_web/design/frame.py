# SPDX-License-Identifier: EUPL-1.2
"""What stands around every page: the organisation, who is signed in, and where this person may go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext, gettext_lazy

from rekenschap.casework.roles import Role

ROLE_NAMES: dict[Role, object] = {
    Role.STAFF: gettext_lazy("medewerker"),
    Role.TEAM_MANAGER: gettext_lazy("teamleider"),
    Role.INTEGRITY_OFFICER: gettext_lazy("integriteitscoördinator"),
    Role.SECOND_OFFICER: gettext_lazy("tweede coördinator"),
    Role.FG: gettext_lazy("functionaris gegevensbescherming"),
    Role.CISO: gettext_lazy("CISO"),
    Role.AUDITOR: gettext_lazy("auditor"),
    Role.OPERATOR: gettext_lazy("beheerder"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A place in the menu."""

    label: str
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language the page can also be read in."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Everything around a page."""

    organisation: str
    theme_css: str
    theme_class: str
    name: str
    roles: str
    links: tuple[Link, ...]
    languages: tuple[Language, ...]
    here: str
    sign_out: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place the menu may name: who sees it is asked of the rule for `action` on `kind`."""

    page: str
    label: object
    action: str
    kind: str
    starts: str


_PLACES = (
    ("findings:list", gettext_lazy("Werklijst"), "finding.read", "/werklijst/"),
    ("investigations:list", gettext_lazy("Onderzoeken"), "investigation.read", "/onderzoeken/"),
    ("leaks:search", gettext_lazy("Bron van een lek"), "leak.search", "/bron-van-een-lek/"),
    ("accountability:overview", gettext_lazy("Verantwoording"), "month.read", "/verantwoording/"),
    ("accountability:coverage", gettext_lazy("Dekking"), "coverage.read", "/dekking/"),
    ("accountability:rules", gettext_lazy("Regels"), "rule.read", "/regels/"),
    ("questions:own_looks", gettext_lazy("Mijn raadplegingen"), "own_looks.read", "/mijn-raadplegingen/"),
)
MENU = tuple(
    Place(page=page, label=label, action=action, kind=action.split(".")[0], starts=starts)
    for page, label, action, starts in _PLACES
)


def frame_of(request: HttpRequest) -> Frame:
    """Make the frame of a page for who asks for it."""
    person = getattr(request, "person", None)
    here = request.get_full_path()
    return Frame(
        organisation=str(getattr(settings, "DESK_ORGANISATION", "")),
        theme_css=str(getattr(settings, "DESK_THEME_CSS", "")),
        theme_class=str(getattr(settings, "DESK_THEME_CLASS", "voorbeeld-theme")),
        name=str(getattr(person, "name", "")),
        roles=", ".join(role_names(getattr(person, "roles", frozenset()))),
        links=tuple(_links(request, person)),
        languages=tuple(
            Language(code=code, name=name)
            for code, name in settings.LANGUAGES
            if code != (get_language() or "nl")[:2]
        ),
        here=here if request.method == "GET" else "/",
        sign_out=_address("account_logout") if person is not None else "",
    )


def role_names(roles: frozenset[Role]) -> list[str]:
    """Name the roles of a person; *member of staff* only for who is nothing else."""
    named = [role for role in ROLE_NAMES if role in roles]
    return [str(ROLE_NAMES[role]) for role in named if role is not Role.STAFF or len(named) == 1]


def _links(request: HttpRequest, person: object) -> list[Link]:
    if person is None:
        return []
    permitted = _rule(person)
    return [
        Link(label=gettext(str(place.label)), url=url, is_here=request.path.startswith(place.starts))
        for place in MENU
        if (url := _address(place.page)) and permitted(place.action, place.kind)
    ]


def _rule(person: object) -> Callable[[str, str], bool]:
    from rekenschap_web.people.may import Thing, may

    return lambda action, kind: may(person, action, Thing(kind=kind)).allowed


def _address(page: str) -> str:
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""
