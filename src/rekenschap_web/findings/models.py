# SPDX-License-Identifier: EUPL-1.2
"""The tables of findings: what people decided, never what it rests on. Fields and constraints only."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from rekenschap.casework.closing import Reason
from rekenschap.casework.flows.finding import FINDING

SEVERITIES = ("low", "middle", "high")


class CauseRecord(models.Model):
    """A cause that was settled: by whom, with which reason, and what it would have explained by then."""

    cause = models.CharField(max_length=200, unique=True)
    name_nl = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    reason = models.CharField(max_length=40)
    words = models.TextField(blank=True, default="")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField()
    looks = models.PositiveIntegerField()
    would_explain = models.PositiveIntegerField()
    seed = models.CharField(max_length=100)
    drawn = models.JSONField(default=list)
    """entries of looks that the lot drew, to be looked at again by somebody else"""
    looked_again_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agrees = models.BooleanField(null=True, blank=True)
    words_again = models.TextField(blank=True, default="")

    GUARDED = (
        "cause", "reason", "words", "settled_by_id", "settled_at", "looks", "would_explain", "seed", "drawn",
        "looked_again_by_id", "agrees", "words_again",
    )  # fmt: skip

    class Meta:
        """The reason is one of the list, and somebody else looks again."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="cause_reason_known", condition=models.Q(reason__in=[str(each) for each in Reason])
            ),
            models.CheckConstraint(
                name="cause_looked_again_by_another",
                condition=models.Q(looked_again_by__isnull=True)
                | ~models.Q(looked_again_by=models.F("settled_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.cause

    @property
    def act_object(self) -> str:
        """How acts name this row."""
        return f"cause:{self.cause}"


class FindingRecord(models.Model):
    """A finding people work on. `key` and `looks` lead to the evidence, which stays where it is."""

    number = models.CharField(max_length=20, unique=True)
    key = models.CharField(max_length=200, db_index=True)
    rule = models.CharField(max_length=100)
    title_nl = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    about = models.CharField(max_length=100, db_index=True)
    team = models.CharField(max_length=100, blank=True, default="", db_index=True)
    severity = models.CharField(max_length=10, db_index=True)
    score = models.FloatField()
    looks = models.JSONField(default=list)
    size = models.PositiveBigIntegerField()
    """of the checkpoint it was last seen at"""
    state = models.CharField(max_length=20, default=FINDING.start, db_index=True)
    found_at = models.DateTimeField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
    """of the looks it rests on"""
    deadline = models.DateTimeField(null=True, blank=True, db_index=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_gone = models.BooleanField(default=False)
    gone_explained = models.PositiveIntegerField(null=True, blank=True)
    """of a finding that is gone: how many of its looks are explained now; None when nobody can say"""
    gone_unexplained = models.PositiveIntegerField(null=True, blank=True)
    """later work explained all of it"""
    reason = models.CharField(max_length=40, blank=True, default="")
    words = models.TextField(blank=True, default="")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    cause = models.ForeignKey(
        CauseRecord, on_delete=models.PROTECT, null=True, blank=True, related_name="findings"
    )
    why = models.CharField(max_length=10, blank=True, default="")
    """urgent, standing, rank or learning; empty: from before this was kept"""
    week = models.DateField(null=True, blank=True, db_index=True)
    """the Monday of the week that picked it"""
    before = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="after")
    is_drawn = models.BooleanField(default=False)
    """by lot, to be looked at again by somebody else"""
    looked_again_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agrees = models.BooleanField(null=True, blank=True)

    GUARDED = (
        "number", "key", "state", "severity", "looks", "deadline", "taken_by_id", "is_gone", "reason",
        "words", "closed_by_id", "closed_at", "cause_id", "is_drawn", "looked_again_by_id", "agrees",
    )  # fmt: skip

    class Meta:
        """What is closed has a reason, and each word is one of its list."""

        ordering: ClassVar[list[str]] = ["deadline", "-score"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="finding_state_known", condition=models.Q(state__in=list(FINDING.states))
            ),
            models.CheckConstraint(
                name="finding_severity_known", condition=models.Q(severity__in=SEVERITIES)
            ),
            models.CheckConstraint(
                name="finding_closed_with_reason",
                condition=models.Q(state="closed", reason__in=[str(each) for each in Reason])
                | ~models.Q(state="closed") & models.Q(reason=""),
            ),
            models.CheckConstraint(
                name="finding_looked_again_by_another",
                condition=models.Q(looked_again_by__isnull=True)
                | ~models.Q(looked_again_by=models.F("closed_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def act_object(self) -> str:
        """How acts name this row."""
        return f"finding:{self.number}"


class ScoreChange(models.Model):
    """That a later checkpoint gave a finding another score, because work came in afterwards."""

    finding = models.ForeignKey(FindingRecord, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    size = models.PositiveBigIntegerField()
    score_before = models.FloatField()
    score_after = models.FloatField()
    looks_before = models.PositiveIntegerField()
    looks_after = models.PositiveIntegerField()

    class Meta:
        """One change for each checkpoint."""

        ordering: ClassVar[list[str]] = ["at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["finding", "size"], name="score_change_once")
        ]

    def __str__(self) -> str:
        return f"{self.finding_id}: {self.score_before:.2f} → {self.score_after:.2f}"
