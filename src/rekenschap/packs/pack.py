# SPDX-License-Identifier: EUPL-1.2
"""A pack, read: who made it, which version, and the grounds, rules and source profiles in it. Runs nothing.

NAME/
  pack.toml       name, version, author, licence, title, about
  grounds/<id>/   query folders, each with drawn cases: what explains a look
  rules/<id>/     query folders, each with drawn cases: what should not wait
  profiles/*.yaml source profiles
  pack.sig        the author's signature over the name and digest of every other file
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from rekenschap.errors import ConfigurationError
from rekenschap.model.relations import SEARCHED_RELATIONS
from rekenschap.packs.content import content_of
from rekenschap.sql.query import Holds, InTwo, Query, load_queries

PACK_FILE = "pack.toml"
_KEYS = ("name", "version", "author", "licence", "title", "about")
_NAME = re.compile(r"[a-z][a-z0-9-]{1,40}", re.ASCII)
_VERSION = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}", re.ASCII)
_MAY_WEIGH = ("full", "weak", "trace")
_MAY_READ = frozenset(SEARCHED_RELATIONS) | {"look", "verdict", "canary"}
AT_ONCE = "at once"
"""The severity of a rule in a pack: it does not wait for the count of a week."""

RULE_COLUMNS = MappingProxyType(
    {"entry": Holds.ENTRY, "staff": Holds.TOKEN, "happened_at": Holds.TIME, "known_from": Holds.ENTRY}
)
"""What a rule answers: the fact, of whom, when it happened, and the entry from which on it was known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One pack; `content` is the text that is signed and whose digest is told to the ledger."""

    name: str
    version: str
    author: str
    licence: str
    title: InTwo
    about: InTwo
    folder: Path
    grounds: tuple[Query, ...]
    rules: tuple[Query, ...]
    profiles: tuple[Path, ...]
    content: str

    @property
    def queries(self) -> tuple[Query, ...]:
        """Give its grounds and its rules."""
        return (*self.grounds, *self.rules)


def read_pack(folder: Path) -> Pack:
    """Read a pack; raises ConfigurationError that names the file and what it lacks."""
    content = content_of(folder)
    told = _told(folder / PACK_FILE)
    pack = Pack(
        name=_fitting(told["name"], _NAME, "a name of small letters, digits and dashes"),
        version=_fitting(told["version"], _VERSION, "a version such as 1.0.0"),
        author=_text(told["author"], "author"),
        licence=_text(told["licence"], "licence"),
        title=_two(told["title"], "title"),
        about=_two(told["about"], "about"),
        folder=folder,
        grounds=load_queries(folder / "grounds"),
        rules=load_queries(folder / "rules"),
        profiles=tuple(sorted((folder / "profiles").glob("*.yaml"))),
        content=content,
    )
    _check_grounds(pack)
    for each in pack.rules:
        _check_rule(each)
    return pack


def _check_grounds(pack: Pack) -> None:
    """Refuse what is no ground: a pack may say what explains a look, not what people stated or found."""
    if not pack.queries and not pack.profiles:
        raise _wrong("a ground, a rule or a source profile in a pack", "none of them")
    for each in pack.grounds:
        if each.writes != "explanation" or each.weight not in _MAY_WEIGH:
            raise _wrong(f"grounds with weight {', '.join(_MAY_WEIGH)} in a pack", f"another in {each.id}")


def _check_rule(rule: Query) -> None:
    """Refuse what is no rule: one that answers something else, or rests on what is not there at once."""
    if dict(rule.columns) != dict(RULE_COLUMNS) or rule.writes != rule.id:
        raise _wrong(f"a rule that writes {rule.id} with the columns {', '.join(RULE_COLUMNS)}", "another")
    if rule.severity != AT_ONCE or rule.weight:
        raise _wrong(f'severity = "{AT_ONCE}" and no weight in rule {rule.id}', "something else")
    if not (rule.sentence.nl and rule.sentence.en):
        raise _wrong(f"a sentence in nl and en in rule {rule.id}", "none")
    if strange := sorted(set(rule.reads) - _MAY_READ):
        raise _wrong(f"rule {rule.id} to read facts, look, verdict or canary", strange[0])


def _told(path: Path) -> Mapping[str, object]:
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise _wrong(f"a file {PACK_FILE} in UTF-8", "none that can be read") from None
    except tomllib.TOMLDecodeError:
        raise _wrong(f"valid TOML in {PACK_FILE}", "a fault") from None
    if set(told) != set(_KEYS):
        raise _wrong(f"the keys {', '.join(_KEYS)} in {PACK_FILE}", "others")
    return told


def _fitting(value: object, form: re.Pattern[str], expected: str) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise _wrong(f"{expected} in {PACK_FILE}", "another")
    return value


def _text(value: object, key: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > 200 or not value.isprintable():
        raise _wrong(f"{key} as one line of text in {PACK_FILE}", "something else")
    return value


def _two(value: object, key: str) -> InTwo:
    if not isinstance(value, dict) or set(value) != {"nl", "en"}:
        raise _wrong(f"{key} in nl and en in {PACK_FILE}", "something else")
    return InTwo(nl=_text(value["nl"], key), en=_text(value["en"], key))


def _wrong(expected: str, found: str) -> ConfigurationError:
    return ConfigurationError(expected=expected, found=found, remedy="correct the pack")
