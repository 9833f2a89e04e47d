# SPDX-License-Identifier: EUPL-1.2
"""All addresses of the citizen page; of allauth only those that a sign-in needs."""

from __future__ import annotations

from allauth.socialaccount.providers.openid_connect import views as oidc
from django.conf import settings
from django.urls import URLPattern, include, path

from rekenschap_citizen.page import register, views


def _sign_in() -> list[URLPattern]:
    """Give the addresses of who signs in: DigiD itself, or a broker; the library of the first is optional."""
    if settings.CITIZEN.saml is None:
        return [
            path("inloggen/", oidc.login, {"provider_id": "burger"}, name="openid_connect_login"),
            path("inloggen/terug/", oidc.callback, {"provider_id": "burger"}, name="openid_connect_callback"),
        ]
    from rekenschap_citizen.signin import saml

    return [
        path("inloggen/", saml.ask, name="openid_connect_login"),
        path("inloggen/digid/terug/", saml.back, name="saml_back"),
        path("inloggen/digid/gegevens/", saml.metadata, name="saml_metadata"),
    ]


own = (
    [
        path("", views.home, name="home"),
        path("raadplegingen/", views.looks, name="looks"),
        path("meenemen/<str:name>/", views.take, name="take"),
        path("brief/", views.letter, name="letter"),
        path("vraag/", views.ask, name="ask_any"),
        path("vraag/<str:reference>/", views.ask, name="ask"),
        path("mijn-vragen/", views.questions, name="questions"),
        path("register/", register.entries, name="register"),
        path("register/<path:key>/versie/<int:edition>/", register.activity, name="version"),
        path("register/<path:key>/", register.activity, name="activity"),
        path("uitleg/", views.about, name="about"),
        path("taal/", views.language, name="language"),
        path("uitloggen/", views.out, name="out"),
    ],
    "page",
)
urlpatterns = [
    path("", include(own)),
    path("machtigingen/", include("rekenschap_citizen.mandates.urls")),
    path("leeft/", views.alive, name="alive"),
    *_sign_in(),
    path("inloggen/mislukt/", views.not_in, name="socialaccount_login_error"),
    path("inloggen/afgebroken/", views.home, name="socialaccount_login_cancelled"),
    path("inloggen/hier/", views.home, name="account_login"),
    path("inloggen/nieuw/", views.home, name="account_signup"),
    path("inloggen/nieuw/elders/", views.home, name="socialaccount_signup"),
    path("inloggen/niet/", views.home, name="account_inactive"),
]
handler403 = "rekenschap_citizen.page.views.not_found"
handler404 = "rekenschap_citizen.page.views.not_found"
handler500 = "rekenschap_citizen.page.views.broken"
