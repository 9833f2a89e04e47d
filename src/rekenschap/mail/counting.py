# SPDX-License-Identifier: EUPL-1.2
"""How many people a message is about, and which kinds of data are in it: numbers and kinds, never a value.

A person is a different BSN; one in eleven other numbers of that length is taken for one. What cannot be
looked into (a picture, an encrypted file) is told as `unseen`, what was cut off because it is too long or too
strange as `partly`: a count is then the least it can be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from rekenschap.mail.documents import UnseenError, texts_of
from rekenschap.model.bsn import bsns_in

_DUTCH_IBAN = re.compile(r"\bNL[0-9]{2} ?[A-Z]{4} ?(?:[0-9]{4} ?){2}[0-9]{2}\b")
_ADDRESS = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}\b")
_POSTCODE = re.compile(r"\b[1-9][0-9]{3} ?(?!SA|SD|SS)[A-Z]{2}\b")
_PIECE = 1 << 16
_OVERLAP = 64
_MOST_PARTS = 500
_MOST_LETTERS = 64 << 20
"""Letters of one message that are looked into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was found in a message; `kinds` in alphabetical order."""

    persons: int
    kinds: tuple[str, ...]


def count(message: bytes, *, is_late: Callable[[], bool] = lambda: False) -> Counted:
    """Look through a message and everything attached to it, until it is too late."""
    found = _Found(is_late)
    for part in _parts(message_from_bytes(message, policy=compat32), found):
        found.look(part)
    return Counted(persons=len(found.persons), kinds=tuple(sorted(found.kinds)))


class _Found:
    def __init__(self, is_late: Callable[[], bool]) -> None:
        self._is_late = is_late
        self.persons: set[str] = set()
        self.kinds: set[str] = set()
        self._letters = 0

    def look(self, part: Message) -> None:
        """Look into one part; what cannot be read is told."""
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or not content:
            return
        name = part.get_filename(failobj="")
        charset = part.get_content_charset(failobj="utf-8")
        try:
            for text in texts_of(content, part.get_content_type(), name=str(name), charset=str(charset)):
                self.read(text)
        except UnseenError as unseen:
            self.kinds.add("partly" if unseen.partly else "unseen")

    def read(self, text: str) -> None:
        """Read a text in pieces that overlap by the length of a number."""
        for at in range(0, len(text), _PIECE):
            piece = text[max(0, at - _OVERLAP) : at + _PIECE]
            self._letters += len(piece)
            if self._letters > _MOST_LETTERS or self._is_late():
                raise UnseenError(partly=True)
            self._note(piece)

    def _note(self, piece: str) -> None:
        if persons := bsns_in(piece):
            self.persons |= persons
            self.kinds.add("bsn")
        for kind, pattern in (("iban", _DUTCH_IBAN), ("email", _ADDRESS), ("postcode", _POSTCODE)):
            if kind not in self.kinds and pattern.search(piece):
                self.kinds.add(kind)


def _parts(message: Message, found: _Found) -> Iterator[Message]:
    """Walk through the parts, those of messages inside a message too, without going deeper for ever."""
    waiting, seen = [message], 0
    while waiting:
        part = waiting.pop()
        seen += 1
        if seen > _MOST_PARTS:
            found.kinds.add("partly")
            return
        inside = part.get_payload() if part.is_multipart() else None
        if isinstance(inside, list):
            waiting += [each for each in reversed(inside) if isinstance(each, Message)]
        else:
            yield part
