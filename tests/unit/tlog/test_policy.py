# SPDX-License-Identifier: EUPL-1.2
"""The witness policy: the grammar of C2SP tlog-policy to the letter, and what is enough."""

from itertools import chain, combinations

import pytest

from rekenschap.adapters.keys.signatures import verifier_of
from rekenschap.errors import ConfigurationError, WrongSignatureError
from rekenschap.tlog.note import KnownSignature, Note, sign_text
from rekenschap.tlog.policy import MAX_DEFINED, Policy, open_under
from tests.witnessing import LOG, STRANGER, Signers, Tree

LOG_KEYS = Tree().keys.verifier_texts(LOG)
W = {name: Signers(name=f"witness.example/{name}") for name in ("X1", "X2", "X3", "Y1", "Y2", "Y3")}
ED = {name: signers.pairs[0].key for name, signers in W.items()}

EXAMPLE = "".join(
    (
        f"log {LOG_KEYS[0]}\n\n",
        *(f"witness {name} {ED[name].to_text()}\n" for name in ("X1", "X2", "X3")),
        "group X-witnesses 2 X1 X2 X3\n\n",
        *(f"witness {name} {ED[name].to_text()} https://{name}.example/\n" for name in ("Y1", "Y2", "Y3")),
        "group Y-witnesses any Y1 Y2 Y3\n\n",
        "group X-and-Y all X-witnesses Y-witnesses\n",
        "quorum X-and-Y\n",
    )
)


def policy(text: str) -> Policy:
    return Policy.from_bytes(text.encode())


def signed(*names: str) -> list[KnownSignature]:
    return [KnownSignature(name=ED[n].name, key_id=ED[n].key_id, kind=ED[n].kind, timestamp=1) for n in names]


def test_the_example_of_the_specification_counts_as_it_says():
    read = policy(EXAMPLE)
    for some in chain.from_iterable(combinations(ED, count) for count in range(7)):
        enough = sum(name[0] == "X" for name in some) >= 2 and any(name[0] == "Y" for name in some)
        assert read.satisfied_by(signed(*some)) is enough
        assert read.missing(signed(*some)) == tuple(name for name in ED if name not in some)


def test_a_policy_written_and_read_again_is_the_same():
    read = policy(EXAMPLE)
    assert Policy.from_bytes(read.to_bytes()) == read
    assert read.witnesses[3].url == "https://Y1.example/"
    assert (read.groups[1].threshold, read.groups[2].threshold) == (1, 2)


def test_without_a_quorum_nothing_is_asked():
    assert policy("quorum none\n").satisfied_by([])
    assert policy(f"witness a {ED['X1'].to_text()}\nquorum none\n").satisfied_by([])


def test_one_witness_can_be_the_quorum():
    read = policy(f"witness a {ED['X1'].to_text()}\nquorum a\n")
    assert read.satisfied_by(signed("X1"))
    assert not read.satisfied_by(signed("X2"))
    assert not read.satisfied_by([])


def test_the_log_itself_is_no_witness():
    """Its ML-DSA signature has the form of a cosignature."""
    with pytest.raises(ConfigurationError, match="once"):
        policy(f"log {LOG_KEYS[1]}\nwitness a {LOG_KEYS[1]}\nquorum a\n")


