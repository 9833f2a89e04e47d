# SPDX-License-Identifier: EUPL-1.2
"""What the operator of the reading interfaces is told: once, and that nothing is open yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from rekenschap.audit.readers import PLACE, add_client, offers_anything
from rekenschap.audit.readers.clerk import _Step
from rekenschap.errors import StoreError


def _fails() -> None:
    raise StoreError(expected="a derivation", found="none", remedy="make one")


def test_the_same_trouble_is_said_once_and_again_when_it_comes_back(
    capsys: pytest.CaptureFixture[str],
) -> None:
    step = _Step()
    for _ in range(3):
        step.take(_fails)
    assert capsys.readouterr().err.count("make one") == 1
    step.take(lambda: None)
    step.take(_fails)
    assert capsys.readouterr().err.count("make one") == 1


def test_nothing_is_offered_until_an_interface_and_a_client_are_named(tmp_path: Path) -> None:
    assert not offers_anything(tmp_path)
    add_client(tmp_path, "gemeente.proef", reads=["ldv"], rights=[])
    assert not offers_anything(tmp_path)
    file = tmp_path / PLACE / "read.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\n[ldv]\n", encoding="utf-8")
    assert offers_anything(tmp_path)
    file.write_text("not toml at all", encoding="utf-8")
    assert not offers_anything(tmp_path)
