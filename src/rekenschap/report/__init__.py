# SPDX-License-Identifier: EUPL-1.2
"""The report: one HTML file that answers four questions. Knows no engine and no ledger, only its content."""

from rekenschap.report.page import render

__all__ = ["render"]
