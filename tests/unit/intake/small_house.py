# SPDX-License-Identifier: EUPL-1.2
"""A whole house on one folder: real door, real ledger, keys from a seed."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from rekenschap.adapters.anchors import MemoryAnchor
from rekenschap.adapters.ciphers.aes_gcm import AesGcm
from rekenschap.adapters.keys import MemoryKeys
from rekenschap.adapters.sources import READERS
from rekenschap.adapters.stores import DirectoryStore
from rekenschap.intake import Door, IntakeReport, Locks, Profile, load_profile, open_door, take_in
from rekenschap.ledger import Ledger

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
BSN = "999990019"  # passes the eleven-test; of nobody
KEYS = MemoryKeys(b"s" * 32)


class SmallHouse:
    def __init__(self, root: Path) -> None:
        self.root = root
        store = DirectoryStore(root / "ledger")
        self.ledger = Ledger.create(store=store, anchor=MemoryAnchor(), keys=KEYS, origin="example.nl/ledger")
        self.door: Door = open_door(
            root / "sealed", locks=Locks(keys=KEYS, cipher=AesGcm()), readers=READERS, period="2026"
        )

    def take_in(self, path: Path, profile: Profile | str = "native-jsonl") -> IntakeReport:
        chosen = load_profile(profile) if isinstance(profile, str) else profile
        return take_in(path, chosen, door=self.door, ledger=self.ledger, now=NOW)

    def native(self, *rows: dict[str, object] | str | bytes, name: str = "facts.jsonl") -> IntakeReport:
        path = self.root / name
        path.write_bytes(b"".join(line + b"\n" for line in lines_of(rows)))
        return self.take_in(path)

    def facts(self, relation: str) -> list[dict[str, object]]:
        return list(self.ledger.facts(relation).table.to_pylist())

    def original(self, token: object) -> str:
        assert isinstance(token, bytes)
        return self.door.originals.unseal(token)


def lines_of(rows: Iterable[dict[str, object] | str | bytes]) -> list[bytes]:
    return [
        x if isinstance(x, bytes) else (x if isinstance(x, str) else json.dumps(x)).encode() for x in rows
    ]


def look(**other: object) -> dict[str, object]:
    plain = {
        "relation": "consultation",
        "looked_at": "2026-03-02T09:15:00+01:00",
        "staff": "m.devries",
        "subject": BSN,
        "register": "BRP",
    }
    return plain | other
