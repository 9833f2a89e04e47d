# SPDX-License-Identifier: EUPL-1.2
"""Two short answers: the process is there; it can do its work."""

from __future__ import annotations

from django.db.transaction import non_atomic_requests
from django.http import HttpRequest, HttpResponse, JsonResponse

from rekenschap_web.upkeep.health import ready


@non_atomic_requests
def live(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; asks nothing of anything else."""
    del request
    return HttpResponse("ok\n", content_type="text/plain")


@non_atomic_requests
def is_ready(request: HttpRequest) -> HttpResponse:
    """Say whether pages can be answered, point by point."""
    del request
    points = ready()
    told = {point.name: point.found for point in points}
    return JsonResponse(told, status=200 if all(point.is_well for point in points) else 503)
