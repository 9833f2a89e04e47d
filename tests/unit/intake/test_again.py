# SPDX-License-Identifier: EUPL-1.2
import json
from collections.abc import Callable

import pytest

from rekenschap.errors import RefusedError
from rekenschap.intake import NO_FACT, Again, Which, judge_again, lines_of, masked, parse_profile
from tests.unit.intake.small_house import BSN, NOW, SmallHouse

PROFILE = """
id: small
title: {nl: klein, en: small}
readers: {csv: {}}
facts:
  - relation: consultation
    columns:
      looked_at: {from: t, as: ["%d-%m-%Y %H:%M"]}
      staff: s
      subject: b
      register: {value: BRP}
example: |
  t,s,b
  02-03-2026 09:00,m,x
expect: {}
"""
OTHER_TIME = PROFILE.replace('["%d-%m-%Y %H:%M"]', '["%d-%m-%Y %H:%M", "%Y/%m/%d %H:%M"]')
FILE = f"t,s,b\n02-03-2026 09:00,m.devries,{BSN}\n2026/03/02 09:05,m.devries,{BSN}\nlater,m.devries,{BSN}\n"


@pytest.fixture
def house(tmp_path):
    return SmallHouse(tmp_path)


def offered(house: SmallHouse, text: str = FILE, profile: str = PROFILE, name: str = "looks.csv") -> None:
    path = house.root / name
    path.write_text(text)
    house.take_in(path, parse_profile(profile))


def judged(house: SmallHouse, profile: str, reason: str | None = None, may: Callable | None = None) -> Again:
    held = house.door.quarantine
    rows = held.waiting(held.keys(Which(reason=reason, profile="small")))
    more = {} if may is None else {"may": may}
    return judge_again(rows, parse_profile(profile), door=house.door, ledger=house.ledger, now=NOW, **more)


def test_rows_that_pass_after_a_fix_become_facts_and_the_others_stay(house):
    offered(house)
    told = judged(house, OTHER_TIME)
    assert (told.judged, told.gone, told.accepted, told.known) == (2, 1, 1, 0)
    assert dict(told.staying) == {"time-unreadable": 1}
    assert len(house.facts("consultation")) == 2
    (held,) = house.door.quarantine.take()
    assert (held.line, json.loads(held.original)["t"]) == (4, "later")


def test_a_second_run_adds_nothing(house):
    offered(house)
    judged(house, OTHER_TIME)
    told = judged(house, OTHER_TIME)
    assert (told.judged, told.gone, told.accepted) == (1, 0, 0)
    assert len(house.facts("consultation")) == 2


def test_a_crash_before_the_rows_left_costs_a_second_run_and_nothing_else(house, monkeypatch):
    offered(house)

    def broken_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(house.door.quarantine), "remove_rows", broken_off)
        with pytest.raises(KeyboardInterrupt):
            judged(house, OTHER_TIME)
    assert len(house.facts("consultation")) == 2
    told = judged(house, OTHER_TIME)
    assert (told.gone, told.accepted, told.known) == (1, 0, 1)
    assert len(house.facts("consultation")) == 2


def test_a_crash_before_the_facts_were_durable_loses_no_row(house, monkeypatch):
    offered(house)

    def broken_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(house.ledger), "append", broken_off)
        with pytest.raises(KeyboardInterrupt):
            judged(house, OTHER_TIME)
    assert house.door.quarantine.counts() == {"time-unreadable": 2}
    assert judged(house, OTHER_TIME).accepted == 1


def test_a_row_that_gives_no_fact_now_waits_for_somebody_to_say_so(house):
    offered(house)
    skipping = OTHER_TIME.replace("    columns:", "    when: {t: {matches: '^[0-9]'}}\n    columns:")
    told = judged(house, skipping)
    assert (told.gone, told.without_facts) == (1, 1)
    assert house.door.quarantine.counts() == {NO_FACT: 1}


def test_a_row_still_bad_is_bad_for_its_reason_of_now(house):
    offered(house)
    told = judged(house, OTHER_TIME.replace("staff: s", "staff: q"))
    assert dict(told.staying) == {"time-unreadable": 1, "column-missing": 1}
    assert house.door.quarantine.counts() == {"time-unreadable": 1, "column-missing": 1}


def test_only_rows_of_one_reason_are_judged_when_asked(house):
    offered(house)
    assert judged(house, OTHER_TIME, reason="code-unknown").judged == 0


def test_a_row_whose_sender_may_not_send_it_stays(house):
    offered(house)
    told = judged(house, OTHER_TIME, may=lambda _held, row: row["t"] == "later")
    assert (told.gone, told.staying["time-unreadable"]) == (0, 2)


