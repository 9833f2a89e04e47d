# SPDX-License-Identifier: EUPL-1.2
"""The commands `rekenschap register` and their options; what each does stands in the module beside this."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rekenschap.cli.asking import HOME, HomeOption, JsonOption, LanguageOption
from rekenschap.cli.texts import Language

register_app = typer.Typer(
    name="register",
    help="The register of processing activities (GDPR art. 30): take it in, read it, hold it against looks.",
    no_args_is_help=True,
)


@register_app.command("import")
def take(
    file: Annotated[Path, typer.Argument(help="CSV, a workbook, or JSON of the draft interface.")],
    *,
    by: Annotated[str, typer.Option("--by", help="Your staff number: the ledger keeps who decided.")] = "",
    because: Annotated[
        str, typer.Option("--because", help="Why, in a sentence without names: it stays for ever.")
    ] = "",
    only_look: Annotated[
        bool, typer.Option("--only-look", help="Say what would change, and change nothing.")
    ] = False,
    home: HomeOption = HOME,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Put a register on record: what is new and what changed, each as a version that never goes away."""
    from rekenschap.cli.packing.on_packs import Decided
    from rekenschap.cli.registering import on_register

    decided = None if only_look else Decided(home=home, by=by, because=because)
    return on_register.take(file, decided, home=home, language=language, as_json=as_json)


@register_app.command("list")
def list_(
    *,
    at: Annotated[str, typer.Option(help="As it was on this day, such as 2026-03-01; now when empty.")] = "",
    home: HomeOption = HOME,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """List the activities that hold, or held on a day, each with its basis in law and what it lacks."""
    from rekenschap.cli.registering import on_register

    return on_register.list_all(home, at=at, language=language, as_json=as_json)


@register_app.command()
def report(
    *, home: HomeOption = HOME, language: LanguageOption = Language.NL, as_json: JsonOption = False
) -> int:
    """Count looks and delivered sets without a basis in law, by system and team, and what nobody used."""
    from rekenschap.cli.registering import on_register

    return on_register.report(home, language=language, as_json=as_json)


@register_app.command()
def retention(
    *,
    out: Annotated[Path, typer.Option(help="Where to write the orders.")] = Path(),
    terms: Annotated[
        Path | None,
        typer.Option(help="How long entries without an activity are kept: a TOML file.", readable=False),
    ] = None,
    forget: Annotated[
        bool, typer.Option("--forget", help="Also order to forget who they are of whom nothing is left.")
    ] = False,
    home: HomeOption = HOME,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """List what was kept as long as the register says, and write the orders to erase it, for officers."""
    from rekenschap.cli.registering import on_retention

    asked = on_retention.Asked(home=home, terms=terms, out=out, forgets=forget)
    return on_retention.retention(asked, language=language, as_json=as_json)


@register_app.command()
def erasures(
    *, home: HomeOption = HOME, language: LanguageOption = Language.NL, as_json: JsonOption = False
) -> int:
    """List what was erased, held or forgotten, by which law, by whose signatures, and whether it is done."""
    from rekenschap.cli.registering import on_retention

    return on_retention.erasures(home, language=language, as_json=as_json)
