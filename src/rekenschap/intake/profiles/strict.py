# SPDX-License-Identifier: EUPL-1.2
"""YAML read strictly: every scalar is text, no key twice, no key nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

import yaml

from rekenschap.errors import ConfigurationError

Node = str | list["Node"] | dict[str, "Node"]


def configuration_error(
    where: str, expected: str, found: str, *, remedy: str = "correct the profile"
) -> ConfigurationError:
    """Say what is wrong, with the place in the profile in front."""
    return ConfigurationError(expected=f"{expected} at {where}", found=found, remedy=remedy)


def parse_yaml(text: str) -> dict[str, Node]:
    """Read a YAML mapping; raises ConfigurationError."""
    try:
        read = yaml.load(text, Loader=_Strict)  # noqa: S506  a BaseLoader makes text, lists and mappings only
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        found = f"something else on line {mark.line + 1}" if mark else "something else"
        raise configuration_error("the top", "well-formed YAML", found) from None
    except RecursionError:
        raise configuration_error("the top", "a profile", "very deep nesting") from None
    return mapping_at(read, "the top")


class _Strict(yaml.BaseLoader):
    """Refuses a key that stands twice, and references (a profile is written out)."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "an alias", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen or not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def mapping_at(node: Node | None, where: str) -> dict[str, Node]:
    """Give a mapping; raises ConfigurationError when it is something else."""
    if not isinstance(node, dict):
        raise configuration_error(where, "keys with values", "something else")
    return node


def list_at(node: Node | None, where: str) -> list[Node]:
    """Give a list; one text counts as a list of one."""
    if isinstance(node, str):
        return [node]
    if not isinstance(node, list):
        raise configuration_error(where, "a list", "something else")
    return node


def text_at(node: Node | None, where: str) -> str:
    """Give a text."""
    if not isinstance(node, str):
        raise configuration_error(where, "a text", "something else")
    return node


def texts_at(node: Node | None, where: str) -> tuple[str, ...]:
    """Give a list of texts."""
    return tuple(text_at(each, where) for each in list_at(node, where))


def pairs_at(node: Node | None, where: str) -> dict[str, str]:
    """Give a mapping of texts to texts."""
    return {key: text_at(value, f"{where}.{key}") for key, value in mapping_at(node, where).items()}


def in_two_languages(node: Node | None, where: str) -> dict[str, str]:
    """Give a text in Dutch and in English."""
    texts = pairs_at(node, where)
    check_keys(texts, ("nl", "en"), where)
    if len(texts) < 2:
        raise configuration_error(where, "nl and en", "one of them")
    return texts


def check_keys(found: Mapping[str, object], allowed: Iterable[str], where: str) -> None:
    """Raise ConfigurationError for a key nobody knows, with the nearest one that is known."""
    known = sorted(allowed)
    for key in found:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            remedy = f"did you mean {near[0]}" if near else "leave it out"
            raise configuration_error(where, f"one of {', '.join(known)}", f"{key!r}", remedy=remedy)


def one_of(found: str, allowed: Iterable[str], where: str) -> str:
    """Give `found` when it is allowed; raises ConfigurationError with the nearest that is."""
    check_keys({found: None}, allowed, where)
    return found
