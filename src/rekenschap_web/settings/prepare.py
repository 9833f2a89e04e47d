# SPDX-License-Identifier: EUPL-1.2
"""Brings the database of the desk up to date: python -m rekenschap_web.settings.prepare."""

from __future__ import annotations

import io
import os

import django
from django.core.management import call_command


def prepare(settings: str) -> None:
    """Start Django with these settings and run every migration that was not run."""
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("check", fail_level="ERROR", stdout=io.StringIO())


if __name__ == "__main__":
    prepare("rekenschap_web.settings.desk")
