# SPDX-License-Identifier: EUPL-1.2
"""A pack comes from elsewhere: it is checked, tried on the town's own looks, added, and changed by hand."""

import shutil

import pytest

from rekenschap.audit.demo import Demo, run_demo
from tests.journeys.commands import rekenschap
from tests.unit.packs.packs import a_pack, a_rule_pack, change

BY = ("--by", "mw-0016", "--because", "eerder werk telt bij ons mee")


@pytest.fixture(scope="module")
def shown(tmp_path_factory) -> Demo:
    return run_demo(tmp_path_factory.mktemp("pack") / "demo", seed=1, told=lambda *_: None)


@pytest.fixture
def home(shown, tmp_path):
    """A house of its own for each test: packs change what it says."""
    return shutil.copytree(shown.directory / "house", tmp_path / "house")


def test_a_pack_that_is_tried_shows_what_it_would_explain_and_leaves_nothing(home, tmp_path):
    ran = rekenschap("pack", "try", a_pack(tmp_path / "pack"), "--home", home, "--json")
    told = ran.told
    assert ran.code == 0
    assert (told["name"], told["cases"] >= 3, told["looks"] > 50_000) == ("wide-contact", True, True)
    assert told["explained_share"]["after"] > told["explained_share"]["before"]
    assert told["newly_explained"] > 0
    assert [each["ground"] for each in told["grounds"]] == ["contact_wide"]
    assert told["findings"]["gone"] <= told["findings"]["before"]
    assert rekenschap("pack", "list", "--home", home, "--json").told == {"packs": []}


def test_a_signed_pack_is_added_counts_in_the_next_derivation_and_is_taken_away(home, tmp_path):
    pack, key = a_pack(tmp_path / "pack"), tmp_path / "author.key"
    assert rekenschap("keys", "new", "veldhaven.example/author", "--out", key).code == 0
    assert rekenschap("pack", "sign", pack, "--key", key).code == 0
    public = ("--public-key", f"{key}.pub")
    assert (
        rekenschap("pack", "check", pack, *public, "--json").told["signed_by"] == "veldhaven.example/author"
    )
    unexplained = _unexplained(home)
    assert rekenschap("pack", "add", pack, "--home", home, *public, *BY).code == 0
    assert [each["name"] for each in rekenschap("pack", "list", "--home", home, "--json").told["packs"]] == [
        "wide-contact"
    ]
    assert _unexplained(home) < unexplained
    assert rekenschap("check", home).code == 0
    assert rekenschap("pack", "remove", "wide-contact", "--home", home, *BY).code == 0
    assert _unexplained(home) == unexplained


def _unexplained(home) -> int:
    assert rekenschap("derive", "--home", home).code == 0
    from rekenschap.audit.deriving import Derived

    derived = Derived.open(home)
    looks = derived.looks_between(derived.manifest.first_day, derived.manifest.last_day)
    return looks.column("explained").to_pylist().count(False)


def _change(pack) -> None:
    query = pack / "grounds" / "contact_wide" / "query.sql"
    query.write_text(query.read_text(encoding="utf-8") + "-- another line\n", encoding="utf-8")


@pytest.mark.parametrize("trick", ["change", "break", "take away", "put beside"])
def test_a_pack_that_is_changed_taken_away_or_put_there_by_hand_is_an_alarm(home, tmp_path, trick):
    assert rekenschap("pack", "add", a_pack(tmp_path / "pack"), "--unsigned", "--home", home, *BY).code == 0
    held = home / "packs" / "wide-contact"
    if trick == "change":
        _change(held)
    elif trick == "break":
        (held / "pack.toml").write_bytes(b"\xff no pack any more")
    elif trick == "take away":
        shutil.rmtree(held)
    else:
        a_pack(home / "packs" / "other-pack", name="other-pack")
    for command in (("check", home), ("derive", "--home", home), ("pack", "list", "--home", home)):
        ran = rekenschap(*command, "--language", "en")
        assert (ran.code, "pack" in ran.err) == (5, True), ran.err
        assert ran.err.strip().splitlines()[-1].startswith("rekenschap: expected ")
    if trick in ("break", "take away"):
        assert rekenschap("pack", "remove", "wide-contact", "--home", home, *BY).code == 0
        assert rekenschap("check", home).code == 0


