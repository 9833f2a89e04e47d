# SPDX-License-Identifier: EUPL-1.2
"""Where mandates are."""

from __future__ import annotations

from django.urls import path

from rekenschap_citizen.mandates import views

app_name = "mandates"
urlpatterns = [
    path("", views.mandates, name="list"),
    path("geef/", views.give, name="give"),
    path("neem-aan/", views.accept, name="accept"),
    path("<int:number>/kijk/", views.look_for, name="look_for"),
    path("<int:number>/verander/", views.change, name="change"),
    path("<int:number>/stop/", views.end, name="end"),
]
