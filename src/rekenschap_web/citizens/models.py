# SPDX-License-Identifier: EUPL-1.2
"""The table of questions of citizens. Who asks is the name of a drawer: nobody here can tell whose it is."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Withholding(models.Model):
    """A look that a citizen does not see yet: two people decided so, on a ground in law, until a day."""

    number = models.CharField(max_length=20, unique=True)
    look = models.BigIntegerField(db_index=True)
    ground = models.CharField(max_length=20)
    because = models.TextField()
    until = models.DateTimeField(db_index=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    GUARDED = (
        "look", "ground", "because", "until", "asked_by_id", "asked_at", "approved_by_id", "approved_at",
        "ended_at",
    )  # fmt: skip

    class Meta:
        """Nobody approves their own."""

        ordering: ClassVar[list[str]] = ["-asked_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="withholding_approved_whole",
                condition=models.Q(approved_by__isnull=True, approved_at__isnull=True)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="withholding_four_eyes",
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("asked_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def act_object(self) -> str:
        """How acts name this row."""
        return f"withholding:{self.number}"


class CitizenQuestion(models.Model):
    """One question; `item` is the look as the citizen saw it, empty for a question in general."""

    number = models.CharField(max_length=20, unique=True)
    asked_as = models.CharField(max_length=60, unique=True)
    """how the citizen page calls it"""
    drawer = models.CharField(max_length=62, db_index=True)
    reference = models.CharField(max_length=60, blank=True, default="")
    look = models.BigIntegerField(null=True, blank=True)
    item = models.JSONField(default=dict, blank=True)
    words = models.TextField()
    asked_at = models.DateTimeField()
    due = models.DateTimeField(db_index=True)
    answer = models.TextField(blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    GUARDED = (
        "asked_as", "drawer", "reference", "look", "words", "asked_at", "due", "answer", "answered_by_id",
        "answered_at",
    )  # fmt: skip

    class Meta:
        """Who answered, when and what come together."""

        ordering: ClassVar[list[str]] = ["due"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="citizen_question_answered_whole",
                condition=models.Q(answered_by__isnull=True, answered_at__isnull=True, answer="")
                | (models.Q(answered_by__isnull=False, answered_at__isnull=False) & ~models.Q(answer="")),
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def act_object(self) -> str:
        """How acts name this row."""
        return f"citizen_question:{self.number}"
