# SPDX-License-Identifier: EUPL-1.2
"""Ways to spoil a proof, by name; each gives the text of a proof and the keys to read it with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from rekenschap.adapters.keys.signatures import KeyPair
from rekenschap.tlog.cosignature import signed_message
from rekenschap.tlog.note import Note, NoteSignature
from rekenschap.tlog.vkey import SignatureKind
from tests.standalone.both import (
    LOG,
    LOG_PQ,
    ORIGIN,
    STRANGER,
    WITNESS,
    WITNESS_PQ,
    Log,
    keys_of,
    pair,
    to_base64,
)
from tests.standalone.small import ENTRY, ROWS, SCHEMA, SMALL

Proof = dict[str, Any]
Trial = tuple[str, str, list[str]]
KEYS = keys_of(LOG)
EVERYONE = (LOG, LOG_PQ, WITNESS, WITNESS_PQ)
HASH = to_base64(b"\x07" * 32)


def good() -> Proof:
    return SMALL.proof(ENTRY, SCHEMA)


def forms() -> Iterator[Trial]:
    """Spell the same JSON in other ways: some are the same proof, some are not."""
    text = json.dumps(good())
    for name, other in (
        ("as one line", text),
        ("with other white space", json.dumps(good(), indent=7).replace(" ", "\t ").replace("\t ", " \t")),
        ("CRLF", json.dumps(good(), indent=1).replace("\n", "\r\n")),
        ("keys in another order", json.dumps(dict(reversed(good().items())))),
        (
            "keys inside in another order",
            json.dumps(good() | {"entry": dict(reversed(good()["entry"].items()))}),
        ),
        ("a byte order mark", "\ufeff" + text),
        ("something after it", text + "x"),
        ("white space around it", "\n\t " + text + "\r\n"),
        ("a null byte after it", text + "\x00"),
        ("cut", text[:-1]),
        ("in a list", f"[{text}]"),
        ("a trailing comma", text[:-1] + ",}"),
        ("a comment", text + "// x"),
        ("single quotes", text.replace('"', "'")),
        ("NaN for the index", text.replace('"index": 1', '"index": NaN')),
        ("Infinity for the version", text.replace('"version": 1', '"version": Infinity')),
        ("1.0 for the version", text.replace('"version": 1', '"version": 1.0')),
        ("1e0 for the version", text.replace('"version": 1', '"version": 1e0')),
        ("01 for the version", text.replace('"version": 1', '"version": 01')),
        ("true for the version", text.replace('"version": 1', '"version": true')),
        ("1.0 for the index", text.replace('"index": 1', '"index": 1.0')),
        ("true for the index", text.replace('"index": 1', '"index": true')),
        ("text for the index", text.replace('"index": 1', '"index": "1"')),
        ("-0 for an index", text.replace('"index": 0', '"index": -0')),
        ("-1 for an index", text.replace('"index": 1', '"index": -1')),
        ("2^63 for an index", text.replace('"index": 1', f'"index": {2**63}')),
        ("2^63 - 1 for an index", text.replace('"index": 1', f'"index": {2**63 - 1}')),
        ("an index of 5,000 digits", text.replace('"index": 1', '"index": ' + "9" * 5000)),
        ("an escaped key", text.replace('"index"', '"\\u0069ndex"')),
        ("an escaped value", text.replace('"rekenschap-proof"', '"\\u0072ekenschap-proof"')),
        ("half a character", text.replace('"rekenschap-proof"', '"\\ud800"')),
        ("another format", text.replace("rekenschap-proof", "rekenschap-proofs")),
        (
            "half a character for the salt",
            json.dumps(good() | {"entry": good()["entry"] | {"salt": "\ud800"}}),
        ),
        ("another version", text.replace('"version": 1', '"version": 2')),
        ("nested beyond reason", text.replace('"index": 1', '"index": ' + "[" * 100_000)),
        *((f"only {each!r}", each) for each in ("", " ", "{", "{}", "[]", "null", "5", '"x"', "\x00")),
    ):
        yield name, other, KEYS


def names() -> Iterator[Trial]:
    """Leave out, add, repeat and swap names."""
    for name in good():
        yield f"without {name}", json.dumps({k: v for k, v in good().items() if k != name}), KEYS
        yield f"{name} is null", json.dumps(good() | {name: None}), KEYS
        yield f"{name} is a list", json.dumps(good() | {name: [good()[name]]}), KEYS
        yield f"{name} twice, the same", _twice(good(), name, good()[name]), KEYS
        yield f"{name} twice, first another", _twice(good(), name, None), KEYS
        yield (
            f"{name} in capitals",
            json.dumps({(k.upper() if k == name else k): v for k, v in good().items()}),
            KEYS,
        )
    yield "a name too many", json.dumps(good() | {"remark": "x"}), KEYS
    for part in ("entry", "schema"):
        for name in good()[part]:
            inner = good()[part]
            yield (
                f"{part} without {name}",
                json.dumps(good() | {part: {k: v for k, v in inner.items() if k != name}}),
                KEYS,
            )
            yield f"{name} of {part} is null", json.dumps(good() | {part: inner | {name: None}}), KEYS
            yield f"{name} of {part} is an object", json.dumps(good() | {part: inner | {name: {}}}), KEYS
            yield f"{name} of {part} twice", _within(good(), part, _twice(inner, name, inner[name])), KEYS
            yield f"{name} of {part} twice, other first", _within(good(), part, _twice(inner, name, 5)), KEYS
        yield (
            f"{part} with a name too many",
            json.dumps(good() | {part: good()[part] | {"remark": "x"}}),
            KEYS,
        )
    yield (
        "entry and schema swapped",
        json.dumps(good() | {"entry": good()["schema"], "schema": good()["entry"]}),
        KEYS,
    )
    yield "the entry as its schema", json.dumps(good() | {"schema": good()["entry"]}), KEYS
    yield "the schema as the entry", json.dumps(good() | {"entry": good()["schema"]}), KEYS
    yield "a schema with a schema", json.dumps(SMALL.proof(4, 0)), KEYS
    yield "a fact without schema", json.dumps(SMALL.proof(1, None)), KEYS
    yield "a schema alone", json.dumps(SMALL.proof(0, None)), KEYS
    yield "a schema with another number", json.dumps(SMALL.proof(1, 4)), KEYS


def _twice(given: Proof, name: str, first: object) -> str:
    """Write an object in which a name stands twice."""
    return json.dumps({name: first})[:-1] + ", " + json.dumps(given)[1:]


def _within(given: Proof, part: str, written: str) -> str:
    return json.dumps(given | {part: "HERE"}).replace('"HERE"', written)


def spellings() -> Iterator[Trial]:
    """Spell base64 in other ways."""
    changes: dict[str, Callable[[str], str]] = {
        "without padding": lambda text: text.rstrip("="),
        "with padding too many": lambda text: text + "=",
        "with a newline": lambda text: text[:4] + "\n" + text[4:],
        "with a space": lambda text: text + " ",
        "in base64url": lambda text: text.replace("+", "-").replace("/", "_"),
        "with spare bits": _spare,
        "in hexadecimal": lambda text: text.encode().hex(),
        "empty": lambda _text: "",
        "beyond ASCII": lambda text: "é" + text[1:],
        "one group less": lambda text: text[4:],
        "one group more": lambda text: "AAAA" + text,
    }
    for name, change in changes.items():
        for part in ("entry", "schema"):
            inner = good()[part]
            for field in ("salt", "row"):
                other = inner | {field: change(inner[field])}
                yield f"{field} of {part} {name}", json.dumps(good() | {part: other}), KEYS
            other = inner | {"path": [change(inner["path"][0]), *inner["path"][1:]]}
            yield f"first hash of {part} {name}", json.dumps(good() | {part: other}), KEYS
        yield f"checkpoint {name}", json.dumps(good() | {"checkpoint": change(good()["checkpoint"])}), KEYS


def _spare(text: str) -> str:
    """Set a bit of the last character that no byte has."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    at = len(text.rstrip("=")) - 1
    return text[:at] + alphabet[alphabet.index(text[at]) ^ 1] + text[at + 1 :]


