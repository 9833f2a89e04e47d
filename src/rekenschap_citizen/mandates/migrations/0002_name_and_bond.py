# SPDX-License-Identifier: EUPL-1.2

"""A mandate gets a name for the ledger, and says as what somebody looks along."""

from __future__ import annotations

import secrets

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

ALPHABET = "abcdefghjkmnpqrstvwxyz"


def name_those_there_are(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Draw a name for each mandate that has none."""
    for row in apps.get_model("mandates", "Mandate").objects.filter(name=""):
        row.name = "".join(secrets.choice(ALPHABET) for _ in range(20))
        row.save(update_fields=["name"])


class Migration(migrations.Migration):
    dependencies = [("mandates", "0001_initial")]

    operations = [
        migrations.AddField("mandate", "name", models.CharField(max_length=30, default="")),
        migrations.AddField("mandate", "bond", models.CharField(max_length=20, default="other")),
        migrations.RunPython(name_those_there_are, migrations.RunPython.noop),
        migrations.AlterField("mandate", "name", models.CharField(max_length=30, unique=True)),
    ]
