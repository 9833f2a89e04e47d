# SPDX-License-Identifier: EUPL-1.2
"""What was read is kept for who asks again, and no more of it than was allowed."""

from rekenschap.ledger.reading.kept import Kept


def test_what_is_kept_is_not_made_again():
    kept: Kept[str, int] = Kept(2)
    assert kept.get("a", lambda: 1) == 1
    assert kept.get("a", lambda: 2) == 1


def test_what_was_not_asked_for_longest_goes_first():
    kept: Kept[str, int] = Kept(2)
    for name in ("a", "b", "a", "c"):
        kept.get(name, lambda: 1)
    assert [kept.get(name, lambda: 2) for name in ("a", "c", "b")] == [1, 1, 2]
