# SPDX-License-Identifier: EUPL-1.2
"""Groups of commands of which one needs no name."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer import Context


class GroupWithUnnamed(TyperGroup):
    """Gives what names no command to the one that is called `unnamed`."""

    unnamed: ClassVar[str]

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put the name there that may be left out."""
        if self.is_meant(args):
            args = [self.unnamed, *args]
        return super().parse_args(ctx, args)

    def is_meant(self, args: list[str]) -> bool:
        """Say whether words are for the command without a name; nothing at all asks for help."""
        return bool(args) and args[0] not in self.commands and args[0] != "--help"


class GroupWithFiles(GroupWithUnnamed):
    """Every word that names no command is a file."""

    unnamed = "files"


class GroupWithList(GroupWithUnnamed):
    """Nothing, or an option, asks for the list; another word may be a command that was misspelt."""

    unnamed = "list"

    def is_meant(self, args: list[str]) -> bool:
        """Say whether the list is asked for."""
        return not args or (args[0].startswith("-") and args[0] != "--help")


class GroupWithTarget(GroupWithUnnamed):
    """Every word that names no command is the place of a copy."""

    unnamed = "ledger"
