# SPDX-License-Identifier: EUPL-1.2
"""The commands on grounds that are found in the work of a house itself."""

from rekenschap.cli.grounds.commands import grounds_app

__all__ = ["grounds_app"]
