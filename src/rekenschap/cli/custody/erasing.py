# SPDX-License-Identifier: EUPL-1.2
"""The commands on what may no longer be kept, or must be: due, orders, erasing, holding, forgetting."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from rekenschap.cli.custody.papers import carried_out_by, read_signed
from rekenschap.cli.speak import check_can_write, program, say, say_json
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.errors import ExitCode, NotAuthorisedError, RefusedError, SourceError
from rekenschap.house import PERIOD, House, LedgerPlace, right_now
from rekenschap.ledger import Ledger
from rekenschap.ledger.custody.forgetting import NONCE_SIZE, TOKEN_SIZE, Opening
from rekenschap.ledger.custody.key_statements import KeyStatement
from rekenschap.ledger.custody.orders import Order, OrderAction, Rule
from rekenschap.ledger.custody.ranges import Ranges
from rekenschap.ledger.keeping import authority_of, put_statement
from rekenschap.ledger.keeping.drafting import Wish, draft_orders, fitting
from rekenschap.ledger.keeping.erasing import Erasure, check_forgettable, erase, finish_erasures
from rekenschap.ledger.keeping.recorded import day_of, published_size
from rekenschap.ledger.keeping.retention import Due, due, terms_in

_NO_OFFICERS = "nobody: there are no officers yet"


def retention(home: Path, terms: Path, *, out: Path, language: Language, as_json: bool) -> int:
    """List what is due per relation, and write the orders for it, to be carried out one after another."""
    words, ledger, at = words_in(language), LedgerPlace.of(home).ledger(), _now()
    authority = authority_of(ledger)
    found = [due(ledger, authority, term, at=at) for term in terms_in(terms)]
    ripe = [each for each in found if each.entries]
    wishes = [_wish_of(each, at) for each in ripe]
    texts = draft_orders(ledger, authority, wishes, at=at) if authority.needed else []
    paths = [out / f"order-{n}-{each.term.relation}.txt" for n, each in enumerate(ripe, 1)][: len(texts)]
    for path, text in zip(paths, texts, strict=True):
        check_can_write(path, "--out")
        path.write_text(text, encoding="utf-8")
    if as_json:
        say_json({"due": [_told(each) for each in found], "orders": [str(path) for path in paths]})
        return ExitCode.FINE
    for each in found:
        say(words("retention_due", **_told(each)))
    if not ripe:
        say(words("retention_none"))
    elif not authority.needed:
        say(words("keys_no_officers", program=program()))
    _say_orders(words, paths, authority.needed)
    return ExitCode.FINE


def order(wish: Wish, out: Path, *, home: Path, tokens: Sequence[str], language: Language) -> int:
    """Write one order for officers to sign; one to forget also gets a file that opens its commitments."""
    words, ledger = words_in(language), LedgerPlace.of(home).ledger()
    _check_no_bsn(wish)
    check_can_write(out, "--out")
    authority = authority_of(ledger)
    if not authority.needed:
        raise RefusedError(
            expected="officers who may order it",
            found=_NO_OFFICERS,
            remedy=f"hold a ceremony first: {program()} keys ceremony",
            rule="four eyes",
        )
    openings = [Opening(nonce=os.urandom(NONCE_SIZE), token=_token(each)) for each in tokens]
    wish = Wish(
        action=wish.action,
        law=wish.law,
        reason=wish.reason,
        entries=wish.entries,
        originals=tuple(each.commitment() for each in openings),
        rule=wish.rule,
        term=wish.term,
    )
    out.write_text(draft_orders(ledger, authority, [wish], at=_now())[0], encoding="utf-8")
    if openings:
        say(words("order_opening", path=write_opening(out, openings)))
    _say_orders(words, [out], authority.needed)
    return ExitCode.FINE


def carry_out(files: Sequence[Path], wanted: Sequence[OrderAction], *, home: Path, language: Language) -> int:
    """Erase, hold or release as a signed order says; without an order, finish an erasure broken off."""
    words = words_in(language)
    if not files:
        done = _finished(home)
        if done == Erasure(runs=0, rows=0):
            say(words("erased_nothing"), words("order_check_next", program=program(), path=home))
            return ExitCode.FINE
        return _say_erased(words, done, home)
    note, stated = read_signed(files)
    found, ledger = _checked(stated, wanted), _opened(home)
    if found.action is OrderAction.ERASE:
        receipt, done = erase(ledger, note, at=_now())
        say(words("erased_ordered", entry=receipt.size - 1))
        if published_size(ledger) < receipt.size:
            say(words("erased_waits", program=program()))
            return ExitCode.FINE
        return _say_erased(words, done, home)
    receipt = put_statement(ledger, note, at=_now())
    say(words(f"order_{found.action}", entry=receipt.size - 1, count=words.number(len(found.entries))))
    say(words("order_check_next", program=program(), path=home))
    return ExitCode.FINE


def forget(files: Sequence[Path], opening: Path, *, home: Path, language: Language) -> int:
    """Destroy the keys of sealed originals as a signed order says, then the opening of the order."""
    from rekenschap.adapters.ciphers.aes_gcm import AesGcm
    from rekenschap.audit.forgetting import forget_records, records_of
    from rekenschap.intake.private.sealing import SealedOriginals

    words, (note, stated) = words_in(language), read_signed(files)
    found, openings = _checked(stated, [OrderAction.FORGET]), _openings_in(opening)
    ledger = _opened(home)
    if tuple(each.commitment() for each in openings) != found.originals:
        raise NotAuthorisedError(
            expected="the opening of this order",
            found="one of other pseudonyms",
            remedy="give the file that was written beside the order",
            rule="forget",
        )
    check_forgettable(ledger, [each.token for each in openings])
    # 1. The ledger says so first. Broken off after that, the same command goes on.
    if not {*found.originals} <= {*authority_of(ledger).forgotten}:
        put_statement(ledger, note, at=_now())
    # 2. Then the keys go, and the records in which the originals stand, and last what names the pseudonyms.
    house = House.at(home)
    originals = SealedOriginals(
        house.sealed_path, cipher=AesGcm(), sealing_key=house.keys.sealing_key(), period=PERIOD
    )
    try:
        for each in openings:
            originals.forget(each.token)
    finally:
        originals.close()
    if (records := records_of(house)) is not None:
        forget_records(records, ledger, {each.token for each in openings})
    opening.write_bytes(bytes(opening.stat().st_size))
    opening.unlink()
    say(words("forgotten", count=len(openings)))
    say(words("order_check_next", program=program(), path=home))
    return ExitCode.FINE


def write_opening(out: Path, openings: Sequence[Opening]) -> Path:
    """Write beside an order to forget what opens its commitments; gives the file."""
    path = opening_path(out)
    _write_private(path, "".join(each.to_line() for each in openings))
    return path


def opening_path(out: Path) -> Path:
    """Name the file beside an order that opens its commitments."""
    return out.with_name(f"{out.name}.opening")


def ranges_in(text: str) -> Ranges:
    """Read entries as in 12-40,77 from the command line, or none; raises RefusedError."""
    if not text:
        return Ranges()
    spelled = ",".join(part if "-" in part else f"{part}-{part}" for part in text.replace(" ", "").split(","))
    single = [Ranges.from_text(part) for part in spelled.split(",")]
    found = Ranges.of(span for each in single if each is not None for span in each)
    if not found or None in single:
        raise RefusedError(
            expected="entries as in 12-40,77", found="another text", remedy="correct --entries", rule="order"
        )
    return found


def _wish_of(found: Due, at: int) -> Wish:
    return Wish(
        action=OrderAction.ERASE,
        law=found.term.law,
        reason=f"retention {day_of(at).isoformat()}",
        entries=fitting(found.entries),
        rule=Rule.TERM,
        term=found.term.days,
    )


def _told(found: Due) -> dict[str, object]:
    return {
        "relation": found.term.relation,
        "days": found.term.days,
        "count": len(found.entries),
        "held": found.held,
        "whole": found.whole_runs,
    }


def _checked(found: Order | KeyStatement, wanted: Sequence[OrderAction]) -> Order:
    if isinstance(found, KeyStatement) or found.action not in wanted:
        raise RefusedError(
            expected=f"an order to {' or '.join(wanted)}",
            found="a statement about keys" if isinstance(found, KeyStatement) else f"one to {found.action}",
            remedy=f"give it to {program()} {carried_out_by(found)}",
            rule="order",
        )
    return found


def _say_orders(words: Words, paths: Sequence[Path], needed: int) -> None:
    for path in paths:
        say(words("order_written", path=path, needed=needed))
        say(words("keys_sign_next", program=program(), path=path))
    if paths:
        say(words("order_next", program=program()))


def _say_erased(words: Words, done: Erasure, home: Path) -> int:
    from rekenschap.audit.forgetting import drop_records_without_facts, records_of, renew_derived

    house = House.at(home)
    if (records := records_of(house)) is not None:
        drop_records_without_facts(records, LedgerPlace.of(home).ledger(), now=_now())
    if renew_derived(house, now=right_now()):
        say(words("erased_derived"))
    say(words("erased", rows=words.number(done.rows), runs=words.number(done.runs)))
    say(words("erased_next", program=program(), path=home))
    return ExitCode.FINE


def _check_no_bsn(wish: Wish) -> None:
    """An order stays in the ledger for ever: no number of a citizen may be in it."""
    import pyarrow as pa

    from rekenschap.intake.fields.numbers_in_text import holds_bsn

    if holds_bsn(pa.array([wish.law, wish.reason])).any():
        raise RefusedError(
            expected="a law and a reference",
            found="a text with a number that may be of a citizen",
            remedy="refer to the file by another number",
            rule="no bsn",
        )


def _token(text: str) -> bytes:
    from base64 import urlsafe_b64decode
    from binascii import Error

    try:
        token = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Error, ValueError):
        token = b""
    if len(token) != TOKEN_SIZE:
        raise RefusedError(
            expected="a pseudonym as `rekenschap verify` prints it",
            found="another text",
            remedy="correct --token",
            rule="order",
        )
    return token


def _openings_in(path: Path) -> list[Opening]:
    try:
        return [Opening.from_line(line) for line in path.read_text("ascii", "replace").splitlines()]
    except OSError as error:
        raise SourceError(
            expected="the file that opens the order",
            found="none that can be read",
            remedy="correct --opening",
        ) from error


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)


def _opened(home: Path) -> Ledger:
    origin = LedgerPlace.of(home).ledger().origin
    return House.at(home).ledger(origin=origin)


def _finished(home: Path) -> Erasure:
    """Publish what is anchored, then go on with every erasure that was broken off."""
    ledger = LedgerPlace.of(home).ledger()
    with House.at(home).alone():
        if published_size(ledger) < ledger.size:
            _opened(home).append([])
        done = finish_erasures(ledger, again=True)
        _opened(home)  # which says in the ledger that it is done
        return done


def _now() -> int:
    return int(right_now().timestamp() * 1_000_000)
