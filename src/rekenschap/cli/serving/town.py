# SPDX-License-Identifier: EUPL-1.2
"""Finds the house to serve, and founds the demo town where there is none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from rekenschap.audit.citizens import offer, somebody_wondering
from rekenschap.audit.demo import ending_before, run_demo
from rekenschap.audit.deriving import derive
from rekenschap.cli.speak import progress
from rekenschap.cli.texts import Words
from rekenschap.errors import ConfigurationError
from rekenschap.house import House, right_now

_MARK = "this-is-a-demo.json"
_SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Founded:
    """A house, and whether it is the invented town."""

    home: Path
    is_demo: bool


def house_in(place: Path, *, words: Words) -> Founded:
    """Give the house at `place`, or the town's below it; founds the town where nothing is yet."""
    place = place.resolve()
    if _is_house(place):
        return Founded(home=place, is_demo=_is_whole_town(place.parent))
    if not _is_whole_town(place):
        _check_empty(place)
        with progress(words("serve_founds")) as step:
            run_demo(
                place,
                seed=_SEED,
                told=lambda name, done, of: step(done, of, words(f"step_{name}")),
                # What people do at the desk is of today: their work must follow that of the town.
                start=ending_before(right_now().date()),
            )
    home = place / "house"
    if not (home / "derived").is_dir():
        with progress(words("serve_derives")):
            derive(House.at(home), seed=_SEED, now=right_now())
    return Founded(home=home, is_demo=True)


def offer_to_citizens(home: Path, *, words: Words, is_tryout: bool) -> None:
    """Make ready what citizens may see, where nothing was yet; from then on the worker does it."""
    if not (home / "citizen" / "offered" / "latest").is_file():
        with progress(words("serve_offers")):
            if offer(home, now=right_now()) is None:  # derived by a version that knew no citizens
                derive(House.at(home), seed=_SEED, now=right_now())
                offer(home, now=right_now())
    if is_tryout:
        _find_citizen(home)


def _find_citizen(home: Path) -> None:
    """Have somebody sign in at the citizen page who has something to ask."""
    path = home / "desk" / "tryout-citizens.json"
    if path.exists():
        return
    found = somebody_wondering(home)
    told = [] if found is None else [{"word": "burger2", "name": "Joop de Wit", "identifier": found}]
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(json.dumps(told), encoding="utf-8")
    path.chmod(0o600)


def _is_house(place: Path) -> bool:
    return place.is_dir() and House.at(place).is_founded


def _is_whole_town(place: Path) -> bool:
    """Say whether the demo went to its end here: only then does its mark hold a size."""
    try:
        return json.loads((place / _MARK).read_text(encoding="utf-8"))["size"] is not None
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _check_empty(place: Path) -> None:
    if place.exists() and (not place.is_dir() or any(place.iterdir())) and not (place / _MARK).is_file():
        raise ConfigurationError(
            expected="a house, or an empty directory to found the demo town in",
            found="a directory with other files" if place.is_dir() else "a file",
            remedy="name another one with --into, or your house with --home",
        )
