# SPDX-License-Identifier: EUPL-1.2
"""Addresses of the account."""

from __future__ import annotations

from django.urls import path

from rekenschap_web.accountability import views

app_name = "accountability"
urlpatterns = [
    path("verantwoording/", views.overview, name="overview"),
    path("verantwoording/maken/", views.make, name="make"),
    path("verantwoording/<str:name>/", views.month, name="month"),
    path("verantwoording/<str:name>/aftekenen/", views.sign, name="sign"),
    path("verantwoording/<str:name>/steekproef/", views.sample, name="sample"),
    path("verantwoording/<str:name>/steekproef/<int:place>/", views.judge, name="judge"),
    path("verantwoording/<str:name>/personen/", views.people, name="people"),
    path("dekking/", views.coverage, name="coverage"),
    path("regels/", views.rules, name="rules"),
    path("regels/<str:name>/", views.rule, name="rule"),
]
