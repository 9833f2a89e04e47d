# SPDX-License-Identifier: EUPL-1.2
"""The command that gives records back: `rekenschap export`."""

from rekenschap.cli.exporting.writing import export, moment_of

__all__ = ["export", "moment_of"]
