# SPDX-License-Identifier: EUPL-1.2
"""The room of the liftings, as Django lists it."""

from __future__ import annotations

from django.apps import AppConfig


class LiftingsConfig(AppConfig):
    """Names behind pseudonyms, for a time, by two people."""

    name = "rekenschap_web.liftings"
    label = "liftings"

    def ready(self) -> None:
        """Answer evidence when it asks whether a name may be shown; let the list be taken along."""
        from rekenschap_web.evidence.lifting import ask_by
        from rekenschap_web.liftings.listing import register_own
        from rekenschap_web.liftings.queries import check_live

        ask_by(check_live)
        register_own()
