# SPDX-License-Identifier: EUPL-1.2
"""The room of the questions of citizens, as Django lists it."""

from __future__ import annotations

from django.apps import AppConfig


class CitizensConfig(AppConfig):
    """Questions that come from the citizen page."""

    name = "rekenschap_web.citizens"
    label = "citizens"
