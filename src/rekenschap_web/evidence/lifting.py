# SPDX-License-Identifier: EUPL-1.2
"""Knows whom to ask whether a name may be shown, without knowing how two people agree on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from rekenschap.errors import RefusedError
from rekenschap.model.ids import Pseudonym
from rekenschap_web.people.models import Person


class Live(Protocol):
    """Raises RefusedError when this lifting does not let this person see this name now."""

    def __call__(self, lifting_id: str, *, pseudonym: Pseudonym, person: Person, now: datetime) -> object:
        """Answer for one lifting."""


_asked: list[Live] = []


def ask_by(function: Callable[..., object]) -> None:
    """Ask `function` from now on; the room of the liftings calls this once."""
    _asked[:] = [function]


def check_live(lifting_id: str, *, pseudonym: Pseudonym, person: Person, now: datetime) -> None:
    """Raise RefusedError when nobody can say that this lifting is live."""
    if not _asked:
        raise RefusedError(
            expected="a lifting that a second person approved",
            found="nobody who can say so",
            remedy="install the room of the liftings",
            rule="lifting",
        )
    _asked[0](lifting_id, pseudonym=pseudonym, person=person, now=now)
