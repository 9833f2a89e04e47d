# SPDX-License-Identifier: EUPL-1.2
"""The commands about what others read, and their options; what each does stands in the module it calls."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rekenschap.cli.asking import HOME, HomeOption, LanguageOption
from rekenschap.cli.texts import Language

read_app = typer.Typer(
    name="read",
    help="Let other programs read, by interfaces that others published; each is off until read.toml says so.",
    no_args_is_help=True,
)


class Reads(StrEnum):
    """The interfaces there are."""

    LDV = "ldv"
    TRACKER = "tracker"
    BEWERKING = "bewerking"
    INZAGE = "inzage"


class Rights(StrEnum):
    """What a client may do in the VNG interfaces."""

    READ_NORMAL = "read:normal"
    READ_CONFIDENTIAL = "read:confidential"


@read_app.command()
def serve(
    *,
    home: HomeOption = HOME,
    host: Annotated[
        str, typer.Option(help="Address to listen on; for other machines give --certificate and --key.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 for any.")] = 4320,
    certificate: Annotated[
        Path | None, typer.Option(help="Certificate of this machine, in PEM.", show_default=False)
    ] = None,
    key: Annotated[Path | None, typer.Option(help="Its key, in PEM.", show_default=False)] = None,
    language: LanguageOption = Language.NL,
) -> int:
    """Answer who may read, until stopped; who asked what is noted first, and becomes a fact."""
    from rekenschap.cli.reading import serving

    asked = serving.Asked(home=home, host=host, port=port, certificate=certificate, key=key)
    return serving.serve(asked, language=language)


@read_app.command()
def client(
    name: Annotated[str, typer.Argument(help="What the client is called in read.toml and in the ledger.")],
    *,
    reads: Annotated[list[Reads], typer.Option(help="An interface it may read by; may be repeated.")],
    rights: Annotated[
        list[Rights] | None, typer.Option(help="What it may do in the VNG interfaces; may be repeated.")
    ] = None,
    a_minute: Annotated[
        int | None,
        typer.Option(min=1, max=10_000_000, help="Questions it may ask in a minute; 1200 when not said."),
    ] = None,
    home: HomeOption = HOME,
    language: LanguageOption = Language.NL,
) -> int:
    """Add a client that may read; prints its token, once."""
    from rekenschap.cli.reading import serving

    added = serving.Added(name=name, reads=reads, rights=tuple(rights or ()), a_minute=a_minute)
    return serving.add(added, home=home, language=language)


@read_app.command()
def give(
    *,
    out: Annotated[Path, typer.Option(help="The file to write, one AuditEvent a line.")],
    by: Annotated[str, typer.Option("--by", help="Your staff number: the ledger keeps who took them.")],
    observer: Annotated[str, typer.Option(help="Name of the organisation that kept the log.")],
    home: HomeOption = HOME,
    since: Annotated[str, typer.Option("--from", help="Looks on this day or later.")] = "",
    language: LanguageOption = Language.NL,
) -> int:
    """Give looks as FHIR AuditEvents (IHE BALP), under pseudonyms and without what is withheld."""
    from rekenschap.cli import exporting
    from rekenschap.cli.reading import giving

    begins = exporting.moment_of(since, "--from")
    return giving.give(
        giving.Asked(home=home, out=out, by=by, observer=observer), since=begins, language=language
    )
