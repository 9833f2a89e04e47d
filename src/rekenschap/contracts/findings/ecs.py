# SPDX-License-Identifier: EUPL-1.2
"""A finding as an alert in the Elastic Common Schema (9.5). https://www.elastic.co/docs/reference/ecs"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from rekenschap.contracts.findings.given import GivenFinding
from rekenschap.contracts.findings.ocsf import risk_of

SCHEMA = "9.5.0-dev"
DATASET = "rekenschap.finding"
_MEDIUM = 50


def as_ecs(found: GivenFinding) -> Mapping[str, object]:
    """Give it as one document: an alert on access to a database, with the rule and the pseudonym."""
    labels = {
        "looks": str(found.looks),
        "subjects": str(found.subjects),
        "checkpoint_origin": found.origin,
        "checkpoint_size": str(found.size),
    }
    who: Mapping[str, object] = {"user": {"id": found.about}} if found.is_staff else {}
    return {
        "@timestamp": _moment(found.derived_at),
        "ecs": {"version": SCHEMA},
        "message": found.message,
        "event": {
            "kind": "alert",
            "category": ["database"],
            "type": ["access"],
            "module": "rekenschap",
            "dataset": DATASET,
            "id": found.key,
            "start": _moment(found.first_at),
            "end": _moment(found.last_at),
            "severity": _MEDIUM,
            "risk_score": found.score,
            "risk_score_norm": float(risk_of(found.score)),
        },
        "rule": {"id": found.rule, "name": found.title, "version": found.version},
        "observer": {"vendor": "Rekenschap", "product": "Rekenschap", "version": found.version},
        "labels": labels if found.is_staff else {**labels, "subject": found.about},
        **who,
    }


def _moment(microseconds: int) -> str:
    return datetime.fromtimestamp(microseconds / 1_000_000, tz=UTC).isoformat(timespec="milliseconds")
