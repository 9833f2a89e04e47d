# SPDX-License-Identifier: EUPL-1.2
"""Where the register is. The address of an activity never changes: others may link to it."""

from __future__ import annotations

from django.urls import path

from rekenschap_web.register import views

app_name = "register"
urlpatterns = [
    path("register/", views.entries, name="list"),
    path("register/zonder-grondslag/", views.usage, name="usage"),
    path("register/voorstel/", views.propose, name="propose"),
    path("register/voorstellen/<str:number>/", views.proposal, name="proposal"),
    path("register/voorstellen/<str:number>/<slug:act>/", views.decide, name="decide"),
    path("register/verwerking/<path:key>/versie/<int:edition>/", views.activity, name="version"),
    path("register/verwerking/<path:key>/", views.activity, name="activity"),
    path("vernietigingen/", views.erasures, name="erasures"),
]
