# SPDX-License-Identifier: EUPL-1.2
"""What stands on the pages, made from the content alone, so that whoever checks can make it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from rekenschap.model.ids import Pseudonym
from rekenschap.report.evidence_file.content import EvidenceContent, Fact
from rekenschap.tables import ZONE
from rekenschap.tlog.text import from_base64

_RELATIONS = {
    "consultation": "raadpleging",
    "zaak": "zaak",
    "task": "taak",
    "assignment": "toewijzing",
    "contact": "contact",
    "staff": "medewerker",
    "presence": "aanwezigheid",
    "relation": "relatie",
    "act": "handeling",
    "disclosure": "verstrekking",
    "authorisation": "autorisatie",
}
_COLUMNS = {
    "staff": "medewerker",
    "subject": "persoon",
    "zaak": "zaak",
    "register": "register",
    "fields": "gegevens",
    "search_key": "gezocht op",
    "source": "bron",
    "kind": "soort",
    "team": "team",
    "role": "functie",
    "verb": "handeling",
    "because": "reden",
    "look": "over regel",
    "handler": "behandelaar",
    "assigned_by": "toegewezen door",
    "zaaktype": "zaaktype",
    "channel": "kanaal",
    "processing_activity": "verwerkingsactiviteit",
    "recorded_at": "vastgelegd op",
}
_TOKENS = {
    "staff": "staff",
    "handler": "staff",
    "assigned_by": "staff",
    "line_manager": "staff",
    "decided_by": "staff",
    "subject": "subject",
    "other_subject": "subject",
    "zaak": "zaak",
}
_LEFT_OUT = frozenset({"fact_id", "trace_id", "operation_id", "parent_id", "record", "content", "act"})
_HAPPENED = (
    "looked_at",
    "acted_at",
    "started_at",
    "valid_from",
    "created_at",
    "registered_at",
    "disclosed_at",
)


def page_of(content: EvidenceContent) -> dict[str, object]:
    """Give everything the template prints, every letter one that its fonts have."""
    return {
        "number": shown(content.number),
        "title": shown(content.title),
        "organisation": shown(content.organisation),
        "made_at": _moment(content.made_at),
        "made_on": [int(part) for part in content.made_at[:10].split("-")],
        "made_by": shown(content.made_by),
        "origin": shown(content.origin),
        "size": str(content.size),
        "root": content.root,
        "sections": [
            {"title": shown(each.title), "paragraphs": [shown(text) for text in each.paragraphs]}
            for each in content.sections
        ],
        "course": [[shown(each.at), shown(each.who), shown(each.what)] for each in content.course],
        "facts": [list(cells_of(each)) for each in content.facts],
    }


def cells_of(fact: Fact) -> tuple[str, str, str, str]:
    """Give the four cells of one fact: entry, moment, kind, and what it says."""
    happened = next((name for name in _HAPPENED if fact.values.get(name)), "")
    said = [
        f"{_COLUMNS.get(name, name)}: {_value(name, value)}"
        for name, value in sorted(fact.values.items(), key=_place)
        if value not in (None, "") and name not in _LEFT_OUT and name != happened
    ]
    at = _moment(str(fact.values[happened])) if happened else ""
    return str(fact.entry), at, _RELATIONS.get(fact.relation, fact.relation), shown("; ".join(said))


_ORDER = {name: place for place, name in enumerate(_COLUMNS)}


def _place(named: tuple[str, object]) -> tuple[int, str]:
    """Sort by what matters, whatever order a file gives the names in."""
    return _ORDER.get(named[0], len(_ORDER) - 2), named[0]


def squeezed(text: str) -> str:
    """Leave out all white space: where a line breaks on a page says nothing."""
    return "".join(text.split())


def shown(text: str) -> str:
    """Write letters that the fonts of the file do not have as their number in Unicode."""
    return "".join(each if _has(each) else f"[U+{ord(each):04X}]" for each in text)


def _has(letter: str) -> bool:
    return (0x20 <= ord(letter) < 0x250 and letter not in "\x7f\xad") or letter in "\n–—‘’“”•…€"


def _value(name: str, value: object) -> str:
    if name in _TOKENS and isinstance(value, str):
        return _short(_TOKENS[name], value)
    text = str(value)
    return _moment(text) if name.endswith(("_at", "_from", "_until")) else text


def _short(domain: str, token: str) -> str:
    raw = from_base64(token.replace("-", "+").replace("_", "/") + "=" * (-len(token) % 4))
    if raw is None or len(raw) < 8:
        return token
    return Pseudonym(domain=domain, hi=int.from_bytes(raw[:8], "big", signed=True)).short


def _moment(text: str) -> str:
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return text
    if at.tzinfo is None:
        return text
    return at.astimezone(ZoneInfo(ZONE)).strftime("%d-%m-%Y %H:%M:%S")


def table_text(content: EvidenceContent) -> tuple[str, ...]:
    """Give each row of the table of facts as it must be found on the pages, without white space."""
    return tuple(squeezed("".join(cells_of(fact))) for fact in content.facts)


def values_differ(one: Mapping[str, object], other: Mapping[str, object]) -> tuple[str, ...]:
    """Name the columns in which two rows differ."""
    return tuple(
        sorted(name for name in {*one, *other} if one.get(name, _LEFT_OUT) != other.get(name, _LEFT_OUT))
    )
