# SPDX-License-Identifier: EUPL-1.2
"""The table of the browsers in which somebody is signed in. Fields and constraints only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rekenschap_web.people.models import Person


class SignedIn(models.Model):
    """One browser in which somebody is signed in; the keys themselves are never kept, only their digests."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="signed_in")
    session_digest = models.CharField(max_length=64, unique=True)
    browser_digest = models.CharField(max_length=64)
    browser = models.CharField(max_length=100, blank=True)
    key_digest = models.CharField(max_length=64, blank=True, default="")
    key_before = models.CharField(max_length=64, blank=True, default="")
    key_at = models.DateTimeField()
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=50, blank=True, default="")

    class Meta:
        """When it ended and why belong together."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="signed_in_ended_with_reason",
                condition=models.Q(ended_at__isnull=True, ended_because="")
                | models.Q(ended_at__isnull=False) & ~models.Q(ended_because=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.browser} ({self.began_at:%Y-%m-%d})"
