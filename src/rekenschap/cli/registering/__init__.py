# SPDX-License-Identifier: EUPL-1.2
"""The commands on the register of processing activities: `rekenschap register`."""

from rekenschap.cli.registering.commands import register_app

__all__ = ["register_app"]
