# SPDX-License-Identifier: EUPL-1.2
"""Machine code that writes the rows of a record batch in AEL1, straight from where Arrow keeps its columns
(the Arrow C data interface). Believes what it is given: `batches` judges a batch first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from llvmlite import binding, ir

from rekenschap.ledger.rows.code.agreed import Form

MOST, WRITE = "most_bytes", "write_rows"
CODES = {Form.BYTES: 1, Form.VAR: 2, Form.I64: 3, Form.U64: 3, Form.U32: 4, Form.DAY: 4, Form.FLAG: 5}
_I1, _I8, _I32, _I64, _I128 = (ir.IntType(bits) for bits in (1, 8, 32, 64, 128))
_BYTE, _NEAR, _FAR = _I8.as_pointer(), _I32.as_pointer(), _I64.as_pointer()
_LENGTH, _OFFSET, _BUFFERS, _CHILDREN = 0, 2, 5, 6
"""fields of an ArrowArray, each of 8 bytes"""
_FORM, _WIDTH, _REQUIRED, _PLAN = 0, 1, 2, 3
"""numbers that tell of a column its form, its width and whether it is always there; and how many these are"""


def machine_code() -> binding.ExecutionEngine:
    """Make it for this processor, ready to be called as MOST and WRITE."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    module = ir.Module("batches")
    module.triple = binding.get_process_triple()
    _Most(module).write()
    _Rows(module).write()
    parsed = binding.parse_assembly(str(module))
    parsed.verify()
    machine = binding.Target.from_default_triple().create_target_machine(
        cpu=binding.get_host_cpu_name(), features=binding.get_host_cpu_features().flatten(), opt=2
    )
    engine = binding.create_mcjit_compiler(parsed, machine)
    engine.finalize_object()
    return engine


class _Writer:
    """What both functions need: loops, fields of a column, places in memory."""

    def __init__(self, module: ir.Module, name: str, *given: ir.Type) -> None:
        self.function = ir.Function(module, ir.FunctionType(_I64, [_I64, _FAR, _I64, *given]), name)
        self.array, self.plan, self.columns, *self.given = self.function.args
        self.b = ir.IRBuilder(self.function.append_basic_block("entry"))

    @contextmanager
    def counting(self, until: ir.Value) -> Iterator[ir.Value]:
        """Write a loop from 0 that is gone through at least once."""
        b = self.b
        entry, body, done = b.block, b.append_basic_block(), b.append_basic_block()
        b.branch(body)
        b.position_at_end(body)
        at = b.phi(_I64)
        at.add_incoming(_I64(0), entry)
        yield at
        following = b.add(at, _I64(1))
        at.add_incoming(following, b.block)
        b.cbranch(b.icmp_unsigned("<", following, until), body, done)
        b.position_at_end(done)

    def at(self, start: ir.Value, index: ir.Value | int, kind: ir.Type) -> ir.Value:
        """Read the value with a number in an array."""
        size = 8 if kind is _I64 else kind.width // 8
        index = _I64(index) if isinstance(index, int) else index
        place = self.b.add(start, self.b.mul(index, _I64(size)))
        return self.b.load(self.b.inttoptr(place, kind.as_pointer()), align=1)

    def put(self, value: ir.Value, place: ir.Value) -> None:
        """Write a value at an address."""
        self.b.store(value, self.b.inttoptr(place, value.type.as_pointer()), align=1)

    def planned(self, column: ir.Value, number: int) -> ir.Value:
        """Read one of the numbers that tell of a column."""
        at = self.b.add(self.b.mul(column, _I64(_PLAN)), _I64(number))
        return self.b.load(self.b.gep(self.plan, [at]))

    def child(self, column: ir.Value) -> ir.Value:
        """Give the address of the ArrowArray of a column."""
        return self.at(self.at(self.array, _CHILDREN, _I64), column, _I64)

    def buffer(self, child: ir.Value, number: int) -> ir.Value:
        """Give the address of a buffer of a column."""
        return self.at(self.at(child, _BUFFERS, _I64), number, _I64)


class _Most(_Writer):
    """Writes i64 most_bytes(array, plan, columns): how many bytes all variable values are at most."""

    def __init__(self, module: ir.Module) -> None:
        super().__init__(module, MOST)

    def write(self) -> None:
        b = self.b
        most = b.alloca(_I64)
        b.store(_I64(0), most)
        with self.counting(self.columns) as column:
            is_var = b.icmp_signed("==", self.planned(column, _FORM), _I64(CODES[Form.VAR]))
            with b.if_then(is_var):
                child = self.child(column)
                start, ends = self.at(child, _OFFSET, _I64), self.buffer(child, 1)
                stop = b.add(start, self.at(self.array, _LENGTH, _I64))
                bytes_in = b.sub(self.at(ends, stop, _I32), self.at(ends, start, _I32))
                b.store(b.add(b.load(most), b.zext(bytes_in, _I64)), most)
        b.ret(b.load(most))


