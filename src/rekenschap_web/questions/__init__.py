# SPDX-License-Identifier: EUPL-1.2
"""Asking a member of staff why they looked, their answer, and what they looked at themselves."""
