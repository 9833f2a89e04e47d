# SPDX-License-Identifier: EUPL-1.2
"""Reads records as nearly everybody writes them, in machine code; all others are left to `rows`."""
