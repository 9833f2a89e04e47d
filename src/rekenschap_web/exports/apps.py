# SPDX-License-Identifier: EUPL-1.2
"""The room of the exports, as Django lists it."""

from __future__ import annotations

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """Exports of lists."""

    name = "rekenschap_web.exports"
    label = "exports"

    def ready(self) -> None:
        """Make the list of exports itself one that can be exported."""
        from rekenschap_web.exports.listing import register_own

        register_own()
