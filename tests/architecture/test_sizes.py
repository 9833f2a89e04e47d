# SPDX-License-Identifier: EUPL-1.2
"""The size budget. A number over it asks for a second look, not for a bigger budget."""

import ast
from collections import Counter
from statistics import median

from tests.architecture.source import ROOT, all_modules, functions, lines_of, tracked

POSITIONAL = 3
CALLED_BY_THE_FRAMEWORK = {"process_view", "get_claims"}


def over(lines: int) -> list[str]:
    return [f"{place} ({lines_of(node)} lines)" for place, node in functions() if lines_of(node) > lines]


def test_the_median_function_is_short():
    assert median(lines_of(node) for _, node in functions()) <= 13


def test_few_functions_are_over_25_lines():
    assert len(over(25)) <= 0.15 * len(functions()), over(25)


def test_hardly_a_function_is_over_60_lines():
    assert len(over(60)) <= 0.01 * len(functions()), over(60)


def test_no_file_is_over_400_lines():
    sizes = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in all_modules()}
    assert {path: size for path, size in sizes.items() if size > 400} == {}


def test_no_public_function_takes_more_than_three_by_position():
    crowded = []
    for place, node in functions():
        names = [x.arg for x in (*node.args.posonlyargs, *node.args.args) if x.arg not in ("self", "cls")]
        marks = " ".join(ast.unparse(x) for x in node.decorator_list)
        not_ours_to_call = "command" in marks or "_tag" in marks or node.name in CALLED_BY_THE_FRAMEWORK
        if len(names) > POSITIONAL and not node.name.startswith("_") and not not_ours_to_call:
            crowded.append(f"{place}({', '.join(names)})")
    assert crowded == []


def test_no_folder_is_crowded():
    folders = Counter(path.rsplit("/", 1)[0] for path in all_modules() if not path.endswith("__init__.py"))
    assert {folder: count for folder, count in folders.items() if count > 12} == {}


def test_every_module_says_what_it_is_for():
    silent = [path for path, tree in all_modules().items() if not ast.get_docstring(tree)]
    assert silent == []


def test_no_room_is_called_after_nothing():
    empty_names = {"utils", "util", "common", "helpers", "helper", "core", "base", "manager", "misc"}
    parts = {part.removesuffix(".py") for path in tracked() for part in path.relative_to(ROOT).parts}
    assert parts & empty_names == set()
