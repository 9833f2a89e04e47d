# SPDX-License-Identifier: EUPL-1.2
"""Accounts of our own, with a password and a second factor."""
