# SPDX-License-Identifier: EUPL-1.2
"""Sources that are declared for what they deliver, beside those that may call."""

import pytest

from rekenschap.audit.sources.coverage import declared_in
from rekenschap.errors import ConfigurationError
from rekenschap.frontdoor.callers.sources import read_callers

OF_FILES = """
[[source]]
name = "badges"
systems = ["badges", "gate"]
expected = "every day"
"""
CALLER = """
[oauth]
issuer = "https://issuer.example"
audience = "rekenschap"
[[source]]
name = "supplier"
systems = ["desk"]
clients = ["supplier-client"]
"""


def read(folder, text):
    (folder / "sources.toml").write_text(text, encoding="utf-8")
    return read_callers(folder)


def test_a_source_of_files_needs_no_certificate_and_closes_no_door(tmp_path):
    callers = read(tmp_path, OF_FILES)
    assert callers.is_open
    assert not callers.by_client
    assert not callers.by_certificate


def test_beside_a_caller_a_source_of_files_cannot_call(tmp_path):
    callers = read(tmp_path, CALLER + OF_FILES)
    assert not callers.is_open
    assert list(callers.by_client) == ["supplier-client"]


def test_every_system_of_a_declared_source_is_expected_with_its_rhythm(tmp_path):
    declared = declared_in(read(tmp_path, CALLER + OF_FILES))
    assert {name: expected and expected.said for name, expected in declared.items()} == {
        "desk": None,
        "badges": "every day",
        "gate": "every day",
    }


def test_a_source_with_neither_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="certificates or clients of each source"):
        read(tmp_path, OF_FILES.replace('expected = "every day"', ""))
    with pytest.raises(ConfigurationError, match="a text for expected"):
        read(tmp_path, OF_FILES.replace('"every day"', "5"))
