# SPDX-License-Identifier: EUPL-1.2
"""The commands of whoever keeps a house running: derive, doctor, and what a check asks of the desk."""

from rekenschap.cli.upkeep.commands import backup_app, derive, doctor

__all__ = ["backup_app", "derive", "doctor"]
