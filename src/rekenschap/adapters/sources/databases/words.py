# SPDX-License-Identifier: EUPL-1.2
"""The words of a statement before it is understood: what wraps a query, comments, names of parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from urllib.parse import unquote

from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.parser import logger as _log_of_sqlglot
from sqlglot.tokenizer_core import Token, TokenType

_log_of_sqlglot.disabled = True  # it writes statements it does not know out in full, and BSNs stand in them

_STARTS = frozenset({"SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "TABLE", "VALUES"})
_TAG = re.compile(r"\s*([\w.%-]{1,64})\s*=\s*'((?:[^'\\]|\\.)*)'\s*")
_PAIRS = re.compile(
    r"\s*[\w.%-]{1,64}\s*=\s*'(?:[^'\\]|\\.)*'\s*(?:,\s*[\w.%-]{1,64}\s*=\s*'(?:[^'\\]|\\.)*'\s*)*"
)
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
MARK = "\x02"
_DEEPEST = 5


def words_of(text: str, dialect: Dialect) -> list[Token]:
    """Cut a statement into words; those it cannot cut give none."""
    try:
        return dialect.tokenize(text)
    except (SqlglotError, RecursionError):
        return []


def unwrapped(text: str, dialect: Dialect) -> tuple[str, list[Token]]:
    """Take PREPARE .. AS, DECLARE .. FOR, EXPLAIN and a list of parameter types off a query."""
    words = words_of(text, dialect)
    for _ in range(_DEEPEST):
        if not words:
            break
        if words[0].token_type is TokenType.COMMAND and len(words) > 1:
            text = words[1].text
        elif (begin := _begin(words)) > 0:
            text = text[words[begin].start :]
        else:
            break
        words = words_of(text, dialect)
    return text, words


def _begin(words: Sequence[Token]) -> int:
    """Give where the query begins: its first word that can begin one outside brackets; -1 when none does."""
    first = words[0].text.upper()
    if first in _STARTS or not (
        first in ("PREPARE", "DECLARE", "EXPLAIN") or _are_types(words) or _is_rest(words)
    ):
        return 0
    depth = 0
    for at, word in enumerate(words):
        depth += (word.token_type is TokenType.L_PAREN) - (word.token_type is TokenType.R_PAREN)
        holding = at + 1 < len(words) and words[at + 1].text.upper() == "HOLD"
        if depth == 0 and word.text.upper() in _STARTS and not holding:
            return at
    return -1


def _are_types(words: Sequence[Token]) -> bool:
    """Tell whether a list of parameter types comes first, as SQL Server writes: (@1 varchar(9))SELECT .."""
    return len(words) > 2 and words[0].token_type is TokenType.L_PAREN and words[1].text.startswith("@")


def _is_rest(words: Sequence[Token]) -> bool:
    """Tell whether this is what follows PREPARE, DECLARE or EXPLAIN, which are cut off as one word."""
    plain = (TokenType.VAR, TokenType.ANALYZE, TokenType.IDENTIFIER, TokenType.L_PAREN)
    return words[0].token_type in plain and not words[0].text.startswith("@")


def remarks_of(words: Sequence[Token]) -> Mapping[str, str]:
    """Give the keys of a comment in the way of sqlcommenter: key='value',key='value', URL-encoded.

    A comment inside a string is no comment; of a key that stands twice the first counts.
    """
    found: dict[str, str] = {}
    for comment in (comment for word in words for comment in word.comments):
        if _PAIRS.fullmatch(comment):
            for key, value in _TAG.findall(comment):
                found.setdefault(unquote(key).lower(), unquote(value.replace("\\'", "'")))
    return found


def trace_of(remarks: Mapping[str, str]) -> tuple[str, str] | None:
    """Give trace and span of a W3C traceparent."""
    found = _TRACEPARENT.fullmatch(remarks.get("traceparent", "").lower())
    return (found[1], found[2]) if found and int(found[1], 16) else None


def with_named_parameters(text: str, words: Sequence[Token]) -> str:
    """Write `:1` as `:p1`: the parser knows parameters that begin with a letter only."""
    parts, done = list[str](), 0
    for before, word in pairwise(words):
        if _is_colon(before) and word.token_type is TokenType.NUMBER and before.end + 1 == word.start:
            parts += [text[done : word.start], "p"]
            done = word.start
    return "".join([*parts, text[done:]])


def shape_of(query: str, words: Sequence[Token]) -> tuple[str, Sequence[str]]:
    """Put numbered marks in place of texts in quotes, and leave comments out.

    Statements that differ in those alone are of one shape.
    """
    parts, texts, done = list[str](), list[str](), 0
    for word in words:
        if word.start > done:
            parts.append(" ")
        done = word.end + 1
        if word.token_type is TokenType.STRING and query[word.start] == "'":
            parts.append(f"'{MARK}{len(texts)}'")
            texts.append(word.text)
        else:
            parts.append(query[word.start : done])
    return "".join(parts), texts


def _is_colon(word: Token) -> bool:
    return word.token_type in (TokenType.COLON, TokenType.PLACEHOLDER) and word.text == ":"


def parameters_in(words: Sequence[Token]) -> Iterator[str]:
    """Give the names of parameters written `:name`, in the order in which each comes first."""
    seen: set[str] = set()
    for before, word in pairwise(words):
        name = f"p{word.text}" if word.token_type is TokenType.NUMBER else word.text
        if _is_colon(before) and name not in seen:
            seen.add(name)
            yield name
