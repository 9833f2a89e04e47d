# SPDX-License-Identifier: EUPL-1.2
"""Addresses of exports."""

from __future__ import annotations

from django.urls import path

from rekenschap_web.exports import views

app_name = "exports"
urlpatterns = [
    path("uitgiften/", views.all_exports, name="list"),
    path("uitgiften/<str:number>/", views.detail, name="detail"),
    path("uitgiften/<str:number>/besluit/", views.judge, name="judge"),
    path("uitgiften/<str:number>/ophalen/", views.take, name="take"),
    path("uitgifte/<str:name>/", views.ask, name="ask"),
]
