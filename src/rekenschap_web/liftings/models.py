# SPDX-License-Identifier: EUPL-1.2
"""The table of liftings: who asked for which name and why, who decided, until when. No behaviour."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from rekenschap.casework.flows import LIFTING


class Lifting(models.Model):
    """One request to see the name behind one pseudonym."""

    number = models.CharField(max_length=20, unique=True)
    about = models.CharField(max_length=100, db_index=True)
    """the pseudonym, such as staff:-42"""
    belongs_to = models.CharField(max_length=120)
    """the finding or investigation it is for, as acts call it"""
    because = models.TextField()
    state = models.CharField(max_length=20, default=LIFTING.start, db_index=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(blank=True, default="")
    until = models.DateTimeField()
    """the end of the present state"""

    GUARDED = (
        "about", "belongs_to", "because", "state", "asked_by_id", "asked_at", "decided_by_id", "decided_at",
        "words", "until",
    )  # fmt: skip

    class Meta:
        """Who decided and when come together, and are never who asked."""

        ordering: ClassVar[list[str]] = ["-asked_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="lifting_state_known", condition=models.Q(state__in=sorted(LIFTING.states))
            ),
            models.CheckConstraint(
                name="lifting_decided_whole",
                condition=models.Q(decided_by__isnull=True, decided_at__isnull=True)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="lifting_four_eyes",
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("asked_by")),
            ),
            models.CheckConstraint(
                name="lifting_live_was_decided",
                condition=~models.Q(state__in=["live", "refused", "over"])
                | models.Q(decided_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def act_object(self) -> str:
        """How acts name this row."""
        return f"lifting:{self.number}"
