# SPDX-License-Identifier: EUPL-1.2
"""The source as trees, read once for the tests of this folder."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "rekenschap"
WEB = ROOT / "src" / "rekenschap_web"
OTHERS = (ROOT / "src" / "rekenschap_citizen", ROOT / "src" / "rekenschap_read")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the library by its path from the root."""
    found = sorted(SRC.rglob("*.py"))
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in found}


@cache
def modules_of_the_web() -> dict[str, ast.Module]:
    """Every module of the desk, of the page for citizens and of what others read by, by its path from the
    root; migrations, which Django writes, left out.
    """
    places = (WEB, *OTHERS)
    found = sorted(
        path for place in places for path in place.rglob("*.py") if path.parent.name != "migrations"
    )
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in found}


def all_modules() -> dict[str, ast.Module]:
    """Every module of the library and of the desk by its path from the root."""
    return modules() | modules_of_the_web()


def functions() -> list[tuple[str, Function]]:
    """Every function of the library and of the desk with the place where it stands."""
    return [
        (f"{path}:{node.lineno} {node.name}", node)
        for path, tree in all_modules().items()
        for node in ast.walk(tree)
        if isinstance(node, Function)
    ]


def lines_of(function: Function) -> int:
    """From `def` to the last line, docstring and blank lines too."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


@cache
def tracked() -> list[Path]:
    """Every file under version control, or about to be; all files in an archive without git."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        hidden = {".venv", ".rekenschap", ".git"}
        return [x for x in ROOT.rglob("*") if x.is_file() and not hidden & set(x.relative_to(ROOT).parts)]
    return [ROOT / line for line in answer.stdout.splitlines() if (ROOT / line).is_file()]
