# SPDX-License-Identifier: EUPL-1.2
"""Addresses of the trail."""

from __future__ import annotations

from django.urls import path

from rekenschap_web.acts import views

app_name = "acts"
urlpatterns = [path("spoor/<str:object_name>/", views.trail, name="trail")]
