# SPDX-License-Identifier: EUPL-1.2
"""What may stand in read.toml, and that a token is never in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rekenschap.audit.readers import add_client
from rekenschap.errors import ConfigurationError
from rekenschap_read.place.settings import Interface, Right, Settings, read_settings

WHO = 'organisation = "Veldhaven"\norganisation_id = "1"\n'


def settings(place: Path, text: str) -> Settings:
    (place / "read.toml").write_text(text, encoding="utf-8")
    return read_settings(place)


def test_without_a_file_everything_is_off(tmp_path: Path):
    assert read_settings(tmp_path) == Settings()
    assert settings(tmp_path, "") == Settings()


def test_an_interface_is_on_when_it_has_a_table(tmp_path: Path):
    told = settings(tmp_path, WHO + '[ldv]\nmost = 7\nhost = "a.example"\n')
    assert set(told.offers) == {Interface.LDV}
    assert (told.offers[Interface.LDV].most, told.offers[Interface.LDV].host) == (7, "a.example")


def test_a_client_that_was_added_is_known_by_its_token_and_the_token_is_kept_nowhere(tmp_path: Path):
    token = add_client(tmp_path, "keten", reads=["ldv"], rights=[])
    other = add_client(tmp_path, "portaal", reads=["inzage", "bewerking"], rights=["read:normal"])
    place = tmp_path / "read"
    told = read_settings(place)
    client = told.client_of(other)
    assert client is not None
    assert (client.name, client.rights) == ("portaal", {Right.READ_NORMAL})
    assert client.reads == {Interface.INZAGE, Interface.BEWERKING}
    assert told.client_of(token + "x") is None
    held = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    assert token.encode() not in held
    assert (place / "read.toml").stat().st_mode & 0o077 == 0


def test_a_client_is_added_once_under_a_plain_name(tmp_path: Path):
    add_client(tmp_path, "keten", reads=["ldv"], rights=[])
    for name in ("keten", "Keten", "", 'x"]\nreads = ["ldv"]'):
        with pytest.raises(ConfigurationError):
            add_client(tmp_path, name, reads=["ldv"], rights=[])


@pytest.mark.parametrize(
    "text",
    [
        "[", "other = 1", "[ldv]\n", WHO + "[ldv]\nx = 1", WHO + "[ldv]\nmost = 0",
        WHO + "[ldv]\nmost = true",
        WHO + "ldv = 1", WHO + '[[client]]\nname = "a"\ndigest = "x"', WHO + "client = 1",
        WHO + f'[[client]]\nname = "a"\ndigest = "{"a" * 43}"\nreads = ["all"]',
        WHO + 2 * f'[[client]]\nname = "a"\ndigest = "{"a" * 43}"\n', "organisation = 1",
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_in_one_sentence(tmp_path: Path, text: str):
    with pytest.raises(ConfigurationError, match=r"read\.toml"):
        settings(tmp_path, text)


CLIENT = f'[[client]]\nname = "keten"\ndigest = "{"a" * 43}"\n'


def test_a_client_may_be_held_to_activities_and_to_a_pace(tmp_path: Path):
    (client,) = settings(
        tmp_path, WHO + CLIENT + 'reads = ["ldv"]\nactivities = ["portaal-berichten"]\na_minute = 5\n'
    ).clients
    assert (client.activities, client.a_minute) == (("portaal-berichten",), 5)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('reads = ["ldv", "inzage"]\nactivities = ["x"]', "only with ldv and bewerking"),
        ('reads = ["ldv"]\nactivities = [7]', "a text for each of activities"),
        ('reads = ["ldv"]\na_minute = 0', "a_minute from 1"),
        ('reads = ["ldv"]\na_minute = true', "a_minute from 1"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, line: str, said: str):
    with pytest.raises(ConfigurationError, match=said):
        settings(tmp_path, f"{WHO}{CLIENT}{line}\n")
