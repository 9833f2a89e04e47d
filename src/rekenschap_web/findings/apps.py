# SPDX-License-Identifier: EUPL-1.2
"""The room of findings, as Django lists it."""

from __future__ import annotations

from django.apps import AppConfig


class FindingsConfig(AppConfig):
    """Findings and causes."""

    name = "rekenschap_web.findings"
    label = "findings"

    def ready(self) -> None:
        """Let the work list be taken along."""
        from rekenschap_web.findings.showing.listing import register_own

        register_own()
