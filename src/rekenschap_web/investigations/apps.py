# SPDX-License-Identifier: EUPL-1.2
"""The room of the investigations, as Django lists it."""

from __future__ import annotations

from django.apps import AppConfig


class InvestigationsConfig(AppConfig):
    """Investigations."""

    name = "rekenschap_web.investigations"
    label = "investigations"

    def ready(self) -> None:
        """Let the list of investigations be taken along."""
        from rekenschap_web.investigations.listing import register_own

        register_own()
