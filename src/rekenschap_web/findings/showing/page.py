# SPDX-License-Identifier: EUPL-1.2
"""The page of one finding: what people decided, what the evidence shows, what may be done now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rekenschap.casework.closing import Reason
from rekenschap.casework.flow import Decision
from rekenschap.casework.flows.finding import FINDING
from rekenschap.model.explanation import Weight
from rekenschap.model.ids import Pseudonym
from rekenschap.model.warrant import Warrant
from rekenschap.report.story import Step
from rekenschap_web.design.charts import Figure
from rekenschap_web.design.graph import MOST, Graph, around
from rekenschap_web.design.templatetags.desk import relation
from rekenschap_web.design.words import words_here
from rekenschap_web.evidence import desk
from rekenschap_web.evidence.views import (
    Checkpoint,
    FindingView,
    Health,
    RelationView,
    SearchedView,
    Severity,
)
from rekenschap_web.findings.queries import Change, FindingCase, changes_of, decisions, seen_before
from rekenschap_web.findings.showing.figures import peers_figure, steps, timeline_figure
from rekenschap_web.findings.showing.why import OnTheList, on_the_list
from rekenschap_web.investigations.queries import investigation_of
from rekenschap_web.people.language import in_language, said
from rekenschap_web.people.may import Thing, may
from rekenschap_web.people.models import Person

_PROOFS = 10
_TELLING = 8
"""Rows of what was searched that stand open; the rest is one click away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something to do about a finding: allowed, or greyed with the reason of the rule."""

    label: str
    url: str
    decision: Decision
    is_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the ledger shows of a finding at one checkpoint."""

    view: FindingView
    seen: str
    sentences: tuple[str, ...]
    certainty: str
    searched: tuple[SearchedView, ...]
    telling: tuple[SearchedView, ...]
    """of those, what says most: found, not to be searched, or usual here and yet not found"""
    plain: tuple[SearchedView, ...]
    """the others: searched in sources that were well, and not found"""
    timeline: Figure
    peers: Figure | None
    steps: tuple[Step, ...]
    here: OnTheList
    proofs: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingPage:
    """Everything on the page of a finding."""

    object: str
    matter: FindingCase
    question: str
    state: str
    reason: str
    buttons: tuple[Button, ...]
    evidence: Evidence | None
    changes: tuple[Change, ...]
    before: tuple[FindingCase, ...]
    checkpoint: Checkpoint
    may_see_relations: bool
    may_take: bool
    lifting_url: str
    investigation: str
    """the number of the investigation it goes on in, for who may see that"""


def finding_page(matter: FindingCase, person: Person, *, warrant: Warrant) -> FindingPage:
    """Read what the page shows; what is gone from the evidence is told without it."""
    state = FINDING.states[matter.state]
    return FindingPage(
        object=f"finding:{matter.number}",
        matter=matter,
        question=_question(matter),
        state=said(state),
        reason=said(Reason(matter.reason)) if matter.reason else "",
        buttons=_buttons(matter, person),
        evidence=None if matter.is_gone else _evidence(matter, warrant),
        changes=changes_of(matter.number),
        before=seen_before(matter, person),
        checkpoint=desk.checkpoint(),
        may_see_relations=may(person, "relation.read", _thing(matter)).allowed,
        lifting_url=_lifting(matter, person),
        investigation=investigation_of(matter.number, person),
        may_take=not matter.is_mine and decisions(matter.number, person, ["close"])["close"].allowed,
    )


def _question(matter: FindingCase) -> str:
    many = len(matter.looks)
    if not many:
        return _("Waarom ging dit naar buiten?")
    return ngettext(
        "Waarom is deze raadpleging niet verklaard?",
        "Waarom zijn deze %(many)s raadplegingen niet verklaard?",
        many,
    ) % {"many": words_here().number(many)}


def _evidence(matter: FindingCase, warrant: Warrant) -> Evidence:
    named = f"finding:{matter.number}"
    view = desk.finding(matter.key, warrant=warrant, named=named)
    peers = desk.peers(matter.key, warrant=warrant, named=named)
    searched = tuple(x for x in view.searched if x.found is not None or x.weight != Weight.STATED)
    telling, plain = parted(searched, usual=desk.explains_here())
    return Evidence(
        view=view,
        seen=_seen(view),
        sentences=in_language(view.sentences.nl, view.sentences.en),
        certainty=certainty_of(view),
        searched=searched,
        telling=telling,
        plain=plain,
        timeline=timeline_figure(view, desk.timeline(matter.key, warrant=warrant, named=named)),
        peers=peers_figure(view, peers) if peers.people else None,
        steps=steps(view),
        here=on_the_list(matter, view, desk.sent(matter.key, warrant=warrant, named=named)),
        proofs=tuple(each for each in view.looks if each < desk.sealed())[:_PROOFS],
    )


def parted(
    searched: Sequence[SearchedView], *, usual: Mapping[str, int]
) -> tuple[tuple[SearchedView, ...], tuple[SearchedView, ...]]:
    """Put first what was searched that says most, filled up with what explains most looks in this house.

    What could not be searched, or in a source that was not well, is never among the others.
    """
    in_order = sorted(searched, key=lambda each: -usual.get(each.ground, 0))
    found = [each for each in in_order if each.found]
    unsure = [each for each in in_order if not each.found and not _is_sure(each)]
    rest = [each for each in in_order if not each.found and _is_sure(each)]
    shown = max(0, _TELLING - len(found) - len(unsure))
    return (*found, *unsure, *rest[:shown]), tuple(rest[shown:])


