# SPDX-License-Identifier: EUPL-1.2
import re
import textwrap
from pathlib import Path

import pytest

from rekenschap.adapters.sources import READERS
from rekenschap.errors import ConfigurationError
from rekenschap.intake import check_example, load_profile, parse_profile, profile_names
from tests.unit.intake.small_house import NOW

GOOD = """
id: small
title: {nl: klein, en: small}
readers: {csv: {}}
facts:
  - relation: consultation
    columns: {looked_at: t, staff: s, subject: b, register: {value: BRP}}
example: |
  t,s,b
  2026-03-02T09:00:00Z,m,x
expect:
  consultation:
    - {source: small, looked_at: "2026-03-02T09:00:00Z", staff: m, subject: x, register: BRP}
"""


@pytest.mark.parametrize("name", profile_names())
def test_the_example_of_a_profile_gives_the_expected_facts(name):
    profile = load_profile(name)
    assert profile.example.expect
    check_example(profile, READERS, now=NOW)


@pytest.mark.parametrize("name", profile_names())
def test_a_profile_is_called_what_its_file_is_called(name):
    assert load_profile(name).id == name


def test_a_small_profile_is_read():
    check_example(parse_profile(GOOD), READERS, now=NOW)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("register: BRP}", "register: SUWI}"),
        ('looked_at: "2026-03-02T09:00:00Z"', 'looked_at: "2026-03-02T10:00:00Z"'),
        ("staff: m, subject: x", "staff: n, subject: x"),
        ("\nexpect:", "  2026-03-03T09:00:00Z,m,x\nexpect:"),
    ],
)
def test_an_example_that_gives_something_else_is_refused(old, new):
    with pytest.raises(ConfigurationError, match="from the example of profile small"):
        check_example(parse_profile(GOOD.replace(old, new)), READERS, now=NOW)


def test_an_expected_fact_that_may_not_stand_in_a_ledger_is_refused():
    """Else an example of which nothing is taken in would be what was expected."""
    bad = GOOD.replace("{value: BRP}", '{value: "999990019"}').replace(
        "register: BRP}", 'register: "999990019"}'
    )
    with pytest.raises(ConfigurationError, match="identifier-in-text in register"):
        check_example(parse_profile(bad), READERS, now=NOW)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("readers:", "raeders:", "did you mean readers"),
        ("relation: consultation", "relation: consultatoin", "did you mean consultation"),
        ("staff: s", "stafff: s", "did you mean staff"),
        ("csv: {}", "csv: {delimeter: ;}", "did you mean delimiter"),
        ("csv: {}", "cvs: {}", "did you mean csv"),
        ("csv: {}", "csv: {delimiter: ';;'}", "one ASCII character"),
        ("csv: {}", "csv: {header_row: '0'}", "a row number from 1"),
        ("id: small", "id: small\nid: again", "line 3"),
        ("id: small", "id: &x small\nsource: *x", "line 3"),
        ("id: small", "id: small\ntime_zone: Europe/Amsterdamm", "a time zone"),
        ("id: small", "id: small\ndouble_hour: frist", "did you mean first"),
        ("title: {nl: klein, en: small}", "title: {nl: klein}", "nl and en"),
        ("staff: s, ", "", "the required column staff"),
        ("staff: s,", "staff: {from: s, value: x},", "either from or value"),
        ("staff: s,", "staff: {from: s, take: min},", "min or max of a time"),
        ("staff: s,", "staff: {from: s, take: mots},", "did you mean most"),
        ("looked_at: t", "looked_at: {from: t, as: '%d-%m-%y'}", "a pattern of"),
        ("staff: s,", "staff: {from: s, as: iso},", "for a token"),
        ("    columns:", "    one_per: [staf]\n    columns:", "did you mean staff"),
        ("    columns:", "    one_per: [staff.day]\n    columns:", "a time with .day"),
        ("    columns:", "    when: {s: {within: [a]}}\n    columns:", "one of in, matches, not_in"),
        ("    columns:", "    when: {s: {matches: '('}}\n    columns:", "a pattern"),
        ("    columns:", "    split: {column: s}\n    columns:", "column and by"),
        ("    columns:", "    split: {column: s, by: ';', key: a}\n    columns:", "by: json"),
        ("staff: s,", "staff: {from: s, pick: '(a)(b)'},", "one group"),
        ("staff: s,", "staff: {from: s, pick: '(?=a)(b)'},", "one that cannot be read"),
        ("csv: {}", "jsonl: {flaten: 'yes'}", "did you mean flatten"),
        ("example:", "checks: [{column: s, matches: '('}]\nexample:", "a pattern"),
        ("example:", "checks: [{column: s, between: [a]}]\nexample:", "two times"),
    ],
)
def test_a_profile_with_a_slip_is_refused_with_the_word_that_was_meant(old, new, said):
    assert old in GOOD
    with pytest.raises(ConfigurationError, match=said):
        parse_profile(GOOD.replace(old, new, 1))


@pytest.mark.parametrize("text", ["", "[]", "x", "{", "\t", "a: !!python/object:os.system x", "[" * 5_000])
def test_what_is_no_profile_is_refused(text):
    with pytest.raises(ConfigurationError):
        parse_profile(text)


def test_a_name_nobody_knows_gets_the_nearest():
    with pytest.raises(ConfigurationError, match="did you mean coselog-receipt"):
        load_profile("coselog-reciept")


def test_a_profile_of_your_own_is_found_by_its_path(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(GOOD)
    assert load_profile(str(path)).id == "small"
    with pytest.raises(ConfigurationError, match="a YAML file"):
        load_profile(str(tmp_path / "none.yaml"))


def test_the_profile_in_the_how_to_works():
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "connect-a-source.md").read_text(encoding="utf-8")
    shown = page.split("```yaml\n")[1].split("```")[0]
    check_example(parse_profile(textwrap.dedent(shown)), READERS, now=NOW)


def test_the_reference_names_every_reason_for_quarantine():
    root = Path(__file__).parents[3]
    page = (root / "docs" / "reference" / "source-profiles.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", page.split("## Reasons")[1].split("\n## ")[0]))
    rooms = (root / "src" / "rekenschap" / room for room in ("intake", "adapters/sources"))
    texts = [path.read_text(encoding="utf-8") for room in rooms for path in room.rglob("*.py")]
    ends = (
        "unreadable|unknown|missing|range|exist|twice|long|text|failed|short|columns|object|closed|fact|data"
    )
    used = {reason for text in texts for reason in re.findall(rf'"((?:[a-z]+-)+(?:{ends}))"', text)}
    assert named == used
