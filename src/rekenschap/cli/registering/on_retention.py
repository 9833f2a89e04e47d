# SPDX-License-Identifier: EUPL-1.2
"""What the commands on retention per activity, and on the register of erasures, do and say."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from secrets import token_bytes

from rekenschap.audit.desk.people import reading
from rekenschap.audit.register import (
    Lapsing,
    OrderTold,
    erasures_in,
    lapsing,
    left_over,
    register_of,
    wish_to_forget,
    wishes_of,
)
from rekenschap.cli.custody.erasing import write_opening
from rekenschap.cli.packing.on_packs import founded
from rekenschap.cli.speak import check_can_write, program, say, say_json
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.errors import ExitCode
from rekenschap.house import right_now
from rekenschap.ledger.custody.forgetting import NONCE_SIZE, Opening
from rekenschap.ledger.keeping import authority_of
from rekenschap.ledger.keeping.drafting import draft_orders
from rekenschap.ledger.keeping.retention import terms_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked on the command line."""

    home: Path
    terms: Path | None
    out: Path
    forgets: bool


def retention(asked: Asked, *, language: Language, as_json: bool) -> int:
    """List what is due by term, and write the orders for it, to be carried out one after another."""
    words, house, now = words_in(language), founded(asked.home), right_now()
    terms, out = asked.terms, asked.out
    ledger = reading(house)
    authority = authority_of(ledger)
    others = {} if terms is None else {each.relation: each for each in terms_in(terms)}
    due = lapsing(ledger, authority, register_of(house), now=now, others=others)
    at = int(now.timestamp() * 1_000_000)
    openings = [
        Opening(nonce=token_bytes(NONCE_SIZE), token=each)
        for each in (left_over(house, ledger) if asked.forgets else ())
    ]
    wishes = wishes_of(due, now=now)
    if openings:
        wishes.append(wish_to_forget(tuple(each.commitment() for each in openings), now=now))
    texts = draft_orders(ledger, authority, wishes, at=at) if authority.needed else []
    paths = [
        out / f"order-{number}-{'forget' if wish.originals else 'register'}.txt"
        for number, wish in enumerate(wishes[: len(texts)], 1)
    ]
    for path, text in zip(paths, texts, strict=True):
        check_can_write(path, "--out")
        path.write_text(text, encoding="utf-8")
    opened = write_opening(paths[-1], openings) if paths and openings else None
    if as_json:
        told = {
            "due": [_due_told(each) for each in due.found], "without": due.without, "forget": len(openings),
        }  # fmt: skip
        say_json(told | {"orders": [str(path) for path in paths]})
        return ExitCode.FINE
    _say_due(due.found, words)
    if due.without:
        say(words("register_without_term", count=words.number(due.without)))
    if openings:
        say(words("register_left_over", count=words.number(len(openings))))
    if (due.found or openings) and not authority.needed:
        say(words("keys_no_officers", program=program()))
    for path in paths:
        say(words("order_written", path=path, needed=authority.needed))
    if opened is not None:
        say(words("order_opening", path=opened))
    if paths:
        say(words("order_next", program=program()))
    return ExitCode.FINE


def erasures(home: Path, *, language: Language, as_json: bool) -> int:
    """List every order to erase, hold, release or forget, newest first."""
    words = words_in(language)
    found = erasures_in(reading(founded(home)))
    if as_json:
        say_json({"orders": [asdict(each) | {"at": each.at.isoformat()} for each in found]})
        return ExitCode.FINE
    say(*(_order_line(each, words) for each in found) if found else [words("erasures_none")])
    return ExitCode.FINE


def _say_due(found: tuple[Lapsing, ...], words: Words) -> None:
    for each in found:
        keys = ", ".join(each.kept.keys) or words("register_no_activity")
        say(words("register_due", keys=keys, days=words.number(each.kept.days), law=each.kept.law,
                  count=words.number(len(each.entries)), held=words.number(each.held)))  # fmt: skip
    if not found:
        say(words("retention_none"))


def _due_told(each: Lapsing) -> dict[str, object]:
    return {
        "keys": list(each.kept.keys), "days": each.kept.days, "law": each.kept.law,
        "count": len(each.entries), "held": each.held,
    }  # fmt: skip


def _order_line(each: OrderTold, words: Words) -> str:
    stand = "erasure_open" if each.action == "erase" and each.left else f"erasure_{each.action}"
    return words("erasure_line", at=f"{each.at:%Y-%m-%d}", entry=each.entry, law=each.law,
                 count=words.number(each.count), what=words(stand), reason=each.reason,
                 names=", ".join(each.signed_by))  # fmt: skip
