# SPDX-License-Identifier: EUPL-1.2
"""Makes the try-out ready: its database, its people, and a file with the log-ins for `serve` to print."""

from __future__ import annotations

import os
from pathlib import Path

from rekenschap_web.settings.prepare import prepare

LOG_INS, CITIZEN_LOG_INS = "tryout-log-ins.txt", "tryout-citizen-log-ins.txt"


def main() -> None:
    """Prepare with the settings of the try-out."""
    prepare("rekenschap_web.settings.tryout")
    from django.conf import settings

    from rekenschap_web.settings.placed import own_secret
    from rekenschap_web.tryout.founding import found
    from rekenschap_web.tryout.keys import own_word

    room = Path(settings.DESK_ROOM)
    word = own_word(room / "tryout-password")
    found(word=word, secret=own_secret(room / "tryout-client-secret"), desk=settings.DESK_ADDRESS)
    _prepare_citizens(room, word)
    path = room / LOG_INS
    path.write_text("\n".join(_lines(word)) + "\n", encoding="utf-8")
    path.chmod(0o600)


def _prepare_citizens(room: Path, word: str) -> None:
    """Let citizens in too, where `serve` starts their page."""
    page = os.environ.get("REKENSCHAP_CITIZEN_ADDRESS")
    if not page:
        return
    from rekenschap_web.settings.placed import own_secret
    from rekenschap_web.tryout.cast import residents
    from rekenschap_web.tryout.founding import found_citizens

    people = residents(room)
    secret = own_secret(room.parent / "citizen" / "own" / "client-secret")
    found_citizens(people, word=word, secret=secret, page=page)
    path = room / CITIZEN_LOG_INS
    lines = [f"  {each.email:<36} {word:<16} {each.name}\n" for each in people]
    path.write_text("".join(lines), encoding="utf-8")
    path.chmod(0o600)


def _lines(word: str) -> list[str]:
    from rekenschap_web.people.names import role_names
    from rekenschap_web.tryout.cast import CAST

    return [
        f"  {player.email:<36} {word:<16} {player.name}, {role_names({player.role})[0]}" for player in CAST
    ]


if __name__ == "__main__":
    main()
