# SPDX-License-Identifier: EUPL-1.2
"""The desk's side of the citizen page: what is offered there, who is whose, and the questions that come back.

HOME/citizen/          all that the citizen page may read or write; nothing of staff is in it
  about.json           organisation, telephone, sign-in
  offered/<name>/      what every citizen may see, in files by drawer; offered/latest names the newest
                       and the register of processing activities, for anybody
  asked/ and told/     questions of citizens, and what became of them
  mandated/            what citizens did with mandates, until the ledger has it
  clerk.sock           where the page asks which drawer an identifier has
  own/                 sessions and the secret of the page itself
HOME/desk/citizen-key  what drawers and references are made with
"""

from rekenschap.audit.citizens.dropbox import seen_by, tell, told_before, waiting
from rekenschap.audit.citizens.mandates import take_mandates
from rekenschap.audit.citizens.names import Names
from rekenschap.audit.citizens.offering import Offered, offer, offer_look, withhold
from rekenschap.audit.citizens.tryout import somebody_wondering

__all__ = [
    "Names",
    "Offered",
    "offer",
    "offer_look",
    "seen_by",
    "somebody_wondering",
    "take_mandates",
    "tell",
    "told_before",
    "waiting",
    "withhold",
]
