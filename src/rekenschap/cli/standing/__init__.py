# SPDX-License-Identifier: EUPL-1.2
"""The command that says how every source stands, and what we cannot see."""

from rekenschap.cli.standing.commands import sources

__all__ = ["sources"]
