# SPDX-License-Identifier: EUPL-1.2
"""An evaluation as lines for a terminal: each aim with what was found, then the methods side by side."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from rekenschap.audit.evaluating.figures import AT_BUDGET, BUDGETS, Figures
from rekenschap.audit.evaluating.measuring.measures import Interval
from rekenschap.audit.evaluating.telling import REALISTIC, Aim, Evaluation, precision_at
from rekenschap.cli.texts import Words
from rekenschap.model.bsn import without_bsn

_SHARES = (
    *("explained", "null_explained", "fully_explained", "null_fully_explained"),
    *("recall_plain", "recall_hiding", "quiet", "recall"),
)


def lines_of(evaluation: Evaluation, words: Words, *, seconds: float) -> Iterator[str]:
    """Say what was found; an aim that is not met says so."""
    figures = evaluation.figures
    if figures is not None:
        yield words(
            "evaluate_size", towns=figures.towns, staff=words.number(figures.staff), weeks=figures.weeks,
            looks=words.number(figures.looks), episodes=words.number(figures.episodes),
        )  # fmt: skip
    if evaluation.strayed:
        yield words("evaluate_strayed", count=words.number(evaluation.strayed))
    for reason, count in evaluation.waiting.items():
        yield words("evaluate_waiting", count=words.number(count), reason=reason)
    for name in evaluation.unread:
        yield words("evaluate_unread", name=without_bsn(name))
    yield ""
    yield words("evaluate_aims")
    yield from (_aim(each, words) for each in evaluation.aims)
    if figures is not None:
        yield from _methods(figures, words)
        yield from _scenarios(figures, words)
        yield from _channels(figures, words)
    if evaluation.towns is not None and evaluation.towns.ablations:
        yield ""
        yield words("evaluate_ablations")
        for each in evaluation.towns.ablations:
            yield words(
                "evaluate_ablation", what=words(f"evaluate_without_{each.kind}", what=each.what).ljust(34),
                explained=words.share(each.explained), recall=share(each.spent.recall, words),
                false=words.decimal(each.spent.false_alarms),
            )  # fmt: skip
    if evaluation.noises:
        yield ""
        yield words("evaluate_alone")
        for lone in evaluation.noises:
            yield f"  {lone.noise.ljust(28)}{str(lone.found).rjust(4)}  ({lone.nominal:.2f})"
    yield from _logs(evaluation, words)
    yield ""
    yield words("evaluate_note")
    yield words("took", seconds=words.decimal(seconds))


def share(interval: Interval, words: Words) -> str:
    """Write a share with its interval, or that it is unknown."""
    if isnan(interval.value):
        return words("evaluate_unknown")
    if isnan(interval.low):
        return words.share(interval.value)
    return f"{words.share(interval.value)} ({words.share(interval.low)} – {words.share(interval.high)})"


def _aim(aim: Aim, words: Words) -> str:
    kind, _, of = aim.key.partition(" ")
    as_share = kind in _SHARES
    bound = words.share(aim.bound) if as_share else f"{aim.bound:g}"
    value = aim.found.value
    found = share(aim.found, words) if as_share else _plain(value, words)
    met = {True: "evaluate_met", False: "evaluate_not_met", None: "evaluate_unknown"}[aim.met]
    return words(
        "evaluate_aim", what=f"{words(f'evaluate_of_{kind}')} {of}".strip().ljust(58),
        bound=f"{'≥' if aim.at_least else '≤'} {bound}".ljust(9), found=found, met=words(met),
    )  # fmt: skip


def _plain(value: float, words: Words) -> str:
    return words("evaluate_unknown") if isnan(value) else f"{value:.3f}"


def _methods(figures: Figures, words: Words) -> Iterator[str]:
    yield ""
    yield words("evaluate_methods")
    yield words("evaluate_head", budgets="".join(f"{each:g}".rjust(9) for each in BUDGETS))
    for name, method in figures.methods.items():
        recalls = "".join(words.share(method.at[each].recall.value).rjust(9) for each in BUDGETS)
        false = method.false_at[0.8]
        told = words("evaluate_never") if isnan(false) else f"{false:.2f}"
        yield f"  {words(f'evaluate_by_{name}').ljust(22)}{recalls}  {told}"
    rare = precision_at(figures.ours, AT_BUDGET, REALISTIC)
    yield words("evaluate_rare", precision=words("evaluate_unknown") if isnan(rare) else words.share(rare))


def _scenarios(figures: Figures, words: Words) -> Iterator[str]:
    yield ""
    yield words("evaluate_scenarios")
    for each in figures.scenarios:
        hides = words("evaluate_hides") if each.hiding else ""
        found = f"{str(each.episodes).rjust(4)}  {share(each.at_budget, words)}"
        best = f"{each.channel} ({each.rank:.0f})" if each.channel else "–"
        yield f"  {each.scenario.ljust(16)}{found} {hides.ljust(9)} {best}".rstrip()


def _channels(figures: Figures, words: Words) -> Iterator[str]:
    yield ""
    yield words("evaluate_channels")
    for name, (true, false) in figures.channels.items():
        yield f"  {name.ljust(40)}{str(true).rjust(5)}{str(false).rjust(5)}"
    yield ""
    yield words("evaluate_by_noise")
    for name, each in figures.noise.items():
        share_of = words.share(each.explained.value) if each.looks else "–"
        told = f"{words.number(each.looks).rjust(10)}  {share_of.rjust(8)}"
        yield f"  {name.ljust(28)}{told}{str(each.false_alarms).rjust(5)}"


def _logs(evaluation: Evaluation, words: Words) -> Iterator[str]:
    if evaluation.logs is None:
        return
    yield ""
    yield words("evaluate_logs")
    for each in evaluation.logs.ranks:
        best = "  ".join(
            f"{words(f'evaluate_by_{name}')} {each.auc[name]:.3f}/{each.recall[name]:.3f}"
            for name in each.auc
        )
        yield f"  {each.name} {each.kind}: {best}"
    if evaluation.logs.absent:
        yield words("evaluate_absent", names=", ".join(evaluation.logs.absent))
