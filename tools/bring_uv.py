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
    """The package index of this machine: environment, then pip's settings, then PyPI."""
    for name in INDEX_SETTINGS:
        if os.environ.get(name):
            return os.environ[name]
    settings = configparser.ConfigParser(interpolation=None)
    home = Path(os.environ.get("HOME", "/"))
    places = ["/etc/pip.conf", home / ".pip/pip.conf", home / ".config/pip/pip.conf"]
    settings.read([*places, os.environ.get("PIP_CONFIG_FILE", "/dev/null")])
    return settings.get("global", "index-url", fallback="https://pypi.org/simple")


def wheel_address(index: str) -> str:
    """Where the wheel for this platform is; the oldest baseline first."""
    version = re.search(r"uv==(\S+)", REQUIREMENT).group(1)
    page_address = index.rstrip("/") + "/uv/"
    with urllib.request.urlopen(page_address, timeout=60) as page:
        links = re.findall(r'href="([^"]+)"', page.read().decode("utf-8"))
    family = "macosx" if sys.platform == "darwin" else "musllinux"
    family = "manylinux" if platform.libc_ver()[0] == "glibc" else family
    start = f"/uv-{version}-"
    fitting = [x for x in links if start in x and family in x and f"{platform.machine()}." in x]
    if not fitting:
        sys.exit(f"expected a uv {version} wheel for {family} {platform.machine()}, found none; install uv")
    return urllib.parse.urljoin(page_address, html.unescape(sorted(fitting)[0]))


def main(folder: Path) -> None:
    """Fetch, check and unpack."""
    try:
        with urllib.request.urlopen(wheel_address(index_address()), timeout=180) as answer:
            wheel = answer.read()
    except urllib.error.URLError as error:
        sys.exit(f"expected to reach the package index, found {error.reason}; see to the network")
    digest = hashlib.sha256(wheel).hexdigest()
    if f"sha256:{digest}" not in REQUIREMENT:
        sys.exit("expected a uv wheel with a hash of tools/uv.txt, found another; do not use this index")
    program = folder / "bin" / "uv"
    program.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        name = next(x for x in archive.namelist() if x.endswith("/scripts/uv"))
        program.write_bytes(archive.read(name))
    program.chmod(0o755)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
