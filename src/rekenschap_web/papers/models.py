# SPDX-License-Identifier: EUPL-1.2
"""The table of papers: what it is called, how large, its hash, and the sealed bytes. No behaviour."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models


class Paper(models.Model):
    """One document that somebody added to a question or an investigation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    belongs_to = models.CharField(max_length=120, db_index=True)
    """what acts call the thing it was added to, such as investigation:2026-0001"""
    about = models.CharField(max_length=100, blank=True, default="")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=44)
    """of the bytes before they were sealed, in base64"""
    scan = models.CharField(max_length=20)
    sealed = models.BinaryField()
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    GUARDED = ("belongs_to", "about", "name", "kind", "size", "sha256", "scan", "kept_by_id", "kept_at")

    class Meta:
        """Oldest first; a scan says one of two things."""

        ordering: ClassVar[list[str]] = ["kept_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="paper_scan_known", condition=models.Q(scan__in=["clean", "not_scanned"])
            )
        ]

    def __str__(self) -> str:
        return f"paper {self.id}"

    @property
    def act_object(self) -> str:
        """How acts name this row."""
        return f"paper:{self.id}"
