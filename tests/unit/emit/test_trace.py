# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.emit import TraceContext, trace_in

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01-what",
        f"00-{TRACE}-{SPAN}-0x",
        f"00-{TRACE}{SPAN}-01",
        f"0-{TRACE}-{SPAN}-01",
    ],
)
def test_a_header_that_the_standard_refuses_is_no_trace(header: str | None):
    assert trace_in(header) is None


def test_a_later_version_is_read_as_far_as_it_is_known():
    found = trace_in(f"cc-{TRACE}-{SPAN}-01-what-the-future-will-be-like")
    assert found is not None
    assert (found.trace_id, found.span_id) == (TRACE, SPAN)


def test_the_flag_of_the_caller_is_passed_on_as_it_came():
    for flags in ("00", "01"):
        found = trace_in(f"00-{TRACE}-{SPAN}-{flags}")
        assert found is not None
        assert found.step().headers["traceparent"].endswith(f"-{flags}")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a=1,b=2", "a=1,b=2"),
        (" a=1 ,, b=2\t", "a=1,b=2"),
        ("tenant@vendor=x", "tenant@vendor=x"),
        ("a=1,a=2", ""),
        ("A=1", ""),
        ("a", ""),
        (",".join(f"k{n}=1" for n in range(33)), ""),
    ],
)
def test_a_trace_state_is_kept_whole_or_left_out(given: str, kept: str):
    found = trace_in(f"00-{TRACE}-{SPAN}-01", given)
    assert found is not None
    assert found.state == kept


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=8, max_size=8), st.sampled_from([0, 1]))
def test_what_is_sent_is_what_is_read(trace: bytes, span: bytes, flags: int):
    if not any(trace) or not any(span):
        return
    sent = TraceContext(trace_id=trace.hex(), span_id=span.hex(), flags=flags)
    assert trace_in(sent.headers["traceparent"]) == sent


def test_a_step_stays_in_its_trace_and_has_a_name_of_its_own():
    first = TraceContext.begin()
    assert first.step().trace_id == first.trace_id
    assert first.step().span_id != first.span_id
