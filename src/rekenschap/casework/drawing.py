# SPDX-License-Identifier: EUPL-1.2
"""The flows as a page of the reference: a picture (Mermaid), and every act with what it needs."""

from __future__ import annotations

from collections.abc import Iterator

from rekenschap.casework.closing import Reason
from rekenschap.casework.flow import Act, Flow, Hour, Tie
from rekenschap.casework.roles import Role


def drawn(flow: Flow) -> str:
    """Draw one flow: states as they are shown, and a row per act."""
    return "\n".join([*_picture(flow), "", *_table(flow), ""])


def reasons_table() -> str:
    """Give the six closing reasons, in both languages."""
    rows = (f"| `{each}` | {each.nl} | {each.en} |" for each in Reason)
    return "\n".join(["| reason | Dutch | English |", "|---|---|---|", *rows, ""])


def _picture(flow: Flow) -> Iterator[str]:
    yield f"## {flow.name}: {flow.said.nl}\n"
    yield "```mermaid\nstateDiagram-v2"
    yield f"    [*] --> {flow.start}"
    for state, moves in flow.moves.items():
        yield from (f"    {state} --> {to}: {act}" for act, to in moves.items() if to != state)
    yield from (f"    {state} --> [*]" for state in flow.states if state in flow.ends)
    yield "```\n"
    yield "| state | Dutch | English | lasts | acts that leave it there |\n|---|---|---|---|---|"
    for state, said in flow.states.items():
        lasts = f"{flow.lasts[state].days} days" if state in flow.lasts else ""
        stays = ", ".join(f"`{act}`" for act, to in flow.moves[state].items() if to == state)
        yield f"| `{state}` | {said.nl} | {said.en} | {lasts} | {stays} |"


def _table(flow: Flow) -> Iterator[str]:
    yield "| act | Dutch | from | who | needs |\n|---|---|---|---|---|"
    for name, act in flow.acts.items():
        begins = ", ".join(state for state, moves in flow.moves.items() if name in moves)
        who = ", ".join(role for role in Role if role in act.who) or "the system"
        yield f"| `{name}` | {act.said.nl} | {begins} | {who} | {'; '.join(_needs(act))} |"


def _needs(act: Act) -> Iterator[str]:
    if act.four_eyes:
        yield "another person than who asked"
    if act.who and act.tie is Tie.NOT_ABOUT_SELF:
        yield "not about oneself"
    if act.tie is Tie.ONLY_ABOUT_SELF:
        yield "only about oneself"
    if act.reason:
        yield "a reason"
    if act.reasons:
        yield f"one of {', '.join(f'`{each}`' for each in Reason if each in act.reasons)}"
    if act.hour is Hour.BEFORE:
        yield "before the deadline"
    if act.hour is Hour.AFTER:
        yield "after the deadline"
