# SPDX-License-Identifier: EUPL-1.2
"""Why a finding is on the list, and which week picked it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two fields that are empty for what was there before."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("findings", "0002_what_became_of_it")]

    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.AddField(
            model_name="findingrecord",
            name="why",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="findingrecord",
            name="week",
            field=models.DateField(blank=True, db_index=True, null=True),
        ),
    ]
