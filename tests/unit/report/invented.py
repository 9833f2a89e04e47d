# SPDX-License-Identifier: EUPL-1.2
"""A report about a municipality that does not exist. Run it to look at the page:
`python -m tests.unit.report.invented nl > report.html`."""

import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from rekenschap.model.explanation import GroundShare, Shares, Weight
from rekenschap.model.finding import Finding, Sentences, Term
from rekenschap.model.ids import Pseudonym
from rekenschap.report import render
from rekenschap.report.content import (
    Coverage,
    FindingStory,
    GroundName,
    Look,
    Peer,
    Period,
    Proof,
    ReportContent,
    SignedState,
    SourceSystem,
    Tally,
    Text,
    Week,
    Work,
)

FIRST = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
LAST = datetime(2026, 4, 4, 17, 30, tzinfo=UTC)
ROOT = "q83vEjRWeJC7ys3e7f4AEiM0RVZneImaq7zN3u8BI0U="

GROUNDS = {
    "registered_handler": ("Behandelaar van de zaak", "Handler of the zaak", 0.612, 0.021, 3.36),
    "assignment": ("Toewijzing van de zaak", "Assignment of the zaak", 0.188, 0.012, 2.71),
    "task_window": ("Taak voor deze persoon", "Task for this person", 0.241, 0.009, 3.24),
    "contact_around": ("Contact rond de raadpleging", "Contact around the look", 0.173, 0.004, 3.69),
    "appointment": ("Afspraak aan de balie", "Appointment at the counter", 0.094, 0.002, 3.81),
    "team_queue": ("Werkvoorraad van het team", "Shared queue of the team", 0.131, 0.038, 1.23),
    "oversight": ("Toezicht op de zaak", "Oversight of the zaak", 0.022, 0.001, 2.95),
    "own_file": ("Eigen dossier", "Own file", 0.004, 0.0, 1.1),
}


def shares() -> Shares:
    weights = {"team_queue": Weight.FULL, "own_file": Weight.WEAK}
    return Shares(
        looks=101_482,
        first_looks=38_114,
        shared_account_looks=1_207,
        explained=0.9412,
        null_explained=0.0634,
        first_explained=0.9127,
        first_null_explained=0.0588,
        weak_only=0.0091,
        all_accounts_first_explained=0.8979,
        grounds=tuple(
            GroundShare(
                ground=ground,
                weight=weights.get(ground, Weight.FULL),
                share=share,
                null_share=null,
                strength=s,
            )
            for ground, (_, _, share, null, s) in GROUNDS.items()
        ),
    )


def finding(seed: int, *, unexplained: int = 9, explained: int = 40) -> FindingStory:
    rng = Random(seed)  # noqa: S311
    about = Pseudonym(domain="subject" if seed % 3 == 2 else "staff", hi=rng.getrandbits(63))
    moments = sorted(
        FIRST + timedelta(minutes=rng.randrange(89 * 24 * 60)) for _ in range(unexplained + explained)
    )
    odd = set(rng.sample(range(len(moments)), unexplained))
    grounds = list(GROUNDS)
    looks = tuple(
        Look(entry=1_000 + 97 * i, at=at, explained=i not in odd, weak=i not in odd and rng.random() < 0.05,
             ground=None if i in odd else rng.choice(grounds))
        for i, at in enumerate(moments)
    )  # fmt: skip
    work = tuple(
        Work(at=look.at - timedelta(minutes=rng.randrange(2, 300)), ground=look.ground)
        for look in looks
        if look.ground is not None
    )
    terms = (
        Term(
            name="count",
            value=rng.uniform(5, 9) - seed / 12,
            nl=f"{unexplained} niet verklaarde raadplegingen, waar collega’s er meestal 1 hebben",
            en=f"{unexplained} unexplained consultations, where colleagues mostly have 1",
        ),
        Term(
            name="hours",
            value=rng.uniform(0.4, 2),
            nl="4 daarvan waren buiten diensttijd",
            en="4 of them were outside working hours",
        ),
        Term(
            name="same_subject",
            value=rng.uniform(0.5, 2),
            nl="7 daarvan gingen over dezelfde burger",
            en="7 of them were about the same citizen",
        ),
        Term(
            name="cause",
            value=-rng.uniform(0.2, 1.2),
            nl="Het hele team had die week meer raadplegingen",
            en="The whole team had more consultations that week",
        ),
    )
    short = about.short
    return FindingStory(
        finding=Finding(
            rule="peer_tail",
            about=about,
            terms=terms,
            sentences=Sentences(
                nl=(
                    f"{short} bekeek {unexplained} keer gegevens zonder werk dat erbij hoort.",
                    "Wij zochten naar een zaak, taak, afspraak en contact en vonden niets.",
                ),
                en=(
                    f"{short} looked {unexplained} times without work that belongs to it.",
                    "We searched for a zaak, task, appointment and contact and found nothing.",
                ),
            ),
            looks=tuple(looks[i].entry for i in sorted(odd)),
            searched=tuple(grounds[:7]),
        ),
        looks=looks,
        work=work,
        peers=(
            *(
                Peer(name=None, unexplained=min(rng.randrange(4), rng.randrange(4), rng.randrange(5)))
                for _ in range(23)
            ),
            Peer(name=short, unexplained=unexplained, highlighted=True),
        ),
    )


