# SPDX-License-Identifier: EUPL-1.2
"""What the commands on looks answer: lines for people, one object for machines."""

from __future__ import annotations

from collections.abc import Iterator

from rekenschap.audit.answer import Answer
from rekenschap.audit.content import Occasion
from rekenschap.audit.demo import DAYS, NOT_CONNECTED, ORGANISATION, STAFF, Demo
from rekenschap.audit.intake import TakenIn
from rekenschap.cli.speak import program
from rekenschap.cli.texts import Language, Words
from rekenschap.errors import AlarmError
from rekenschap.model.bsn import without_bsn
from rekenschap.model.completeness import Missed, NotReceived
from rekenschap.model.finding import Finding
from rekenschap.report.content import Proof, Text

_SHOWN_FINDINGS = 3
_SHOWN_GAPS = 5


def title(words: Words) -> str:
    """Give the first line of the demo."""
    return words("demo_title", organisation=ORGANISATION, staff=STAFF, days=DAYS)


def of_demo(shown: Demo, words: Words, *, seconds: float) -> Iterator[str]:
    """Say what the demo showed, in four questions."""
    language = words.language
    yield f"{title(words)} {words('other_language')}"
    yield ""
    yield from _came_in(shown.answered, shown.taken, words)
    yield words("not_covered", names=", ".join(each.within(language) for each in NOT_CONNECTED))
    yield from _explained(shown.answered, words)
    yield from _unexplained(shown.answered, words)
    yield words("stories", found=len(shown.stories_found), planted=len(shown.town.stories))
    yield words("a_human_decides")
    yield words("asked_ledger")
    yield words("check_fine_short", size=words.number(shown.checked.size))
    yield words("proved", entry=shown.proven.entry, path=shown.proof_path)
    yield words("caught" if shown.altered.caught else "missed", entry=shown.altered.entry)
    yield ""
    yield words("report", path=shown.report_path(language))
    yield words("check_yourself", program=program(), path=shown.directory / "house")
    yield words(
        "check_altered", program=program(), copy=shown.directory / "altered-copy", keys=shown.keys_path
    )
    yield words("took", seconds=words.decimal(seconds))


def of_intake(taken: TakenIn, words: Words) -> Iterator[str]:
    """Say what became of each file, and why rows wait."""
    for path, report in taken.reports:
        yield words(
            "intake_file",
            name=without_bsn(path.name),
            rows=words.number(report.rows),
            accepted=words.number(report.accepted),
            known=words.number(report.known),
            quarantined=words.number(sum(report.quarantined.values())),
        )
    for reason, count in taken.quarantined.items():
        yield words("intake_reason", reason=reason, count=words.number(count))


def of_audit(answered: Answer, taken: TakenIn, words: Words, *, seconds: float) -> Iterator[str]:
    """Say what came in, what is explained and what is not."""
    yield from _came_in(answered, taken, words)
    yield from _explained(answered, words)
    yield from _unexplained(answered, words)
    ranking = answered.explained.ranking
    if ranking is not None:
        yield words("planted", count=ranking.planted, auc=words.share(ranking.auc))
    yield words("a_human_decides")
    yield words("took", seconds=words.decimal(seconds))


def intake_as_json(taken: TakenIn, *, size: int) -> dict[str, object]:
    """Give the counts of an intake."""
    return {
        "rows": taken.rows,
        "accepted": dict(taken.accepted),
        "known": taken.known,
        "quarantined": dict(taken.quarantined),
        "size": size,
        "files": [{"name": without_bsn(path.name), "rows": report.rows} for path, report in taken.reports],
    }


def audit_as_json(
    answered: Answer, taken: TakenIn, language: Language, *, seconds: float
) -> dict[str, object]:
    """Give the shares, the findings and how planted looks rank."""
    told = _answer_as_json(answered, language) | {"quarantined": dict(taken.quarantined)}
    ranking = answered.explained.ranking
    if ranking is not None:
        told |= {
            "planted": ranking.planted,
            "planted_auc": ranking.auc,
            "planted_auc_among_first_looks": ranking.auc_first,
            "planted_recall_at_1_percent": ranking.recall,
        }
    return told | {"seconds": round(seconds, 2)}


