# SPDX-License-Identifier: EUPL-1.2
"""The contracts in which records come in and are given back."""

from __future__ import annotations

from enum import StrEnum


class Contract(StrEnum):
    """What is given: the records of one kind, or all of them as they came in."""

    LDV = "ldv"
    ADL = "adl"
    CONSULTATION = "consultation"
    AS_RECEIVED = "as-received"


class FindingForm(StrEnum):
    """The forms in which findings are given to another program."""

    OCSF = "ocsf"
    ECS = "ecs"
