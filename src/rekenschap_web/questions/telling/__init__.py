# SPDX-License-Identifier: EUPL-1.2
"""Telling somebody that something waits, without saying what."""
