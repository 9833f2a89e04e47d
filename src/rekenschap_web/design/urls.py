# SPDX-License-Identifier: EUPL-1.2
"""The one address of the frame itself."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

app_name = "design"
urlpatterns = [path("taal/", set_language, name="language")]