def demo_as_json(shown: Demo, language: Language, *, seconds: float) -> dict[str, object]:
    """Give what the demo showed."""
    return _answer_as_json(shown.answered, language) | {
        "quarantined": dict(shown.taken.quarantined),
        "not_connected": [each.within(language) for each in NOT_CONNECTED],
        "stories_planted": [story.key for story in shown.town.stories],
        "stories_found": list(shown.stories_found),
        "proven_entry": shown.proven.entry,
        "tampered_entry": shown.altered.entry,
        "tamper_caught": shown.altered.caught,
        "report": str(shown.report_path(language)),
        "seconds": round(seconds, 2),
    }


def occasion_of_demo(shown: Demo, *, seed: int) -> Occasion:
    """Say on what occasion the report of the demo is made."""
    house, keys = shown.directory / "house", shown.keys_path
    entry = shown.proven.entry
    return Occasion(
        organisation=ORGANISATION,
        made_at=shown.made_at,
        taken=shown.taken,
        not_covered=NOT_CONNECTED,
        proof=Proof(
            entry=entry,
            path=str(shown.proof_path),
            check_command=f"{program()} check {house}",
            prove_command=f"{program()} prove {entry} --ledger {house}",
            verify_command=f"{program()} verify {shown.proof_path} --public-key {keys}",
            tamper=_tamper(shown.altered.entry, shown.altered.alarm) if shown.altered.caught else None,
        ),
        checked=True,
        parameters=(("seed", str(seed)), ("size", str(shown.answered.checkpoint.size))),
    )


def _tamper(entry: int, alarm: AlarmError | None) -> Text:
    found = "" if alarm is None else f" ({type(alarm).__name__})"
    return Text(
        nl=f"Iemand wijzigde in een kopie één raadpleging. De controle noemde regel {entry}{found}.",
        en=f"Somebody put one look a week back in a copy. The check named entry {entry}{found}.",
    )


def _answer_as_json(answered: Answer, language: Language) -> dict[str, object]:
    shares = answered.explained.shares
    return {
        "looks": shares.looks + shares.shared_account_looks,
        "looks_by_people": shares.looks,
        "first_looks": shares.first_looks,
        "facts": dict(answered.counts),
        "explained_share": shares.explained,
        "null_explained_share": shares.null_explained,
        "first_looks_explained_share": shares.first_explained,
        "first_looks_null_explained_share": shares.first_null_explained,
        "first_looks_explained_share_all_accounts": shares.all_accounts_first_explained,
        "shared_account_looks": shares.shared_account_looks,
        "any_explained_share": shares.any_explained,
        "null_any_explained_share": shares.null_any_explained,
        "first_looks_any_explained_share": shares.first_any_explained,
        "first_looks_null_any_explained_share": shares.first_null_any_explained,
        "strangers_explained_share": shares.strangers_explained,
        "strangers_any_explained_share": shares.strangers_any_explained,
        "weak_only_share": shares.weak_only,
        "stated_only_share": shares.stated_only,
        "explained_by_late_work_only": answered.only_late,
        "grounds": [
            {
                "ground": each.ground,
                "weight": each.weight.value,
                "share": each.share,
                "null_share": each.null_share,
                "strength": each.strength,
                "standing": each.standing.value,
                "kept_back_share": each.kept_back,
            }
            for each in shares.grounds
        ],
        "not_received": [_missed_as_json(each, language) for each in answered.not_received],
        "findings": [_finding_as_json(each, language) for each in answered.findings],
        "checkpoint": {"origin": answered.checkpoint.origin, "size": answered.checkpoint.size},
    }


