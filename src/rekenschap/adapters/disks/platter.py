# SPDX-License-Identifier: EUPL-1.2
"""What a disk holds, twice: as programs see it, and what of that a power cut may leave.

A file keeps its durable bytes and the writes since its last sync; a directory its durable names and the
changes since. At a cut each 512-byte sector that was written becomes one of its versions, or is torn.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from random import Random

from rekenschap.seams.disk import Sort

SECTOR = 512


@dataclass(frozen=True, slots=True)
class Change:
    """One change on a disk: a verb, and what it is about."""

    verb: str
    name: str = ""
    new: str = ""
    node: int = 0
    at: int = 0
    blob: bytes = b""

    def when_failed(self) -> list[Change]:
        """Give what this change still does when it fails."""
        match self.verb:
            case "write":
                return [Change("write", node=self.node, at=self.at, blob=self.blob[: len(self.blob) // 2])]
            case "sync":
                return [Change("lose", node=self.node)]
            case "sync_directory":
                return [Change("lose_names", name=self.name)]
            case _:
                return []


@dataclass(slots=True)
class _Content:
    seen: bytearray = field(default_factory=bytearray)
    durable: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes]] = field(default_factory=list)


@dataclass(slots=True)
class _Names:
    seen: dict[str, int | None] = field(default_factory=dict)
    """last part of a name -> node of the file, or None for a directory"""
    durable: dict[str, int | None] = field(default_factory=dict)
    pending: list[tuple[str, str, int | None]] = field(default_factory=list)
    """(what it puts there, what it takes away, node)"""


class Platter:
    """Nodes with bytes, and directories with names."""

    def __init__(self) -> None:
        self.next_node = 1
        self._nodes: dict[int, _Content] = {}
        self._folders: dict[str, _Names] = {"": _Names()}

    def copy(self) -> Platter:
        """Give a platter of its own with the same."""
        return deepcopy(self)

    def find(self, name: str) -> Sort | None:
        """Say what stands under a name, as programs see it."""
        if name in self._folders:
            return Sort.DIRECTORY
        directory, _, last = name.rpartition("/")
        held = self._folders.get(directory)
        return Sort.FILE if held is not None and last in held.seen else None

    def node(self, name: str) -> int:
        """Give the node of a file; raises FileNotFoundError or IsADirectoryError."""
        if name in self._folders:
            raise IsADirectoryError(21, "a directory")
        directory, _, last = name.rpartition("/")
        found = self._folder(directory).seen.get(last)
        if found is None:
            raise FileNotFoundError(2, "nothing there")
        return found

    def content(self, node: int) -> bytearray:
        """Give the bytes of a file, as programs see them."""
        return self._nodes[node].seen

    def listing(self, name: str) -> list[tuple[str, Sort]]:
        """Give the names in a directory, as programs see them."""
        held = self._folder(name).seen
        return sorted((x, Sort.DIRECTORY if node is None else Sort.FILE) for x, node in held.items())

    def apply(self, change: Change) -> None:
        """Make a change."""
        match change.verb:
            case "write":
                held = self._nodes[change.node]
                _put(held.seen, change.at, change.blob)
                held.pending.append((change.at, change.blob))
            case "sync":
                held = self._nodes[change.node]
                for at, blob in held.pending:
                    _put(held.durable, at, blob)
                held.pending = []
            case "lose":
                self._nodes[change.node].pending = []
            case "sync_directory":
                names = self._folder(change.name)
                for each in names.pending:
                    _rename(names.durable, each)
                names.pending = []
            case "lose_names":
                self._folder(change.name).pending = []
            case "make" | "create" | "rename" | "remove":
                self._rename(change)
            case _:
                pass

    def survivor(self, random: Random) -> Platter:
        """Give what may be left after a power cut."""
        left = Platter()
        left.next_node = self.next_node
        chance = random.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        names = {folder: _left_names(held, random) for folder, held in sorted(self._folders.items())}
        for folder, found in names.items():
            above, _, last = folder.rpartition("/")
            if folder and (above not in left._folders or last not in left._folders[above].durable):
                continue  # its own name was lost, and all below it
            left._folders[folder] = _Names(seen=dict(found), durable=dict(found))
            for node in found.values():
                if node is not None:
                    content = _left_bytes(self._nodes[node], chance, random)
                    left._nodes[node] = _Content(seen=bytearray(content), durable=content)
        return left

    def _folder(self, name: str) -> _Names:
        if name not in self._folders:
            raise FileNotFoundError(2, "no such directory")
        return self._folders[name]

    def _rename(self, change: Change) -> None:
        directory, _, last = change.name.rpartition("/")
        held = self._folder(directory)
        match change.verb:
            case "make":
                self._folders[change.name] = _Names()
                step: tuple[str, str, int | None] = (last, "", None)
            case "create":
                self._nodes[change.node] = _Content()
                self.next_node = change.node + 1
                step = (last, "", change.node)
            case "rename":
                step = (change.new.rpartition("/")[2], last, held.seen[last])
            case _:
                step = ("", last, None)
        _rename(held.seen, step)
        held.pending.append(step)


def _put(content: bytearray, at: int, blob: bytes) -> None:
    if len(content) < at:
        content.extend(bytes(at - len(content)))
    content[at : at + len(blob)] = blob


def _rename(names: dict[str, int | None], step: tuple[str, str, int | None]) -> None:
    put, taken, node = step
    names.pop(taken, None)
    if put:
        names[put] = node


def _left_names(held: _Names, random: Random) -> dict[str, int | None]:
    """Give the durable names and some of the changes since, in their order; now and then any of them."""
    names = dict(held.durable)
    if random.random() < 0.5:
        steps = held.pending[: random.randint(0, len(held.pending))]
    else:
        steps = [step for step in held.pending if random.random() < 0.5]
    for step in steps:
        _rename(names, step)
    return names


def _left_bytes(held: _Content, chance: float, random: Random) -> bytearray:
    """Give the durable bytes with each sector that was written since as it may be."""
    if not held.pending:
        return bytearray(held.durable)
    states = [bytes(held.durable)]
    for at, blob in held.pending:
        content = bytearray(states[-1])
        _put(content, at, blob)
        states.append(bytes(content))
    left = bytearray(states[0]).ljust(random.choice((len(states[0]), len(states[-1]))), b"\0")
    for sector in sorted({s for at, blob in held.pending for s in _sectors(at, len(blob))}):
        start, stop = sector * SECTOR, min(sector * SECTOR + SECTOR, len(left))
        if start < stop and random.random() < chance:
            left[start:stop] = _version(states, (start, stop), random)
    return left


def _version(states: list[bytes], span: tuple[int, int], random: Random) -> bytes:
    start, stop = span
    old, new = (states[i][start:stop].ljust(stop - start, b"\0") for i in (0, -1))
    match random.randrange(4):
        case 0:
            between = random.choice(states)[start:stop]
            return between.ljust(stop - start, b"\0")
        case 1:
            torn = random.randrange(stop - start)
            return new[:torn] + old[torn:]
        case _:
            return new


def _sectors(at: int, length: int) -> range:
    return range(at // SECTOR, -(-(at + length) // SECTOR)) if length else range(0)
