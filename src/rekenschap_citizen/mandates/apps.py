# SPDX-License-Identifier: EUPL-1.2
"""The mandates, as Django lists them."""

from __future__ import annotations

from django.apps import AppConfig


class MandatesConfig(AppConfig):
    """Who may see for whom."""

    name = "rekenschap_citizen.mandates"
    label = "mandates"
