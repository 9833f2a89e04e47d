# SPDX-License-Identifier: EUPL-1.2
"""Which grounds, channels and settings are evaluated, when they are not those of the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from rekenschap.detect import Parameters, queries
from rekenschap.errors import ConfigurationError
from rekenschap.explain import grounds_of_the_house
from rekenschap.packs import read_pack
from rekenschap.packs.held import with_packs
from rekenschap.seams.engine import Parameter
from rekenschap.sql.query import Query, Setting

_OTHERS = frozenset({"returns", "weighed", "staff_on", "sent", "many_sent_to", "accounts_on_device",
                     "machine_out_of_step"})  # fmt: skip
"""How the names of channels begin that are no query folder of looks."""

_TYPES: Mapping[str, type] = {"count": int, "number": float, "text": str}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is evaluated: the grounds, the channels that are left out, and settings that differ, by name."""

    grounds: tuple[Query, ...] = field(default_factory=grounds_of_the_house)
    without: frozenset[str] = frozenset()
    settings: Mapping[str, Parameter] = field(default_factory=dict)

    @classmethod
    def of(cls, packs: Sequence[Path], without: Sequence[str], settings: Sequence[str]) -> Choice:
        """Read directories of packs, names of grounds and channels, and NAME=VALUE or GROUND.NAME=VALUE.

        Raises ConfigurationError for a name that there is not, or a value of another type.
        """
        every = with_packs(grounds_of_the_house(), [read_pack(each) for each in packs])
        ids = {each.id for each in every}
        kept = tuple(each for each in every if each.id not in without)
        known = _settings(queries()) | _settings(every, named=True) | _settings(every)
        chosen = dict(_chosen(each, known) for each in settings)
        return cls(
            grounds=tuple(_with(each, chosen) for each in kept),
            without=frozenset(_channel(each, ids) for each in without if each not in ids),
            settings=chosen,
        )

    @property
    def parameters(self) -> Parameters:
        """Give what the channels are told."""
        return Parameters(settings=self.settings, without=self.without)


def _settings(every: Sequence[Query], *, named: bool = False) -> dict[str, Setting]:
    """Give settings by their name, or by that of the ground as well: many grounds have one `days_before`."""
    pairs = ((each.id, setting) for each in every for setting in each.settings)
    return {f"{of}.{setting.name}" if named else setting.name: setting for of, setting in pairs}


def _chosen(said: str, known: Mapping[str, Setting]) -> tuple[str, Parameter]:
    name, _, told = said.partition("=")
    if name not in known:
        raise _no_such("a setting of a ground or a channel", name, known)
    kind = known[name].type
    try:
        value = told.lower() == "true" if kind == "flag" else _TYPES[kind](told)
    except ValueError:
        raise ConfigurationError(
            expected=f"a {kind} for {name}", found="another text", remedy=f"write --setting {name}=NUMBER"
        ) from None
    return name, value


def _with(query: Query, chosen: Mapping[str, Parameter]) -> Query:
    def value(each: Setting) -> Parameter:
        return chosen.get(f"{query.id}.{each.name}", chosen.get(each.name, each.default))

    return replace(query, settings=tuple(replace(each, default=value(each)) for each in query.settings))


def _channel(name: str, grounds: set[str]) -> str:
    """Give the name of a channel; of one of many kinds (`weak_reason_…`) all may be left out at once."""
    channels = _OTHERS | {each.id for each in queries() if each.folder.parent.name == "marks"}
    if not any(name == each or name.startswith(f"{each}_") for each in channels):
        raise _no_such("the name of a ground or a channel", name, grounds | channels)
    return name


def _no_such(expected: str, name: str, known: Mapping[str, object] | set[str]) -> ConfigurationError:
    near = get_close_matches(name, sorted(known), n=1)
    return ConfigurationError(
        expected=expected,
        found="no such name",
        remedy=f"did you mean {near[0]}" if near else "see docs/reference/grounds.md and rules.md",
    )
