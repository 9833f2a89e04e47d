# SPDX-License-Identifier: EUPL-1.2
"""The commands that work quarantine through: `rekenschap quarantine [show | again | destroy]`."""

from rekenschap.cli.waiting.commands import quarantine_app

__all__ = ["quarantine_app"]
