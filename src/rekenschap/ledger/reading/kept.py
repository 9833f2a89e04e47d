# SPDX-License-Identifier: EUPL-1.2
"""A few things that were read, kept for who asks again; the one that was not asked for longest goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

_Name = TypeVar("_Name")
_Thing = TypeVar("_Thing")


class Kept(Generic[_Name, _Thing]):
    """At most `most` things by name; several threads may ask at once."""

    __slots__ = ("_lock", "_most", "_things")

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._things: OrderedDict[_Name, _Thing] = OrderedDict()

    def get(self, name: _Name, make: Callable[[], _Thing]) -> _Thing:
        """Give what is kept under a name; when nothing is, make it and keep it."""
        with self._lock:
            if name in self._things:
                self._things.move_to_end(name)
                return self._things[name]
        made = make()
        with self._lock:
            self._things[name] = made
            while len(self._things) > self._most:
                self._things.popitem(last=False)
        return made
