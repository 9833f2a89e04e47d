# SPDX-License-Identifier: EUPL-1.2
"""The page on syslog as written, with a real rsyslogd under the configuration we ship."""

import json
import ssl
from contextlib import suppress

import pytest

from tests.journeys import pages
from tests.servers import rsyslog

BSN = "999990019"
LOOK = (
    '<134>1 2026-03-02T09:15:00.5+01:00 brp1 balie 42 LOOK [consultation@32473 staff="m.devries"'
    f' subject="{BSN}"'
    ' register="BRP" fields="a\\"b\\]c\\\\d"][origin ip="192.0.2.1"] '
).encode()
LOGIN = b"<38>Mar  2 09:15:00 srv1 sshd[99]: Accepted publickey for m.devries from 192.0.2.7 port 51 ssh2: x"

pytestmark = pytest.mark.skipif(bool(rsyslog.why_not()), reason=rsyslog.why_not() or "-")


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    """What the server makes of messages of both kinds, some of them nasty."""
    with rsyslog.running(tmp_path_factory.mktemp("rsyslog")) as server:
        server.send(
            LOOK + b'\xef\xbb\xbfmet "aanhaling" en \\ en \xff en\nregel', LOOK[:60] + b"]]] half", b"<1"
        )
        server.send(LOGIN, tls=False)
        path = server.lines(4)
        yield path


def test_structured_data_and_odd_text_come_through(lines):
    read = [json.loads(line) for line in lines.read_text().splitlines()]
    (look,) = [line for line in read if "rfc5424-sd" in line]
    assert look["rfc5424-sd"]["consultation@32473"]["fields"] == 'a"b]c\\d'
    assert look["time"] == "2026-03-02T09:15:00.5+01:00"
    assert 'met "aanhaling" en \\ en' in look["text"] and "regel" in look["text"]
    assert len(read) == 4


def test_the_page_holds_as_written(lines, tmp_path):
    (tmp_path / "syslog.jsonl").write_bytes(lines.read_bytes())
    (block,) = pages.blocks("connect-syslog.md")
    code, said, wrong = pages.run(block, tmp_path)
    assert code == 0, wrong
    assert said.count("4 rows read, 1 new, 0 known already, 0 in quarantine") == 2, said
    assert BSN not in said + wrong


def test_who_has_no_certificate_does_not_get_in(tmp_path):
    with rsyslog.running(tmp_path) as server:
        trust = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
        with suppress(OSError), rsyslog.connected(server.tls_port, trust) as stream:
            for _ in range(200):
                stream.sendall(b"%d %s" % (len(LOOK), LOOK))
        server.send(LOOK, tls=False)
        assert server.lines(1).read_text().count("\n") == 1


def test_a_stop_and_a_start_lose_no_line(tmp_path):
    with rsyslog.running(tmp_path) as server:
        server.send(*[LOOK] * 500, tls=False)
        server.lines(1)
    with rsyslog.running(tmp_path) as server:
        assert server.lines(500).read_text().count("\n") == 500
