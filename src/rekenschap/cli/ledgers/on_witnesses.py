# SPDX-License-Identifier: EUPL-1.2
"""What concerns witnesses: run one, on a machine of another organisation; and what a check says of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rekenschap.cli.asking import LanguageOption
from rekenschap.cli.speak import say, say_json
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.errors import ExitCode, MalformedCheckpointError, SourceError
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.note import Note, Verifier
from rekenschap.tlog.policy import Policy, open_under

if TYPE_CHECKING:
    from rekenschap.house import LedgerPlace
    from rekenschap.ledger.publishing import Against
    from rekenschap.ledger.publishing.against import Kept

_MOST_BYTES = 1_000_000

witness_app = typer.Typer(
    name="witness",
    help="A witness: cosigns the checkpoints of somebody else's ledger, as long as each continues the last.",
    no_args_is_help=True,
)

HomeOption = Annotated[
    Path, typer.Option("--home", envvar="REKENSCHAP_WITNESS_HOME", help="Where the witness lives.")
]


@witness_app.command()
def keys(
    *,
    home: HomeOption = Path("rekenschap-witness"),
    name: Annotated[
        str, typer.Option(help="Name of a new witness, like a web address without https://.")
    ] = "witness.example/w1",
    language: LanguageOption = Language.NL,
    as_json: Annotated[
        bool, typer.Option("--json", help="End with one JSON object as the last line.")
    ] = False,
) -> int:
    """Print the public keys of a witness; makes the witness, its keys and its memory, when there is none."""
    from rekenschap.witness.home import WitnessHome

    witness, words = WitnessHome(root=home), words_in(language)
    is_new = not witness.is_founded
    texts = witness.found(name) if is_new else witness.verifier_texts()
    if as_json:
        say_json({"name": witness.name(), "new": is_new, "public_keys": [*texts]})
        return ExitCode.FINE
    say(words("witness_made" if is_new else "witness_is", name=witness.name(), path=home))
    say(*texts)
    say(words("witness_keys_for", path=home / "logs.txt"))
    return ExitCode.FINE


@witness_app.command()
def serve(
    *,
    home: HomeOption = Path("rekenschap-witness"),
    logs: Annotated[
        Path | None,
        typer.Option(
            help="Public keys of the ledgers to watch, one on each line; else logs.txt in the home."
        ),
    ] = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; put a proxy with https before it.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8470,
    language: LanguageOption = Language.NL,
) -> int:
    """Serve a witness until it is stopped; it refuses a ledger that was put back, rewritten or forked."""
    from rekenschap.house import right_now
    from rekenschap.witness.home import WitnessHome
    from rekenschap.witness.serving import serve as served

    words, witness = words_in(language), WitnessHome(root=home)
    app = witness.app(logs, clock=right_now)
    started = words("witness_serves", name=witness.name(), host=host, port=port, count=len(app.logs))
    served(app, host=host, port=port, ready=lambda: say(started))
    say(words("witness_stopped"))
    return ExitCode.FINE


def stamp_latest(home: Path, *, language: Language) -> int:
    """Have the latest checkpoint stamped by an outsider with a clock."""
    from rekenschap.house import House

    say(words_in(language)("stamp_kept", name=House.at(home).stamp()))
    return ExitCode.FINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What an outsider brings to a check: checkpoints that were kept elsewhere, and a policy of witnesses."""

    kept: tuple[tuple[Path, Kept], ...] = ()
    policy: Policy | None = None
    stamped_at: Callable[[bytes, str], datetime] | None = None


def bring(kept: Sequence[Path], policy: Path | None, roots: Path | None = None) -> Elsewhere:
    """Read what an outsider brings, before the long work begins; raises on what cannot be read."""
    from rekenschap.given import read_policy, read_roots
    from rekenschap.ledger.publishing import read_kept

    with _unreadable_is_trouble():
        read = tuple((path, read_kept(_bytes_of(path))) for path in kept)
    return Elsewhere(
        kept=read,
        policy=None if policy is None else read_policy(policy),
        stamped_at=None if roots is None else read_roots(roots),
    )


