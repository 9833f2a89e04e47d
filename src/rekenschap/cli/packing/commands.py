# SPDX-License-Identifier: EUPL-1.2
"""The commands on packs and their options; what each does stands in the module beside this."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rekenschap.cli.asking import HOME, HomeOption, JsonOption, LanguageOption
from rekenschap.cli.texts import Language

pack_app = typer.Typer(
    name="pack",
    help="Packs of grounds, rules and source profiles: try one, add it, make your own.",
    no_args_is_help=True,
)


class Form(StrEnum):
    """A form of findings that a SIEM reads."""

    ECS = "ecs"
    OCSF = "ocsf"


FolderArgument = Annotated[
    Path, typer.Argument(metavar="DIR", help="The directory of a pack.", show_default=False)
]
KeyOption = Annotated[
    str | None,
    typer.Option(
        "--public-key", help="The author's public key, or a file with it: from elsewhere, not from the pack."
    ),
]
UnsignedOption = Annotated[
    bool, typer.Option("--unsigned", help="Take it without a signature, as one you made yourself.")
]
ByOption = Annotated[str, typer.Option("--by", help="Your staff number: the ledger keeps who decided.")]
BecauseOption = Annotated[
    str, typer.Option("--because", help="Why, in a sentence without names: it stays for ever.")
]


@pack_app.command("list")
def list_packs(
    *, home: HomeOption = HOME, language: LanguageOption = Language.NL, as_json: JsonOption = False
) -> int:
    """Show the packs of a house, and whether they are those that the ledger says were added."""
    from rekenschap.cli.packing import on_packs

    return on_packs.list_packs(home, language=language, as_json=as_json)


@pack_app.command()
def check(
    folder: FolderArgument,
    *,
    public_key: KeyOption = None,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Check a pack by itself: form, SQL, drawn cases, and the signature when you give the key."""
    from rekenschap.cli.packing import on_packs

    return on_packs.check(folder, public_key, language=language, as_json=as_json)


@pack_app.command("try")
def try_it(
    folder: FolderArgument,
    *,
    home: HomeOption = HOME,
    seed: Annotated[int, typer.Option(min=0, help="The seed of everything drawn by lot.")] = 1,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Show what a pack would have done with every look of your own ledger; keeps nothing."""
    from rekenschap.cli.packing import on_packs

    return on_packs.try_it(folder, home=home, seed=seed, language=language, as_json=as_json)


@pack_app.command()
def add(
    folder: FolderArgument,
    *,
    by: ByOption,
    because: BecauseOption,
    public_key: KeyOption = None,
    unsigned: UnsignedOption = False,
    home: HomeOption = HOME,
    language: LanguageOption = Language.NL,
) -> int:
    """Add a pack to a house: at the next derivation it counts. The ledger keeps who and why."""
    from rekenschap.cli.packing import on_packs

    decided = on_packs.Decided(home=home, by=by, because=because)
    return on_packs.add(folder, decided, public_key=public_key, unsigned=unsigned, language=language)


@pack_app.command()
def remove(
    name: Annotated[str, typer.Argument(help="The name of the pack.", show_default=False)],
    *,
    by: ByOption,
    because: BecauseOption,
    home: HomeOption = HOME,
    language: LanguageOption = Language.NL,
) -> int:
    """Take a pack away: at the next derivation it counts no more. The ledger keeps who and why."""
    from rekenschap.cli.packing import on_packs

    return on_packs.remove(name, on_packs.Decided(home=home, by=by, because=because), language=language)


@pack_app.command()
def sigma(
    *,
    out: Annotated[Path, typer.Option("--out", help="Write them to this file (YAML).", show_default=False)],
    form: Annotated[
        Form, typer.Option("--on", help="In which form the SIEM has our findings: see `findings --as`.")
    ] = Form.ECS,
    home: HomeOption = HOME,
    language: LanguageOption = Language.NL,
) -> int:
    """Write the rules of a house, those of its packs too, as Sigma rules on the findings a SIEM was given."""
    from rekenschap.cli.packing import on_packs

    return on_packs.write_sigma(out, form.value, home=home, language=language)


@pack_app.command()
def sign(
    folder: FolderArgument,
    *,
    key: Annotated[
        Path, typer.Option("--key", help="Your own key, made with `keys new`.", show_default=False)
    ],
    language: LanguageOption = Language.NL,
) -> int:
    """Sign a pack you made, after checking it; your public key then shows that nothing was changed."""
    from rekenschap.cli.packing import on_packs

    return on_packs.sign(folder, key, language=language)
