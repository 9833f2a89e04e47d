# SPDX-License-Identifier: EUPL-1.2
"""The seal on a line of the outbox: made with the key of the desk, which is not in the database."""

from __future__ import annotations

import hmac
import json
from datetime import UTC

from django.conf import settings

from rekenschap.errors import WrongSignatureError
from rekenschap_web.acts.models import Act

_LABEL = b"rekenschap-desk/act/v1"


def seal_of(act: Act) -> bytes:
    """Give the seal of a line as it stands."""
    told = json.dumps(
        [
            str(act.act), act.acted_at.astimezone(UTC).isoformat(timespec="microseconds"),
            act.person_id, act.staff,
            act.verb, act.kind, act.object, act.because, act.warrant, act.investigation, act.look,
            act.revision,
            _hex(act.salt), _hex(act.content), act.work,
        ],
        ensure_ascii=True, separators=(",", ":"), sort_keys=True,
    )  # fmt: skip
    key = hmac.digest(settings.SECRET_KEY.encode(), _LABEL, "sha256")
    return hmac.digest(key, told.encode("ascii"), "sha256")


def check_seal(act: Act) -> None:
    """Raise WrongSignatureError when a line is not as the desk wrote it."""
    if not hmac.compare_digest(bytes(act.seal), seal_of(act)):
        raise WrongSignatureError(
            expected=f"act {act.number} in the database of the desk as the desk wrote it",
            found="another line",
            remedy="keep the database as evidence; somebody with access to it wrote this line",
        )


def _hex(value: bytes | memoryview | None) -> str | None:
    return None if value is None else bytes(value).hex()
