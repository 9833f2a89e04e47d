# SPDX-License-Identifier: EUPL-1.2
"""Timestamps of a real authority: `openssl ts` behind a small web server."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from rekenschap.adapters.stores import MemoryStore
from rekenschap.adapters.timestamps import Rfc3161Authority, timestamped_at
from rekenschap.adapters.timestamps.rfc3161 import roots_in
from rekenschap.errors import (
    ConfigurationError,
    ForkError,
    KeysError,
    StoreError,
    TimestampError,
    WrongSignatureError,
)
from rekenschap.house import right_now
from rekenschap.ledger.publishing import check_timestamps, keep_timestamp, size_stamped, timestamps_of
from tests.seams.test_witness import served_by
from tests.witnessing import Tree

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="expected openssl, found none")

TREE = Tree().grow(7)
TEXT = TREE.checkpoint.to_text()
_SETTINGS = """
[ts]
default_tsa = tsa
[tsa]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[signer]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
"""


@dataclass
class Office:
    """A timestamp authority of our own: its files, and how it answers a question."""

    path: Path

    @classmethod
    def opened(cls, path: Path) -> "Office":
        path.mkdir()
        office = cls(path)
        (path / "settings").write_text(_SETTINGS)
        (path / "serial").write_text("01\n")
        for name, issuer, part in (("root", "root", "ca"), ("tsa", "root", "signer")):
            office.run(
                "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", f"{name}.key"
            )
            office.run(
                "req", "-new", "-key", f"{name}.key", "-subj", f"/CN=invented {name}", "-out", "request"
            )
            own = ("-signkey", "root.key") if name == issuer else ("-CA", "root.pem", "-CAkey", "root.key")
            office.run(
                "x509", "-req", "-in", "request", *own, "-days", "30", "-set_serial", str(len(name)),
                "-extfile", "settings", "-extensions", part, "-out", f"{name}.pem",
            )  # fmt: skip
        return office

    def run(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.path, check=True, capture_output=True)

    def reply(self, query: bytes, *more: str) -> bytes:
        (self.path / "query").write_bytes(query)
        self.run(
            "ts", "-reply", "-config", "settings", "-section", "tsa", "-queryfile", "query",
            "-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "reply", *more,
        )  # fmt: skip
        return (self.path / "reply").read_bytes()

    @property
    def roots(self) -> tuple[x509.Certificate, ...]:
        return roots_in((self.path / "root.pem").read_bytes())

    def answers(self, method: str, path: str, body: bytes) -> tuple[int, str, bytes]:
        return 200, "application/timestamp-reply", self.reply(body)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office.opened(tmp_path_factory.mktemp("tsa") / "office")


@pytest.fixture
def authority(office: Office) -> Iterator[Rfc3161Authority]:
    with served_by(office.answers) as url:
        yield Rfc3161Authority(f"{url}/tsr")


def test_a_checkpoint_is_stamped_and_kept_and_proves_its_time(authority: Rfc3161Authority, office: Office):
    store = MemoryStore()
    name = keep_timestamp(store, TREE.note, authority)
    assert name == "timestamps/7-1.tsr"
    at = timestamped_at(store.get(name), TEXT, office.roots)
    assert at.tzinfo is not None
    assert abs(at - right_now()) < timedelta(minutes=2)
    assert keep_timestamp(store, TREE.note, authority) == "timestamps/7-2.tsr"
    assert timestamps_of(store, 7) == ["timestamps/7-1.tsr", "timestamps/7-2.tsr"]
    assert (size_stamped(name), size_stamped("timestamps/07-1.tsr")) == (7, None)


def test_openssl_agrees_with_us(authority: Rfc3161Authority, office: Office):
    (office.path / "ours").write_bytes(authority.stamp(TEXT.encode()))
    (office.path / "text").write_text(TEXT)
    office.run("ts", "-verify", "-in", "ours", "-data", "text", "-CAfile", "root.pem")


def test_a_timestamp_over_another_checkpoint_proves_nothing(authority: Rfc3161Authority, office: Office):
    tsr = authority.stamp(TEXT.encode())
    with pytest.raises(WrongSignatureError):
        timestamped_at(tsr, Tree().grow(8).checkpoint.to_text(), office.roots)


def test_a_timestamp_under_another_root_proves_nothing(authority: Rfc3161Authority, tmp_path: Path):
    tsr = authority.stamp(TEXT.encode())
    other = Office.opened(tmp_path / "other")
    with pytest.raises(WrongSignatureError):
        timestamped_at(tsr, TEXT, other.roots)
    with pytest.raises(KeysError):
        timestamped_at(tsr, TEXT, ())


def test_a_flipped_bit_in_a_timestamp_is_seen(authority: Rfc3161Authority, office: Office):
    """Some bits say nothing (an unsigned certificate field, say): then the time is the same."""
    tsr = authority.stamp(TEXT.encode())
    honest = timestamped_at(tsr, TEXT, office.roots)
    refused = 0
    for at in range(0, len(tsr), 7):
        changed = bytearray(tsr)
        changed[at] ^= 1
        try:
            assert timestamped_at(bytes(changed), TEXT, office.roots) == honest
        except WrongSignatureError:
            refused += 1
    assert refused > 0.9 * len(range(0, len(tsr), 7))


def changed_reply(office: Office, change: Callable[[bytes], tuple[int, str, bytes]]):
    return served_by(lambda _method, _path, body: change(body))


@pytest.mark.parametrize(
    ("status", "kind", "body", "retryable"),
    [
        (200, "text/plain", b"a page", False),
        (200, "application/timestamp-reply", b"no DER", False),
        (200, "application/timestamp-reply", b"", False),
        (200, "application/timestamp-reply", b"x" * 200_000, False),
        (302, "application/timestamp-reply", b"", False),
        (503, "text/plain", b"later", True),
    ],
)
def test_an_answer_that_is_no_reply_is_trouble(status, kind, body, retryable):
    with served_by(lambda *_: (status, kind, body)) as url:
        with pytest.raises(TimestampError, match=r"127\.0\.0\.1") as trouble:
            Rfc3161Authority(url).stamp(b"text")
        assert trouble.value.retryable is retryable


def test_a_reply_to_another_question_is_refused(authority: Rfc3161Authority):
    other = authority.stamp(b"another text")
    with (
        served_by(lambda *_: (200, "application/timestamp-reply", other)) as url,
        pytest.raises(TimestampError, match="another question"),
    ):
        Rfc3161Authority(url).stamp(TEXT.encode())


def test_a_refusal_is_told(office: Office):
    with (
        served_by(lambda *_: (200, "application/timestamp-reply", office.reply(b"no question"))) as url,
        pytest.raises(TimestampError, match="refuses, with status 2"),
    ):
        Rfc3161Authority(url).stamp(TEXT.encode())


def test_certificates_that_are_not_sorted_are_no_der_and_that_is_told(office: Office):
    """What `openssl ts` sends along with -chain: a set in the order of the file."""

    def answer(_method: str, _path: str, body: bytes) -> tuple[int, str, bytes]:
        return 200, "application/timestamp-reply", office.reply(body, "-chain", "root.pem")

    with served_by(answer) as url, pytest.raises(TimestampError, match="sorted"):
        Rfc3161Authority(url).stamp(TEXT.encode())


def test_an_authority_that_is_not_there_is_trouble_that_may_pass():
    with pytest.raises(TimestampError) as trouble:
        Rfc3161Authority("http://127.0.0.1:9/tsr", timeout=1).stamp(b"text")
    assert trouble.value.retryable


def test_nothing_is_kept_when_there_is_no_reply():
    store = MemoryStore()
    with pytest.raises(TimestampError):
        keep_timestamp(store, TREE.note, Rfc3161Authority("http://127.0.0.1:9/tsr", timeout=1))
    assert store.names() == []
    with pytest.raises(StoreError):
        store.get("timestamps/7-1.tsr")


@pytest.mark.parametrize("url", ["file:///x", "tsa.example", "http://u:p@tsa.example"])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(ConfigurationError):
        Rfc3161Authority(url)


def test_timestamps_are_held_against_the_tree(authority: Rfc3161Authority, office: Office):
    store, trees = MemoryStore(), [Tree().grow(size) for size in (0, 1, 5, 8)]
    for tree in trees:
        keep_timestamp(store, tree.note, authority)
    grown = trees[-1].grow(13)

    def checked(tree: Tree):
        return check_timestamps(
            store,
            ledger=tree.checkpoint,
            read=tree.read,
            stamped_at=lambda tsr, text: timestamped_at(tsr, text, office.roots),
        )

    assert [size for size, _ in checked(grown)] == [0, 1, 5, 8]
    with pytest.raises(ForkError, match=r"at least 8 entries.*one of 6"):
        checked(grown.cut(6))
    with pytest.raises(WrongSignatureError):
        checked(grown.cut(4).grow(30, "other"))
