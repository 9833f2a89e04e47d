# SPDX-License-Identifier: EUPL-1.2
"""Which lists can leave the desk. An app registers its lists; what leaves is what the page shows.

`rows` and `shape` are given the request, whose address holds the filters; both must be those of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from django.http import Http404, HttpRequest

from rekenschap_web.design.tables import PAGE, Cell, Shape, shape_listing
from rekenschap_web.people.may import Thing, require
from rekenschap_web.people.models import Person

Row = TypeVar("Row")
_ALL = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class List(Generic[Row]):
    """A list that can be exported; `thing` tells of what it is one, for the rules."""

    name: str
    shape: Callable[[HttpRequest], Shape[Row]]
    rows: Callable[[HttpRequest], Iterable[Row]]
    action: str
    thing: Callable[[HttpRequest], Thing]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What leaves: title, heads, and cells as text, row by row; `numeric` are the number columns."""

    title: str
    heads: tuple[str, ...]
    numeric: frozenset[int]
    rows: tuple[tuple[str, ...], ...]


_LISTS: dict[str, List[object]] = {}


def register(
    name: str,
    *,
    shape: Callable[[HttpRequest], Shape[Row]],
    rows: Callable[[HttpRequest], Iterable[Row]],
    action: str,
    kind: str,
    team: Callable[[HttpRequest], str] = lambda _request: "",
) -> None:
    """Let a list be exported by whoever may do `action` to `kind`; `name` is that of its page."""
    _LISTS[name] = List(
        name=name,
        shape=shape,  # type: ignore[arg-type]
        rows=rows,
        action=action,
        thing=lambda request: Thing(kind=kind, id=name, team=team(request)),
    )


def names() -> tuple[str, ...]:
    """Name every list that can be exported."""
    return tuple(sorted(_LISTS))


def list_named(name: str) -> List[object]:
    """Give the list of this name; Http404 when there is none."""
    if name not in _LISTS:
        raise Http404
    return _LISTS[name]


def check_may_export(person: Person, found: List[object], request: HttpRequest) -> None:
    """Raise NotAllowedError for who may not read this list, or not take lists along at all."""
    thing = found.thing(request)
    require(person, found.action, thing)
    require(person, "list.export", thing)


def sheet_of(found: List[object], request: HttpRequest) -> Sheet:
    """Give every row of the list, in the order and with the filters of the address, not just one page."""
    asked = request.GET.copy()
    asked.pop(PAGE, None)
    listing = shape_listing(replace(found.shape(request), size=_ALL, choice=None), found.rows(request), asked)
    lines = [[cell for _, cell in line.cells] for line in listing.lines]
    beneath = [any(line[at].beneath for line in lines) for at in range(len(listing.heads))]
    heads: list[str] = []
    numeric: set[int] = set()
    for head, more in zip(listing.heads, beneath, strict=True):
        if head.numeric:
            numeric.add(len(heads))
        heads += [head.label, f"{head.label} (2)"] if more else [head.label]
    return Sheet(
        title=listing.name,
        heads=tuple(heads),
        numeric=frozenset(numeric),
        rows=tuple(tuple(_texts(line, beneath)) for line in lines),
    )


def _texts(cells: list[Cell], beneath: list[bool]) -> Iterable[str]:
    for cell, more in zip(cells, beneath, strict=True):
        yield cell.text
        if more:
            yield cell.beneath