@pytest.mark.parametrize(
    ("words", "code", "found"),
    [
        ((), 3, "public key"),
        (("--unsigned", "--because", "wij kennen 999990019"), 4, "without numbers of people"),
        (("--unsigned", "--by", " "), 4, "staff number"),
    ],
)
def test_a_pack_is_not_added_without_a_key_a_reason_or_a_name(home, tmp_path, words, code, found):
    given = [*BY, *words] if words else [*BY]
    ran = rekenschap("pack", "add", a_pack(tmp_path / "pack"), "--home", home, *given, "--language", "en")
    assert (ran.code, found in ran.err) == (code, True), ran.err
    assert "999990019" not in ran.err
    assert not (home / "packs").exists()


def test_a_pack_whose_case_does_not_come_out_is_refused(home, tmp_path):
    pack = a_pack(tmp_path / "pack")
    query = pack / "grounds" / "contact_wide" / "query.sql"
    query.write_text(query.read_text(encoding="utf-8").rstrip() + "\nLIMIT 0\n", encoding="utf-8")
    ran = rekenschap("pack", "check", pack, "--language", "en")
    assert ran.code == 4
    assert "case" in ran.err or "LIMIT" in ran.err


def test_a_rule_in_a_pack_shows_what_it_would_have_flagged_and_counts_once_it_is_added(home, tmp_path):
    from rekenschap.audit.answer import rules_in
    from rekenschap.audit.deriving import Derived
    from rekenschap.house import LedgerPlace

    pack = a_rule_pack(tmp_path / "pack")
    ran = rekenschap("pack", "try", pack, "--home", home, "--json")
    assert ran.code == 0, ran.err
    (told,) = ran.told["rules"]
    assert (told["rule"], told["times"] > 0, 0 < told["staff"] <= told["times"]) == ("name_bare", True, True)
    assert 0 < told["weeks"] <= ran.told["weeks"]
    assert ran.told["newly_explained"] == 0
    assert rekenschap("pack", "add", pack, "--unsigned", "--home", home, *BY).code == 0
    assert "name_bare" in {each.id for each in rules_in(home, LedgerPlace.of(home).ledger())}
    assert rekenschap("derive", "--home", home).code == 0
    found = {each.id: each.volume for each in Derived.open(home).rules}
    assert found["name_bare"] > 0, found


def test_a_rule_with_the_name_of_one_that_comes_along_is_refused(tmp_path):
    pack = a_rule_pack(tmp_path / "pack")
    (pack / "rules" / "name_bare").rename(pack / "rules" / "urgent_bulk")
    for path in [*sorted((pack / "rules").rglob("*.t*t")), pack / "rules" / "urgent_bulk" / "query.toml"]:
        if "name_bare" in path.read_text(encoding="utf-8"):
            change(path, "name_bare", "urgent_bulk")
    ran = rekenschap("pack", "check", pack, "--language", "en")
    assert (ran.code, "urgent_bulk" in ran.err) == (4, True), ran.err


def test_the_rules_of_a_house_are_written_as_sigma(home, tmp_path):
    import yaml

    assert (
        rekenschap("pack", "add", a_rule_pack(tmp_path / "pack"), "--unsigned", "--home", home, *BY).code == 0
    )
    out = tmp_path / "rules.yml"
    assert rekenschap("pack", "sigma", "--home", home, "--out", out).code == 0
    written = list(yaml.safe_load_all(out.read_text(encoding="utf-8")))
    selected = {each["detection"]["selection"].get("rule.id") for each in written}
    assert {"name_bare", "urgent_bulk", "unexplained_by_staff"} <= selected
    assert len({each["id"] for each in written}) == len(written)
