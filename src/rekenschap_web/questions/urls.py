# SPDX-License-Identifier: EUPL-1.2
"""Where questions are, and where people find their own looks."""

from __future__ import annotations

from django.urls import path

from rekenschap_web.questions import views

app_name = "questions"
urlpatterns = [
    path("vragen/", views.own_questions, name="list"),
    path("vragen/stel/<str:number>/", views.ask, name="ask"),
    path("vragen/<str:number>/", views.detail, name="detail"),
    path("vragen/<str:number>/hulp/", views.ask_help, name="help"),
    path("vragen/<str:number>/trek-in/", views.withdraw, name="withdraw"),
    path("vragen/<str:number>/weeg/", views.weigh, name="weigh"),
    path("mijn-raadplegingen/", views.own_looks, name="own_looks"),
    path("mijn-raadplegingen/<int:entry>/", views.explain_own, name="explain_own"),
]
