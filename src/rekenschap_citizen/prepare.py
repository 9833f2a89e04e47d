# SPDX-License-Identifier: EUPL-1.2
"""Brings the database of the citizen page up to date: python -m rekenschap_citizen.prepare."""

from __future__ import annotations

import os

import django
from django.core.management import call_command

from rekenschap_citizen.place import database


def main() -> None:
    """Run every migration that was not run, and forget sessions that are over."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "rekenschap_citizen.settings"
    django.setup()
    database.check_role()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("clearsessions")


if __name__ == "__main__":
    main()
