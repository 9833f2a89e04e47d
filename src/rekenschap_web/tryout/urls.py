# SPDX-License-Identifier: EUPL-1.2
"""Addresses of the try-out: OpenID Connect as allauth does it, and one page to sign in."""

from __future__ import annotations

from allauth.account.views import account_inactive, login, logout, reauthenticate
from django.urls import include, path

from rekenschap_web.tryout import views

urlpatterns = [
    path("", views.home, name="home"),
    path("wie/", login, name="account_login"),
    path("uit/", logout, name="account_logout"),
    path("opnieuw/", reauthenticate, name="account_reauthenticate"),
    path("geblokkeerd/", account_inactive, name="account_inactive"),
    path("identity/o/authorize", views.authorize),
    path("", include("allauth.idp.urls")),
]
