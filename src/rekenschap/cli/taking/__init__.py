# SPDX-License-Identifier: EUPL-1.2
"""The commands that take in: `rekenschap intake FILES`, and `rekenschap intake serve` for a network."""

from rekenschap.cli.taking.commands import intake_app

__all__ = ["intake_app"]
