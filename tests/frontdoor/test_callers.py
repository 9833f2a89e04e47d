# SPDX-License-Identifier: EUPL-1.2
"""Who may send: sources by their certificates, each for its own systems, as often and as much as it may."""

import http.client
import shutil
import ssl
import time
from collections import Counter
from pathlib import Path

import grpc
import pytest
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcSpans
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpSpans
from opentelemetry.sdk.trace.export import SpanExportResult

from tests.frontdoor.authority import Authority, Pair
from tests.frontdoor.looks import in_protobuf, spans
from tests.frontdoor.service import Service
from tests.journeys.commands import rekenschap

HEADERS = {"content-type": "application/x-protobuf"}


class Town:
    """A house with two sources, and what each shows."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "house"
        self.home.mkdir()
        self.authority = Authority(folder / "ca")
        self.server = self.authority.pair("server")
        self.desk, self.desk_next = self.authority.pair("desk"), self.authority.pair("desk-next")
        self.taxes, self.stranger = self.authority.pair("taxes"), self.authority.pair("stranger")

    def write(self, *desks: Pair, more: str = "") -> None:
        fingerprints = ", ".join(f'"{each.fingerprint}"' for each in desks)
        (self.home / "sources.toml").write_text(f"""
[tls]
certificate = "{self.server.certificate}"
key = "{self.server.key}"
client_ca = "{self.authority.certificate}"

[[source]]
name = "desk"
systems = ["balie", "balie-oud"]
certificates = [{fingerprints}]
{more}

