# SPDX-License-Identifier: EUPL-1.2
"""The words on the pages: Dutch in code and templates, English beside them in each room's `locale/en`.

    python tools/messages.py extract    bring the .po files up to date with code and templates
    python tools/messages.py compile    write the .mo files
    python tools/messages.py check      none missing, none fuzzy, none left over, and said in plain words

Reads Python with `ast` and templates with Django's own lexer, so that nothing but Python is needed.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

WEB = Path(__file__).parent.parent / "src" / "rekenschap_web"
MOST_WORDS = 20
GUILT = (
    r"\b(verdacht\w*|dader\w*|fraud\w*|misbruik\w*|schuldig\w*|overtred\w*"
    r"|suspect\w*|offender\w*|guilty|abuse\w*|culprit\w*)"
)
OFFICIAL = (
    r"\b(betrokkene\w*|middels|teneinde|desalniettemin|derhalve|inzake|conform|omtrent|dient te|reeds)\b"
)
NOT_SAID = re.compile(f"{GUILT}|{OFFICIAL}", re.IGNORECASE)
_SIMPLE = {"gettext", "_", "gettext_lazy", "gettext_noop"}
_COUNTED = {"ngettext", "ngettext_lazy"}
_WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
_BLOCK = re.compile(r"^\s*blocktrans(?:late)?\b")
_ENDBLOCK = re.compile(r"^\s*endblocktrans(?:late)?\b")
_PLURAL = re.compile(r"^\s*plural\b")
_SINGLE = re.compile(r"""^\s*trans(?:late)?\s+("(?P<double>[^"]*)"|'(?P<one>[^']*)')""")
_MARKED = re.compile(r"""_\(\s*("(?P<double>[^"]*)"|'(?P<one>[^']*)')\s*\)""")


@dataclass(frozen=True, slots=True, order=True)
class Said:
    """A text on a page; `plural` is its other form, `context` tells two apart that are written the same."""

    text: str
    plural: str = ""
    context: str = ""


