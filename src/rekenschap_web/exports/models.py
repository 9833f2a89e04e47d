# SPDX-License-Identifier: EUPL-1.2
"""The table of exports: which list, how much, by whom, and who agreed. Of what left only a digest is kept."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from rekenschap.casework.flows.export import EXPORT


class ExportRecord(models.Model):
    """One list that somebody takes along, or asks to. `query` is the address part with filters and order."""

    number = models.CharField(max_length=20, unique=True)
    list_name = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    query = models.TextField(blank=True, default="")
    form = models.CharField(max_length=10)
    rows = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, default="")
    because = models.TextField()
    state = models.CharField(max_length=20, default=EXPORT.start, db_index=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    since = models.DateTimeField()
    """when the present state began: its time runs from here"""
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    judged_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(blank=True, default="")

    GUARDED = (
        "number",
        "list_name",
        "query",
        "form",
        "rows",
        "size",
        "digest",
        "because",
        "state",
        "asked_by_id",
        "asked_at",
        "judged_by_id",
        "judged_at",
        "words",
    )

    class Meta:
        """Nobody judges an export of their own."""

        ordering: ClassVar[list[str]] = ["-asked_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="export_state_known", condition=models.Q(state__in=list(EXPORT.states))
            ),
            models.CheckConstraint(
                name="export_judged_by_another",
                condition=models.Q(judged_by__isnull=True) | ~models.Q(judged_by=models.F("asked_by")),
            ),
            models.CheckConstraint(
                name="export_judged_with_time",
                condition=models.Q(judged_by__isnull=True, judged_at__isnull=True)
                | models.Q(judged_by__isnull=False, judged_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def act_object(self) -> str:
        """How acts name this row."""
        return f"export:{self.number}"
