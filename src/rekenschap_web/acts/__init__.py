# SPDX-License-Identifier: EUPL-1.2
"""What people at the desk did: written down in the same transaction, brought to the ledger by a worker.

`recorded` saves a guarded row with its act, `record` writes an act alone, `removed` takes a row away.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rekenschap_web.acts.actions import record, record_of_looks, recorded, removed
    from rekenschap_web.acts.system import system_person
    from rekenschap_web.acts.work import About, Assigned, Disclosed, Looked, OpenedZaak, Queued

__all__ = [
    "About",
    "Assigned",
    "Disclosed",
    "Looked",
    "OpenedZaak",
    "Queued",
    "record",
    "record_of_looks",
    "recorded",
    "removed",
    "system_person",
]

_ROOM_OF = {
    "record": "actions", "record_of_looks": "actions", "recorded": "actions", "removed": "actions",
    "system_person": "system",
    "About": "work", "Assigned": "work", "Disclosed": "work", "Looked": "work", "OpenedZaak": "work",
    "Queued": "work",
}  # fmt: skip


def __getattr__(name: str) -> object:
    """Bring a name when it is asked for: tables cannot be loaded before Django has started."""
    if name not in _ROOM_OF:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
