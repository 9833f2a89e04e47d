# SPDX-License-Identifier: EUPL-1.2
"""The register of processing activities: its versions, what held when, and how a table becomes one.

Pure: no storage, no clock, no page. The facts are of relation `processing_activity`.
"""

from rekenschap.register.activity import BASES, OPEN, SHIELDED, Change, Version, changes, lacking
from rekenschap.register.planning import Plan, next_version, plan
from rekenschap.register.table import COLUMNS, Drawn, Problem, Row, columns_in, is_key, read_row
from rekenschap.register.versions import GRACE, Basis, Register

__all__ = [
    "BASES",
    "COLUMNS",
    "GRACE",
    "OPEN",
    "SHIELDED",
    "Basis",
    "Change",
    "Drawn",
    "Plan",
    "Problem",
    "Register",
    "Row",
    "Version",
    "changes",
    "columns_in",
    "is_key",
    "lacking",
    "next_version",
    "plan",
    "read_row",
]
