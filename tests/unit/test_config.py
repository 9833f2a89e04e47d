# SPDX-License-Identifier: EUPL-1.2
"""What the settings of a house say, and that no secret is ever among them."""

from pathlib import Path

import pytest

from rekenschap.adapters.anchors import SqliteAnchor
from rekenschap.adapters.anchors.postgres import PostgresAnchor
from rekenschap.adapters.anchors.s3 import S3Anchor
from rekenschap.adapters.keys import FileKeys
from rekenschap.adapters.stores import DirectoryStore
from rekenschap.adapters.stores.s3 import S3Store
from rekenschap.config import BucketAt, DatabaseAt, DirectoryAt, Secret, TokenAt, read_config
from rekenschap.errors import ConfigurationError, KeysError
from rekenschap.places import open_anchor, open_keys, open_store

FAR = """
store = "s3://our-bucket/a/ledger?endpoint=https://objects.example.nl&region=nl&key-id=env:ID&secret=env:KEY"
anchor = "postgresql://ledger@base.example.nl/anchors?sslmode=verify-full&passfile=/etc/pass&ledger=town"
keys = "pkcs11:token=our%20token;object=town?module-path=/usr/lib/module.so&pin-source=env:PIN"
"""


def told(home: Path, text: str) -> Path:
    (home / "rekenschap.toml").write_text(text, encoding="utf-8")
    return home


def test_without_settings_everything_is_in_the_house(tmp_path: Path):
    config = read_config(tmp_path)
    assert config.store == DirectoryAt(path=tmp_path / "ledger")
    assert config.anchor == DirectoryAt(path=tmp_path / "ledger/anchor.db")
    assert config.keys == DirectoryAt(path=tmp_path / "keys")
    assert isinstance(open_store(config.store), DirectoryStore)
    assert isinstance(open_anchor(config), SqliteAnchor)
    assert isinstance(open_keys(config, wrapped=tmp_path / "keys", may_make=True), FileKeys)


def test_paths_are_those_of_the_house(tmp_path: Path):
    config = read_config(told(tmp_path, 'store = "there"\nanchor = "/elsewhere/anchor.db"\nkeys = "../keys"'))
    assert config.store == DirectoryAt(path=tmp_path / "there")
    assert config.anchor == DirectoryAt(path=Path("/elsewhere/anchor.db"))
    assert config.keys == DirectoryAt(path=tmp_path / "../keys")
    assert read_config(told(tmp_path, 'store = "there"')).anchor == DirectoryAt(
        path=tmp_path / "there/anchor.db"
    )


def test_addresses_are_read_whole(tmp_path: Path):
    config = read_config(told(tmp_path, FAR))
    assert config.store == BucketAt(
        bucket="our-bucket",
        prefix="a/ledger",
        endpoint="https://objects.example.nl",
        region="nl",
        key_id=Secret(reference="env:ID"),
        secret=Secret(reference="env:KEY"),
    )
    address = "postgresql://ledger@base.example.nl/anchors?sslmode=verify-full&passfile=%2Fetc%2Fpass"
    assert config.anchor == DatabaseAt(address=address, ledger="town")
    assert config.keys == TokenAt(
        module=Path("/usr/lib/module.so"),
        token="our token",  # noqa: S106 - its name
        pin=Secret(reference="env:PIN"),
        label="town",
    )


def test_a_socket_in_the_address_of_a_database_survives(tmp_path: Path):
    address = "postgresql://ledger@/anchors?host=%2Frun%2Fpostgresql&options=-c%20lock_timeout%3D1s"
    assert read_config(told(tmp_path, f'anchor = "{address}"')).anchor == DatabaseAt(address=address)


def test_each_address_opens_its_own_kind_of_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("ID", "KEY", "PIN"):
        monkeypatch.setenv(name, "an invented secret")
    config = read_config(told(tmp_path, FAR))
    assert isinstance(open_store(config.store), S3Store)
    assert isinstance(open_anchor(config), PostgresAnchor)
    with pytest.raises(KeysError, match="the PKCS#11 module that was named"):
        open_keys(config, wrapped=tmp_path / "keys", may_make=True).signers("origin")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "nl")
    near = 'store = "s3://our-bucket/ledger"\nanchor = "s3://our-bucket/anchor"'
    assert isinstance(open_anchor(read_config(told(tmp_path, near))), S3Anchor)


