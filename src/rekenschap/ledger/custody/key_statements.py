# SPDX-License-Identifier: EUPL-1.2
"""The text of a statement about keys, there and back. Says nothing about who may sign it: see `keyring`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from rekenschap.errors import KeysError
from rekenschap.ledger.custody.publickeys import PublicKey, verifier_of
from rekenschap.ledger.custody.statements import Head, Lines, malformed
from rekenschap.model.custody import KeyAction, Role

__all__ = ["FIRST_LINE", "KeyAction", "KeyStatement", "Role"]

FIRST_LINE = "rekenschap-keys/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyStatement:
    """Keys begin, are added or are retired in a role."""

    head: Head
    action: KeyAction
    role: Role
    needed: int
    """How many officers an order needs from then on; 0 for the other roles."""
    keys: tuple[PublicKey, ...]

    def to_text(self) -> str:
        """Write the text that is signed."""
        lines = [
            FIRST_LINE,
            *self.head.lines(),
            f"action {self.action}",
            f"role {self.role}",
            f"needed {self.needed}",
            *(f"key {key.key.to_text()}" for key in self.keys),
        ]
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read the text of a statement; raises MalformedStatementError for every other spelling."""
        lines = Lines(text, first=FIRST_LINE)
        head = Head.read(lines)
        try:
            found = cls(
                head=head,
                action=KeyAction(lines.take("action")),
                role=Role(lines.take("role")),
                needed=lines.number("needed"),
                keys=tuple(map(verifier_of, lines.all("key"))),
            )
        except (ValueError, KeysError) as error:
            raise malformed("an action, a role and keys", "another text") from error
        if not found.keys or len({each.key for each in found.keys}) != len(found.keys):
            raise malformed("at least one key, and each key once", "another list")
        if found.to_text() != text:
            raise malformed("a statement in its one spelling", "another spelling")
        return found
