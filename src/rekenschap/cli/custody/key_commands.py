# SPDX-License-Identifier: EUPL-1.2
"""The commands on keys: those of the log, which the house holds, and of officers, who hold their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rekenschap.cli.asking import HOME, HomeOption, LanguageOption
from rekenschap.cli.speak import check_can_write, program, say, say_json
from rekenschap.cli.texts import Language, words_in
from rekenschap.errors import ExitCode, KeysError, RefusedError

if TYPE_CHECKING:
    from rekenschap.house import House
    from rekenschap.ledger import Ledger
    from rekenschap.ledger.custody.publickeys import PublicKey

keys_app = typer.Typer(
    name="keys",
    help="Keys: what there is, officers who hold their own, new keys for the log.",
    no_args_is_help=True,
)

FilesArgument = Annotated[
    list[Path], typer.Argument(help="The signed file, or the copies each signed.", readable=False)
]


@keys_app.command()
def new(
    name: Annotated[
        str, typer.Argument(help="Name of the key, as example.nl/officer-1; no name of a person.")
    ],
    *,
    out: Annotated[Path, typer.Option(help="The file to make, on a medium of your own.")],
    language: LanguageOption = Language.NL,
) -> int:
    """Make a key of your own, as an officer: the private half in a file, the public half beside it (.pub)."""
    from rekenschap.adapters.keys.own_file import make_own_key

    words, public = words_in(language), out.with_name(f"{out.name}.pub")
    check_can_write(public, "--out")
    text = make_own_key(out, name).key.to_text()
    public.write_text(f"{text}\n", encoding="utf-8")
    say(words("keys_new", path=out), text, words("keys_new_next", path=public))
    return ExitCode.FINE


@keys_app.command()
def show(
    *,
    home: HomeOption = HOME,
    language: LanguageOption = Language.NL,
    as_json: Annotated[
        bool, typer.Option("--json", help="End with one JSON object as the last line.")
    ] = False,
) -> int:
    """Show which keys count, in which role, from which size on; never a secret."""
    from rekenschap.house import LedgerPlace
    from rekenschap.ledger.custody.key_statements import Role
    from rekenschap.ledger.keeping import authority_of

    words, ledger = words_in(language), LedgerPlace.of(home).ledger()
    authority = authority_of(ledger)
    told = [
        {
            "role": span.role.value,
            "name": span.key.name,
            "kind": span.key.kind.name,
            "since": span.since,
            "until": span.until,
            "public_key": span.key.key.to_text(),
        }
        for span in authority.roster.spans
    ]
    if as_json:
        say_json({"origin": ledger.origin, "size": ledger.size, "needed": authority.needed, "keys": told})
        return ExitCode.FINE
    say(words("keys_of", origin=ledger.origin, size=words.number(ledger.size)))
    for each in told:
        text = "keys_line" if each["until"] is None else "keys_line_retired"
        say(words(text, **{**each, "role": words(f"keys_role_{each['role']}")}))
    if not authority.roster.has_begun(Role.LEDGER):
        say(words("keys_log_unnamed"))
    say(
        words("keys_needed", needed=authority.needed, count=len(authority.officers))
        if authority.needed
        else words("keys_no_officers", program=program())
    )
    return ExitCode.FINE


@keys_app.command()
def ceremony(
    *,
    officer: Annotated[
        list[str] | None, typer.Option(help="Public key of an officer, or its .pub file; give one for each.")
    ] = None,
    retire: Annotated[
        list[str] | None, typer.Option(help="Public key of an officer who leaves, or its .pub file.")
    ] = None,
    needed: Annotated[int, typer.Option(min=2, max=20, help="How many officers an order needs.")] = 2,
    out: Annotated[Path, typer.Option(help="The statement for the officers to sign.")] = Path("ceremony.txt"),
    home: HomeOption = HOME,
    language: LanguageOption = Language.NL,
) -> int:
    """Write the statement that names the officers, for each of them to sign: four eyes at least."""
    from rekenschap.house import right_now
    from rekenschap.ledger.keeping.ceremonies import begin_log_keys, draft_officers

    words = words_in(language)
    if bool(officer) == bool(retire):
        raise RefusedError(
            expected="officers who begin (--officer) or officers who leave (--retire)",
            found="both" if officer else "neither",
            remedy="hold one ceremony for each",
            rule="four eyes",
        )
    check_can_write(out, "--out")
    named, at = _public_keys(officer or retire or []), int(right_now().timestamp() * 1_000_000)
    house, ledger = _opened(home)
    # Once before anything is added: a refusal leaves nothing. Once after: it names what went before it.
    draft_officers(ledger, named, needed=needed, retire=bool(retire), at=at)
    begin_log_keys(ledger, house.keys, at=at)
    text = draft_officers(ledger, named, needed=needed, retire=bool(retire), at=at)
    out.write_text(text, encoding="utf-8")
    say(words("keys_ceremony", count=len(named), needed=needed, path=out))
    say(words("keys_sign_next", program=program(), path=out))
    say(words("keys_accept_next", program=program(), path=out))
    return ExitCode.FINE


@keys_app.command()
def sign(
    statement: Annotated[Path, typer.Argument(help="A statement about keys, or an order.", readable=False)],
    *,
    key: Annotated[Path, typer.Option("--key", help="The file with your own private key.")],
    out: Annotated[Path | None, typer.Option(help="Where to write it; else in the same file.")] = None,
    language: LanguageOption = Language.NL,
) -> int:
    """Sign a statement or an order with your own key, on your own machine; shows what you sign."""
    from rekenschap.adapters.keys.own_file import read_own_key
    from rekenschap.cli.custody.papers import carried_out_by, read_paper, signed_with

    words, place = words_in(language), out or statement
    check_can_write(place, "--out")
    pair, (text, note, stated) = read_own_key(key), read_paper(statement)
    say(words("keys_you_sign"), *(f"   {line}" for line in text.splitlines()))
    signed = signed_with(text, note, pair)
    place.write_bytes(signed.to_bytes())
    say(words("keys_signed", count=len(signed.signatures), path=place))
    say(words("keys_signed_next", program=program(), command=carried_out_by(stated), path=place))
    return ExitCode.FINE


@keys_app.command()
def accept(files: FilesArgument, *, home: HomeOption = HOME, language: LanguageOption = Language.NL) -> int:
    """Put a signed statement about keys in the ledger, once everybody signed who must."""
    from rekenschap.cli.custody.papers import read_signed
    from rekenschap.house import right_now
    from rekenschap.ledger.custody.key_statements import KeyStatement
    from rekenschap.ledger.keeping import put_statement

    words, (note, stated) = words_in(language), read_signed(files)
    if not isinstance(stated, KeyStatement):
        raise RefusedError(
            expected="a statement about keys",
            found="an order",
            remedy=f"use `{program()} erase`, `hold` or `forget`",
            rule="statement",
        )
    _, ledger = _opened(home)
    receipt = put_statement(ledger, note, at=int(right_now().timestamp() * 1_000_000))
    say(words("keys_accepted", entry=receipt.size - 1))
    say(words("keys_show_next", program=program()))
    return ExitCode.FINE


@keys_app.command()
def rotate(*, home: HomeOption = HOME, language: LanguageOption = Language.NL) -> int:
    """Bring in new keys for the log; old and new sign side by side until `keys retire`."""
    from rekenschap.house import right_now
    from rekenschap.ledger.keeping.ceremonies import renew_log_keys

    words, (house, ledger) = words_in(language), _opened(home)
    made = renew_log_keys(ledger, house.keys, at=int(right_now().timestamp() * 1_000_000))
    _publish(house, made)
    say(words("keys_rotated"), *(key.key.to_text() for key in made))
    say(words("keys_rotated_next", program=program(), path=house.public_keys_path))
    return ExitCode.FINE


@keys_app.command()
def retire(*, home: HomeOption = HOME, language: LanguageOption = Language.NL) -> int:
    """Let all keys of the log but the newest sign no more, and destroy their private halves."""
    from rekenschap.house import right_now
    from rekenschap.ledger.keeping.ceremonies import retire_log_keys

    words, (house, ledger) = words_in(language), _opened(home)
    old = retire_log_keys(ledger, house.keys, at=int(right_now().timestamp() * 1_000_000))
    if not old:
        say(words("keys_none_to_retire", program=program()))
        return ExitCode.FINE
    say(words("keys_retired", count=len(old), size=words.number(ledger.size)))
    say(words("keys_retired_next", program=program(), path=home))
    return ExitCode.FINE


def _opened(home: Path) -> tuple[House, Ledger]:
    """Enter a house that is there and open its ledger to append."""
    from rekenschap.house import House, LedgerPlace

    origin = LedgerPlace.of(home).ledger().origin
    house = House.at(home)
    return house, house.ledger(origin=origin)


def _public_keys(given: list[str]) -> list[PublicKey]:
    """Read each public key from its text or its file."""
    from rekenschap.adapters.keys import verifier_of

    return [verifier_of(_text_of(each)) for each in given]


def _text_of(given: str) -> str:
    path = Path(given)
    if "+" in given and not path.is_file():
        return given
    try:
        text = path.read_text("utf-8", "replace")[:10_000]
    except OSError as error:
        raise _no_officer("no such file" if not path.exists() else "a file that cannot be read") from error
    if text.startswith("PRIVATE+KEY+"):
        raise _no_officer("a private key, which only its owner may hold")
    return text


def _no_officer(found: str) -> KeysError:
    return KeysError(
        expected="the public key of an officer, or its .pub file",
        found=found,
        remedy="give the .pub file that `rekenschap keys new` made",
    )


def _publish(house: House, made: tuple[PublicKey, ...]) -> None:
    """Add keys to the public keys of the house; those that were there stay."""
    path = house.public_keys_path
    kept = path.read_text("utf-8").split("\n") if path.is_file() else []
    lines = dict.fromkeys([*(line for line in kept if line), *(key.key.to_text() for key in made)])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
