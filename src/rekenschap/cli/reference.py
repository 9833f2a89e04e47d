# SPDX-License-Identifier: EUPL-1.2
"""The text of each reference page, taken from declarations, query folders, profiles and commands."""

from __future__ import annotations

from collections.abc import Iterable

from rekenschap import detect
from rekenschap.casework.drawing import drawn, reasons_table
from rekenschap.casework.flows import FLOWS
from rekenschap.cli.manual import commands_page
from rekenschap.errors import ExitCode
from rekenschap.explain import grounds_of_the_house, narrate
from rekenschap.explain.weighing.standing import LOOKER
from rekenschap.intake import Profile, load_profile, profile_names
from rekenschap.model.columns import Column, Kind, Relation
from rekenschap.model.custody import EVERY_RELATION
from rekenschap.model.explanation import Weight
from rekenschap.sql.query import Query

_OF_GROUNDS = (
    "A *full* ground explains. A *weak* one is counted apart and explains nothing by itself; so is a\n"
    "*stated* one, which rests on what somebody said and never weighs as much as recorded work. A *trace*\n"
    "only weighs in the evidence. Every ground names the work row that carries it. The drawn tables run\n"
    "on each engine.\n"
    "\n"
    "A full ground *of the looker* finds work that names the one who looked. One *if it says enough here*\n"
    "holds for a whole team: where it is found to hold less than twenty times as often for real looks as\n"
    "by chance, it counts with the weak ones ([why](../explanation/the-null.md)).\n"
)
_OF_RULES = (
    "A rule counts what is unexplained. What is more than chance becomes a finding, which people judge.\n"
)
_NOTE = "<!-- Written by `./run docs`; change the code, not this page. -->\n"


def pages() -> dict[str, str]:
    """Give every reference page by file name."""
    return {
        "relations.md": _relations(),
        "grounds.md": _queries("Grounds: what can explain a look", _OF_GROUNDS, grounds_of_the_house()),
        "rules.md": _queries("Rules and baselines: how findings are made", _OF_RULES, detect.queries()),
        "profiles.md": _profiles(),
        "commands.md": commands_page(),
        "exit-codes.md": _exit_codes(),
        "desk-flows.md": _desk_flows(),
    }


def _desk_flows() -> str:
    head = (
        "# Flows of the desk: who may do what, from which state\n\n"
        f"{_NOTE}\n"
        "A button on a page and the action behind it ask the same rule:\n"
        "`rekenschap.casework.flow.permitted`. Where a second person is needed, that is another\n"
        "person than who asked, and never the one it is about.\n\n"
    )
    closing = "## Closing reasons: how a rule is judged\n\n" + reasons_table()
    return head + "\n".join([*map(drawn, FLOWS), closing])


def _relations() -> str:
    head = (
        "# Relations: every kind of fact\n\n"
        f"{_NOTE}\n"
        "A fact is one row of one relation. A **token** is a keyed pseudonym of 16 bytes;\n"
        "the identifier behind it is sealed apart. Times are microseconds UTC.\n"
        "The door fills `fact_id` and `recorded_at`, and writes every `delivery`. The ledger keeps\n"
        "`key_event`, `erasure` and `hold` about itself. No source can report any of these four.\n"
    )
    return head + "".join(_one_relation(each) for each in EVERY_RELATION.values())


def _one_relation(relation: Relation) -> str:
    law = f" Law: {relation.law}." if relation.law else ""
    lines = [
        f"\n## {relation.name}\n\n{relation.meaning[0].upper()}{relation.meaning[1:]}.\n",
        f"Version {relation.version}; it happened at `{relation.happened}`.{law}\n\n",
        "| column | type | unit or codes | required | sensitivity | meaning |\n|---|---|---|---|---|---|\n",
    ]
    return "".join(lines) + "".join(_one_column(column) for column in relation)


def _one_column(column: Column) -> str:
    required = "yes" if column.required else ""
    cells = (
        f"`{column.name}`",
        column.kind.value,
        _unit(column),
        required,
        column.sensitivity.value,
        column.meaning,
    )
    return _row(cells)


def _unit(column: Column) -> str:
    if column.kind is Kind.TOKEN:
        return f"of {column.domain}"
    if column.kind is Kind.BYTES:
        return f"{column.width} bytes"
    return ", ".join(f"`{code}`" for code in column.codes) or column.unit


def _exit_codes() -> str:
    meaning = {
        ExitCode.FINE: "done",
        ExitCode.USAGE: "the command line is not understood",
        ExitCode.REFUSED: "a rule says no",
        ExitCode.TROUBLE: "the world misbehaves: a file, a setting, a disk, an engine",
        ExitCode.ALARM: "evidence may be damaged: stop and look",
        ExitCode.QUARANTINED: "done, but something waits: rows in quarantine, or an erasure broken off",
    }
    head = f"# Exit codes\n\n{_NOTE}\n| code | family | meaning |\n|---|---|---|\n"
    return head + "".join(_row((str(int(code)), code.name.lower(), meaning[code])) for code in ExitCode)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"


def _queries(title: str, intro: str, queries: Iterable[Query]) -> str:
    return f"# {title}\n\n{_NOTE}\n{intro}" + "".join(_one_query(each) for each in queries)


def _one_query(query: Query) -> str:
    kind = f"Weight: {query.weight}{_stands(query)}. " if query.weight else ""
    law = f"Law: {query.law}. " if query.law else ""
    lines = [
        f"\n## {query.id}: {query.title.en}\n\n",
        f"*{query.title.nl}.* {query.question}\n\n",
        f"{kind}{law}Reads {', '.join(f'`{name}`' for name in query.reads)}. Version {query.version}.\n",
        f"\nIn a sentence: {narrate(query).en} / {narrate(query).nl}\n" if query.sentence.en else "",
        *(f"\n- `{each.name}` = {each.default} {each.unit}: {each.why}" for each in query.settings),
        "\n" if query.settings else "",
        "\nDoes not see:\n\n" if query.blind_spots else "",
        *(f"- {spot}\n" for spot in query.blind_spots),
    ]
    return "".join(lines) + _near_miss(query)


def _stands(query: Query) -> str:
    """Say of a full ground whether it stands by itself or has to be measured first."""
    if query.weight != Weight.FULL:
        return ""
    return ", of the looker" if query.work_of == LOOKER else ", if it says enough here"


def _near_miss(query: Query) -> str:
    drawn = query.folder / "cases" / "near_miss.txt"
    return (
        f"\nA near miss:\n\n```\n{drawn.read_text(encoding='utf-8').strip()}\n```\n"
        if drawn.is_file()
        else ""
    )


def _profiles() -> str:
    profiles = [load_profile(name) for name in profile_names()]
    columns = "| profile | what it reads | readers | gives |\n|---|---|---|---|\n"
    return f"# Source profiles that come along\n\n{_NOTE}\n{columns}" + "".join(
        _one_profile(each) for each in profiles
    )


def _one_profile(profile: Profile) -> str:
    gives = "every relation, by its own name" if profile.named else ", ".join(dict.fromkeys(
        f"`{rule.relation.name}`" for rule in profile.facts
    ))  # fmt: skip
    return _row((f"`{profile.id}`", profile.title["en"], ", ".join(profile.readers), gives))