NOTHING_KEPT = Elsewhere()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What held against the world outside: kept checkpoints by path, and how far the witnesses cosigned."""

    size: int
    published: int
    kept: tuple[tuple[Path, Against], ...] = ()
    witnessed: Checkpoint | None = None
    witnesses: int = 0
    cosigned_at: datetime | None = None
    stamped: tuple[tuple[int, datetime], ...] | None = None

    def lines(self, words: Words) -> list[str]:
        """Say it to people; nothing when nothing was brought."""
        said = [
            words(
                "check_against" if each.is_signed else "check_against_bare",
                size=words.number(each.checkpoint.size),
                path=path,
            )
            for path, each in self.kept
        ]
        if self.witnessed is not None:
            covered, at = words.number(self.witnessed.size), _said(self.cosigned_at)
            said.append(words("check_witnessed", size=covered, count=self.witnesses, at=at))
        if self.published < self.size:
            said.append(words("check_unwitnessed", count=words.number(self.size - self.published)))
        if self.stamped is not None:
            count = words.number(len(self.stamped))
            said.append(words("check_stamps", count=count))
        if self.stamped:
            size, stamped_at = self.stamped[-1]
            said.append(words("check_stamped", size=words.number(size), at=_said(stamped_at)))
        return said

    def as_json(self) -> dict[str, object]:
        """Say it to machines."""
        told: dict[str, object] = {"published": self.published}
        if self.kept:
            told["against"] = [{"size": x.checkpoint.size, "signed": x.is_signed} for _, x in self.kept]
        if self.witnessed is not None:
            told |= {"witnessed": self.witnessed.size, "witnesses": self.witnesses}
        if self.stamped is not None:
            told["timestamps"] = [{"size": size, "at": at.isoformat()} for size, at in self.stamped]
        return told


def held_against(
    place: LedgerPlace, elsewhere: Elsewhere, *, checkpoint: Checkpoint, verifiers: Sequence[Verifier]
) -> Outside:
    """Hold a ledger, checked up to `checkpoint`, against what was kept elsewhere; raises AlarmError."""
    from rekenschap.given import as_verifier
    from rekenschap.ledger.custody import Keyring
    from rekenschap.ledger.keeping.recorded import authority_of
    from rekenschap.ledger.publishing import check_against, check_timestamps, stored_tree
    from rekenschap.ledger.state import published_note

    origin = checkpoint.origin
    policy = elsewhere.policy
    others = [] if policy is None else [as_verifier(each.key) for each in policy.witnesses]
    # The ledger was checked: what it says of its own keys vouches for those of older checkpoints.
    ring = Keyring.of([*verifiers, *others], authority_of(place.ledger()))
    kept = tuple(
        (
            path,
            check_against(
                each,
                ledger=checkpoint,
                read=stored_tree(place.store)(checkpoint.size),
                opened=ring.opened,
            ),
        )
        for path, each in elsewhere.kept
    )
    published = published_note(place.store) or b""
    outside = Outside(size=checkpoint.size, published=size_in(published), kept=kept)
    if elsewhere.stamped_at is not None:
        stamped = check_timestamps(
            place.store,
            ledger=checkpoint,
            read=stored_tree(place.store)(checkpoint.size),
            stamped_at=elsewhere.stamped_at,
        )
        outside = replace(outside, stamped=tuple(stamped))
    if policy is None:
        return outside
    witnessed, held = open_under(
        published, policy, verifier_of=as_verifier, logs=ring.keys_at(outside.published)
    )
    stamps = [each.timestamp for each in held if each.name != origin and each.timestamp]
    return replace(
        outside,
        witnessed=witnessed,
        witnesses=len(policy.witnesses) - len(policy.missing(held)),
        cosigned_at=datetime.fromtimestamp(max(stamps), UTC) if stamps else None,
    )


def size_in(note: bytes) -> int:
    """Give the size of the checkpoint in a note, without believing it."""
    return Checkpoint.from_text(Note.from_bytes(note).text).size


def _said(at: datetime | None) -> str:
    return "-" if at is None else f"{at:%Y-%m-%d %H:%M:%S} UTC"


def signed_in(path: Path) -> bytes:
    """Read a signed checkpoint that was kept elsewhere, without believing it; raises SourceError."""
    raw = _bytes_of(path)
    with _unreadable_is_trouble():
        size_in(raw)
    return raw


@contextmanager
def _unreadable_is_trouble() -> Iterator[None]:
    """What is no checkpoint at all says nothing of the ledger: correct the path, wake nobody."""
    try:
        yield
    except MalformedCheckpointError as error:
        raise SourceError(expected=error.expected, found=error.found, remedy=error.remedy) from error


def _bytes_of(path: Path) -> bytes:
    try:
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            raise OSError
        raw = path.read_bytes()
    except OSError as error:
        raise _no_checkpoint("a directory" if path.is_dir() else "none that can be read") from error
    if not raw.strip():
        raise _no_checkpoint("an empty file")
    return raw


def _no_checkpoint(found: str) -> SourceError:
    return SourceError(
        expected="a checkpoint that was kept elsewhere", found=found, remedy="correct the path"
    )