def test_blanks_tabs_comments_and_other_octets_are_read_as_the_specification_says():
    key = ED["X1"].to_text()
    text = (
        b"\t # a comment \xff\xe9\n\n \t\n\twitness  \xe9\xe9n \t"
        + key.encode()
        + b" \n  quorum\t\xe9\xe9n \n"
    )
    read = Policy.from_bytes(text)
    assert read.satisfied_by(signed("X1"))
    assert b"witness \xe9\xe9n " in read.to_bytes()
    assert Policy.from_bytes(read.to_bytes()) == read
    # The Kelvin sign is not the letter K, whatever a reader of Unicode makes of it.
    with pytest.raises(ConfigurationError):
        policy(f"witness K {key}\nquorum \u212a\n")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "newline"),
        ("# nothing\n", "exactly one quorum"),
        ("quorum none\nquorum none\n", "exactly one quorum"),
        ("quorum none", "newline"),
        ("quorum\n", "line 1"),
        ("quorum a\n", "defined above"),
        ("quorum none extra\n", "line 1"),
        ("witness a\nquorum a\n", "line 1"),
        ("witness a nonsense\nquorum a\n", "verifier key"),
        (f"witness none {ED['X1'].to_text()}\nquorum none\n", "none not at all"),
        (f"witness a {ED['X1'].to_text()}\nwitness a {ED['X2'].to_text()}\nquorum a\n", "defined once"),
        (f"witness a {ED['X1'].to_text()}\nwitness b {ED['X1'].to_text()}\nquorum a\n", "public key once"),
        (f"witness a {ED['X1'].to_text()} http://a b\nquorum a\n", "line 1"),
        (f"witness a {LOG_KEYS[0]}\nquorum a\n", "type 4 or 6"),
        (f"log {ED['X1'].to_text()}\nquorum none\n", "type 1 or 6"),
        (f"log {LOG_KEYS[0]}\nlog {LOG_KEYS[0]}\nquorum none\n", "public key once"),
        (f"witness a {ED['X1'].to_text()}\ngroup g any b\nquorum g\n", "defined on lines above"),
        (f"group g any a\nwitness a {ED['X1'].to_text()}\nquorum g\n", "defined on lines above"),
        (f"witness a {ED['X1'].to_text()}\ngroup g any g\nquorum g\n", "defined on lines above"),
        (f"witness a {ED['X1'].to_text()}\ngroup g any none\nquorum g\n", "member none"),
        (f"witness a {ED['X1'].to_text()}\ngroup g 2 a a\nquorum g\n", "no other group"),
        (f"witness a {ED['X1'].to_text()}\ngroup g 0 a\nquorum g\n", "threshold"),
        (f"witness a {ED['X1'].to_text()}\ngroup g 2 a\nquorum g\n", "threshold"),
        (f"witness a {ED['X1'].to_text()}\ngroup g 01 a\nquorum g\n", "any, all or a number"),
        (f"witness a {ED['X1'].to_text()}\ngroup g some a\nquorum g\n", "any, all or a number"),
        (f"witness a {ED['X1'].to_text()}\ngroup g any\nquorum g\n", "line 2"),
        (f"witness a {ED['X1'].to_text()}\nquorum g\ngroup g any a\n", "defined above"),
        (
            f"witness a {ED['X1'].to_text()}\ngroup g any a\ngroup h any a\nquorum g\n",
            "no other group",
        ),
        ("quorum none\r\n", "control"),
        ("quorum none\x7f\n", "control"),
        ("sometimes\n", "begins with"),
    ],
)
def test_a_policy_that_breaks_the_grammar_is_refused(text, why):
    with pytest.raises(ConfigurationError, match=why):
        policy(text)


def test_a_group_of_a_name_that_comes_later_is_refused_also_when_made_in_code():
    from rekenschap.tlog.policy import Group, KnownWitness

    with pytest.raises(ConfigurationError):
        Policy(groups=(Group(name="g", threshold=1, members=("a",)),), quorum="g")
    with pytest.raises(ConfigurationError):
        Policy(witnesses=(KnownWitness(name="two words", key=ED["X1"]),))


def test_as_many_as_the_specification_asks_are_read():
    lines = [
        f"witness w{i} {Signers(name=f'w{i}').pairs[0].key.to_text()}\ngroup g{i} any w{i}\n"
        for i in range(40)
    ]
    read = policy("".join(lines) + "quorum g39\n")
    assert len(read.witnesses) == 40
    assert MAX_DEFINED >= 32


def noted(tree: Tree, *witnesses: str) -> bytes:
    note = Note.from_bytes(tree.note)
    return note.with_signatures(
        sign_text(note.text, W[n].pairs[0], 1_700_000_000) for n in witnesses
    ).to_bytes()


def opened(raw: bytes, text: str = EXAMPLE):
    return open_under(raw, policy(text), verifier_of=lambda key: verifier_of(key.to_text()))


def test_a_checkpoint_is_believed_with_the_log_and_the_quorum():
    tree = Tree().grow(5)
    checkpoint, held = opened(noted(tree, "X1", "X3", "Y2"))
    assert checkpoint == tree.checkpoint
    assert [each.timestamp for each in held] == [0, 1_700_000_000, 1_700_000_000, 1_700_000_000]


@pytest.mark.parametrize("some", [(), ("X1", "X2"), ("X1", "Y1"), ("X1", "Y1", "Y2", "Y3")])
def test_a_checkpoint_without_the_quorum_is_not_believed(some):
    with pytest.raises(WrongSignatureError, match="quorum X-and-Y over the checkpoint of size 5"):
        opened(noted(Tree().grow(5), *some))


def test_witnesses_alone_make_no_checkpoint():
    tree = Tree(keys=STRANGER).grow(5)
    with pytest.raises(WrongSignatureError):
        opened(noted(tree, "X1", "X2", "Y1"))


def test_a_cosignature_moved_from_another_checkpoint_is_refused():
    older, newer = (Note.from_bytes(noted(Tree().grow(n), "X1", "X2", "Y1")) for n in (5, 6))
    moved = Note(text=newer.text, signatures=(newer.signatures[0], *older.signatures[2:]))
    with pytest.raises(WrongSignatureError):
        opened(moved.to_bytes())


def test_a_policy_without_logs_takes_keys_from_elsewhere():
    text = EXAMPLE.replace(f"log {LOG_KEYS[0]}\n", "")
    raw = noted(Tree().grow(5), "X1", "X2", "Y1")
    with pytest.raises(WrongSignatureError):
        opened(raw, text)
    verifiers = Tree().verifiers()
    open_under(raw, policy(text), verifier_of=lambda key: verifier_of(key.to_text()), logs=verifiers)
    open_under(raw, policy(EXAMPLE), verifier_of=lambda key: verifier_of(key.to_text()), logs=verifiers)
