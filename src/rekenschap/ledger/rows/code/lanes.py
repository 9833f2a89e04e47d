# SPDX-License-Identifier: EUPL-1.2
"""The machine code behind `lanes`, written instruction by instruction for LLVM (`llvmlite`, extra `fast`).

Follows FIPS 180-4 step by step; each word of the standard is a vector here, with one message in each lane.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

from llvmlite import binding, ir

from rekenschap.ledger.rows.code.agreed import LANES
from rekenschap.ledger.rows.code.lines import add_rows, add_tiles

NEEDED = ("avx512f", "avx512bw")
"""What a processor must have: registers of 512 bits, and reading some bytes of one only"""
NAME = "sha256_in_lanes"
_BLOCK, _ROUNDS, _AT_ONCE = 64, 64, 16
_I1, _I8, _I32, _I64 = (ir.IntType(bits) for bits in (1, 8, 32, 64))
_WORDS, _BYTES, _MASK = ir.VectorType(_I32, LANES), ir.VectorType(_I8, _BLOCK), ir.VectorType(_I1, _BLOCK)
_IOTA = ir.Constant(_BYTES, list(range(_BLOCK)))


def machine_code() -> binding.ExecutionEngine | None:
    """Make it for this processor, ready to be called as NAME, ROWS and TILES; None when it cannot."""
    features = binding.get_host_cpu_features()
    if not all(features.get(each) for each in NEEDED):
        return None
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    module = binding.parse_assembly(str(_Writer.module()))
    module.verify()
    machine = binding.Target.from_default_triple().create_target_machine(
        cpu=binding.get_host_cpu_name(), features=f"{features.flatten()},-prefer-256-bit", opt=2
    )
    engine = binding.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    return engine


def _roots(count: int, power: int) -> list[int]:
    """Give 32 bits behind the point of the square or cube roots of the first primes (FIPS 180-4, 4.2.2)."""
    primes = [n for n in range(2, 312) if all(n % d for d in range(2, isqrt(n) + 1))]
    return [_root(prime << 32 * power, power) & 0xFFFFFFFF for prime in primes[:count]]


def _root(number: int, power: int) -> int:
    found = 0
    for bit in reversed(range(40)):
        if (found | 1 << bit) ** power <= number:
            found |= 1 << bit
    return found


def _constants(module: ir.Module) -> ir.GlobalVariable:
    kind = ir.ArrayType(_I32, _ROUNDS)
    found = ir.GlobalVariable(module, kind, "constants")
    found.global_constant, found.linkage = True, "internal"
    found.initializer = ir.Constant(kind, _roots(_ROUNDS, 3))
    return found


def _all(kind: ir.VectorType, value: int) -> ir.Constant:
    return ir.Constant(kind, [value] * kind.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """Where a message is: `front` bytes from `start` on, byte n of the `whole` behind these at `tail` + n."""

    start: ir.Value
    tail: ir.Value
    front: ir.Value
    whole: ir.Value


@dataclass(slots=True)
class _Writer:
    """Writes the function, instruction by instruction, in the language of LLVM."""

    b: ir.IRBuilder
    turn: ir.Function
    swap: ir.Function
    load: ir.Function
    most: ir.Function
    constants: ir.GlobalVariable

    @classmethod
    def module(cls) -> ir.Module:
        """Write void sha256_in_lanes(messages, offsets, tails, bounds, picks, count, lead, found)."""
        module = ir.Module(NAME)
        module.triple = binding.get_process_triple()
        byte, far = _I8.as_pointer(), _I64.as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [byte, far, byte, far, _I32.as_pointer(), _I64, _I32, byte])
        function = ir.Function(module, kind, NAME)

        def known(name: str, result: ir.Type, *given: ir.Type) -> ir.Function:
            return ir.Function(module, ir.FunctionType(result, given), name)

        writer = cls(
            b=ir.IRBuilder(function.append_basic_block("entry")),
            turn=known("llvm.fshl.v16i32", _WORDS, _WORDS, _WORDS, _WORDS),
            swap=known("llvm.bswap.v16i32", _WORDS, _WORDS),
            load=known("llvm.masked.load.v64i8.p0", _BYTES, _BYTES.as_pointer(), _I32, _MASK, _BYTES),
            most=known("llvm.vector.reduce.umax.v16i32", _I32, _WORDS),
            constants=_constants(module),
        )
        writer.write(function)
        add_rows(module, function)
        add_tiles(module, function)
        return module

    def write(self, function: ir.Function) -> None:
        """Write two loops: over groups of sixteen messages, and in each over the blocks of the longest."""
        b, (*sources, count, lead, found) = self.b, function.args
        group, block, done, end = map(function.append_basic_block, ("group", "block", "done", "end"))
        # 1. What is the same for all: whether a byte stands before each message.
        skip = b.zext(b.icmp_signed(">=", lead, _I32(0)), _I64)
        leading = b.select(b.trunc(skip, _I1), b.trunc(lead, _I8), _I8(0))
        before = b.insert_element(_all(_BYTES, 0), leading, _I32(0))
        entry = b.block
        b.branch(group)
        # 2. A group: where its messages begin, how long they are, how many blocks that makes.
        b.position_at_end(group)
        first = b.phi(_I64)
        first.add_incoming(_I64(0), entry)
        parts = [self._places(sources, b.add(first, _I64(lane)), skip) for lane in range(LANES)]
        long = self._joined([part.whole for part in parts])
        blocks = b.lshr(b.add(long, _all(_WORDS, _BLOCK + 8)), _all(_WORDS, 6))  # 1 bit, and 8 for the length
        longest = b.call(self.most, [blocks])
        b.branch(block)
        # 3. A block of each message. What has no block left keeps its state.
        b.position_at_end(block)
        number, state = b.phi(_I32), [b.phi(_WORDS) for _ in range(8)]
        number.add_incoming(_I32(0), group)
        for each, root in zip(state, _roots(8, 2), strict=True):
            each.add_incoming(_all(_WORDS, root), group)
        words = self._words(parts, number, (skip, before))
        numbers = self._spread(number, _WORDS)
        is_last = b.icmp_unsigned("==", b.add(numbers, _all(_WORDS, 1)), blocks)
        words[14] = b.select(is_last, b.lshr(long, _all(_WORDS, 29)), words[14])
        words[15] = b.select(is_last, b.shl(long, _all(_WORDS, 3)), words[15])
        is_there = b.icmp_unsigned("<", numbers, blocks)
        after = [
            b.select(is_there, b.add(old, new), old)
            for old, new in zip(state, self._all_rounds(state, words), strict=True)
        ]
        following = b.add(number, _I32(1))
        number.add_incoming(following, b.block)
        for each, new in zip(state, after, strict=True):
            each.add_incoming(new, b.block)
        b.cbranch(b.icmp_unsigned("<", following, longest), block, done)
        # 4. The hashes of the group.
        b.position_at_end(done)
        self._store(after, found, first)
        coming = b.add(first, _I64(LANES))
        first.add_incoming(coming, done)
        b.cbranch(b.icmp_unsigned("<", coming, count), group, end)
        b.position_at_end(end)
        b.ret_void()

    def _places(self, sources: Sequence[ir.Value], at: ir.Value, skip: ir.Value) -> _Parts:
        """Say where both parts of a message are, and their lengths; a leading byte counts with the first."""
        b, (messages, offsets, tails, bounds, picks) = self.b, sources
        start, stop = (b.load(b.gep(offsets, [each])) for each in (at, b.add(at, _I64(1))))
        pick = b.zext(b.load(b.gep(picks, [at])), _I64)
        bound, end = (b.load(b.gep(bounds, [each])) for each in (pick, b.add(pick, _I64(1))))
        front = b.add(b.sub(stop, start), skip)
        return _Parts(
            start=b.gep(messages, [b.sub(start, skip)]),
            tail=b.gep(tails, [b.sub(bound, front)]),
            front=b.trunc(front, _I32),
            whole=b.trunc(b.add(front, b.sub(end, bound)), _I32),
        )

    def _words(
        self, parts: Sequence[_Parts], number: ir.Value, before: tuple[ir.Value, ir.Value]
    ) -> list[ir.Value]:
        """Read 64 bytes of each message, ended by a one bit, and give its words lane by lane."""
        b, (skip, lead) = self.b, before
        at = b.shl(number, _I32(6))
        is_first = b.icmp_signed("==", number, _I32(0))
        skipped = self._spread(b.select(is_first, b.trunc(skip, _I8), _I8(0)), _BYTES)
        inside = b.icmp_unsigned(">=", _IOTA, skipped)
        added = b.select(self._spread(is_first, _MASK), lead, _all(_BYTES, 0))
        rows = []
        for part in parts:
            fronts, wholes = self._left(part.front, at), self._left(part.whole, at)
            in_front = b.icmp_signed("<", _IOTA, self._spread(fronts, _BYTES))
            ends = self._spread(wholes, _BYTES)
            in_tail = b.and_(b.not_(in_front), b.icmp_signed("<", _IOTA, ends))
            row = self._loaded(part.start, at, b.and_(in_front, inside), added)
            # A place of which no byte is read may be no memory at all, and reading nothing there is slow.
            tail = b.select(b.icmp_signed("<", fronts, wholes), part.tail, part.start)
            row = self._loaded(tail, at, in_tail, row)
            one = b.select(b.icmp_signed("==", _IOTA, ends), _all(_BYTES, 0x80), _all(_BYTES, 0))
            rows.append(b.bitcast(b.or_(row, one), _WORDS))
        return [b.call(self.swap, [word]) for word in self._turned_over(rows)]

    def _left(self, length: ir.Value, at: ir.Value) -> ir.Value:
        """Give how many bytes are left, up to 64; -1 when the one bit stood in an earlier block."""
        left = self.b.sub(length, at)
        left = self.b.select(self.b.icmp_signed(">", left, _I32(_BLOCK)), _I32(_BLOCK), left)
        left = self.b.select(self.b.icmp_signed("<", left, _I32(-1)), _I32(-1), left)
        return self.b.trunc(left, _I8)

    def _loaded(self, start: ir.Value, at: ir.Value, mask: ir.Value, otherwise: ir.Value) -> ir.Value:
        place = self.b.bitcast(self.b.gep(start, [self.b.zext(at, _I64)]), _BYTES.as_pointer())
        return self.b.call(self.load, [place, _I32(1), mask, otherwise])

    def _all_rounds(self, state: Sequence[ir.Value], words: list[ir.Value]) -> list[ir.Value]:
        """Write the 64 rounds of FIPS 180-4, 6.2.2: sixteen, and a loop of three times sixteen more."""
        b = self.b
        before = self._rounds(state, words, _I32(0))
        entry, more, done = b.block, b.append_basic_block("more"), b.append_basic_block("hashed")
        b.branch(more)
        b.position_at_end(more)
        turn, values = b.phi(_I32), [b.phi(_WORDS) for _ in (*before, *words)]
        turn.add_incoming(_I32(_AT_ONCE), entry)
        for each, value in zip(values, (*before, *words), strict=True):
            each.add_incoming(value, entry)
        given = list[ir.Value](values[8:])
        after = self._rounds(values[:8], given, turn, follow=True)
        following = b.add(turn, _I32(_AT_ONCE))
        turn.add_incoming(following, more)
        for each, value in zip(values, (*after, *given), strict=True):
            each.add_incoming(value, more)
        b.cbranch(b.icmp_unsigned("<", following, _I32(_ROUNDS)), more, done)
        b.position_at_end(done)
        return after

    def _rounds(
        self, state: Sequence[ir.Value], words: list[ir.Value], first: ir.Value, *, follow: bool = False
    ) -> list[ir.Value]:
        """Write sixteen rounds, of which the first has number `first`.

        To `follow` is to replace each word by the one sixteen further on (6.2.2, 1) before its round.
        """
        b, both, v = self.b, self.b.and_, list(state)
        for at in range(_AT_ONCE):
            if follow:
                early, late = words[(at + 1) % 16], words[(at + 14) % 16]
                low = self._xor(self._mixed(early, 7, 18), b.lshr(early, _all(_WORDS, 3)))
                high = self._xor(self._mixed(late, 17, 19), b.lshr(late, _all(_WORDS, 10)))
                words[at] = self._sum(words[at], words[(at + 9) % 16], low, high)
            constant = b.load(b.gep(self.constants, [_I32(0), b.add(first, _I32(at))]))
            a, second, c, d, e, f, g, h = v
            chosen = b.xor(g, both(e, b.xor(f, g)))
            added = self._sum(self._spread(constant, _WORDS), words[at])
            t1 = self._sum(h, self._mixed(e, 6, 11, 25), chosen, added)
            majority = b.or_(both(a, second), both(c, b.or_(a, second)))
            t2 = b.add(self._mixed(a, 2, 13, 22), majority)
            v = [b.add(t1, t2), a, second, c, b.add(d, t1), e, f, g]
        return v

    def _store(self, state: Sequence[ir.Value], found: ir.Value, first: ir.Value) -> None:
        b, half = self.b, ir.VectorType(_I32, 8)
        words = [b.call(self.swap, [each]) for each in state]
        hashes = self._turned_over([*words, *[_all(_WORDS, 0)] * 8])
        for lane, each in enumerate(hashes):
            place = b.gep(found, [b.shl(b.add(first, _I64(lane)), _I64(5))])
            front = b.shuffle_vector(each, each, ir.Constant(ir.VectorType(_I32, 8), list(range(8))))
            b.store(front, b.bitcast(place, half.as_pointer()), align=1)

    def _turned_over(self, rows: Sequence[ir.Value]) -> list[ir.Value]:
        """Turn sixteen rows of sixteen words into columns: halves change places, then quarters, and so on."""
        rows = list(rows)
        for step in (8, 4, 2, 1):
            low = [lane if not lane & step else LANES + lane - step for lane in range(LANES)]
            high = [lane + step if not lane & step else LANES + lane for lane in range(LANES)]
            for upper in (each for each in range(LANES) if not each & step):
                pair = rows[upper], rows[upper + step]
                rows[upper] = self.b.shuffle_vector(*pair, ir.Constant(_WORDS, low))
                rows[upper + step] = self.b.shuffle_vector(*pair, ir.Constant(_WORDS, high))
        return rows

    def _joined(self, values: Sequence[ir.Value]) -> ir.Value:
        joined = _all(_WORDS, 0)
        for lane, value in enumerate(values):
            joined = self.b.insert_element(joined, value, _I32(lane))
        return joined

    def _spread(self, value: ir.Value, kind: ir.VectorType) -> ir.Value:
        """Put one value in all places of a vector."""
        one = self.b.insert_element(_all(kind, 0), value, _I32(0))
        return self.b.shuffle_vector(one, one, _all(ir.VectorType(_I32, kind.count), 0))

    def _mixed(self, value: ir.Value, *turns: int) -> ir.Value:
        """Turn a value to the right by several numbers of bits, and take the exclusive or of these."""
        return self._xor(*(self.b.call(self.turn, [value, value, _all(_WORDS, 32 - n)]) for n in turns))

    def _xor(self, first: ir.Value, *others: ir.Value) -> ir.Value:
        for each in others:
            first = self.b.xor(first, each)
        return first

    def _sum(self, first: ir.Value, *others: ir.Value) -> ir.Value:
        for each in others:
            first = self.b.add(first, each)
        return first