class _Rows(_Writer):
    """Writes i64 write_rows(array, plan, columns, line, head, fixed, out, lengths): how many bytes it wrote.

    `line` is head and empty bitmap, together `head` bytes; `fixed` is how long rows are before their variable
    values. -1 when a value is not there that must be.
    """

    def __init__(self, module: ir.Module) -> None:
        super().__init__(module, WRITE, _I64, _I64, _I64, _I64, _I64)
        kind = ir.FunctionType(ir.VoidType(), [_BYTE, _BYTE, _I64, _I1])
        self.copy_bytes = ir.Function(module, kind, "llvm.memcpy.p0.p0.i64")

    def write(self) -> None:
        b, (line, head, fixed, out, lengths) = self.b, self.given
        begin, place, tail, bitmap = (b.alloca(_I64) for _ in range(4))
        missing = b.alloca(_I1)
        b.store(_I1(0), missing)
        b.store(out, begin)
        bitmap_size = b.udiv(b.add(self.columns, _I64(7)), _I64(8))
        with self.counting(self.at(self.array, _LENGTH, _I64)) as row:
            start = b.load(begin)
            self._copy(start, line, head)
            b.store(b.add(start, head), place)
            b.store(b.add(start, fixed), tail)
            b.store(b.sub(b.add(start, head), bitmap_size), bitmap)
            with self.counting(self.columns) as column:
                child, width = self.child(column), self.planned(column, _WIDTH)
                at, here = b.add(self.at(child, _OFFSET, _I64), row), b.load(place)
                with b.if_else(self.is_there(child, at)) as (there, empty):
                    with there:
                        self._value(self.planned(column, _FORM), child, at, (here, width, tail))
                    with empty:
                        must = b.icmp_signed("!=", self.planned(column, _REQUIRED), _I64(0))
                        b.store(b.or_(b.load(missing), must), missing)
                        self._nothing(b.load(bitmap), column, here, width)
                b.store(b.add(here, width), place)
            end = b.load(tail)
            length = b.bswap(b.trunc(b.sub(end, start), _I32))
            self.put(length, b.add(lengths, b.mul(row, _I64(4))))
            b.store(end, begin)
        written = b.sub(b.load(begin), out)
        b.ret(b.select(b.load(missing), _I64(-1), written))

    def is_there(self, child: ir.Value, at: ir.Value) -> ir.Value:
        """Say whether a value is there: all are where Arrow keeps no bits."""
        b, bits = self.b, self.buffer(child, 0)
        before = b.block
        with b.if_then(b.icmp_unsigned("!=", bits, _I64(0))):
            kept = self.bit(bits, at)
            inside = b.block
        found = b.phi(_I1)
        found.add_incoming(_I1(1), before)
        found.add_incoming(kept, inside)
        return found

    def bit(self, bits: ir.Value, at: ir.Value) -> ir.Value:
        """Read one bit."""
        b = self.b
        byte = self.at(bits, b.lshr(at, _I64(3)), _I8)
        return b.trunc(b.lshr(byte, b.trunc(b.and_(at, _I64(7)), _I8)), _I1)

    def _nothing(self, bitmap: ir.Value, column: ir.Value, here: ir.Value, width: ir.Value) -> None:
        """Write a value that is not there: zeros, and a bit in the bitmap."""
        b = self.b
        byte = b.add(bitmap, b.lshr(column, _I64(3)))
        bit = b.shl(_I8(1), b.trunc(b.and_(column, _I64(7)), _I8))
        self.put(b.or_(self.at(byte, 0, _I8), bit), byte)
        with self.counting(width) as number:
            self.put(_I8(0), b.add(here, number))

    def _value(
        self, form: ir.Value, child: ir.Value, at: ir.Value, places: tuple[ir.Value, ir.Value, ir.Value]
    ) -> None:
        """Write a value that is there, by its form."""
        b, (here, width, tail) = self.b, places
        values = self.buffer(child, 1)

        def text() -> None:
            start, stop = (self.at(values, b.add(at, _I64(more)), _I32) for more in (0, 1))
            length, to = b.sub(stop, start), b.load(tail)
            self.put(b.bswap(length), here)
            self._copy(to, b.add(self.buffer(child, 2), b.zext(start, _I64)), b.zext(length, _I64))
            b.store(b.add(to, b.zext(length, _I64)), tail)

        def raw() -> None:
            start = b.add(values, b.mul(at, width))
            with b.if_else(b.icmp_signed("==", width, _I64(16))) as (token, other):
                with token:
                    self.put(self.at(start, 0, _I128), here)
                with other:
                    self._copy(here, start, width)

        kinds: dict[int, Callable[[], None]] = {
            CODES[Form.BYTES]: raw,
            CODES[Form.VAR]: text,
            CODES[Form.I64]: lambda: self.put(b.bswap(self.at(values, at, _I64)), here),
            CODES[Form.DAY]: lambda: self.put(b.bswap(self.at(values, at, _I32)), here),
            CODES[Form.FLAG]: lambda: self.put(b.zext(self.bit(values, at), _I8), here),
        }
        done = b.append_basic_block()
        choice = b.switch(form, done)
        for code, written in kinds.items():
            b.position_at_end(b.append_basic_block())
            choice.add_case(_I64(code), b.block)
            written()
            b.branch(done)
        b.position_at_end(done)

    def _copy(self, to: ir.Value, start: ir.Value, size: ir.Value) -> None:
        """Copy bytes."""
        b = self.b
        b.call(self.copy_bytes, [b.inttoptr(to, _BYTE), b.inttoptr(start, _BYTE), size, _I1(0)])
