# SPDX-License-Identifier: EUPL-1.2
"""The reference page of the commands, taken from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from rekenschap.cli.asking.groups import GroupWithFiles
from rekenschap.cli.commands import app


def commands_page() -> str:
    """Give the page: each command, its arguments and options with their defaults."""
    head = "# Commands\n\n<!-- Written by `./run docs`; change the code, not this page. -->\n"
    return head + "".join(_one_command(name, each) for name, each in _commands(typer.main.get_group(app)))


def _commands(group: TyperGroup, before: str = "") -> Iterator[tuple[str, TyperCommand]]:
    """Give every command by the words that call it, those of groups too."""
    for word, each in group.commands.items():
        name = "" if isinstance(group, GroupWithFiles) and word == group.unnamed else word
        if each.hidden:
            continue
        if isinstance(each, TyperGroup):
            yield from _commands(each, f"{before}{name} ")
        elif isinstance(each, TyperCommand):
            yield f"{before}{name}".rstrip(), each


def _one_command(name: str, command: TyperCommand) -> str:
    lines = [f"\n## rekenschap {name}\n\n{command.help}\n\n| | meaning | default |\n|---|---|---|\n"]
    lines += [_one_argument(each) for each in command.params if isinstance(each, TyperArgument)]
    lines += [_one_option(each) for each in command.params if isinstance(each, TyperOption)]
    return "".join(line for line in lines if "`--help`" not in line)


def _one_argument(argument: TyperArgument) -> str:
    return f"| `{(argument.name or '').upper()}` | {argument.help or ''} | |\n"


def _one_option(option: TyperOption) -> str:
    default = "" if option.default in (None, False) else f"`{_plain(option.default)}`"
    return f"| `{', '.join(option.opts)}` | {option.help or ''} | {default} |\n"


def _plain(default: object) -> str:
    return str(getattr(default, "value", default))
