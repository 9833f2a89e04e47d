# SPDX-License-Identifier: EUPL-1.2
"""What the wizard shows: its guess, 20 facts with stand-ins for people, and what would wait and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rekenschap.audit.profiling import Proposal
from rekenschap.cli.texts import Words
from rekenschap.intake import Profile
from rekenschap.intake.wizard import Trial

_WIDEST = 28


def guessed(proposal: Proposal, words: Words) -> Iterator[str]:
    """Say what the file is taken to be, column by column."""
    guess = proposal.guess
    yield words("profile_kind", kind=proposal.kind, count=len(proposal.columns))
    if proposal.known:
        yield words("profile_known", names=", ".join(proposal.known))
    yield words("profile_relation", relation=guess.relation.name)
    width = max(len(column.name) for column in guess.relation.reported)
    for column in guess.relation.reported:
        filled = guess.columns.get(column.name)
        if filled is None:
            if column.required and column.name != "source":
                yield f"   {column.name.ljust(width)}  ← {words('profile_none')}"
            continue
        origin = " + ".join(filled.sources) if filled.sources else f"'{filled.value}'"
        form = f"  ({filled.formats[0]})" if filled.formats else ""
        yield f"   {column.name.ljust(width)}  ← {origin}{form}"
    for name, values in guess.when.items():
        yield words("profile_when", column=name, values=", ".join(values))
    if guess.counted_by:
        yield words("profile_counted", column=guess.counted_by)
    unused = [name for name in proposal.columns if name not in _used(proposal)]
    if unused:
        yield words("profile_unused", names=", ".join(unused))


def tried(trial: Trial, profile: Profile, words: Words) -> Iterator[str]:
    """Show the preview, count what taking the file in would give, and what to do when that is nothing."""
    yield from _counted(trial, profile, words)
    if trial.takes_nothing:
        yield words("try_mend_first")
        column = next((name for reason, name in trial.refused if reason.startswith("time") and name), "")
        if column:
            yield words("try_mend_time", column=column)
        elif trial.without_facts == trial.rows:
            yield words("try_mend_rows")


def _counted(trial: Trial, profile: Profile, words: Words) -> Iterator[str]:
    yield from _preview(trial, words)
    facts = ", ".join(f"{words.number(number)} {name}" for name, number in trial.facts.items()) or "0"
    yield words("try_counts", rows=words.number(trial.rows), facts=facts)
    if trial.first is not None and trial.last is not None:
        yield words("try_span", first=f"{trial.first:%Y-%m-%d %H:%M}", last=f"{trial.last:%Y-%m-%d %H:%M}")
    if trial.without_facts:
        yield words("try_unused", count=words.number(trial.without_facts))
    if not trial.refused:
        yield words("try_fine")
        return
    yield words("try_refused", count=words.number(trial.quarantined))
    for (reason, column), each in sorted(trial.refused.items(), key=lambda pair: -pair[1].rows):
        lines = ", ".join(str(line) for line in each.lines) + (", …" if each.rows > len(each.lines) else "")
        where = f" ({_origin(profile, column)})" if column else ""
        yield words("try_reason", reason=reason, where=where, count=words.number(each.rows), lines=lines)


def trial_as_json(trial: Trial) -> dict[str, object]:
    """Give the counts of a dry run."""
    return {
        "rows": trial.rows,
        "facts": dict(trial.facts),
        "without_facts": trial.without_facts,
        "mend_first": trial.takes_nothing,
        "quarantined": trial.quarantined,
        "reasons": [
            {"reason": reason, "column": column, "rows": each.rows, "lines": each.lines}
            for (reason, column), each in trial.refused.items()
        ],
        "first": trial.first and trial.first.isoformat(),
        "last": trial.last and trial.last.isoformat(),
    }


def _used(proposal: Proposal) -> set[str]:
    guess = proposal.guess
    named = {name for each in guess.columns.values() for name in each.sources}
    return named | set(guess.when) | {guess.counted_by}


def _origin(profile: Profile, column: str) -> str:
    """Say from which columns of the file a column of the fact comes."""
    sources = {
        name
        for rule in profile.facts
        for each in rule.columns
        if each.target.name == column
        for name in each.sources
    }
    return f"{column} ← {', '.join(sorted(sources))}" if sources else column


def _preview(trial: Trial, words: Words) -> Iterator[str]:
    for relation in dict.fromkeys(name for name, _ in trial.preview):
        rows = [row for name, row in trial.preview if name == relation]
        yield words("try_preview", count=len(rows), relation=relation)
        yield from _table(rows)


def _table(rows: list[Mapping[str, str]]) -> Iterator[str]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    widths = [min(_WIDEST, max(len(name), *(len(row.get(name, "")) for row in rows))) for name in names]
    for texts in (names, *([row.get(name, "") for name in names] for row in rows)):
        cells = (text[:width].ljust(width) for text, width in zip(texts, widths, strict=True))
        yield f"   {'  '.join(cells).rstrip()}"
