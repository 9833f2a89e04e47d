# SPDX-License-Identifier: EUPL-1.2
"""The only writer of papers: see what it is, scan it, seal it, and tell the ledger its hash by the act."""

from __future__ import annotations

import base64
import hashlib
import uuid
from pathlib import PurePosixPath, PureWindowsPath

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from rekenschap.casework.flow import Decision
from rekenschap.model.bsn import without_bsn
from rekenschap_web.acts import recorded
from rekenschap_web.evidence.giving.papers import seal
from rekenschap_web.findings.refusals import SentenceError
from rekenschap_web.papers.kinds import MOST_BYTES, kind_of
from rekenschap_web.papers.models import Paper
from rekenschap_web.papers.scanning import scan
from rekenschap_web.people.models import Person


@transaction.atomic
def keep(
    *, upload: UploadedFile[bytes], belongs_to: str, about: str, by: Person, investigation: str = ""
) -> Paper:
    """Keep a document; the caller asked the rule whether this person may add one here."""
    if (upload.size or 0) > MOST_BYTES:
        raise SentenceError(_no("size", "Een bijlage is hoogstens 10 MB.", "An attachment is at most 10 MB."))
    raw = upload.read()
    kind = kind_of(raw)
    if not kind:
        raise SentenceError(
            _no(
                "kind",
                "Dit soort bestand nemen wij niet aan. Kies een pdf, een foto of een document.",
                "We do not take this kind of file. Choose a PDF, a picture or a document.",
            )
        )
    number = uuid.uuid4()
    digest = base64.b64encode(hashlib.sha256(raw).digest()).decode("ascii")
    paper = Paper(
        id=number,
        belongs_to=belongs_to,
        about=about,
        name=_plain_name(upload.name or "bijlage"),
        kind=kind,
        size=len(raw),
        sha256=digest,
        scan=scan(raw),
        sealed=seal(raw, bound_to=f"paper:{number}"),
        kept_by=by,
        kept_at=timezone.now(),
    )
    return recorded(paper, by=by, verb="attached", because=f"sha256 {digest}", investigation=investigation)


def _plain_name(name: str) -> str:
    last = PureWindowsPath(PurePosixPath(name).name).name
    return without_bsn("".join(each for each in last if each.isprintable()))[:200] or "bijlage"


def _no(why: str, nl: str, en: str) -> Decision:
    return Decision(allowed=False, rule=f"paper.{why}", nl=nl, en=en)
