# SPDX-License-Identifier: EUPL-1.2
"""The table of questions: about which looks, asked of whom, the answer, who checked it. No behaviour."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from rekenschap.casework.flows import QUESTION


class Question(models.Model):
    """Why did you look here? Without `asked_by` somebody explained a look without being asked."""

    number = models.CharField(max_length=20, unique=True)
    finding = models.CharField(max_length=20, blank=True, default="", db_index=True)
    investigation = models.CharField(max_length=20, blank=True, default="", db_index=True)
    about = models.CharField(max_length=100, db_index=True)
    team = models.CharField(max_length=100, blank=True, default="", db_index=True)
    looks = models.JSONField()
    state = models.CharField(max_length=20, default=QUESTION.start, db_index=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    due = models.DateTimeField(null=True, blank=True, db_index=True)
    told_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=20, blank=True, default="")
    words = models.TextField(blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    weighed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    weighed_at = models.DateTimeField(null=True, blank=True)

    GUARDED = (
        "finding", "investigation", "about", "team", "looks", "state", "asked_by_id", "asked_at", "due",
        "answer", "words", "answered_by_id", "answered_at", "weighed_by_id", "weighed_at",
    )  # fmt: skip

    class Meta:
        """Who did something and when come together, and nobody weighs their own answer."""

        ordering: ClassVar[list[str]] = ["-asked_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="question_state_known", condition=models.Q(state__in=sorted(QUESTION.states))
            ),
            models.CheckConstraint(
                name="question_answered_whole",
                condition=models.Q(answered_by__isnull=True, answered_at__isnull=True, answer="")
                | models.Q(answered_by__isnull=False, answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="question_weighed_whole",
                condition=models.Q(weighed_by__isnull=True, weighed_at__isnull=True)
                | models.Q(weighed_by__isnull=False, weighed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="question_four_eyes",
                condition=models.Q(weighed_by__isnull=True) | ~models.Q(weighed_by=models.F("answered_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def act_object(self) -> str:
        """How acts name this row."""
        return f"question:{self.number}"
