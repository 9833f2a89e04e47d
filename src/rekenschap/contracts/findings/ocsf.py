# SPDX-License-Identifier: EUPL-1.2
"""A finding as an OCSF Detection Finding (class 2004, schema 1.9). https://schema.ocsf.io"""

from __future__ import annotations

from collections.abc import Mapping

from rekenschap.contracts.findings.given import GivenFinding

SCHEMA = "1.9.0-dev"
_CATEGORY, _CLASS, _CREATE = 2, 2004, 1
_MEDIUM, _NEW = 3, 1
_STATISTICAL = 3
_MOST_RISK = 100


def as_ocsf(found: GivenFinding) -> Mapping[str, object]:
    """Give it as one event: created, new, of medium severity, because a human has yet to look.

    The risk score is a hundred at most, as other products count; the exact score in nats is unmapped.
    """
    told: dict[str, object] = {
        "category_uid": _CATEGORY,
        "class_uid": _CLASS,
        "activity_id": _CREATE,
        "type_uid": _CLASS * 100 + _CREATE,
        "time": _ms(found.derived_at),
        "start_time": _ms(found.first_at),
        "end_time": _ms(found.last_at),
        "count": found.looks,
        "severity_id": _MEDIUM,
        "status_id": _NEW,
        "is_alert": True,
        "message": found.message,
        "risk_score": risk_of(found.score),
        "metadata": {
            "version": SCHEMA,
            "uid": f"{found.key}-{found.size}",
            "product": {"name": "Rekenschap", "vendor_name": "Rekenschap", "version": found.version},
        },
        "finding_info": {
            "uid": found.key,
            "title": found.title,
            "desc": found.message,
            "first_seen_time": _ms(found.first_at),
            "last_seen_time": _ms(found.last_at),
            "analytic": {"uid": found.rule, "name": found.title, "type_id": _STATISTICAL},
        },
        "unmapped": {"score_nats": found.score, "subjects": found.subjects, "checkpoint": _checkpoint(found)},
    }
    if found.is_staff:
        told["evidences"] = [{"actor": {"user": {"uid": found.about}}}]
    else:
        told["resources"] = [{"uid": found.about, "type": "subject"}]
    return told


def risk_of(score: float) -> int:
    """Give 0 to 100 for a score in nats: four points each, so that 25 nats and more are the most."""
    return max(0, min(_MOST_RISK, round(score * 4)))


def _ms(microseconds: int) -> int:
    return microseconds // 1000


def _checkpoint(found: GivenFinding) -> Mapping[str, object]:
    return {"origin": found.origin, "size": found.size}
