# SPDX-License-Identifier: EUPL-1.2
"""Logs of mail: a row for each address a message went to, with where that is."""

from rekenschap.adapters.sources.mail.cloud import CloudAudit
from rekenschap.adapters.sources.mail.destinations import Destinations, destinations_of
from rekenschap.adapters.sources.mail.exchange import ExchangeTracking
from rekenschap.adapters.sources.mail.postfix import PostfixLog

__all__ = ["CloudAudit", "Destinations", "ExchangeTracking", "PostfixLog", "destinations_of"]
