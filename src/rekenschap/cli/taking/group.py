# SPDX-License-Identifier: EUPL-1.2
"""A group of commands of which one needs no name: words that name no other are for that one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer import Context

UNNAMED = "files"


class GroupWithUnnamed(TyperGroup):
    """Gives `files` everything that begins with no name of a command."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put the name there that may be left out."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = [UNNAMED, *args]
        return super().parse_args(ctx, args)