def test_a_file_offered_again_with_a_mended_profile_takes_its_rows_out_of_quarantine(house):
    offered(house)
    offered(house, profile=OTHER_TIME)
    (held,) = house.door.quarantine.take()
    assert held.line == 4
    assert len(house.facts("consultation")) == 2


def test_another_file_leaves_the_rows_of_the_first_where_they_are(house):
    offered(house)
    offered(house, text=FILE.replace("later", "02-03-2026 09:09"), profile=OTHER_TIME, name="other.csv")
    assert house.door.quarantine.counts() == {"time-unreadable": 2}


def test_a_line_that_never_was_a_row_is_judged_with_its_file_only(house):
    offered(house, text=FILE + "one,two,three,four,five\n")
    told = judged(house, OTHER_TIME)
    assert (told.judged, told.not_judged) == (3, 1)
    assert len(list(house.door.quarantine.take())) == 2


def test_a_profile_that_needs_the_whole_file_is_refused(house):
    grouped = PROFILE.replace("    columns:", "    one_per: [staff]\n    columns:")
    with pytest.raises(RefusedError, match="offer the file again"):
        judged(house, grouped)


def test_numbers_told_when_a_row_came_in_are_not_told_again(house):
    counted = "sequence: n\n"
    text = "t,s,b,n\n" + "".join(f"{line},{at}\n" for at, line in enumerate(FILE.splitlines()[1:], start=1))
    offered(house, text=text, profile=PROFILE + counted)
    judged(house, OTHER_TIME + counted)
    (told,) = house.facts("delivery")
    assert (told["kind"], told["first_number"], told["last_number"]) == ("first", 1, 3)


def test_the_line_of_a_column_in_its_profile_is_named():
    found = lines_of(PROFILE)
    assert found.of("consultation", "looked_at") == (8,)
    assert found.of("", "staff") == (9,)
    assert found.of("", "t") == ()


def test_the_line_of_a_check_and_of_the_numbering_is_named():
    found = lines_of("checks:\n  - column: a\n    in: [x]\nsequence: n\nfacts: named\n")
    assert (found.of("", "a"), found.of("", "n")) == ((2,), (4,))
    assert lines_of("id: x\nfacts: named\n").of("consultation", "staff") == (2,)


def test_a_masked_row_shows_shapes_and_no_value():
    shown = masked(json.dumps({"t": "2026/03/02 09:05", "s": "m.devries", "n": 12}).encode(), is_row=True)
    assert shown == {"t": "9999/99/99 99:99", "s": "x.xxxxxxx", "n": "99"}
    assert masked(b"\xff{", is_row=False) == {"": "2 bytes"}
    assert masked(b'{"a": "' + b"x" * 50 + b'"}', is_row=True) == {"a": "x" * 40 + "… (50)"}


def test_a_masked_record_keeps_the_names_of_its_fields_and_where_they_stand():
    attributes = [{"key": "rekenschap.staf.id", "value": {"stringValue": "m.devries"}}]
    record = {
        "spans": [{"traceId": "00ff", "attributes": attributes}],
        "unreadable": '{"extra": {"a": [1, "x"]}}',
    }
    assert masked(json.dumps(record).encode(), is_row=True) == {
        "spans[0].traceId": "99xx",
        "spans[0].attributes[rekenschap.staf.id].stringValue": "x.xxxxxxx",
        "unreadable.extra.a[0]": "9",
        "unreadable.extra.a[1]": "x",
    }


@pytest.mark.parametrize(
    "name", ["999990019", "m.devries", "a@b.nl", "J. de Voorbeeld", "jan.jansen", "1", "é"]
)
def test_a_name_that_may_be_a_value_is_masked_and_so_are_those_beside_it(name):
    for told in ({"looks": {name: 1, "voorbeeld": 2}}, {"a": [{"key": name, "value": 1}]}):
        shown = masked(json.dumps(told).encode(), is_row=True)
        assert name not in "".join(shown).replace("[0]", "").replace("(1)", "")
        assert "voorbeeld" not in "".join(shown)


def test_a_list_by_name_is_no_record():
    people = {name: 1 for name in (a + b for a in "abcdefghij" for b in "abcdefghij")}
    assert "aa" not in "".join(masked(json.dumps({"people": people}).encode(), is_row=True))


def test_a_masked_row_is_not_endless():
    assert len(masked(json.dumps({"a": [1] * 10_000}).encode(), is_row=True)) == 201
