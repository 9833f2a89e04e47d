# SPDX-License-Identifier: EUPL-1.2
"""The pages on staff, rights, badges, zaken and Suwinet, run as written against real servers."""

import json
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from rekenschap.intake import load_profile
from tests.journeys import pages
from tests.servers import ldap

BEARER = "of-the-test"
STAFF, ZAKEN = "connect-staff-and-rights.md", "connect-zaken-and-suwinet.md"


def done(block, folder, **environment):
    """Run a block that must go well; gives what it said."""
    code, out, err = pages.run(block, folder, **environment)
    assert code == 0, (out, err)
    return out


def example(name, folder, as_file):
    (folder / as_file).write_text(load_profile(name).example.text, encoding="utf-8")


def block_with(page, words):
    (found,) = [block for block in pages.blocks(page) if words in block]
    return found


def test_the_personnel_administration_and_badges(tmp_path):
    example("staff-table", tmp_path, "personeel.csv")
    example("badge-table", tmp_path, "passen.csv")
    assert "2 new" in done(block_with(STAFF, "staff-table"), tmp_path)
    assert "2 new" in done(block_with(STAFF, "badge-table"), tmp_path)


@pytest.mark.skipif(bool(ldap.why_not()), reason=ldap.why_not() or "-")
def test_a_real_directory_gives_staff_and_rights(tmp_path):
    with ldap.running(tmp_path / "slapd") as address:
        said = done(block_with(STAFF, "staff-ldap"), tmp_path, LDAP=address)
    assert "3 rows read, 4 new, 0 known already, 0 in quarantine" in said, said


@pytest.fixture
def scim(tmp_path):
    """The reference server of scim2-models on a port of ours."""
    pytest.importorskip("scim2_server")
    port = ldap.free_port()
    server = subprocess.Popen(
        [Path(sys.executable).parent / "scim2-server", "--port", str(port), "--bearer-token", BEARER],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/v2"
    try:
        yield address
    finally:
        server.terminate()
        server.wait(10)


def post(address, body):
    """Give the server something to hold; waits until it is up."""
    asked = urllib.request.Request(  # noqa: S310  our own server
        address,
        json.dumps(body).encode(),
        {"Content-Type": "application/scim+json", "Authorization": f"Bearer {BEARER}"},
    )
    for _ in range(200):
        try:
            with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310
                return json.load(answer)
        except (ConnectionError, urllib.error.URLError):
            time.sleep(0.1)
    raise RuntimeError("the SCIM server did not start")


def test_a_real_scim_server_gives_staff_and_rights(tmp_path, scim):
    core, enterprise = (
        "urn:ietf:params:scim:schemas:core:2.0:",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    )
    post(
        f"{scim}/Users",
        {
            "schemas": [f"{core}User", enterprise],
            "userName": "m.devries",
            "title": "consulent",
            "userType": "Contractor",
            "entitlements": [{"value": "suwinet-inkijk"}],
            enterprise: {"department": "Burgerzaken"},
        },
    )
    said = done(block_with(STAFF, "staff-scim"), tmp_path, SCIM=scim, TOKEN=BEARER)
    assert "0 in quarantine" in said, said
    # The groups of a user are for the server to fill in, and this one does not: staff and the entitlement.
    assert "1 rows read, 2 new" in said, said


class Pages(BaseHTTPRequestHandler):
    """Answers as the Zaken API does: pages, and 404 after the last."""

    def do_GET(self):
        asked = urlsplit(self.path)
        page = int(parse_qs(asked.query)["page"][0])
        known = asked.path == "/zaken/api/v1/zaken" and self.headers["Authorization"] == f"Bearer {BEARER}"
        zaak = (
            load_profile("zgw-zaken")
            .example.text.replace("0000000001", f"{page:010}")
            .replace("51c2", f"st{page}")
        )
        self.send_response(200 if known and page <= 3 else 404)
        self.end_headers()
        self.wfile.write(" ".join(zaak.split()).encode() if page <= 3 else b"{}")

    def log_message(self, *_):
        """Stay silent."""


def test_zaken_come_page_by_page(tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/zaken/api/v1"
    try:
        said = done(block_with(ZAKEN, "zgw-zaken"), tmp_path, ZAKEN=address, TOKEN=BEARER)
    finally:
        server.shutdown()
        server.server_close()
    assert "3 rows read, 12 new, 0 known already, 0 in quarantine" in said, said


def test_a_suwinet_report_is_tried_and_taken_in(tmp_path):
    example("suwinet-specific", tmp_path, "suwinet.csv")
    said = done(block_with(ZAKEN, "suwinet-specific"), tmp_path)
    assert "staff 1" in said and "2 new" in said
    assert "999990019" not in said
