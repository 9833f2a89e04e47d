# SPDX-License-Identifier: EUPL-1.2
"""Which packs a house holds, and whether the ledger says that these were added. Loads no statistics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow.compute as pc

from rekenschap.errors import ConfigurationError, VerificationError
from rekenschap.ledger import Ledger
from rekenschap.model.relations import ACT
from rekenschap.packs.content import content_of, digest_of
from rekenschap.packs.pack import Pack, read_pack
from rekenschap.sql.query import Query

ROOM = "packs"
SOURCE = "rekenschap-packs"
ADDED, REMOVED = "pack_added", "pack_removed"


def packs_of(home: Path) -> tuple[Pack, ...]:
    """Read the packs of a house, by name; raises ConfigurationError for one that cannot be read."""
    return tuple(read_pack(each) for each in _folders(home))


def _folders(home: Path) -> list[Path]:
    room = home / ROOM
    return sorted(each for each in room.iterdir() if not each.name.startswith(".")) if room.is_dir() else []


def with_packs(grounds: Iterable[Query], packs: Iterable[Pack]) -> tuple[Query, ...]:
    """Give these grounds and those of packs; no id may come twice."""
    return _all_apart([*grounds, *(each for pack in packs for each in pack.grounds)], "grounds")


def with_rules(rules: Iterable[Query], packs: Iterable[Pack]) -> tuple[Query, ...]:
    """Give these rules and those of packs; no id may come twice."""
    return _all_apart([*rules, *(each for pack in packs for each in pack.rules)], "rules")


def _all_apart(every: list[Query], kind: str) -> tuple[Query, ...]:
    ids = [each.id for each in every]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise ConfigurationError(
            expected=f"{kind} with names of their own",
            found=f"{twice[0]} twice",
            remedy="rename that of the pack",
        )
    return tuple(every)


def checked_packs(home: Path, ledger: Ledger) -> tuple[Pack, ...]:
    """Read the packs of a house; raises VerificationError unless they are those the ledger says were added.

    Files are compared before they are read: what was changed by hand need not even be a pack any more.
    """
    told, folders = told_packs(ledger), _folders(home)
    waiting = list(told.values())
    for each in folders:
        if (digest := _digest(each)) not in waiting:
            raise VerificationError(
                expected=f"pack {each.name} as it was added and told to the ledger",
                found="other files, or one that nobody added",
                remedy="find out who changed it, then put the pack back or take it away with `pack remove`",
            )
        waiting.remove(digest)
    if waiting:
        raise VerificationError(
            expected=f"the {len(told)} packs that the ledger says were added",
            found=f"{len(folders)}",
            remedy="find out who took one away, then put it back or tell the ledger with `pack remove`",
        )
    return packs_of(home)


def _digest(folder: Path) -> bytes | None:
    try:
        return digest_of(content_of(folder))
    except ConfigurationError:
        return None


def told_packs(ledger: Ledger) -> Mapping[bytes, bytes]:
    """Give the digest of each pack that was added and not taken away since, by the token of its name."""
    facts = ledger.facts(ACT.name)
    table = facts.table
    if "content" not in table.column_names:
        return {}
    ours = table.filter(
        pc.and_(pc.equal(table.column("source"), SOURCE), pc.equal(table.column("object_kind"), "pack"))
    )
    latest: dict[bytes, bytes | None] = {}
    for name, verb, content in zip(
        *(ours.column(each).to_pylist() for each in ("object", "verb", "content")), strict=True
    ):
        latest[name] = content if verb == ADDED else None
    return {name: content for name, content in latest.items() if content is not None}
