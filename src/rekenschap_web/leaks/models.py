# SPDX-License-Identifier: EUPL-1.2
"""The table of searches for the source of a leak: what was asked and what came out. The list is not kept."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class LeakSearch(models.Model):
    """One search, in one investigation, on one checkpoint. `ranking` holds pseudonyms and counts."""

    number = models.CharField(max_length=20, unique=True)
    investigation = models.CharField(max_length=64, db_index=True)
    because = models.TextField()
    first_on = models.DateField()
    last_on = models.DateField()
    lines = models.PositiveIntegerField(default=0)
    standing = models.CharField(max_length=10, default="")
    told = models.JSONField(default=dict)
    """counts, the permuted citizens, and the sentences in both languages"""
    ranking = models.JSONField(default=list)
    size = models.PositiveBigIntegerField(default=0)
    """of the checkpoint it rests on"""
    root = models.CharField(max_length=64, default="")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    GUARDED = (
        "number",
        "investigation",
        "because",
        "first_on",
        "last_on",
        "lines",
        "standing",
        "told",
        "ranking",
        "size",
        "root",
        "asked_by_id",
        "asked_at",
    )

    class Meta:
        """A window begins before it ends, and there is no search outside an investigation."""

        ordering: ClassVar[list[str]] = ["-asked_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="leak_window_in_order", condition=models.Q(first_on__lte=models.F("last_on"))
            ),
            models.CheckConstraint(name="leak_in_an_investigation", condition=~models.Q(investigation="")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def act_object(self) -> str:
        """How acts name this row."""
        return f"leak:{self.number}"
