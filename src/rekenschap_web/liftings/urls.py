# SPDX-License-Identifier: EUPL-1.2
"""Where liftings are."""

from __future__ import annotations

from django.urls import path

from rekenschap_web.liftings import views

app_name = "liftings"
urlpatterns = [
    path("naamopheffing/", views.all_liftings, name="list"),
    path("naamopheffing/vraag/<str:number>/", views.ask, name="ask"),
    path("naamopheffing/<str:number>/", views.detail, name="detail"),
    path("naamopheffing/<str:number>/naam/", views.see, name="see"),
    path("naamopheffing/<str:number>/<slug:act>/", views.act, name="act"),
]
