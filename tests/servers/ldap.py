# SPDX-License-Identifier: EUPL-1.2
"""A directory of our own (Debian's slapd) in a temporary directory, with a few invented people in it."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_SLAPD, _SLAPADD = "/usr/sbin/slapd", "/usr/sbin/slapadd"
_WAIT, _PAUSE = 20.0, 0.05  # seconds
SUFFIX = "dc=gemeente,dc=example"
PEOPLE = f"""dn: {SUFFIX}
objectClass: dcObject
objectClass: organization
o: Gemeente Voorbeeld
dc: gemeente

dn: uid=m.devries,{SUFFIX}
objectClass: inetOrgPerson
uid: m.devries
cn: Zoë de Vries met een naam die zo lang is dat hij op de regel daarna verder gaat in het bestand
sn: de Vries
title: consulent
departmentNumber: Burgerzaken
manager: uid=a.bakker,{SUFFIX}

dn: uid=a.bakker,{SUFFIX}
objectClass: inetOrgPerson
uid: a.bakker
cn: A. Bakker
sn: Bakker
title: teamleider
departmentNumber: Burgerzaken
employeeType: inhuur

dn: cn=BRP inzien,{SUFFIX}
objectClass: groupOfNames
cn: BRP inzien
businessCategory: BRP
member: uid=m.devries,{SUFFIX}
member: uid=a.bakker,{SUFFIX}
"""


def why_not() -> str:
    """Say why no directory can be started here, or nothing when one can."""
    present = Path(_SLAPD).exists() and shutil.which("ldapsearch")
    return "" if present else "no LDAP server: apt install slapd ldap-utils"


@contextmanager
def running(directory: Path) -> Iterator[str]:
    """Start a server with PEOPLE; gives its address."""
    settings = _settings(directory)
    subprocess.run([_SLAPADD, "-q", "-f", settings], input=PEOPLE.encode(), check=True, capture_output=True)
    address = f"ldap://127.0.0.1:{free_port()}"
    with (directory / "words.txt").open("wb") as words:
        server = subprocess.Popen(
            [_SLAPD, "-f", settings, "-h", address, "-d", "0"], stdout=words, stderr=words
        )
        try:
            _await(server, address)
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(_WAIT)


def _settings(directory: Path) -> Path:
    (directory / "data").mkdir(parents=True)
    path = directory / "slapd.conf"
    schemas = "".join(
        f"include /etc/ldap/schema/{name}.schema\n" for name in ("core", "cosine", "inetorgperson")
    )
    path.write_text(
        f"{schemas}pidfile {directory}/pid\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\n"
        f'database mdb\nsuffix "{SUFFIX}"\ndirectory {directory}/data\n',
        encoding="utf-8",
    )
    return path


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(server: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + _WAIT
    asking = ["ldapsearch", "-x", "-LLL", "-H", address, "-b", SUFFIX, "-s", "base"]
    while time.monotonic() < until and server.poll() is None:
        if subprocess.run(asking, capture_output=True, check=False).returncode == 0:
            return
        time.sleep(_PAUSE)
    raise RuntimeError("the directory did not start")
