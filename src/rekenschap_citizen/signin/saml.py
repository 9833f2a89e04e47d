# SPDX-License-Identifier: EUPL-1.2
"""DigiD itself signs citizens in: SAML 2.0 with the artifact binding, by django-digid-eherkenning.

Of that library only the client is used: its tables, accounts and pages are not, for nothing of a citizen is
kept here. An answer counts only in the browser that asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from digid_eherkenning.saml2.base import BaseSaml2Client
from digid_eherkenning.utils import get_client_ip
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from onelogin.saml2 import artifact_resolve
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Words
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.ssl_adapter import SSLAdapter
from requests import PreparedRequest, RequestException, Response

from rekenschap.errors import StoreError
from rekenschap_citizen.place.by_saml import Saml
from rekenschap_citizen.place.clerk import drawer_of
from rekenschap_citizen.signin.levels import is_enough
from rekenschap_citizen.signin.sessions import begin

BSN = "s00000000"
"""How DigiD says that a number is a citizen service number."""
_PATIENCE = 20.0
_ASKED = "saml-asked"
_CLASSES: Mapping[str, str] = {
    "midden": "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract",
    "substantieel": "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard",
    "hoog": "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI",
}


class _Patient(SSLAdapter):
    """Asks DigiD, and waits no longer than a person would: the library itself waits for ever."""

    def send(self, request: PreparedRequest, **given: object) -> Response:
        """Send with an end to it."""
        answer: Response = super().send(request, **{**given, "timeout": _PATIENCE})
        return answer


artifact_resolve.SSLAdapter = _Patient


class _File:
    """A file as the library wants to be given one."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)

    def open(self, mode: str) -> IO[str]:
        """Open it to read."""
        return Path(self.path).open(mode, encoding="utf-8")


class _Asked:
    """Which question a browser asked: kept in its session, so that no other browser can bring the answer."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def store(self, number: str, address: str) -> None:
        """Keep the number of the question, and not from where it came."""
        del address
        self._request.session[_ASKED] = number

    def get(self, number: str) -> Mapping[str, str] | None:
        """Give what was kept of a question; None for one that this browser did not ask."""
        asked = self._request.session.pop(_ASKED, "")
        return {"client_ip_address": get_client_ip(self._request)} if asked and asked == number else None


class Client(BaseSaml2Client):
    """The client of one request."""

    def __init__(self, request: HttpRequest | None, saml: Saml) -> None:
        super().__init__()
        self._saml = saml
        if request is not None:
            self.authn_storage = _Asked(request)

    @property
    def conf(self) -> Mapping[str, object]:
        """Give what the library would otherwise read from its tables."""
        config = settings.CITIZEN
        return {
            "base_url": config.public_url.rstrip("/"), "acs_path": reverse("saml_back"),
            "entity_id": self._saml.entity_id, "service_entity_id": self._saml.provider,
            "metadata_file": _File(self._saml.metadata), "key_file": _File(self._saml.key),
            "cert_file": _File(self._saml.certificate), "service_name": config.organisation,
            "service_description": config.organisation,
            "requested_attributes": ["bsn"], "want_assertions_signed": True,
            "signature_algorithm": Words.RSA_SHA256, "digest_algorithm": Words.SHA256,
            "artifact_resolve_content_type": "text/xml",
        }  # fmt: skip

    def create_config(self, told: dict[str, dict[str, object]]) -> object:
        """Ask for the level that our settings want, or higher."""
        told["security"] |= {
            "wantAttributeStatement": False, "metadataValidUntil": "", "metadataCacheDuration": "",
            "requestedAuthnContextComparison": "minimum",
            "requestedAuthnContext": [_CLASSES[self._saml.at_least]],
        }  # fmt: skip
        return super().create_config(told)


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Lead to DigiD: one button, for without a script a form is not sent by itself."""
    saml = _saml()
    address, parameters = Client(request, saml).create_authn_request(
        request, return_to=reverse("page:home"), is_passive=False, set_nameid_policy=False
    )
    parts = urlsplit(address)
    context = {"address": address, "parameters": parameters, "name": saml.name}
    response = render(request, "citizen/to_digid.html", context)
    # the only page whose form goes elsewhere
    response._csp_update = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}  # type: ignore[attr-defined]
    return response


@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Fetch from DigiD who came back, and let in who is known surely enough."""
    saml = _saml()
    try:
        answer = Client(request, saml).artifact_resolve(request, request.GET.get("SAMLart", ""))
        kind, _, number = str(answer.get_nameid()).partition(":")
        levels = answer.get_authn_contexts()
    except (OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, RequestException, ValueError, LookupError,
            TypeError):  # fmt: skip
        return _refused(request, "refused")
    if kind != BSN or not number.isdecimal():
        return _refused(request, "refused")
    if not levels or not all(is_enough(each, saml.at_least) for each in levels):
        return _refused(request, "refused_level")
    try:
        begin(request, drawer_of(Path(settings.CITIZEN_PLACE), number))
    except (StoreError, OSError):
        return render(request, "citizen/silent.html", status=503)
    return redirect("page:looks")


@require_safe
def metadata(request: HttpRequest) -> HttpResponse:
    """Say who we are, as the connection form of DigiD asks."""
    return HttpResponse(_metadata(_saml()), content_type="application/samlmetadata+xml")


@lru_cache(maxsize=1)
def _metadata(saml: Saml) -> bytes:
    client = Client(None, saml)
    client.saml2_setting_kwargs = {"sp_validation_only": True}
    made: bytes | str = client.create_metadata()
    return made.encode() if isinstance(made, str) else made


def _saml() -> Saml:
    found = settings.CITIZEN.saml
    assert found is not None  # noqa: S101 - these addresses are there only with it
    return found


def _refused(request: HttpRequest, because: str) -> HttpResponse:
    request.session.flush()
    return render(request, "citizen/refused.html", {"because": because}, status=403)
