# SPDX-License-Identifier: EUPL-1.2
"""Addresses of the leak source."""

from __future__ import annotations

from django.urls import path

from rekenschap_web.leaks import views

app_name = "leaks"
urlpatterns = [
    path("bron-van-een-lek/", views.search, name="search"),
    path("bron-van-een-lek/<str:number>/", views.detail, name="detail"),
]
