# SPDX-License-Identifier: EUPL-1.2
"""The tables of findings as they began."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CauseRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cause", models.CharField(max_length=200, unique=True)),
                ("name_nl", models.CharField(max_length=300)),
                ("name_en", models.CharField(max_length=300)),
                ("reason", models.CharField(max_length=40)),
                ("words", models.TextField(blank=True, default="")),
                ("settled_at", models.DateTimeField()),
                ("looks", models.PositiveIntegerField()),
                ("would_explain", models.PositiveIntegerField()),
                ("seed", models.CharField(max_length=100)),
                ("drawn", models.JSONField(default=list)),
                ("agrees", models.BooleanField(blank=True, null=True)),
                ("words_again", models.TextField(blank=True, default="")),
                (
                    "looked_again_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FindingRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("key", models.CharField(db_index=True, max_length=200)),
                ("rule", models.CharField(max_length=100)),
                ("title_nl", models.CharField(max_length=300)),
                ("title_en", models.CharField(max_length=300)),
                ("about", models.CharField(db_index=True, max_length=100)),
                ("team", models.CharField(blank=True, db_index=True, default="", max_length=100)),
                ("severity", models.CharField(db_index=True, max_length=10)),
                ("score", models.FloatField()),
                ("looks", models.JSONField(default=list)),
                ("size", models.PositiveBigIntegerField()),
                ("state", models.CharField(db_index=True, default="open", max_length=20)),
                ("found_at", models.DateTimeField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField(db_index=True)),
                ("deadline", models.DateTimeField(blank=True, db_index=True, null=True)),
                ("is_gone", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, default="", max_length=40)),
                ("words", models.TextField(blank=True, default="")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("is_drawn", models.BooleanField(default=False)),
                ("agrees", models.BooleanField(blank=True, null=True)),
                (
                    "before",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="after",
                        to="findings.findingrecord",
                    ),
                ),
                (
                    "cause",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="findings.causerecord",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "looked_again_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["deadline", "-score"],
            },
        ),
        migrations.CreateModel(
            name="ScoreChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("size", models.PositiveBigIntegerField()),
                ("score_before", models.FloatField()),
                ("score_after", models.FloatField()),
                ("looks_before", models.PositiveIntegerField()),
                ("looks_after", models.PositiveIntegerField()),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="findings.findingrecord",
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
            },
        ),
        migrations.AddConstraint(
            model_name="causerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "reason__in",
                        [
                            "verklaard_werk",
                            "bron_mist",
                            "regel_te_breed",
                            "niet_toegestaan_hersteld",
                            "naar_onderzoek",
                            "niet_vast_te_stellen",
                        ],
                    )
                ),
                name="cause_reason_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="causerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("looked_again_by__isnull", True),
                    models.Q(("looked_again_by", models.F("settled_by")), _negated=True),
                    _connector="OR",
                ),
                name="cause_looked_again_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="findingrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "asked", "answered", "investigated", "closed"])),
                name="finding_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="findingrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("severity__in", ("low", "middle", "high"))), name="finding_severity_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="findingrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "reason__in",
                            [
                                "verklaard_werk",
                                "bron_mist",
                                "regel_te_breed",
                                "niet_toegestaan_hersteld",
                                "naar_onderzoek",
                                "niet_vast_te_stellen",
                            ],
                        ),
                        ("state", "closed"),
                    ),
                    models.Q(models.Q(("state", "closed"), _negated=True), ("reason", "")),
                    _connector="OR",
                ),
                name="finding_closed_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="findingrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("looked_again_by__isnull", True),
                    models.Q(("looked_again_by", models.F("closed_by")), _negated=True),
                    _connector="OR",
                ),
                name="finding_looked_again_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="scorechange",
            constraint=models.UniqueConstraint(fields=("finding", "size"), name="score_change_once"),
        ),
    ]