def paths() -> Iterator[Trial]:
    """Bend the way to the root."""
    for part in ("entry", "schema"):
        inner = good()[part]
        path = inner["path"]
        others = {
            "empty": [],
            "without its first": path[1:],
            "without its last": path[:-1],
            "with one more at the end": [*path, HASH],
            "with one more in front": [HASH, *path],
            "with its last twice": [*path, path[-1]],
            "reversed": path[::-1],
            "of 63 hashes": path + [HASH] * (63 - len(path)),
            "of 64 hashes": path + [HASH] * (64 - len(path)),
            "text": "".join(path),
            "of numbers": [5],
            "of lists": [path],
        }
        for name, other in others.items():
            yield f"path of {part} {name}", json.dumps(good() | {part: inner | {"path": other}}), KEYS
        for index in range(7):
            yield f"{part} moved to {index}", json.dumps(good() | {part: inner | {"index": index}}), KEYS
    late = Log(rows=(ROWS[1], ROWS[0], ROWS[2]))
    yield "the schema after the entry", late.proof_text(0, 1), KEYS
    yield "the schema before the entry", late.proof_text(2, 1), KEYS
    alone = Log(rows=ROWS[:1])
    yield "a log of one entry", alone.proof_text(0, None), KEYS
    for index in (1, 2, 5):
        beyond = alone.proof(0, None)
        yield (
            f"entry {index} in a log of one",
            json.dumps(beyond | {"entry": alone.opening(0) | {"index": index}}),
            KEYS,
        )
    for size in range(2, 20):
        grown = Log(rows=(*ROWS[:2], *ROWS[2:3] * (size - 2)))
        yield f"a log of {size} entries", grown.proof_text(size - 1, 0), KEYS


