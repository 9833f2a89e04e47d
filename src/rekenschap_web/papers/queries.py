# SPDX-License-Identifier: EUPL-1.2
"""The only reader of papers: what there is, and one opened with its hash compared."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from rekenschap.errors import WrongLeafError
from rekenschap_web.evidence.giving.papers import unseal
from rekenschap_web.papers.models import Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperView:
    """A paper as a page shows it."""

    id: str
    belongs_to: str
    about: str
    name: str
    kind: str
    size: int
    sha256: str
    is_scanned: bool
    by: str
    at: datetime


def papers_of(belongs_to: str) -> tuple[PaperView, ...]:
    """Read the papers of one thing, oldest first."""
    rows = Paper.objects.filter(belongs_to=belongs_to).select_related("kept_by").defer("sealed")
    return tuple(_view(row) for row in rows)


def paper(number: str) -> PaperView:
    """Read one; Http404 when there is none."""
    return _view(_one(number))


def opened(number: str) -> bytes:
    """Unseal a paper; raises WrongLeafError when it is not what was kept."""
    row = _one(number)
    raw = unseal(bytes(row.sealed), bound_to=row.act_object)
    if base64.b64encode(hashlib.sha256(raw).digest()).decode("ascii") != row.sha256:
        raise WrongLeafError(
            expected="a paper with the hash that was written down",
            found="another one",
            remedy="keep the database as evidence and run rekenschap check",
        )
    return raw


def _one(number: str) -> Paper:
    row = Paper.objects.select_related("kept_by").filter(id=number).first()
    if row is None:
        raise Http404
    return row


def _view(row: Paper) -> PaperView:
    return PaperView(
        id=str(row.id), belongs_to=row.belongs_to, about=row.about, name=row.name, kind=row.kind,
        size=row.size, sha256=row.sha256, is_scanned=row.scan == "clean", by=row.kept_by.name, at=row.kept_at,
    )  # fmt: skip
