# SPDX-License-Identifier: EUPL-1.2
"""Field numbers of a Span and a LogRecord (opentelemetry-proto 1.x); the attributes that become columns."""

from __future__ import annotations

from dataclasses import dataclass

STAFF = ("rekenschap.staff.id",)
"""Keys that make a record a consultation, unless a profile names more (`enduser.id`, `user.id`)."""

CONSULTATION_KEYS = (
    "rekenschap.staff.id",
    "rekenschap.subject.id",
    "rekenschap.subject.type",
    "rekenschap.zaak.id",
    "rekenschap.register",
    "rekenschap.fields",
    "rekenschap.search_key",
    "rekenschap.processing_activity",
    "rekenschap.device.id",
    "enduser.id",
    "user.id",
)
PROCESSING_KEYS = (
    "dpl.core.processing_activity_id",
    "dpl.core.data_subject_id",
    "dpl.core.data_subject_id_type",
    "dpl.core.foreign_operation.processor",
)
DECISION_KEYS = ("adl.fsc.transaction_id",)
OTHER_KEYS = ("event.name", "status", "status_code")
RESOURCE_KEYS = ("service.name",)
STATUSES = ("Unset", "Ok", "Error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where one type of record has what; 0 means that it does not have it."""

    trace_id: int
    span_id: int
    name: int
    attributes: int
    flags: int
    started: int
    ended: int = 0
    observed: int = 0
    parent: int = 0
    status: int = 0
    body: int = 0
    state: int = 0
    dropped: int = 0


SPAN = Layout(
    trace_id=1,
    span_id=2,
    parent=4,
    name=5,
    started=7,
    ended=8,
    attributes=9,
    status=15,
    flags=16,
    state=3,
    dropped=10,
)
LOG_RECORD = Layout(
    trace_id=9, span_id=10, name=12, started=1, observed=11, attributes=6, flags=8, body=5, dropped=7
)
