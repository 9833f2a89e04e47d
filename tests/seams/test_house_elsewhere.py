# SPDX-License-Identifier: EUPL-1.2
"""A whole house whose ledger is in a bucket, whose anchor is in PostgreSQL and whose keys are in a token."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from rekenschap.adapters.buckets.s3 import Bucket
from rekenschap.adapters.keys.token import TokenPlace
from rekenschap.errors import AlarmError, KeysError
from rekenschap.house import House, LedgerPlace, check_house
from rekenschap.model.relations import CONSULTATION
from tests.ledgers import ORIGIN, facts
from tests.servers import s3


@pytest.fixture
def home(
    tmp_path: Path,
    bucket: Callable[[], Bucket],
    postgres_address: str,
    token: TokenPlace,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    held = bucket()
    monkeypatch.setenv("OUR_PIN", token.pin)
    account = ""
    if s3.is_ours(held):
        monkeypatch.setenv("OUR_KEY_ID", s3.ACCOUNT.key_id)
        monkeypatch.setenv("OUR_KEY", s3.ACCOUNT.secret)
        account = "&region=eu-west-1&key-id=env:OUR_KEY_ID&secret=env:OUR_KEY"
    endpoint = quote(held._client.meta.endpoint_url, safe="")
    module = f"{token.module}&pin-source=env:OUR_PIN"
    (tmp_path / "rekenschap.toml").write_text(
        f'store = "s3://{held._name}/{held._prefix}ledger?endpoint={endpoint}{account}"\n'
        f'anchor = "{postgres_address}&ledger={tmp_path.name}"\n'
        f'keys = "pkcs11:token={token.token};object={tmp_path.name}?module-path={module}"\n',
        encoding="utf-8",
    )
    return tmp_path


def test_a_ledger_elsewhere_is_founded_filled_and_checked(home: Path):
    House.at(home).ledger(origin=ORIGIN).append([(CONSULTATION, facts(seed=1))])
    with House.at(home).sequencer(background=False) as sequencer:
        sequencer.append(CONSULTATION, facts(seed=2))
    house = House.at(home)
    assert check_house(house).size == house.ledger(origin=ORIGIN).size
    assert house.ledger(origin=ORIGIN).facts("consultation").table.num_rows == 40
    assert sorted(path.name for path in (home / "keys").iterdir()) == [
        "pseudonym-first.wrapped", "sealing.wrapped", "signing-ml-dsa-44-1.wrapped"
    ]  # fmt: skip
    assert not (home / "ledger/ledger.json").exists()


def test_a_bucket_that_was_rolled_back_is_an_alarm(home: Path):
    house = House.at(home)
    ledger = house.ledger(origin=ORIGIN)
    ledger.append([(CONSULTATION, facts(seed=1))])
    store = LedgerPlace.of(home).store
    before = {name: store.get(name) for name in store.names()}
    ledger.append([(CONSULTATION, facts(seed=2))])
    for name in store.names():
        store.remove(name)
    for name, blob in before.items():
        store.put(name, blob)
    with pytest.raises(AlarmError):
        check_house(house)


def test_a_house_without_its_token_makes_no_new_keys(home: Path):
    House.at(home).ledger(origin=ORIGIN)
    settings = home / "rekenschap.toml"
    settings.write_text(settings.read_text().replace(f"object={home.name}", "object=another"))
    with pytest.raises(KeysError, match="restore it"):
        House.at(home).ledger(origin=ORIGIN).append([(CONSULTATION, facts(seed=1))])
