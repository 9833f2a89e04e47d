# SPDX-License-Identifier: EUPL-1.2
"""Who is connected to whom, below one person: at most twelve, in fixed places, the same each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

MOST = 12
_WIDTH, _HEIGHT = 640, 330
_TOP, _WIDE, _DEEP = 40, 230, 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A point with its name; `look` is is-staff, is-subject or is-place."""

    name: str
    look: str
    x: float
    y: float
    label_x: float
    anchor: str

    @property
    def label_y(self) -> float:
        """Give where the name stands, a little lower than the middle of the point."""
        return round(self.y + 5, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A line between two points, with what it says in the middle."""

    x1: float
    y1: float
    x2: float
    y2: float
    label: str
    look: str

    @property
    def middle_x(self) -> float:
        """Give the middle of the line."""
        return round((self.x1 + self.x2) / 2, 1)

    @property
    def middle_y(self) -> float:
        """Give a place just above the middle of the line."""
        return round((self.y1 + self.y2) / 2 - 6, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A drawing of people around one person, with the sentence that says the same."""

    answer: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: int
    box: str = f"0 0 {_WIDTH} {_HEIGHT}"


def around(
    centre: tuple[str, str],
    others: Sequence[tuple[str, str]],
    links: Sequence[tuple[str, str, str, str]],
    *,
    answer: str,
) -> Graph:
    """Place (name, look) around a centre; links are (name, name, what, look) between those shown."""
    shown = list(others[: MOST - 1])
    nodes = {centre[0]: _node(centre, _WIDTH / 2, _TOP)}
    for at, each in enumerate(shown):
        angle = pi * (at + 1) / (len(shown) + 1)
        nodes[each[0]] = _node(each, _WIDTH / 2 - _WIDE * cos(angle), _TOP + _DEEP * sin(angle))
    edges = tuple(
        Edge(x1=nodes[one].x, y1=nodes[one].y, x2=nodes[other].x, y2=nodes[other].y, label=what, look=look)
        for one, other, what, look in links
        if one in nodes and other in nodes
    )
    return Graph(answer=answer, nodes=tuple(nodes.values()), edges=edges, left_out=len(others) - len(shown))


def _node(named: tuple[str, str], x: float, y: float) -> Node:
    left = x < _WIDTH / 2 - 1
    return Node(
        name=named[0],
        look=named[1],
        x=round(x, 1),
        y=round(y, 1),
        label_x=round(x - 14 if left else x + 14, 1),
        anchor="end" if left else "start",
    )
