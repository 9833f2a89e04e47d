# SPDX-License-Identifier: EUPL-1.2
"""The command that draws an invented town of any size and writes what its systems would have written."""

from rekenschap.cli.town.commands import town

__all__ = ["town"]
