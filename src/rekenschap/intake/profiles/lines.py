# SPDX-License-Identifier: EUPL-1.2
"""On which line of its file a profile says what it says, so that a row in quarantine can point there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileLines:
    """The lines (from 1) of the columns of each relation, of the checks, and of the numbering."""

    columns: dict[tuple[str, str], int] = field(default_factory=dict)
    checks: dict[str, int] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)

    def of(self, relation: str, column: str) -> tuple[int, ...]:
        """Give the lines about a column of a fact, or about a column of the source; none when none is."""
        if (relation, column) in self.columns:
            return (self.columns[relation, column],)
        named = tuple(line for (other, name), line in self.columns.items() if name == column and not relation)
        if named:
            return named
        if column in self.checks:
            return (self.checks[column],)
        return tuple(self.others[name] for name in ("sequence", "facts") if name in self.others)[:1]


def lines_of(text: str) -> ProfileLines:
    """Find the lines of a profile that has been read before."""
    top = dict(_pairs(yaml.compose(text, Loader=yaml.BaseLoader)))
    found = ProfileLines()
    for rule in _items(top.get("facts")):
        parts = dict(_pairs(rule))
        relation = getattr(parts.get("relation"), "value", "")
        for name, node in _keyed(parts.get("columns")):
            found.columns.setdefault((relation, name), node.start_mark.line + 1)
    for check in _items(top.get("checks")):
        named = dict(_pairs(check)).get("column")
        if isinstance(named, yaml.ScalarNode):
            found.checks[named.value] = named.start_mark.line + 1
    for name in ("sequence", "facts"):
        if isinstance(top.get(name), yaml.Node) and (name == "sequence" or not found.columns):
            found.others[name] = top[name].start_mark.line + 1
    return found


def _pairs(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key.value, value


def _keyed(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    """Give the names of a mapping, each with the node of the name itself."""
    if isinstance(node, yaml.MappingNode):
        for key, _ in node.value:
            yield key.value, key


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []
