# SPDX-License-Identifier: EUPL-1.2
"""Where questions of citizens are."""

from __future__ import annotations

from django.urls import path

from rekenschap_web.citizens import views

app_name = "citizens"
urlpatterns = [
    path("vragen-van-inwoners/", views.questions, name="list"),
    path("niet-tonen/", views.withholdings, name="withholdings"),
    path("niet-tonen/<str:number>/<slug:act>/", views.withholding, name="withholding"),
    path("vragen-van-inwoners/<str:number>/", views.detail, name="detail"),
]