def _missed_as_json(missed: NotReceived, language: Language) -> dict[str, object]:
    return {
        "missed": missed.missed.value,
        "source": missed.source,
        "stream": missed.stream,
        "numbers": [list(each) for each in missed.ranges],
        "entries": [list(each) for each in missed.entries],
        "silent_since": missed.silent_since and missed.silent_since.isoformat(),
        "sentence": missed.nl if language is Language.NL else missed.en,
    }


def _finding_as_json(finding: Finding, language: Language) -> dict[str, object]:
    sentences = finding.sentences.nl if language is Language.NL else finding.sentences.en
    return {
        "rule": finding.rule,
        "about": finding.about.short,
        "score": finding.score,
        "terms": {term.name: term.value for term in finding.terms},
        "sentence": " ".join(sentences),
        "looks": list(finding.looks),
        "searched": list(finding.searched),
    }


def _came_in(answered: Answer, taken: TakenIn, words: Words) -> Iterator[str]:
    looks = answered.counts.get("consultation", 0)
    yield words("asked_in")
    yield words(
        "came_in",
        looks=words.number(looks),
        work=words.number(sum(answered.counts.values()) - looks),
        systems=len(answered.systems),
        quarantined=words.number(sum(taken.quarantined.values())),
    )
    missed = answered.not_received
    for each in missed[:_SHOWN_GAPS]:
        told = "not_received" if each.missed in (Missed.MISSING, Missed.SILENT) else "told_otherwise"
        yield words(told, line=each.nl if words.language is Language.NL else each.en)
    if len(missed) > _SHOWN_GAPS:
        yield words("not_received_more", count=words.number(len(missed) - _SHOWN_GAPS))


def _explained(answered: Answer, words: Words) -> Iterator[str]:
    shares = answered.explained.shares
    yield words("asked_explained")
    yield words("explained", share=words.share(shares.explained), null=words.share(shares.null_explained))
    first, null = words.share(shares.first_explained), words.share(shares.first_null_explained)
    yield words("first_explained", share=first, null=null)
    yield words(
        "any_explained", share=words.share(shares.any_explained), null=words.share(shares.null_any_explained)
    )
    yield from _kept_back(answered, words)
    if answered.only_late:
        yield words("only_late", count=words.number(answered.only_late))
    if shares.weak_only:
        yield words("weak_only", share=words.share(shares.weak_only))
    if shares.stated_only:
        yield words("stated_only", share=words.share(shares.stated_only))
    if shares.shared_account_looks:
        yield words("shared_accounts", count=words.number(shares.shared_account_looks))


def _kept_back(answered: Answer, words: Words) -> Iterator[str]:
    """Name the grounds that say too little in this house to explain by themselves, and for how many looks."""
    back = {each.ground: each.kept_back for each in answered.explained.shares.grounds if each.kept_back}
    dutch = words.language is Language.NL
    told = [
        f"{each.short.nl if dutch else each.short.en} ({words.share(back[each.id])})"
        for each in answered.grounds
        if each.id in back
    ]
    if told:
        yield words("kept_back", grounds=", ".join(told))


def _unexplained(answered: Answer, words: Words) -> Iterator[str]:
    yield words("asked_unexplained")
    shown = answered.findings[:_SHOWN_FINDINGS]
    if not shown:
        yield words("no_findings")
        return
    yield words("findings", count=len(answered.findings), shown=len(shown))
    for finding in shown:
        yield from _finding(finding, words)


def _finding(finding: Finding, words: Words) -> Iterator[str]:
    dutch = words.language is Language.NL
    yield words("finding", who=finding.about.short, score=words.decimal(finding.score))
    for sentence in finding.sentences.nl if dutch else finding.sentences.en:
        yield words("sentence", sentence=sentence)
    for term in finding.terms:
        points = words.decimal(term.value, sign=True).rjust(8)
        yield words("term", points=points, reason=term.nl if dutch else term.en)
