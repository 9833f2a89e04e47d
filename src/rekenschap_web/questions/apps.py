# SPDX-License-Identifier: EUPL-1.2
"""The room of the questions, as Django lists it."""

from __future__ import annotations

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    """Questions to members of staff, and their own looks."""

    name = "rekenschap_web.questions"
    label = "questions"
