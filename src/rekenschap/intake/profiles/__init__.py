# SPDX-License-Identifier: EUPL-1.2
"""The source profiles that come along, and how one is found: by name here, or by the path of a YAML file."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from rekenschap.errors import ConfigurationError
from rekenschap.intake.profile import Profile
from rekenschap.intake.profiles.careful import register_entry
from rekenschap.intake.profiles.loading import parse_profile

_ENDING = ".yaml"


def profile_names() -> tuple[str, ...]:
    """Give the names of the profiles that come along, sorted."""
    return tuple(sorted(_shipped()))


@cache
def _shipped() -> dict[str, Traversable]:
    """Find every profile here and in the folders here, by its name."""
    here = list(files(__name__).iterdir())
    found = [*here, *(entry for folder in here if folder.is_dir() for entry in folder.iterdir())]
    return {each.name.removesuffix(_ENDING): each for each in found if each.name.endswith(_ENDING)}


def load_profile(name: str) -> Profile:
    """Load a profile by its name, or from a path that ends in .yaml; raises ConfigurationError."""
    return parse_profile(profile_text(name))


def profile_text(name: str) -> str:
    """Give the text of a profile by its name or .yaml path; raises ConfigurationError."""
    if name in profile_names():
        return _shipped()[name].read_text(encoding="utf-8")
    if name.endswith((_ENDING, ".yml")):
        return _text_of(Path(name))
    near = get_close_matches(name, profile_names(), n=1)
    raise ConfigurationError(
        expected=f"a profile ({', '.join(profile_names())}) or a path to a .yaml file",
        found="no profile of that name",
        remedy=f"did you mean {near[0]}" if near else "name one of these",
    )


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise ConfigurationError(
            expected="a YAML file in UTF-8", found="a path that cannot be read so", remedy="check the path"
        ) from None


__all__ = ["load_profile", "parse_profile", "profile_names", "profile_text", "register_entry"]
