# SPDX-License-Identifier: EUPL-1.2
"""What somebody says about a look counts apart, and says less than any recorded work."""

import numpy as np
import pyarrow as pa
import pytest

from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.explain import Explained, explain, grounds_of_the_house, narrate
from rekenschap.explain.stated import STRENGTH, set_strengths
from rekenschap.explain.weighing.strength import Strengths
from rekenschap.model.explanation import Weight
from rekenschap.sql.workspace import bind_all
from tests.unit.explain.town import DAY, table, town


def explained(facts: dict[str, pa.Table]) -> Explained:
    engine = DuckDbEngine(threads=1)
    bind_all(engine, facts)
    answer = explain(engine, seed=5)
    engine.close()
    return answer


def answered(facts: dict[str, pa.Table], looks: list[int], *, confirmed: bool) -> dict[str, pa.Table]:
    """The town, in which the ones who took these looks said why, and somebody else knew the work."""
    rows = {row["entry"]: row for row in facts["consultation"].to_pylist() if row["entry"] in set(looks)}
    acts = [(rows[look]["staff"], "stated", look, rows[look]["looked_at"] + DAY) for look in looks]
    acts += [(-99, "confirmed", look, rows[look]["looked_at"] + 2 * DAY) for look in looks if confirmed]
    staff, verb, look, acted_at = (list(each) for each in zip(*acts, strict=True))
    said = {"staff": staff, "verb": verb, "look": look, "acted_at": np.array(acted_at)}
    return {**facts, "act": table("act", 90_000, {**said, "source": ["rekenschap-desk"] * len(acts)})}


@pytest.fixture(scope="module")
def before() -> Explained:
    return explained(town())


@pytest.fixture(scope="module")
def unexplained(before: Explained) -> list[int]:
    verdict = before.verdict.to_pylist()
    return [row["look"] for row in verdict if not row["explained"] and not row["weak_only"]][:20]


@pytest.fixture(scope="module")
def after(unexplained: list[int]) -> Explained:
    return explained(answered(town(), unexplained, confirmed=False))


def test_an_answer_explains_as_stated_and_does_not_make_a_look_explained(after, unexplained):
    verdict = {row["look"]: row for row in after.verdict.to_pylist()}
    for look in unexplained:
        assert verdict[look]["best_ground"] == "stated"
        assert (verdict[look]["explained"], verdict[look]["weak_only"]) == (False, True)
    told = [row for row in after.explanation.to_pylist() if row["ground"] == "stated"]
    assert {(row["look"], row["weight"], row["work_relation"]) for row in told} == {
        (look, "stated", "act") for look in unexplained
    }


def test_an_answer_is_counted_apart_and_changes_no_other_share(before, after, unexplained):
    assert before.shares.stated_only == 0.0
    assert after.shares.stated_only == pytest.approx(len(unexplained) / after.shares.looks)
    assert after.shares.explained == before.shares.explained
    assert after.shares.weak_only == before.shares.weak_only


def test_an_answer_never_says_more_than_recorded_work(after):
    names = [ground.id for ground in grounds_of_the_house()]
    weights = {ground.id: ground.weight for ground in grounds_of_the_house()}
    hit = dict(zip(names, after.strengths.hit, strict=True))
    recorded = [value for name, value in hit.items() if weights[name] == "full" and value > 0]
    assert 0 < hit["stated"] <= min(*recorded, STRENGTH["stated"])
    takes_off = dict(zip(after.model.grounds, after.model.weights, strict=True))
    of_work = [value for name, value in takes_off.items() if weights[name] == "full" and value > 0]
    assert takes_off["stated"] <= min(of_work)


def test_an_answer_changes_nothing_about_looks_of_others(before, after, unexplained):
    def scores(answer):
        return {
            r["look"]: r["score"] for r in answer.verdict.to_pylist() if r["look"] not in set(unexplained)
        }

    assert scores(before) == scores(after)


def test_an_answer_that_a_second_person_knows_says_more(after, unexplained):
    confirmed = explained(answered(town(), unexplained, confirmed=True))
    verdict = {row["look"]: row for row in confirmed.verdict.to_pylist()}
    assert {verdict[look]["best_ground"] for look in unexplained} <= {"stated", "stated_confirmed"}
    assert not any(verdict[look]["explained"] for look in unexplained)
    first = {row["look"]: row["score"] for row in after.verdict.to_pylist()}
    assert all(verdict[look]["score"] <= first[look] for look in unexplained)


def test_the_sentence_says_that_it_was_said():
    stated = [narrate(each) for each in grounds_of_the_house() if each.weight == "stated"]
    assert len(stated) == 3
    assert all(each.nl.endswith("Dit is gezegd en niet als werk vastgelegd.") for each in stated)
    assert all(each.en.endswith("This was said, and is not recorded work.") for each in stated)


def test_what_was_confirmed_stays_above_ones_own_word_however_little_recorded_work_says():
    weights = (Weight.FULL, Weight.STATED, Weight.STATED)
    little, nothing = np.array([[0.3], [0.0], [0.0]]), np.zeros((3, 1))
    says = Strengths(
        hit=little[:, 0], miss=nothing[:, 0], most=little[:, 0], hit_by_class=little, miss_by_class=nothing,
        most_by_class=little,
    )  # fmt: skip
    found = set_strengths(weights, ("task", "stated", "stated_confirmed"), says)
    assert 0 < found.hit[1] < found.hit[2] <= 0.3
    assert 0 < found.hit_by_class[1, 0] < found.hit_by_class[2, 0] <= 0.3
