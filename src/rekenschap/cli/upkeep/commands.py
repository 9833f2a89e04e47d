# SPDX-License-Identifier: EUPL-1.2
"""The commands and their options; what each does stands in the module beside this."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rekenschap.cli.asking import HOME, HomeOption, JsonOption, LanguageOption
from rekenschap.cli.asking.groups import GroupWithTarget
from rekenschap.cli.texts import Language

backup_app = typer.Typer(
    name="backup",
    cls=GroupWithTarget,
    help="Bring a copy of the ledger up to date (`rekenschap backup TARGET`), or back up house and desk.",
    no_args_is_help=True,
)
FolderArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The directory of a backup.")]
KeyOption = Annotated[
    str | None,
    typer.Option("--public-key", help="public-keys.txt or one of its lines; from elsewhere is best."),
]


@backup_app.command(GroupWithTarget.unnamed)
def ledger(
    target: Annotated[
        str,
        typer.Argument(help="A directory, or an address that begins with s3://", show_default=False),
    ],
    *,
    ledger: Annotated[Path, typer.Option("--ledger", help="A ledger, or its house.")] = HOME,
    public_key: KeyOption = None,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Bring a copy of the ledger up to date, and check every row of it there. Keys are never copied."""
    from rekenschap.cli import on_copies

    return on_copies.backup(ledger, target, public_key, language=language, as_json=as_json)


@backup_app.command()
def create(
    folder: FolderArgument,
    *,
    home: HomeOption = HOME,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Make a backup of the ledger and the database of the desk in a directory of its own; never of keys."""
    from rekenschap.cli.upkeep import saving

    return saving.create(folder, home=home, language=language, as_json=as_json)


@backup_app.command()
def verify(
    folder: FolderArgument,
    *,
    public_key: KeyOption = None,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Check every row of the ledger in a backup."""
    from rekenschap.cli.upkeep import saving

    return saving.verify_backup(folder, public_key=public_key, language=language, as_json=as_json)


@backup_app.command()
def restore(
    folder: FolderArgument,
    *,
    home: HomeOption = HOME,
    public_key: Annotated[str, typer.Option("--public-key", help="public-keys.txt or one of its lines.")],
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Bring ledger and desk back, hold one against the other, and end with a proof."""
    from rekenschap.cli.upkeep import saving

    return saving.restore(folder, home=home, public_key=public_key, language=language, as_json=as_json)


def derive(
    *,
    home: HomeOption = HOME,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The seed of everything drawn by lot.")] = 1,
    whole: Annotated[
        bool, typer.Option("--whole", help="Explain everything anew, also when little came in.")
    ] = False,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Explain and search what the ledger holds now, and keep the outcome for the pages of the desk.

    When little came in since the last time, only that is explained, with what it touches.
    """
    from rekenschap.cli.upkeep import deriving

    asked = deriving.Asked(seed=seed, whole=whole)
    return deriving.derive_home(home, asked, language=language, as_json=as_json)


def doctor(
    *, home: HomeOption = HOME, language: LanguageOption = Language.NL, as_json: JsonOption = False
) -> int:
    """Say what is wrong with this house and its desk, where it was set, and the line to change."""
    from rekenschap.cli.upkeep import examining

    return examining.examine(home, language=language, as_json=as_json)
