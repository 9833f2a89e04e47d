# SPDX-License-Identifier: EUPL-1.2
"""The room of the papers, as Django lists it."""

from __future__ import annotations

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Papers that people add: sealed and hashed."""

    name = "rekenschap_web.papers"
    label = "papers"
