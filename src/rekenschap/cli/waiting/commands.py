# SPDX-License-Identifier: EUPL-1.2
"""The commands on quarantine and their options; what each does stands in the module it calls."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rekenschap.cli.asking import HOME, HomeOption, JsonOption, LanguageOption
from rekenschap.cli.asking.groups import GroupWithList
from rekenschap.cli.texts import Language

quarantine_app = typer.Typer(
    name="quarantine", cls=GroupWithList, help="Work through the rows that wait in quarantine."
)

ProfileOption = Annotated[
    str | None,
    typer.Option("--profile", help="Only what waits for this profile: a name, or a YAML file of yours."),
]
ReasonOption = Annotated[str | None, typer.Option("--reason", help="Only what waits for this reason.")]


@quarantine_app.command("list")
def list_waiting(
    *,
    home: HomeOption = HOME,
    profile: ProfileOption = None,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Count what waits by reason, with the line of the profile at fault; ends with 6 when anything does."""
    from rekenschap.cli.waiting import working

    return working.list_waiting(home, profile, language=language, as_json=as_json)


@quarantine_app.command()
def show(
    reason: Annotated[str, typer.Argument(help="The reason they wait for.", show_default=False)],
    *,
    in_clear: Annotated[
        bool, typer.Option("--in-clear", help="Show the rows themselves: for the holder of the keys only.")
    ] = False,
    most: Annotated[int, typer.Option(min=1, help="Show no more than this many.")] = 20,
    home: HomeOption = HOME,
    profile: ProfileOption = None,
    language: LanguageOption = Language.NL,
) -> int:
    """Show rows that wait for one reason: the shape of each value, or with --in-clear the value."""
    from rekenschap.cli.waiting import working

    asked = working.Asked(home=home, profile=profile, reason=reason)
    return working.show(asked, most=most, in_clear=in_clear, language=language)


@quarantine_app.command()
def again(
    *,
    home: HomeOption = HOME,
    profile: ProfileOption = None,
    reason: ReasonOption = None,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Judge again what waits, after a fix of its profile: what passes becomes facts, the rest stays."""
    from rekenschap.cli.waiting import working

    asked = working.Asked(home=home, profile=profile, reason=reason)
    return working.again(asked, language=language, as_json=as_json)


@quarantine_app.command()
def destroy(
    *,
    home: HomeOption = HOME,
    profile: ProfileOption = None,
    reason: ReasonOption = None,
    file: Annotated[
        Path | None, typer.Option(help="Only what came in with this file.", readable=False)
    ] = None,
    everything: Annotated[bool, typer.Option("--everything", help="All that waits.")] = False,
    count: Annotated[
        int | None, typer.Option(min=0, help="How many rows you mean; without it they are counted only.")
    ] = None,
    language: LanguageOption = Language.NL,
) -> int:
    """Destroy rows that were corrected or may not be kept: first count, then say the count back."""
    from rekenschap.cli.waiting import working

    asked = working.Asked(home=home, profile=profile, reason=reason, file=file)
    return working.destroy(asked, everything=everything, count=count, language=language)
