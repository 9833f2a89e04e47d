# SPDX-License-Identifier: EUPL-1.2
"""The state of the desk as one line of JSON: `rekenschap doctor` runs this as a module."""

from __future__ import annotations

import json
import os
import sys

import django

from rekenschap.errors import ExitCode, RekenschapError


def points() -> list[dict[str, object]]:
    """Give every point: health, and what of the settings is not for daily use."""
    from django.conf import settings

    from rekenschap_web.upkeep.health import Point, ready

    desk = settings.DESK
    is_tryout = not desk.is_https and desk.host in ("localhost", "127.0.0.1")
    told = (
        *ready(),
        Point(
            name="address",
            is_well=desk.is_https or is_tryout,
            found=f"{desk.public_url}" + (" (this machine only: a try-out)" if is_tryout else ""),
        ),
        Point(
            name="sign-in",
            is_well=desk.oidc is not None or desk.local_accounts or is_tryout,
            found="a provider"
            if desk.oidc
            else "accounts of our own"
            if desk.local_accounts
            else "the try-out's",
        ),
    )
    return [{"name": each.name, "well": each.is_well, "found": each.found} for each in told]


def main() -> int:
    """Say the state."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rekenschap_web.settings.desk")
    try:
        django.setup()
        told: dict[str, object] = {"points": points()}
        code = int(ExitCode.FINE)
    except RekenschapError as error:
        told = {"trouble": {"expected": error.expected, "found": error.found, "remedy": error.remedy}}
        code = int(error.exit_code)
    sys.stdout.write(json.dumps(told) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
