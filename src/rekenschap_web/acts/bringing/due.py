# SPDX-License-Identifier: EUPL-1.2
"""What time itself does in the rooms above: reminders, terms that end. A room with `due.run_due` is asked."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings


def run_due() -> int:
    """Ask every room that has something to do by itself; gives how many things changed."""
    rooms = [room for room in settings.DESK_APPS if find_spec(f"{room}.due") is not None]
    return sum(int(import_module(f"{room}.due").run_due()) for room in rooms if room != __package__)