def content(*, findings: int = 12, weeks: int = 13) -> ReportContent:
    rng = Random(7)  # noqa: S311
    return ReportContent(
        organisation="Gemeente Voorbeeldstad",
        period=Period(first=FIRST.date(), last=LAST.date()),
        made_at=datetime(2026, 4, 6, 9, 14, tzinfo=UTC),
        zone="Nederlandse tijd",
        version="0.1.0",
        signed_state=SignedState(
            origin="voorbeeldstad.example/rekenschap",
            size=284_119,
            root=ROOT,
            checked_at=datetime(2026, 4, 6, 9, 12, tzinfo=UTC),
        ),
        coverage=Coverage(
            systems=(
                SourceSystem(name="Burgerzaken (BRP)", facts=58_220, first=FIRST, last=LAST),
                SourceSystem(name="Sociaal domein", facts=43_262, first=FIRST, last=LAST - timedelta(days=2)),
                SourceSystem(name="Zaaksysteem", facts=121_904, first=FIRST, last=LAST),
                SourceSystem(
                    name="Telefooncentrale", facts=31_377, first=FIRST + timedelta(days=24), last=LAST
                ),
                SourceSystem(name="Afspraken", facts=22_118, first=FIRST, last=LAST),
                SourceSystem(name="Rooster", facts=0, first=None, last=None),
            ),
            not_covered=(
                Text(nl="E-mail en papieren dossiers.", en="E-mail and paper files."),
                Text(nl="Telefoongesprekken voor 29 januari.", en="Phone calls before 29 January."),
                Text(nl="Mondelinge vragen tussen collega’s.", en="Spoken questions between colleagues."),
            ),
        ),
        relations=(
            Tally(name="consultation", count=102_689),
            Tally(name="zaak", count=9_841),
            Tally(name="assignment", count=14_220),
            Tally(name="task", count=31_006),
            Tally(name="contact", count=53_495),
            Tally(name="staff", count=204),
            Tally(name="presence", count=65_426),
        ),
        quarantined=(Tally(name="time_out_of_range", count=12), Tally(name="missing_staff", count=3)),
        shares=shares(),
        weeks=tuple(
            Week(
                start=date(2026, 1, 5) + timedelta(weeks=i),
                looks=7_000 + rng.randrange(1_500),
                explained=0.93 + rng.uniform(-0.03, 0.03) - (0.16 if i == 6 else 0),
                null_explained=0.063 + rng.uniform(-0.01, 0.01),
            )
            for i in range(weeks)
        ),
        findings=tuple(finding(seed) for seed in range(findings)),
        proof=Proof(
            entry=4_211,
            path="demo/proofs/4211.proof",
            check_command="rekenschap check demo/ledger --public-key demo/ledger.pub",
            prove_command="rekenschap prove 4211 --ledger demo/ledger",
            verify_command="rekenschap verify demo/proofs/4211.proof --public-key demo/ledger.pub",
            tamper=Text(
                nl="In een kopie veranderden wij regel 4.211. De controle sloeg alarm en noemde die regel.",
                en="In a copy we changed entry 4,211. The check raised the alarm and named that entry.",
            ),
        ),
        grounds=tuple(GroundName(ground=g, name=Text(nl=nl, en=en)) for g, (nl, en, *_) in GROUNDS.items()),
        parameters=(("seed", "1"), ("permutations", "20"), ("prior", "gamma(0,5; 0,5)")),
        remark=Text(
            nl="Deze gemeente bestaat niet. Alle gegevens zijn verzonnen.",
            en="This municipality does not exist. Everything in it is invented.",
        ),
    )


def hostile() -> ReportContent:
    """A report in which every text that can come from outside tries to be markup."""
    bad = "<script>alert(1)</script>\"'&{{ 7*7 }}"
    plain = content(findings=1)
    system = SourceSystem(name=bad, facts=1, first=FIRST, last=LAST)
    story = plain.findings[0]
    terms = tuple(replace(term, nl=bad, en=bad) for term in story.finding.terms)
    sentences = Sentences(nl=(bad, bad), en=(bad, bad))
    told = replace(story.finding, terms=terms, sentences=sentences, searched=(bad,))
    text = Text(nl=bad, en=bad)
    return replace(
        plain,
        organisation=bad,
        zone=bad,
        version=bad,
        coverage=Coverage(systems=(system,), not_covered=(text,)),
        quarantined=(Tally(name=bad, count=1),),
        relations=(Tally(name=bad, count=1),),
        findings=(replace(story, finding=told, peers=(Peer(name=bad, unexplained=1, highlighted=True),)),),
        grounds=tuple(GroundName(ground=g, name=text) for g in GROUNDS),
        parameters=((bad, bad),),
        remark=text,
        signed_state=SignedState(origin=bad, size=1, root=bad),
        proof=Proof(entry=1, path=bad, check_command=bad, prove_command=bad, verify_command=bad, tamper=text),
    )


if __name__ == "__main__":
    sys.stdout.write(render(content(), language=sys.argv[1] if len(sys.argv) > 1 else "nl"))
