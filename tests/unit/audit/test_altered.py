# SPDX-License-Identifier: EUPL-1.2
"""A changed row counts as caught only when the check failed on that very row."""

from rekenschap.audit.altered import Altered
from rekenschap.errors import WrongLeafError


def wrong_leaf(entry: int | None) -> WrongLeafError:
    return WrongLeafError(expected="a leaf", found="another", remedy="compare", entry=entry)


def test_a_check_that_saw_nothing_caught_nothing():
    assert not Altered(entry=1, alarm=None).caught


def test_an_alarm_about_another_entry_did_not_catch_this_one():
    assert not Altered(entry=1, alarm=wrong_leaf(2)).caught
    assert not Altered(entry=0, alarm=wrong_leaf(None)).caught


def test_an_alarm_that_names_the_entry_caught_it():
    assert Altered(entry=1, alarm=wrong_leaf(1)).caught
    assert Altered(entry=0, alarm=wrong_leaf(0)).caught
