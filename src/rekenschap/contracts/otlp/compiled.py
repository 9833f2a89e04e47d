# SPDX-License-Identifier: EUPL-1.2
"""The walk of `wire` in machine code (`llvmlite`, extra `fast`), made when it is first needed.

One field after another, each held to the end of its message; nothing is read or written outside what it was
given. A message with a group in it, a form nobody writes any more, is walked up to there and left to `wire`.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Octets = npt.NDArray[np.uint8]


class Walk(Protocol):
    """Walks messages between `starts` and `ends`."""

    def __call__(
        self, octets: Octets, starts: Numbers, ends: Numbers, *, most: int
    ) -> tuple[Numbers, Octets] | None:
        """Give owner, number, kind, tag, start and end of each field, each a line of the matrix; and what
        each message is. None when there are more than `most` fields.
        """
        ...


class Engine(Protocol):
    """Holds machine code."""

    def get_function_address(self, name: str) -> int:
        """Give where a function begins."""
        ...


SOUND, BROKEN, GROUPED = 0, 1, 2

_CODE = """
define internal i64 @varint(ptr %raw, i64 %at, i64 %end, ptr %value) alwaysinline {
entry:
  br label %loop
loop:
  %place = phi i64 [ %at, %entry ], [ %behind, %more ]
  %shift = phi i64 [ 0, %entry ], [ %further, %more ]
  %sum = phi i64 [ 0, %entry ], [ %added, %more ]
  %inside = icmp slt i64 %place, %end
  br i1 %inside, label %read, label %bad
read:
  %source = getelementptr i8, ptr %raw, i64 %place
  %octet = load i8, ptr %source
  %wide = zext i8 %octet to i64
  %low = and i64 %wide, 127
  %part = shl i64 %low, %shift
  %added = or i64 %sum, %part
  %behind = add i64 %place, 1
  %last = icmp ult i64 %wide, 128
  br i1 %last, label %good, label %more
more:
  %further = add i64 %shift, 7
  %fits = icmp ult i64 %further, 70
  br i1 %fits, label %loop, label %bad
good:
  store i64 %added, ptr %value
  ret i64 %behind
bad:
  ret i64 -1
}

define void @put(ptr %rows, i64 %line, i64 %width, i64 %at, i64 %what) alwaysinline {
  %begin = mul i64 %line, %width
  %place = add i64 %begin, %at
  %target = getelementptr i64, ptr %rows, i64 %place
  store i64 %what, ptr %target
  ret void
}

