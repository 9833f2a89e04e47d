# SPDX-License-Identifier: EUPL-1.2
"""Good input of every kind, about invented people: what the fuzzing begins with and puts around its own."""

from __future__ import annotations

import io
import json
import struct
import zipfile

import pyarrow as pa
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from tests.frontdoor.looks import in_json, in_protobuf

BSN = "999990019"
_WHO = f"Zwaantje-Zevenblad {BSN}"

TRACES = in_protobuf([_WHO, "K-2"])
TRACES_JSON = json.dumps(in_json([_WHO, "K-2"])).encode()


def _logs() -> ExportLogsServiceRequest:
    request = ExportLogsServiceRequest()
    resource = request.resource_logs.add()
    resource.resource.attributes.add(key="service.name").value.string_value = "balie"
    record = resource.scope_logs.add().log_records.add(time_unix_nano=1_772_439_300_000_000_000)
    record.body.string_value = _WHO
    for key, value in (("rekenschap.staff.id", "m.devries"), ("rekenschap.subject.id", _WHO)):
        record.attributes.add(key=key).value.string_value = value
    return request


LOGS = _logs().SerializeToString()
LOGS_JSON = json.dumps(
    {
        "resourceLogs": [
            {
                "scopeLogs": [
                    {
                        "logRecords": [
                            {
                                "timeUnixNano": "1772439300000000000",
                                "body": {"stringValue": _WHO},
                                "attributes": [
                                    {"key": "rekenschap.staff.id", "value": {"stringValue": "m.devries"}}
                                ],
                            }
                        ]
                    }
                ]
            }
        ]
    }
).encode()

_FACT = {
    "relation": "consultation",
    "source": "balie",
    "staff": "m.devries",
    "subject": _WHO,
    "looked_at": "2026-03-02T09:15:00Z",
    "register": "BRP",
}
FACTS_JSON = json.dumps({"facts": [_FACT, _FACT | {"zaak": "Z-1"}]}).encode()


def _arrow() -> bytes:
    target = io.BytesIO()
    table = pa.table({name: [value] for name, value in _FACT.items()})
    with pa.ipc.new_stream(target, table.schema) as stream:
        stream.write_table(table)
    return target.getvalue()


FACTS_ARROW = _arrow()

_EVENT = f"suser=m.devries duid={BSN} act=inzien cs1Label=Zaak cs1=Z-1 msg=Zwaantje-Zevenblad"
CEF = f"CEF:0|Voorbeeld|BRP|1.0|100|Persoon ingezien|3|rt=1772439300000 {_EVENT}".encode()
SYSLOG_CEF = b"<134>1 2026-03-02T09:15:00+01:00 fw1 dam - - - " + CEF
LEEF = f"LEEF:2.0|Voorbeeld|BRP|1.0|100|^|usrName=m.devries^identSrc={BSN}^note=Zwaantje-Zevenblad".encode()
SYSLOG = json.dumps(
    {"time": "2026-03-02T09:15:00+01:00", "host": "app1", "program": "balie", "text": f"look {_WHO}"}
).encode()

CSV = f"2026-03-02T09:01:00Z,m.devries,{BSN}\n2026-03-02T09:02:00Z,a.bakker,Zwaantje-Zevenblad".encode()
CSV_QUOTED = f'2026-03-02T09:01:00Z,"m, devries","{_WHO}\nand more"'.encode()

COPYBOOK = """
000100* LOG VAN RAADPLEGINGEN                                           LOGBOEK
000200 01  LOG-RECORD.                                                  LOGBOEK
000300     05  REC-TYPE           PIC X(2).                             LOGBOEK
           05  LOG-TIJD           PIC 9(14).
           05  GEBRUIKER          PIC X(8).
           05  BSN                PIC 9(9) COMP-3.
           05  BEDRAG             PIC S9(5)V99 COMP-3.
           05  AANTAL             PIC S9(4) COMP.
           05  VELDEN             PIC X(4) OCCURS 2 TIMES.
"""
RECORD = (
    "0120260302091500M.VRIES ".encode("cp037")
    + bytes.fromhex(f"{BSN}C")
    + bytes.fromhex("0012345D")
    + struct.pack(">h", -7)
    + "NAAMADR ".encode("cp037")
)

BOUNDARY = b"=_a_boundary_of_the_seeds_="


def mail_with(content: bytes) -> bytes:
    """Make a message with a good part, and one with any content."""
    head = b"From: m.devries@gemeente.example\r\nMIME-Version: 1.0\r\n"
    kind = b'Content-Type: multipart/mixed; boundary="' + BOUNDARY + b'"\r\n\r\n'
    good = b"--" + BOUNDARY + b"\r\nContent-Type: text/plain\r\n\r\nBSN " + BSN.encode() + b"\r\n"
    other = b"--" + BOUNDARY + b"\r\n" + content + b"\r\n--" + BOUNDARY + b"--\r\n"
    return head + kind + good + other


def _sheet() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst><si><t>{BSN}</t></si></sst>")
    return target.getvalue()


MAIL = f"Content-Type: text/html; charset=utf-8\r\n\r\n<p>{BSN}</p><p>Zwaantje-Zevenblad</p>".encode()
MAIL_WITH_SHEET = (
    b'Content-Type: application/octet-stream; name="a.xlsx"\r\nContent-Transfer-Encoding: binary\r\n\r\n'
    + _sheet()
)

OF_MAIL = {"own_domains": "gemeente.example", "countries": "gmail.com=US"}
_DAY = "2026-03-02T09:15:00+01:00 post postfix"
POSTFIX = (
    f"{_DAY}/qmgr[8]: AAAAAA1: from=<m.devries@gemeente.example>, size=48213, nrcpt=1 (queue active)\n"
    f"{_DAY}/smtp[9]: AAAAAA1: to=<zwaantje@firma.de>, relay=mx.example.org[192.0.2.1]:25, delay=1, "
    "dsn=2.0.0, status=sent (250 ok)\n"
    f"{_DAY}/qmgr[8]: AAAAAA1: removed\n"
).encode()
EXCHANGE = (
    b"#Software: Microsoft Exchange Server\n#Fields: date-time,event-id,recipient-address,message-id,"
    b"sender-address\n2026-03-02T08:15:00.123Z,SEND,p@firma.de;q@example.org,9,x@gemeente.example\n"
)
