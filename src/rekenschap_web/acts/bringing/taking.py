# SPDX-License-Identifier: EUPL-1.2
"""Derives anew when the ledger has grown, and hands the findings to the work list."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.db import transaction
from django.utils import timezone

from rekenschap.audit.deriving import derive, newest_in
from rekenschap.audit.desk.people import reading
from rekenschap.errors import StoreError
from rekenschap.house import House
from rekenschap_web.acts.system import system_person

SEED = 1
_FINDINGS = "rekenschap_web.findings.following.taking"


def derive_if_newer(house: House, *, seed: int = SEED) -> bool:
    """Derive when the newest derivation is not of the latest checkpoint; says whether it was done."""
    try:
        known = newest_in(house.root)
    except StoreError:
        known = ""
    if known == f"{reading(house).checkpoint.size}-{seed}":
        return False
    derive(house, seed=seed, now=timezone.now())
    return True


def hand_over() -> dict[str, int]:
    """Give all findings of the newest derivation to the work list; counts new, changed and gone ones."""
    if find_spec(_FINDINGS) is None:
        return {}
    from rekenschap_web.evidence import desk
    from rekenschap_web.evidence.giving.handing import every_finding, explained_now

    take_over = import_module(_FINDINGS).take_over
    with transaction.atomic():
        taken = take_over(
            by=system_person(),
            findings=every_finding(),
            checkpoint=desk.checkpoint(),
            now=timezone.now(),
            became=explained_now,
        )
    return {name: len(value) if hasattr(value, "__len__") else int(value)
            for name in ("new", "changed", "gone") if (value := getattr(taken, name,
            None)) is not None}  # fmt: skip
