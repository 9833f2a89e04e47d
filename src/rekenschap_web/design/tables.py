# SPDX-License-Identifier: EUPL-1.2
"""A list on a page: columns to sort by, pages to leaf through, all of it in the address. Knows no model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.http import QueryDict
from django.utils.translation import gettext as _

Row = TypeVar("Row")
SORT, PAGE = "sorteer", "pagina"
SIZE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What stands in one place of a list: a text, perhaps a link, a line beneath it, a look of its own."""

    text: str
    url: str = ""
    beneath: str = ""
    look: str = ""
    """a class such as `desk-badge desk-badge--high`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[Row]):
    """A column: how a row is shown in it, and by what it sorts (None: it does not)."""

    key: str
    label: str
    cell: Callable[[Row], Cell | str]
    sort: Callable[[Row], object] | None = None
    numeric: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The box before a row: its value, what it is called, and why it cannot be ticked, if so."""

    value: str
    label: str
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a column, with the address that sorts by it."""

    label: str
    url: str
    state: str
    """ascending, descending, or empty"""
    numeric: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row ready to print; `group` is a heading that stands before it."""

    cells: tuple[tuple[Head, Cell], ...]
    choice: Choice | None = None
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One number to leaf with; without an address it is a gap or the page itself."""

    label: str
    url: str
    is_here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list ready to print."""

    name: str
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    total: int
    steps: tuple[Step, ...] = ()
    form: str = ""
    """the id of the form its boxes belong to"""

    @property
    def width(self) -> int:
        """How many columns there are, the boxes counted."""
        return len(self.heads) + any(line.choice for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape(Generic[Row]):
    """How a list is made of rows: its name and columns, and what is the order when none is asked for."""

    name: str
    columns: tuple[Column[Row], ...]
    choice: Callable[[Row], Choice] | None = None
    group: Callable[[Row], str] | None = None
    """a heading for rows that belong together; only in the order they were given in"""
    size: int = SIZE
    form: str = ""
    folded: frozenset[str] = field(default_factory=frozenset)


def shape_listing(shape: Shape[Row], rows: Iterable[Row], asked: QueryDict) -> Listing:
    """Sort and cut rows as the address asks; an unknown column or page is the first one."""
    held: Sequence[Row] = list(rows)
    wanted = asked.get(SORT, "")
    column = next((x for x in shape.columns if x.key == wanted.lstrip("-") and x.sort), None)
    if column is not None and column.sort is not None:
        held = sorted(held, key=column.sort, reverse=wanted.startswith("-"))  # type: ignore[arg-type]
    pages = max(1, -(-len(held) // shape.size))
    page = min(max(1, _whole(asked.get(PAGE, "1"))), pages)
    heads = {x.key: _head(x, wanted, asked) for x in shape.columns}
    shown = held[(page - 1) * shape.size : page * shape.size]
    return Listing(
        name=shape.name,
        heads=tuple(heads.values()),
        lines=tuple(_lines(shape, shown, heads, grouped=column is None)),
        total=len(held),
        steps=_steps(page, pages, asked) if pages > 1 else (),
        form=shape.form,
    )


def _lines(
    shape: Shape[Row], rows: Sequence[Row], heads: dict[str, Head], *, grouped: bool
) -> Iterable[Line]:
    before = None
    for row in rows:
        group = shape.group(row) if shape.group is not None and grouped else ""
        yield Line(
            cells=tuple((heads[x.key], _cell(x.cell(row))) for x in shape.columns),
            choice=shape.choice(row) if shape.choice is not None else None,
            group=group if group != before else "",
        )
        before = group


def _cell(shown: Cell | str) -> Cell:
    return shown if isinstance(shown, Cell) else Cell(text=shown)


def _head(column: Column[Row], wanted: str, asked: QueryDict) -> Head:
    state = {column.key: "ascending", f"-{column.key}": "descending"}.get(wanted, "")
    turned = f"-{column.key}" if state == "ascending" else column.key
    return Head(
        label=column.label,
        url=address(asked, **{SORT: turned, PAGE: ""}) if column.sort is not None else "",
        state=state,
        numeric=column.numeric,
    )


def address(asked: QueryDict, **changed: str) -> str:
    """Give the address of the same page with some parts of the question changed; empty takes one away."""
    query = asked.copy()
    for name, value in changed.items():
        if value:
            query[name] = value
        else:
            query.pop(name, None)
    return f"?{query.urlencode()}"


def _steps(page: int, pages: int, asked: QueryDict) -> tuple[Step, ...]:
    near = sorted({1, pages, *range(max(1, page - 1), min(pages, page + 1) + 1)})
    steps: list[Step] = []
    if page > 1:
        steps.append(Step(label=_("Vorige"), url=address(asked, **{PAGE: str(page - 1)})))
    for before, at in zip([0, *near], near, strict=False):
        if at - before > 1:
            steps.append(Step(label="…", url=""))
        steps.append(Step(label=str(at), url=address(asked, **{PAGE: str(at)}), is_here=at == page))
    if page < pages:
        steps.append(Step(label=_("Volgende"), url=address(asked, **{PAGE: str(page + 1)})))
    return tuple(steps)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
