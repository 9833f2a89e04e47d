# SPDX-License-Identifier: EUPL-1.2
"""Adds a pack to a house and takes one away: a decision of a person, told to the ledger before it counts."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from rekenschap.audit.desk.facts import DeskFact, append_desk_facts
from rekenschap.audit.desk.people import reading
from rekenschap.detect import urgent_rules
from rekenschap.errors import RefusedError
from rekenschap.explain import grounds_of_the_house
from rekenschap.house import ORIGIN, PERIOD, House
from rekenschap.intake import token_of
from rekenschap.model.relations import ACT
from rekenschap.packs import Pack, digest_of, read_pack
from rekenschap.packs.held import ADDED, REMOVED, ROOM, SOURCE, packs_of, told_packs, with_packs, with_rules


def add_pack(house: House, pack: Pack, *, by: str, because: str, now: datetime) -> None:
    """Copy a pack into the house and tell the ledger; what stood there under its name goes.

    `by` is the staff number of whoever decides. Raises RefusedError when exactly this pack is there.
    """
    standing = {each.name: each for each in packs_of(house.root)}
    before = standing.pop(pack.name, None)
    if before is not None and before.content == pack.content:
        raise RefusedError(
            expected="another version of the pack", found="the one that is there", remedy="leave it",
            rule="pack",
        )  # fmt: skip
    with_packs(grounds_of_the_house(), [*standing.values(), pack])
    with_rules(urgent_rules(), [*standing.values(), pack])
    room = house.root / ROOM
    room.mkdir(exist_ok=True, mode=0o700)
    making = room / f".{pack.name}"
    shutil.rmtree(making, ignore_errors=True)
    shutil.copytree(pack.folder, making)
    try:
        _tell(house, ADDED, pack.name, digest_of(read_pack(making).content), by=by, because=because, now=now)
        if before is not None:
            shutil.rmtree(before.folder)
        making.rename(room / pack.name)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def remove_pack(house: House, name: str, *, by: str, because: str, now: datetime) -> None:
    """Tell the ledger that a pack goes, and take it away, also one of which the files are gone already.

    Raises RefusedError when there is none in the house, nor one that the ledger says was added.
    """
    folder = house.root / ROOM / name
    is_there = name in {each.name for each in (house.root / ROOM).glob("*")}
    token = token_of(house.keys.pseudonym_key(PERIOD), "object", _object(name))
    if not is_there and token not in told_packs(reading(house)):
        raise RefusedError(
            expected="the name of a pack in this house",
            found="another",
            remedy="see `pack list`",
            rule="pack",
        )
    _tell(house, REMOVED, name, None, by=by, because=because, now=now)
    if folder.is_symlink() or folder.is_file():
        folder.unlink()  # put there by hand: no pack was ever that
    elif is_there:
        shutil.rmtree(folder)


def _object(name: str) -> str:
    """Give what a pack is called in the ledger."""
    return f"pack:{name}"


def _tell(
    house: House, verb: str, name: str, content: bytes | None, *, by: str, because: str, now: datetime
) -> None:
    values: Mapping[str, str | bytes | datetime | None] = {
        "acted_at": now, "staff": by, "verb": verb, "object": _object(name), "object_kind": "pack",
        "because": because, "act": uuid4().bytes, "content": content,
    }  # fmt: skip
    ledger = house.appending(origin=ORIGIN)
    append_desk_facts(
        house, [DeskFact(relation=ACT.name, values=values)], ledger=ledger, now=now, source=SOURCE
    )
