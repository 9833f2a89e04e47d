# SPDX-License-Identifier: EUPL-1.2
"""The register of processing activities of a house: read as facts, taken in, held against looks."""

from rekenschap.audit.register.facts import register_in, register_of, told_values
from rekenschap.audit.register.kept import report_kept
from rekenschap.audit.register.lapsing import (
    DESK_ACTIVITY,
    WIPED,
    Due,
    Kept,
    Lapsing,
    lapsing,
    wish_to_forget,
    wishes_of,
)
from rekenschap.audit.register.leftover import left_over
from rekenschap.audit.register.orders import OrderTold, erasures_in
from rekenschap.audit.register.taking import Decided, planned, put_on_record
from rekenschap.audit.register.usage import Line, Report, Use, report_of

__all__ = [
    "DESK_ACTIVITY",
    "WIPED",
    "Decided",
    "Due",
    "Kept",
    "Lapsing",
    "Line",
    "OrderTold",
    "Report",
    "Use",
    "erasures_in",
    "lapsing",
    "left_over",
    "planned",
    "put_on_record",
    "register_in",
    "register_of",
    "report_kept",
    "report_of",
    "told_values",
    "wish_to_forget",
    "wishes_of",
]
