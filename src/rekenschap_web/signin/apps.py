# SPDX-License-Identifier: EUPL-1.2
"""The room of signing in, as Django lists it."""

from __future__ import annotations

from django.apps import AppConfig


class SigninConfig(AppConfig):
    """Sign-in and sessions."""

    name = "rekenschap_web.signin"
    label = "signin"

    def ready(self) -> None:
        """Hear who signs in."""
        from rekenschap_web.signin import facts
        from rekenschap_web.signin.staying import sessions

        sessions.listen()
        facts.listen()
