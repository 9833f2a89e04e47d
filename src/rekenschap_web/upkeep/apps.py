# SPDX-License-Identifier: EUPL-1.2
"""The room of the upkeep, as Django lists it."""

from __future__ import annotations

import os

from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    """Logs from the first line on; figures on a port of their own when one is named."""

    name = "rekenschap_web.upkeep"
    label = "upkeep"

    def ready(self) -> None:
        """Set up what every process of the desk says about itself."""
        from rekenschap_web.upkeep.logs import set_up
        from rekenschap_web.upkeep.metrics import PLACE, serve

        set_up()
        if place := os.environ.get(PLACE):
            serve(place)
