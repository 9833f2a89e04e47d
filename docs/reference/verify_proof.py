#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Check the proof of one entry of a Rekenschap ledger, without Rekenschap.

    python3 verify_proof.py PROOF PUBLIC-KEYS

PROOF is the file that was handed over. PUBLIC-KEYS has one public key of the log (or of a witness) on each
line and must come by another road than the proof. Needs Python 3.11 and `cryptography` 50, no network and
no ledger. Written from docs/reference/ledger-format.md. `verify` is the whole argument in four steps.

Ends with 0 when the proof holds, 5 when it does not, 4 when a file cannot be read, 2 when called wrongly.
"""

import base64
import json
import re
import sys
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

MOST_NUMBER, MOST_PROOF, MOST_KEYS, MOST_NOTE = 2**63 - 1, 16 * 1024 * 1024, 1_000_000, 1_000_000
ED25519, ED25519_TIMED, ML_DSA_44 = 0x01, 0x04, 0x06
METHODS = {ED25519: "Ed25519", ED25519_TIMED: "timed Ed25519", ML_DSA_44: "ML-DSA-44"}
# What kind of entry a row is follows from the relation it belongs to; all others are facts.
FACT, ENTRY_KINDS = 1, {"schema": 0, "erasure": 2, "hold": 3, "key_event": 4}
# The bytes of a value in the fixed part of a row. Of a text that is its length; the text itself comes after.
WIDTHS = {"token": 16, "text": 4, "code": 4, "time": 8, "day": 4, "count": 8, "flag": 1, "u32": 4}
SCHEMA_COLUMNS = [{"name": "schema_no", "kind": "u32"}, {"name": "text", "kind": "text"}]
# The one way to write a schema: JSON with sorted keys, without spaces, in ASCII.
NAME, WORD = "[a-z][a-z0-9_]{0,62}", "[a-z0-9_]{0,63}"
KIND = f'(?:"domain":"{WORD}","kind":"token"|"kind":"(?:bytes|code|count|day|flag|text|time)")'
COLUMN = rf'\{{{KIND},"name":"{NAME}","required":(?:true|false)(?:,"width":[1-9][0-9]{{0,3}})?\}}'
REST = rf'"happened":"{WORD}","relation":"{NAME}","version":[1-9][0-9]{{0,8}}'
SCHEMA = rf'\{{"columns":\[{COLUMN}(?:,{COLUMN})*\],{REST}\}}'
KEY_NAME = r"[^\x00-\x1f\s+]+"  # no control characters, white space or plus sign
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Key = namedtuple("Key", "name key_id kind public")
Opening = namedtuple("Opening", "index salt row path")  # an entry, and the way from it to the root
Checkpoint = namedtuple("Checkpoint", "text origin size root")  # what the log signed
Proven = namedtuple("Proven", "entry relation values checkpoint signatures")


def need(condition, reason):
    """Stop with this reason unless the condition holds; every ValueError means: the proof does not hold."""
    if not condition:
        raise ValueError(reason)


def from_base64(text, what, size=None):
    """Read standard base64 in its one canonical spelling, of so many bytes."""
    raw = base64.b64decode(text, validate=True) if isinstance(text, str) else None
    good = raw is not None and base64.b64encode(raw).decode() == text and size in (None, len(raw))
    need(good, f"{what} is not {size or 'some'} bytes in canonical base64")
    return raw


def read_proof(text):
    """Step 1, the form. Read the JSON strictly: exactly these names, each once, and numbers as digits."""
    proof = json.loads(text, object_pairs_hook=once, parse_int=count, parse_float=count, parse_constant=count)
    need(isinstance(proof, dict) and proof.get("format") == "rekenschap-proof", "it is no rekenschap-proof")
    need(set(proof) == {"checkpoint", "entry", "format", "schema", "version"}, "it has other names")
    need(type(proof["version"]) is int and proof["version"] == 1, "it is not of version 1")
    schema = None if proof["schema"] is None else read_opening(proof["schema"])
    return read_opening(proof["entry"]), schema, from_base64(proof["checkpoint"], "the checkpoint")


def read_opening(given):
    """Read index, salt, row and path of one entry."""
    need(isinstance(given, dict) and set(given) == {"index", "path", "row", "salt"}, "an entry is malformed")
    index, path = given["index"], given["path"]
    good = type(index) is int and index <= MOST_NUMBER and isinstance(path, list) and len(path) <= 63
    need(good, "an index is not a number below 2^63, or a path not a list of at most 63 hashes")
    salt, row = from_base64(given["salt"], "a salt", 16), from_base64(given["row"], "a row")
    return Opening(index, salt, row, [from_base64(each, "a hash of a path", 32) for each in path])


def once(pairs):
    """Refuse a name that stands twice: two readers could see two values."""
    need(len(dict(pairs)) == len(pairs), "a name stands twice in one object")
    return dict(pairs)


def count(number):
    """Refuse signs, fractions, exponents and NaN."""
    need(number.isdigit(), "a number is not written in digits only")
    return int(number)


def read_key(line):
    """Read `name+id+key`; the id is the first 4 bytes of SHA-256(name | 0A | kind | key), in hex."""
    name, shown_id, encoded = (*line.split("+", 2), "", "")[:3]
    raw = from_base64(encoded, "a public key")
    key_id = sha256(name.encode() + b"\n" + raw).digest()[:4]
    need(raw and raw[0] in METHODS and re.fullmatch(KEY_NAME, name), "a key is not in the form name+id+key")
    need(len(name.encode()) <= 255 and key_id.hex() == shown_id, "an id does not follow from name and key")
    method = MLDSA44PublicKey if raw[0] == ML_DSA_44 else Ed25519PublicKey
    return Key(name, key_id, raw[0], method.from_public_bytes(raw[1:]))


def read_note(raw):
    """Split a signed note into its three lines and its signatures (name, key id, the rest)."""
    need(len(raw) <= MOST_NOTE, "the checkpoint is too large")
    text, _, below = raw.decode("utf-8").rpartition("\n\n")
    lines, signatures = text.split("\n"), below.split("\n")
    need(signatures.pop() == "", "the checkpoint is not a text, an empty line and signatures")
    need(len(lines) == 3 and 1 <= len(signatures) <= 100, "the checkpoint has too few or too many lines")
    origin, size, root = lines[0], lines[1], from_base64(lines[2], "the root", 32)
    need(1 <= len(origin.encode()) <= 255 and min(origin) >= " ", "the origin is malformed")
    need(re.fullmatch("0|[1-9][0-9]{0,18}", size) and int(size) <= MOST_NUMBER, "the size is malformed")
    need(int(size) > 0 or root == sha256().digest(), "an empty log has another root")
    return Checkpoint(text + "\n", origin, int(size), root), [read_signature(line) for line in signatures]


def read_signature(line):
    """Read a line `— name base64(key id | signature)`."""
    name, _, encoded = line[2:].partition(" ")
    raw = from_base64(encoded, "a signature")
    need(line[:2] == "— " and re.fullmatch(KEY_NAME, name) and len(raw) > 4, "a signature line is malformed")
    return name, raw[:4], raw[4:]


def signed_bytes(key, checkpoint, time):
    """Give the bytes that a key of this kind signs for a checkpoint; `time` in seconds since 1970 UTC."""
    if key.kind == ED25519:
        return checkpoint.text.encode()
    if key.kind == ED25519_TIMED:
        return f"cosignature/v1\ntime {time}\n{checkpoint.text}".encode()
    name, origin, size = key.name.encode(), checkpoint.origin.encode(), checkpoint.size.to_bytes(8, "big")
    head = b"subtree/v1\n\x00" + bytes([len(name)]) + name + time.to_bytes(8, "big")
    return head + bytes([len(origin)]) + origin + bytes(8) + size + checkpoint.root


def check_signatures(note, keys):
    """Step 2, the signatures. One of a known key that fails refuses all; unknown keys are passed over."""
    checkpoint, signatures = read_note(note)
    known, held = {(key.name, key.key_id): key for key in keys}, {}
    if len(known) != len(keys):
        raise OSError("a public key was given twice")
    for key, packed in [(known[each[:2]], each[2]) for each in signatures if each[:2] in known]:
        head, length = 0 if key.kind == ED25519 else 8, 2420 if key.kind == ML_DSA_44 else 64
        time = int.from_bytes(packed[:head], "big")
        need(len(packed) == head + length and time <= MOST_NUMBER, "a signature of a known key is malformed")
        try:
            key.public.verify(packed[head:], signed_bytes(key, checkpoint, time))
        except InvalidSignature as error:
            raise ValueError(f"a signature of {quoted(key.name)} does not hold") from error
        held.setdefault((key.name, key.key_id), (key, time))
    # With every kind of key that was given, or a forger of the weaker kind would leave out the stronger.
    wanted = {key.kind for key in keys if key.name == checkpoint.origin}
    signed = {key.kind for key, _ in held.values() if key.name == checkpoint.origin}
    need(wanted and wanted <= signed, "the log did not sign with every kind of key given, or none was")
    return checkpoint, list(held.values())


def check_inclusion(opening, checkpoint):
    """Step 3, the tree. Walk from the row up to the root (RFC 9162, 2.1.3.2): it must be the signed one."""
    commitment = sha256(opening.salt + opening.row).digest()
    node, last, found = opening.index, checkpoint.size - 1, sha256(b"\x00" + commitment).digest()
    need(node <= last, "the entry lies beyond the signed size")
    for sibling in opening.path:
        need(last > 0, "a path is too long")
        if node & 1 or node == last:
            found = sha256(b"\x01" + sibling + found).digest()
            while node and not node & 1:  # a last node without a neighbour moves up as it is
                node, last = node >> 1, last >> 1
        else:
            found = sha256(b"\x01" + found + sibling).digest()
        node, last = node >> 1, last >> 1
    need(last == 0, "a path is too short")
    need(found == checkpoint.root, "a row is not what the log committed to at its entry")


def decode(row, columns):
    """Step 4, the row. Read the values after its head; any other spelling of the same values is refused."""
    widths = [column.get("width") or WIDTHS[column["kind"]] for column in columns]
    at = 9 + (len(columns) + 7) // 8
    nulls, tail, values = int.from_bytes(row[9:at], "little"), at + sum(widths), {}
    need(len(row) >= tail and nulls >> len(columns) == 0, "a row is too short or has a spare bit set")
    for number, (column, width) in enumerate(zip(columns, widths, strict=True)):
        name, kind, fixed, at = column["name"], column["kind"], row[at : at + width], at + width
        if nulls >> number & 1:
            need(not any(fixed), "a row has bytes where it says NULL")
            values[name] = None
        elif kind in ("text", "code"):
            end = tail + int.from_bytes(fixed, "big")
            values[name], tail = row[tail:end].decode("utf-8"), end
        else:
            values[name] = value_of(fixed, kind)
    need(tail == len(row), "a row is longer or shorter than it says")
    return values


def value_of(fixed, kind):
    """Make a value ready to print: bytes in base64url, moments in ISO 8601."""
    number = int.from_bytes(fixed, "big", signed=kind != "u32")
    if kind in ("token", "bytes"):
        return base64.urlsafe_b64encode(fixed).decode().rstrip("=")
    if kind == "flag":
        need(number in (0, 1), "a flag is not 00 or 01")
        return bool(number)
    try:
        if kind == "time":
            return (EPOCH + timedelta(microseconds=number)).isoformat().replace("+00:00", "Z")
        return (EPOCH.date() + timedelta(days=number)).isoformat() if kind == "day" else number
    except OverflowError:
        return number  # outside the years 1 to 9999


def read_schema(row):
    """Read a schema entry: its values, the relation it is for, and the columns of that relation."""
    need(row[:9] == b"AEL1" + bytes(5), "the schema is an entry of another kind")
    values = decode(row, SCHEMA_COLUMNS)
    need(values["schema_no"] and re.fullmatch(SCHEMA, values["text"] or ""), "the schema is malformed")
    shape = json.loads(values["text"])
    names = {each["name"] for each in shape["columns"] if ("width" in each) == (each["kind"] == "bytes")}
    need(len(names) == len(shape["columns"]) and shape["relation"] != "schema", "the schema is malformed")
    return values, shape["relation"], shape["columns"]


def verify(text, keys):
    """Check a proof; stops with ValueError at the first thing that is not as it must be."""
    # 1. The form, strictly, before anything is believed.
    entry, schema, note = read_proof(text)
    # 2. The checkpoint is signed by the log it names.
    checkpoint, signatures = check_signatures(note, keys)
    # 3. The entry is in the tree with the signed root, and so is the schema it was written with.
    for each in filter(None, (entry, schema)):
        check_inclusion(each, checkpoint)
    # 4. The schema says how to read the row.
    if schema is None:  # the entry is a schema itself
        return Proven(entry.index, "schema", read_schema(entry.row)[0], checkpoint, signatures)
    declared, relation, columns = read_schema(schema.row)
    head = bytes([ENTRY_KINDS.get(relation, FACT)]) + declared["schema_no"].to_bytes(4, "big")
    need(schema.index < entry.index, "the schema does not stand before the entry")
    need(entry.row[:9] == b"AEL1" + head, "the row was not written with this schema")
    return Proven(entry.index, relation, decode(entry.row, columns), checkpoint, signatures)


def quoted(value):
    """Print a value so that no text can look like anything else: texts between quotes, NULL as a dash."""
    if not isinstance(value, str):
        return "-" if value is None else json.dumps(value)
    plain = [c if c.isprintable() and c not in '"\\' else json.dumps(c)[1:-1] for c in value]
    return f'"{"".join(plain)}"'


def report(proven):
    """Give the lines `column = value`, who signed, and one sentence."""
    yield from (f"{name} = {quoted(value)}" for name, value in proven.values.items())
    for key, time in proven.signatures:
        yield f"# ondertekend / signed: {quoted(key.name)}, {METHODS[key.kind]}, time {time or '-'}"
    entry, log, size = proven.entry, quoted(proven.checkpoint.origin), proven.checkpoint.size
    yield f"# Het bewijs klopt: deze rij ({proven.relation}) is regel {entry} van {log} bij {size} regels."
    yield f"# The proof holds: this row ({proven.relation}) is entry {entry} of {log} at {size} entries."


def read_file(path, most):
    """Read a text file of at most so many bytes."""
    raw = Path(path).read_bytes()
    need(len(raw) <= most, "a file is too large")
    return raw.decode("utf-8")


def main(arguments):
    """Run the check and print what it shows."""
    sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without some letter changes no outcome
    if len(arguments) != 2:
        sys.stderr.write("use: python3 verify_proof.py PROOF PUBLIC-KEYS\n")
        return 2
    try:
        proof = read_file(arguments[0], MOST_PROOF)
        try:
            lines = map(str.strip, read_file(arguments[1], MOST_KEYS).splitlines())
            keys = [read_key(line) for line in lines if line]
            need(keys, "there is none")
        except ValueError as error:
            raise OSError(f"the public keys: {error}") from error
        proven = verify(proof, keys)
    except (ValueError, RecursionError) as reason:
        sys.stdout.write(f"# Het bewijs klopt niet. / The proof does not hold: {reason}.\n")
        return 5
    except OSError as reason:
        sys.stderr.write(f"Niet te lezen / cannot be read: {reason}\n")
        return 4
    sys.stdout.write("\n".join(report(proven)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
