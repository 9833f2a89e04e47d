# SPDX-License-Identifier: EUPL-1.2
"""Reads a COBOL copybook: levels, PIC X A 9 S V, COMP, COMP-3, SIGN SEPARATE, OCCURS n, REDEFINES by type.

What it does not know (OCCURS DEPENDING ON, SYNC, COMP-1, COMP-2, P in a picture, RENAMES) it refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from rekenschap.adapters.sources.records.layout import Field, Form, Layout, layout_error
from rekenschap.seams.source import MAX_COLUMNS

_MOST_BYTES = 1 << 16
_PACKED = frozenset({"COMP-3", "COMPUTATIONAL-3", "PACKED-DECIMAL"})
_BINARY = frozenset(
    {"COMP", "COMP-4", "COMP-5", "BINARY", "COMPUTATIONAL", "COMPUTATIONAL-4", "COMPUTATIONAL-5"}
)
_REFUSED = frozenset(
    {"SYNC", "SYNCHRONIZED", "DEPENDING", "COMP-1", "COMP-2", "COMPUTATIONAL-1", "COMPUTATIONAL-2", "POINTER"}
)
Choices = Mapping[str, tuple[str, frozenset[str]]]


@dataclass(slots=True, kw_only=True)
class _Item:
    """One line of the copybook with what stands below it."""

    level: int
    name: str
    words: list[str]
    below: list[_Item] = field(default_factory=list)

    def after(self, *keys: str) -> str:
        """Give the word that follows one of these keys (IS may stand between)."""
        for at, word in enumerate(self.words):
            if word in keys:
                rest = [each for each in self.words[at + 1 : at + 3] if each not in ("IS",)]
                return rest[0] if rest else ""
        return ""

    @property
    def times(self) -> int:
        """How often it occurs."""
        said = self.after("OCCURS")
        if said and not (said.isdigit() and 0 < int(said) <= MAX_COLUMNS):
            raise layout_error("OCCURS with a number in the copybook", "something else")
        return int(said) if said else 1


def parse_copybook(text: str, choices: Choices) -> Layout:
    """Read a copybook; raises ConfigurationError for what it cannot read.

    `choices` says of a group that is redefined, or redefines another, in which records it counts: the field
    and its texts. A group in such a pair that is not named there is left out.
    """
    top = _nested(list(_items(text)))
    placing = _Placing(choices)
    length = 0
    for item in top:
        length = placing.place(item, length, "")
    if not placing.fields:
        raise layout_error("a copybook with fields", "none")
    unknown = set(choices) - placing.known
    if unknown:
        raise layout_error("groups of the copybook in choose", f"{sorted(unknown)[0]!r}")
    return Layout(fields=tuple(placing.fields), length=placing.longest)


def _items(text: str) -> Iterator[_Item]:
    plain = re.sub(r"'[^'\n]*'|\"[^\"\n]*\"", "LITERAL", "\n".join(_without_margins(text)))
    for sentence in re.split(r"\.(?=\s|$)", plain):
        words = sentence.upper().split()
        if not words:
            continue
        if not words[0].isdigit():
            raise layout_error("a level number before each field of the copybook", "another word")
        level = int(words[0])
        if level in (88, 78):
            continue
        if level == 66 or _REFUSED & set(words):
            raise layout_error(
                "a copybook of levels, PIC, COMP, COMP-3, OCCURS and REDEFINES",
                "RENAMES" if level == 66 else sorted(_REFUSED & set(words))[0],
                "write that field as FILLER PIC X(n), or ask for an unload without it",
            )
        bare = len(words) == 1 or words[1] in ("PIC", "PICTURE", "REDEFINES", "OCCURS")
        yield _Item(level=level, name="FILLER" if bare else words[1], words=words[1 if bare else 2 :])


def _without_margins(text: str) -> Iterator[str]:
    """Take off sequence numbers (columns 1-6), comments, and what stands past column 72."""
    for line in text.splitlines():
        if re.match(r"^[\d ]{6}[*/]|^\s*\*", line):
            continue
        numbered = re.match(r"^(\d{6}| {6})[ -]", line)
        yield line[7:72] if numbered else line


def _nested(items: list[_Item]) -> list[_Item]:
    top: list[_Item] = []
    open_: list[_Item] = []
    for item in items:
        while open_ and (open_[-1].level >= item.level or item.level == 77):
            open_.pop()
        (open_[-1].below if open_ else top).append(item)
        open_.append(item)
    return top


class _Placing:
    """Gives each field its place, one after another."""

    def __init__(self, choices: Choices) -> None:
        self.fields: list[Field] = []
        self.longest = 0
        self.known: set[str] = set()
        self._choices = choices
        self._choice: tuple[str, frozenset[str]] | None = None
        self._silent = False

    def place(self, item: _Item, start: int, index: str) -> int:
        """Place an item, as often as it occurs; gives where the next begins."""
        self.known.add(item.name)
        at = start
        for number in range(1, item.times + 1):
            at = self._once(item, at, f"{index}({number})" if item.times > 1 else index)
        return at

    def _once(self, item: _Item, start: int, index: str) -> int:
        picture = item.after("PIC", "PICTURE")
        if item.below and picture:
            raise layout_error("a group without a picture in the copybook", "one with")
        if not item.below:
            return self._field(item, picture, start, index)
        places: dict[str, int] = {}
        redefined = {name for each in item.below if (name := each.after("REDEFINES"))}
        at = start
        for each in item.below:
            other = each.after("REDEFINES")
            if other and other not in places:
                raise layout_error("REDEFINES of a field just before it", "another")
            places[each.name] = places[other] if other else at
            end = self._chosen(each, places[each.name], index, apart=bool(other) or each.name in redefined)
            at = max(at, end)
        return at

    def _chosen(self, item: _Item, start: int, index: str, *, apart: bool) -> int:
        """Place an item that shares its place with others only for the records it is chosen for."""
        if not apart:
            return self.place(item, start, index)
        before = self._choice, self._silent
        choice = self._choices.get(item.name)
        self._choice, self._silent = choice or self._choice, self._silent or choice is None
        end = self.place(item, start, index)
        self._choice, self._silent = before
        return end

    def _field(self, item: _Item, picture: str, start: int, index: str) -> int:
        made = replace(_field_of(item, picture), name=f"{item.name}{index}", start=start, choice=self._choice)
        end = start + made.length
        self.longest = max(self.longest, end)
        if end > _MOST_BYTES or len(self.fields) >= MAX_COLUMNS:
            raise layout_error(
                f"a record of at most {_MOST_BYTES} bytes and {MAX_COLUMNS} fields", "a larger one"
            )
        if item.name != "FILLER" and not self._silent:
            if any(each.name == made.name for each in self.fields):
                made = replace(made, name=f"{made.name} ({start + 1})")
            self.fields.append(made)
        return end


def _field_of(item: _Item, picture: str) -> Field:
    """Read a picture and its usage."""
    full = re.sub(r"(.)\((\d{1,5})\)", lambda found: found[1] * int(found[2]), picture)
    words = set(item.words)
    if not full or len(full) > _MOST_BYTES:
        raise layout_error("a picture for each field of the copybook", "none, or one that is too long")
    number = re.fullmatch(r"(S?)(9*)(?:V(9*))?", full)
    if number is None:
        if "P" in full or not re.fullmatch(r"[XA9BZ0/,.+*CRDB$-]+", full) or words & (_PACKED | _BINARY):
            raise layout_error("a picture of X, A, 9, S and V in the copybook", "another")
        return Field(name="", start=0, length=len(full))
    whole, after = len(number[2]), len(number[3] or "")
    plain = Field(
        name="",
        start=0,
        length=0,
        digits=whole + after,
        decimals=after,
        signed=bool(number[1]),
        form=Form.ZONED,
    )
    if not 0 < plain.digits <= 18:
        raise layout_error("a number of 1 to 18 digits in the copybook", f"{plain.digits}")
    if words & _PACKED:
        return replace(plain, form=Form.PACKED, length=plain.digits // 2 + 1)
    if words & _BINARY:
        return replace(
            plain, form=Form.BINARY, length=2 if plain.digits < 5 else 4 if plain.digits < 10 else 8
        )
    apart = ("LEADING" if "LEADING" in words else "TRAILING") if "SEPARATE" in words else ""
    if "LEADING" in words and not apart:
        raise layout_error("a sign at the end, or apart", "SIGN LEADING without SEPARATE")
    return replace(plain, length=plain.digits + bool(apart), sign_apart=apart)
