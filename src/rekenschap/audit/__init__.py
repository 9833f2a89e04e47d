# SPDX-License-Identifier: EUPL-1.2
"""The whole chain in one go: intake, ledger, explanation, findings, report. Knows no terminal."""
