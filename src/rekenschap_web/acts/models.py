# SPDX-License-Identifier: EUPL-1.2
"""The outbox: one row per act, waiting until the ledger has it, and kept beside the ledger afterwards.

Fields and constraints only. `seal` is made with the key of the desk, so that a line somebody writes into the
database by hand is known for what it is; `content` and `salt` commit to what the act left behind.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models


class Act(models.Model):
    """What one person did to one thing, and why."""

    number = models.BigAutoField(primary_key=True)
    act = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    acted_at = models.DateTimeField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    staff = models.CharField(max_length=255)
    """the organisation's own name for who acted, as it was then"""
    verb = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    object = models.CharField(max_length=120, db_index=True)
    because = models.TextField(blank=True, default="")
    warrant = models.CharField(max_length=64, blank=True, default="")
    investigation = models.CharField(max_length=64, blank=True, default="")
    look = models.BigIntegerField(null=True, blank=True)
    revision = models.PositiveIntegerField(null=True, blank=True)
    salt = models.BinaryField(max_length=16, null=True, blank=True)
    content = models.BinaryField(max_length=32, null=True, blank=True)
    work = models.JSONField(default=list, blank=True)
    """facts that follow from the act: a look at evidence, a zaak opened or given to somebody"""
    seal = models.BinaryField(max_length=32)
    appended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """What can be said of every row."""

        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["object", "revision"], name="acts_one_change_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(content__isnull=True)
                | models.Q(revision__isnull=False, salt__isnull=False),
                name="acts_content_has_revision_and_salt",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["number"], name="acts_waiting", condition=models.Q(appended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.kind}"
