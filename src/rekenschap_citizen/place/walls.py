# SPDX-License-Identifier: EUPL-1.2
"""Closes, in the process of the page, every module of ours that it has no business with.

An import contract says what our own code imports. This says it to the running process: whatever happens in
it, the desk, the house, the ledger and the keys cannot be imported there.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

OURS = ("rekenschap", "rekenschap_web")
OPEN = ("rekenschap.citizen", "rekenschap.errors", "rekenschap.model")


def is_closed(name: str) -> bool:
    """Say whether a module is behind the wall."""
    if name == "rekenschap":
        return False  # the package itself holds a version, and no room
    return _is_in(name, OURS) and not _is_in(name, OPEN)


def close() -> None:
    """Put the wall up, once; what is behind it and was imported already is taken out."""
    if not any(isinstance(each, _Wall) for each in sys.meta_path):
        sys.meta_path.insert(0, _Wall())
    for name in [each for each in sys.modules if is_closed(each)]:
        del sys.modules[name]


class _Wall(MetaPathFinder):
    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Refuse what is closed; leave the rest to the finders after this one."""
        if is_closed(name):
            raise ModuleNotFoundError(f"{name} is closed to the citizen page", name=name)
        return None


def _is_in(name: str, rooms: tuple[str, ...]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)
