# SPDX-License-Identifier: EUPL-1.2
"""The state of the desk as one line of JSON: `rekenschap doctor` runs this as a module."""

from __future__ import annotations

import json
import os
import sys

import django

from rekenschap.errors import ExitCode, RekenschapError


def points() -> list[dict[str, object]]:
    """Give every point as a word for programs: health, and what of the settings is not for daily use."""
    from rekenschap_web.upkeep.health import ready

    health: list[dict[str, object]] = [
        {"name": each.name, "well": each.is_well, "code": each.code, "number": each.number}
        for each in ready()
    ]
    return [*health, *_settings()]


def _settings() -> list[dict[str, object]]:
    from django.conf import settings

    desk = settings.DESK
    is_tryout = not desk.is_https and desk.host in ("localhost", "127.0.0.1")
    provider = "provider" if desk.oidc else "own_accounts" if desk.local_accounts else "tryout_accounts"
    return [
        {
            "name": "address",
            "well": desk.is_https or is_tryout,
            "code": "address_tryout" if is_tryout else "address",
            "text": desk.public_url,
        },
        {
            "name": "sign-in",
            "well": desk.oidc is not None or desk.local_accounts or is_tryout,
            "code": provider,
        },
    ]


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
