# SPDX-License-Identifier: EUPL-1.2
"""`python -m rekenschap.sql.lint`: check every query folder of the package, one sentence per fault."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from rekenschap.errors import ConfigurationError, ExitCode, RekenschapError
from rekenschap.sql.cases import read_drawn
from rekenschap.sql.query import Query, load_queries, load_query
from rekenschap.sql.subset import check_subset, output_columns

LONGEST = 60
"""Lines of SQL after which a query becomes two, with a named relation between."""

MUST_DRAW = ("empty", "hit", "near_miss")


def check_query(query: Query, *, catalogue: Iterable[Query] = ()) -> None:
    """Raise ConfigurationError when the folder is not within the subset, the size, or has not its cases."""
    check_subset(query.sql, reads=query.reads, parameters=query.defaults, query_id=query.id)
    found = output_columns(query.sql, query_id=query.id)
    if found != tuple(query.columns):
        raise _fault(query, f"the columns {', '.join(query.columns)}", ", ".join(found))
    if (length := len(query.sql.splitlines())) > LONGEST:
        raise _fault(query, f"at most {LONGEST} lines of SQL", f"{length}")
    drawn = {path.stem for path in query.drawings}
    if missing := [name for name in MUST_DRAW if name not in drawn]:
        raise _fault(query, f"the drawn cases {', '.join(MUST_DRAW)}", f"no {', '.join(missing)}")
    for path in query.drawings:
        read_drawn(path, query, catalogue=catalogue)


def faults(root: Path) -> list[str]:
    """Give one sentence for each query folder under `root` that is not as it must be."""
    found: list[str] = []
    loaded: list[Query] = []
    for path in sorted(root.rglob("query.toml")):
        try:
            loaded.append(load_query(path.parent))
        except RekenschapError as error:
            found.append(f"{path.parent.name}: {error}")
    for query in loaded:
        try:
            check_query(query, catalogue=loaded)
        except RekenschapError as error:
            found.append(f"{query.id}: {error}")
    return found


def main() -> int:
    """Check the package this file is in; answer with the exit code."""
    root = Path(__file__).parents[1]
    found = faults(root)
    if found:
        sys.stderr.write("\n".join(found) + "\n")
        return ExitCode.TROUBLE
    sys.stdout.write(f"{len(load_queries(root))} queries keep to the portable subset\n")
    return ExitCode.FINE


def _fault(query: Query, expected: str, found: str) -> ConfigurationError:
    return ConfigurationError(
        expected=f"{expected} in query {query.id}", found=found, remedy="correct its folder"
    )


if __name__ == "__main__":
    sys.exit(main())
