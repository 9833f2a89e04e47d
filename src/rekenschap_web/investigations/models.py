# SPDX-License-Identifier: EUPL-1.2
"""The tables of investigations: the affair, its tasks, its notes. Fields and constraints only."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from rekenschap.casework.closing import Reason
from rekenschap.casework.flows import INVESTIGATION


class Investigation(models.Model):
    """What people find out about one finding; two of them close it."""

    number = models.CharField(max_length=20, unique=True)
    finding = models.CharField(max_length=20, db_index=True)
    about = models.CharField(max_length=100, db_index=True)
    team = models.CharField(max_length=100, blank=True, default="")
    looks = models.JSONField()
    because = models.TextField()
    state = models.CharField(max_length=20, default=INVESTIGATION.start, db_index=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due = models.DateTimeField(null=True, blank=True, db_index=True)
    breach = models.CharField(max_length=60, blank=True, default="")
    """reference to a breach, where one is registered"""
    reply_asked_at = models.DateTimeField(null=True, blank=True)
    reply = models.TextField(blank=True, default="")
    replied_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True, default="")
    words = models.TextField(blank=True, default="")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    GUARDED = (
        "finding", "about", "team", "looks", "because", "state", "opened_by_id", "opened_at", "due", "breach",
        "reply_asked_at", "reply", "replied_at", "reason", "words", "proposed_by_id", "proposed_at",
        "closed_by_id", "closed_at",
    )  # fmt: skip

    class Meta:
        """Closed is by two different people, with one of the reasons."""

        ordering: ClassVar[list[str]] = ["-opened_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="investigation_state_known", condition=models.Q(state__in=sorted(INVESTIGATION.states))
            ),
            models.CheckConstraint(
                name="investigation_reason_known",
                condition=models.Q(reason__in=["", *(str(each) for each in Reason)]),
            ),
            models.CheckConstraint(
                name="investigation_closed_by_two",
                condition=~models.Q(state="closed")
                | (
                    models.Q(proposed_by__isnull=False, closed_by__isnull=False, closed_at__isnull=False)
                    & ~models.Q(reason="")
                    & ~models.Q(proposed_by=models.F("closed_by"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def act_object(self) -> str:
        """How acts name this row."""
        return f"investigation:{self.number}"


class Task(models.Model):
    """Something to be done for an investigation."""

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="tasks")
    what = models.CharField(max_length=300)
    due = models.DateField(null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    GUARDED = ("investigation_id", "what", "due", "added_by_id", "added_at", "done_by_id", "done_at")

    class Meta:
        """The first to be done first."""

        ordering: ClassVar[list[str]] = ["done_at", "due", "added_at"]

    def __str__(self) -> str:
        return f"task {self.pk}"

    @property
    def act_object(self) -> str:
        """How acts name this row."""
        return f"task:{self.pk}"


class Note(models.Model):
    """What somebody wrote down; it is never changed. A draft of an order to keep entries is a note too."""

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=10, default="note")
    text = models.TextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    GUARDED = ("investigation_id", "kind", "text", "written_by_id", "written_at")

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["written_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="note_kind_known", condition=models.Q(kind__in=["note", "hold"]))
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"

    @property
    def act_object(self) -> str:
        """How acts name this row."""
        return f"note:{self.pk}"
