# SPDX-License-Identifier: EUPL-1.2
"""The commands that take in, and their options; what each does stands in the module it calls."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rekenschap.cli.asking import HOME, HomeOption, LanguageOption
from rekenschap.cli.asking.groups import GroupWithFiles
from rekenschap.cli.texts import Language

intake_app = typer.Typer(
    name="intake",
    cls=GroupWithFiles,
    help="Take in files (`rekenschap intake FILES --profile NAME`), or what sources send over a network.",
    no_args_is_help=True,
)

OriginOption = Annotated[str, typer.Option(help="Name of a new ledger, like a web address.")]
_ORIGIN = "rekenschap.example/ledger"


@intake_app.command(GroupWithFiles.unnamed)
def files(
    files: Annotated[
        list[Path], typer.Argument(help="Files to take in.", show_default=False, readable=False)
    ],
    *,
    profile: Annotated[
        str, typer.Option("--profile", help="Source profile: a name, or a YAML file of yours.")
    ],
    home: HomeOption = HOME,
    origin: OriginOption = _ORIGIN,
    language: LanguageOption = Language.NL,
    as_json: Annotated[
        bool, typer.Option("--json", help="End with one JSON object as the last line.")
    ] = False,
) -> int:
    """Take files into the ledger; the same file twice adds nothing, a bad row is never lost."""
    from rekenschap.cli import on_looks

    return on_looks.intake(files, profile, home=home, origin=origin, language=language, as_json=as_json)


@intake_app.command()
def serve(
    *,
    home: HomeOption = HOME,
    origin: OriginOption = _ORIGIN,
    host: Annotated[
        str, typer.Option(help="Address to listen on; for other machines sources.toml must have [tls].")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port for HTTP; 0 for any.")] = 4318,
    grpc_port: Annotated[int, typer.Option(min=0, max=65535, help="Port for gRPC; 0 for any.")] = 4317,
    waiting: Annotated[
        int, typer.Option(min=1, help="MiB that may wait in the inbox before sources must wait.")
    ] = 1024,
    language: LanguageOption = Language.NL,
) -> int:
    """Take in what sources send by OpenTelemetry (OTLP over HTTP and gRPC), until stopped."""
    from rekenschap.cli.taking import serving

    asked = serving.Asked(
        home=home, origin=origin, host=host, port=port, grpc_port=grpc_port, waiting=waiting
    )
    return serving.serve(asked, language=language)


@intake_app.command()
def follow(
    files: Annotated[
        list[Path], typer.Argument(help="Files that grow and rotate.", show_default=False, readable=False)
    ],
    *,
    profile: Annotated[
        str, typer.Option("--profile", help="Source profile: a name, or a YAML file of yours.")
    ],
    home: HomeOption = HOME,
    origin: OriginOption = _ORIGIN,
    once: Annotated[
        bool, typer.Option("--once", help="Take in what is there now, and end: for a scheduler.")
    ] = False,
    every: Annotated[float, typer.Option(min=0.1, help="Seconds between two looks at the files.")] = 2.0,
    language: LanguageOption = Language.NL,
) -> int:
    """Take in what is added to files, also when they are rotated, until stopped; each row once."""
    from rekenschap.cli.taking import following

    asked = following.Asked(files=tuple(files), profile=profile, home=home, origin=origin)
    return following.follow(asked, every=None if once else every, language=language)


@intake_app.command(hidden=True)
def work(*, home: HomeOption = HOME) -> int:
    """Work off the inbox, for `intake serve`, which starts this itself."""
    from rekenschap.cli.taking import serving

    return serving.work(home)
