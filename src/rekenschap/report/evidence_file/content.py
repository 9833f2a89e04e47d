# SPDX-License-Identifier: EUPL-1.2
"""What an evidence file says: the words of people, the course of things, and facts with their values.

One JSON text with one spelling. Everything on the pages follows from it; knows no PDF.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from rekenschap.errors import MalformedProofError

FORMAT_NAME = "rekenschap-evidence"
FORMAT_VERSION = 1
FACTS = "facts.json"
CHECKPOINT = "checkpoint.txt"
KEYS = "public-keys.txt"


def proof_name(entry: int) -> str:
    """Name the attachment with the proof of an entry."""
    return f"proof-{entry}.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with paragraphs under it, in the words of the desk."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of the course of things, as the desk tells it."""

    at: str
    who: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One entry of the ledger, with its values as a proof prints them."""

    entry: int
    relation: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceContent:
    """Everything in the file but the proofs themselves. `made_at` is ISO 8601 in UTC, to the second."""

    number: str
    title: str
    organisation: str
    made_at: str
    made_by: str
    origin: str
    size: int
    root: str
    typesetter: str
    sections: tuple[Section, ...]
    course: tuple[Moment, ...]
    facts: tuple[Fact, ...]

    def to_json(self) -> str:
        """Write it in its one spelling."""
        told = {"format": FORMAT_NAME, "version": FORMAT_VERSION, **asdict(self)}
        return json.dumps(told, sort_keys=True, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> EvidenceContent:
        """Read it strictly; raises MalformedProofError when it is not what `to_json` writes."""
        try:
            told = json.loads(text)
            content = _content(told)
        except (ValueError, TypeError, KeyError, RecursionError):
            raise _malformed("the names and values of an evidence file") from None
        if content.to_json() != text:
            raise _malformed("the facts in their one spelling")
        return content


def _content(told: dict[str, object]) -> EvidenceContent:
    if told.pop("format") != FORMAT_NAME or told.pop("version") != FORMAT_VERSION:
        raise ValueError
    sections, course, facts = told.pop("sections"), told.pop("course"), told.pop("facts")
    if not (isinstance(sections, list) and isinstance(course, list) and isinstance(facts, list)):
        raise TypeError
    size = told.pop("size")
    if type(size) is not int or not all(isinstance(value, str) for value in told.values()):
        raise TypeError
    texts = {key: str(value) for key, value in told.items()}
    return EvidenceContent(
        size=size,
        sections=tuple(_section(each) for each in sections),
        course=tuple(_moment(each) for each in course),
        facts=tuple(_fact(each) for each in facts),
        **texts,
    )


def _section(told: dict[str, object]) -> Section:
    paragraphs = told["paragraphs"]
    if not isinstance(paragraphs, list) or not all(isinstance(each, str) for each in paragraphs):
        raise TypeError
    return Section(title=_text(told["title"]), paragraphs=tuple(paragraphs))


def _moment(told: dict[str, object]) -> Moment:
    return Moment(at=_text(told["at"]), who=_text(told["who"]), what=_text(told["what"]))


def _fact(told: dict[str, object]) -> Fact:
    entry, values = told["entry"], told["values"]
    if type(entry) is not int or entry < 0 or not isinstance(values, dict):
        raise TypeError
    return Fact(entry=entry, relation=_text(told["relation"]), values=values)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _malformed(expected: str) -> MalformedProofError:
    return MalformedProofError(
        expected=f"{expected} in {FACTS}", found="another text", remedy="ask for the file again"
    )