define i64 @walk(ptr %raw, ptr %starts, ptr %ends, i64 %many, ptr %rows, i64 %width, ptr %found) {
entry:
  %value = alloca i64
  br label %messages
messages:
  %i = phi i64 [ 0, %entry ], [ %i1, %next ]
  %total = phi i64 [ 0, %entry ], [ %kept, %next ]
  %going = icmp slt i64 %i, %many
  br i1 %going, label %message, label %done
message:
  %start_at = getelementptr i64, ptr %starts, i64 %i
  %start = load i64, ptr %start_at
  %end_at = getelementptr i64, ptr %ends, i64 %i
  %end = load i64, ptr %end_at
  br label %fields
fields:
  %at = phi i64 [ %start, %message ], [ %after, %counted ]
  %count = phi i64 [ %total, %message ], [ %count1, %counted ]
  %inside = icmp slt i64 %at, %end
  br i1 %inside, label %field, label %sound
field:
  %p = call i64 @varint(ptr %raw, i64 %at, i64 %end, ptr %value)
  %has_tag = icmp sge i64 %p, 0
  br i1 %has_tag, label %tagged, label %broken
tagged:
  %tag = load i64, ptr %value
  %kind = and i64 %tag, 7
  %number = lshr i64 %tag, 3
  %named = icmp ne i64 %number, 0
  br i1 %named, label %by_kind, label %broken
by_kind:
  switch i64 %kind, label %broken [
    i64 0, label %varied
    i64 1, label %eight
    i64 2, label %sized
    i64 3, label %group
    i64 5, label %four
  ]
varied:
  %pv = call i64 @varint(ptr %raw, i64 %p, i64 %end, ptr %value)
  %fits_v = icmp sge i64 %pv, 0
  br i1 %fits_v, label %good, label %broken
eight:
  %p8 = add i64 %p, 8
  br label %bounded
four:
  %p4 = add i64 %p, 4
  br label %bounded
bounded:
  %pb = phi i64 [ %p8, %eight ], [ %p4, %four ]
  %fits_b = icmp sle i64 %pb, %end
  br i1 %fits_b, label %good, label %broken
sized:
  %pl = call i64 @varint(ptr %raw, i64 %p, i64 %end, ptr %value)
  %fits_l = icmp sge i64 %pl, 0
  br i1 %fits_l, label %length, label %broken
length:
  %size = load i64, ptr %value
  %room = sub i64 %end, %pl
  %pe = add i64 %pl, %size
  %fits_s = icmp ule i64 %size, %room
  br i1 %fits_s, label %good, label %broken
good:
  %begin = phi i64 [ %p, %varied ], [ %p, %bounded ], [ %pl, %length ]
  %after = phi i64 [ %pv, %varied ], [ %pb, %bounded ], [ %pe, %length ]
  %held = icmp slt i64 %count, %width
  br i1 %held, label %written, label %counted
written:
  call void @put(ptr %rows, i64 0, i64 %width, i64 %count, i64 %i)
  call void @put(ptr %rows, i64 1, i64 %width, i64 %count, i64 %number)
  call void @put(ptr %rows, i64 2, i64 %width, i64 %count, i64 %kind)
  call void @put(ptr %rows, i64 3, i64 %width, i64 %count, i64 %at)
  call void @put(ptr %rows, i64 4, i64 %width, i64 %count, i64 %begin)
  call void @put(ptr %rows, i64 5, i64 %width, i64 %count, i64 %after)
  br label %counted
counted:
  %count1 = add i64 %count, 1
  br label %fields
sound:
  br label %next
broken:
  br label %next
group:
  br label %next
next:
  %kept = phi i64 [ %count, %sound ], [ %count, %broken ], [ %count, %group ]
  %what = phi i8 [ 0, %sound ], [ 1, %broken ], [ 2, %group ]
  %found_at = getelementptr i8, ptr %found, i64 %i
  store i8 %what, ptr %found_at
  %i1 = add i64 %i, 1
  br label %messages
done:
  ret i64 %total
}
"""


@cache
def compiled() -> Walk | None:
    """Give the walk in machine code; None without the extra `fast`."""
    engine = made(_CODE)
    if engine is None:
        return None
    pointer, number = ctypes.c_void_p, ctypes.c_int64
    kind = ctypes.CFUNCTYPE(number, pointer, pointer, pointer, number, pointer, number, pointer)
    walk = kind(engine.get_function_address("walk"))

    def walked(octets: Octets, starts: Numbers, ends: Numbers, *, most: int) -> tuple[Numbers, Octets] | None:
        raw, starts, ends = _checked(octets, starts, ends)
        found = np.empty(len(starts), dtype=np.uint8)
        places = (raw.ctypes.data, starts.ctypes.data, ends.ctypes.data, len(starts))
        width = walk(*places, None, 0, found.ctypes.data)
        if width > most:
            return None
        rows = np.empty((6, width), dtype=np.int64)
        if width:
            walk(*places, rows.ctypes.data, width, found.ctypes.data)
        return rows, found

    walked.__dict__["engine"] = engine  # the code lives as long as its engine
    return walked


def made(code: str) -> Engine | None:
    """Give machine code made of LLVM's intermediate form; it lives as long as what is given here."""
    try:
        from llvmlite import binding
    except ImportError:
        return None
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    module = binding.parse_assembly(code)
    module.verify()
    machine = binding.Target.from_default_triple().create_target_machine(
        cpu=binding.get_host_cpu_name(), features=binding.get_host_cpu_features().flatten(), opt=2
    )
    _inlined(binding, module, machine)
    engine = binding.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    found: Engine = engine
    return found


def _inlined(binding: object, module: object, machine: object) -> None:
    """Have the small functions put in their places, and values in registers."""
    options = binding.create_pipeline_tuning_options(speed_level=2)  # type: ignore[attr-defined]
    builder = binding.create_pass_builder(machine, options)  # type: ignore[attr-defined]
    builder.getModulePassManager().run(module, builder)


def _checked(octets: Octets, starts: Numbers, ends: Numbers) -> tuple[Octets, Numbers, Numbers]:
    """Give arrays without gaps; raises IndexError where they lead beyond the bytes: the code would go on."""
    if len(starts) != len(ends) or (len(starts) and (int(starts.min()) < 0 or int(ends.max()) > len(octets))):
        raise IndexError("messages beyond their bytes")
    return (
        np.ascontiguousarray(octets),
        np.ascontiguousarray(starts, dtype=np.int64),
        np.ascontiguousarray(ends, dtype=np.int64),
    )
