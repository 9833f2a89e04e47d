# SPDX-License-Identifier: EUPL-1.2
"""How many looks of a finding that is gone are explained now, and how many are not."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two counts that may be unknown."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("findings", "0001_initial")]

    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.AddField(
            model_name="findingrecord",
            name=name,
            field=models.PositiveIntegerField(blank=True, null=True),
        )
        for name in ("gone_explained", "gone_unexplained")
    ]
