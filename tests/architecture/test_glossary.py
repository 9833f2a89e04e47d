# SPDX-License-Identifier: EUPL-1.2
"""One word per thing, one thing per word: GLOSSARY.md holds the code to it."""

import ast
import re
from collections import Counter
from functools import cache

import pytest

from rekenschap.model import relations
from tests.architecture.source import ROOT, SRC, WEB, all_modules

GLOSSARY = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")

_BY_NAME = "the web framework passes it by this name"
ALLOWED_NAMES: dict[str, str] = {
    "handle src/rekenschap/audit/citizens/clerk.py": _BY_NAME,
    "handle src/rekenschap/audit/readers/clerk.py": _BY_NAME,
    "user src/rekenschap_web/signin/accounts/passwords.py": _BY_NAME,
    "user src/rekenschap_web/signin/facts.py": _BY_NAME,
    "user src/rekenschap_web/signin/provider/adapters.py": _BY_NAME,
    "user src/rekenschap_web/signin/staying/sessions.py": _BY_NAME,
    "user src/rekenschap_web/tryout/adapters.py": _BY_NAME,
}
"""A banned word that may stand in one place, with the reason."""

ENGLISH = """
    suspects? suspected suspicious suspicion offenders? offences? guilt guilty frauds? fraudulent fraudsters?
    abuses? abusers? abused abusive violates? violated violations? violators? culprits? perpetrators?
    criminals? wrongdoers? wrongdoing snoops? snoopers? snooping
"""
DUTCH = """
    daders? schuldige?n? verdachten? verdachte? fraude fraudeurs? frauderen misbruikt? misbruiken misbruikers?
    overtreders? overtredingen overtreding boosdoeners? gluurders? crimineel criminele criminelen
"""
GUILT = re.compile(rf"(?i)(?<![a-z])(?:{'|'.join((ENGLISH + DUTCH).split())})(?![a-z])")


def table(title: str) -> list[list[str]]:
    """The rows of the table under one heading."""
    part = GLOSSARY.split(f"\n## {title}\n")[1].split("\n## ")[0]
    rows = [line.strip("| \n").split(" | ") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip(" |") for cell in row] for row in rows[2:]]


def identifiers(title: str) -> list[str]:
    return [row[2].strip("`") for row in table(title)]


def words_of(name: str) -> list[str]:
    """The words of an identifier: snake_case and CamelCase taken apart."""
    return re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)


@cache
def names() -> list[tuple[str, str]]:
    """Every name the library or the desk gives to something, with the place."""
    found = []
    for path, tree in all_modules().items():
        for node in ast.walk(tree):
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    found.append((node.name, f"{path}:{node.lineno}"))
                case ast.arg():
                    found.append((node.arg, f"{path}:{node.lineno}"))
                case ast.Name(ctx=ast.Store()):
                    found.append((node.id, f"{path}:{node.lineno}"))
                case _:
                    pass
        found.append((path.rsplit("/", 1)[-1].removesuffix(".py"), path))
    return found


@cache
def texts() -> list[tuple[str, str]]:
    """Every text of the library and the desk: Python strings and docstrings, queries, profiles, templates."""
    found = [
        (node.value, f"{path}:{node.lineno}")
        for path, tree in all_modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    kinds = {
        ".sql",
        ".toml",
        ".yaml",
        ".yml",
        ".txt",
        ".html",
        ".css",
        ".md",
        ".json",
        ".po",
        ".typ",
        ".cedar",
    }
    files = [
        path
        for root in (SRC, WEB)
        for path in root.rglob("*")
        if path.suffix in kinds and "vendor" not in path.parts
    ]
    return found + [(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))) for path in files]


def banned() -> set[str]:
    return {word for row in table("Banned") for word in re.findall(r"`(\w+)`", row[0])}


def test_every_term_stands_there_once():
    rows = table("In use") + table("Kept for later")
    for column in (0, 2):
        counts = Counter(row[column] for row in rows)
        assert [term for term, count in counts.items() if count > 1] == []


def test_every_row_has_dutch_english_and_an_identifier():
    for row in table("In use") + table("Kept for later"):
        assert all(row[:3]), row
        assert re.fullmatch(r"`[a-z][a-z_]*`", row[2]), row


@cache
def used() -> set[str]:
    """Every name, and every word of one, in the library and at the desk."""
    return {word.lower() for name, _ in names() for word in (name, *words_of(name))}


@cache
def quoted() -> str:
    return "\n".join(text for text, _ in texts())


def test_every_kind_of_fact_is_in_the_glossary():
    assert set(relations.RELATIONS) <= set(identifiers("In use"))


@pytest.mark.parametrize("identifier", identifiers("In use"))
def test_a_term_in_use_is_in_use(identifier):
    assert identifier in used() or re.search(rf"\b{identifier}\b", quoted())


@pytest.mark.parametrize("identifier", identifiers("Kept for later"))
def test_a_term_kept_for_later_names_nothing_yet(identifier):
    assert [place for name, place in names() if name == identifier] == []


def test_no_banned_word_names_anything():
    found = [(name, place) for name, place in names() if name.lower().strip("_") in banned()]
    assert [x for x in found if f"{x[0]} {x[1].split(':')[0]}" not in ALLOWED_NAMES] == []


def test_no_class_or_function_is_a_manager_or_a_helper():
    empty = {"manager", "util", "utils", "helper", "helpers"}
    found = [name for name, _ in names() if empty & {x.lower() for x in words_of(name)}]
    assert [name for name in found if name != "TEAM_MANAGER"] == []  # a person, not a thing


def test_no_word_of_guilt_names_anything():
    assert [(name, place) for name, place in names() if GUILT.search(" ".join(words_of(name)))] == []


def test_no_word_of_guilt_is_said():
    found = [(match[0], place) for text, place in texts() if (match := GUILT.search(text))]
    assert found == []


@pytest.mark.parametrize(
    "sentence", ["The suspect looked", "fraude gepleegd", "is Schuldig", "a snooping clerk"]
)
def test_a_word_of_guilt_would_be_found(sentence):
    assert GUILT.search(sentence)


@pytest.mark.parametrize("sentence", ["afdeling Schuldhulp", "team schuldhulpverlening", "unexplained looks"])
def test_a_word_that_only_looks_like_it_is_left_alone(sentence):
    assert not GUILT.search(sentence)
