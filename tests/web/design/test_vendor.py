# SPDX-License-Identifier: EUPL-1.2
"""Our own copies of what others made: as the list says, with their licences, asking nothing of outside."""

import re
import tomllib
from base64 import b64encode
from hashlib import sha384

import pytest

from tests.architecture.source import WEB
from tools.vendor import VENDOR, rules, trimmed

LISTED = tomllib.loads((VENDOR / "vendor.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(LISTED))
def test_a_copy_has_the_hash_of_the_list(name):
    digest = "sha384-" + b64encode(sha384((VENDOR / name).read_bytes()).digest()).decode()
    assert LISTED[name]["hash"] == digest


def test_nothing_stands_there_that_is_not_listed():
    assert {path.name for path in VENDOR.iterdir()} == {*LISTED, "vendor.toml"}


def test_every_package_has_its_licence_beside_it():
    packages = {each["package"] for name, each in LISTED.items() if not name.startswith("LICENCE")}
    licensed = {each["package"] for name, each in LISTED.items() if name.startswith("LICENCE")}
    assert packages == licensed


@pytest.mark.parametrize("name", [name for name in LISTED if name.endswith(".css")])
def test_a_style_sheet_asks_nothing_of_another_machine(name):
    text = (VENDOR / name).read_text("utf-8")
    assert not re.search(r"@import|url\(\s*[\"']?(https?:)?//", text)


def test_trimming_keeps_a_component_that_is_used_and_drops_one_that_is_not():
    css = (
        ".utrecht-button { a: b }\n.utrecht-calendar { c: d }\n@media print { .utrecht-link:hover { e: f } }"
    )
    assert [head for head, _ in rules(trimmed(css))] == [".utrecht-button", "@media print"]


def test_a_list_to_choose_from_has_an_arrow():
    """The class that takes the browser's own arrow away needs a theme that draws another; ours does not."""
    drawn = "--utrecht-select-background-image:" in (WEB / "design/static/vendor/voorbeeld.css").read_text()
    bare = [path.name for path in WEB.rglob("*.html") if "utrecht-select--html-select" in path.read_text()]
    assert drawn or bare == []
