# SPDX-License-Identifier: EUPL-1.2
"""The door of the try-out provider for a WSGI server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rekenschap_web.settings.tryout")

application = get_wsgi_application()
