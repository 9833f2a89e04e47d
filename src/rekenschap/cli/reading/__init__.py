# SPDX-License-Identifier: EUPL-1.2
"""The commands about what others read: `rekenschap read`."""

from rekenschap.cli.reading.commands import read_app

__all__ = ["read_app"]
