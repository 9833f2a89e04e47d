# SPDX-License-Identifier: EUPL-1.2
import gzip
import json
from datetime import UTC, datetime

import pytest

from rekenschap.errors import RejectedRecordError, SourceError
from rekenschap.intake import parse_profile
from tests.unit.intake.small_house import BSN, lines_of, look

WORKED = """
id: worked
title: {nl: gewerkt, en: worked}
readers: {csv: {delimiter: ";"}}
empty: [ONBEKEND]
facts:
  - relation: consultation
    one_per: [staff, subject, looked_at.day]
    columns:
      looked_at: {from: tijd, as: ["%d-%m-%Y %H:%M"]}
      staff: wie
      subject: bsn
      register: {value: BRP}
  - relation: contact
    when: {soort: [balie, telefoon]}
    columns:
      kind: {from: soort, map: {balie: counter, telefoon: call}}
      subject: bsn
      staff: wie
      started_at: {from: tijd, as: ["%d-%m-%Y %H:%M"]}
example: "wie;bsn;tijd;soort\\n"
expect: {}
"""
HEAD = "wie;bsn;tijd;soort\n"


def left(**other):
    return {
        "relation": "disclosure",
        "disclosed_at": "2026-03-02T09:15:00Z",
        "staff": "m",
        "kind": "export",
    } | other


def worked(house, text, name="werk.csv"):
    path = house.root / name
    path.write_text(HEAD + text, encoding="cp1252")
    return house.take_in(path, parse_profile(WORKED))


def test_a_line_becomes_a_fact_with_tokens_for_names(house):
    report = house.native(look(zaak="Z-1", search_key="bsn"))
    (fact,) = house.facts("consultation")
    assert report.facts["consultation"].accepted == 1
    assert house.original(fact["staff"]) == "m.devries"
    assert house.original(fact["subject"]) == BSN
    assert fact["looked_at"] == datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
    assert fact["source"] == "native-jsonl"
    assert fact["recorded_at"] == datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_the_same_person_has_one_token_in_every_column_and_file(house):
    house.native(look())
    house.native(
        {"relation": "zaak", "zaak": "Z", "registered_at": "2026-03-01T00:00:00Z", "handler": " m.devries "},
        name="z.jsonl",
    )
    assert house.facts("zaak")[0]["handler"] == house.facts("consultation")[0]["staff"]


def test_the_same_words_in_another_domain_are_another_token(house):
    house.native(look(staff="1234", zaak="1234"))
    (fact,) = house.facts("consultation")
    assert fact["staff"] != fact["zaak"]


def test_the_same_file_twice_adds_nothing(house):
    first = house.native(look(), look(staff="a.bakker"))
    size = house.ledger.size
    again = house.native(look(), look(staff="a.bakker"))
    assert (first.accepted, again.accepted, again.known) == (2, 0, 2)
    assert house.ledger.size == size


def test_a_grown_file_adds_only_what_is_new(house):
    house.native(look())
    report = house.native(look(), look(staff="a.bakker"))
    assert (report.accepted, report.known) == (1, 1)


def test_the_same_line_twice_in_one_file_is_one_fact(house):
    report = house.native(look(), look())
    assert (report.accepted, report.known) == (1, 1)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"{not json", "json-unreadable"),
        (b"[1, 2]", "json-no-object"),
        (b"\xff\xfe{}", "json-unreadable"),
        ({"relation": "gossip", "staff": "x"}, "relation-unknown"),
        (look(nickname="x"), "column-unknown"),
        (look(handler="x"), "column-unknown"),
        (look(staff=None), "column-missing"),
        (look(staff="   "), "column-missing"),
        (look(looked_at="yesterday"), "time-unreadable"),
        (look(looked_at="2026-02-30T10:00:00Z"), "time-unreadable"),
        (look(looked_at="1601-01-01T00:00:00Z"), "time-out-of-range"),
        (look(looked_at="2999-01-01T00:00:00Z"), "time-out-of-range"),
        (look(looked_at="2026-06-02T12:00:01Z"), "time-out-of-range"),
        (look(looked_at="2026-03-29T02:30:00"), "time-does-not-exist"),
        (look(search_key="shoe"), "code-unknown"),
        (look(fields="x" * 2_001), "text-too-long"),
        (look(fields="na\u0007am"), "text-unreadable"),
        (look(fields=f"see {BSN}"), "identifier-in-text"),
        (look(source=f"export {BSN}"), "identifier-in-text"),
        (look(fields="see 999-990\u00a0019"), "identifier-in-text"),
        (left(subjects=int(BSN)), "identifier-in-text"),
        (left(subjects="012345672"), "identifier-in-text"),
        (left(subjects=-5), "count-unreadable"),
        (left(subjects=1.5), "count-unreadable"),
        (left(size=-1), "count-unreadable"),
        (look(staff="x" * 257), "identifier-too-long"),
        (look(staff={"name": "m"}), "identifier-unreadable"),
        (look(subject=[BSN]), "identifier-unreadable"),
        (look(staff=True), "identifier-unreadable"),
        (look(subject="9,9999E+08"), "identifier-unreadable"),
        (look(zaak="9.9999e8"), "identifier-unreadable"),
        (look(subject="1E9"), "identifier-unreadable"),
        (look(trace_id="abc"), "bytes-unreadable"),
        ('{"relation": "consultation", "x": "' + "y" * (1 << 20) + '"}', "line-too-long"),
    ],
)
def test_a_bad_row_waits_with_its_reason_and_the_others_pass(house, row, reason):
    report = house.native(look(), row, look(staff="a.bakker"))
    assert report.quarantined == {reason: 1}
    assert (report.rows, report.accepted) == (3, 2)
    (waiting,) = house.door.quarantine.take()
    assert (waiting.line, waiting.reason) == (2, reason)
    assert waiting.original


