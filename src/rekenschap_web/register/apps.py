# SPDX-License-Identifier: EUPL-1.2
"""The room of the register, as Django lists it."""

from __future__ import annotations

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """The register of processing activities, and that of erasures."""

    name = "rekenschap_web.register"
    label = "register"
