# SPDX-License-Identifier: EUPL-1.2
"""Brings the derivation up to now when the ledger has grown, and hands the findings to the work list."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from rekenschap.audit.deriving.reading import manifest_of
from rekenschap.audit.desk.people import reading
from rekenschap.audit.refreshing import Refreshed, bring_up_to_date
from rekenschap.house import House
from rekenschap_web.acts.system import system_person

SEED = 1
_FINDINGS = "rekenschap_web.findings.following.taking"
_CHOOSING = "rekenschap_web.findings.following.choosing"


def hear(house: House, *, seed: int = SEED, whole: bool = False) -> Refreshed | None:
    """Explain what came in since the newest derivation, or everything anew (`whole`); None when nothing came.

    Asks the size of the ledger only, as long as nothing comes.
    """
    told = manifest_of(house.root)
    known = -1 if told is None else told.whole if whole else told.read_to
    if known >= reading(house).checkpoint.size:
        return None
    return bring_up_to_date(house, seed=seed, now=timezone.now(), whole=whole)


def hand_over() -> dict[str, int]:
    """Give all findings of the newest derivation to the work list; counts new, changed and gone ones."""
    if find_spec(_FINDINGS) is None:
        return {}
    from rekenschap_web.evidence import desk
    from rekenschap_web.evidence.giving.handing import every_finding, explained_now, last_week

    take_over, chosen = import_module(_FINDINGS).take_over, import_module(_CHOOSING).chosen
    with transaction.atomic():
        views = every_finding()
        taken = take_over(
            by=system_person(),
            findings=views,
            chosen=chosen(views, last_week(), budget=settings.DESK_PER_WEEK),
            checkpoint=desk.checkpoint(),
            now=timezone.now(),
            became=explained_now,
        )
    return {name: len(value) if hasattr(value, "__len__") else int(value)
            for name in ("new", "changed", "gone") if (value := getattr(taken, name,
            None)) is not None}  # fmt: skip
