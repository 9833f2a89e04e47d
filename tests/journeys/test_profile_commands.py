# SPDX-License-Identifier: EUPL-1.2
"""`rekenschap profile new | try` as a person or a script runs them, and the page that shows them."""

import os
import pty
import re
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.journeys import pages
from tests.journeys.commands import rekenschap

BSN = "999990019"
ROWS = f"""Volgnummer;Datum;Tijd;Gebruikersnaam;BSN;Handeling
1;02-03-2026;09:15:00;j.jansen;{BSN};inzien
2;02-03-2026;09:16:00;j.jansen;{BSN};afmelden
3;02-03-2026;99:16:00;p.pieters;{BSN};inzien
"""
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "make-a-profile-from-a-file.md"


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "balie2026.csv"
    path.write_text(ROWS)
    return path


def test_a_profile_is_made_tried_and_used(export, tmp_path):
    made = rekenschap("profile", "new", export, "--yes", "--value", "register=BRP", cwd=tmp_path)
    assert made.code == 0, made.err
    assert (
        "medewerker 1" in made.out and "time-unreadable (looked_at ← Datum, Tijd): 1, op regel 4" in made.out
    )
    tried = rekenschap("profile", "try", export, "--profile", tmp_path / "balie.yaml", "--json")
    assert tried.code == 6
    assert tried.told["facts"] == {"consultation": 1}
    assert (tried.told["quarantined"], tried.told["without_facts"]) == (1, 1)
    taken = rekenschap(
        "intake", export, "--profile", tmp_path / "balie.yaml", "--home", tmp_path / "h", "--json"
    )
    assert taken.told["accepted"]["consultation"] == 1
    for said in (made.out, made.err, tried.out, (tmp_path / "balie.yaml").read_text().split("example:")[0]):
        assert BSN not in said and "jansen" not in said and "pieters" not in said
    assert "jansen" not in (tmp_path / "balie.yaml").read_text()


APART = f"Datum;Uur;Wie;BSN\n02-03-2026;09:15:00;j.jansen;{BSN}\n02-03-2026;09:16:00;j.jansen;{BSN}\n"
ASKED = ("--yes", "--value", "register=BRP", "--column", "staff=Wie", "--time-format", "%d-%m-%Y %H:%M:%S")


def test_a_profile_that_takes_nothing_is_to_be_mended_first(tmp_path):
    path = tmp_path / "apart.csv"
    path.write_text(APART)
    new = ("profile", "new", path, *ASKED, "--force", "--out", tmp_path / "p.yaml")
    made = rekenschap(*new, "--column", "looked_at=Datum")
    assert (made.code, "Nu innemen" in made.out) == (0, False), made.err
    assert "neemt geen enkele rij in. Verbeter het eerst." in made.out
    assert "--column looked_at=Datum+Tijd" in made.out and "Nog niet innemen" in made.out
    english = rekenschap(*new, "--column", "looked_at=Datum", "--language", "en").out
    assert "Mend it first." in english and "--column looked_at=Date+Time" in english
    assert rekenschap(*new, "--column", "looked_at=Datum", "--json").told["mend_first"] is True
    joined = rekenschap(*new, "--column", "looked_at=Datum+Uur")
    assert "Nu innemen" in joined.out and "Verbeter" not in joined.out
    assert rekenschap(*new, "--column", "looked_at=Datum+Uur", "--json").told["facts"] == {"consultation": 2}


def test_a_profile_is_not_written_over(export, tmp_path):
    (tmp_path / "p.yaml").write_text("of mine")
    made = rekenschap("profile", "new", export, "--yes", "--out", tmp_path / "p.yaml")
    assert made.code == 3
    assert (tmp_path / "p.yaml").read_text() == "of mine"
    assert rekenschap("profile", "new", export, "--out", tmp_path / "p.yaml", "--force", "--json").code == 0


def test_what_cannot_be_guessed_is_asked_for_by_name(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    made = rekenschap("profile", "new", path, "--yes")
    assert made.code == 4
    assert "expected a column for looked_at of consultation" in made.err and "--column looked_at=" in made.err


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 99, b"a", b"{", b"[1,2]", b"<x/>", b"PK\x03\x04", bytes(range(256)) * 40, b";;;\n;;;\n"],
)
def test_a_file_that_is_nothing_is_named_in_one_sentence(tmp_path, content):
    path = tmp_path / "odd"
    path.write_bytes(content)
    made = rekenschap("profile", "new", path, "--yes", cwd=tmp_path)
    assert made.code == 4
    assert re.search(r"rekenschap: expected [^\n]+, found [^\n]+; [^\n]+\n\Z", made.err)
    assert "of our own" not in made.err


def test_somebody_at_the_keyboard_may_correct_the_guess(export, tmp_path):
    """The questions are asked on a terminal only, so the test is one."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "rekenschap", "profile", "new", str(export), "--language", "en"]
    running = subprocess.Popen(
        command, cwd=tmp_path, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    os.write(ours, b"register='BRP'\nid=counter\ndevice=Volgnummer\n\n")
    out, err = running.communicate(timeout=120)
    os.close(ours)
    os.close(theirs)
    assert running.returncode == 0, err
    assert "device      " in out and "Profile written: counter.yaml" in out
    assert "value: BRP" in (tmp_path / "counter.yaml").read_text()


def test_the_page_on_making_a_profile_holds_as_written(tmp_path):
    text = PAGE.read_text(encoding="utf-8")
    file = re.search(r"`(\S+\.csv)`:\n\n +```\n(.*?) +```", text, re.S)
    (tmp_path / file[1]).write_text(textwrap.dedent(file[2]))
    codes = []
    for block in re.findall(r"```sh\n(.*?) +```", text, re.S):
        for line in block.replace("\\\n", " ").splitlines():
            codes.append(rekenschap(*shlex.split(line)[1:], cwd=tmp_path).code)
    assert codes == [0, 0, 0, 0]


def test_the_dutch_page_holds_as_written(tmp_path):
    shown = re.search(r"```\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    (tmp_path / "balie.csv").write_text(textwrap.dedent(shown[1]))
    page = PAGE.parents[1] / "nl" / "bestand-aansluiten.md"
    said = ""
    for block in pages.blocks(page):
        code, out, wrong = pages.run(block, tmp_path, REKENSCHAP_LANGUAGE="nl")
        assert code == 0, (out, wrong)
        said += out
    assert "medewerker 1" in said and "2 nieuw" in said
    assert "999990019" not in said
