# SPDX-License-Identifier: EUPL-1.2
"""The door for a WSGI server: granian rekenschap_web.wsgi:application."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rekenschap_web.settings.desk")

application = get_wsgi_application()