def notes() -> Iterator[Trial]:
    """Spoil the checkpoint and who signed it."""
    whole = SMALL.note.to_bytes()
    text, lines = SMALL.text, SMALL.note.signatures
    root = text.split("\n")[2]
    for name, raw in (
        ("empty", b""),
        ("CRLF", whole.replace(b"\n", b"\r\n")),
        ("no last newline", whole[:-1]),
        ("a newline more", whole + b"\n"),
        ("a newline in front", b"\n" + whole),
        ("no empty line", whole.replace(b"\n\n", b"\n")),
        ("two empty lines", whole.replace(b"\n\n", b"\n\n\n")),
        ("no signatures", text.encode() + b"\n"),
        ("not UTF-8", b"\xff" + whole),
        ("a byte order mark", b"\xef\xbb\xbf" + whole),
        ("a hyphen for the dash", whole.replace("—".encode(), b"-")),
        ("a shorter dash", whole.replace("—".encode(), "–".encode())),
        ("two spaces", whole.replace("— ".encode(), "—  ".encode())),
        ("a tab", whole.replace("— ".encode(), "—\t".encode())),
        ("a plus in the name", whole.replace("— ".encode(), "— +".encode())),
        ("a non-breaking space in the name", whole.replace("— ".encode(), "— \u00a0".encode())),
        ("a space at the end of a signature", whole[:-1] + b" \n"),
        ("a signature of four bytes", text.encode() + f"\n— x {to_base64(bytes(4))}\n".encode()),
        ("a million bytes", whole + b"x" * 1_000_000),
    ):
        yield f"note: {name}", _with_note(raw), KEYS
    for name, other in (
        ("an extension line", text + "more\n"),
        ("another origin", text.replace(ORIGIN, "example.org/other")),
        ("an empty origin", text.replace(ORIGIN, "")),
        ("an origin of 255 bytes", text.replace(ORIGIN, "o" * 255)),
        ("an origin of 256 bytes", text.replace(ORIGIN, "o" * 256)),
        ("an origin of 128 letters of two bytes", text.replace(ORIGIN, "é" * 128)),
        ("a control character", text.replace(ORIGIN, "exa\tmple.org/ledger")),
        ("a delete character", text.replace(ORIGIN, "exa\x7fmple.org/ledger")),
        ("a space in the origin", text.replace(ORIGIN, "an origin")),
        ("a line separator in the origin", text.replace(ORIGIN, "an\u2028origin")),
        ("another size", text.replace("\n5\n", "\n6\n")),
        ("a leading zero", text.replace("\n5\n", "\n05\n")),
        ("a sign", text.replace("\n5\n", "\n+5\n")),
        ("a fraction", text.replace("\n5\n", "\n5.0\n")),
        ("a size of 2^63", text.replace("\n5\n", f"\n{2**63}\n")),
        ("a size of 2^63 - 1", text.replace("\n5\n", f"\n{2**63 - 1}\n")),
        ("a size of 30 digits", text.replace("\n5\n", f"\n{10**29}\n")),
        ("a digit that is none of ours", text.replace("\n5\n", "\n٥\n")),
        ("size 0", text.replace("\n5\n", "\n0\n")),
        ("size 0 and its root", f"{ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"),
        ("no root", text.replace(root, "")),
        ("another root", text.replace(root, HASH)),
        ("a root without padding", text.replace(root, root[:-1])),
        ("two lines", "\n".join(text.split("\n")[:2]) + "\n"),
    ):
        origin = other.split("\n")[0]
        yield f"signed: {name}", _with_note(_signed(other)), KEYS
        if origin != ORIGIN and 0 < len(origin.encode()) <= 255 and not set(origin) & set("\t \u2028"):
            own = pair(origin, SignatureKind.ED25519)
            yield f"signed by its own key: {name}", _with_note(_signed(other, own)), keys_of(own)
    strange = NoteSignature(name="x", key_id=bytes(4), packed=b"y")
    for count in (1, 99, 100):
        raw = Note(text=text, signatures=lines).to_bytes() + strange.to_line().encode() * count
        yield f"note: {count} unknown signatures more", _with_note(raw), KEYS
    packed = to_base64(bytes(9))
    for name, line in (
        ("with a plus in its name", f"— x+y {packed}"),
        ("with a non-breaking space in its name", f"— x\u00a0y {packed}"),
        ("without a name", f"—  {packed}"),
        ("of four bytes", f"— x {to_base64(bytes(4))}"),
        ("without padding", f"— x {to_base64(bytes(10)).rstrip('=')}"),
        ("with a hyphen", f"- x {packed}"),
        ("that is empty", ""),
        ("of a million bytes", f"— x {to_base64(bytes(750_000))}"),
    ):
        yield f"note: an unknown signature {name}", _with_note(whole + line.encode() + b"\n"), KEYS
    twice = Note(text=text, signatures=(*lines, *lines)).to_bytes()
    yield "note: the signature twice", _with_note(twice), KEYS
    yield "note: a name beyond ASCII", _with_note(whole + f"— é {to_base64(bytes(9))}\n".encode()), KEYS


