# SPDX-License-Identifier: EUPL-1.2
"""Where django-allauth asks us: who may come in, and what the claims of a provider say about a person."""

from __future__ import annotations

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rekenschap_web.people.models import Person
from rekenschap_web.signin.accounts.local import failed
from rekenschap_web.signin.actions import told_by_provider
from rekenschap_web.signin.provider.claims import fault_in, told_in


class AccountAdapter(DefaultAccountAdapter):
    """Accounts of our own are made by the operator, never by who comes along."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: see `rekenschap desk person`."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: object) -> Person | None:
        """Try a password, where this desk has accounts of its own; write down when guessing is stopped."""
        if not settings.DESK.local_accounts:
            return None
        person: Person | None = super().authenticate(request, **credentials)
        return person

    def authentication_failed(self, request: HttpRequest, **credentials: object) -> None:
        """Count what went wrong for a person we know."""
        super().authentication_failed(request, **credentials)
        failed(str(credentials.get("email", "")))

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        """Say that the account is locked, and whom to ask."""
        return render(request, "signin/locked.html", status=403)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """What the provider says about a person goes before what we knew; it says so at every sign-in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Let everybody in whom the provider of the configuration signs in."""
        return settings.DESK.oidc is not None

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Ask nothing more: the provider is the authority for who somebody is."""
        return True

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Write down what the provider says now; refuse what cannot be one person."""
        extra, oidc = sociallogin.account.extra_data, settings.DESK.oidc
        if oidc is None or fault_in(extra, oidc):
            raise ImmediateHttpResponse(
                render(request, "socialaccount/authentication_error.html", status=403)
            )
        told = told_in(extra, settings.DESK)
        sociallogin.account.extra_data = {}  # kept nowhere twice
        known = Person.objects.filter(sub=told.sub).first()
        other = Person.objects.filter(email__iexact=told.email).exclude(sub=told.sub).exists()
        if not told.email or other:
            raise ImmediateHttpResponse(render(request, "signin/no_one_person.html", status=403))
        person = told_by_provider(known or Person(password=make_password(None)), told)
        if sociallogin.is_existing:
            sociallogin.user = person
            sociallogin.account.save(update_fields=["extra_data"])
        else:
            sociallogin.connect(request, person)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Only accounts of our own have a second factor here; a provider asks for its own."""

    def encrypt(self, text: str) -> str:
        """Keep the secret of an app so that the database alone does not give it away."""
        return _fernet().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Read what `encrypt` kept."""
        return _fernet().decrypt(encrypted_text.encode("ascii")).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name this desk to the browser, by the address people know it under."""
        return {"id": settings.DESK.host, "name": f"Rekenschap {settings.DESK.organisation}"}


def _fernet() -> Fernet:
    """Derive the key for second factors from the key of the desk, which is no part of the database."""
    digest = hashlib.sha256(b"second factor" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
