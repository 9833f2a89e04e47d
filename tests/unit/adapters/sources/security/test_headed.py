# SPDX-License-Identifier: EUPL-1.2
"""CEF and LEEF: what a right writer writes comes back, and no value makes a key or a field of the head."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.adapters.sources import READERS
from rekenschap.adapters.sources.security.headed import read_cef, read_leef
from rekenschap.seams.source import ReaderOptions

KEYS = st.from_regex(r"[A-Za-z][A-Za-z0-9_.]{0,12}", fullmatch=True).filter(
    lambda key: not key.endswith("Label")
)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
VALUES = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\r"), max_size=30)
HEAD = ("vendor", "product", "product_version", "event_class", "name", "severity")


def write_cef(head, pairs):
    """What the format asks of a writer."""
    bars = "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in head)
    escapes = {"\\": "\\\\", "=": "\\=", "\n": "\\n", "\r": "\\r"}
    written = " ".join(f"{key}={''.join(escapes.get(x, x) for x in value)}" for key, value in pairs.items())
    return f"CEF:0|{bars}|{written}"


def write_leef(head, pairs, mark):
    said = {"\t": "", "^": "^", "\x1f": "x1f"}[mark]
    return f"LEEF:2.0|{'|'.join(head)}|{said}|" + mark.join(f"{key}={value}" for key, value in pairs.items())


@given(st.lists(TEXT, min_size=6, max_size=6), st.dictionaries(KEYS, VALUES, max_size=6))
def test_what_is_written_as_cef_comes_back(head, pairs):
    read = read_cef(write_cef(head, pairs))
    assert read is not None
    assert [read[f"head.{name}"] for name in HEAD] == [part.strip() for part in head]
    assert {key: value.strip(" \t\r\n") for key, value in pairs.items()} == {
        key: value.strip(" \t\r\n") for key, value in read.items() if not key.startswith(("head.", "label."))
    }


@given(
    st.lists(TEXT.filter(lambda x: "|" not in x), min_size=4, max_size=4),
    st.dictionaries(KEYS, TEXT.filter(lambda x: "^" not in x), min_size=1, max_size=6),
    st.sampled_from("\t^\x1f"),
)
def test_what_is_written_as_leef_comes_back(head, pairs, mark):
    read = read_leef(write_leef(head, pairs, mark))
    assert read is not None
    assert {key: read[key] for key in pairs} == pairs
    assert len(read) == 5 + len(pairs)


@given(VALUES, VALUES)
def test_a_value_cannot_speak_for_another_key(name, note):
    """Who may choose a value (a name, a search text) must not be able to put in who looked."""
    pairs = {"suser": "m.devries", "msg": f"{name} suser=ander duser={note}"}
    read = read_cef(write_cef(["v"] * 6, pairs))
    assert read is not None
    assert read["suser"] == "m.devries"
    assert "duser" not in read


@given(st.text(max_size=200))
def test_no_text_crashes_the_parsers(text):
    for mark, read in (("CEF:", read_cef), ("LEEF:", read_leef)):
        read(text)
        read(f"<13>Mar  2 host {mark}{text}")
        read(f"{mark}0|a|b|c|d|e|5|{text}")
        read(f"{mark}2.0|a|b|c|d|{text}|k=v")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (
            r"CEF:0|Threat\|X|a\\b|1|100|naam \| x|10|src=192.0.2.1 act=blocked a \| b",
            {"head.vendor": "Threat|X", "head.name": "naam | x", "act": "blocked a | b"},
        ),
        ("<13>Mar  2 09:15:00 host CEF: 0|v|p|1|c|n|3|msg=a b c  suser=x", {"msg": "a b c", "suser": "x"}),
        (
            r"CEF:0|v|p|1|c|n|3|msg=regel\nnog een\=b cs1Label=Zaak cs1=Z-1",
            {"msg": "regel\nnog een=b", "label.Zaak": "Z-1"},
        ),
        ("CEF:0|v|p|1|c|n|3|msg=ongeescapet a=b", {"msg": "ongeescapet", "a": "b"}),
        ("CEF:0|v|p|1|c|n|3|suser=eerste suser=tweede", {"suser": "eerste"}),
        ("CEF:0|v|p|1|c|n|3|", {"head.severity": "3"}),
    ],
)
def test_cef_as_it_is_met(line, found):
    read = read_cef(line)
    assert read is not None
    assert {key: read.get(key) for key in found} == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("LEEF:1.0|v|p|1|id|usrName=m\tsrc=192.0.2.1\tmsg=a=b c", {"usrName": "m", "msg": "a=b c"}),
        ("LEEF:2.0|v|p|1|id|^|usrName=m^cat=a|b", {"usrName": "m", "cat": "a|b"}),
        ("LEEF:2.0|v|p|1|id|0x5E|usrName=m^cat=x", {"cat": "x"}),
        ("LEEF:2.0|v|p|1|id|usrName=m\tcat=a|b", {"usrName": "m", "cat": "a|b"}),
    ],
)
def test_leef_as_it_is_met(line, found):
    read = read_leef(line)
    assert read is not None
    assert {key: read.get(key) for key in found} == found


@pytest.mark.parametrize(
    "line", ["", "CEF:", "CEF:0|a|b", "CEF:x|a|b|c|d|e|f|g=h", "LEEF:3.0|a|b|c|d|e", "geen"]
)
def test_what_is_neither_is_nothing(line):
    assert read_cef(line) is None
    assert read_leef(line) is None


def test_a_line_with_thousands_of_keys_is_refused():
    assert read_cef("CEF:0|v|p|1|c|n|3|" + " ".join(f"k{n}=v" for n in range(5_000))) is None


def test_a_bad_line_breaks_alone(tmp_path):
    good = "CEF:0|v|p|1|c|n|3|suser=m"
    path = tmp_path / "x.log"
    lines = [good, "kapot", json.dumps({"text": good, "host": "h"}), '{"text": 7}', "{", good]
    path.write_text("\n".join(lines), encoding="utf-8")
    blocks = list(READERS["cef"].blocks(path, ReaderOptions()))
    rows = [row for block in blocks for row in block.rows.to_pylist()]
    assert [(row["suser"], row["syslog.host"]) for row in rows] == [("m", None), ("m", "h"), ("m", None)]
    assert [(x.line, x.reason) for b in blocks for x in b.broken] == [
        (n, "event-unreadable") for n in (2, 4, 5)
    ]
