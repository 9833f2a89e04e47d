# SPDX-License-Identifier: EUPL-1.2
"""The door for a WSGI server: granian rekenschap_citizen.wsgi:application."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from rekenschap_citizen.place import database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rekenschap_citizen.settings")

application = get_wsgi_application()
database.check_role()
