# SPDX-License-Identifier: EUPL-1.2
"""A system is out of step when somebody looks under its name by hand; not when it does what it does."""

import numpy as np
import pyarrow as pa

from rekenschap.detect.channels.machines import ONE_IN, out_of_step


def looks(minute, *, key="bsn", register="brp", device=0) -> pa.Table:
    size = len(minute)
    return pa.table(
        {
            "happened_minute": pa.array(minute),
            "register": pa.array(np.broadcast_to(register, size).tolist()),
            "search_key": pa.array(np.broadcast_to(key, size).tolist()),
            "device": pa.array(np.broadcast_to(device, size).astype(np.int64)),
        }
    )


def nightly(days=40, a_night=20):
    return np.full(days * a_night, 130), np.repeat(np.arange(days), a_night)


def odd(rows: pa.Table, day, staff=None) -> np.ndarray:
    place = np.zeros(len(day), dtype=np.int64) if staff is None else staff
    return np.flatnonzero(out_of_step(rows, place, np.asarray(day)))


def test_a_run_that_does_what_it_did_is_in_step():
    minute, day = nightly()
    assert not len(odd(looks(minute), day))


def test_a_look_at_another_part_of_the_day_is_out_of_step():
    minute, day = nightly()
    assert odd(looks(np.append(minute, 600)), np.append(day, 35)).tolist() == [len(minute)]


def test_another_key_another_register_and_a_device_are_out_of_step():
    minute, day = nightly()
    size = len(minute)
    minute, day = np.append(minute, [130, 130, 130]), np.append(day, [35, 35, 35])
    key, register, device = (np.full(size + 3, each, dtype=object) for each in ("bsn", "brp", 0))
    key[size], register[size + 1], device[size + 2] = "name", "belastingen", 7
    rows = looks(minute, key=key.astype(str), register=register.astype(str), device=device.astype(int))
    assert odd(rows, day).tolist() == [size, size + 1, size + 2]


def test_who_keeps_looking_stays_out_of_step():
    minute, day = nightly(a_night=200)
    by_hand = np.arange(35, 40)
    rows = looks(np.append(minute, np.full(5, 600)))
    assert odd(rows, np.append(day, by_hand)).tolist() == [len(minute) + each for each in range(5)]


def test_an_account_of_which_little_was_seen_has_no_step():
    few = ONE_IN - 1
    day = np.append(np.zeros(few, dtype=np.int64), 1)
    assert not len(odd(looks(np.append(np.full(few, 130), 600)), day))


def test_a_new_version_of_a_run_is_forgotten_after_four_weeks():
    minute, day = nightly(days=80)
    minute = np.where(day < 40, 130, 600)
    found = day[odd(looks(minute), day)]
    assert found.min() == 40
    assert found.max() < 43


def test_accounts_do_not_lend_each_other_their_step():
    minute, day = nightly()
    two = np.concatenate([minute, np.full(len(minute), 600)])
    staff = np.repeat([0, 1], len(minute))
    assert not len(odd(looks(two), np.concatenate([day, day]), staff))
    swapped = np.append(two, 600)
    assert odd(looks(swapped), np.concatenate([day, day, [39]]), np.append(staff, 0)).tolist() == [len(two)]