def _signed(text: str, key: Any = LOG) -> bytes:
    """Sign any text at all, also one no note may have."""
    line = NoteSignature(name=key.name, key_id=key.key_id, packed=key.sign(text.encode()))
    return text.encode() + b"\n" + line.to_line().encode()


def _with_note(raw: bytes) -> str:
    return json.dumps(good() | {"checkpoint": to_base64(raw)})


def signatures() -> Iterator[Trial]:
    """Leave out, spoil, move and add signatures of every kind, and give other keys."""
    log = Log(rows=ROWS, signers=EVERYONE, timestamp=1_790_000_000)
    note, proof, everyone = log.note, log.proof(ENTRY, SCHEMA), keys_of(*EVERYONE)

    def told(lines: tuple[NoteSignature, ...]) -> str:
        raw = (log.text + "\n").encode() + b"".join(line.to_line().encode() for line in lines)
        return json.dumps(proof | {"checkpoint": to_base64(raw)})

    yield "signed by everyone", told(note.signatures), everyone
    for at, each in enumerate(EVERYONE):
        who = f"{each.name} ({each.kind.name})"
        line, others = note.signatures[at], tuple(x for x in note.signatures if x is not note.signatures[at])
        yield f"without the signature of {who}", told(others), everyone
        yield (
            f"without the key of {who}",
            told(note.signatures),
            [k for k in everyone if k != each.key.to_text()],
        )
        yield f"only the key of {who}", told(note.signatures), keys_of(each)
        yield f"only the signature of {who}", told((line,)), everyone
        yield f"only signature and key of {who}", told((line,)), keys_of(each)
        yield f"the key of {who} twice", told(note.signatures), [*everyone, each.key.to_text()]
        for name, packed in (
            ("zeros", bytes(len(line.packed))),
            ("a byte less", line.packed[:-1]),
            ("a byte more", line.packed + b"\x00"),
            ("another time", (1).to_bytes(8, "big") + line.packed[8:]),
            ("a time beyond 2^63", b"\xff" * 8 + line.packed[8:]),
            ("eight bytes", line.packed[:8]),
            ("one byte", b"\x00"),
        ):
            spoiled = NoteSignature(name=line.name, key_id=line.key_id, packed=packed)
            yield f"the signature of {who}: {name}", told((*others, spoiled)), everyone
            yield f"the signature of {who} and one with {name}", told((*note.signatures, spoiled)), everyone
        renamed = NoteSignature(name="x" + line.name, key_id=line.key_id, packed=line.packed)
        yield f"the signature of {who} under another name", told((*others, renamed)), everyone
        strange = NoteSignature(name=line.name, key_id=bytes(4), packed=line.packed)
        yield f"the signature of {who} under another id", told((*others, strange)), everyone
    for witness in (WITNESS, WITNESS_PQ):
        late = _at(witness, log.text, 2**63)
        yield (
            f"{witness.name} ({witness.kind.name}) signed at 2^63",
            told((*note.signatures[:2], late)),
            everyone,
        )
    reverse = tuple(reversed(note.signatures))
    yield "signatures in another order", told(reverse), everyone
    yield "keys in another order", told(note.signatures), everyone[::-1]
    for timestamp in (0, 1, 2**63 - 1):
        timed = Log(rows=ROWS, signers=EVERYONE, timestamp=timestamp)
        yield f"signed at {timestamp}", timed.proof_text(ENTRY, SCHEMA), everyone
    stranger = Log(rows=ROWS, signers=(STRANGER,))
    yield "signed by a stranger", stranger.proof_text(ENTRY, SCHEMA), keys_of(LOG, STRANGER)
    yield "no keys of the log", SMALL.proof_text(ENTRY, SCHEMA), keys_of(WITNESS)
    yield "no keys", SMALL.proof_text(ENTRY, SCHEMA), []


