# SPDX-License-Identifier: EUPL-1.2
"""What is wished of a town is read strictly, and its files go in by the front door."""

import json
from dataclasses import fields

import pyarrow.csv as csv
import pytest

from rekenschap.cli.texts import Language
from rekenschap.cli.town.drawing import Wish, draw, noise_in, scenarios_in
from rekenschap.contracts.otlp import rows_of
from rekenschap.demo import SCENARIOS, Noise
from rekenschap.errors import ConfigurationError, RefusedError

SMALL = {"staff": 50, "days": 10, "seed": 1, "start": None, "rates": (), "without": (), "requests": False}


def wish(**given: object) -> Wish:
    return Wish(**{**SMALL, "scenarios": ("NONE",), "truth": None, **given})


def test_scenarios_are_counts_rates_all_or_none():
    assert scenarios_in(()) is None
    assert scenarios_in(["NONE"]) == {}
    assert scenarios_in(["S01=3", "S04=0.5"]) == {"S01": 3, "S04": 0.5}
    assert scenarios_in(["ALL=2", "S01=0"]) == {each.key: 2 for each in SCENARIOS} | {"S01": 0}


@pytest.mark.parametrize("said", ["S01", "S01=", "S01=many", "S01=-1", "S01=nan", "S01=inf"])
def test_a_scenario_without_a_number_is_refused(said: str):
    with pytest.raises(ConfigurationError, match="a number of 0 or more"):
        scenarios_in([said])


def test_noise_is_set_and_left_out_by_name():
    noise = noise_in(["training=0.5"], ["own_file"])
    assert (noise.training, noise.own_file) == (0.5, 0.0)
    assert noise.wrong_name == Noise().wrong_name
    assert noise_in([], ["ALL"]) == Noise.none()
    assert noise_in(["training=0.5"], ["ALL"]).training == 0.5


def test_noise_of_another_name_is_refused_with_the_names():
    with pytest.raises(ConfigurationError, match=f"out of {fields(Noise)[0].name} "):
        noise_in([], ["thunder"])


def test_the_files_and_the_truth_are_written_apart(tmp_path, capsys):
    said = wish(scenarios=("S01=1", "S12=1"), truth=tmp_path / "truth.csv")
    assert draw(tmp_path / "town", said, language=Language.EN, as_json=True) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    truth = csv.read_csv(tmp_path / "truth.csv")
    assert truth.num_rows == told["looks"] == told["facts"]["consultation"]
    assert csv.read_csv(tmp_path / "truth-episodes.csv")["scenario"].to_pylist() == ["S01", "S12"]
    assert csv.read_csv(tmp_path / "truth-sent.csv").num_rows > 0
    assert {path.suffix for path in (tmp_path / "town").iterdir()} == {".jsonl"}
    assert sum(path.read_bytes().count(b"\n") for path in (tmp_path / "town").iterdir()) == sum(
        told["facts"].values()
    )


def test_looks_as_requests_are_read_whole_by_the_door_and_stand_in_no_other_file(tmp_path, capsys):
    draw(tmp_path / "town", wish(requests=True), language=Language.NL, as_json=True)
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    bodies = [path.read_bytes() for path in sorted((tmp_path / "town" / "otlp").iterdir())]
    rows, _ = rows_of(bodies, kind="traces-json")
    assert rows.num_rows == told["looks"]
    assert set(rows["kind"].to_pylist()) == {"consultation"}
    assert rows["fault"].null_count == rows.num_rows
    for path in (tmp_path / "town").glob("*.jsonl"):
        assert b'"relation":"consultation"' not in path.read_bytes()


def test_a_directory_with_other_files_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(RefusedError, match="expected a new or empty directory"):
        draw(tmp_path, wish(), language=Language.NL, as_json=True)


def test_the_truth_may_not_stand_among_the_sources(tmp_path):
    (tmp_path / "town").mkdir()
    said = wish(truth=tmp_path / "town" / "truth.parquet")
    with pytest.raises(RefusedError, match="outside the directory"):
        draw(tmp_path / "town", said, language=Language.NL, as_json=True)


def test_the_truth_has_a_form_that_can_be_read(tmp_path):
    with pytest.raises(ConfigurationError, match=r"ends in \.parquet or \.csv"):
        draw(tmp_path / "town", wish(truth=tmp_path / "truth.txt"), language=Language.NL, as_json=True)
