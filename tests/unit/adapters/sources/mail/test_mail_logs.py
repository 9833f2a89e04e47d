# SPDX-License-Identifier: EUPL-1.2
"""Logs of mail servers, as they come and as they should not come."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekenschap.adapters.sources import READERS
from rekenschap.adapters.sources.mail import Destinations, destinations_of
from rekenschap.errors import SourceError
from rekenschap.seams.source import Block, ReaderOptions

OURS = {
    "own_domains": "gemeente.example",
    "partner_domains": "waterschap.example",
    "countries": "gmail.com=US",
}
DAY = "2026-03-02T09:15:00+01:00 post postfix"


def read(tmp_path: Path, kind: str, text: str | bytes, **more: str) -> list[Block]:
    path = tmp_path / ("log.json" if kind == "m365-json" else "log")
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    options = ReaderOptions(settings=OURS | more)
    return list(READERS[kind.replace("-json", "-audit")].blocks(path, options))


def rows(blocks: list[Block]) -> list[dict[str, str | None]]:
    return [row for block in blocks for row in block.rows.to_pylist()]


def reasons(blocks: list[Block]) -> list[str]:
    return [broken.reason for block in blocks for broken in block.broken]


def sent(
    number: str, to: str, *, relay: str = "mx.example.org[192.0.2.1]:25", status: str = "sent (250 ok)"
) -> str:
    return f"{DAY}/smtp[9]: {number}: to=<{to}>, relay={relay}, delay=1, dsn=2.0.0, status={status}"


def begun(number: str, sender: str) -> str:
    return f"{DAY}/qmgr[8]: {number}: from=<{sender}>, size=48213, nrcpt=1 (queue active)"


@pytest.mark.parametrize(
    ("address", "kind", "country"),
    [
        ("a@gemeente.example", "internal", "NL"),
        ("a@sub.GEMEENTE.example", "internal", "NL"),
        ("a@notgemeente.example", "external", None),
        ("a@waterschap.example", "partner", None),
        ("a@firma.nl", "external", "NL"),
        ("a@firma.de", "abroad", "DE"),
        ("a@firma.co.uk", "abroad", "GB"),
        ("a@gmail.com", "abroad", "US"),
        ("a@example.org", "external", None),
        ("odd@@firma.be>", "abroad", "BE"),
        ("", "external", None),
    ],
)
def test_where_an_address_is(address: str, kind: str, country: str | None):
    where = destinations_of(OURS)
    assert (where.kind(address), where.country(address)) == (kind, country)
    assert Destinations().kind("a@firma.nl") == "external"


def test_messages_that_overlap_are_joined_by_their_number(tmp_path: Path):
    text = [begun("AAAAAA1", "x@gemeente.example"), begun("BBBBBB2", "y@gemeente.example")]
    text += [sent("BBBBBB2", "p@firma.de"), sent("AAAAAA1", "q@example.org")]
    found = rows(read(tmp_path, "postfix-log", "\n".join(text)))
    assert [(row["from"], row["to"]) for row in found] == [
        ("y@gemeente.example", "p@firma.de"),
        ("x@gemeente.example", "q@example.org"),
    ]


def test_who_sent_a_message_that_began_in_another_file_is_not_known(tmp_path: Path):
    (row,) = rows(read(tmp_path, "postfix-log", sent("AAAAAA1", "p@firma.de")))
    assert (row["from"], row["sender"]) == (None, "unknown")
    (row,) = rows(read(tmp_path, "postfix-log", begun("AAAAAA1", "") + "\n" + sent("AAAAAA1", "p@firma.de")))
    assert row["sender"] == "nobody"


def test_what_a_stranger_wrote_in_a_line_is_not_believed(tmp_path: Path):
    text = [
        begun("AAAAAA1", "x@gemeente.example"),
        f"{DAY}/cleanup[7]: AAAAAA1: message-id=<a, from=<evil@gemeente.example>, size=1>",
        f"{DAY}/smtpd[7]: NOQUEUE: reject: RCPT from x: to=<p@firma.de>, status=sent (x)",
        "2026-03-02T09:15:00+01:00 post other/smtp[9]: AAAAAA1: to=<p@firma.de>, status=sent (x)",
        sent("AAAAAA1", "p@firma.de"),
    ]
    found = rows(read(tmp_path, "postfix-log", "\n".join(text)))
    assert [(row["from"], row["size"]) for row in found] == [("x@gemeente.example", "48213")]


def test_mail_to_a_filter_on_the_same_machine_comes_back(tmp_path: Path):
    text = [
        begun("AAAAAA1", "x@gemeente.example"),
        sent("AAAAAA1", "p@firma.de", relay="127.0.0.1[127.0.0.1]:10025"),
    ]
    assert rows(read(tmp_path, "postfix-log", "\n".join(text)))[0]["hop"] == "filter"
    assert rows(read(tmp_path, "postfix-log", "\n".join(text), filter_ports="1"))[0]["hop"] == "onward"


@pytest.mark.parametrize(("month", "year"), [("Mar", "2026"), ("Dec", "2025")])
def test_an_old_time_gets_the_year_the_file_was_written(tmp_path: Path, month: str, year: str):
    old = sent("AAAAAA1", "p@firma.de").replace("2026-03-02T09:15:00+01:00", f"{month}  2 09:15:00")
    path = tmp_path / "mail.log"
    path.write_text(old)
    os.utime(path, (1772600000, 1772600000))  # 4 March 2026
    (block,) = READERS["postfix-log"].blocks(path, ReaderOptions())
    assert block.rows["time"].to_pylist()[0].startswith(year)


def test_lines_of_others_and_bad_bytes_stop_nothing(tmp_path: Path):
    text = b"\n".join([b"\xff\xfe nonsense", b"x", b"Mar", begun("AAAAAA1", "x@y.nl").encode(), b"\0"])
    blocks = read(tmp_path, "postfix-log", b"first\n" + text + b"\n" + sent("AAAAAA1", "p@firma.de").encode())
    assert len(rows(blocks)) == 1
    assert reasons(blocks) == ["text-unreadable"]


HEAD = "#Software: Exchange\n#Fields: date-time,event-id,recipient-address,total-bytes,sender-address\n"


def test_exchange_has_a_row_for_each_recipient_and_a_bad_row_breaks_alone(tmp_path: Path):
    good = "2026-03-02T08:15:00.123Z,SEND,p@firma.de;q@example.org,9,x@gemeente.example"
    blocks = read(tmp_path, "exchange-tracking", HEAD + good + "\nbad,row\n" + good + "\n")
    assert [row["to"] for row in rows(blocks)] == ["p@firma.de", "q@example.org"] * 2
    assert reasons(blocks) == ["wrong-number-of-columns"]
    assert [broken.line for block in blocks for broken in block.broken] == [4]


def test_a_message_trace_with_a_row_of_names_is_read_too(tmp_path: Path):
    (row,) = rows(
        read(tmp_path, "exchange-tracking", "SenderAddress,RecipientAddress\nx@gemeente.example,p@firma.de\n")
    )
    assert (row["sender"], row["destination_kind"], row["jurisdiction"]) == ("own", "abroad", "DE")


@pytest.mark.parametrize("text", ["#", "#Fields", "# no fields\n1,2\n", "#" + "x" * (2 << 20)])
def test_a_tracking_log_without_fields_is_refused_as_a_whole(tmp_path: Path, text: str):
    with pytest.raises(SourceError):
        read(tmp_path, "exchange-tracking", text)


def test_m365_reads_cells_and_lines_alike_and_a_bad_cell_breaks_alone(tmp_path: Path):
    event = {
        "Operation": "Send",
        "UserId": "x@gemeente.example",
        "Recipients": ["p@firma.de", "q@example.org"],
    }
    cell = json.dumps(event).replace('"', '""')
    blocks = read(tmp_path, "m365-audit", f'Operations,AuditData\nSend,"{cell}"\nSend,not json\nSend,[]\n')
    assert [(row["to"], row["destination_kind"]) for row in rows(blocks)] == [
        ("p@firma.de", "abroad"),
        ("q@example.org", "external"),
    ]
    assert reasons(blocks) == ["json-unreadable", "json-no-object"]
    told = rows(read(tmp_path, "m365-json", json.dumps(event) + "\n"))
    assert [row["to"] for row in told] == ["p@firma.de", "q@example.org"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [begun("AAAAAA1", "x@y.nl"), sent("AAAAAA1", "p@q.de"), "to=<", ">, status=", "\n", "é"]
        )
    )
)
def test_any_log_of_postfix_is_read_or_passed_over(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str]
):
    for row in rows(read(tmp_path_factory.mktemp("any"), "postfix-log", "x\n" + "".join(pieces))):
        assert row["queue_id"]
