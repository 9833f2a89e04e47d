# SPDX-License-Identifier: EUPL-1.2
"""What stands around every page: the organisation, who is signed in, and where this person may go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_lazy

from rekenschap.casework.roles import Role
from rekenschap_web.people.language import page_language
from rekenschap_web.people.may import Thing, may
from rekenschap_web.people.models import Person
from rekenschap_web.people.names import role_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A place in the menu."""

    label: str
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """Where this person may go: what is wanted most, and behind *Meer* the rest."""

    first: tuple[Link, ...] = ()
    rest: tuple[Link, ...] = ()

    @property
    def here_in_rest(self) -> str:
        """Name the page one is on, when it stands behind *Meer*."""
        return next((link.label for link in self.rest if link.is_here), "")


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
    menu: Menu
    languages: tuple[Language, ...]
    here: str
    sign_out: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place the menu may name: the rule for `action` on `kind` says who sees it; empty is everybody."""

    page: str
    label: object
    action: str
    kind: str
    starts: str


_PLACES = (
    ("findings:list", gettext_lazy("Werklijst"), "", "/werklijst/"),
    ("investigations:list", gettext_lazy("Onderzoeken"), "investigation.read", "/onderzoeken/"),
    ("liftings:list", gettext_lazy("Naamopheffingen"), "lifting.read", "/naamopheffing/"),
    ("leaks:search", gettext_lazy("Bron van een lek"), "leak.search", "/bron-van-een-lek/"),
    ("citizens:list", gettext_lazy("Vragen van inwoners"), "citizen_question.read", "/vragen-van-inwoners/"),
    ("accountability:overview", gettext_lazy("Verantwoording"), "month.read", "/verantwoording/"),
    ("accountability:coverage", gettext_lazy("Dekking"), "coverage.read", "/dekking/"),
    ("accountability:rules", gettext_lazy("Regels"), "rule.read", "/regels/"),
    ("register:list", gettext_lazy("Register"), "register.read", "/register/"),
    ("exports:list", gettext_lazy("Uitgiften"), "own_exports.read", "/uitgiften/"),
    ("signin:people", gettext_lazy("Mensen"), "person.read", "/mensen/"),
    ("questions:own_looks", gettext_lazy("Mijn raadplegingen"), "own_looks.read", "/mijn-raadplegingen/"),
)
MOST_LINKS, FIRST_LINKS = 8, 6
_KINDS = {"own_exports.read": "export"}
MENU = tuple(
    Place(page=page, label=label, action=action, kind=_KINDS.get(action, action.split(".")[0]), starts=starts)
    for page, label, action, starts in _PLACES
)


def frame_of(request: HttpRequest) -> Frame:
    """Make the frame of a page for who asks for it."""
    person: Person | None = getattr(request, "person", None)
    here = request.get_full_path()
    return Frame(
        organisation=settings.DESK.organisation,
        theme_css=settings.DESK.theme_css,
        theme_class=settings.DESK.theme_class or "voorbeeld-theme",
        name=str(getattr(person, "name", "")),
        roles=", ".join(_roles(person)),
        menu=_menu(_links(request, person)),
        languages=tuple(
            Language(code=code, name=name) for code, name in settings.LANGUAGES if code != page_language()
        ),
        here=here if request.method == "GET" else "/",
        sign_out=_address("account_logout") if person is not None else "",
    )


def _menu(links: list[Link]) -> Menu:
    """Put what does not fit on one line behind *Meer*: a menu of eleven words is read by nobody."""
    if len(links) <= MOST_LINKS:
        return Menu(first=tuple(links))
    return Menu(first=tuple(links[:FIRST_LINKS]), rest=tuple(links[FIRST_LINKS:]))


def _roles(person: Person | None) -> tuple[str, ...]:
    """Name the roles; *member of staff* only for who is nothing else."""
    if person is None:
        return ()
    return role_names(person.roles - {Role.STAFF}) or role_names(person.roles)


def _links(request: HttpRequest, person: Person | None) -> list[Link]:
    if person is None:
        return []
    permitted = _rule(person)
    return [
        Link(label=gettext(str(place.label)), url=url, is_here=request.path.startswith(place.starts))
        for place in MENU
        if (url := _address(place.page)) and permitted(place.action, place.kind)
    ]


def _rule(person: Person) -> Callable[[str, str], bool]:
    return lambda action, kind: not action or may(person, action, Thing(kind=kind)).allowed


def _address(page: str) -> str:
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""
