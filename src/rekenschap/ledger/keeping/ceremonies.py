# SPDX-License-Identifier: EUPL-1.2
"""The steps in which keys of a ledger begin, change and end. Each may be broken off and done again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from rekenschap.errors import RefusedError, VerificationError
from rekenschap.ledger.custody import Authority
from rekenschap.ledger.custody.key_statements import KeyAction, KeyStatement, Role
from rekenschap.ledger.custody.publickeys import PublicKey, verifier_of
from rekenschap.ledger.custody.statements import sign_statement
from rekenschap.ledger.keeping.recorded import authority_of, day_of, put_statement
from rekenschap.ledger.ledger import Ledger
from rekenschap.seams.keys import Keys
from rekenschap.tlog.note import Note
from rekenschap.tlog.vkey import SignatureKind


def begin_log_keys(ledger: Ledger, keys: Keys, *, at: int) -> None:
    """Put in the ledger which keys it began with, unless that stands there; those keys sign it."""
    authority = authority_of(ledger)
    if not authority.roster.has_begun(Role.LEDGER):
        own = _public(keys, ledger.origin)[: _first_generation(keys, ledger.origin)]
        _put(ledger, keys, _statement(ledger, authority, KeyAction.BEGIN, Role.LEDGER, own, at=at), at=at)


def draft_officers(
    ledger: Ledger, officers: Sequence[PublicKey], *, needed: int, retire: bool = False, at: int
) -> str:
    """Write the statement by which officers begin, are added or are retired, for them to sign.

    Raises RefusedError when it could not count whoever signed: fewer than two, or one person twice.
    """
    authority = authority_of(ledger)
    begun = authority.roster.has_begun(Role.OFFICER)
    action = KeyAction.RETIRE if retire else KeyAction.ADD if begun else KeyAction.BEGIN
    statement = _statement(ledger, authority, action, Role.OFFICER, officers, needed=needed, at=at)
    try:
        KeyStatement.from_text(statement.to_text())
        authority.roster.drafted(statement, entry=ledger.size)
    except VerificationError as error:
        raise RefusedError(
            expected=error.expected,
            found=error.found.removesuffix(f" at entry {ledger.size}"),
            remedy="let enough officers stay, or bring in others first"
            if retire
            else "give the public keys of at least two people, each with a key of their own",
            rule="four eyes",
        ) from error
    return statement.to_text()


def renew_log_keys(ledger: Ledger, keys: Keys, *, at: int) -> tuple[PublicKey, ...]:
    """Bring in the next keys of the log, signed by old and new; gives the new ones. Both sign from now on."""
    begin_log_keys(ledger, keys, at=at)
    keys.renew(ledger.origin)
    new = _newest(keys, ledger.origin)
    authority = authority_of(ledger)
    known = {key.key for key in authority.roster.current(Role.LEDGER)}
    if not {key.key for key in new} <= known:
        _put(ledger, keys, _statement(ledger, authority, KeyAction.ADD, Role.LEDGER, new, at=at), at=at)
    return new


def retire_log_keys(ledger: Ledger, keys: Keys, *, at: int) -> tuple[PublicKey, ...]:
    """Retire all keys of the log but the newest, signed by all, and destroy them; gives the retired ones.

    First the ledger says that they no longer count; only then they are gone.
    """
    authority = authority_of(ledger)
    current = authority.roster.current(Role.LEDGER)
    staying = {key.key for key in _newest(keys, ledger.origin)}
    if not staying <= {key.key for key in current}:
        # Otherwise a change that was broken off would end with keys that nobody brought in.
        raise RefusedError(
            expected="the newest keys of the log among those the ledger names",
            found="keys that were made and never brought in, or none that were ever changed",
            remedy="bring them in first: keys rotate",
            rule="keys",
        )
    old = tuple(key for key in current if key.key not in staying)
    if old:
        _put(ledger, keys, _statement(ledger, authority, KeyAction.RETIRE, Role.LEDGER, old, at=at), at=at)
    keys.retire(ledger.origin)
    return old


def _statement(
    ledger: Ledger,
    authority: Authority,
    action: KeyAction,
    role: Role,
    keys: Sequence[PublicKey],
    *,
    at: int,
    needed: int = 0,
) -> KeyStatement:
    head = authority.next_head(size=ledger.size, written=day_of(at))
    return KeyStatement(head=head, action=action, role=role, needed=needed, keys=tuple(keys))


def _put(ledger: Ledger, keys: Keys, statement: KeyStatement, *, at: int) -> None:
    text = statement.to_text()
    lines = tuple(sign_statement(text, signer) for signer in keys.signers(ledger.origin))
    put_statement(ledger, Note(text=text, signatures=lines), at=at)


def _public(keys: Keys, origin: str) -> tuple[PublicKey, ...]:
    return tuple(map(verifier_of, keys.verifier_texts(origin)))


def _newest(keys: Keys, origin: str) -> tuple[PublicKey, ...]:
    """Give the newest generation: each begins with Ed25519, oldest first."""
    own = _public(keys, origin)
    older = [*takewhile(lambda key: key.kind is not SignatureKind.ED25519, reversed(own))]
    return own[len(own) - len(older) - 1 :]


def _first_generation(keys: Keys, origin: str) -> int:
    """Say how many keys the oldest generation has."""
    kinds = [signer.kind for signer in keys.signers(origin)]
    return 1 + sum(1 for _ in takewhile(lambda kind: kind is not SignatureKind.ED25519, kinds[1:]))
