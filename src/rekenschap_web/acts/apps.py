# SPDX-License-Identifier: EUPL-1.2
"""The room of the acts, as Django lists it."""

from __future__ import annotations

from django.apps import AppConfig


class ActsConfig(AppConfig):
    """The outbox of acts, and the guard on rows that only an act may change."""

    name = "rekenschap_web.acts"
    label = "acts"

    def ready(self) -> None:
        """Watch every guarded row from the first request on."""
        from rekenschap_web.acts.guarding import watch

        watch()
