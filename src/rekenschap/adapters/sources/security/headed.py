# SPDX-License-Identifier: EUPL-1.2
"""CEF and LEEF: one line, a head with bars, then pairs of key and value. Knows no meaning of a key.

CEF escapes a bar and a backslash in its head, and an equals sign, a backslash and a line end in its pairs
(ArcSight Common Event Format 26). LEEF 1.0 sets its pairs apart with tabs, 2.0 with a mark that its head
names (IBM, QRadar LEEF components). What a writer did not escape is read as most writers meant it: a key
stands behind a space, and of a key that stands twice the first counts.
"""

from __future__ import annotations

import re

_CEF_HEAD = ("version", "vendor", "product", "product_version", "event_class", "name", "severity")
_LEEF_HEAD = ("version", "vendor", "product", "product_version", "event_id")
_KEY = re.compile(r"(?:^|(?<=\s))([A-Za-z0-9_.:\[\]-]{1,100})=")
_PART = re.compile(r"((?:[^|\\]|\\.)*+)\|", re.S)
_ESCAPED_BAR = re.compile(r"\\([|\\])")
_ESCAPED = re.compile(r"\\(.)", re.S)
_IN_PAIRS = {"n": "\n", "r": "\r"}
_MOST_KEYS = 1_000
_LABEL = re.compile(r"^((?:cs|cn|cfp|c6a|deviceCustomDate|flexString|flexDate|flexNumber)\d+)Label$")


def read_cef(line: str) -> dict[str, str] | None:
    """Read one line of CEF, whatever a syslog server put before it; nothing when it is none."""
    at = line.find("CEF:")
    if at < 0:
        return None
    parts = _split(line[at + 4 :], len(_CEF_HEAD))
    if len(parts) <= len(_CEF_HEAD) or not re.fullmatch(r"\s*\d+(\.\d+)?\s*", parts[0]):
        return None
    head = {f"head.{name}": part.strip() for name, part in zip(_CEF_HEAD, parts, strict=False)}
    pairs = _cef_pairs(parts[-1])
    return None if pairs is None else head | _labelled(pairs)


def read_leef(line: str) -> dict[str, str] | None:
    """Read one line of LEEF 1.0 or 2.0, whatever a syslog server put before it; nothing when it is none."""
    at = line.find("LEEF:")
    if at < 0:
        return None
    parts = line[at + 5 :].split("|", len(_LEEF_HEAD))
    if len(parts) <= len(_LEEF_HEAD) or parts[0] not in ("1.0", "2.0"):
        return None
    head = {f"head.{name}": part.strip() for name, part in zip(_LEEF_HEAD, parts, strict=False)}
    mark, rest = "\t", parts[-1]
    if parts[0] == "2.0":
        said, bar, after = rest.partition("|")
        if bar and (given := _mark(said)) is not None:
            mark, rest = given, after
    pairs: dict[str, str] = {}
    for pair in rest.split(mark):
        key, equals, value = pair.partition("=")
        if equals and key.strip():
            pairs.setdefault(key.strip(), value)
    return None if len(pairs) > _MOST_KEYS else head | pairs


def _mark(said: str) -> str | None:
    """Read the mark between pairs: empty for a tab, one character, or its number in hex."""
    if not said:
        return "\t"
    found = re.fullmatch(r"(?:0?x)([0-9A-Fa-f]{1,4})", said)
    if found:
        return chr(int(found[1], 16)) if int(found[1], 16) else None
    return said if len(said) == 1 and said != "=" else None


def _split(text: str, bars: int) -> list[str]:
    """Split at bars that are not escaped; the last part keeps its escapes."""
    parts: list[str] = []
    at = 0
    while len(parts) < bars and (found := _PART.match(text, at)) is not None:
        parts.append(_ESCAPED_BAR.sub(r"\1", found[1]))
        at = found.end()
    return [*parts, text[at:]] if len(parts) == bars else parts


def _cef_pairs(text: str) -> dict[str, str] | None:
    """Read the pairs; each value reaches to the next key, for a space in a value is not escaped."""
    keys = [found for found in _KEY.finditer(text)]
    if len(keys) > _MOST_KEYS:
        return None
    pairs: dict[str, str] = {}
    for number, key in enumerate(keys):
        end = keys[number + 1].start() if number + 1 < len(keys) else len(text)
        pairs.setdefault(key[1], _ESCAPED.sub(_unescape, text[key.end() : end].strip(" \t\r\n")))
    return pairs


def _unescape(found: re.Match[str]) -> str:
    return _IN_PAIRS.get(found[1], found[1])


def _labelled(pairs: dict[str, str]) -> dict[str, str]:
    """Give a custom value under its label too: `cs1Label=Zaak cs1=Z-1` is also `label.Zaak`."""
    named = {
        f"label.{label}": pairs[found[1]]
        for key, label in pairs.items()
        if label and (found := _LABEL.match(key)) and found[1] in pairs
    }
    return pairs | named
