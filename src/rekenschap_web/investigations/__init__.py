# SPDX-License-Identifier: EUPL-1.2
"""Investigations: what is known and what is not, by two people, up to a file that can be checked."""
