# SPDX-License-Identifier: EUPL-1.2
"""All addresses of the desk: each room that is installed brings its own; they never share a path."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from rekenschap_web.whole import whole

urlpatterns = [
    path("", include(f"{room}.urls")) for room in settings.DESK_APPS if find_spec(f"{room}.urls") is not None
]
whole(urlpatterns)
handler400 = "rekenschap_web.people.refusing.unreadable"
handler403 = "rekenschap_web.people.refusing.refused"
handler404 = "rekenschap_web.people.refusing.not_found"
handler500 = "rekenschap_web.people.refusing.broken"
