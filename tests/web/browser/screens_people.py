# SPDX-License-Identifier: EUPL-1.2
"""The screens of signing in, of people, and of the trail."""

from __future__ import annotations

from rekenschap.casework.roles import Role
from tests.web.browser import Screen

SCREENS = [
    Screen(name="waar-ben-ik-ingelogd", role=Role.STAFF, path="/waar-ben-ik-ingelogd/"),
    Screen(name="mensen", role=Role.OPERATOR, path="/mensen/"),
    Screen(name="spoor", role=Role.FG, path=lambda town: f"/spoor/finding:{town.numbers[0]}/"),
    Screen(name="inloggen", role=None, path="/inloggen/"),
]