[[source]]
name = "taxes"
systems = ["belastingen"]
certificates = ["{self.taxes.fingerprint.upper()}"]
requests_per_second = 2
largest_request = 4000
""")

    def post(self, service: Service, shown: Pair | None, body: bytes) -> tuple[int, dict[str, str], bytes]:
        context = ssl.create_default_context(cafile=self.authority.certificate)
        if shown is not None:
            context.load_cert_chain(shown.certificate, shown.key)
        line = http.client.HTTPSConnection("localhost", service.port, timeout=30, context=context)
        line.request("POST", "/v1/traces", body=body, headers=HEADERS)
        answer = line.getresponse()
        content, headers = answer.read(), {k.lower(): v for k, v in answer.getheaders()}
        line.close()
        return answer.status, headers, content


@pytest.fixture
def town(tmp_path):
    return Town(tmp_path)


@pytest.mark.slow
def test_a_source_is_known_by_its_certificate_and_speaks_for_its_own_systems_only(town):
    town.write(town.desk)
    with Service(town.home) as service:
        assert town.post(service, town.desk, in_protobuf(["K-1", "K-2"]))[0] == 200
        assert town.post(service, town.desk, in_protobuf(["K-3"], system="balie-oud"))[0] == 200
        assert town.post(service, town.taxes, in_protobuf(["K-4"], system="belastingen"))[0] == 200
        # Together with what is its own: nothing good is taken along.
        foreign = in_protobuf(["K-5", "K-6"], system="belastingen") + in_protobuf(["K-7"])
        assert town.post(service, town.desk, foreign)[0] == 200
        assert town.post(service, None, in_protobuf(["K-8"]))[0] == 401
        assert town.post(service, town.stranger, in_protobuf(["K-9"]))[0] == 403
        with pytest.raises((OSError, http.client.HTTPException)):
            line = http.client.HTTPConnection("localhost", service.port, timeout=10)
            line.request("POST", "/v1/traces", body=in_protobuf(["K-10"]), headers=HEADERS)
            line.getresponse()
        assert service.stop() == 0
        assert service.originals() == Counter(["K-1", "K-2", "K-3", "K-4", "K-7"])
        assert service.quarantine() == {"not-its-own": 2}
        assert "K-" not in service.said


@pytest.mark.slow
def test_the_exporters_of_opentelemetry_show_their_certificate(town):
    town.write(town.desk)
    with Service(town.home) as service:
        over_http = HttpSpans(
            endpoint=f"https://localhost:{service.port}/v1/traces",
            certificate_file=str(town.authority.certificate),
            client_certificate_file=str(town.desk.certificate),
            client_key_file=str(town.desk.key),
        )
        assert over_http.export(spans(["K-1", "K-2"])) is SpanExportResult.SUCCESS
        over_grpc = GrpcSpans(
            endpoint=f"https://localhost:{service.grpc_port}", credentials=_shown(town, town.desk)
        )
        assert over_grpc.export(spans(["K-3"])) is SpanExportResult.SUCCESS
        stranger = GrpcSpans(
            endpoint=f"https://localhost:{service.grpc_port}",
            credentials=_shown(town, town.stranger),
            timeout=3,
        )
        assert stranger.export(spans(["K-4"])) is SpanExportResult.FAILURE
        nobody = grpc.ssl_channel_credentials(town.authority.certificate.read_bytes())
        with grpc.secure_channel(f"localhost:{service.grpc_port}", nobody) as channel:
            export = channel.unary_unary("/opentelemetry.proto.collector.trace.v1.TraceService/Export")
            with pytest.raises(grpc.RpcError):
                export(in_protobuf(["K-5"]), timeout=5)
        assert service.stop() == 0
        assert service.originals() == Counter(["K-1", "K-2", "K-3"])
        assert service.said == ""


@pytest.mark.slow
def test_a_certificate_is_changed_while_requests_come_in_and_none_is_lost(town):
    town.write(town.desk)
    with Service(town.home) as service:
        assert town.post(service, town.desk, in_protobuf(["K-1"]))[0] == 200
        assert town.post(service, town.desk_next, in_protobuf(["K-2"]))[0] == 403
        town.write(town.desk, town.desk_next)
        service.wait_until(lambda: "read again" in service.said)
        assert town.post(service, town.desk, in_protobuf(["K-3"]))[0] == 200
        assert town.post(service, town.desk_next, in_protobuf(["K-4"]))[0] == 200
        town.write(town.desk_next)
        service.wait_until(lambda: service.said.count("read again") == 2)
        assert town.post(service, town.desk, in_protobuf(["K-5"]))[0] == 403
        assert town.post(service, town.desk_next, in_protobuf(["K-6"]))[0] == 200
        # A file that cannot be used changes nothing; nor does one that is gone open the door.
        (town.home / "sources.toml").write_text("[[source]]\nname = 3\n")
        service.wait_until(lambda: "cannot be used" in service.said)
        assert town.post(service, town.desk_next, in_protobuf(["K-7"]))[0] == 200
        (town.home / "sources.toml").unlink()
        service.wait_until(lambda: service.said.count("cannot be used") == 2)
        assert town.post(service, None, in_protobuf(["K-8"]))[0] == 401
        assert town.post(service, town.desk_next, in_protobuf(["K-9"]))[0] == 200
        assert service.stop() == 0
        assert service.originals() == Counter(["K-1", "K-3", "K-4", "K-6", "K-7", "K-9"])


@pytest.mark.slow
def test_our_own_certificate_is_renewed_while_we_serve(town):
    town.write(town.desk)
    with Service(town.home) as service:
        before = ssl.get_server_certificate(("localhost", service.port))
        renewed = town.authority.pair("renewed")
        shutil.copy(renewed.key, town.server.key)
        shutil.copy(renewed.certificate, town.server.certificate)
        service.wait_until(lambda: ssl.get_server_certificate(("localhost", service.port)) != before)
        assert ssl.get_server_certificate(("localhost", service.port)) == renewed.certificate.read_text()
        rpc = ssl.get_server_certificate(("localhost", service.grpc_port))
        assert rpc.strip() == renewed.certificate.read_text().strip()
        assert town.post(service, town.desk, in_protobuf(["K-1"]))[0] == 200


@pytest.mark.slow
def test_a_source_that_sends_too_often_or_too_much_is_told(town):
    town.write(town.desk)
    with Service(town.home) as service:
        body = in_protobuf(["K-1"], system="belastingen")
        told = [town.post(service, town.taxes, body) for _ in range(6)]
        assert {status for status, _, _ in told} <= {200, 429}
        refused = [headers for status, headers, _ in told if status == 429]
        assert refused
        assert all(int(headers["retry-after"]) >= 1 for headers in refused)
        time.sleep(1.2)
        large = in_protobuf([f"K-{number}" for number in range(100)], system="belastingen")
        assert town.post(service, town.taxes, large)[0] == 413
        assert town.post(service, town.desk, large)[0] == 200  # whose records are not its own: quarantine


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda text: text.replace("[tls]", "[ssl]"), "only source, oauth, tls"),
        (lambda text: text.replace('systems = ["belastingen"]', ""), "systems of each source"),
        (lambda text: text.replace("requests_per_second = 2", "requests_per_second = -1"), "above 0"),
        (lambda text: text.replace('name = "taxes"', 'name = "desk"'), "another name for each source"),
        (lambda text: text.replace("largest_request = 4000", "largest_request = 4"), "1000 up to"),
        (lambda text: text + '\nclients = ["c1"]\n', "with the issuer"),
        (lambda text: "[[source]]\n" + text, "a name for each source"),
        (lambda text: text.replace("[tls]", "tls = "), "a file in TOML"),
    ],
)
def test_a_slip_in_sources_toml_is_told_in_one_sentence_before_any_door_is_open(town, spoil, words):
    town.write(town.desk)
    path = town.home / "sources.toml"
    path.write_text(spoil(path.read_text()))
    told = rekenschap("intake", "serve", "--home", town.home, "--port", 0, "--grpc-port", 0)
    assert told.code == 4
    assert words in told.err
    assert town.desk.fingerprint not in told.err


@pytest.mark.slow
def test_without_sources_only_programs_of_this_machine_are_heard(tmp_path):
    told = rekenschap("intake", "serve", "--home", tmp_path / "h", "--host", "0.0.0.0")  # noqa: S104
    assert told.code == 4
    assert "[tls]" in told.err
    # Nor does a file in which nobody has to show anything open the door to everybody.
    town = Town(tmp_path)
    town.write(town.desk)
    path = town.home / "sources.toml"
    before, _, _ = path.read_text().partition("[[source]]")
    path.write_text(before + '[[source]]\nname = "files"\nsystems = ["balie"]\nexpected = "every day"\n')
    told = rekenschap("intake", "serve", "--home", town.home, "--host", "0.0.0.0")  # noqa: S104
    assert told.code == 4
    assert "sources.toml" in told.err
    assert not (tmp_path / "h" / "inbox" / "cursor").exists()


def _shown(town: Town, pair: Pair) -> grpc.ChannelCredentials:
    return grpc.ssl_channel_credentials(
        town.authority.certificate.read_bytes(),
        private_key=pair.key.read_bytes(),
        certificate_chain=pair.certificate.read_bytes(),
    )
