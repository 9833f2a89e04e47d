# SPDX-License-Identifier: EUPL-1.2
"""Staying signed in: in one browser, not for long, and only until somebody ends it."""
