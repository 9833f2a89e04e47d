# SPDX-License-Identifier: EUPL-1.2
"""The table of mandates: from one drawer to another, for a time. Names are what citizens call each other."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rekenschap.citizen.mandating import Bond


class Mandate(models.Model):
    """One permission to look along: the giver hands over a code, and it works once that is used."""

    name = models.CharField(max_length=30, unique=True)
    """what the ledger calls it"""
    bond = models.CharField(max_length=20, default=Bond.OTHER)
    giver = models.CharField(max_length=62, db_index=True)
    taker = models.CharField(max_length=62, blank=True, default="", db_index=True)
    giver_name = models.CharField(max_length=60)
    """what the taker reads"""
    taker_name = models.CharField(max_length=60)
    """what the giver reads"""
    code_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    """when the taker looked last"""

    class Meta:
        """Nobody gives a mandate to themselves, and who accepted when comes together."""

        ordering: ClassVar[list[str]] = ["-made_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="mandate_accepted_whole",
                condition=models.Q(taker="", accepted_at__isnull=True)
                | (~models.Q(taker="") & models.Q(accepted_at__isnull=False)),
            ),
            models.CheckConstraint(name="mandate_to_another", condition=~models.Q(taker=models.F("giver"))),
        ]

    def __str__(self) -> str:
        return f"mandate {self.pk}"
