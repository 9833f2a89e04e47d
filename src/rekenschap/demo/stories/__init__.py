# SPDX-License-Identifier: EUPL-1.2
"""Looks that no work asked for: which scenarios there are, and how an episode of each goes."""
