# SPDX-License-Identifier: EUPL-1.2
"""The tables of the monthly report: its figures as they were, and what the FG found in the sample."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from rekenschap.casework.flows.month import MONTH

ANSWERS = ("right", "wrong", "unknown")


class MonthRecord(models.Model):
    """One monthly report, on one checkpoint. `figures` and `before` name nobody."""

    month = models.CharField(max_length=7, unique=True)
    state = models.CharField(max_length=20, default=MONTH.start, db_index=True)
    figures = models.JSONField(default=dict)
    before = models.JSONField(default=list)
    """the figures of the months before, newest first: `{"month": …, "figures": …}`"""
    coverage = models.JSONField(default=list)
    null_explained = models.FloatField(null=True, blank=True)
    size = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    seed = models.CharField(max_length=30)
    """made of the root of the checkpoint: nobody could choose what the sample would be"""
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    remarks = models.TextField(blank=True, default="")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)

    GUARDED = (
        "month",
        "state",
        "figures",
        "before",
        "coverage",
        "null_explained",
        "size",
        "root",
        "seed",
        "made_by_id",
        "made_at",
        "remarks",
        "signed_by_id",
        "signed_at",
    )

    class Meta:
        """What is signed says by whom and when, and in words."""

        ordering: ClassVar[list[str]] = ["-month"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="month_state_known", condition=models.Q(state__in=list(MONTH.states))
            ),
            models.CheckConstraint(
                name="month_signed_by_somebody",
                condition=models.Q(state="signed", signed_by__isnull=False, signed_at__isnull=False)
                & ~models.Q(remarks="")
                | ~models.Q(state="signed") & models.Q(signed_by__isnull=True, signed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.month

    @property
    def act_object(self) -> str:
        """How acts name this row."""
        return f"month:{self.month}"


class SampleLook(models.Model):
    """One look of the sample of a month, and what the FG found."""

    report = models.ForeignKey(MonthRecord, on_delete=models.PROTECT, related_name="sample")
    place = models.PositiveIntegerField()
    entry = models.PositiveBigIntegerField()
    answer = models.CharField(max_length=10, blank=True, default="")
    words = models.TextField(blank=True, default="")
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    judged_at = models.DateTimeField(null=True, blank=True)

    GUARDED = ("report_id", "place", "entry", "answer", "words", "judged_by_id", "judged_at")

    class Meta:
        """Each look once; an answer has somebody who gave it."""

        ordering: ClassVar[list[str]] = ["report", "place"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["report", "place"], name="sample_place_once"),
            models.UniqueConstraint(fields=["report", "entry"], name="sample_entry_once"),
            models.CheckConstraint(name="sample_answer_known", condition=models.Q(answer__in=["", *ANSWERS])),
            models.CheckConstraint(
                name="sample_answer_by_somebody",
                condition=models.Q(answer="", judged_by__isnull=True, judged_at__isnull=True)
                | ~models.Q(answer="") & models.Q(judged_by__isnull=False, judged_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report.month} {self.place}"

    @property
    def act_object(self) -> str:
        """How acts name this row."""
        return f"sample:{self.report.month}-{self.place}"
