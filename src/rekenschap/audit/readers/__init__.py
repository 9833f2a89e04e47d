# SPDX-License-Identifier: EUPL-1.2
"""The desk's side of the interfaces others read by: what is offered there, and who asked for it.

HOME/read/             all that the service of `rekenschap_read` may read or write, with HOME/citizen/offered
  read.toml            which interfaces are on, and for whom; made by hand or by `rekenschap read client`
  offered/<name>/      the lines of the processing log that may be seen; offered/latest names the newest
  clerk.sock           where the service has every question noted, and asks where an answer lies
  own/                 the key of the service itself
HOME/desk/read-asked/  who asked what, until it is in the ledger
"""

from rekenschap.audit.readers.asked import Asked, Journal, bring
from rekenschap.audit.readers.clients import add_client, offers_anything
from rekenschap.audit.readers.giving import looks_to_give, tell_looks_given
from rekenschap.audit.readers.offering import PLACE, offer_lines, offer_when_due

__all__ = [
    "PLACE",
    "Asked",
    "Journal",
    "add_client",
    "bring",
    "looks_to_give",
    "offer_lines",
    "offer_when_due",
    "offers_anything",
    "tell_looks_given",
]
