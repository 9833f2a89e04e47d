# SPDX-License-Identifier: EUPL-1.2
"""The room of the leak source, as Django lists it."""

from __future__ import annotations

from django.apps import AppConfig


class LeaksConfig(AppConfig):
    """The source of a leak."""

    name = "rekenschap_web.leaks"
    label = "leaks"

    def ready(self) -> None:
        """Let the ranking and the list of searches be exported."""
        from rekenschap_web.leaks.listing import register_own

        register_own()
