# SPDX-License-Identifier: EUPL-1.2
"""The machine code around the hashing in `lanes`: rows are put together from their columns, sixteen at a
time, and hashed before they leave the nearest cache; the tree over whole tiles is hashed tile by tile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from llvmlite import ir

from rekenschap.ledger.rows.code.agreed import LANES, LOOKUP, TURNED

ROWS, TILES = "rows_in_lanes", "tiles_in_lanes"
_STEP_SIZE = 5  # what to do, address, bytes from row to row, place in the line, address of a table
_I1, _I8, _I32, _I64 = (ir.IntType(bits) for bits in (1, 8, 32, 64))
_TILE, _HASH = 256, 32


def add_rows(module: ir.Module, hashed: ir.Function) -> None:
    """Write void rows_in_lanes(steps, how many, count, lines, width, offsets, tails, bounds, picks, found).

    `lines` are sixteen, with in them what is the same in all rows; `offsets` says where they begin and end.
    """
    byte, far, near = _I8.as_pointer(), _I64.as_pointer(), _I32.as_pointer()
    kind = ir.FunctionType(ir.VoidType(), [far, _I64, _I64, byte, _I64, far, byte, far, near, byte])
    function = ir.Function(module, kind, ROWS)
    steps, many, count, lines, width, offsets, tails, bounds, picks, found = function.args
    b = ir.IRBuilder(function.append_basic_block("entry"))
    with _counting(b, count, LANES) as first:
        left = b.sub(count, first)
        left = b.select(b.icmp_signed("<", left, _I64(LANES)), left, _I64(LANES))
        with _counting(b, many) as number:
            place = b.gep(steps, [b.mul(number, _I64(_STEP_SIZE))])
            numbers = [b.load(b.gep(place, [_I64(at)])) for at in range(_STEP_SIZE)]
            _Step(b, numbers, first, left, lines, width).write()
        out = b.gep(found, [b.mul(first, _I64(_HASH))])
        b.call(hashed, [lines, offsets, tails, bounds, b.gep(picks, [first]), _I64(LANES), _I32(-1), out])
    b.ret_void()


def add_tiles(module: ir.Module, hashed: ir.Function) -> None:
    """Write void tiles_in_lanes(entries, tiles, singles, pairs, bounds, picks, leaves, work, spare, roots).

    `singles` and `pairs` are the offsets of messages of 32 and of 64 bytes.
    The fifth level below a root, of 16 nodes in each tile, is gathered in `work`; from there all tiles go up
    together, so that no lane is idle.
    """
    byte, far, near = _I8.as_pointer(), _I64.as_pointer(), _I32.as_pointer()
    kind = ir.FunctionType(ir.VoidType(), [byte, _I64, far, far, far, near, byte, byte, byte, byte])
    function = ir.Function(module, kind, TILES)
    entries, tiles, singles, pairs, bounds, picks, leaves, work, spare, roots = function.args
    b = ir.IRBuilder(function.append_basic_block("entry"))

    def _level(source: ir.Value, count: ir.Value, lead: int, out: ir.Value) -> ir.Value:
        offsets = pairs if lead else singles
        b.call(hashed, [source, offsets, source, bounds, picks, count, _I32(lead), out])
        return out

    with _counting(b, tiles) as tile:
        whole = b.mul(tile, _I64(_TILE * _HASH))
        nodes = _level(b.gep(entries, [whole]), _I64(_TILE), 0, b.gep(leaves, [whole]))
        nodes = _level(nodes, _I64(128), 1, spare)
        nodes = _level(nodes, _I64(64), 1, b.gep(spare, [_I64(128 * _HASH)]))
        nodes = _level(nodes, _I64(32), 1, spare)
        _level(nodes, _I64(LANES), 1, b.gep(work, [b.mul(tile, _I64(LANES * _HASH))]))
    _level(work, b.mul(tiles, _I64(8)), 1, spare)
    _level(spare, b.mul(tiles, _I64(4)), 1, work)
    _level(work, b.mul(tiles, _I64(2)), 1, spare)
    _level(spare, tiles, 1, roots)
    b.ret_void()


@contextmanager
def _counting(b: ir.IRBuilder, until: ir.Value, step: int = 1) -> Iterator[ir.Value]:
    """Write a loop from 0 that is gone through at least once."""
    entry, body, done = b.block, b.append_basic_block(), b.append_basic_block()
    b.branch(body)
    b.position_at_end(body)
    at = b.phi(_I64)
    at.add_incoming(_I64(0), entry)
    yield at
    following = b.add(at, _I64(step))
    at.add_incoming(following, b.block)
    b.cbranch(b.icmp_signed("<", following, until), body, done)
    b.position_at_end(done)


@dataclass(slots=True)
class _Step:
    """One value put into each of up to sixteen lines."""

    b: ir.IRBuilder
    numbers: Sequence[ir.Value]
    first: ir.Value
    left: ir.Value
    lines: ir.Value
    width: ir.Value

    def write(self) -> None:
        """Write a choice between the kinds of step, each with its own loop over the rows."""
        b, done = self.b, self.b.append_basic_block()
        code = self.numbers[0]
        unknown = b.append_basic_block()
        choice = b.switch(code, unknown)
        b.position_at_end(unknown)
        b.branch(done)
        for each in (1, 4, 8, 16, TURNED + 4, TURNED + 8, LOOKUP + 4):
            b.position_at_end(b.append_basic_block())
            choice.add_case(_I64(each), b.block)
            self._copies(each)
            b.branch(done)
        b.position_at_end(done)

    def _copies(self, code: int) -> None:
        b, (_, address, stride, place, table) = self.b, self.numbers
        kind = ir.IntType(8 * (code % 100))
        start = b.add(address, b.mul(stride, self.first))
        with _counting(b, self.left) as row:
            where = b.add(start, b.mul(stride, row))
            if LOOKUP < code < TURNED:
                pick = b.load(b.inttoptr(where, _I32.as_pointer()), align=1)
                where = b.add(table, b.mul(b.zext(pick, _I64), _I64(code - LOOKUP)))
            value = b.load(b.inttoptr(where, kind.as_pointer()), align=1)
            if code > TURNED:
                value = b.bswap(value)
            line = b.gep(self.lines, [b.add(place, b.mul(self.width, row))])
            b.store(value, b.bitcast(line, kind.as_pointer()), align=1)
