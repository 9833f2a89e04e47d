# SPDX-License-Identifier: EUPL-1.2
"""Addresses for balancers and monitoring."""

from __future__ import annotations

from django.urls import path

from rekenschap_web.upkeep import views

app_name = "upkeep"
urlpatterns = [path("livez", views.live, name="live"), path("readyz", views.is_ready, name="ready")]
