# SPDX-License-Identifier: EUPL-1.2
"""A password that leaked elsewhere is refused, by a list that lies beside the desk."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha1
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.errors import ConfigurationError
from rekenschap_web.settings.configured import read_desk_config
from rekenschap_web.signin.accounts.passwords import _stands_in

LEAKED, OTHER = "zeventien groene fietsen", "achttien groene fietsen"


def _digest(text: str) -> str:
    return sha1(text.encode(), usedforsecurity=False).hexdigest().upper()


def _list(path: Path, *texts: str) -> Path:
    path.write_text("".join(sorted(f"{_digest(each)}:{len(each)}\r\n" for each in texts)), encoding="ascii")
    return path


@pytest.fixture
def leaked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = _list(tmp_path / "leaked.txt", LEAKED, "a", "b", "c")
    monkeypatch.setattr(settings, "DESK", replace(settings.DESK, leaked_passwords=str(path)))
    return path


@pytest.mark.usefixtures("leaked")
def test_a_password_that_leaked_is_refused() -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(LEAKED)
    assert [each.code for each in refused.value.error_list] == ["leaked"]


@pytest.mark.usefixtures("leaked")
def test_another_is_taken() -> None:
    validate_password(OTHER)


def test_without_a_list_nothing_is_looked_up() -> None:
    validate_password(LEAKED)


@given(st.sets(st.integers(0, 60)), st.integers(0, 60), st.integers(0, 3))
def test_the_search_by_halves_finds_what_is_there_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, there: set[int], asked: int, width: int
) -> None:
    path = tmp_path_factory.mktemp("list") / "leaked.txt"
    lines = sorted(_digest(str(each)) + ":" + "9" * (each % (width + 1)) for each in there)
    path.write_text("\n".join(lines), encoding="ascii")
    assert _stands_in(path, _digest(str(asked)).encode()) == (asked in there)


@pytest.mark.parametrize("held", [b"", b"hunter2 and more words than forty letters long", b"0" * 39])
def test_a_file_that_is_no_such_list_is_refused_at_the_start(tmp_path: Path, held: bytes) -> None:
    (tmp_path / "list.txt").write_bytes(held)
    told = f'[desk]\nleaked_passwords = "{tmp_path / "list.txt"}"\n'
    (tmp_path / "rekenschap.toml").write_text(told, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="leaked_passwords"):
        read_desk_config(tmp_path)