@dataclass(slots=True)
class Room:
    """One room of the desk and what it says, with where."""

    folder: Path
    said: dict[Said, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def po(self) -> Path:
        """Where its English stands."""
        return self.folder / "locale" / "en" / "LC_MESSAGES" / "django.po"


def rooms() -> list[Room]:
    """Read every room that says anything."""
    found = [read(folder) for folder in sorted(WEB.iterdir()) if (folder / "__init__.py").exists()]
    return [room for room in found if room.said]


def read(folder: Path) -> Room:
    """Read what one room says, in its code and in its templates."""
    room = Room(folder)
    for path in sorted(folder.rglob("*.py")):
        for said, line in in_python(path.read_text("utf-8")):
            room.said[said].append(f"{path.relative_to(folder)}:{line}")
    for path in sorted((folder / "templates").rglob("*")):
        if path.is_file():
            for said, line in in_template(path.read_text("utf-8")):
                room.said[said].append(f"{path.relative_to(folder)}:{line}")
    return room


def in_python(source: str) -> Iterator[tuple[Said, int]]:
    """Find the texts that are given to gettext in code; one that is put together is an error."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        wanted = 1 if name in _SIMPLE else 2 if name in _COUNTED | _WITH_CONTEXT else 0
        texts = [each.value for each in node.args[:wanted] if isinstance(each, ast.Constant)]
        if wanted and len(texts) == wanted and all(isinstance(each, str) for each in texts):
            yield _said(name, [str(each) for each in texts]), node.lineno


def _said(name: str, texts: list[str]) -> Said:
    if name in _COUNTED:
        return Said(texts[0], plural=texts[1])
    return Said(texts[1], context=texts[0]) if name in _WITH_CONTEXT else Said(texts[0])


def in_template(source: str) -> Iterator[tuple[Said, int]]:
    """Find the texts of a template, as Django itself takes it apart."""
    from django.template.base import Lexer, TokenType

    block: list[list[str]] | None = None
    begun = 0
    for token in Lexer(source).tokenize():
        is_tag = token.token_type is TokenType.BLOCK
        if block is not None:
            if is_tag and _ENDBLOCK.match(token.contents):
                forms = [
                    " ".join(line.strip() for line in "".join(x).split("\n") if line.strip()) for x in block
                ]
                yield Said(forms[0].strip(), plural=forms[1].strip() if len(forms) > 1 else ""), begun
                block = None
            elif is_tag and _PLURAL.match(token.contents):
                block.append([])
            else:
                is_value = token.token_type is TokenType.VAR
                text = token.contents.replace("%", "%%")
                block[-1].append(f"%({token.contents})s" if is_value else text)
        elif is_tag and _BLOCK.match(token.contents):
            block, begun = [[]], token.lineno or 0
        elif is_tag and (single := _SINGLE.match(token.contents)):
            yield Said(single["double"] or single["one"] or ""), token.lineno or 0
        if token.token_type in (TokenType.BLOCK, TokenType.VAR) and block is None:
            for marked in _MARKED.finditer(token.contents):
                yield Said(marked["double"] or marked["one"] or ""), token.lineno or 0


# ── the English beside it ────────────────────────────────────────────────────


def kept(room: Room) -> polib.POFile:
    """Open the English of a room, or begin it."""
    if room.po.exists():
        return polib.pofile(str(room.po), wrapwidth=110)
    made = polib.POFile(wrapwidth=110)
    made.metadata = {
        "Project-Id-Version": "rekenschap",
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return made


def extract(room: Room) -> None:
    """Add what is new to the English of a room, and take away what nobody says any more."""
    held = kept(room)
    known = {_key(entry): entry for entry in held if not entry.obsolete}
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = held.metadata
    for said in sorted(room.said):
        entry = known.get(said)
        if entry is None:
            entry = polib.POEntry(msgid=said.text, msgctxt=said.context or None)
            if said.plural:
                entry.msgid_plural, entry.msgstr_plural = said.plural, {0: "", 1: ""}
        entry.occurrences = [(where.rsplit(":", 1)[0], "") for where in dict.fromkeys(room.said[said])]
        entry.occurrences = list(dict.fromkeys(entry.occurrences))
        entry.flags = [flag for flag in entry.flags if flag != "python-format"]
        fresh.append(entry)
    room.po.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(room.po))


def compile_room(room: Room) -> None:
    """Write what Django reads."""
    kept(room).save_as_mofile(str(room.po.with_suffix(".mo")))


def _key(entry: polib.POEntry) -> Said:
    return Said(entry.msgid, plural=entry.msgid_plural or "", context=entry.msgctxt or "")


# ── what is wrong ────────────────────────────────────────────────────────────


def faults(room: Room) -> list[str]:
    """Give what is wrong with the words of a room, in sentences."""
    name = room.folder.name
    held = {_key(entry): entry for entry in kept(room) if not entry.obsolete} if room.po.exists() else {}
    wrong = [
        f"{name}: no English for {said.text!r} ({room.said[said][0]})"
        for said in room.said
        if said not in held
    ]
    wrong += [f"{name}: nobody says {said.text!r} any more" for said in held if said not in room.said]
    for said, entry in held.items():
        wrong += [f"{name}: {fault} in {said.text!r}" for fault in _faults_of(said, entry)]
    return wrong + _stale(room, held)


def _faults_of(said: Said, entry: polib.POEntry) -> Iterator[str]:
    english = list(entry.msgstr_plural.values()) if said.plural else [entry.msgstr]
    if entry.fuzzy:
        yield "a translation nobody looked at (fuzzy)"
    if not all(english):
        yield "an empty translation"
    for text in (said.text, said.plural, *english):
        yield from plain_faults(text)
    blanks = _blanks(said.plural or said.text)
    for text in english[-1:]:
        if text and _blanks(text) != blanks:
            yield f"other blanks in English ({', '.join(sorted(_blanks(text) ^ blanks))})"


def plain_faults(text: str) -> Iterator[str]:
    """Give what is not plain about a text: a sentence of more than 20 words, or a word we do not use."""
    for sentence in re.split(r"(?<=[.?!:])\s+", re.sub(r"%\([^)]*\)s", "x", text)):
        if len(sentence.split()) > MOST_WORDS:
            yield f"a sentence of {len(sentence.split())} words"
    if found := NOT_SAID.search(text):
        yield f"the word {found[0]!r}"


def _blanks(text: str) -> set[str]:
    return set(re.findall(r"%\(([^)]+)\)s", text))


def _stale(room: Room, held: dict[Said, polib.POEntry]) -> list[str]:
    compiled = room.po.with_suffix(".mo")
    if not held:
        return []
    if not compiled.exists():
        return [f"{room.folder.name}: nothing compiled; run tools/messages.py compile"]
    told = {_key(entry): entry for entry in polib.mofile(str(compiled))}
    same = all(
        key in told and (told[key].msgstr, told[key].msgstr_plural) == (entry.msgstr, entry.msgstr_plural)
        for key, entry in held.items()
    )
    return (
        []
        if same and len(told) == len(held)
        else [f"{room.folder.name}: compiled texts are older; compile again"]
    )


def main(words: list[str]) -> int:
    """Do what was asked; gives the exit code."""
    asked, *names = words or ["check"]
    chosen = [room for room in rooms() if not names or room.folder.name in names]
    if asked == "extract":
        for room in chosen:
            extract(room)
    elif asked == "compile":
        for room in chosen:
            compile_room(room)
    elif asked == "check":
        wrong = [fault for room in chosen for fault in faults(room)]
        print("\n".join(wrong) or "every word stands in both languages")
        return int(bool(wrong))
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
