# SPDX-License-Identifier: EUPL-1.2
"""The table of proposed changes. The register itself is no table: it is what the ledger holds."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Proposal(models.Model):
    """A new entry of the register, or a new version of one: asked by one person, decided by another."""

    number = models.CharField(max_length=20, unique=True)
    key = models.CharField(max_length=200, db_index=True)
    based_on = models.PositiveIntegerField(default=0)
    """the edition it changes; 0 for a new entry"""
    edition = models.PositiveIntegerField(null=True, blank=True)
    """the edition it became"""
    wanted = models.JSONField()
    """what the entry would say, by field"""
    because = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, blank=True, default="")
    remark = models.TextField(blank=True, default="")

    GUARDED = (
        "key", "based_on", "edition", "wanted", "because", "asked_by_id", "asked_at", "decided_by_id",
        "decided_at", "outcome", "remark",
    )  # fmt: skip

    class Meta:
        """Nobody approves their own."""

        ordering: ClassVar[list[str]] = ["-asked_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="proposal_decided_whole",
                condition=models.Q(decided_by__isnull=True, decided_at__isnull=True, outcome="")
                | models.Q(
                    decided_by__isnull=False, decided_at__isnull=False,
                    outcome__in=["approved", "refused", "withdrawn"],
                ),
            ),
            models.CheckConstraint(
                name="proposal_four_eyes",
                condition=~models.Q(outcome="approved") | ~models.Q(decided_by=models.F("asked_by")),
            ),
            models.CheckConstraint(
                name="proposal_approved_has_edition",
                condition=models.Q(outcome="approved", edition__isnull=False)
                | (~models.Q(outcome="approved") & models.Q(edition__isnull=True)),
            ),
            models.UniqueConstraint(name="proposal_edition_once", fields=["key", "edition"]),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def act_object(self) -> str:
        """How acts name this row."""
        return f"register_proposal:{self.number}"
