# SPDX-License-Identifier: EUPL-1.2
"""What is evaluated can be chosen: grounds, channels and settings, each by a name that there is."""

import pytest

from rekenschap.audit.evaluating.given import Choice
from rekenschap.errors import ConfigurationError
from tests.unit.packs.packs import a_pack


def test_without_words_it_is_what_the_house_has():
    chosen = Choice.of([], [], [])
    assert chosen == Choice()
    assert chosen.parameters.asks("weighed")


def test_a_ground_is_left_out_and_one_of_a_pack_comes_in(tmp_path):
    chosen = Choice.of([a_pack(tmp_path / "pack")], ["registered_handler"], [])
    ids = {each.id for each in chosen.grounds}
    assert ("contact_wide" in ids, "registered_handler" in ids) == (True, False)


def test_a_channel_is_left_out_with_all_its_kinds():
    asked = Choice.of([], ["weak_reason", "weighed"], []).parameters
    names = ("weak_reason_team_queue", "weighed", "unexplained")
    assert [asked.asks(each) for each in names] == [False, False, True]


def test_a_setting_reaches_grounds_and_channels():
    chosen = Choice.of([], [], ["office_closes=20", "days_before=3"])
    assert chosen.parameters.settings["office_closes"] == 20
    one = Choice.of([], [], ["contact.days_before=4"]).grounds
    told = {(e.id, s.default) for e in one for s in e.settings if s.name == "days_before"}
    assert ("contact", 4) in told and len({value for _, value in told}) > 1
    changed = [s.default for each in chosen.grounds for s in each.settings if s.name == "days_before"]
    assert changed and set(changed) == {3}


@pytest.mark.parametrize(
    ("without", "setting", "found"),
    [
        (["weigt"], [], "weighed"),
        ([], ["office_close=20"], "office_closes"),
        ([], ["office_closes=x"], "a count"),
    ],
)
def test_a_name_or_a_value_that_there_is_not_is_refused(without, setting, found):
    with pytest.raises(ConfigurationError, match=found):
        Choice.of([], without, setting)
