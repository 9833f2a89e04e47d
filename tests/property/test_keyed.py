# SPDX-License-Identifier: EUPL-1.2
"""Many keyed hashes at once are those of the standard library, and a normal form is the same however many."""

import hmac

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.intake import Pseudonyms, normal_form, token_of
from rekenschap.intake.identifiers import normal_forms
from rekenschap.ledger.rows.keyed import keyed_hashes

WRITTEN = st.one_of(
    st.text(max_size=20),
    st.text("0123456789 .-/٣９\u00a0", max_size=14),
    st.integers(0, 10**9).map(str),
    st.integers(0, 10**9).map("{:09d}".format),
)


@pytest.mark.parametrize("many", [1, 600])
@given(
    key=st.binary(min_size=1, max_size=100),
    some=st.lists(st.binary(max_size=300), min_size=1, max_size=6),
    begin=st.binary(max_size=20),
)
def test_many_keyed_hashes_are_those_of_one_by_one(
    many: int, key: bytes, some: list[bytes], begin: bytes
) -> None:
    messages = some * many
    found = keyed_hashes(key, pa.array(messages, pa.binary()), begin=begin)

    assert [row.tobytes() for row in found] == [hmac.digest(key, begin + x, "sha256") for x in messages]


@given(some=st.lists(WRITTEN, min_size=1, max_size=30), domain=st.sampled_from(["subject", "staff"]))
def test_identifiers_get_the_token_of_their_normal_form_the_first_time_and_again(
    some: list[str], domain: str
) -> None:
    pseudonyms = Pseudonyms(b"key", None)
    expected = [token_of(b"key", domain, normal_form(each, domain)) for each in some]

    assert normal_forms(pa.array(some, pa.string()), domain).to_pylist() == [
        normal_form(each, domain) for each in some
    ]
    for _ in range(2):
        assert pseudonyms.tokens_of(pa.array(some, pa.string()), domain).to_pylist() == expected