def test_the_row_that_waits_is_kept_whole(house):
    bad = look(looked_at="yesterday", fields="naam")
    house.native(look(), bad)
    (waiting,) = house.door.quarantine.take()
    assert json.loads(waiting.original) == bad
    assert waiting.column == "looked_at"


def test_the_last_allowed_moment_passes(house):
    assert house.native(look(looked_at="2026-06-02T12:00:00Z")).accepted == 1
    assert house.native(look(looked_at="1990-01-01T00:00:00Z")).accepted == 1


def test_an_appointment_or_a_contract_may_lie_ahead_or_far_back(house):
    report = house.native(
        {"relation": "contact", "kind": "appointment", "started_at": "2027-01-01T09:00:00Z", "subject": BSN},
        {
            "relation": "staff",
            "staff": "m",
            "valid_from": "1985-09-01T00:00:00Z",
            "valid_until": "2040-01-01T00:00:00Z",
        },
    )
    assert report.accepted == 2


def test_the_same_bad_file_twice_is_set_aside_once(house):
    house.native(look(), "{")
    report = house.native(look(), "{")
    assert report.quarantined == {"json-unreadable": 1}
    assert house.door.quarantine.counts() == {"json-unreadable": 1}


def test_blank_lines_are_no_rows_but_count_as_lines(house):
    report = house.native(look(), "", "   ", "{")
    assert report.rows == 2
    assert [row.line for row in house.door.quarantine.take()] == [4]


def test_rows_that_wait_end_the_command_with_their_own_code(house):
    with pytest.raises(RejectedRecordError) as caught:
        house.native(look(), "{").check_complete()
    assert caught.value.reasons == {"json-unreadable": 1}


def test_one_look_for_a_person_subject_and_day_is_the_earliest(house):
    report = worked(house, f"m;{BSN};02-03-2026 10:00;\nm;{BSN};02-03-2026 09:00;\nm;{BSN};3-3-2026 00:10;\n")
    moments = [fact["looked_at"] for fact in house.facts("consultation")]
    assert sorted(moments) == [datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 23, 10, tzinfo=UTC)]
    assert (report.rows, report.facts["consultation"].offered) == (3, 2)


def test_one_row_may_give_facts_of_several_relations(house):
    report = worked(house, f"m;{BSN};02-03-2026 10:00;balie\nm;{BSN};02-03-2026 10:00;ONBEKEND\n")
    assert {name: count.accepted for name, count in report.facts.items()} == {"consultation": 1, "contact": 1}
    assert house.facts("contact")[0]["kind"] == "counter"


def test_a_row_with_a_bad_time_does_not_speak_for_its_group(house):
    report = worked(house, f"m;{BSN};31-02-2026 07:00;\nm;{BSN};02-03-2026 10:00;\n")
    assert report.quarantined == {"time-unreadable": 1}
    assert report.facts["consultation"].accepted == 1


def test_a_bsn_that_lost_its_leading_zero_is_the_same_citizen(house):
    worked(house, "m;012345672;02-03-2026 10:00;\na;12345672;02-03-2026 10:00;\n")
    one, other = house.facts("consultation")
    assert one["subject"] == other["subject"]
    assert house.original(one["subject"]) == "012345672"


@pytest.mark.parametrize(
    "written", ["9999.90.019", "999 990 019", 999990019, 999990019.0, "999990019,0", "999990019.00"]
)
def test_a_bsn_that_is_written_otherwise_is_the_same_citizen(house, written):
    house.native(look(), look(subject=written, staff="a.bakker"))
    one, other = house.facts("consultation")
    assert one["subject"] == other["subject"]
    assert house.original(other["subject"]) == BSN


