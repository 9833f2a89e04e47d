# SPDX-License-Identifier: EUPL-1.2
"""Adds an account of our own, for `rekenschap person`; prints a link to choose a password with."""

from __future__ import annotations

import sys

from rekenschap.casework.roles import Role
from rekenschap.errors import RekenschapError
from rekenschap_web.settings.prepare import prepare


def main(words: list[str]) -> int:
    """Add or change the account, and print the link with which its person chooses a password."""
    email, name, roles, team, staff_id = words
    prepare("rekenschap_web.settings.desk")
    from django.conf import settings

    from rekenschap_web.signin.accounts import local

    named = frozenset(Role(each) for each in roles.split(",") if each)
    person = local.add(email=email, name=name, roles=named, team=team, staff_id=staff_id)
    sys.stdout.write(f"{settings.DESK.public_url}{local.link_for(person)}\n")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except RekenschapError as error:
        sys.stderr.write(f"rekenschap: {error}\n")
        sys.exit(error.exit_code)
