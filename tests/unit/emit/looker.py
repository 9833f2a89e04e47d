# SPDX-License-Identifier: EUPL-1.2
"""Looks until it is killed, and says of each look that it was shown. Usage: looker.py URL FOLDER"""

from __future__ import annotations

import itertools
import os
import sys

from rekenschap.emit import Emitter

looks = Emitter(sys.argv[1], spool=sys.argv[2], system="balie")
for number in itertools.count():
    with looks.look(staff="m.devries", register="BRP", subject=f"klant-{os.getpid()}-{number}"):
        pass
    os.write(1, f"klant-{os.getpid()}-{number}\n".encode())