def _at(witness: KeyPair, text: str, time: int) -> NoteSignature:
    """Cosign at a time that our own signer would refuse."""
    if witness.kind is SignatureKind.ML_DSA_44:
        message = bytearray(signed_message(witness.kind, witness.name, text))
        at = 12 + 1 + len(witness.name.encode())
        message[at : at + 8] = time.to_bytes(8, "big")
    else:
        message = bytearray(f"cosignature/v1\ntime {time}\n{text}".encode())
    packed = time.to_bytes(8, "big") + witness.sign(bytes(message))
    return NoteSignature(name=witness.name, key_id=witness.key_id, packed=packed)


def keys() -> Iterator[Trial]:
    """Spoil a line of the public keys."""
    text, good_key = SMALL.proof_text(ENTRY, SCHEMA), KEYS[0]
    name, key_id, encoded = good_key.split("+", 2)
    for what, other in (
        ("without id", f"{name}+{encoded}"),
        ("another id", f"{name}+00000000+{encoded}"),
        ("the id in capitals", f"{name}+{key_id.upper()}+{encoded}"),
        ("another name", f"x{good_key}"),
        ("no name", f"+{key_id}+{encoded}"),
        ("a space in the name", good_key.replace("example", "exam ple")),
        ("without padding", good_key + "="),
        ("an unknown kind", f"{name}+{key_id}+{to_base64(bytes([2]) + bytes(32))}"),
        ("empty key", f"{name}+{key_id}+"),
        ("a name of 256 bytes", "x" * 256 + good_key[len(name) :]),
        ("a word", "x"),
        ("white space around it", f" \t{good_key} "),
    ):
        yield f"key: {what}", text, [other]
    public = LOG.key.public_key
    for what, own_name, raw in (
        ("an unknown kind and its own id", name, bytes([2]) + public),
        ("no bytes and its own id", name, b""),
        ("a space in the name and its own id", "exam ple", bytes([1]) + public),
        ("a line separator in the name and its own id", "exam\u2028ple", bytes([1]) + public),
        ("a delete character in the name and its own id", "exam\x7fple", bytes([1]) + public),
        ("no name and its own id", "", bytes([1]) + public),
        ("a name of 255 bytes and its own id", "n" * 255, bytes([1]) + public),
        ("a name of 256 bytes and its own id", "n" * 256, bytes([1]) + public),
    ):
        own = sha256(own_name.encode() + b"\n" + raw).digest()[:4].hex()
        yield f"key: {what}", text, [good_key, f"{own_name}+{own}+{to_base64(raw)}"]
    for kind, size in ((1, 31), (1, 33), (4, 31), (6, 32), (6, 1311), (6, 1313)):
        raw = bytes([kind]) + bytes(size)
        own = sha256(name.encode() + b"\n" + raw).digest()[:4].hex()
        yield f"key: {size} bytes of kind {kind}", text, [f"{name}+{own}+{to_base64(raw)}"]


ALL: dict[str, Callable[[], Iterator[Trial]]] = {
    each.__name__: each for each in (forms, names, spellings, paths, notes, signatures, keys)
}
