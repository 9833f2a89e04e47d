# SPDX-License-Identifier: EUPL-1.2
"""The flows of the desk: finding, question, lifting of a name, investigation, export, month."""

from rekenschap.casework.flow import Flow
from rekenschap.casework.flows.export import EXPORT
from rekenschap.casework.flows.finding import FINDING
from rekenschap.casework.flows.investigation import INVESTIGATION
from rekenschap.casework.flows.lifting import LIFTING
from rekenschap.casework.flows.month import MONTH
from rekenschap.casework.flows.question import QUESTION

FLOWS: tuple[Flow, ...] = (FINDING, QUESTION, LIFTING, INVESTIGATION, EXPORT, MONTH)

__all__ = ["EXPORT", "FINDING", "FLOWS", "INVESTIGATION", "LIFTING", "MONTH", "QUESTION"]
