# SPDX-License-Identifier: EUPL-1.2
"""The commands `rekenschap grounds` and their options; what each does stands in the module beside this."""

from __future__ import annotations

from typing import Annotated

import typer

from rekenschap.cli.asking import HOME, HomeOption, JsonOption, LanguageOption
from rekenschap.cli.texts import Language
from rekenschap.model.explanation import Weight

grounds_app = typer.Typer(
    name="grounds",
    help="Grounds found in your own work: search for them, and say which may count.",
    no_args_is_help=True,
)
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="The seed of everything drawn by lot.")]


@grounds_app.command()
def mine(
    *,
    home: HomeOption = HOME,
    seed: SeedOption = 1,
    most: Annotated[int, typer.Option(min=1, max=1000, help="Show at most so many.")] = 20,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Search your own work for what might explain looks, beside what chance explains; changes nothing."""
    from rekenschap.cli.grounds import on_grounds

    return on_grounds.mine(home, seed=seed, most=most, language=language, as_json=as_json)


@grounds_app.command()
def approve(
    candidate: Annotated[str, typer.Argument(help="The name of a candidate.", show_default=False)],
    *,
    by: Annotated[str, typer.Option("--by", help="Your staff number: the ledger keeps who decided.")],
    because: Annotated[
        str, typer.Option("--because", help="Why, in a sentence without names: it stays for ever.")
    ],
    weight: Annotated[Weight, typer.Option(help="What it may do: explain, explain weakly, or weigh.")] = (
        Weight.WEAK
    ),
    home: HomeOption = HOME,
    seed: SeedOption = 1,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Make a candidate a ground of this house. The ledger keeps who decided and why."""
    from rekenschap.cli.grounds import on_grounds

    decided = on_grounds.Decided(home=home, by=by, because=because)
    return on_grounds.approve(
        candidate, decided, weight=weight, seed=seed, language=language, as_json=as_json
    )
