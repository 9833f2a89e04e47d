# SPDX-License-Identifier: EUPL-1.2
"""The commands on what may no longer be kept, or must be; what each does stands in `erasing`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rekenschap.cli.asking import HOME, HomeOption, JsonOption, LanguageOption
from rekenschap.cli.texts import Language
from rekenschap.model.custody import OrderAction, Rule

erasure_app = typer.Typer()


@erasure_app.command()
def retention(
    *,
    terms: Annotated[Path, typer.Option(help="How long each kind is kept: a TOML file.", readable=False)],
    out: Annotated[Path, typer.Option(help="Where to write the orders.")] = Path(),
    home: HomeOption = HOME,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """List what has been kept long enough, and write the orders to erase it, for officers to sign."""
    from rekenschap.cli.custody import erasing

    return erasing.retention(home, terms, out=out, language=language, as_json=as_json)


@erasure_app.command()
def order(
    action: Annotated[OrderAction, typer.Argument(help="What to order.")],
    *,
    reason: Annotated[str, typer.Option(help="Reference to the file; no name or number of a person.")],
    law: Annotated[str, typer.Option(help="Law and article.")],
    entries: Annotated[str, typer.Option(help="Entries as in 12-40,77; not to forget.")] = "",
    token: Annotated[list[str] | None, typer.Option(help="A pseudonym to forget.")] = None,
    rule: Annotated[Rule | None, typer.Option(help="Why, to erase or forget.")] = None,
    term: Annotated[int, typer.Option(min=0, help="Days, with --rule term.")] = 0,
    out: Annotated[Path, typer.Option(help="The order to sign.")] = Path("order.txt"),
    home: HomeOption = HOME,
    language: LanguageOption = Language.NL,
) -> int:
    """Write an order to erase, hold, release or forget, for officers to sign."""
    from rekenschap.cli.custody import erasing
    from rekenschap.ledger.keeping.drafting import Wish

    ranges = erasing.ranges_in(entries)
    wish = Wish(action=action, law=law, reason=reason, entries=ranges, rule=rule, term=term)
    return erasing.order(wish, out, home=home, tokens=token or [], language=language)


@erasure_app.command()
def erase(
    orders: Annotated[
        list[Path] | None,
        typer.Argument(help="A signed order, or its copies; none to finish what was broken off."),
    ] = None,
    *,
    home: HomeOption = HOME,
    language: LanguageOption = Language.NL,
) -> int:
    """Erase the rows a signed order names; their commitments stay, so every proof does."""
    from rekenschap.cli.custody import erasing

    return erasing.carry_out(orders or [], [OrderAction.ERASE], home=home, language=language)


@erasure_app.command()
def hold(
    orders: Annotated[list[Path], typer.Argument(help="A signed order to hold or release, or its copies.")],
    *,
    home: HomeOption = HOME,
    language: LanguageOption = Language.NL,
) -> int:
    """Keep entries from being erased, or release them, as a signed order says."""
    from rekenschap.cli.custody import erasing

    wanted = [OrderAction.HOLD, OrderAction.RELEASE]
    return erasing.carry_out(orders, wanted, home=home, language=language)


@erasure_app.command()
def forget(
    orders: Annotated[list[Path], typer.Argument(help="A signed order to forget, or its copies.")],
    *,
    opening: Annotated[Path, typer.Option(help="The file that was written beside the order.")],
    home: HomeOption = HOME,
    language: LanguageOption = Language.NL,
) -> int:
    """Forget who a pseudonym is: destroy the key of the sealed original, as a signed order says."""
    from rekenschap.cli.custody import erasing

    return erasing.forget(orders, opening, home=home, language=language)
