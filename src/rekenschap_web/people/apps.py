# SPDX-License-Identifier: EUPL-1.2
"""The room of the people, as Django lists it."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People and the rules for what they may do."""

    name = "rekenschap_web.people"
    label = "people"
