# SPDX-License-Identifier: EUPL-1.2
"""A rule of casework that says no, as an error that carries its sentence to the page."""

from __future__ import annotations

from rekenschap.casework.flow import Decision as Ruled
from rekenschap_web.people.language import said
from rekenschap_web.people.may import Decision, NotAllowedError


class SentenceError(NotAllowedError):
    """What was asked cannot be done now; the page shows the sentence of the rule."""

    def __init__(self, ruled: Ruled) -> None:
        super().__init__(Decision(allowed=False, rule=ruled.rule, because=said(ruled)))
