# SPDX-License-Identifier: EUPL-1.2
"""The options of `rekenschap profile`; what each does stands in the modules it calls."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rekenschap.cli.asking import JsonOption, LanguageOption
from rekenschap.cli.texts import Language

profile_app = typer.Typer(
    name="profile",
    help="Make a source profile from a file, and try one on a file. Nothing goes into a ledger.",
    no_args_is_help=True,
)

FileArgument = Annotated[
    Path, typer.Argument(help="A file of the source.", show_default=False, readable=False)
]


@profile_app.command()
def new(
    file: FileArgument,
    *,
    out: Annotated[Path | None, typer.Option(help="Where to write the profile; else NAME.yaml here.")] = None,
    id_: Annotated[str, typer.Option("--id", help="Name of the profile; else from the file.")] = "",
    title_nl: Annotated[str, typer.Option("--title-nl", help="Title in Dutch.")] = "",
    title_en: Annotated[str, typer.Option("--title-en", help="Title in English.")] = "",
    relation: Annotated[
        str, typer.Option(help="What a row is: consultation, presence, staff, zaak, ...")
    ] = "",
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column", help="Column of the fact = column of the file (several: a+b), as staff=gebruiker."
        ),
    ] = None,
    value: Annotated[
        list[str] | None, typer.Option("--value", help="Column of the fact = constant, as register=BRP.")
    ] = None,
    time_format: Annotated[
        list[str] | None, typer.Option("--time-format", help="How times are written, as '%d-%m-%Y %H:%M'.")
    ] = None,
    time_zone: Annotated[str, typer.Option("--time-zone", help="Zone of times.")] = "Europe/Amsterdam",
    double_hour: Annotated[
        str,
        typer.Option(
            "--double-hour", help="The hour that comes twice in October: first, second, quarantine."
        ),
    ] = "quarantine",
    reader: Annotated[str, typer.Option(help="Kind of file: csv, jsonl, json, excel, parquet.")] = "",
    setting: Annotated[
        list[str] | None,
        typer.Option(
            "--setting", help="Option of the reader = text: delimiter, encoding, header_row, rows, sheet."
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; take what is guessed.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a profile that is there.")] = False,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Make a profile for a file: guess, show 20 facts, count what would wait, write it down."""
    from rekenschap.audit.profiling import Wishes
    from rekenschap.cli.profiling import making
    from rekenschap.intake.wizard import Wanted

    wanted = Wanted(
        relation=relation,
        columns={name: tuple(text.split("+")) for name, text in making.pairs(column, "--column").items()},
        values=making.pairs(value, "--value"),
        formats=tuple(time_format or ()),
        zone=time_zone,
    )
    wishes = Wishes(
        id=id_,
        title={key: text for key, text in (("nl", title_nl), ("en", title_en)) if text},
        reader=reader,
        settings=making.pairs(setting, "--setting"),
        wanted=wanted,
        double_hour=double_hour,
    )
    how = making.How(out=out, asks=not yes and not as_json, force=force, as_json=as_json)
    return making.new(file, wishes, how=how, language=language)


@profile_app.command(name="try")
def try_(
    file: FileArgument,
    *,
    profile: Annotated[str, typer.Option("--profile", help="A name, or a YAML file of yours.")],
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Try a profile on a file: show 20 facts and count what would wait and why. Nothing is kept."""
    from rekenschap.cli.profiling import making

    return making.try_file(file, profile, language=language, as_json=as_json)
