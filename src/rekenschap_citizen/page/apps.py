# SPDX-License-Identifier: EUPL-1.2
"""The citizen page, as Django lists it."""

from __future__ import annotations

from django.apps import AppConfig


class PageConfig(AppConfig):
    """Pages for citizens; has no tables."""

    name = "rekenschap_citizen.page"
    label = "page"
