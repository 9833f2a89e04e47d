# SPDX-License-Identifier: EUPL-1.2
"""What becomes a fact or a line in the log without anybody asking: who came in, who was turned away."""

from __future__ import annotations

import structlog
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.core.cache import cache
from django.db import transaction

from rekenschap_web import acts
from rekenschap_web.people.models import Person
from rekenschap_web.people.refusing import turned_away
from rekenschap_web.signin.staying.sessions import digest_of

_SPAN = 60
"""seconds in which the same refusal of the same person is one fact"""


def listen() -> None:
    """Hear it all."""
    user_logged_in.connect(_came_in, dispatch_uid="signin.facts.in")
    user_login_failed.connect(_failed, dispatch_uid="signin.facts.failed")
    turned_away.connect(_turned_away, dispatch_uid="signin.facts.turned_away")


def _logger() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("rekenschap.desk")
    return logger


def _came_in(*, user: Person, **_: object) -> None:
    _logger().info("signed_in", person=user.pk)


def _failed(**_: object) -> None:
    _logger().warning("sign_in_failed")


def _turned_away(*, person: Person, page: str, rule: str, **_: object) -> None:
    """Write a refusal down; who reloads a page that refuses does not fill the ledger."""
    _logger().warning("turned_away", person=person.pk, page=page, rule=rule)
    once = digest_of(f"{person.pk} {page} {rule}")
    if cache.add(f"signin:turned_away:{once}", 1, _SPAN):
        with transaction.atomic():
            acts.record(by=person, verb="turned_away", kind="page", object=f"page:{page}"[:120], because=rule)
