# SPDX-License-Identifier: EUPL-1.2
"""Readers of what security equipment and Windows write: CEF, LEEF, event logs."""
