# SPDX-License-Identifier: EUPL-1.2
"""The page of one cause: what it would explain and hide, what goes with it, and who looks again."""

from __future__ import annotations

from dataclasses import dataclass

from rekenschap.casework.flow import Decision
from rekenschap.casework.together import LOW, may_settle_together
from rekenschap.model.warrant import Warrant
from rekenschap_web.evidence import desk
from rekenschap_web.evidence.views import CauseView, LookView, PreviewView
from rekenschap_web.findings.queries import FindingCase, Settled, known_looks, settled_cause, waiting_of
from rekenschap_web.people.may import Decision as Permission
from rekenschap_web.people.may import Thing, may
from rekenschap_web.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class CausePage:
    """Everything on the page of a cause; `drawn` are the looks that somebody else looks at again."""

    view: CauseView
    preview: PreviewView
    together: tuple[FindingCase, ...]
    others: tuple[FindingCase, ...]
    settled: Settled | None
    drawn: tuple[LookView, ...]
    may: Permission
    may_again: Permission
    decision: Decision

    @property
    def is_open(self) -> bool:
        """Whether it can be settled: it was not, or somebody else did not agree."""
        return self.settled is None or self.settled.agrees is False

    @property
    def waits_again(self) -> bool:
        """Whether somebody must look again at what was drawn."""
        return self.settled is not None and self.settled.agrees is None and bool(self.settled.drawn)


def cause_page(cause: str, person: Person, *, warrant: Warrant) -> CausePage:
    """Read what the page shows."""
    view = desk.cause(cause)
    preview = desk.preview(cause, known=known_looks(), warrant=warrant)
    waiting, settled = waiting_of(view.findings, person), settled_cause(cause)
    together = tuple(matter for matter in waiting if matter.severity == LOW)
    again = Thing(kind="cause", id=cause, opened_by=settled.by_sub if settled is not None else "")
    may_again = may(person, "cause.look_again", again)
    shown = settled is not None and settled.agrees is None and may_again.allowed
    return CausePage(
        view=view,
        preview=preview,
        together=together,
        others=tuple(matter for matter in waiting if matter.severity != LOW),
        settled=settled,
        drawn=desk.looks(settled.drawn, warrant=warrant, named=f"cause:{cause}") if settled and shown else (),
        may=may(person, "cause.settle", Thing(kind="cause", id=cause)),
        may_again=may_again,
        decision=may_settle_together(
            [matter.severity for matter in together] or [LOW], "", would_hide=len(preview.would_hide)
        ),
    )