@pytest.mark.parametrize(
    "text",
    [
        'stores = "ledger"',
        "store = 3",
        'store = ""',
        "store = [",
        'store = "ftp://host/ledger"',
        'store = "postgresql://host/base"',
        'store = "s3://"',
        'store = "s3://Our_Bucket/x"\nanchor = "a"',
        'store = "s3://our-bucket/x"',
        'store = "s3://our-bucket/x?colour=red"\nanchor = "a"',
        'store = "s3://our-bucket/x?region=a&region=b"\nanchor = "a"',
        'store = "s3://our-bucket/x?endpoint=host"\nanchor = "a"',
        'store = "s3://our-bucket/x?key-id=env:ID"\nanchor = "a"',
        'store = "s3://our-bucket/x?key-id=env:ID&secret=hunter2"\nanchor = "a"',
        'store = "s3://our-bucket/x?endpoint=https://me:hunter2@host"\nanchor = "a"',
        'store = "s3://our-bucket/x"\nanchor = "s3://our-bucket/x"',
        'store = "s3://our-bucket/x"\nanchor = "s3://our-bucket/x/anchor"',
        'store = "s3://our-bucket"\nanchor = "s3://our-bucket/anchor"',
        'store = "s3://our-bucket/x/y"\nanchor = "s3://our-bucket/x"',
        'anchor = "postgresql://ledger:hunter2@host/base"',
        'anchor = "postgresql://host/base?password=hunter2"',
        'anchor = "postgresql://[host/base"',
        'keys = "pkcs11:token=a?module-path=/m.so"',
        'keys = "pkcs11:token=a?module-path=/m.so&pin-value=hunter2"',
        'keys = "pkcs11:token=a?module-path=/m.so&pin-source=hunter2"',
        'keys = "pkcs11:token=a?module-path=/m.so&pin-source=file:relative"',
        'keys = "pkcs11:?module-path=/m.so&pin-source=env:PIN"',
        'keys = "s3://our-bucket/keys"',
    ],
)
def test_what_does_not_say_what_it_must_is_one_sentence(tmp_path: Path, text: str):
    with pytest.raises(ConfigurationError) as trouble:
        read_config(told(tmp_path, text))
    assert "hunter2" not in f"{trouble.value}{trouble.value.__cause__}"


def test_two_prefixes_that_begin_alike_are_apart(tmp_path: Path):
    read_config(told(tmp_path, 'store = "s3://our-bucket/town"\nanchor = "s3://our-bucket/town-anchor"'))


def test_a_file_that_is_no_text_is_one_sentence(tmp_path: Path):
    (tmp_path / "rekenschap.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_config(tmp_path)


def test_a_secret_is_read_when_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "pin"
    inside, outside = Secret(reference=f"file:{path}"), Secret(reference="env:OUR_PIN")
    for secret in (inside, outside):
        with pytest.raises(ConfigurationError, match="put it there"):
            secret.value()
    path.touch(mode=0o600)
    with pytest.raises(ConfigurationError, match="put it there"):
        inside.value()
    path.write_text("an invented PIN\n", encoding="utf-8")
    monkeypatch.setenv("OUR_PIN", "another")
    assert (inside.value(), outside.value()) == ("an invented PIN", "another")
    assert "invented" not in repr(inside)


@pytest.mark.parametrize("mode", [0o644, 0o602])
def test_a_secret_that_everybody_can_reach_is_refused(tmp_path: Path, mode: int):
    path = tmp_path / "pin"
    path.write_text("an invented PIN\n", encoding="utf-8")
    path.chmod(mode)
    with pytest.raises(ConfigurationError, match="closed to others") as trouble:
        Secret(reference=f"file:{path}").value()
    assert "invented" not in str(trouble.value)


def test_a_place_whose_extra_is_not_there_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "rekenschap.adapters.anchors.postgres", None)
    config = read_config(told(tmp_path, 'anchor = "postgresql://host/base"'))
    with pytest.raises(ConfigurationError, match=r"install rekenschap\[postgres\]"):
        open_anchor(config)
