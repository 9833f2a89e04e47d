# SPDX-License-Identifier: EUPL-1.2
"""The inbox: what was offered and acknowledged, sealed on disk, until it is worked off. Knows no record."""

from rekenschap.frontdoor.inbox.frames import Frame, Kind
from rekenschap.frontdoor.inbox.inbox import Inbox, Limits
from rekenschap.frontdoor.inbox.reading import InboxReader, oldest_waiting
from rekenschap.frontdoor.inbox.recovering import Found, recover
from rekenschap.frontdoor.inbox.sealed import FrameSeal

__all__ = [
    "Found",
    "Frame",
    "FrameSeal",
    "Inbox",
    "InboxReader",
    "Kind",
    "Limits",
    "oldest_waiting",
    "recover",
]
