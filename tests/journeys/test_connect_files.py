# SPDX-License-Identifier: EUPL-1.2
"""The pages on files of old systems, run as written on the examples of their profiles."""

from base64 import b64decode

import pytest

from rekenschap.intake import load_profile
from tests.journeys import pages

BSN = "999990019"


def put(name, path):
    """Write the example of a profile as the file it stands for."""
    text = load_profile(name).example.text
    path.write_bytes(b64decode(text) if name == "mainframe-ebcdic" else text.encode())


@pytest.mark.parametrize(
    ("page", "files", "facts"),
    [
        (
            "connect-cef-and-leef.md",
            {"dam.cef": "cef-consultation", "portal.leef": "leef-consultation"},
            ["3 rows read, 2 new", "2 rows read, 1 new"],
        ),
        ("connect-windows.md", {"security.xml": "windows-security"}, ["4 rows read, 2 new"]),
        ("connect-a-mainframe.md", {"log.dat": "mainframe-ebcdic"}, ["2 rows read, 2 new"]),
    ],
)
def test_the_page_holds_as_written(page, files, facts, tmp_path):
    for name, profile in files.items():
        put(profile, tmp_path / name)
    said = ""
    for block in pages.blocks(page):
        code, out, wrong = pages.run(block, tmp_path)
        assert code == 0, (out, wrong)
        said += out + wrong
    for each in facts:
        assert each in said, said
    assert BSN not in said
