# SPDX-License-Identifier: EUPL-1.2
"""Takes the last part off every address of a machine (IP) in columns of texts: of version 4 the last of four
numbers, of version 6 all but the first 48 bits. What is left names a network, and no connection of a person.

Errs to one side: a version in four parts (1.2.3.4) is taken for an address too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv6Address, IPv6Network

import pyarrow as pa
import pyarrow.compute as pc

_VERSION_4 = r"([0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})\.[0-9]+"
_MAYBE_6 = r"[0-9A-Fa-f]*:[0-9A-Fa-f]*:|%3[Aa]"
_RUN = re.compile(r"[0-9A-Fa-f:]*:[0-9A-Fa-f]*:[0-9A-Fa-f:]*(?:\.[0-9]+){0,3}")
_KEPT = 48
_COLON = re.compile("%3a", re.IGNORECASE)
"""How a colon stands in an address of a page."""


def shortened(texts: pa.Array) -> pa.Array:
    """Give the texts (strings) with every address shortened; each distinct text is read once."""
    coded = texts.dictionary_encode()
    plain = pc.replace_substring_regex(coded.dictionary, _VERSION_4, r"\1.0")
    maybe = pc.match_substring_regex(plain, _MAYBE_6)
    if pc.any(maybe).as_py():
        read = zip(plain.to_pylist(), maybe.to_pylist(), strict=True)
        plain = pa.array([_without_6(text) if asked else text for text, asked in read], pa.string())
    return plain.take(coded.indices)


def shortened_bytes(raw: bytes) -> bytes:
    """Do so with bytes that could not be read as columns; what is no text is left as it is."""
    text = pa.array([raw.decode("utf-8", errors="surrogateescape").encode("utf-8", "replace").decode()])
    return str(shortened(text)[0]).encode("utf-8")


def _without_6(text: str) -> str:
    return _RUN.sub(lambda run: _network(run[0]), _COLON.sub(":", text))


def _network(run: str) -> str:
    """Shorten a run of hexadecimal digits and colons; a time, or the address of a card, stays as it is."""
    for before, inside, after in _cut(run):
        try:
            address = IPv6Address(inside)
        except AddressValueError:
            continue
        return f"{before}{IPv6Network((int(address), _KEPT), strict=False).network_address}{after}"
    return run


def _cut(run: str) -> Iterator[tuple[str, str, str]]:
    """Give a run as a whole, and without a colon that stands before or after it (`van:`, `fout:`)."""
    for begin in (0, 1):
        for end in (0, 1):
            before, after = run[:begin], run[len(run) - end :]
            if set(before + after) <= {":"}:
                yield before, run[begin : len(run) - end], after
