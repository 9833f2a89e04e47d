# SPDX-License-Identifier: EUPL-1.2
"""Runs the service: python -m rekenschap_read.door.serving PLACE CITIZENS HOST PORT [CERTIFICATE KEY].

Quiet: what a server would write about a request may hold who it was about.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from rekenschap_read.door.app import ReadApp

_MOST_AT_ONCE = 64


def main(words: Sequence[str]) -> None:
    """Serve until the process is asked to end."""
    place, citizens, host, port, *tls = words
    uvicorn.run(
        ReadApp(Path(place), Path(citizens), fault=_fault),
        host=host,
        port=int(port),
        ssl_certfile=tls[0] if tls else None,
        ssl_keyfile=tls[1] if tls else None,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=_MOST_AT_ONCE,
    )


def _fault(error: BaseException) -> None:
    """Say where our own fault was, never what it was about: the message may repeat a personal value."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    sys.stderr.write(
        f"rekenschap read: found {type(error).__name__} in {Path(place.filename).name} line {place.lineno}; "
        "report that line\n"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