def _is_sure(each: SearchedView) -> bool:
    return each.found is not None and each.source_health in (Health.CONNECTED, Health.RHYTHM_UNKNOWN)


def _seen(view: FindingView) -> str:
    """Say in one short sentence who looked how often at whom; the full sentences stand further down."""
    words = words_here()
    told = {
        "who": view.about.short,
        "looks": words.number(len(view.looks)),
        "first": words.day(timezone.localtime(view.first_at)),
        "last": words.day(timezone.localtime(view.last_at)),
    }
    if view.about.domain == "subject":
        return ngettext(
            "%(many)s medewerker bekeek %(who)s %(looks)s keer, tussen %(first)s en %(last)s.",
            "%(many)s medewerkers bekeken %(who)s samen %(looks)s keer, tussen %(first)s en %(last)s.",
            view.staff,
        ) % {"many": words.number(view.staff), **told}
    return ngettext(
        "%(who)s bekeek %(looks)s keer gegevens van %(many)s persoon, tussen %(first)s en %(last)s.",
        "%(who)s bekeek %(looks)s keer gegevens van %(many)s personen, tussen %(first)s en %(last)s.",
        view.subjects,
    ) % {"many": words.number(view.subjects), **told}


def certainty_of(view: FindingView) -> str:
    """Read the score as people read odds."""
    names = {Severity.HIGH: _("hoog"), Severity.MIDDLE: _("middel"), Severity.LOW: _("laag")}
    return _("Ernst: %(severity)s. Door toeval komt zo’n combinatie ongeveer 1 op de %(odds)s keer voor.") % {
        "severity": names[view.severity],
        "odds": words_here().number(view.one_in),
    }


def _buttons(matter: FindingCase, person: Person) -> tuple[Button, ...]:
    told = decisions(matter.number, person, ["ask", "investigate", "close", "reopen"])
    thing = _thing(matter)
    page = {
        name: reverse(f"findings:{name}", args=[matter.number]) for name in ("explain", "close", "reopen")
    }
    if matter.state == "closed":
        again = may(person, "finding.look_again", thing)
        offered = [Button(label=_("Open opnieuw"), url=page["reopen"], decision=told["reopen"])]
        if matter.is_drawn and matter.agrees is None:
            url = reverse("findings:look_again", args=[matter.number])
            decision = Decision(allowed=again.allowed, rule=again.rule, nl=again.because, en=again.because)
            offered.insert(0, Button(label=_("Kijk opnieuw"), url=url, decision=decision, is_first=True))
        return tuple(offered)
    ask = _both(told["ask"], may(person, "question.ask", thing))
    investigate = _both(told["investigate"], may(person, "investigation.open", thing))
    return (
        Button(
            label=_("Vraag de medewerker om uitleg"),
            url=_other("questions:ask", matter),
            decision=ask,
            is_first=True,
        ),
        Button(
            label=_("Start een onderzoek"), url=_other("investigations:open", matter), decision=investigate
        ),
        Button(label=_("Leg uit waarom dit wel mocht"), url=page["explain"], decision=told["close"]),
        Button(label=_("Sluit af met een reden"), url=page["close"], decision=told["close"]),
    )


def _both(ruled: Decision, asked: object) -> Decision:
    """Let the rule on who may go before the flow, so that there is one sentence."""
    if getattr(asked, "allowed", False):
        return ruled
    because = str(getattr(asked, "because", ""))
    return Decision(allowed=False, rule=str(getattr(asked, "rule", "")), nl=because, en=because)


def _other(page: str, matter: FindingCase) -> str:
    try:
        return reverse(page, args=[matter.number])
    except NoReverseMatch:
        return ""


def _lifting(matter: FindingCase, person: Person) -> str:
    """Give where to ask for the name behind the pseudonym, for who may ask."""
    return _other("liftings:ask", matter) if may(person, "lifting.ask", _thing(matter)).allowed else ""


def relations_graph(matter: FindingCase, relations: Sequence[RelationView]) -> Graph:
    """Draw who is connected to whom around the person a finding is about."""
    centre = (matter.short, "is-staff" if matter.about.startswith("staff") else "is-subject")
    people: dict[str, str] = {}
    for each in relations:
        for who in (each.one, each.other):
            if who.short != centre[0]:
                people.setdefault(who.short, _look(who))
    links = [(x.one.short, x.other.short, relation(x.kind), "is-relation") for x in relations]
    known = {name for link in links for name in link[:2]}
    links += [(centre[0], name, "", "is-line") for name in people if centre[0] not in known]
    answer = ngettext("Wij vonden %(many)s relatie.", "Wij vonden %(many)s relaties.", len(relations)) % {
        "many": len(relations)
    }
    return around(centre, list(people.items())[:MOST], links, answer=answer)


def _look(who: Pseudonym) -> str:
    return "is-staff" if who.domain == "staff" else "is-subject"


def _thing(matter: FindingCase) -> Thing:
    return Thing(kind="finding", id=matter.number, about=matter.about, team=matter.team, state=matter.state)
