# SPDX-License-Identifier: EUPL-1.2
"""Takes from a bare ground the work that is one join away: of such work a look is dropped while it is read.

What is further away stays a query of its own; both together hold for the looks the ground holds for.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

_ENDS = ("qualify", "group", "having", "distinct", "limit", "order")


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A relation, and the condition in columns of `look` and of itself by which a row explains a look."""

    relation: str
    condition: exp.Expr


def near_and_far(tree: exp.Query, *, apart: str) -> tuple[list[Near], exp.Query | None]:
    """Give the work of a bare ground that is one join away, and a SELECT of the looks for the rest, if any.

    The rest reads the part with the name `apart` as a relation that is there, and does not make it.
    """
    near: list[Near] = []
    far: list[exp.Query] = []
    for branch in _branches(tree, {each.alias: each.this for each in tree.ctes}):
        found = _near(branch)
        if found is None:
            far.append(branch)
        else:
            near.append(found)
    return near, _together(far, [each for each in tree.ctes if each.alias != apart])


def _branches(tree: exp.Expr, parts: dict[str, exp.Query]) -> list[exp.Query]:
    """Take apart what is looked for in any of several places, as far as each filters a part with a name."""
    if isinstance(tree, exp.Union) and not tree.args.get("distinct"):
        return [*_branches(tree.this, parts), *_branches(tree.expression, parts)]
    if not isinstance(tree, exp.Select):
        return [tree] if isinstance(tree, exp.Query) else []
    source = tree.args.get("from_")
    name = source.this.name if source is not None and isinstance(source.this, exp.Table) else ""
    plain = not tree.args.get("joins") and not any(tree.args.get(each) for each in _ENDS)
    if name not in parts or not plain:
        return [_alone(tree)]
    names = parts[name].named_selects  # of a union the first SELECT names the columns
    merged = [_merged(tree, each, names) for each in _branches(parts[name], parts)]
    return [each for each in merged if each is not None] if None not in merged else [_alone(tree)]


def _alone(tree: exp.Select) -> exp.Select:
    """Give a SELECT without the parts it is written with: those are put back once, for all that is left."""
    copied = tree.copy()
    copied.set("with_", None)
    return copied


def _merged(outer: exp.Select, inner: exp.Query, names: list[str]) -> exp.Select | None:
    """Put a filter on a named part into that part; None where the part does more than join and filter."""
    if not isinstance(inner, exp.Select) or any(inner.args.get(each) for each in _ENDS):
        return None
    given = dict(zip(names, inner.expressions, strict=True))

    def told(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Column):
            return node
        return exp.paren(given[node.name].unalias().copy())

    merged = inner.copy()
    asked = [
        exp.alias_(each.unalias().copy().transform(told), each.alias_or_name) for each in outer.expressions
    ]
    merged.set("expressions", asked)
    where = outer.args.get("where")
    return merged.where(where.this.copy().transform(told)) if where is not None else merged


def _near(branch: exp.Query) -> Near | None:
    """Read a branch as one relation beside `look`, or None."""
    if not isinstance(branch, exp.Select) or any(branch.args.get(each) for each in _ENDS):
        return None
    source, joins = branch.args.get("from_"), branch.args.get("joins") or []
    if source is None or source.this.name != "look" or len(joins) != 1:
        return None
    beside = joins[0].this
    if not isinstance(beside, exp.Table) or beside.alias or joins[0].side or beside.name == "look":
        return None
    where = branch.args.get("where")
    condition = exp.and_(joins[0].args["on"].copy(), *([where.this.copy()] if where is not None else []))
    names = {column.table for column in condition.find_all(exp.Column)}
    asked = branch.expressions[0].unalias().unnest()
    is_look = isinstance(asked, exp.Column) and (asked.table, asked.name) == ("look", "look")
    return (
        Near(relation=beside.name, condition=condition)
        if names <= {"look", beside.name} and is_look
        else None
    )


def _together(far: list[exp.Query], parts: list[exp.CTE]) -> exp.Query | None:
    """Put the branches that are left together, with the named parts that they read."""
    if not far:
        return None
    whole: exp.Query = far[0]
    for each in far[1:]:
        whole = exp.union(whole, each, distinct=False, copy=False)
    needed = {each.name for each in whole.find_all(exp.Table)}
    kept: list[exp.Expr] = []
    for part in reversed(parts):
        if part.alias in needed:
            kept.insert(0, part.copy())
            needed |= {each.name for each in part.find_all(exp.Table)}
    if kept:
        whole.set("with_", exp.With(expressions=kept))
    return whole
