# SPDX-License-Identifier: EUPL-1.2
"""An evaluation as a page of the documentation: every figure with its interval, good or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files
from math import isinf, isnan

from rekenschap.audit.evaluating.figures import BUDGETS, Figures, Quiet
from rekenschap.audit.evaluating.logs import OfLogs
from rekenschap.audit.evaluating.measuring.measures import Interval
from rekenschap.audit.evaluating.noises import Alone
from rekenschap.audit.evaluating.telling import FAIR, REALISTIC, Aim, Evaluation, precision_at
from rekenschap.audit.evaluating.towns import Ablation
from rekenschap.cli.texts import Language, words_in


def page_of(evaluation: Evaluation, *, seconds: float, quick: bool) -> str:
    """Write the page."""
    parts = [
        _prose("head").format(
            minutes=f"{seconds / 60:.0f} minutes" if seconds >= 120 else f"{seconds:.0f} seconds",
            small=" (`--quick`: small, so that intervals are wide)" if quick else "",
        ),
        *_aims(evaluation.aims),
    ]
    if evaluation.figures is not None:
        parts += _of_figures(evaluation.figures)
    if evaluation.towns is not None:
        parts += _ablations(evaluation.towns.ablations)
    if evaluation.noises:
        parts += _alone(evaluation.noises)
    if evaluation.logs is not None:
        parts += _logs(evaluation.logs)
    return "".join([*parts, _prose("method")])


def _prose(name: str) -> str:
    return files(__package__).joinpath(f"{name}.md").read_text(encoding="utf-8")


def _of_figures(figures: Figures) -> list[str]:
    return [
        *_size(figures), *_methods(figures), *_scenarios(figures), *_channels(figures), *_noise(figures),
        *_fairness(figures),
        *([] if figures.quiet is None else _quiet(figures.quiet)),
    ]  # fmt: skip


def _table(head: Sequence[str], rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(each)} |\n" for each in lines) + "\n"


def _aims(aims: Sequence[Aim]) -> list[str]:
    if not aims:
        return []
    words = words_in(Language.EN)
    rows = [_aim(each, words(f"evaluate_of_{each.key.partition(' ')[0]}")) for each in aims]
    return ["## The aims\n\n", _table(("Aim", "Wanted", "Found", "Met"), rows)]


def _aim(aim: Aim, what: str) -> tuple[str, str, str, str]:
    of = aim.key.partition(" ")[2]
    met = {True: "yes", False: "**no**", None: "unknown"}[aim.met]
    return f"{what} {of}".strip(), f"{'≥' if aim.at_least else '≤'} {aim.bound:g}", _told(aim.found), met


def _told(interval: Interval) -> str:
    if isnan(interval.value):
        return "unknown"
    if isnan(interval.low):
        return f"{interval.value:.4f}"
    return f"{interval.value:.3f} ({interval.low:.2f} – {interval.high:.2f})"


def _number(value: float, form: str = ".2f") -> str:
    return "–" if isnan(value) else format(value, form)


def _size(figures: Figures) -> Iterator[str]:
    yield "## The towns\n\n"
    yield (
        f"{figures.towns} towns with misuse, each of {figures.staff:,} staff and {figures.weeks} weeks: "
        f"{figures.looks:,} looks and {figures.episodes} episodes, "
        f"{figures.per_thousand_quarter:.0f} per 1,000 staff "
        "in thirteen weeks. "
        f"Explained by a full ground are {figures.explained:.2%} of the looks for work, "
        f"{figures.null_explained:.2%} by "
        f"chance, and {figures.misuse_explained:.2%} of the looks of episodes. With any ground that says "
        f"enough it is {figures.any_explained:.2%} of the looks for work, and "
        f"{figures.null_any_explained:.2%} by chance."
    )
    if not isnan(figures.written):
        yield (
            f" The work behind {figures.written:.2%} of the looks for work stands in the records; of the "
            "others nothing was written down that names both the one who looked and the citizen."
        )
    yield "\n\n"


def _methods(figures: Figures) -> Iterator[str]:
    words = words_in(Language.EN)
    named = {name: words(f"evaluate_by_{name}") for name in figures.methods}
    yield "## Beside the usual detectors\n\n"
    yield "Share of all episodes found, by alerts per 1,000 staff a week:\n\n"
    yield _table(
        ("Method", *(f"{each:g}" for each in BUDGETS), "false at 80 %", "at 90 %", "highest",
            "average precision",
        ),
        [
            (
                named[name], *(f"{method.at[each].recall.value:.3f}" for each in BUDGETS),
                _number(method.false_at[0.8]), _number(method.false_at[0.9]), f"{method.most.value:.3f}",
                _number(method.precision, ".3f"),
            )
            for name, method in figures.methods.items()
        ],
    )  # fmt: skip
    yield "*False at 80 %*: false alarms per 1,000 staff a week where 80 % of all episodes are found.\n\n"
    yield "Our own, at each budget:\n\n"
    head = (
        "Alerts",
        "all",
        "plain",
        "hiding",
        "own look shown",
        "precision",
        "false per 1,000 a week",
        "precision when rare",
    )
    rows = []
    for budget, spent in figures.ours.at.items():
        rare = precision_at(figures.ours, budget, REALISTIC)
        found = (spent.recall, spent.plain, spent.hiding, spent.shown, spent.precision)
        rows.append((f"{budget:g}", *map(_told, found), f"{spent.false_alarms:.2f}", _number(rare, ".3f")))
    yield _table(head, rows)
    yield f"*When rare*: projected to {REALISTIC:g} episodes per 1,000 staff and year.\n\n"
    delay = figures.delay
    yield (
        "From the first look of an episode to the end of the week of its alert: median "
        f"{_number(delay.median_days, '.0f')} "
        f"days (90 %: {_number(delay.p90_days, '.0f')}), {_number(delay.median_looks, '.0f')} looks of it "
        f"(90 %: {_number(delay.p90_looks, '.0f')}).\n\n"
    )


def _scenarios(figures: Figures) -> Iterator[str]:
    yield "## By scenario\n\nEpisodes found at five and at ten alerts per 1,000 staff per week.\n\n"
    yield _table(
        ("Scenario", "Hides", "Episodes", "Found at 5", "Found at 10", "Best channel", "Its rank per 1,000"),
        [
            (
                each.scenario,
                "yes" if each.hiding else "",
                str(each.episodes),
                _told(each.at_budget),
                _told(each.wide),
                f"`{each.channel}`" if each.channel else "none",
                "–" if isinf(each.rank) else f"{each.rank:.0f}",
            )
            for each in figures.scenarios
        ],
    )


def _channels(figures: Figures) -> Iterator[str]:
    if figures.channels:
        yield "## By channel\n\nAlerts taken at five per 1,000 staff per week.\n\n"
        yield _table(
            ("Channel", "Find an episode", "False"),
            [(f"`{name}`", str(true), str(false)) for name, (true, false) in figures.channels.items()],
        )


def _noise(figures: Figures) -> Iterator[str]:
    yield (
        "## Honest noise\n\nLooks for work that went differently from the book: which share is explained, "
        "and how many false alarms (at five alerts) show mostly these. *plain* is everything else.\n\n"
    )
    yield _table(
        ("Noise", "Looks", "Explained", "False alarms"),
        [
            (name.replace("_", " "), f"{each.looks:,}", _told(each.explained), str(each.false_alarms))
            for name, each in figures.noise.items()
        ],
    )


def _fairness(figures: Figures) -> Iterator[str]:
    if figures.fairness:
        yield (
            "## Between groups of the innocent\n\nHow often somebody of the group has a false alert, against "
            f"all others; wanted is {FAIR[0]} to {FAIR[1]}.\n\n"
        )
        yield _table(
            ("Group", "Ratio", "Within"),
            [
                (name.replace("_", " "), _told(each), "yes" if each.within(*FAIR) else "**no**")
                for name, each in figures.fairness.items()
            ],
        )


def _quiet(quiet: Quiet) -> Iterator[str]:
    yield (
        f"## Towns without misuse\n\n{quiet.towns} towns; no more than the nominal {quiet.nominal:.2f} "
        f"alerts in {_told(quiet.within)} of them. Alerts per town: {', '.join(map(str, quiet.found))}.\n\n"
    )
    if quiet.p_count:
        yield f"KS distance of {quiet.p_count:,} p-values from uniform: {quiet.ks:.4f}.\n\n"
        yield _table(
            ("Channel", "KS"),
            [(f"`{name}`", f"{each:.4f}") for name, each in sorted(quiet.by_channel.items())],
        )


def _ablations(ablations: Sequence[Ablation]) -> Iterator[str]:
    if not ablations:
        return
    named = {
        "whole": "all there",
        "share": "{} of all rows of work gone",
        "day": "`{}` silent for a day",
        "source": "without `{}`",
    }
    yield "## When something is missing\n\n"
    yield "The first town again, with part of the records of work taken away.\n\n"
    yield _table(
        ("What", "Explained", "Null", "Found at 5", "False per 1,000 a week"),
        [
            (
                named[each.kind].format(each.what), f"{each.explained:.4f}", f"{each.null_explained:.4f}",
                _told(each.spent.recall), f"{each.spent.false_alarms:.2f}",
            )
            for each in ablations
        ],
    )  # fmt: skip


def _alone(noises: Sequence[Alone]) -> Iterator[str]:
    yield (
        "## Each noise alone\n\nA town without episodes and with this noise only, three times as common: "
        "alerts at a false discovery rate of 5 %.\n\n"
    )
    yield _table(
        ("Noise", "Looks", "Explained", "Alerts", "Nominal"),
        [
            (
                each.noise.replace("_", " "), f"{each.looks:,}", _told(each.explained), str(each.found),
                f"{each.nominal:.2f}",
            )
            for each in noises
        ],
    )  # fmt: skip


def _logs(logs: OfLogs) -> Iterator[str]:
    words = words_in(Language.EN)
    yield (
        "## Real logs\n\nAUC / share found at 1 % of the real looks. The logs are no part of the project; "
        "[more about them](real-logs.md).\n\n"
    )
    if logs.ranks:
        names = list(logs.ranks[0].auc)
        yield _table(
            ("Log", "Planted", "Seeds", *(words(f"evaluate_by_{name}") for name in names)),
            [
                (
                    each.name, each.kind, str(each.seeds),
                    *(f"{each.auc[name]:.3f} / {each.recall[name]:.3f}" for name in names),
                )
                for each in logs.ranks
            ],
        )  # fmt: skip
    if logs.absent:
        yield f"Not there: {', '.join(logs.absent)}.\n\n"