def test_names_and_codes_with_marks_in_them_are_names_as_before(house):
    report = house.native(
        look(staff="[balie]"), look(staff="12.34"), look(zaak="12E5"), look(subject="A-1.0")
    )
    assert report.accepted == 4


def test_a_size_in_bytes_may_have_any_digits(house):
    house.native(left(size=int(BSN), subjects=999990021))
    (fact,) = house.facts("disclosure")
    assert (fact["size"], fact["subjects"]) == (int(BSN), 999990021)


def test_a_file_without_a_needed_column_is_refused_whole(house):
    path = house.root / "x.csv"
    path.write_text("wie;bsn\nm;1\n")
    with pytest.raises(SourceError, match="the column tijd, for looked_at of consultation"):
        house.take_in(path, parse_profile(WORKED))
    assert house.ledger.size == 0


def test_a_group_that_lacks_a_needed_column_waits_with_its_text(house):
    profile = parse_profile(
        WORKED.replace("looked_at: {from: tijd,", "looked_at: {from: tijd, take: min,").replace(
            "looked_at.day", "staff"
        )
    )
    path = house.root / "x.csv"
    path.write_text(f"{HEAD}m;{BSN};;x\nm;{BSN};02-03-2026 10:00;x\na;{BSN};;x\n")
    report = house.take_in(path, profile)
    assert report.quarantined == {"column-missing": 1}
    (waiting,) = house.door.quarantine.take()
    assert (waiting.line, waiting.column) == (4, "looked_at")
    assert json.loads(waiting.original) == {"wie": "a", "bsn": BSN, "tijd": "", "soort": "x"}


def test_half_a_gzip_keeps_the_whole_lines_and_says_so(house):
    rows = [look(looked_at=f"2026-03-02T09:00:00.{n:06}Z", staff=f"s{n * 7919 % 1000}") for n in range(5_000)]
    packed = gzip.compress(b"\n".join(lines_of(rows)))
    path = house.root / "half.jsonl.gz"
    path.write_bytes(packed[: len(packed) // 2])
    report = house.take_in(path)
    assert 500 < report.accepted < 4_500
    assert report.quarantined == {"line-cut-short": 1}
    with pytest.raises(SourceError, match="stops half-way"):
        report.check_complete()
    path.write_bytes(packed)
    assert house.take_in(path).accepted + report.accepted == 5_000


def test_facts_that_need_the_whole_file_are_withheld_from_half_of_it(house):
    text = HEAD + "".join(f"s{n * 7919 % 1000};{BSN};02-03-2026 10:00;balie\n" for n in range(20_000))
    packed = gzip.compress(text.encode())
    path = house.root / "half.csv.gz"
    path.write_bytes(packed[: len(packed) // 2])
    report = house.take_in(path, parse_profile(WORKED))
    assert report.facts["consultation"].withheld
    assert house.facts("consultation") == []
    assert report.facts["contact"].accepted > 0


def test_progress_is_told_block_by_block(house):
    seen = []
    path = house.root / "x.jsonl"
    path.write_bytes(b"\n".join(lines_of([look()])))
    from rekenschap.intake import load_profile, take_in
    from tests.unit.intake.small_house import NOW

    take_in(
        path,
        load_profile("native-jsonl"),
        door=house.door,
        ledger=house.ledger,
        now=NOW,
        progress=seen.append,
    )
    assert seen[-1].rows == 1
    assert seen[-1].bytes_read == seen[-1].bytes_total == path.stat().st_size


def test_a_row_no_rule_is_about_is_counted_and_not_lost(house):
    text = WORKED.replace("    one_per: [staff, subject, looked_at.day]", "    when: {soort: filled}")
    path = house.root / "x.csv"
    path.write_text(f"{HEAD}m;{BSN};02-03-2026 10:00;\nm;{BSN};02-03-2026 10:00;overig\n")
    report = house.take_in(path, parse_profile(text))
    assert (report.rows, report.without_facts, report.accepted) == (2, 1, 1)


def test_a_check_of_the_profile_sets_the_row_aside(house):
    text = WORKED + 'checks: [{column: wie, matches: "^[a-z]+$"}]\n'
    path = house.root / "x.csv"
    path.write_text(f"{HEAD}m;{BSN};02-03-2026 10:00;\nM9;{BSN};02-03-2026 10:00;\n")
    report = house.take_in(path, parse_profile(text))
    assert (report.accepted, report.quarantined) == (1, {"check-failed": 1})
