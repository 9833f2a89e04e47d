# SPDX-License-Identifier: EUPL-1.2
"""Bring uv into a folder with nothing but Python's standard library.

For a Python without pip, venv or ensurepip (Debian ships it that way). The wheel is
taken from the package index this machine is told to use and must have one of the
hashes in uv.txt. Usage: python3 bring_uv.py FOLDER
"""

import configparser
import hashlib
import html
import io
import os
import platform
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

REQUIREMENT = Path(__file__).with_name("uv.txt").read_text(encoding="utf-8")
INDEX_SETTINGS = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")


def index_address() -> str:
    """The package index of this machine: environment, then pip's settings, then the one of uv.lock."""
    for name in INDEX_SETTINGS:
        if os.environ.get(name):
            return os.environ[name]
    settings = configparser.ConfigParser(interpolation=None)
    home = Path(os.environ.get("HOME", "/"))
    places = ["/etc/pip.conf", home / ".pip/pip.conf", home / ".config/pip/pip.conf"]
    settings.read([*places, os.environ.get("PIP_CONFIG_FILE", "/dev/null")])
    return settings.get("global", "index-url", fallback="") or index_of_the_lock()


def index_of_the_lock() -> str:
    """The index that every package of the lock file comes from."""
    lock = Path(__file__).parents[1] / "uv.lock"
    return re.search(r'registry = "(https://[^"]+)"', lock.read_text(encoding="utf-8")).group(1)


def wheel_address(page: str) -> str:
    """Where the wheel for this platform is; the oldest baseline first."""
    version = re.search(r"uv==(\S+)", REQUIREMENT).group(1)
    links = re.findall(r'href="([^"]+)"', fetched(page).decode("utf-8"))
    family = "macosx" if sys.platform == "darwin" else "musllinux"
    family = "manylinux" if platform.libc_ver()[0] == "glibc" else family
    start = f"uv-{version}-"
    fitting = [x for x in links if start in x and family in x and f"{platform.machine()}." in x]
    if not fitting:
        sys.exit(f"expected a uv {version} wheel for {family} {platform.machine()}, found none; install uv")
    oldest = min(fitting, key=lambda link: link.rpartition("/")[2])
    return urllib.parse.urljoin(page, html.unescape(oldest))


def fetched(address: str) -> bytes:
    """The bytes at an address."""
    try:
        with urllib.request.urlopen(address, timeout=180) as answer:
            return answer.read()
    except urllib.error.URLError as error:
        sys.exit(f"expected to reach the package index, found {error.reason}; see to the network")


def checked(wheel: bytes) -> bytes:
    """The wheel itself, when it is one of those we know."""
    if f"sha256:{hashlib.sha256(wheel).hexdigest()}" not in REQUIREMENT:
        sys.exit("expected a uv wheel with a hash of tools/uv.txt, found another; do not use this index")
    return wheel


def unpack(wheel: bytes, program: Path) -> None:
    """Put the one program of the wheel where it can be run."""
    program.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        name = next(x for x in archive.namelist() if x.endswith("/scripts/uv"))
        program.write_bytes(archive.read(name))
    program.chmod(0o755)


def main(folder: Path) -> None:
    """Fetch, check and unpack."""
    index = index_address().rstrip("/")
    address = wheel_address(index + "/uv/")
    unpack(checked(fetched(address)), folder / "bin" / "uv")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
