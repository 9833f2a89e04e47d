# SPDX-License-Identifier: EUPL-1.2
"""The room of the questions, as Django lists it."""

from __future__ import annotations

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    """Questions to members of staff, and their own looks."""

    name = "rekenschap_web.questions"
    label = "questions"

    def ready(self) -> None:
        """Let people take the list of their own looks along."""
        from rekenschap_web.exports.lists import register
        from rekenschap_web.questions.views import own_rows, own_shape

        register(
            "questions:own_looks", shape=own_shape, rows=own_rows, action="own_looks.read", kind="own_looks"
        )
