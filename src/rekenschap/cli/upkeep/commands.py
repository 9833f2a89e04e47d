# SPDX-License-Identifier: EUPL-1.2
"""The commands and their options; what each does stands in the module beside this."""

from __future__ import annotations

from typing import Annotated

import typer

from rekenschap.cli.asking import HOME, HomeOption, JsonOption, LanguageOption
from rekenschap.cli.texts import Language


def derive(
    *,
    home: HomeOption = HOME,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The seed of everything drawn by lot.")] = 1,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Explain and search the latest checkpoint, and keep the outcome for the pages of the desk."""
    from rekenschap.cli.upkeep import deriving

    return deriving.derive_home(home, seed=seed, language=language, as_json=as_json)


def doctor(
    *, home: HomeOption = HOME, language: LanguageOption = Language.NL, as_json: JsonOption = False
) -> int:
    """Say what is wrong with this house and its desk, where it was set, and the line to change."""
    from rekenschap.cli.upkeep import examining

    return examining.examine(home, language=language, as_json=as_json)
