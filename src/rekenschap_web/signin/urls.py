# SPDX-License-Identifier: EUPL-1.2
"""Addresses of signing in: our own names, and those of allauth that we use; its others do not exist here."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.urls import include, path

from rekenschap_web.settings.placed import PROVIDER
from rekenschap_web.signin import views

own = (
    [
        path("", views.home, name="home"),
        path("waar-ben-ik-ingelogd/", views.sessions, name="sessions"),
        path("waar-ben-ik-ingelogd/<int:number>/", views.end_session, name="end_session"),
        path("mensen/", views.people, name="people"),
        path("mensen/<int:number>/", views.person, name="person"),
        path("mensen/<int:number>/blokkeren/", views.lock, name="lock"),
    ],
    "signin",
)
urlpatterns = [
    path("", include(own)),
    path("inloggen/", account.login, name="account_login"),
    path("uitloggen/", account.logout, name="account_logout"),
    path("account-geblokkeerd/", account.account_inactive, name="account_inactive"),
    path("opnieuw-inloggen/", account.reauthenticate, name="account_reauthenticate"),
    path("wachtwoord/", views.password, name="account_change_password"),
    path(
        "wachtwoord-kiezen/<str:uidb36>/<str:key>/",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "wachtwoord-gekozen/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("inloggen/mislukt/", social.login_error, name="socialaccount_login_error"),
    path("inloggen/afgebroken/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("inloggen/organisatie/", oidc.login, {"provider_id": PROVIDER}, name="openid_connect_login"),
    path(
        "inloggen/organisatie/terug/",
        oidc.callback,
        {"provider_id": PROVIDER},
        name="openid_connect_callback",
    ),
    path("inloggen/tweede-stap/", second.authenticate, name="mfa_authenticate"),
    path("inloggen/met-sleutel/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("opnieuw-inloggen/code/", second.reauthenticate, name="mfa_reauthenticate"),
    path("opnieuw-inloggen/sleutel/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("tweede-stap/", second.index, name="mfa_index"),
    path("tweede-stap/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("tweede-stap/app/weg/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("tweede-stap/sleutels/", passkey.list_webauthn, name="mfa_list_webauthn"),
    path("tweede-stap/sleutels/nieuw/", passkey.add_webauthn, name="mfa_add_webauthn"),
    path("tweede-stap/sleutels/<int:pk>/", passkey.edit_webauthn, name="mfa_edit_webauthn"),
    path("tweede-stap/sleutels/<int:pk>/weg/", passkey.remove_webauthn, name="mfa_remove_webauthn"),
    path("tweede-stap/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("tweede-stap/codes/nieuw/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
