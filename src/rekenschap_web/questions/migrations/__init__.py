# SPDX-License-Identifier: EUPL-1.2
"""The tables of this room as they changed."""
