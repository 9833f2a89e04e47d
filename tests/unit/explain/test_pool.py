# SPDX-License-Identifier: EUPL-1.2
import pyarrow as pa

from rekenschap.explain.pool import codes


def test_equal_values_have_equal_numbers_over_chunks_and_null_is_a_value():
    column = pa.chunked_array([pa.array(["b", None, "a"]), pa.array(["a", "b", None], pa.string())])
    assert codes(column).tolist() == [0, 1, 2, 2, 0, 1]


def test_no_values_have_no_numbers():
    assert codes(pa.chunked_array([], pa.int64())).tolist() == []
