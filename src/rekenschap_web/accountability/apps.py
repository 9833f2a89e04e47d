# SPDX-License-Identifier: EUPL-1.2
"""The room of the account, as Django lists it."""

from __future__ import annotations

from django.apps import AppConfig


class AccountabilityConfig(AppConfig):
    """The account given to the FG and the CISO."""

    name = "rekenschap_web.accountability"
    label = "accountability"

    def ready(self) -> None:
        """Let the lists of this room be exported."""
        from rekenschap_web.accountability.listing import register_own

        register_own()
