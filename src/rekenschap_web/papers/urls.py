# SPDX-License-Identifier: EUPL-1.2
"""Where papers are."""

from __future__ import annotations

from django.urls import path

from rekenschap_web.papers import views

app_name = "papers"
urlpatterns = [path("bijlagen/<uuid:number>/", views.open_paper, name="open")]
