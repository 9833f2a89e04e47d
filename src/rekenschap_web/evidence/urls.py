# SPDX-License-Identifier: EUPL-1.2
"""The address of the page that asks why."""

from __future__ import annotations

from django.urls import path

from rekenschap_web.evidence import pages

app_name = "evidence"
urlpatterns = [path("waarom/", pages.why, name="why")]
