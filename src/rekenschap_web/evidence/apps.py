# SPDX-License-Identifier: EUPL-1.2
"""The room of the evidence, as Django lists it."""

from __future__ import annotations

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The one door from the web into the house."""

    name = "rekenschap_web.evidence"
    label = "evidence"

    def ready(self) -> None:
        """Tell who asks how a person is called in the ledger."""
        from rekenschap_web.evidence.door import watch_requests
        from rekenschap_web.evidence.house import own_name
        from rekenschap_web.people.pseudonyms import ask_by

        ask_by(own_name)
        watch_requests()
