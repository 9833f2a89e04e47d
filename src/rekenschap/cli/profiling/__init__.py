# SPDX-License-Identifier: EUPL-1.2
"""The commands that make and try a source profile: `rekenschap profile new | try`."""

from rekenschap.cli.profiling.commands import profile_app

__all__ = ["profile_app"]
