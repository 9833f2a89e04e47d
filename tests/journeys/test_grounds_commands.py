# SPDX-License-Identifier: EUPL-1.2
"""A house searches its own work for grounds; one counts once somebody says so, and the ledger knows who."""

import tomllib

import pytest

from rekenschap.audit.demo import run_demo
from tests.journeys.commands import rekenschap

BY = ("--by", "mw-0016", "--because", "dit werk hoort bij elkaar")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return (
        run_demo(tmp_path_factory.mktemp("mined") / "demo", seed=1, told=lambda *_: None).directory / "house"
    )


def test_a_candidate_is_shown_approved_and_then_no_candidate_any_more(home):
    shown = rekenschap("grounds", "mine", "--home", home, "--json").told
    first = shown["candidates"][0]
    assert first["support"] > first["null_share"]
    assert first["newly_explained"] > 0
    assert rekenschap("pack", "list", "--home", home, "--json").told == {"packs": []}
    assert first["id"] in rekenschap("grounds", "mine", "--home", home).out

    unknown = rekenschap("grounds", "approve", "mined_nothing", "--home", home, *BY)
    assert (unknown.code, "the name of a candidate" in unknown.err) == (3, True)

    told = rekenschap("grounds", "approve", first["id"], "--home", home, *BY, "--json").told
    assert told == {"approved": first["id"], "pack": "mined", "version": "1.0.0", "weight": "weak"}
    assert [each["name"] for each in rekenschap("pack", "list", "--home", home, "--json").told["packs"]] == [
        "mined"
    ]
    decided = tomllib.loads((home / "packs/mined/grounds" / first["id"] / "approved.toml").read_text())
    assert (decided["approved_by"], decided["reason"]) == ("mw-0016", "dit werk hoort bij elkaar")
    assert decided["support"] == pytest.approx(first["support"], abs=1e-6)
    assert rekenschap("check", home).code == 0
    after = rekenschap("grounds", "mine", "--home", home, "--json").told
    assert first["id"] not in {each["id"] for each in after["candidates"]}


def test_a_reason_with_a_number_of_somebody_is_refused(home):
    ran = rekenschap("grounds", "approve", "mined_x", "--home", home, "--by", "mw-0016", "--because", "ja")
    assert ran.code == 4
