# SPDX-License-Identifier: EUPL-1.2
"""The try-out, as Django lists it."""

from __future__ import annotations

from django.apps import AppConfig


class TryoutConfig(AppConfig):
    """The identity provider of the try-out."""

    name = "rekenschap_web.tryout"
    label = "tryout"
